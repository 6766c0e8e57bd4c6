"""The ways to make the scores of a multiverse: who is left out, which rule of scoring."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from driehoek.analysis.imputation.completed import CompletedSets
from driehoek.analysis.imputation.needed import needed
from driehoek.analysis.model_data import ModelData
from driehoek.cleaning.consent import with_answer
from driehoek.cleaning.linkage import is_primary
from driehoek.cleaning.wide import long_table, triad_table
from driehoek.instrument.model import Scale
from driehoek.instrument.questions import Questionnaire
from driehoek.plan.multiverse import MultiversePlan
from driehoek.scoring.published import PublishedKeys
from driehoek.scoring.scales import score_responses
from driehoek.study import Study


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to make the scores.

    Attributes
    ----------
    number : int
        Its place among the variants of its multiverse, from 1.
    leave_out : tuple of str
        Flags whose responses are left out.
    min_answered : float or None
        None: as the instrument declares.
    score_of : str
    """

    number: int
    leave_out: tuple[str, ...]
    min_answered: float | None
    score_of: str


@dataclass(frozen=True, slots=True)
class WaveOfAnswers:
    """What a multiverse starts from: the clean answers of the wave of its model.

    Attributes
    ----------
    responses, missing, flags : pandas.DataFrame
        Clean responses, kinds of missing answers and flags.
    cells, lost : pandas.DataFrame or None
        What was filled in (`driehoek.analysis.imputation.impute.Imputation`), where it was.
    """

    responses: pd.DataFrame
    missing: pd.DataFrame
    flags: pd.DataFrame
    cells: pd.DataFrame | None = None
    lost: pd.DataFrame | None = None


def variants(plan: MultiversePlan) -> list[Variant]:
    """Give every way to make the scores, in the order of the plan."""
    least: Sequence[float | None] = plan.min_answered or [None]
    product = itertools.product(plan.leave_out, least, plan.score_of)
    return [Variant(i, tuple(flags), low, of) for i, (flags, low, of) in enumerate(product, 1)]


def variant_data(
    variant: Variant, study: Study, wave: WaveOfAnswers, keys: PublishedKeys
) -> ModelData:
    """Leave responses out, score anew and link, for one way to make the scores."""
    doubted = wave.flags.loc[wave.flags["flag"].isin(variant.leave_out), "response"]
    kept = ~wave.responses["response"].isin(doubted).to_numpy(bool)
    answers = with_answer(wave.responses[kept].reset_index(drop=True), study.questionnaire)
    kinds = wave.missing[kept].reset_index(drop=True)
    form = _rescored(study.questionnaire, variant)
    scores = score_responses(answers, kinds, form, keys)
    primary = is_primary(answers, study.settings.linkage.primary)
    derived = list(study.settings.derive)
    long = long_table(answers, scores, primary, [*form.stored, *derived])
    return ModelData(long, triad_table(long, form, derived), replace(study, questionnaire=form))


def completed_data(
    known: ModelData, wave: WaveOfAnswers, name: str, keys: PublishedKeys
) -> Iterator[ModelData]:
    """Give the same data with the missing answers filled in, one completed data set at a time.

    What was filled in rests on everybody's answers; who is left out is left out afterwards.

    Parameters
    ----------
    known : ModelData
        Of one way to make the scores.
    wave : WaveOfAnswers
    name : str
        Of the wave.
    keys : mapping
        Published keys by id.
    """
    if wave.cells is None or wave.lost is None:
        msg = "nothing was filled in for this multiverse"
        raise ValueError(msg)
    lost = wave.lost[wave.lost["wave"] == name]
    here = [*known.long["response"], *lost["response"]]
    sets = CompletedSets(
        known.long,
        wave.missing,
        wave.cells[wave.cells["response"].isin(here)],
        lost,
        need=needed(known),
        study=known.study,
        keys=keys,
    )
    for number in range(1, sets.n + 1):
        yield ModelData(*sets.tables(number), known.study)


def _rescored(form: Questionnaire, variant: Variant) -> Questionnaire:
    """Give the questionnaire with another rule of scoring; published keys keep their own."""
    scales = {name: _scale(scale, variant) for name, scale in form.instrument.scales.items()}
    return Questionnaire(form.instrument.model_copy(update={"scales": scales}))


def _scale(scale: Scale, variant: Variant) -> Scale:
    if scale.key is not None:
        return scale
    changes: dict[str, object] = {}
    if variant.min_answered is not None:
        changes["min_answered"] = variant.min_answered
    if variant.score_of != "as_declared" and scale.facets is not None:
        changes["of"] = variant.score_of
    return scale.model_copy(update={"score": scale.score.model_copy(update=changes)})
