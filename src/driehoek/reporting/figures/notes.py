"""What stands below a figure: what its marks mean, and how many it rests on."""

from driehoek.reporting.figures.style import Drawing
from driehoek.reporting.material import Material
from driehoek.reporting.wording import vocabulary


def figure_note(material: Material, drawing: Drawing) -> str:
    """Say what the marks of a figure mean, and the least and greatest n of what it shows."""
    key = f"note_figure_{drawing.kind}"
    known = vocabulary(material.language)
    said = [material.word(key, level=material.level)] if key in known else []
    counts = drawing.data["n"].dropna() if "n" in drawing.data else drawing.data.index[:0]
    if said and len(counts):
        low, high = material.count(counts.min()), material.count(counts.max())
        n = low if low == high else material.word("n_range", low=low, high=high)
        said.append(material.word("note_figure_n", n=n))
    return " ".join(said)
