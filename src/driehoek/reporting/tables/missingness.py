"""Whether scores are missing completely at random."""

from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure
from driehoek.reporting.table import Cell, Column, Row, Table, estimate, number
from driehoek.reporting.wording import sentence_case


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
