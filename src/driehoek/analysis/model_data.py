"""What every kind of model shares: its data, its names, and how its rows are written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from driehoek.analysis.forms import model_variables, with_forms
from driehoek.analysis.frames import model_frame
from driehoek.analysis.names import TIME, WAVE, Variable, resolve
from driehoek.analysis.rows import Row
from driehoek.analysis.shared import Sharing, sharing
from driehoek.disclosure import rare_together
from driehoek.models.terms import parse_blocks
from driehoek.plan.regression import Persons
from driehoek.study import Study


@dataclass(frozen=True)
class ModelData:
    """The linked data of a study, for all its models.

    Attributes
    ----------
    long, triads : pandas.DataFrame
        One row per person and wave, and one per triad and wave.
    study : Study
    """

    long: pd.DataFrame
    triads: pd.DataFrame
    study: Study

    @cached_property
    def known(self) -> dict[str, Variable]:
        """Every variable that a plan may name."""
        return model_variables(self.study.settings, self.study.questionnaire)

    @property
    def confidence(self) -> float:
        """Level of every interval."""
        return self.study.settings.plan.confidence

    def resolve(self, names: Iterable[str]) -> list[Variable]:
        """Look names up, in order."""
        return [resolve(name, self.known) for name in names]

    def resolve_blocks(
        self, blocks: Iterable[Iterable[str]]
    ) -> tuple[list[list[str]], list[Variable]]:
        """Give the terms of each block with full names, and the variables used."""
        used: list[Variable] = []
        written: list[list[str]] = []
        for block in parse_blocks([list(block) for block in blocks], known=list(self.known)):
            terms = []
            for term in block:
                factors = [(resolve(f.name, self.known), f.power) for f in term.factors]
                used += [variable for variable, _ in factors]
                terms.append(":".join(v.name + (f"^{p}" if p > 1 else "") for v, p in factors))
            written.append(terms)
        return written, list(dict.fromkeys(used))

    def rows(self, used: Iterable[Variable], *, persons: Persons, wave: str | None) -> pd.DataFrame:
        """Lay out the rows of a model (`model_frame`), choices as option codes.

        Parameters
        ----------
        used : iterable of Variable
            The outcome first.
        persons : {"primary", "all"}
        wave : str or None
            None: every wave.

        Returns
        -------
        pandas.DataFrame
            As `model_frame`, and ``cluster``: the triad, or those that a shared person ties to it.
        """
        named = list(dict.fromkeys(used))
        variables = [each for each in named if each.role]
        long, triads, columns = with_forms(
            self.long, self.triads, variables, self.known, self.study.wave_names
        )
        rows = model_frame(long, triads, columns, persons=persons, wave=wave)
        if TIME in named:
            rows = rows.assign(time=rows["wave"].map(self.study.settings.years))
        changed = {v.name: rows[v.name].map(self._codes[v.column]) for v in variables if v.levels}
        tied = [self.sharing.clusters.get(triad, triad) for triad in rows["triad"]]
        return rows.assign(**changed, cluster=tied)

    def sharing_notes(self, *, is_clustered: bool) -> list[str]:
        """Say what a model does about persons who stand in several triads."""
        fewest = self.study.settings.disclosure.min_cell
        return self.sharing.notes(is_clustered=is_clustered, fewest=fewest)

    def told(self, n: int) -> str:
        """Give a number of persons or triads as a note may tell it."""
        fewest = self.study.settings.disclosure.min_cell
        return str(n) if n >= fewest else f"fewer than {fewest}"

    @cached_property
    def sharing(self) -> Sharing:
        """Persons who stand in several triads, and the triads that they tie together."""
        return sharing(self.long)

    def codes_of(self, values: pd.Series, column: str) -> pd.Series:
        """Give the option codes behind the values of a choice; missing where it was."""
        return values.map(self._codes[column])

    def levels(self, used: Iterable[Variable]) -> dict[str, list[str]]:
        """Give the option codes of each choice among the variables, and the waves, in order."""
        variables = list(used)
        found = {each.name: list(each.levels) for each in variables if each.levels}
        return found | ({"wave": self.study.wave_names} if WAVE in variables else {})

    @cached_property
    def _codes(self) -> Mapping[str, Mapping[float, str]]:
        codes = {
            qid: {value: code for code, value in question.values.items()}
            for qid, question in self.study.questionnaire.questions.items()
            if question.item is None
        }
        for name, each in self.study.settings.derive.items():
            codes[name] = {float(place): level for place, level in enumerate(each.levels)}
        return codes


def records(table: pd.DataFrame) -> list[Row]:
    """Give the rows of a statistics table one by one."""
    return [{str(name): value for name, value in each.items()} for each in table.to_dict("records")]


def around(
    data: ModelData, *, n: int, n_excluded: int, excluded: pd.DataFrame, notes: Iterable[str]
) -> list[Row]:
    """Give the rows left out by reason, rare reasons together, and what a reader must know."""
    patterns = zip(excluded["reason"], excluded["n"], strict=True)
    reasons = rare_together(patterns, data.study.settings.disclosure.min_cell)
    common: Row = {"n": n, "n_excluded": n_excluded}
    left_out: list[Row] = [
        {**common, "statistic": "excluded", "term": reason, "estimate": count, "method": "count"}
        for reason, count in reasons.items()
    ]
    said: list[Row] = [
        {**common, "statistic": "note", "term": str(place), "method": "note", "reason": note}
        for place, note in enumerate(notes, 1)
    ]
    return [*left_out, *said]
