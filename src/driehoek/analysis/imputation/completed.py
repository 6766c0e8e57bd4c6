"""The linked tables with the answers of one imputation filled in, scored anew."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from driehoek.analysis.imputation.needed import Needed, Presentation
from driehoek.analysis.imputation.people import KEYS
from driehoek.cleaning.derive import derived_values
from driehoek.cleaning.wide import triad_table
from driehoek.instrument.columns import score_column
from driehoek.scoring.published import PublishedKeys
from driehoek.scoring.scales import score_presentation
from driehoek.study import Study


class CompletedSets:
    """The completed data sets of a study, made one at a time.

    Parameters
    ----------
    long, missing : pandas.DataFrame
        Linked answers, and kinds of missing answers by ``response``.
    cells, lost : pandas.DataFrame
        As `driehoek.analysis.imputation.impute.Imputation` holds them.
    """

    def __init__(
        self,
        long: pd.DataFrame,
        missing: pd.DataFrame,
        cells: pd.DataFrame,
        lost: pd.DataFrame,
        *,
        need: Needed,
        study: Study,
        keys: PublishedKeys,
    ) -> None:
        self.need, self.study, self.keys = need, study, keys
        self.long = pd.concat([long, lost[KEYS]], ignore_index=True)
        row = pd.Series(np.arange(len(self.long)), index=self.long["response"])
        self.columns = list(dict.fromkeys(qid for _, qid in need.columns))
        aligned = missing.set_index("response")[self.columns].reindex(self.long["response"])
        self.kinds = aligned.astype(object).reset_index(drop=True)
        self.kinds = self.kinds.where(self.kinds.notna(), "not_shown")
        self.cells = cells.assign(row=row.loc[cells["response"]].to_numpy())
        self.by_question = {
            str(qid): table for qid, table in self.cells.groupby("question", sort=False)
        }
        for qid, table in self.by_question.items():
            self.kinds.loc[table["row"].to_numpy(), qid] = ""

    @property
    def n(self) -> int:
        """How many sets there are."""
        return sum(str(name).isdigit() for name in self.cells.columns)

    def tables(
        self, number: int, shifts: Mapping[tuple[str, str], float] | None = None
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Give the long table and the triads of one set.

        Parameters
        ----------
        number : int
            From 1.
        shifts : mapping, optional
            Points added to imputed answers, by role and question; answers that a plan withheld
            are never shifted, as chance alone left them out.
        """
        answers = {qid: self.long[qid].to_numpy(float, copy=True) for qid in self.columns}
        for qid, table in self.by_question.items():
            values = table[str(number)].to_numpy(float)
            for role in {role for role, each in (shifts or {}) if each == qid}:
                shifted = (table["role"] == role) & (table["kind"] != "planned")
                values = values + np.where(shifted, (shifts or {})[role, qid], 0.0)
            answers[qid][table["row"].to_numpy()] = values
        completed = self.long.assign(**answers)
        completed = completed.assign(**self._derived(completed))
        completed = completed.assign(**self._scores(completed))
        derived = list(self.study.settings.derive)
        return completed, triad_table(completed, self.study.questionnaire, derived)

    def _derived(self, completed: pd.DataFrame) -> dict[str, np.ndarray]:
        return {
            name: derived_values(completed, rule, self.study.questionnaire)
            for name, rule in self.study.settings.derive.items()
            if set(rule.sources) & set(self.columns)
        }

    def _scores(self, completed: pd.DataFrame) -> dict[str, np.ndarray]:
        found: dict[str, np.ndarray] = {}
        for each in self.need.presentations:
            rows = np.flatnonzero((completed["role"] == each.role).to_numpy(bool))
            for facet, values in self._scored(completed.take(rows), rows, each).items():
                name = score_column(each.scale, facet, each.about)
                if name not in found:
                    found[name] = completed[name].to_numpy(float, copy=True)
                found[name][rows] = values
        return found

    def _scored(
        self, answers: pd.DataFrame, rows: np.ndarray, each: Presentation
    ) -> dict[str, np.ndarray]:
        form = self.study.questionnaire
        scored = score_presentation(
            answers, self.kinds.take(rows), form, each.scale, (each.role, each.about), self.keys
        )
        others = [
            wave
            for wave, over in self.study.bridges.items()
            if over.scales.get(each.scale) == "different"
        ]
        hidden = answers["wave"].isin(others).to_numpy(bool)
        return {facet: np.where(hidden, np.nan, of.score) for facet, of in scored.items()}
