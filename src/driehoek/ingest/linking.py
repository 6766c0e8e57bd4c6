"""Who a response is of: pseudonyms of its codes, and a report on codes that look wrong."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from driehoek.ingest.check_digits import wrong_check_digits
from driehoek.ingest.columns import Columns
from driehoek.ingest.identity import normalised, pseudonyms
from driehoek.ingest.layout import Layout
from driehoek.ingest.near import COLUMNS, near_matches, under_one_invitation
from driehoek.ingest.values import texts_of
from driehoek.instrument.check_digit import has_check_digit
from driehoek.instrument.model import Instrument
from driehoek.study_file import Linkage

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Linked:
    """The ties of each response, in the order of the rows.

    Attributes
    ----------
    triad, person, invitation : pandas.Series of str
        Pseudonyms; empty where there is no code. The invitation is the platform's own code of
        who was asked, such as LimeSurvey's token.
    triad_bare, person_bare : pandas.Series of str
        Pseudonyms of the codes without zeros at the front: the same, where there are none. Empty
        for persons without codes of their own.
    suspects : pandas.DataFrame
        Raw codes that may be mistyped (`driehoek.ingest.near`). Stays beside the raw data.
    codes : pandas.DataFrame
        ``kind`` (triad or person) and ``code``, normalised: every one that was given. Stays
        beside the raw data.
    """

    triad: pd.Series
    person: pd.Series
    invitation: pd.Series
    triad_bare: pd.Series
    person_bare: pd.Series
    suspects: pd.DataFrame
    codes: pd.DataFrame


def linked(
    layout: Layout,
    columns: Columns,
    linkage: Linkage,
    instrument: Instrument,
    role: np.ndarray,
    key: bytes,
) -> Linked:
    """Give the pseudonyms of an export, and the codes that look wrong.

    Without person codes the person is the triad code with the role.
    """
    n = len(layout.rows)
    invitation = texts_of(layout.cells, layout.invitation or None, n).str.strip()
    raw = {"triad": texts_of(layout.cells, columns.headings.get(linkage.triad), n)}
    if linkage.person:
        raw["person"] = texts_of(layout.cells, columns.headings.get(linkage.person), n)
    codes = {kind: normalised(each) for kind, each in raw.items()}
    reports = [*_suspects(raw, codes, invitation, role)]
    for kind in kinds_with_check_digits(linkage, instrument):
        if len(wrong := wrong_check_digits(kind, codes[kind])):
            log.warning("%d %s codes have a wrong check digit", wrong["code"].nunique(), kind)
            reports.append(wrong)
    own = codes.get("person", pd.Series("", index=codes["triad"].index, dtype="str"))
    person = own if linkage.person else _of_role(codes["triad"], role)
    return Linked(
        pseudonyms(key, "triad", codes["triad"]),
        pseudonyms(key, "person", person),
        pseudonyms(key, "invitation", invitation),
        pseudonyms(key, "triad", without_zeros(codes["triad"])),
        pseudonyms(key, "person", without_zeros(own)),
        pd.concat(reports, ignore_index=True) if reports else pd.DataFrame(columns=COLUMNS),
        _given(codes),
    )


def kinds_with_check_digits(linkage: Linkage, instrument: Instrument) -> list[str]:
    """Name the codes, triad and person, that end in a check digit."""
    asked = {"triad": linkage.triad, "person": linkage.person}
    return [kind for kind, qid in asked.items() if has_check_digit(instrument, qid)]


def without_zeros(codes: pd.Series) -> pd.Series:
    """Take the zeros off the front of codes, as Excel does; a code of zeros stays one zero."""
    bare = codes.str.lstrip("0")
    return bare.mask((bare == "") & (codes != ""), "0")


def _given(codes: dict[str, pd.Series]) -> pd.DataFrame:
    parts = [pd.DataFrame({"kind": kind, "code": code.unique()}) for kind, code in codes.items()]
    table = pd.concat(parts, ignore_index=True)
    return table[table["code"] != ""]


def _of_role(triad: pd.Series, role: np.ndarray) -> pd.Series:
    known = (triad != "").to_numpy() & (role != "")
    return (triad + ":" + pd.Series(role, dtype="str")).where(known, "")


def _suspects(
    raw: dict[str, pd.Series], codes: dict[str, pd.Series], invitation: pd.Series, role: np.ndarray
) -> Iterator[pd.DataFrame]:
    for kind in raw:
        for report in (
            near_matches(kind, raw[kind], codes[kind]),
            under_one_invitation(kind, codes[kind], invitation, role),
        ):
            if len(report):
                yield report
