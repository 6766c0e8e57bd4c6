"""Which waves people missed, and whether scores are missing completely at random."""

from driehoek.reporting.material import Material
from driehoek.reporting.table import Cell, Column, Row, Table, estimate, number, text
from driehoek.reporting.wording import sentence_case


def wave_pattern_table(material: Material) -> Table:
    """Tabulate persons by the waves they answered, one column a role."""
    found = {
        (f.term, f.role): f for f in material.results.rows("missingness", statistic="wave_pattern")
    }
    roles = [role for role in material.roles if any(role == own for _, own in found)]
    rows = [
        Row(
            ", ".join(term.split()),
            tuple(
                Cell("share", (f.estimate, f.n), "", f.id, f.reason)
                if (f := found.get((term, role)))
                else text("")
                for role in roles
            ),
        )
        for term in dict.fromkeys(term for term, _ in found)
    ]
    returned = {f.role: f for f in material.results.rows("missingness", statistic="returned")}
    if returned:
        cells = tuple(estimate(returned[role], "count") for role in roles)
        rows.append(Row(material.word("returned"), cells))
    return Table(
        "wave_patterns",
        material.word("table_wave_patterns"),
        material.word("waves_answered"),
        tuple(Column(sentence_case(material.labels.role(role))) for role in roles),
        tuple(rows),
        (material.word("note_wave_patterns"), material.withheld_note),
        material.language,
    )


def random_table(material: Material) -> Table:
    """Tabulate Little's test of each role and wave."""
    rows = [
        Row(
            f"{sentence_case(material.labels.role(f.role))}, {material.wave_label(f.wave).lower()}",
            (
                estimate(f),
                number(f.df, f, "count"),
                number(f.p, f, "p"),
                number(f.n, f, "count"),
            ),
        )
        for f in material.results.rows("missingness", statistic="mcar_chi2")
    ]
    heads = ("χ²", material.word("df"), "p", material.word("n"))
    return Table(
        "missing_at_random",
        material.word("table_random"),
        material.word("role"),
        tuple(Column(head) for head in heads),
        tuple(rows),
        (material.word("note_random"),),
        material.language,
    )
