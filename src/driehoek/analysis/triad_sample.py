"""A random sample of triads, for analyses whose work would outgrow what they can tell."""

import numpy as np
import pandas as pd

from driehoek.job import generator
from driehoek.study import Study


def triad_sample(long: pd.DataFrame, study: Study) -> tuple[pd.DataFrame, list[str]]:
    """Give all rows of at most `plan.most_triads` triads, and a note where some were left out.

    Triads are drawn without replacement, from the seed of the study; the draw rests on the order
    of the rows, never on pseudonyms, so that another key draws the same people.

    Parameters
    ----------
    long : pandas.DataFrame
        Kept responses with ``triad``, in the order of the raw files.
    study : Study

    Returns
    -------
    pandas.DataFrame, list of str
        Rows in their order, and what a reader must know: nothing where every triad is in.
    """
    most = study.settings.plan.most_triads
    codes, triads = pd.factorize(long["triad"])
    if len(triads) <= most:
        return long, []
    is_drawn = np.zeros(len(triads), dtype=bool)
    rng = generator(study.settings.seed, "triads")
    is_drawn[rng.choice(len(triads), most, replace=False)] = True
    note = f"rests on {most} triads drawn at random from {len(triads)}"
    return long[is_drawn[codes]], [note]
