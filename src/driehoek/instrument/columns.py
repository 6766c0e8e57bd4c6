"""Names of columns that follow from the instrument."""


def score_column(scale: str, facet: str, about: str | None) -> str:
    """Give the name of a score's column: ``<scale>[.<facet>][.about_<role>]``."""
    target = f".about_{about}" if about else ""
    return f"{scale}.{facet}{target}" if facet else f"{scale}{target}"
