"""Which cells are missing, which of them are filled in, and their values as numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.analysis.imputation.needed import Needed
from driehoek.plan.missing_data import ImputationPlan
from driehoek.scoring.keying import declared_range
from driehoek.scoring.published import PublishedKeys
from driehoek.study import Study

ALWAYS = ("skipped", "broke_off", "planned")
LOST, CARRIED, NOT_SHOWN = "lost", "carried", "not_shown"
STEADY = 0.95  # share of people with the same answer twice, from which a choice is taken to last


@dataclass(frozen=True, slots=True)
class Cells:
    """The answers that imputation is about.

    Attributes
    ----------
    people : pandas.DataFrame
        Rows as `driehoek.analysis.imputation.people.with_lost` gives them.
    columns : tuple of (str, str)
        Role and question.
    values : numpy.ndarray, shape (columns, rows)
        Items turned so that high means a high score; NaN where missing.
    kinds : numpy.ndarray of str, shape (columns, rows)
        "" where answered; ``not_shown`` also for other roles; ``lost`` in lost rows.
    is_wanted : numpy.ndarray of bool, shape (columns, rows)
        Cells to be filled in.
    flips : mapping of str to float
        Minimum plus maximum of the questions that were turned.
    """

    people: pd.DataFrame
    columns: tuple[tuple[str, str], ...]
    values: NDArray[np.float64]
    kinds: NDArray[np.object_]
    is_wanted: NDArray[np.bool_]
    flips: Mapping[str, float]

    def as_answered(self, column: int, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn values of a column back to how they are answered."""
        qid = self.columns[column][1]
        return self.flips[qid] - values if qid in self.flips else values


def cells_of(
    long: pd.DataFrame,
    missing: pd.DataFrame,
    people: pd.DataFrame,
    need: Needed,
    study: Study,
    keys: PublishedKeys,
) -> Cells:
    """Lay out answers and kinds of missing answers by column."""
    source, is_lost = people["last"].to_numpy(), people["is_lost"].to_numpy(bool)
    kinds_of = missing.set_index("response").loc[long["response"]]
    columns, flips = tuple(need.columns), _flips(need, study, keys)
    values = np.full((len(columns), len(people)), np.nan)
    kinds = np.full(values.shape, NOT_SHOWN, dtype=object)
    for place, (role, qid) in enumerate(columns):
        own = (people["role"] == role).to_numpy(bool)
        found = kinds_of[qid].astype(object).to_numpy()[source]
        found[is_lost & (found != NOT_SHOWN)] = LOST
        kinds[place, own] = found[own]
        given = long[qid].to_numpy(float)[source]
        given = flips[qid] - given if qid in flips else given
        answered = own & ~is_lost & (found == "")
        values[place, answered] = given[answered]
    _hide_other_measures(kinds, values, columns, people, need, study)
    return Cells(
        people, columns, values, kinds, _wanted(kinds, study.settings.plan.imputation), flips
    )


def carry_over(cells: Cells, study: Study) -> Cells:
    """Take choices that hardly ever change from another wave of the same person.

    Returns
    -------
    Cells
        Their cells answered, of kind ``carried``.
    """
    values, kinds = cells.values.copy(), cells.kinds.copy()
    seat = cells.people.groupby(["triad", "person", "role"], sort=False).ngroup().to_numpy()
    for place, (role, qid) in enumerate(cells.columns):
        question = study.questionnaire.questions[qid]
        if question.item is not None or question.kind != "choice":
            continue
        own = np.flatnonzero((cells.people["role"] == role).to_numpy(bool))
        answers = pd.Series(values[place, own])
        by_seat = answers.groupby(seat[own])
        twice = by_seat.count() > 1
        same = by_seat.nunique()[twice] == 1
        if not twice.any() or same.mean() < STEADY:
            continue
        last = by_seat.ffill().fillna(by_seat.bfill()).to_numpy()
        filled = cells.is_wanted[place, own] & ~np.isnan(last)
        values[place, own[filled]] = last[filled]
        kinds[place, own[filled]] = CARRIED
    is_wanted = cells.is_wanted & (kinds != CARRIED)
    return Cells(cells.people, cells.columns, values, kinds, is_wanted, cells.flips)


def _wanted(kinds: NDArray[np.object_], plan: ImputationPlan) -> NDArray[np.bool_]:
    wanted = [*ALWAYS]
    wanted += [LOST] if plan.lost == "impute" else []
    wanted += ["dont_know"] if plan.dont_know == "impute" else []
    found: NDArray[np.bool_] = np.isin(kinds, wanted)
    return found


def _flips(need: Needed, study: Study, keys: PublishedKeys) -> dict[str, float]:
    """Find the questions whose high answers mean a low score."""
    form, found = study.questionnaire, dict[str, float]()
    for each in need.presentations:
        scale = form.instrument.scales[each.scale]
        for number, qid in enumerate(each.questions, start=1):
            question = form.questions[qid]
            is_reversed = question.is_reversed
            if scale.key is not None:
                by_code = keys[scale.key].values(number)
                codes = sorted(by_code)
                is_reversed = by_code[codes[0]] > by_code[codes[-1]]
            if is_reversed:
                found[qid] = sum(declared_range(question))
    return found


def _hide_other_measures(
    kinds: NDArray[np.object_],
    values: NDArray[np.float64],
    columns: tuple[tuple[str, str], ...],
    people: pd.DataFrame,
    need: Needed,
    study: Study,
) -> None:
    """Leave out scales that the version of a wave makes another measure."""
    for wave, over in study.bridges.items():
        in_wave = (people["wave"] == wave).to_numpy(bool)
        for each in need.presentations:
            if over.scales.get(each.scale) != "different":
                continue
            for qid in each.questions:
                place = columns.index((each.role, qid))
                kinds[place, in_wave], values[place, in_wave] = NOT_SHOWN, np.nan
