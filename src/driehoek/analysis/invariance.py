"""Measurement invariance across groups, waves and the roles of a triad, as a plan asks."""

from collections.abc import Callable, Iterator, Sized
from dataclasses import dataclass

import pandas as pd

from driehoek.analysis import factors
from driehoek.analysis.fit_rows import note_rows
from driehoek.analysis.frames import one_a_triad
from driehoek.analysis.invariance_rows import bias_rows, ladder_rows, mean_rows, partial_rows
from driehoek.analysis.names import known_variables, resolve
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.analysis.score_names import (
    ScoreName,
    facets_of_score,
    factors_of,
    score_name,
    shared_items,
)
from driehoek.analysis.triad_sample import triad_sample
from driehoek.analysis.waiting import ONE_WAVE, waits_for_a_wave
from driehoek.disclosure import withhold_small_samples
from driehoek.plan.measurement import InvariancePlan
from driehoek.psychometrics.cfa.errors import FactorModelError, NotEstimableError
from driehoek.psychometrics.cfa.fit import Estimator
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.invariance import InvarianceLadder, invariance_ladder
from driehoek.psychometrics.invariance_partial import (
    PartialInvariance,
    SearchLevel,
    partial_invariance,
)
from driehoek.psychometrics.invariance_partial_within import partial_within_invariance
from driehoek.psychometrics.invariance_within import Occasions, within_ladder
from driehoek.study import Study

SEARCHED: tuple[SearchLevel, ...] = ("thresholds", "metric", "scalar")


