"""Templates of what people read: HTML by Jinja, PDF by Typst; each gets plain data only."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import yaml

from driehoek.files import replacing
from driehoek.sandbox import sandbox

PACKAGE = "driehoek.deploy"
OTHERWISE = "en"


@cache
def words(language: str) -> Mapping[str, str]:
    """Give our own words in a language; English where there are none in it."""
    folder = files(PACKAGE) / "templates"
    file = folder / f"words.{language}.yaml"
    if not file.is_file():
        file = folder / f"words.{OTHERWISE}.yaml"
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {str(name): str(text) for name, text in found.items()}


def render(template: str, **values: object) -> str:
    """Render an HTML template; every value is escaped.

    Raises
    ------
    jinja2.UndefinedError
        If the template names a value that is not given.
    """
    return sandbox(PACKAGE).get_template(template).render(**values)


def typeset(path: Path, template: str, values: Mapping[str, Any]) -> None:
    """Typeset a Typst template as PDF/UA-1, which screen readers need.

    No network is used and no font of the machine, so the same data give the same file.

    Parameters
    ----------
    path : pathlib.Path
    template : str
    values : mapping
        Plain data; the template reads it as JSON, so no text is ever taken for markup.
    """
    import typst  # 84 MB; loaded where a PDF is written

    data = json.dumps(values, ensure_ascii=False)
    with (
        as_file(files(PACKAGE) / "templates" / template) as source,
        replacing(path) as draft,
    ):
        typst.compile(
            str(source),
            output=str(draft),
            format="pdf",
            sys_inputs={"data": data},
            pdf_standards="ua-1",
            ignore_system_fonts=True,
        )
