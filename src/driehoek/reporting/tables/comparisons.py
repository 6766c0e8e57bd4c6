"""Comparisons of groups, roles and waves."""

import math
from collections.abc import Iterator

from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Cell, Column, Row, Table, ends, estimate, number
from driehoek.reporting.tables.estimates import Block, estimate_cells, estimates_table
from driehoek.reporting.wording import listed

TESTS = (
    "f_welch", "omega2", "h", "epsilon2", "friedman", "kendall_w", "chi2", "cramers_v",
    "expected_min", "fisher", "difference", "p_holm", "g", "d_z", "u", "w", "rank_biserial",
)  # fmt: skip

SIZES = {"g": "g", "d_z": "d", "omega2": "ω²", "cramers_v": "V"}
PAIRED = "games_howell"  # the difference of a pair among several groups


def comparison_tables(material: Material, name: str) -> list[Table]:
    """Tabulate the means that are compared, the tests, and pairs of several groups."""
    tables = _means(material, name), _tests(material, name), _pairs(material, name)
    return [table for table in tables if table.rows]


def _title(material: Material, key: str, name: str) -> str:
    plan = material.study.settings.plan.comparisons[name]
    sample = material.sample_within("all" if plan.by == "waves" else plan.wave or material.waves[0])
    return material.word(key, title=material.labels.of(plan.title) or name, sample=sample)


def _notes(material: Material, name: str) -> list[str]:
    plan = material.study.settings.plan.comparisons[name]
    figures = material.results.rows("comparisons", scale=name, statistic="note")
    primary = plan.persons == "primary"
    notes = [material.rows_note if primary else material.word("note_compare_all")]
    notes += _counted(material, name)
    notes += [material.labels.sentence(figure.reason) for figure in figures]
    if plan.status == "exploratory":
        notes.append(material.word("note_exploratory"))
    return [*notes, material.withheld_note]


def _means(material: Material, name: str) -> Table:
    figures = material.results.rows("comparisons", scale=name, statistic="mean")
    rows: list[Row] = []
    for outcome in dict.fromkeys(figure.term for figure in figures):
        if outcome:
            rows.append(Row(material.labels.variable(outcome)))
        rows += [
            Row(compared_words(material, f.group), _mean_cells(material, f), int(bool(outcome)))
            for f in figures
            if f.term == outcome
        ]
    heads = ("n", material.word("mean"), material.word("sd"),
             material.word("ci", level=material.level))  # fmt: skip
    return Table(
        f"comparison_{name}",
        _title(material, "table_comparison", name),
        material.word("compared"),
        tuple(Column(head) for head in heads),
        tuple(rows),
        (material.word("note_means"), *_notes(material, name)),
        material.language,
    )


def _mean_cells(material: Material, mean: Figure) -> tuple[Cell, ...]:
    keys = {"wave": mean.wave, "role": mean.role, "scale": mean.scale}
    sd = material.results.one("comparisons", "sd", group=mean.group, term=mean.term, **keys)
    return (
        number(mean.n, mean, "count"),
        estimate(mean),
        estimate(sd),
        ends(mean),
    )


def _tests(material: Material, name: str) -> Table:
    return estimates_table(
        material,
        f"comparison_{name}_tests",
        _title(material, "table_comparison_tests", name),
        _blocks(material, name),
        (*_test_notes(material, name), *_notes(material, name)),
        material.word("test"),
    )


def _counted(material: Material, name: str) -> list[str]:
    """Say on how many rows the tests rest."""
    figures = [figure for _, found in _blocks(material, name) for _, figure in found]
    counts = [figure.n for figure in figures if not math.isnan(figure.n)]
    if not counts:
        return []
    low, high = material.count(min(counts)), material.count(max(counts))
    span = low if low == high else material.word("n_range", low=low, high=high)
    return [material.word("note_comparison_n", n=span)]


def _test_notes(material: Material, name: str) -> Iterator[str]:
    """Say how the tests and sizes that stand in the table were made."""
    figures = [figure for _, found in _blocks(material, name) for _, figure in found]
    shown, methods = {f.statistic for f in figures}, {f.method for f in figures}
    if "welch" in methods:
        yield material.word("note_comparison_means")
    if "paired_t" in methods:
        yield material.word("note_comparison_paired")
    sizes = [symbol for statistic, symbol in SIZES.items() if statistic in shown]
    if sizes:
        listed_sizes = listed(sizes, material.language)
        yield material.word("note_comparison_effects", sizes=listed_sizes)
    if "rank_biserial" in shown:
        yield material.word("note_comparison_ranks")
    if "omega2" in shown:
        yield material.word("note_comparison_omega")


def _pairs(material: Material, name: str) -> Table:
    """Tabulate a row for each pair of several groups: its difference and Hedges' g."""
    figures = material.results.rows("comparisons", scale=name, statistic="difference")
    chosen = [f for f in figures if f.method == PAIRED]
    terms = dict.fromkeys(f.term for f in chosen)
    rows: list[Row] = []
    for term in terms:
        if len(terms) > 1:
            rows.append(Row(material.labels.variable(term)))
        rows += [
            Row(compared_words(material, f.group), _pair_cells(material, f), int(len(terms) > 1))
            for f in chosen
            if f.term == term
        ]
    level = material.word("ci", level=material.level)
    heads = (material.word("difference"), material.word("se"), material.word("df"), level, "p",
             material.named("comparison", "g"), level)  # fmt: skip
    return Table(
        f"comparison_{name}_pairs",
        _title(material, "table_comparison_pairs", name),
        material.word("compared"),
        tuple(Column(head) for head in heads),
        tuple(rows),
        (material.word("note_comparison_pairs"), *_notes(material, name)),
        material.language,
    )


def _pair_cells(material: Material, difference: Figure) -> tuple[Cell, ...]:
    keys = {key: getattr(difference, key) for key in ("wave", "scale", "group", "term")}
    g = material.results.rows("comparisons", statistic="g", **keys)
    size = g[0] if g else Figure()
    return (*estimate_cells(difference), estimate(size), ends(size))


def _blocks(material: Material, name: str) -> Iterator[Block]:
    figures = [
        figure
        for figure in material.results.rows("comparisons", scale=name)
        if figure.statistic in TESTS
    ]
    paired = {(f.term, f.group) for f in figures if f.method == PAIRED}
    figures = [f for f in figures if (f.term, f.group) not in paired]
    has_outcomes = len({figure.term for figure in figures}) > 1
    for term, group in dict.fromkeys((figure.term, figure.group) for figure in figures):
        own = [f for f in figures if (f.term, f.group) == (term, group)]
        own.sort(key=lambda f: TESTS.index(f.statistic))
        outcome = material.labels.variable(term) if term and (has_outcomes or not group) else ""
        heading = ": ".join(each for each in (outcome, compared_words(material, group)) if each)
        yield heading, [(_named(material, figure), figure) for figure in own]


def _named(material: Material, figure: Figure) -> str:
    key = figure.statistic
    return material.named("comparison", f"{key}_{figure.method}" if key == "difference" else key)


def compared_words(material: Material, group: str) -> str:
    """Name the groups, roles or waves that are compared."""
    return " – ".join(material.labels.level_of(each) for each in group.split(" - ") if each)