def invariance(long: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Climb every ladder of the plan.

    Each triad gives one person per role: the primary one. Waves and roles stand side by side in
    one row, since answers of one person, or of one triad, are not independent.

    Parameters
    ----------
    long : pandas.DataFrame
        Kept responses: ``wave, role, triad, person, is_primary``, analysis values by question id
        and derived variables.
    study : Study

    Returns
    -------
    pandas.DataFrame
        Statistics rows; ``scale`` names the ladder, ``group`` its level. A ladder that cannot be
        climbed is one row with its reason.
    """
    chosen, drawn = triad_sample(long, study)
    rows = [
        row
        for name, plan in study.settings.plan.invariance.items()
        for row in _planned(name, plan, chosen, study, drawn)
    ]
    table = statistics_frame(rows, "invariance")
    return withhold_small_samples(table, study.settings.disclosure.min_cell)


@dataclass(frozen=True, slots=True)
class _Task:
    """One ladder: its plan, its scores and the answers it may use."""

    plan: InvariancePlan
    scores: list[ScoreName]
    wave: str
    long: pd.DataFrame
    study: Study
    drawn: list[str]


class _TooSmallError(ValueError):
    """A sample on which no ladder is climbed; the message says why."""


def _planned(
    name: str, plan: InvariancePlan, long: pd.DataFrame, study: Study, drawn: list[str]
) -> Iterator[Row]:
    known = known_variables(study.settings, study.questionnaire)
    named = [score_name(resolve(each, known), study.questionnaire) for each in plan.scores]
    scores = [score for score in named if score is not None]
    is_waves, is_roles = plan.across == "waves", plan.across == "roles"
    task = _Task(plan, scores, plan.wave or study.wave_names[0], long, study, drawn)
    head = {
        "wave": "all" if is_waves else task.wave,
        "role": "" if is_roles else scores[0].role,
        "about": "" if is_roles else scores[0].about or "",
        "scale": name,
    }
    climb: Callable[[_Task], Iterator[Row]]
    climb = _across_waves if is_waves else _across_roles if is_roles else _across_groups
    try:
        yield from [{**head, **row} for row in climb(task)]
    except (FactorModelError, NotEstimableError, _TooSmallError) as fault:
        yield head | {"statistic": "chi2", "method": "invariance", "reason": str(fault)}


def _across_roles(task: _Task) -> Iterator[Row]:
    questionnaire = task.study.questionnaire
    facets = shared_items(questionnaire, task.scores)
    in_wave = task.long[(task.long["wave"] == task.wave) & task.long["is_primary"]]
    parts: list[pd.DataFrame] = []
    columns: dict[str, dict[str, str]] = {}
    for score in task.scores:
        asked = questionnaire.asked(score.role, score.about)
        columns[score.label] = {item: asked[item] for ids in facets.values() for item in ids}
        persons = in_wave[in_wave["role"] == score.role].set_index("triad")
        used = list(columns[score.label].values())
        parts.append(factors.answers_to(persons, used, task.study))
    wide = pd.concat(parts, axis="columns")
    named = factors_of(facets, task.scores[0].scale)
    yield from _within(task, wide, Occasions(named, columns), list(wide.columns), "triads")
    roles = {score.role for score in task.scores}
    yield _count(columns[task.scores[0].label])
    yield from _notes(task, in_wave[in_wave["role"].isin(roles)])


def _across_waves(task: _Task) -> Iterator[Row]:
    if waits_for_a_wave(task.study):
        raise _TooSmallError(ONE_WAVE)
    questionnaire, score = task.study.questionnaire, task.scores[0]
    named = factors_of(facets_of_score(questionnaire, score), score.scale)
    questions = [question for ids in named.values() for question in ids]
    persons = one_a_triad(task.long[task.long["role"] == score.role], task.study.wave_names)
    parts, columns = [], {}
    for wave in task.study.wave_names:
        in_wave = persons[persons["wave"] == wave].set_index(["triad", "person"])
        items = factors.answers_to(in_wave, questions, task.study)
        columns[wave] = {question: f"{question}@{wave}" for question in questions}
        parts.append(items.rename(columns=columns[wave]))
    wide = pd.concat(parts, axis="columns")
    yield from _within(task, wide, Occasions(named, columns), questions, "persons")
    yield _count(questions)
    yield from _notes(task, persons)


def _within(
    task: _Task, wide: pd.DataFrame, occasions: Occasions, questions: list[str], unit: str
) -> Iterator[Row]:
    estimator = _estimator(task, questions, is_within=True)
    uses_all = estimator == "FIML+MLR"
    for occasion, columns in occasions.columns.items():
        answered = wide[list(columns.values())]
        n = factors.usable_rows(answered, uses_all=uses_all)
        _refuse_too_few(n, f" at {occasion}")
    words = factors.rows_in_words(estimator, uses_all=uses_all)
    kind, row = factors.number_of_factors(occasions.factors), unit.removesuffix("s")
    method = f"{kind}, {words}, one row a {row}"
    ladder = within_ladder(wide, occasions, estimator=estimator)
    yield from ladder_rows(ladder, method)
    yield from _partial(
        ladder,
        method,
        lambda level: partial_within_invariance(wide, occasions, level=level, estimator=estimator),
    )
    yield from bias_rows(ladder, method, occasions)
    yield from mean_rows(ladder, method, task.study.settings.plan.confidence, occasions)
    for occasion, columns in occasions.columns.items():
        n = factors.usable_rows(wide[list(columns.values())], uses_all=uses_all)
        yield {"statistic": "n_compared", "term": occasion, "estimate": n, "n": n, "method": unit}


def _across_groups(task: _Task) -> Iterator[Row]:
    questionnaire, score = task.study.questionnaire, task.scores[0]
    named = factors_of(facets_of_score(questionnaire, score), score.scale)
    questions = [question for ids in named.values() for question in ids]
    estimator = _estimator(task, questions)
    uses_all = estimator == "FIML+MLR"
    in_wave = task.long[(task.long["wave"] == task.wave) & task.long["is_primary"]]
    persons = in_wave[in_wave["role"] == score.role]
    items = factors.answers_to(persons, questions, task.study)
    groups, left_out = _compared(items, _levels(task, persons), uses_all=uses_all)
    model = FactorModel(named)
    ladder = invariance_ladder(items, model, groups=groups, estimator=estimator)
    words = factors.rows_in_words(estimator, uses_all=uses_all)
    method = f"{factors.number_of_factors(named)}, {words}, independent groups"
    yield from ladder_rows(ladder, method)
    for level, n in zip(*_sizes(ladder), strict=True):
        yield {
            "statistic": "n_compared", "term": level, "estimate": n, "n": n, "method": "persons",
        }  # fmt: skip
    for level in left_out:
        reason = f"left out: fewer than {factors.FEWEST_IN_GROUP} usable rows"
        yield {"statistic": "n_compared", "term": level, "method": "persons", "reason": reason}
    yield from _partial(
        ladder,
        method,
        lambda level: partial_invariance(
            items, model, groups=groups, level=level, estimator=estimator
        ),
    )
    yield from bias_rows(ladder, method)
    yield from mean_rows(ladder, method, task.study.settings.plan.confidence)
    yield _count(questions)
    yield from _notes(task, persons)


def _levels(task: _Task, persons: pd.DataFrame) -> pd.Series:
    """Give each person's group as an option code, in the order of the options."""
    known = known_variables(task.study.settings, task.study.questionnaire)
    variable = resolve(task.plan.across, known)
    question = task.study.questionnaire.questions.get(variable.column)
    values = (
        {float(level): level for level in variable.levels}
        if question is None
        else {value: code for code, value in question.values.items()}
    )
    codes = persons[variable.column].map(values)
    return pd.Series(pd.Categorical(codes, categories=list(variable.levels)), index=persons.index)


def _compared(
    items: pd.DataFrame, levels: pd.Series, *, uses_all: bool
) -> tuple[pd.Series, list[str]]:
    """Keep the groups that are large enough; name the others."""
    usable = items.notna().any(axis=1) if uses_all else items.notna().all(axis=1)
    sizes = levels[usable].value_counts()
    small = [
        str(level) for level in levels.cat.categories if sizes[level] < factors.FEWEST_IN_GROUP
    ]
    kept = levels.cat.remove_categories(small)
    if len(kept.cat.categories) < 2:
        msg = (
            f"fewer than two groups have {factors.FEWEST_IN_GROUP} usable rows, the least with "
            "which a factor model is compared between groups"
        )
        raise _TooSmallError(msg)
    return kept, small


def _sizes(ladder: InvarianceLadder) -> tuple[tuple[str, ...], tuple[int, ...]]:
    fit = next(iter(ladder.fits.values()))
    return fit.group_names, fit.n_by_group


def _partial(
    ladder: InvarianceLadder, method: str, search: Callable[[SearchLevel], PartialInvariance]
) -> Iterator[Row]:
    """Search what differs at the first level that fails, if the model itself holds."""
    table = ladder.table
    failing = table[table["is_interpretable"] & table["holds"].eq(other=False)]
    level = next((each for each in SEARCHED if each in set(failing["level"])), None)
    if level is None:
        return
    try:
        found = search(level)
    except NotEstimableError as fault:
        head = {"statistic": "partial_holds", "group": level, "method": f"{method}, search"}
        yield head | {"reason": str(fault)}
        return
    yield from partial_rows(found, method)


def _count(items: Sized) -> Row:
    return {"statistic": "n_items", "estimate": len(items), "method": "items compared"}


def _notes(task: _Task, persons: pd.DataFrame) -> Iterator[Row]:
    head = {"method": "persons"}
    notes = [*task.drawn, *factors.notes_about(persons)]
    yield from ({**head, **row} for row in note_rows(notes))


def _estimator(task: _Task, questions: list[str], *, is_within: bool = False) -> Estimator:
    return factors.estimator_for(
        task.plan.estimator,
        task.plan.missing,
        questions,
        task.study.questionnaire,
        is_within=is_within,
    )


def _refuse_too_few(n: int, where: str) -> None:
    if reason := factors.too_few(n, where):
        raise _TooSmallError(reason)
