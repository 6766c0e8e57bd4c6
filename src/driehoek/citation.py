"""How to cite the software."""

from importlib.metadata import version
from typing import Literal

TITLE = "driehoek: from a questionnaire about the triad of help to a reviewed paper"
AUTHOR = "The driehoek maintainers"
YEAR = 2026


def citation(form: Literal["text", "bibtex"]) -> str:
    """Give the reference to this version of driehoek, as APA text or as BibTeX."""
    release = version("driehoek")
    if form == "text":
        return f"{AUTHOR} ({YEAR}). {TITLE} (Version {release}) [Computer software]."
    return (
        f"@software{{driehoek,\n  author = {{{{{AUTHOR}}}}},\n  title = {{{TITLE}}},\n"
        f"  version = {{{release}}},\n  year = {{{YEAR}}}\n}}"
    )
