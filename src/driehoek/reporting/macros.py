"""The macros of the prose templates, as blocks of a document."""

from driehoek.reporting.document import Block
from driehoek.reporting.markup import blocks
from driehoek.reporting.templating import environment

LANGUAGES = ("nl", "en")


def prose(language: str, macro: str, *values: object, template: str = "prose") -> list[Block]:
    """Give what a macro says about these values; in English where a language has no template."""
    name = f"{template}.{language if language in LANGUAGES else 'en'}.html"
    said = getattr(environment().get_template(name).module, macro)(*values)
    return blocks(str(said))
