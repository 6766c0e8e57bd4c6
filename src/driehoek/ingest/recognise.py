"""Which program wrote a file: said by the file itself, with the reason; never guessed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from driehoek.ingest.excel import read_excel
from driehoek.ingest.forms import (
    google_layout,
    is_google_forms,
    is_microsoft_forms,
    microsoft_layout,
)
from driehoek.ingest.jsonfile import ENDINGS, read_json
from driehoek.ingest.kobo import has_label_headings as has_worded_headings
from driehoek.ingest.kobo import is_kobo, is_odk, kobo_layout, odk_layout
from driehoek.ingest.layout import Layout
from driehoek.ingest.limesurvey import has_joined_headings, is_limesurvey, limesurvey_layout
from driehoek.ingest.plain import plain_layout
from driehoek.ingest.qualtrics import heading_rows, qualtrics_layout
from driehoek.ingest.redcap import is_redcap, redcap_layout
from driehoek.ingest.spss import read_spss
from driehoek.ingest.spss_child import STATA_MAGIC
from driehoek.ingest.tables import RawTable, Source, read_delimited
from driehoek.platforms import Platform
from driehoek.problems import AnswersError, Problem, did_you_mean, name_of
from driehoek.study_file import Export

log = logging.getLogger(__name__)

_SPSS_MAGIC = (b"$FL2", b"$FL3")
_ZIP_MAGIC = b"PK\x03\x04"
PLAIN: dict[Source, tuple[Platform, str]] = {
    "text": ("csv", "it is a text file without signs of another platform"),
    "excel": ("excel", "it is a workbook without signs of another platform"),
    "spss": ("spss", "it is an SPSS file"),
    "stata": ("stata", "it is a Stata file"),
    "web": ("web", "its records are those of our own web page"),
}


MAX_BYTES = 2_000_000_000
# Platforms whose text files end with a line end; one without it was cut off.
ENDED = frozenset(["limesurvey", "qualtrics", "redcap", "odk"])
OLD_FORMATS = {
    b"\xd0\xcf\x11\xe0": ("an Excel file of before 2007 (.xls)", "save it as .xlsx or CSV UTF-8"),
    b"PAR1": ("a Parquet file", "give the file that the platform wrote"),
}


def _refuse_old_formats(path: Path, magic: bytes, file: str) -> None:
    found, mend = OLD_FORMATS.get(magic, ("", ""))
    if not found and magic[:1] in {b"\x71", b"\x72", b"\x73"} and path.suffix.lower() == ".dta":
        found, mend = "a Stata file of before version 13", "save it with saveold as version 13"
    if found:
        expected = "CSV, .xlsx, .sav or .dta"
        raise AnswersError([Problem(file, found, expected, mend, check="file")])


@dataclass(frozen=True, slots=True)
class _Signed:
    """A platform that signs its files: how that is seen, said and read."""

    is_seen: Callable[[RawTable], bool]
    reason: str
    lay_out: Callable[[RawTable, str], Layout]


SIGNED: dict[str, _Signed] = {
    "limesurvey": _Signed(
        is_limesurvey,
        "it has the columns submitdate, lastpage and startlanguage, or their names in words",
        limesurvey_layout,
    ),
    "qualtrics": _Signed(
        lambda table: heading_rows(table) > 0,
        "its third row holds Qualtrics' import ids, or its columns begin with V1 to V10",
        qualtrics_layout,
    ),
    "redcap": _Signed(
        is_redcap, "it has record ids, and forms with REDCap's status", redcap_layout
    ),
    "kobo": _Signed(is_kobo, "it has the columns _uuid and _submission_time", kobo_layout),
    "odk": _Signed(is_odk, "it has the columns SubmissionDate and KEY", odk_layout),
    "msforms": _Signed(
        is_microsoft_forms, "it has Microsoft Forms' columns for begin and end", microsoft_layout
    ),
    "googleforms": _Signed(
        is_google_forms, "its first column is Google Forms' time stamp", google_layout
    ),
}


def read_table(path: Path, sheet: str | None = None) -> RawTable:
    """Read any file that platforms write, by its content and not by its name.

    Raises
    ------
    AnswersError
        If the file is absent, or cannot be read.
    """
    file = name_of(path)
    if path.is_symlink():
        found, mend = "a link to another place", "name the file's own path in the study"
        raise AnswersError([Problem(file, found, "an export", mend, check="file")])
    if not path.is_file():
        near = [each.name for each in path.parent.glob("*")] if path.parent.is_dir() else []
        mend = did_you_mean(path.name, near) if near else "put the export there"
        raise AnswersError(
            [Problem(file, "there is no such file", "an export", mend, check="file")]
        )
    if (size := path.stat().st_size) > MAX_BYTES:
        found, mend = f"a file of {size / 1e9:.1f} GB", "export the answers in parts"
        expected = f"at most {MAX_BYTES / 1e9:.0f} GB"
        raise AnswersError([Problem(file, found, expected, mend, check="file")])
    with path.open("rb") as stream:
        magic = stream.read(4)
    _refuse_old_formats(path, magic, file)
    if magic in _SPSS_MAGIC:
        return read_spss(path)
    if magic == STATA_MAGIC:
        return read_spss(path, "stata")
    if magic == _ZIP_MAGIC:
        return read_excel(path, sheet)
    if path.suffix.lower() in ENDINGS:
        return read_json(path)
    return read_delimited(path)


def recognise(table: RawTable, export: Export | None = None) -> Layout:
    """Lay out a table as its platform means it.

    Parameters
    ----------
    table : RawTable
    export : Export, optional
        What the study says of the file: its platform (auto: as the file says), and the event
        and instance wanted from a REDCap project.

    Raises
    ------
    AnswersError
        If the file contradicts the study, or two platforms fit, or its form is known and
        cannot be read.
    """
    platform: str = export.platform if export else "auto"
    signs = _signs(table)
    _refuse_unreadable(table, signs)
    plain, plain_reason = PLAIN[table.source]
    if platform == "auto":
        if len(signs) > 1:
            _refuse(table, f"signs of {' and '.join(signs)}", "say platform: in the study")
        platform = signs[0] if signs else plain
        reason = SIGNED[platform].reason if signs else plain_reason
    else:
        _refuse_contradiction(table, platform, signs, plain)
        reason = "the study says so"
    _look_at_the_end(table, platform)
    if platform == "redcap":
        return redcap_layout(table, reason, export)
    if platform in SIGNED:
        return SIGNED[platform].lay_out(table, reason)
    return plain_layout(table, plain, reason)


def _signs(table: RawTable) -> list[str]:
    # An SPSS file keeps the platform's columns, but its values and labels are SPSS's.
    if table.source not in {"text", "excel"}:
        return []
    return [name for name, each in SIGNED.items() if each.is_seen(table)]


def _refuse_contradiction(
    table: RawTable, platform: str, signs: list[str], plain: Platform
) -> None:
    if platform in SIGNED and platform not in signs:
        found = f"no {platform} export with codes as headings"
        mend = f"export anew, or drop platform: {platform} from the study"
        _refuse(table, found, mend, f"a file of which holds: {SIGNED[platform].reason}")
    if platform not in SIGNED and platform != plain:
        mend = f"say platform: {plain} or auto in the study"
        _refuse(table, f"a {plain} file", mend, f"a {platform} file")


def _refuse_unreadable(table: RawTable, signs: list[str]) -> None:
    if not signs and has_joined_headings(table):
        _refuse(
            table,
            "a LimeSurvey export whose headings run code and text together",
            "export again with headings: question code, and answers: answer codes",
            "question codes as headings",
        )
    if {"kobo", "odk"} & {*signs} and has_worded_headings(table):
        _refuse(
            table,
            "a KoBo or ODK export with question texts as headings",
            "export again with XML values and headers",
            "XML names as headings",
        )
    if "qualtrics" in signs and len(table.cells) <= heading_rows(table):
        _refuse(
            table,
            "rows of headings without any answers",
            "if nobody answered, take the export out of the study",
            "answers below",
        )


def _look_at_the_end(table: RawTable, platform: str) -> None:
    if table.is_open and platform in ENDED:
        _refuse(
            table,
            f"a last row (row {table.rows[-1]}) without a line end, which {platform} always writes",
            "export it again: the end of the file is missing",
            "a whole file",
        )
    if table.is_open:
        log.warning("%s: the last row has no line end: see whether it was cut off", table.file)


def _refuse(table: RawTable, found: str, mend: str, expected: str = "one platform") -> None:
    raise AnswersError([Problem(table.file, found, expected, mend, row=1, check="platform")])
