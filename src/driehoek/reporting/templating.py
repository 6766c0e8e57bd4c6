"""The templates of reports, in a sandbox: a template can show its values and nothing more."""

from functools import cache

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """Give the environment in which every template is rendered; HTML is escaped."""
    return ImmutableSandboxedEnvironment(
        loader=PackageLoader("driehoek.reporting", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(template: str, **values: object) -> str:
    """Render a template by its name.

    Raises
    ------
    jinja2.UndefinedError
        If the template names a value that is not given.
    """
    return environment().get_template(template).render(**values)
