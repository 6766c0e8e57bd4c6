"""How the answers came about: flags, indices of response quality, missing answers."""

import math

from driehoek.cleaning.verdicts import LIMITS
from driehoek.reporting import numbers
from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Cell, Column, Row, Table, share
from driehoek.reporting.wording import listed, sentence_case

SIGNS = {"below": "<", "above": ">", "from": "≥"}


def excluding_flags(material: Material) -> list[str]:
    """Name the doubts for which the rules of the study leave a response out."""
    rules = material.study.settings.quality
    named = [(each.flag, getattr(rules, each.rule)) for each in LIMITS]
    return [material.named("reasons", f) for f, rule in named if rule and rule.action == "exclude"]


def missing_table(material: Material) -> Table | None:
    """Tabulate the share of answers missing by kind, where the statistics hold it."""
    return _shares(material, "missing_answers", "missing", "table_missing", "note_missing")


def flag_table(material: Material) -> Table | None:
    """Tabulate the analysed responses that carry each flag, with the limit of the study."""
    return _shares(material, "flagged", "reasons", "table_quality", "note_quality")


def index_table(material: Material) -> Table | None:
    """Tabulate the indices of response quality: mean and SD, per role and wave."""
    means = material.results.rows("quality", statistic="index_mean")
    if not means:
        return None
    terms = dict.fromkeys(figure.term for figure in means)
    rows: list[Row] = []
    for role in (role for role in material.roles if any(f.role == role for f in means)):
        rows.append(Row(sentence_case(material.labels.role(role))))
        for term in terms:
            cells = tuple(_index_cell(material, wave, role, term) for wave in material.waves)
            rows.append(Row(sentence_case(material.named("indices", term)), cells, 1))
    columns = tuple(Column(material.wave_label(wave)) for wave in material.waves)
    notes = (material.word("note_indices"), material.withheld_note)
    title, stub = material.word("table_indices"), material.word("index")
    return Table("indices", title, stub, columns, tuple(rows), notes, material.language)


def _index_cell(material: Material, wave: str, role: str, term: str) -> Cell:
    mean, sd = (
        material.results.one("quality", f"index_{part}", wave=wave, role=role, term=term)
        for part in ("mean", "sd")
    )
    return Cell("mean_sd", (mean.estimate, sd.estimate), "", mean.id, mean.reason)


def _shares(
    material: Material, statistic: str, vocabulary: str, title: str, note: str
) -> Table | None:
    figures = material.results.rows("quality", statistic=statistic)
    if not figures:
        return None
    terms = dict.fromkeys(figure.term for figure in figures)
    never = [] if statistic == "flagged" else _never(figures)
    roles = [role for role in material.roles if any(f.role == role for f in figures)]
    rows: list[Row] = []
    for role in roles:
        rows.append(Row(sentence_case(material.labels.role(role))))
        for term in (term for term in terms if term not in never):
            label = sentence_case(material.named(vocabulary, term)) + _limit(material, term)
            cells = [_share_cell(figures, wave, role, term) for wave in material.waves]
            rows.append(Row(label, tuple(cells), 1))
    columns = tuple(Column(material.wave_label(wave)) for wave in material.waves)
    notes = [material.word(note), material.withheld_note]
    if never:
        kinds = listed([material.named(vocabulary, term) for term in never], material.language)
        notes.insert(1, material.word("note_never", kinds=kinds))
    stub = material.word("flag" if statistic == "flagged" else "kind")
    name = "flags" if statistic == "flagged" else "missing"
    return Table(
        name, material.word(title), stub, columns, tuple(rows), tuple(notes), material.language
    )


def _never(figures: list[Figure]) -> list[str]:
    """Name the kinds that occur in no role and no wave."""
    return [
        term
        for term in dict.fromkeys(figure.term for figure in figures)
        if all(figure.estimate == 0 for figure in figures if figure.term == term)
    ]


def _share_cell(figures: list[Figure], wave: str, role: str, term: str) -> Cell:
    found = (f for f in figures if (f.wave, f.role, f.term) == (wave, role, term))
    figure = next(found, None)
    if figure is None:
        return Cell("count", (math.nan,))
    cell = share(figure)
    return Cell(cell.style, cell.values, "", cell.id, cell.reason, 3)


def _limit(material: Material, flag: str) -> str:
    """Give the limit that the study set for a flag, as in: (< 2)."""
    for each in LIMITS:
        rule = getattr(material.study.settings.quality, each.rule)
        if each.flag == flag and rule is not None:
            value = numbers.shortest(getattr(rule, each.limit), material.language)
            if each.flag == "mahalanobis":  # a tail probability
                return f" (p\u00a0{SIGNS[each.caught]}\u00a0{value.removeprefix('0')})"
            return f" ({SIGNS[each.caught]}\u00a0{value})"
    return ""
