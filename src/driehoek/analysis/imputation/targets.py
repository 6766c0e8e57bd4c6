"""What predicts each variable that has missing answers."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.analysis.imputation.cells import Cells
from driehoek.analysis.imputation.needed import Needed
from driehoek.models.imputation.chained import Source, Target
from driehoek.study import Study

FEWEST_ANSWERS = 8
PERSONS_PER_PREDICTOR = 10
NEGLIGIBLE, TOO_FEW = 0.05, "only {} people answered; {} are needed to fill in the others"

Places = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Unfilled:
    """A variable whose missing answers stay missing.

    Attributes
    ----------
    column : int
    wave : str
    n_missing : int
    reason : str
    """

    column: int
    wave: str
    n_missing: int
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is imputed, in order, and what is not.

    Attributes
    ----------
    targets : list of Target
    waves : list of str
        Wave of each target.
    scores : list of list of int
        Columns of each passive score.
    unfilled : list of Unfilled
    """

    targets: list[Target]
    waves: list[str]
    scores: list[list[int]]
    unfilled: list[Unfilled]


def plan_targets(cells: Cells, need: Needed, study: Study) -> Plan:
    """Choose the predictors of every variable and wave with missing answers.

    Candidates are the other items of the same scale (or their mean), scores and background of
    the same person, the same score and answer of the person in other waves, and the scores of
    the triad's other members in the same wave. One predictor is admitted for every
    `PERSONS_PER_PREDICTOR` answers, those that go with the variable most; the own scale first.
    """
    chooser = _Chooser(cells, need, study)
    found: list[tuple[int, int, int, Target]] = []
    unfilled: list[Unfilled] = []
    for w, wave in enumerate(study.wave_names):
        for column, (role, qid) in enumerate(cells.columns):
            rows = chooser.rows_of(role, wave)
            wanted = rows[cells.is_wanted[column, rows]]
            answered = rows[~np.isnan(cells.values[column, rows])]
            if not len(wanted):
                continue
            if len(answered) < FEWEST_ANSWERS:
                reason = TOO_FEW.format(len(answered), FEWEST_ANSWERS)
                unfilled.append(Unfilled(column, wave, len(wanted), reason))
                continue
            question = study.questionnaire.questions[qid]
            is_nominal = question.item is None and question.kind == "choice"
            method = study.settings.plan.imputation.method if question.item else "pmm"
            sources = chooser.sources(column, wave, answered, wanted, is_nominal=is_nominal)
            target = Target(
                f"{role}.{qid}[{wave}]", column, answered, wanted, sources,
                "nominal" if is_nominal else method,
            )  # fmt: skip
            found.append((w, len(wanted), column, target))
    found.sort(key=lambda each: each[:3])
    return Plan(
        [each[3] for each in found],
        [study.wave_names[each[0]] for each in found],
        chooser.scores,
        unfilled,
    )


