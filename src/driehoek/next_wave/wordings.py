"""Questions whose words in an export are not those of the instrument."""

import html
import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from pathlib import Path

import pandas as pd
import pyreadstat

from driehoek.ingest.headings import plain
from driehoek.ingest.layout import Layout
from driehoek.ingest.tables import RawTable
from driehoek.instrument.questions import Questionnaire

COLUMNS = ["question", "column", "instrument", "file", "likeness"]
SPSS_LABEL = 250  # SPSS keeps 256 bytes of a label; what a platform cuts off says nothing
_TAG = re.compile(r"<[^>]+>")


def worded_columns(path: Path, table: RawTable, layout: Layout) -> dict[str, str]:
    """Give the words of the question by heading, where the file holds them.

    Qualtrics writes them in the second row, SPSS and Stata files as labels of variables.
    Other exports with codes as headings hold no words.
    """
    if layout.platform == "qualtrics":
        first = table.cells.iloc[0]
        return {str(heading): str(first[heading]) for heading in table.cells.columns}
    if table.source in {"spss", "stata"}:
        read = pyreadstat.read_sav if table.source == "spss" else pyreadstat.read_dta
        _, meta = read(str(path), metadataonly=True)
        return {name: label or "" for name, label in meta.column_names_to_labels.items()}
    return {}


def reworded(
    words: Mapping[str, str], headings: Mapping[str, str], form: Questionnaire
) -> pd.DataFrame:
    """Find the questions whose words in the file are none of the instrument's.

    Parameters
    ----------
    words : mapping
        Words by heading.
    headings : mapping
        Heading by question id.
    form : Questionnaire

    Returns
    -------
    pandas.DataFrame
        ``question, column, instrument, file, likeness``: the nearest wording of the
        instrument, the file's, and how alike they are (0 to 1, Ratcliff and Obershelp).
        Questions whose words the file does not give, or whose text is not ours, are left out.
    """
    records = []
    for qid, heading in headings.items():
        said = _clean(words.get(heading, ""))
        question = form.questions.get(qid)
        own = [] if question is None else [*question.text.values(), *question.label.values()]
        known = [_clean(text) for text in own if text]
        if not said or not known or plain(said) == plain(qid) or _is_one_of(said, known):
            continue
        nearest = max(known, key=lambda text: likeness(said, text))
        records.append((qid, heading, nearest, said, likeness(said, nearest)))
    return pd.DataFrame(records, columns=COLUMNS)


def likeness(a: str, b: str) -> float:
    """Give how alike two texts are, from 0 to 1, without regard to capitals and blanks."""
    return SequenceMatcher(None, plain(a), plain(b)).ratio()


def _clean(text: str) -> str:
    return _TAG.sub(" ", html.unescape(text)).strip()


def _is_one_of(said: str, known: Iterable[str]) -> bool:
    """Tell whether words end as, or are, a known wording; a grid's stem may come before it."""
    short = plain(said)
    return any(
        short == plain(text)
        or short.endswith(plain(text))
        or (len(said.encode()) >= SPSS_LABEL and plain(text).startswith(short))
        for text in known
    )
