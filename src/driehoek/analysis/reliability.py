"""Reliability of every scale and facet, per role and target."""

from collections.abc import Iterator

import pandas as pd

from driehoek.analysis.rows import Row, statistics_frame
from driehoek.disclosure import withhold_small_samples
from driehoek.instrument.questions import Questionnaire
from driehoek.job import generator
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.item_analysis import item_statistics
from driehoek.psychometrics.omega import omega_total
from driehoek.psychometrics.reliability import cronbach_alpha
from driehoek.scoring.keying import keyed
from driehoek.study import Study


def reliability(long: pd.DataFrame, study: Study, sample: str) -> pd.DataFrame:
    """Estimate alpha, omega total and item statistics for each scale and facet.

    Parameters
    ----------
    long : pandas.DataFrame
        Kept responses of the sample: ``role, triad`` and analysis values by question id.
    study : Study
    sample : str
        Name of a wave, or ``all`` for the waves pooled; there persons stand in several rows,
        so omega's interval resamples whole triads and alpha's is left out.

    Returns
    -------
    pandas.DataFrame
        Statistics rows; a coefficient that cannot be had has a reason.
    """
    questionnaire = study.questionnaire
    wanted = study.settings.plan.reliability.scales
    rows = [
        row
        for scale in (questionnaire.instrument.scales if wanted == "all" else wanted)
        for role, about in questionnaire.presentations(scale)
        for facet, questions in _parts(questionnaire, scale, role, about)
        for row in _part(
            long[long["role"] == role],
            questions,
            study,
            {"wave": sample, "role": role, "about": about or "", "scale": scale, "group": facet},
        )
    ]
    name = f"reliability_{sample}"
    return withhold_small_samples(statistics_frame(rows, name), study.settings.disclosure.min_cell)


def _parts(
    questionnaire: Questionnaire, scale: str, role: str, about: str | None
) -> Iterator[tuple[str, list[str]]]:
    facets = questionnaire.facet_questions(scale, role, about)
    whole = [question for questions in facets.values() for question in questions]
    if len(whole) > 1:
        yield "", whole
    if len(facets) > 1:
        yield from ((facet, questions) for facet, questions in facets.items() if len(questions) > 1)


def _part(
    persons: pd.DataFrame, questions: list[str], study: Study, common: dict[str, str]
) -> Iterator[Row]:
    asked = [study.questionnaire.questions[question] for question in questions]
    items = pd.DataFrame(keyed(persons, asked), columns=questions, index=persons.index)
    clusters = persons["triad"] if common["wave"] == "all" else None
    yield _alpha(items, study, common)
    yield _omega(items, clusters, study, common)
    yield from _items(items, study, common)


def _alpha(items: pd.DataFrame, study: Study, common: dict[str, str]) -> Row:
    head = {**common, "statistic": "alpha"}
    try:
        alpha = cronbach_alpha(items, confidence=study.settings.plan.confidence)
    except TooFewDataError as fault:
        return {**head, "method": "complete rows", "n": _complete(items), "reason": str(fault)}
    found = {"estimate": alpha.estimate, "n": alpha.n_respondents, "n_excluded": alpha.n_excluded}
    if common["wave"] == "all":
        reason = "no interval: persons stand in several rows"
        return {**head, **found, "method": "complete rows", "reason": reason}
    interval = {"ci_low": alpha.ci_low, "ci_high": alpha.ci_high}
    return {**head, **found, **interval, "method": "complete rows, Feldt interval"}


def _omega(
    items: pd.DataFrame, clusters: pd.Series | None, study: Study, common: dict[str, str]
) -> Row:
    plan = study.settings.plan
    head = {**common, "statistic": "omega_total"}
    method = "one-factor ML, " + (
        "triads resampled" if clusters is not None else "persons resampled"
    )
    rng = generator(study.settings.seed, "reliability", *common.values())
    try:
        omega = omega_total(
            items,
            confidence=plan.confidence,
            n_boot=plan.reliability.bootstrap,
            rng=rng,
            clusters=clusters,
        )
    except TooFewDataError as fault:
        return {**head, "method": method, "n": _complete(items), "reason": str(fault)}
    return {
        **head,
        "estimate": omega.estimate, "ci_low": omega.ci_low, "ci_high": omega.ci_high,
        "n": omega.n_respondents, "n_excluded": omega.n_excluded, "method": method,
        "reason": omega.reason,
    }  # fmt: skip


def _items(items: pd.DataFrame, study: Study, common: dict[str, str]) -> Iterator[Row]:
    try:
        table = item_statistics(items, confidence=study.settings.plan.confidence)
    except TooFewDataError as fault:
        yield {**common, "statistic": "item_rest", "n": _complete(items), "reason": str(fault)}
        return
    for item in table.itertuples():
        head = {**common, "term": item.item, "n": item.n, "method": "complete rows"}
        yield {**head, "statistic": "item_rest", "estimate": item.item_rest,
               "ci_low": item.ci_low, "ci_high": item.ci_high, "reason": item.reason}  # fmt: skip
        yield {**head, "statistic": "alpha_if_dropped", "estimate": item.alpha_if_dropped}


def _complete(items: pd.DataFrame) -> int:
    return len(items.dropna())
