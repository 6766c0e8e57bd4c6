"""Reliability of every scale and facet, per role and target."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from driehoek.analysis.rows import Row, statistics_frame
from driehoek.disclosure import withhold_small_samples
from driehoek.instrument.questions import Question, Questionnaire
from driehoek.job import generator
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.item_analysis import item_statistics
from driehoek.psychometrics.moments import Use
from driehoek.psychometrics.omega import Missing, omega_total
from driehoek.psychometrics.reliability import cronbach_alpha
from driehoek.scoring.published import PublishedKeys, keyed_items, keys_of
from driehoek.study import Study


def reliability(long: pd.DataFrame, study: Study, sample: str) -> pd.DataFrame:
    """Estimate alpha, omega total and item statistics for each scale and facet.

    Parameters
    ----------
    long : pandas.DataFrame
        Kept responses of the sample: ``role, triad`` and analysis values by question id.
    study : Study
    sample : str
        Name of a wave, or ``all`` for the waves pooled. Where a triad stands in several rows,
        omega's interval resamples whole triads; where a person does, alpha has none. Feldt's
        interval takes the persons of a triad (two carers) as independent.

    Returns
    -------
    pandas.DataFrame
        Statistics rows; a coefficient that cannot be had has a reason.
    """
    questionnaire, keys = study.questionnaire, keys_of(study)
    wanted = study.settings.plan.reliability.scales
    rows = [
        row
        for scale in (questionnaire.instrument.scales if wanted == "all" else wanted)
        for role, about in questionnaire.presentations(scale)
        for facet, questions in _parts(questionnaire, scale, role, about)
        for row in _part(
            long[long["role"] == role],
            [questionnaire.questions[question] for question in questions],
            study,
            keys,
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
    persons: pd.DataFrame,
    questions: list[Question],
    study: Study,
    keys: PublishedKeys,
    common: dict[str, str],
) -> Iterator[Row]:
    sample = _Sample(
        items=keyed_items(persons, questions, study.questionnaire, keys),
        triads=persons["triad"] if persons["triad"].duplicated().any() else None,
        is_repeated=bool(persons["person"].duplicated().any()),
        is_planned=_has_planned_gaps(questions, study.questionnaire),
        confidence=study.settings.plan.confidence,
        n_boot=study.settings.plan.reliability.bootstrap,
        rng=generator(study.settings.seed, "reliability", *common.values()),
    )
    yield common | _alpha(sample)
    yield from (common | row for row in _omega(sample))
    yield from (common | row for row in _items(sample))


@dataclass(frozen=True, slots=True)
class _Sample:
    """The keyed items of one scale or facet, and how to treat them.

    Attributes
    ----------
    items : pandas.DataFrame, shape (responses, items)
    triads : pandas.Series or None
        The triad of each row; None where no triad has two rows.
    is_repeated : bool
        Whether some person stands in several rows.
    is_planned : bool
        Whether some items were left out by design: then rows without them count too.
    confidence, n_boot, rng
        Of the intervals.
    """

    items: pd.DataFrame
    triads: pd.Series | None
    is_repeated: bool
    is_planned: bool
    confidence: float
    n_boot: int
    rng: np.random.Generator

    @property
    def n_usable(self) -> int:
        """Rows that could count."""
        return len(self.items.dropna(how="all" if self.is_planned else "any"))


def _has_planned_gaps(questions: list[Question], form: Questionnaire) -> bool:
    rules = (rule for question in questions for rule in form.conditions.get(question.id, []))
    return any(is_planned for _, is_planned in rules)


def _alpha(sample: _Sample) -> dict[str, object]:
    use: Use = "pairwise" if sample.is_planned else "complete"
    head: dict[str, object] = {"statistic": "alpha", "method": f"{use} rows, Feldt interval"}
    try:
        alpha = cronbach_alpha(sample.items, confidence=sample.confidence, use=use)
    except TooFewDataError as fault:
        return head | {"n": sample.n_usable, "reason": str(fault)}
    found = {"estimate": alpha.estimate, "n": alpha.n_respondents, "n_excluded": alpha.n_excluded}
    if sample.is_repeated:
        reason = "no interval: Feldt's does not allow for persons who stand in several rows"
        return head | found | {"reason": reason}
    return head | found | {"ci_low": alpha.ci_low, "ci_high": alpha.ci_high}


def _omega(sample: _Sample) -> Iterator[dict[str, object]]:
    missing: Missing = "fiml" if sample.is_planned else "complete"
    resampled = "persons" if sample.triads is None else "triads"
    words = "full-information ML" if sample.is_planned else "ML on complete rows"
    head: dict[str, object] = {"method": f"one factor, {words}, {resampled} resampled"}
    try:
        omega = omega_total(
            sample.items,
            confidence=sample.confidence,
            n_boot=sample.n_boot,
            rng=sample.rng,
            clusters=sample.triads,
            missing=missing,
        )
    except TooFewDataError as fault:
        yield head | {"statistic": "omega_total", "n": sample.n_usable, "reason": str(fault)}
        return
    head |= {"n": omega.n_respondents, "n_excluded": omega.n_excluded}
    yield head | {
        "statistic": "omega_total",
        "estimate": omega.estimate,
        "ci_low": omega.ci_low,
        "ci_high": omega.ci_high,
        "reason": omega.reason,
    }
    yield head | {"statistic": "bootstrap_samples", "estimate": omega.n_boot}
    yield head | {"statistic": "bootstrap_failed", "estimate": omega.n_failed}


def _items(sample: _Sample) -> Iterator[dict[str, object]]:
    use: Use = "pairwise" if sample.is_planned else "complete"
    head: dict[str, object] = {"method": f"{use} rows"}
    try:
        table = item_statistics(sample.items, confidence=sample.confidence, use=use)
    except TooFewDataError as fault:
        yield head | {"statistic": "item_rest", "n": sample.n_usable, "reason": str(fault)}
        return
    for item in table.to_dict("records"):
        head |= {"term": item["item"], "n": item["n"]}
        rest = {"estimate": item["item_rest"], "ci_low": item["ci_low"], "ci_high": item["ci_high"]}
        yield head | {"statistic": "item_rest", "reason": item["reason"]} | rest
        dropped = item["alpha_if_dropped"]
        reason = "two items: without one there is no alpha" if len(table) == 2 else item["reason"]
        reason = reason if np.isnan(dropped) else ""
        yield head | {"statistic": "alpha_if_dropped", "estimate": dropped, "reason": reason}
