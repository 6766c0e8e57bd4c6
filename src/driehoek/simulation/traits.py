"""Latent traits of persons about persons, in each wave, and the latent burden."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from driehoek.instrument.questions import Question, Questionnaire
from driehoek.simulation.people import People
from driehoek.simulation.truth import Structure, Truth

Construct = tuple[str, str | None]  # scale, about


@dataclass(frozen=True, slots=True)
class RoleTraits:
    """Traits of the persons of one role.

    Attributes
    ----------
    seats : numpy.ndarray, shape (persons,)
        Positions in the table of seats.
    values : dict of numpy.ndarray, shape (persons, waves), float32
        By scale and the role it is about.
    """

    seats: np.ndarray
    values: dict[Construct, np.ndarray]


def draw_traits(
    people: People,
    questionnaire: Questionnaire,
    background: dict[str, np.ndarray],
    truth: Truth,
    n_waves: int,
    rng: np.random.Generator,
) -> dict[str, RoleTraits]:
    """Draw the traits of every role, structure of the outcome included."""
    common = _normal(rng, people.n_triads)
    of_triad = {}
    for scale in questionnaire.instrument.scales:
        shared, own_part = _weights(scale, truth)
        of_triad[scale] = shared * common + own_part * _normal(rng, people.n_triads)
    found = {}
    for role in dict.fromkeys(people.seats["role"]):
        seats = np.flatnonzero(people.seats["role"] == role)
        asked = constructs(questionnaire, role)
        values = _role_traits(people, seats, asked, of_triad, truth, n_waves, rng)
        found[role] = RoleTraits(seats, values)
    structure = truth.structure
    own = found.get(structure.role)
    if own is not None and (structure.outcome, structure.role) in own.values:
        own.values[structure.outcome, structure.role] = _outcome(
            own, background, questionnaire, structure
        )
        _echo(found, people, structure)
    return found


def _normal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.standard_normal(shape, dtype=np.float32)


def _role_traits(
    people: People,
    seats: np.ndarray,
    asked: list[Construct],
    of_triad: dict[str, np.ndarray],
    truth: Truth,
    n_waves: int,
    rng: np.random.Generator,
) -> dict[Construct, np.ndarray]:
    shares, n = truth.traits, len(seats)
    triad = people.seats["triad"].to_numpy()[seats]
    person = people.seats["person"].to_numpy()[seats]
    person_common = _normal(rng, int(person.max()) + 1)[person]
    wave_common = _normal(rng, n, n_waves)
    found: dict[Construct, np.ndarray] = {}
    for scale, about in asked:
        shared, own = _weights(scale, truth)
        stable = sqrt(shares.triad) * of_triad[scale][triad]
        stable += sqrt(shares.person) * (shared * person_common + own * _normal(rng, n))
        passing = shared * wave_common + own * _normal(rng, n, n_waves)
        found[scale, about] = stable[:, None] + sqrt(shares.occasion) * passing
    return found


def constructs(questionnaire: Questionnaire, role: str) -> list[Construct]:
    """Give each scale and target that a role answers, in the order of the instrument."""
    return [
        (scale, about)
        for scale in questionnaire.instrument.scales
        for asked, about in questionnaire.presentations(scale)
        if asked == role
    ]


def _weights(scale: str, truth: Truth) -> tuple[float, float]:
    """Give the weights of what all traits share and of the trait's own part; variance 1."""
    traits, structure = truth.traits, truth.structure
    if scale in {*traits.apart, structure.outcome, *structure.echoes}:
        return 0.0, 1.0
    shared = sqrt(traits.common) * (-1 if scale in traits.opposed else 1)
    return shared, sqrt(1 - traits.common)


def _outcome(
    own: RoleTraits,
    background: dict[str, np.ndarray],
    questionnaire: Questionnaire,
    structure: Structure,
) -> np.ndarray:
    residual = own.values[structure.outcome, structure.role]
    zero = np.zeros_like(residual)
    reciprocity = own.values.get(("reciprocity", structure.about), zero)
    trust = own.values.get(("trust", structure.about), zero)
    outcome = structure.residual * residual
    outcome += structure.slope * np.arange(outcome.shape[1], dtype=np.float32)
    outcome += structure.reciprocity * reciprocity + structure.trust * trust
    outcome += structure.interaction * reciprocity * trust
    if "hours" in background:
        z = (background["hours"][own.seats] - structure.hours_centre) / structure.hours_scale
        outcome += structure.hours * z.astype(np.float32)
    if "relation" in background:
        effects = _relation_effects(questionnaire.questions["relation"], structure)
        outcome += effects[background["relation"][own.seats]]
    return outcome


def _relation_effects(question: Question, structure: Structure) -> np.ndarray:
    return np.array(
        [structure.relation.get(o.code, 0.0) for o in question.options], dtype=np.float32
    )


def _echo(traits: dict[str, RoleTraits], people: People, structure: Structure) -> None:
    """Let what is said about the burden follow the burden of the triad's first carer."""
    burden = burden_by_triad(traits, people, structure)
    for role, each in traits.items():
        triad = people.seats["triad"].to_numpy()[each.seats]
        for scale, about in each.values:
            if scale in structure.echoes and (scale, role) != (structure.outcome, structure.role):
                weight = structure.echoes[scale]
                own = sqrt(1 - weight**2) * each.values[scale, about]
                each.values[scale, about] = weight * burden[triad] + own


def burden_by_triad(
    traits: dict[str, RoleTraits], people: People, structure: Structure
) -> np.ndarray:
    """Give the latent burden of each triad's first carer; shape (triads, waves), 0 if none."""
    own = traits.get(structure.role)
    key = (structure.outcome, structure.role)
    n_waves = next((v.shape[1] for t in traits.values() for v in t.values.values()), 1)
    found = np.zeros((people.n_triads, n_waves), dtype=np.float32)
    if own is not None and key in own.values:
        first = people.seats["is_first"].to_numpy()[own.seats]
        found[people.seats["triad"].to_numpy()[own.seats][first]] = own.values[key][first]
    return found
