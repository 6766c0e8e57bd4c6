"""Scores of a wave that was asked another version of the instrument."""

import math

import pandas as pd

from driehoek.instrument.versions import Bridge

WITHHELD = "not comparable: other items, options, keys or rule in the version of this wave"
UNTESTED = "; reworded in the version of this wave, test invariance"


def heed_version(scores: pd.DataFrame, over: Bridge) -> pd.DataFrame:
    """Withhold the scores that another version makes another measure, and mark reworded ones.

    Parameters
    ----------
    scores : pandas.DataFrame
        As `driehoek.scoring.scales.score_responses` gives them.
    over : Bridge

    Returns
    -------
    pandas.DataFrame
        The same rows. Of scales whose verdict is different, ``score`` and ``score_100`` are
        missing and ``rule`` says why; of untested ones ``rule`` says so.
    """
    rule = scores["rule"].astype("str")
    verdicts = over.scales
    verdict = scores["scale"].astype("str").map(lambda scale: verdicts.get(scale, "same"))
    is_other, is_untested = verdict == "different", verdict == "untested"
    rule = rule.mask(is_other, WITHHELD).mask(is_untested, rule + UNTESTED)
    return scores.assign(
        score=scores["score"].mask(is_other, math.nan),
        score_100=scores["score_100"].mask(is_other, math.nan),
        rule=rule.astype("category"),
    )
