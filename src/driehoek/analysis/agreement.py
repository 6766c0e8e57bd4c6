"""Agreement between the roles of a triad, as a plan asks."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import pandas as pd

from driehoek.analysis.agreement_rows import pair_name, scores_rows
from driehoek.analysis.factors import answers_to, notes_about
from driehoek.analysis.names import Variable, known_variables, resolve
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.analysis.score_names import ScoreName, score_name, shared_items
from driehoek.disclosure import withhold_small_samples
from driehoek.plan.agreement import AgreementPlan
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.kappa import weighted_kappa
from driehoek.psychometrics.multilevel_reliability import two_level_reliability
from driehoek.study import Study

Fields = dict[str, object]
DIFFERENT_TARGETS = (
    "The scores are about different persons: they show how alike the views are, not whether two "
    "raters agree about one person."
)
META = (
    "The first score is what one member thinks that the other thinks, the second what that other "
    "says: they agree where the member knows it, and the difference is bias."
)


def agreement(long: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Estimate how far the roles of a triad agree, for every entry of the plan.

    Parameters
    ----------
    long : pandas.DataFrame
        Kept responses: ``wave, role, triad, person, is_primary``, analysis values and scores.
    study : Study

    Returns
    -------
    pandas.DataFrame
        Statistics rows: ``scale`` is the name in the plan, ``group`` a pair of scores (empty: all
        together), ``term`` an item. One row a triad, the primary person of each role.
    """
    rows = [
        {**row, "scale": name, "wave": wave}
        for name, plan in study.settings.plan.agreement.items()
        for wave in [plan.wave or study.wave_names[0]]
        for row in _one(long[(long["wave"] == wave) & long["is_primary"]], plan, study)
    ]
    table = statistics_frame(rows, "agreement")
    return withhold_small_samples(table, study.settings.disclosure.min_cell)


def _one(persons: pd.DataFrame, plan: AgreementPlan, study: Study) -> Iterator[Row]:
    known = known_variables(study.settings, study.questionnaire)
    variables = [resolve(name, known) for name in plan.scores]
    named = [(each, score_name(each, study.questionnaire)) for each in variables]
    scores = [score for _, score in named if score is not None]
    confidence = study.settings.plan.confidence
    wide = pd.concat(
        [_of_role(persons, each).rename(each.name) for each in variables], axis="columns"
    )
    yield from scores_rows(wide, confidence, fewest=study.settings.disclosure.min_cell)
    items = [each for ids in shared_items(study.questionnaire, scores).values() for each in ids]
    answers = {
        variable.name: _answers(persons, score, items, study)
        for variable, score in named
        if score is not None
    }
    yield from _kappas(answers, items, confidence)
    yield from _levels(answers, confidence)
    notes = notes_about(persons[persons["role"].isin([each.role for each in scores])])
    if plan.meta:
        notes.append(META)
    elif len({each.about for each in scores}) > 1:
        notes.append(DIFFERENT_TARGETS)
    for place, note in enumerate(notes, 1):
        yield {"statistic": "note", "term": f"note_{place}", "reason": note}


def _of_role(persons: pd.DataFrame, variable: Variable) -> pd.Series:
    rows = persons[persons["role"] == variable.role]
    return rows.set_index("triad")[variable.column].astype(float)


def _answers(
    persons: pd.DataFrame, score: ScoreName, items: Sequence[str], study: Study
) -> pd.DataFrame:
    """Give the keyed answers of a role to parallel items, by triad and item."""
    asked = study.questionnaire.asked(score.role, score.about)
    rows = persons[persons["role"] == score.role].set_index("triad")
    found = answers_to(rows, [asked[item] for item in items], study)
    return found.set_axis(list(items), axis="columns")


def _kappas(
    answers: dict[str, pd.DataFrame], items: Sequence[str], confidence: float
) -> Iterator[Fields]:
    for first, second in combinations(answers, 2):
        for item in items:
            pair = pd.concat([answers[first][item], answers[second][item]], axis="columns").dropna()
            head: Fields = {"group": pair_name(first, second), "term": item, "n": len(pair)}
            head["method"] = "quadratic weights"
            try:
                found = weighted_kappa(pair.iloc[:, 0], pair.iloc[:, 1], confidence=confidence)
            except TooFewDataError as fault:
                yield head | {"statistic": "weighted_kappa", "reason": str(fault)}
                continue
            yield head | {
                "statistic": "weighted_kappa",
                "estimate": found.estimate,
                "se": found.se,
                "ci_low": found.ci_low,
                "ci_high": found.ci_high,
            }
            yield head | {"statistic": "equal_answers", "estimate": found.agreement}


def _levels(answers: dict[str, pd.DataFrame], confidence: float) -> Iterator[Fields]:
    """Give alpha of the parallel items between triads and within them."""
    stacked = pd.concat(list(answers.values()))
    head: Fields = {"method": "two levels, ML, complete rows"}
    if stacked.shape[1] < 2:
        return
    try:
        found = two_level_reliability(
            stacked.reset_index(drop=True), stacked.index.to_numpy(), confidence=confidence
        )
    except TooFewDataError as fault:
        n = len(stacked.dropna())
        yield head | {"statistic": "alpha_between", "n": n, "reason": str(fault)}
        return
    head |= {"n": found.n_respondents, "n_excluded": found.n_excluded}
    reason = found.reason or found.caution
    for statistic, level, why in (
        ("alpha_between", "between", reason),
        ("alpha_within", "within", ""),
        ("share_between", "icc", found.reason),
    ):
        yield head | {
            "statistic": statistic,
            "estimate": getattr(found, level),
            "se": getattr(found, f"{level}_se"),
            "ci_low": getattr(found, f"{level}_low"),
            "ci_high": getattr(found, f"{level}_high"),
            "reason": why,
        }
