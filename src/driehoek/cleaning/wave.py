"""The answers of one wave, all exports together."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from driehoek.problems import AnswersError, Problem
from driehoek.responses import KIND_CATEGORIES, question_columns

ANSWERED = KIND_CATEGORIES[0]


@dataclass(frozen=True, slots=True)
class WaveTables:
    """Three tables with the same rows in the same order.

    Attributes
    ----------
    responses : pandas.DataFrame
        Keys, role, consent and the analysis value of each stored question; NaN where missing.
    missing : pandas.DataFrame
        ``response`` and the kind of missing answer of each question, "" where answered.
    paradata : pandas.DataFrame
        ``response``, times, duration and attention checks.
    """

    responses: pd.DataFrame
    missing: pd.DataFrame
    paradata: pd.DataFrame

    def rows(self, chosen: pd.Series) -> "WaveTables":
        """Give the rows chosen by a boolean series, in their order."""
        mask = chosen.to_numpy(bool)
        parts = (self.responses, self.missing, self.paradata)
        return WaveTables(*(part[mask].reset_index(drop=True) for part in parts))


def stacked(exports: Sequence[WaveTables], wave: str) -> WaveTables:
    """Put the exports of a wave under each other, in order.

    Raises
    ------
    AnswersError
        If the tables of an export do not hold the same responses, or a response stands in two.
    """
    for export in exports:
        _same_rows(export, wave)
    responses = _under_each_other([export.responses for export in exports])
    missing = _under_each_other([export.missing.astype(_kinds(export)) for export in exports])
    paradata = _under_each_other([export.paradata for export in exports])
    twice = responses.loc[responses["response"].duplicated(), "response"]
    if len(twice):
        found = f"{len(twice)} response ids stand here twice, the first {twice.iloc[0]!r}"
        raise AnswersError([Problem(f"wave {wave}", found, "an id for each raw row")])
    return WaveTables(responses, missing, paradata)


def _under_each_other(tables: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(tables, ignore_index=True)


def _kinds(export: WaveTables) -> dict[str, pd.CategoricalDtype]:
    kinds = pd.CategoricalDtype(pd.Index(KIND_CATEGORIES, dtype="str"))
    return dict.fromkeys(question_columns(export.missing), kinds)


def _same_rows(export: WaveTables, wave: str) -> None:
    ids = export.responses["response"]
    for name, table in (("missing", export.missing), ("paradata", export.paradata)):
        if not ids.equals(table["response"]):
            found = f"the {name} table of an export does not hold the rows of its responses"
            mend = "delete the results of this wave and run again"
            raise AnswersError([Problem(f"wave {wave}", found, "the same rows", mend)])
