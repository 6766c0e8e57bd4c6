"""Codes to hand out: a triad code, and a person code for each person in the triad."""

import pandas as pd

from driehoek.ingest.identity import normalise_code
from driehoek.instrument.check_digit import check_digit, has_check_digit
from driehoek.study import Study

TRIAD_CODE, PERSON_CODE = "triad_code", "person_code"


def codes_to_hand_out(study: Study, *, triads: int, persons: int = 1) -> pd.DataFrame:
    """Give codes for a planned study, with check digits where its instrument has them.

    Parameters
    ----------
    study : Study
    triads : int
    persons : int
        In each role of a triad.

    Returns
    -------
    pandas.DataFrame
        A row for each person: ``triad_code``, ``role`` and, where the study links persons,
        ``person_code``.
    """
    roles = study.questionnaire.instrument.roles
    seats = [
        (f"T{triad:04d}", role, f"T{triad:04d}-{each.letter.upper()}{place}")
        for triad in range(1, triads + 1)
        for role, each in roles.items()
        for place in range(1, persons + 1)
    ]
    table = pd.DataFrame(seats, columns=[TRIAD_CODE, "role", PERSON_CODE])
    if study.settings.linkage.person is None:
        table = table.drop(columns=PERSON_CODE).drop_duplicates(ignore_index=True)
    return with_check_digits(table, study)


def with_check_digits(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Add check digits to ``triad_code`` and ``person_code``, where the instrument has them."""
    linkage, instrument = study.settings.linkage, study.questionnaire.instrument
    asked = {TRIAD_CODE: linkage.triad, PERSON_CODE: linkage.person}
    wanted = [name for name, qid in asked.items() if has_check_digit(instrument, qid)]
    return table.assign(**{name: _checked(table[name]) for name in wanted})


def _checked(codes: pd.Series) -> pd.Series:
    return codes.map({code: code + check_digit(normalise_code(code)) for code in codes.unique()})
