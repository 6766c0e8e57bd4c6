"""Errors of factor models, each worded for the researcher who meets it."""


class FactorModelError(ValueError):
    """A factor model that contradicts itself or the data; the message names every fault."""


class NotEstimableError(ValueError):
    """A well-formed factor model that these data cannot estimate; the message says why."""
