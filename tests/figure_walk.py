"""Every number that a figure shows as text, held to the data beside it at the rounding it shows."""

import math
import re

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.ticker import ScalarFormatter

from driehoek.reporting import numbers
from driehoek.reporting.figures.likert import LEAST_LABELLED
from driehoek.reporting.figures.participation import CHANGES, TRIADS
from driehoek.reporting.figures.style import TickNumbers, house_style

SIGNS = {"nl": (".", ","), "en": (",", ".")}
SCALES = (TickNumbers, ScalarFormatter)
# A digit behind a letter is part of a name, such as a4.
NUMBER = re.compile(r"(?<![A-Za-z\d])[−-]?(?:\d+(?:[.,]\d+)*%?|[.,]\d+)")
BELOW = re.compile(r"<\s*[.,]001")  # p
COLUMNS = ("estimate", "ci_low", "ci_high", "p", "n", "n_excluded")


def faults(drawing, material):
    """Give what is wrong with the numbers that a drawing shows."""
    with house_style():
        drawing.figure.draw_without_rendering()
        FigureCanvasAgg(drawing.figure).draw()
    ticks = _tick_labels(drawing.figure)
    yield from (f"{drawing.name}: {each}" for each in _wrong_scales(ticks, material.language))
    hidden = {text for text, _, _ in ticks}
    for axes in drawing.figure.axes:
        if not (axes.axison and axes.get_visible()):
            hidden |= {axes.title, *axes.xaxis.findobj(Text), *axes.yaxis.findobj(Text)}
    texts = [t for t in drawing.figure.findobj(Text) if t.get_visible() and t not in hidden]
    if drawing.kind == "surface":  # whose ticks are values of the two predictors
        texts += [text for text, _, formatter in ticks if not isinstance(formatter, SCALES)]
    found = [n for text in texts for n in shown_numbers(text.get_text(), material)]
    wanted = WANTED.get(drawing.kind, lambda _: [])(drawing.data)
    yield from (f"{drawing.name}: {each}" for each in unmatched(found, wanted))


def alt_faults(drawing, material):
    """Give the numbers in the words of a drawing that its data do not hold."""
    data, words = drawing.data, drawing.alt
    if (data["p"] < 0.001).any():
        words = BELOW.sub("", words)
    asked = (data["estimate"] / data["n"], data["n_excluded"] / (data["n"] + data["n_excluded"]))
    shares = [100 * value for each in asked for value in each.dropna()]
    values = [value for column in COLUMNS for value in data[column].dropna()]
    values += [value for value, _, _ in WANTED.get(drawing.kind, lambda _: [])(data)]
    values += COUNTED.get(drawing.kind, lambda _: [])(data)
    for number, decimals, is_percentage in shown_numbers(words, material):
        pool = shares if is_percentage else values
        if not any(_states((v, decimals, False), (number, decimals, False)) for v in pool):
            yield f"{drawing.name}: says {number}"


def shown_numbers(words, material):
    """Give each number in words with its decimals, and whether it is a percentage.

    Names are no numbers: of waves with their dates, of the level of intervals, of the random
    eigenvalues and of the values of a moderator.
    """
    words = re.sub(r"\s+", " ", words)
    names = [material.word(key) for key in ("legend_random", "at_low", "at_high")]
    names += [f"{material.level}%"]
    names += [f"({date})" for w in material.waves if (date := material.wave_date(w))]
    for name in names:
        words = words.replace(name, "")
    for wave in material.waves:
        words = re.sub(rf"\b{re.escape(wave)}\b", "", words, flags=re.IGNORECASE)
    return [read_number(each[0], material.language) for each in NUMBER.finditer(words)]


def read_number(text, language):
    """Read a number as the language writes it; one that it would not write so is NaN."""
    thousands, point = SIGNS[language]
    bare = text.rstrip("%").replace("−", "-")
    whole, _, rest = bare.partition(point)
    is_grouped = re.fullmatch(rf"-?\d{{1,3}}(\{thousands}\d{{3}})*|-?\d*", whole)
    if not is_grouped or thousands in rest or point in rest:
        return math.nan, 0, text.endswith("%")
    plain = whole.replace(thousands, "") + (f".{rest}" if rest else "")
    return float(plain), len(rest), text.endswith("%")


def unmatched(found, wanted):
    """Give what is shown and not wanted, and what is wanted and not shown."""
    left = list(wanted)
    for shown in found:
        match = next((each for each in left if _states(each, shown)), None)
        if match is None:
            yield f"shows {shown}"
        else:
            left.remove(match)
    yield from (f"lacks {each}" for each in left)


def _states(wanted, shown):
    value, decimals, is_percentage = wanted
    number, shown_decimals, shown_percentage = shown
    is_alike = (decimals, is_percentage) == (shown_decimals, shown_percentage)
    return is_alike and abs(value - number) <= 0.5 * 10**-decimals * (1 + 1e-9)


def _tick_labels(figure):
    """Give the label, the place and the formatter of each tick in view, of axes that are drawn."""
    return [
        (label, tick.get_loc(), axis.get_major_formatter())
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        for label in (tick.label1, tick.label2)
        if axes.axison and label.get_visible()
    ]


def _wrong_scales(ticks, language):
    """Give the numbers along scales that are not their place, or not in the language's signs."""
    for label, place, formatter in ticks:
        words = label.get_text()
        if words and isinstance(formatter, SCALES):
            written = {numbers.decimal(place, language, decimals) for decimals in range(5)}
            number, decimals, _ = read_number(words, language)
            if words not in written or not abs(number - place) <= 0.5 * 10**-decimals:
                yield f"tick {words!r} at {place}"


def _of_flow(data):
    found = []
    for _, wave in data.groupby("wave"):
        for part, key in ((wave, "role"), (wave[wave["group"] == "excluded"], "term"),
                          (wave[wave["group"] == "kept"], "role")):  # fmt: skip
            found += [part["estimate"].sum(), *part.groupby(key)["estimate"].sum()]
    return [(each, 0, False) for each in found]


def _of_participation(data):
    shown = data[data["statistic"].isin(["persons", *TRIADS, *CHANGES])]
    return [(each, 0, False) for each in shown["estimate"]]


def _of_likert(data):
    shares = (100 * data["estimate"] / data["n"]).dropna()
    return [(each, 0, True) for each in shares[shares >= LEAST_LABELLED]]


def _of_missing_items(data):
    shares = 100 * data["n_excluded"] / (data["n"] + data["n_excluded"])
    return [(each, 1, False) for each in shares.dropna()]


def _of_slopes(data):
    at = data.loc[data["statistic"] == "curve_at", "estimate"]
    bounds = data.loc[data["statistic"].str.startswith("jn_bound_"), "estimate"]
    return [(each, 2, False) for each in bounds if at.min() <= each <= at.max()]


def _of_surface(data):
    at = data.loc[data["statistic"] == "surface_at", "estimate"]
    return [(each, 1, False) for each in [*at, *at]]


def _estimates(data):
    return [(each, 2, False) for each in data["estimate"].dropna()]


WANTED = {
    "correlations": _estimates,
    "flow": _of_flow,
    "likert": _of_likert,
    "missing_items": _of_missing_items,
    "participation": _of_participation,
    "path": _estimates,
    "slopes": _of_slopes,
    "surface": _of_surface,
}


def _bands(data):
    """Count the bands of each pair."""
    return data[data["statistic"] == "band_difference"].groupby("group").size().to_list()


# What the words of a figure count: items and bands.
COUNTED = {
    "bands_agreement": _bands,
    "bands_retest": _bands,
    "likert": lambda data: [data["term"].nunique()],
}
