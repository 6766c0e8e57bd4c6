"""Errors of statistics that the data at hand cannot give."""


class TooFewDataError(ValueError):
    """A statistic that cannot be had from these data; the message says why, in plain words."""
