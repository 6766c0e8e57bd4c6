"""The true parameters behind a simulated study: what an analysis should find."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Traits:
    """Latent traits of directed bonds; every trait has variance 1 unless `Structure` makes it.

    Attributes
    ----------
    triad, person, occasion : float
        Shares of the variance at each level; they sum to 1.
    common : float
        Share of the variance that the traits of one level have in common.
    opposed : tuple of str
        Scales that load negatively on what traits have in common (high is unfavourable).
    apart : tuple of str
        Scales that share nothing with the others.
    facet : float
        Share of a facet's variance that is due to its scale.
    facet_stable : float
        Share of the rest of a facet that stays the same over waves.
    """

    triad: float = 0.25
    person: float = 0.45
    occasion: float = 0.30
    common: float = 0.55
    opposed: tuple[str, ...] = ("standards", "on_the_mind")
    apart: tuple[str, ...] = ("felt_balance",)
    facet: float = 0.75
    facet_stable: float = 0.6


@dataclass(frozen=True, slots=True)
class Structure:
    """Where the latent burden of the carer comes from.

    ``burden = hours * z + relation + reciprocity * r + trust * t + interaction * r * t
    + slope * wave + residual``, with r and t the carer's latent reciprocity and trust about
    `about` in the same wave, z the hours of that wave as ``(hours - centre) / scale``, wave
    0, 1, ..., and a residual that has the shares of `Traits` over triad, person and occasion.

    Attributes
    ----------
    relation : mapping
        Effect by option code of the relation question; codes left out have 0.
    residual : float
        Standard deviation of the residual.
    echoes : mapping
        By scale, the weight of the latent burden of the triad's first carer in what people
        say on that scale (the burden seen by the others, and single questions about it).
    """

    role: str = "carer"
    about: str = "seeker"
    outcome: str = "burden"
    hours: float = 0.35
    hours_centre: float = 20.0
    hours_scale: float = 14.0
    relation: Mapping[str, float] = field(
        default_factory=lambda: {"1": 0.25, "2": 0.10, "3": 0.20, "6": -0.20, "7": -0.30}
    )
    reciprocity: float = -0.35
    trust: float = -0.25
    interaction: float = -0.18
    slope: float = 0.15
    residual: float = 0.70
    echoes: Mapping[str, float] = field(
        default_factory=lambda: {"burden": 0.5, "perceived_demand": 0.6, "asking_too_much": 0.4}
    )


@dataclass(frozen=True, slots=True)
class Items:
    """How items measure facets; drawn once per item from the seed of the truth.

    Attributes
    ----------
    loading : tuple of float
        Range of the loadings of the latent response on the facet.
    location, location_opposed : tuple of float
        Range of the middle of the thresholds; below 0 most people choose high categories.
        The second holds for opposed and outcome scales.
    half_width : float
        Distance from the middle to the outer thresholds of five categories, in latent standard
        deviations.
    widening : float
        Share by which that distance grows for each category more than five.
    jitter : float
        Standard deviation of single thresholds around even spacing.
    """

    loading: tuple[float, float] = (0.5, 0.85)
    location: tuple[float, float] = (-0.9, 0.1)
    location_opposed: tuple[float, float] = (-0.2, 0.7)
    half_width: float = 1.35
    widening: float = 0.07
    jitter: float = 0.08


@dataclass(frozen=True, slots=True)
class ChoiceDraw:
    """Shares of the options of a background question.

    Attributes
    ----------
    shares : mapping
        Shares in the order of the options, by value of `by`; ``*`` for all others.
    by : str
        ``role`` or an earlier choice question (by option code).
    """

    shares: Mapping[str, tuple[float, ...]]
    by: str = "role"


@dataclass(frozen=True, slots=True)
class NumberDraw:
    """A number question: whole numbers from a gamma distribution, cut at the question's range.

    Attributes
    ----------
    mean, sd : float
        In the unit of the question.
    factors : mapping
        Factor on the mean by option code of the question `by`.
    change : float
        Standard deviation of the change between waves, as a share of the value.
    growth : float
        Added at every wave.
    """

    mean: float
    sd: float
    by: str = ""
    factors: Mapping[str, float] = field(default_factory=dict)
    change: float = 0.0
    growth: float = 0.0


def _choices() -> dict[str, ChoiceDraw]:
    return {
        "consent": ChoiceDraw({"*": (1.0, 0.0)}),
        "reuse": ChoiceDraw({"*": (0.85, 0.15)}),
        "ageband": ChoiceDraw(
            {
                "seeker": (0.03, 0.04, 0.05, 0.08, 0.12, 0.18, 0.30, 0.20),
                "carer": (0.03, 0.06, 0.10, 0.22, 0.28, 0.20, 0.09, 0.02),
                "professional": (0.06, 0.30, 0.26, 0.22, 0.15, 0.01, 0.0, 0.0),
            }
        ),
        "gender": ChoiceDraw(
            {
                "carer": (0.65, 0.34, 0.01),
                "professional": (0.80, 0.19, 0.01),
                "*": (0.57, 0.42, 0.01),
            }
        ),
        "education": ChoiceDraw(
            {"professional": (0.0, 0.0, 0.15, 0.7, 0.15), "*": (0.12, 0.28, 0.34, 0.18, 0.08)}
        ),
        "relation": ChoiceDraw({"*": (0.38, 0.26, 0.10, 0.07, 0.06, 0.06, 0.04, 0.03)}),
        "living": ChoiceDraw({"1": (0.93, 0.07), "3": (0.6, 0.4), "*": (0.15, 0.85)}, "relation"),
        "employed": ChoiceDraw({"*": (0.55, 0.45)}),
    }


def _numbers() -> dict[str, NumberDraw]:
    return {
        "hours": NumberDraw(
            18, 13, by="relation", factors={"1": 1.4, "3": 1.2, "6": 0.6, "7": 0.5}, change=0.1
        ),
        "duration": NumberDraw(6, 5, growth=0.5),
        "workhours": NumberDraw(27, 9),
        "contact": NumberDraw(14, 11, growth=6),
    }


@dataclass(frozen=True, slots=True)
class Background:
    """Background answers by question; questions left out get equal shares."""

    choices: Mapping[str, ChoiceDraw] = field(default_factory=_choices)
    numbers: Mapping[str, NumberDraw] = field(default_factory=_numbers)


@dataclass(frozen=True, slots=True)
class Sampling:
    """Who takes part. Shares are of triads unless said otherwise.

    Attributes
    ----------
    incomplete : float
        Triads that lack one of the roles other than `core`.
    core : str
        The role that every triad has; the same role may come twice.
    second : float
        Triads with two persons of the role `core`.
    shared_role, shared : str, float
        Role whose persons may belong to two triads, and the share of the triads with that
        role that take the person of the triad before; at most half.
    dropout, dropout_burden : float
        Chance that a person stops before the next wave, at average burden, and what one unit
        of the latent burden of the triad's first carer adds to its logit.
    english : float
        Share of persons who answer in the second language of the instrument.
    """

    incomplete: float = 0.10
    core: str = "carer"
    second: float = 0.08
    shared_role: str = "professional"
    shared: float = 0.15
    dropout: float = 0.10
    dropout_burden: float = 0.5
    english: float = 0.10


@dataclass(frozen=True, slots=True)
class Nuisance:
    """What goes wrong. Shares of the responses of a wave, or of cells where said.

    Attributes
    ----------
    dont_know, dont_know_informant : float
        Share of the cells; the second where an informant is asked about another person.
    skipped : float
        Share of cells.
    impossible : float
        Share of the number cells that lie above the largest possible value.
    free_text : float
        Share of responses with something in a text question.
    lower_case, trailing_blank, mistyped, no_code : float
        Share of responses whose codes are typed so; a mistyped code has O for 0.
    previews : int
        Number of preview responses in each file of Qualtrics.
    """

    dont_know: float = 0.015
    dont_know_informant: float = 0.06
    skipped: float = 0.012
    impossible: float = 0.003
    broke_off: float = 0.03
    straight: float = 0.015
    random: float = 0.015
    fast: float = 0.02
    duplicates: float = 0.02
    no_consent: float = 0.015
    empty: float = 0.006
    free_text: float = 0.12
    lower_case: float = 0.06
    trailing_blank: float = 0.04
    mistyped: float = 0.002
    no_code: float = 0.003
    previews: int = 3


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything that is true of a simulated study; its seed fixes loadings and thresholds."""

    seed: int = 20261122
    traits: Traits = Traits()
    structure: Structure = field(default_factory=Structure)
    items: Items = Items()
    background: Background = field(default_factory=Background)
    sampling: Sampling = Sampling()
    nuisance: Nuisance = Nuisance()

    def as_record(self) -> dict[str, object]:
        """Give the parameters as nested plain values for JSON."""
        return asdict(self)
