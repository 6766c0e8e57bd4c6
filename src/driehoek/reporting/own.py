"""A study's own sections: Jinja2 templates in a sandbox, with the statistics at hand."""

from pathlib import Path

from jinja2 import TemplateError

from driehoek.problems import Problem, StudyError, name_of
from driehoek.reporting import numbers
from driehoek.reporting.document import Block
from driehoek.reporting.markup import MarkupError, blocks
from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure
from driehoek.reporting.templating import environment

ALLOWED = "Jinja2 with p, h3, ul, li, strong, em, sup and a; values as the guide lists them"


def own_blocks(material: Material, path: Path) -> list[Block]:
    """Render a section that a study wrote itself.

    The template is given ``language``, ``title``, ``statistic(id)`` (a row of the statistics) and
    ``number(id, decimals)`` (its estimate as the language writes it).

    Raises
    ------
    StudyError
        If the template cannot be rendered, asks for more than it is given, names a statistic that
        is not there, or says what prose has no form for.
    """
    by_id = material.results.by_id

    def statistic(name: str) -> Figure:
        if name not in by_id:
            msg = f"there is no statistic with the id {name!r}"
            raise LookupError(msg)
        return by_id[name]

    def number(name: str, decimals: int = 2) -> str:
        return numbers.decimal(statistic(name).estimate, material.language, decimals)

    try:
        template = environment().from_string(path.read_text(encoding="utf-8"))
        said = template.render(
            language=material.language,
            title=material.labels.of(material.study.settings.title),
            statistic=statistic,
            number=number,
        )
        return blocks(said)
    except (TemplateError, LookupError, MarkupError, OSError, TypeError) as fault:
        mend = "mend the template, or take it out of report: sections"
        problem = Problem(name_of(path), str(fault), ALLOWED, mend, check="report")
        raise StudyError([problem]) from fault