class _Chooser:
    """The candidates of one variable after another, and how much each goes with it."""

    def __init__(self, cells: Cells, need: Needed, study: Study) -> None:
        self.cells, self.need, self.study = cells, need, study
        place = {key: i for i, key in enumerate(cells.columns)}
        self.scores = [[place[p.role, qid] for qid in p.questions] for p in need.presentations]
        self.background = [(role, qid, place[role, qid]) for role, qid in need.background]
        self.exists = ~np.isnan(cells.values) | cells.is_wanted
        people = cells.people
        self.role, self.wave = people["role"].to_numpy(), people["wave"].to_numpy()
        self.by_seat = _lookup(people, ["triad", "person", "role", "wave"])
        primary = people[people["is_primary"].astype(bool)]
        self.by_triad = _lookup(primary, ["triad", "role", "wave"])
        self.triad, self.person = people["triad"].to_numpy(), people["person"].to_numpy()
        self.means = [_mean(cells.values[columns]) for columns in self.scores]

    def rows_of(self, role: str, wave: str) -> Places:
        """Give the rows of a role in a wave."""
        return np.flatnonzero((self.role == role) & (self.wave == wave))

    def sources(
        self, column: int, wave: str, answered: Places, wanted: Places, *, is_nominal: bool
    ) -> tuple[Source, ...]:
        """Choose the predictors of one variable."""
        rows = np.concatenate([answered, wanted])
        y, most = (
            self.cells.values[column, answered],
            max(len(answered) // PERSONS_PER_PREDICTOR, 1),
        )
        chosen = self._own_scale(column, rows, most)
        ranked: list[tuple[float, int, Source]] = []
        for number, source in enumerate(self._others(column, wave, rows)):
            strength = _strength(y, self._start(source)[: len(answered)], is_nominal=is_nominal)
            if strength > 0:
                ranked.append((-strength, number, source))
        for _, _, source in sorted(ranked, key=lambda each: each[:2]):
            if len(chosen) >= most:
                break
            chosen.append(source)
        return (*chosen, *_absences(chosen, most))

    def _own_scale(self, column: int, rows: Places, most: int) -> list[Source]:
        """Give the other items of the variable's scale, or their mean where they are too many."""
        for score, columns in enumerate(self.scores):
            if column not in columns or len(columns) == 1:
                continue
            others = [each for each in columns if each != column]
            if len(others) * 2 <= most and all(self.exists[each, rows].all() for each in others):
                return [Source("cell", rows, each) for each in others]
            has_rest = self.exists[others][:, rows].any(axis=0)
            return [Source("rest", np.where(has_rest, rows, -1), score)] if has_rest.any() else []
        return []

    def _others(self, column: int, wave: str, rows: Places) -> Iterator[Source]:
        """Give every candidate outside the variable's own scale and wave."""
        role = self.cells.columns[column][0]
        own = [s for s, columns in enumerate(self.scores) if column in columns]
        for score, each in enumerate(self.need.presentations):
            if each.role == role:
                if score not in own:
                    yield self._source("score", rows, score)
                continue
            yield self._source("score", self._member(rows, each.role), score)
        for other, _, place in self.background:
            if place != column:
                at = rows if other == role else self._member(rows, other)
                yield from self._background(place, at)
        for another in self.study.wave_names:
            if another == wave:
                continue
            at = self._same_person(rows, another)
            yield from (self._source("score", at, score) for score in own)
            yield self._source("cell", at, column)

    def _background(self, place: int, at: Places) -> Iterator[Source]:
        question = self.study.questionnaire.questions[self.cells.columns[place][1]]
        if question.kind != "choice":
            yield self._source("cell", at, place)
            return
        for value in list(question.values.values())[1:]:
            yield self._source("level", at, place, value)

    def _source(self, kind: str, at: Places, place: int, value: float = 0.0) -> Source:
        columns = self.scores[place] if kind == "score" else [place]
        exists: NDArray[np.bool_] = np.logical_or.reduce(self.exists[columns], axis=0)
        there = exists[np.where(at < 0, 0, at)] & (at >= 0)
        return Source(kind, np.where(there, at, -1), place, value)  # type: ignore[arg-type]

    def _start(self, source: Source) -> Floats:
        """Give what is known of a candidate before anything is filled in; NaN where nothing."""
        values = (
            self.means[source.place] if source.kind == "score" else self.cells.values[source.place]
        )
        found: Floats = np.where(
            source.at < 0, np.nan, values[np.where(source.at < 0, 0, source.at)]
        )
        if source.kind == "level":
            return np.where(np.isnan(found), np.nan, found == source.value)
        return found

    def _member(self, rows: Places, role: str) -> Places:
        keys = zip(self.triad[rows], [role] * len(rows), self.wave[rows], strict=True)
        return np.array([self.by_triad.get(key, -1) for key in keys], dtype=np.intp)

    def _same_person(self, rows: Places, wave: str) -> Places:
        keys = zip(
            self.triad[rows], self.person[rows], self.role[rows], [wave] * len(rows), strict=True
        )
        return np.array([self.by_seat.get(key, -1) for key in keys], dtype=np.intp)


def _lookup(people: pd.DataFrame, key: list[str]) -> dict[tuple[str, ...], int]:
    rows = zip(*(people[name] for name in key), strict=True)
    return dict(zip(rows, people.index, strict=True))


def _mean(values: Floats) -> Floats:
    there = ~np.isnan(values)
    counts = there.sum(axis=0)
    total = np.where(there, values, 0.0).sum(axis=0)
    return np.where(counts > 0, total / np.maximum(counts, 1), np.nan)


def _strength(y: Floats, x: Floats, *, is_nominal: bool) -> float:
    """Give the correlation of a candidate with a variable, or the correlation ratio; 0 if none."""
    both = ~np.isnan(x)
    if both.sum() < FEWEST_ANSWERS or np.ptp(x[both]) == 0 or np.ptp(y[both]) == 0:
        return 0.0
    y, x = y[both], x[both] - x[both].mean()
    if is_nominal:
        codes = np.unique(y, return_inverse=True)[1]
        sums, counts = np.bincount(codes, x), np.bincount(codes)
        return float(np.sqrt((sums**2 / counts).sum() / (x**2).sum()))
    deviations = y - y.mean()
    return float(abs(x @ deviations) / np.sqrt((x @ x) * (deviations @ deviations)))


def _absences(chosen: list[Source], most: int) -> list[Source]:
    """Mark where predictors do not exist: once for each set of rows, if it is worth a column."""
    found: dict[bytes, Source] = {}
    for source in chosen:
        share = float((source.at < 0).mean())
        if NEGLIGIBLE < share < 1 - NEGLIGIBLE and len(chosen) + len(found) < most:
            found.setdefault((source.at < 0).tobytes(), Source("absent", source.at))
    return list(found.values())
