"""Which waves people missed, and whether scores are missing completely at random."""

from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure
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
    found = material.results.rows("missingness", statistic="mcar_chi2")
    rows: list[Row] = []
    for role in (role for role in material.roles if any(f.role == role for f in found)):
        rows.append(Row(sentence_case(material.labels.role(role))))
        rows += [Row(material.wave_label(f.wave), _little(f), 1) for f in found if f.role == role]
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


def _little(test: Figure) -> tuple[Cell, ...]:
    return (
        estimate(test),
        number(test.df, test, "count"),
        number(test.p, test, "p"),
        number(test.n, test, "count"),
    )
