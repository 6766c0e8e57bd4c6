"""Loadings and thresholds of items, fixed by the seed of the truth."""

from dataclasses import dataclass

import numpy as np

from driehoek.instrument.model import Instrument
from driehoek.instrument.questions import Questionnaire, facets_of
from driehoek.job import generator
from driehoek.simulation.truth import Truth


@dataclass(frozen=True, slots=True)
class Measure:
    """How one item measures its facet, the same for every reader and wave.

    Attributes
    ----------
    scale, facet : str
        Empty where the item counts in no scale.
    loading : float
        Of the latent response on the facet; the unique part has variance 1 - loading^2.
    thresholds : tuple of float
        Rising; one fewer than the categories, in the keyed direction.
    """

    scale: str
    facet: str
    loading: float
    thresholds: tuple[float, ...]


def draw_measures(questionnaire: Questionnaire, truth: Truth) -> dict[str, Measure]:
    """Give the measure of every item; depends on the truth's seed and the item's name only."""
    instrument = questionnaire.instrument
    places = _places(instrument)
    return {name: _measure(instrument, name, places, truth) for name in instrument.items}


def _places(instrument: Instrument) -> dict[str, tuple[str, str]]:
    return {
        item: (scale, facet)
        for scale, each in instrument.scales.items()
        for facet, items in facets_of(scale, each).items()
        for item in items
    }


def _measure(
    instrument: Instrument, name: str, places: dict[str, tuple[str, str]], truth: Truth
) -> Measure:
    rng = generator(truth.seed, "item", name)
    scale, facet = places.get(name, ("", ""))
    options = instrument.responses[instrument.items[name].response].options
    n_categories = sum(option.value is not None for option in options)
    loading = float(rng.uniform(*truth.items.loading))
    return Measure(scale, facet, loading, _thresholds(n_categories, scale, truth, rng))


def _thresholds(n: int, scale: str, truth: Truth, rng: np.random.Generator) -> tuple[float, ...]:
    items = truth.items
    heavy = {*truth.traits.opposed, truth.structure.outcome, *truth.structure.echoes}
    middle = rng.uniform(*(items.location_opposed if scale in heavy else items.location))
    half_width = items.half_width * (1 + items.widening * (n - 5))
    even = np.linspace(-half_width, half_width, n - 1) if n > 2 else np.zeros(1)
    jitter = rng.normal(0, items.jitter * 4 / max(n - 1, 4), n - 1)
    return tuple(float(each) for each in np.sort(middle + even + jitter))
