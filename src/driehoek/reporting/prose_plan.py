"""What the sentences say of reliability, agreement, correlations and comparisons."""

from dataclasses import dataclass

from driehoek.reporting import numbers
from driehoek.reporting.material import Material
from driehoek.reporting.origin import Said, over
from driehoek.reporting.prose_conduct import ends_of
from driehoek.reporting.results import Figure
from driehoek.reporting.tables.agreement import pair_words
from driehoek.reporting.tables.comparisons import compared_words

SYMBOLS = {"f_welch": "F", "friedman": "χ²", "chi2": "χ²"}


@dataclass(frozen=True, slots=True)
class Alike:
    """How far two roles or waves agree.

    Attributes
    ----------
    pair : str
        The two, in words.
    icc, difference, n : Said
    """

    pair: str
    icc: Said
    difference: Said
    n: Said


@dataclass(frozen=True, slots=True)
class Correlated:
    """A set of correlations: how many there are, in how many the interval excludes zero.

    Attributes
    ----------
    every, clear : Said
    pair : tuple of str
        The two variables with the strongest of these; empty where there is none.
    strongest : Said
    """

    every: Said
    clear: Said
    pair: tuple[str, ...]
    strongest: Said


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison of one outcome.

    Attributes
    ----------
    outcome : str
        Empty where roles or waves have one each.
    pair : str
        What is compared, where it is two.
    test : Said
        Of all groups together; without text where there are two.
    difference : Said
        Of the two; without text where there are more.
    every, clear : Said
        Pairs of groups, and those whose interval excludes zero; without text where there are two.
    """

    outcome: str
    pair: str
    test: Said
    difference: Said
    every: Said
    clear: Said


def ends(material: Material, statistic: str) -> tuple[Said, ...]:
    """Give the ends of a coefficient of reliability over the scores of the first wave."""
    file = f"reliability_{material.waves[0]}"
    return ends_of(material, material.results.rows(file, statistic=statistic, group=""))


def alike(material: Material, file: str, name: str) -> list[Alike]:
    """Gather the agreement of each pair of an entry."""
    found = material.results.rows(file, scale=name, statistic="icc_agreement")
    return [_alike(material, file, icc) for icc in found if icc.group and icc.is_present]


def _alike(material: Material, file: str, icc: Figure) -> Alike:
    keys = {"wave": icc.wave, "scale": icc.scale, "group": icc.group}
    difference = material.results.one(file, "difference", **keys)
    value = numbers.bounded(icc.estimate, material.language)
    return Alike(
        pair_words(material, file, icc.group),
        Said(f"{value}, {_interval(material, icc, is_bounded=True)}", icc.id),
        _estimate(material, difference),
        Said(material.count(icc.n), icc.id),
    )


def correlated(material: Material, name: str) -> Correlated:
    """Gather what a set of correlations says."""
    found = [f for f in material.results.rows("correlations", group=name) if f.is_present]
    clear = [figure for figure in found if figure.excludes_zero]
    number = Said(material.count(len(clear)))
    best = max(clear, key=lambda figure: abs(figure.estimate), default=None)
    if best is None:
        return Correlated(_number(material, found), number, (), Said(""))
    value = numbers.bounded(best.estimate, material.language)
    said = f"r\u00a0=\u00a0{value}, {_interval(material, best, is_bounded=True)}"
    pair = tuple(material.labels.variable(each) for each in (best.scale, best.term))
    return Correlated(_number(material, found), number, pair, Said(said, best.id))


def compared(material: Material, name: str) -> list[Compared]:
    """Gather what a comparison says of each of its outcomes."""
    found = [f for f in material.results.rows("comparisons", scale=name) if f.is_present]
    tested = [f for f in found if f.statistic in {*SYMBOLS, "difference"}]
    return [
        _compared(material, term, [figure for figure in tested if figure.term == term])
        for term in dict.fromkeys(figure.term for figure in tested)
    ]


def _compared(material: Material, term: str, found: list[Figure]) -> Compared:
    pairs = [figure for figure in found if figure.statistic == "difference"]
    tests = [figure for figure in found if figure.statistic in SYMBOLS]
    only = pairs[0] if len(pairs) == 1 and not tests else None
    none = Said("")
    return Compared(
        outcome=material.labels.variable(term) if term else "",
        pair=compared_words(material, only.group) if only else "",
        test=_test(material, tests[0]) if tests else none,
        difference=_estimate(material, only) if only else none,
        every=_number(material, pairs) if pairs and not only else none,
        clear=_clear(material, pairs) if pairs and not only else none,
    )


def _test(material: Material, test: Figure) -> Said:
    keys = {key: getattr(test, key) for key in ("wave", "role", "scale", "group", "term")}
    below = material.results.one("comparisons", f"{test.statistic}_df2", **keys)
    between = numbers.marks(material.language).between
    df = material.count(test.df)
    if below.is_present:
        df += between + numbers.decimal(below.estimate, material.language, 1)
    value = numbers.decimal(test.estimate, material.language)
    p = numbers.p_relation(test.p, material.language)
    return Said(f"{SYMBOLS[test.statistic]}({df})\u00a0=\u00a0{value}, p\u00a0{p}", test.id)


def _estimate(material: Material, figure: Figure) -> Said:
    """Write a difference with its interval and, where there is one, its p."""
    if not figure.is_present:
        return Said("")
    digits = numbers.decimals_for(figure.se)
    value = numbers.decimal(figure.estimate, material.language, digits)
    said = f"{value}, {_interval(material, figure, decimals=digits)}"
    if figure.p == figure.p:
        said += f", p\u00a0{numbers.p_relation(figure.p, material.language)}"
    return Said(said, figure.id)


def _interval(
    material: Material, figure: Figure, *, is_bounded: bool = False, decimals: int = 2
) -> str:
    level = material.word("ci", level=material.level)
    both = numbers.interval(
        figure.ci_low, figure.ci_high, material.language, is_bounded=is_bounded, decimals=decimals
    )
    return f"{level} {both}"


def _number(material: Material, counted: list[Figure]) -> Said:
    """Write how many there are, with the way to all of them."""
    return over(material.count(len(counted)), "rows", counted)


def _clear(material: Material, figures: list[Figure]) -> Said:
    """Write of how many the interval excludes zero."""
    return Said(material.count(sum(figure.excludes_zero for figure in figures)))
