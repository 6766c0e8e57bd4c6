"""What the scales mean and how they are scored."""

from driehoek.reporting import numbers
from driehoek.reporting.material import Material
from driehoek.reporting.scales import score_range, scoring_rule
from driehoek.reporting.table import Column, Row, Table, text


def scales_table(material: Material) -> Table:
    """Describe every scale of the questionnaire."""
    named = {"high_score": True, "scored_as": True, "range": False, "status": True}
    scales = material.study.questionnaire.instrument.scales
    return Table(
        "scales",
        material.word("table_scales"),
        material.word("scale"),
        tuple(Column(material.word(key), is_words=words) for key, words in named.items()),
        tuple(_row(material, name) for name in scales),
        (material.word("note_scales"),),
        material.language,
    )


def _row(material: Material, name: str) -> Row:
    scale, labels = material.study.questionnaire.instrument.scales[name], material.labels
    meaning = labels.of(scale.meaning)
    if scale.facets:
        facets = ", ".join(labels.of(facet.label) for facet in scale.facets.values())
        meaning = f"{meaning} {material.word('of_facets')}{facets}.".strip()
    words = (
        meaning,
        scoring_rule(material, name),
        _range(material, name),
        material.word(f"status_{scale.score.status}"),
    )
    return Row(labels.scale(name), tuple(text(each) for each in words))


def _range(material: Material, name: str) -> str:
    pairs = material.study.questionnaire.presentations(name)
    ranges = [score_range(material, name, role, about or "") for role, about in pairs]
    ends = [each for each in ranges if each is not None]
    if not ends:
        return numbers.ABSENT
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    decimals = 0 if low == int(low) and high == int(high) else 1
    between = " – " if low < 0 else "–"  # no dash beside a minus sign
    return between.join(numbers.decimal(end, material.language, decimals) for end in (low, high))
