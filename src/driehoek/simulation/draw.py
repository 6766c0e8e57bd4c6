"""Complete answers of people with known traits, before anything goes wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd

from driehoek.instrument.questions import Questionnaire
from driehoek.simulation.cells import HIDDEN, apply_routing, has_cells, valued_positions, values
from driehoek.simulation.measurement import Measure, draw_measures
from driehoek.simulation.people import People, draw_background, draw_people
from driehoek.simulation.traits import RoleTraits, burden_by_triad, draw_traits
from driehoek.simulation.truth import Traits, Truth


@dataclass(frozen=True, slots=True)
class Answers:
    """What everybody would answer in every wave.

    Attributes
    ----------
    rows : pandas.DataFrame
        ``wave``, ``seat``, ``triad``, ``role``, ``triad_code``, ``person_code``, ``is_first``,
        ``present`` (False once a person has dropped out); one row a seat and wave.
    cells : pandas.DataFrame
        A column of int16 a question (see `driehoek.simulation.cells`), same rows. Questions
        under a routing condition hold an answer too: what it would be if they were shown.
    """

    rows: pd.DataFrame
    cells: pd.DataFrame


def draw_answers(
    questionnaire: Questionnaire,
    truth: Truth,
    *,
    waves: Sequence[str],
    triads: int,
    rng: np.random.Generator,
    roles: Sequence[str] | None = None,
) -> Answers:
    """Draw complete answers of a number of triads.

    Parameters
    ----------
    questionnaire : Questionnaire
    truth : Truth
    waves : sequence of str
        In order; the first has wave 0 in the structure.
    triads : int
        At least 1.
    rng : numpy.random.Generator
        Must have been made from a seed: its streams are spawned.
    roles : sequence of str, optional
        Draw these roles only, to spare memory (about 2 bytes an answer). Without the role of
        the outcome, what others say about the burden follows nobody's burden.
    """
    roles = list(roles or questionnaire.instrument.roles)
    who, what, why, how, stays = rng.spawn(5)
    n_waves = len(waves)
    people = draw_people(questionnaire, truth.sampling, triads, roles, who)
    background = draw_background(people, questionnaire, truth.background, n_waves, what)
    traits = draw_traits(people, questionnaire, background, truth, n_waves, why)
    cells = _background_cells(people, questionnaire, background, roles, n_waves)
    for role, each in traits.items():
        _answer_items(cells, role, each, questionnaire, truth, how)
    present = _presence(people, burden_by_triad(traits, people, truth.structure), truth, stays)
    frame = pd.DataFrame({qid: column.ravel() for qid, column in cells.items()}, copy=False)
    return Answers(_rows(people, waves, present), frame)


def complete_values(answers: Answers, questionnaire: Questionnaire) -> pd.DataFrame:
    """Give the rows with the analysis values of complete answers.

    Returns
    -------
    pandas.DataFrame
        The rows of the answers, then one float64 column for each stored question drawn;
        NaN only where the question is not shown to that person.
    """
    cells = answers.cells.copy()
    apply_routing(cells, answers.rows["role"], questionnaire)
    columns = {
        qid: values(questionnaire.questions[qid], cells[qid].to_numpy())
        for qid in questionnaire.stored
        if qid in cells
    }
    return pd.concat([answers.rows, pd.DataFrame(columns, index=answers.rows.index)], axis=1)


def _rows(people: People, waves: Sequence[str], present: np.ndarray) -> pd.DataFrame:
    n_seats, n_waves = present.shape
    seat = np.repeat(np.arange(n_seats), n_waves)
    kept = people.seats[["triad", "role", "triad_code", "person_code", "is_first"]]
    rows = kept.iloc[seat].reset_index(drop=True)
    rows.insert(0, "seat", seat)
    rows.insert(0, "wave", np.tile(np.array(waves, dtype=object), n_seats))
    return rows.assign(present=present.ravel())


def _presence(
    people: People, burden: np.ndarray, truth: Truth, rng: np.random.Generator
) -> np.ndarray:
    """Say who takes part; once out, always out, and heavier burden goes out more."""
    sampling = truth.sampling
    triad = people.seats["triad"].to_numpy()
    present = np.ones((len(triad), burden.shape[1]), dtype=bool)
    base = np.log(sampling.dropout / (1 - sampling.dropout)) if sampling.dropout else -np.inf
    for wave in range(1, burden.shape[1]):
        logit = base + sampling.dropout_burden * burden[triad, wave - 1]
        stays = rng.random(len(triad)) >= 1 / (1 + np.exp(-logit))
        present[:, wave] = present[:, wave - 1] & stays
    return present


def _background_cells(
    people: People,
    questionnaire: Questionnaire,
    background: dict[str, np.ndarray],
    roles: Sequence[str],
    n_waves: int,
) -> dict[str, np.ndarray]:
    role = people.seats["role"].to_numpy(dtype=object)
    cells = {}
    for qid, question in questionnaire.questions.items():
        if not has_cells(question) or not set(question.roles) & set(roles):
            continue
        column = np.full((len(role), n_waves), HIDDEN, dtype=np.int16)
        if qid in background:
            asked = np.isin(role, question.roles)
            column[asked] = background[qid][asked]
        cells[qid] = column
    _pass_checks(cells, role, questionnaire)
    return cells


def _pass_checks(
    cells: dict[str, np.ndarray], role: np.ndarray, questionnaire: Questionnaire
) -> None:
    instrument = questionnaire.instrument
    expected = {check.question: check.expected for check in instrument.checks.values()}
    if instrument.consent:
        expected[instrument.consent.question] = instrument.consent.required
    for qid, code in expected.items():
        if qid in cells:
            question = questionnaire.questions[qid]
            asked = np.isin(role, question.roles)
            cells[qid][asked] = [o.code for o in question.options].index(code)


def _answer_items(
    cells: dict[str, np.ndarray],
    role: str,
    traits: RoleTraits,
    questionnaire: Questionnaire,
    truth: Truth,
    rng: np.random.Generator,
) -> None:
    measures = draw_measures(questionnaire, truth)
    shape = (len(traits.seats), next(iter(cells.values())).shape[1])
    facets: dict[tuple[str, str, str | None], np.ndarray] = {}
    for qid, question in questionnaire.questions.items():
        if question.item is None or question.roles != (role,):
            continue
        measure = measures[question.item]
        key = (measure.scale, measure.facet, question.about)
        if key not in facets:
            trait = traits.values.get((measure.scale, question.about), np.zeros(shape, np.float32))
            facets[key] = _facet(trait, truth.traits, rng)
        category = _categories(facets[key], measure, rng)
        positions = valued_positions(question)
        if question.is_reversed:
            positions = positions[::-1]
        cells[qid][traits.seats] = positions[category]


def _facet(trait: np.ndarray, traits: Traits, rng: np.random.Generator) -> np.ndarray:
    n, n_waves = trait.shape
    own = sqrt(traits.facet_stable) * rng.standard_normal((n, 1), dtype=np.float32)
    own = own + sqrt(1 - traits.facet_stable) * rng.standard_normal((n, n_waves), dtype=np.float32)
    return sqrt(traits.facet) * trait + sqrt(1 - traits.facet) * own


def _categories(facet: np.ndarray, measure: Measure, rng: np.random.Generator) -> np.ndarray:
    """Cut the latent response at the thresholds; 0 is the lowest keyed category."""
    unique = rng.standard_normal(facet.shape, dtype=np.float32)
    latent = measure.loading * facet + sqrt(1 - measure.loading**2) * unique
    return np.searchsorted(np.array(measure.thresholds, dtype=np.float32), latent)
