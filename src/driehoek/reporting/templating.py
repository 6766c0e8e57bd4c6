"""The templates of reports."""

from jinja2.sandbox import ImmutableSandboxedEnvironment

from driehoek.sandbox import sandbox


def environment() -> ImmutableSandboxedEnvironment:
    """Give the environment in which every template of a report is rendered."""
    return sandbox("driehoek.reporting")


def render(template: str, **values: object) -> str:
    """Render a template by its name.

    Raises
    ------
    jinja2.UndefinedError
        If the template names a value that is not given.
    """
    return environment().get_template(template).render(**values)
