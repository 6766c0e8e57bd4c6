"""The sandbox in which templates are rendered: they can show their values and nothing more."""

from functools import cache

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment


@cache
def sandbox(package: str) -> ImmutableSandboxedEnvironment:
    """Give the environment for the templates of a package; HTML is escaped."""
    return ImmutableSandboxedEnvironment(
        loader=PackageLoader(package, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
