"""What goes with a factor model: dimensionality of its items, and validity of its factors."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.cfa.validity import factor_quality, htmt
from driehoek.psychometrics.dimensionality import (
    Kind,
    minimum_average_partial,
    parallel_analysis,
    sampling_adequacy,
    sphericity_test,
)
from driehoek.psychometrics.errors import TooFewDataError

Fields = dict[str, object]
N_SAMPLES: dict[Kind, int] = {"pearson": 500, "polychoric": 100}


def dimensionality_rows(
    items: pd.DataFrame, fit: CfaFit, kind: Kind, rng: np.random.Generator
) -> Iterator[Fields]:
    """Say whether factoring makes sense, and how many components the items have.

    On the correlations that the model was fitted to (polychoric for ordered items); parallel
    analysis on complete rows, on correlations of the kind given.
    """
    names = list(fit.table.items)
    sigma = fit.samples[0].sigma
    sd = np.sqrt(np.diag(sigma))
    related = pd.DataFrame(sigma / np.outer(sd, sd), index=names, columns=names)
    head: Fields = {"n": fit.n, "n_excluded": fit.n_excluded, "method": "correlations of the model"}
    try:
        adequacy, test = sampling_adequacy(related), sphericity_test(related, fit.n)
        yield head | {"statistic": "kmo", "estimate": adequacy.overall}
        yield head | {
            "statistic": "bartlett", "estimate": test.chisq, "df": test.df, "p": test.p
        }  # fmt: skip
        averages = minimum_average_partial(related)
        n_map = int(averages.loc[averages["is_minimum"], "n_components"].iloc[0])
        yield head | {"statistic": "components_map", "estimate": n_map}
    except TooFewDataError as fault:
        yield head | {"statistic": "kmo", "reason": str(fault)}
    try:
        found = parallel_analysis(items, rng=rng, kind=kind, n_samples=N_SAMPLES[kind])
    except TooFewDataError as fault:
        n = len(items.dropna())
        yield {"statistic": "components_parallel", "n": n, "reason": str(fault)}
        return
    head = {
        "n": found.n_respondents,
        "n_excluded": found.n_excluded,
        "method": f"{kind.capitalize()}, complete rows, {N_SAMPLES[kind]} samples, 95th percentile",
    }
    yield head | {"statistic": "components_parallel", "estimate": found.n_components}
    for row in found.table.to_dict("records"):
        place: Fields = {"term": str(row["component"])}
        yield head | place | {"statistic": "eigenvalue", "estimate": row["eigenvalue"]}
        yield head | place | {"statistic": "eigenvalue_random", "estimate": row["random_quantile"]}


def validity_rows(fit: CfaFit) -> Iterator[Fields]:
    """Give composite reliability and variance extracted of each factor, HTMT of each pair.

    None where an item belongs to several factors or a factor explains factors: these figures
    take each item for one factor.
    """
    named = fit.model.factors
    items = [item for members in named.values() for item in members]
    if len(set(items)) < len(items) or set(items) - set(fit.table.items):
        return
    for row in factor_quality(fit).to_dict("records"):
        head: Fields = {"group": row["factor"]}
        yield head | {"statistic": "composite_reliability", "estimate": row["reliability"]}
        yield head | {"statistic": "ave", "estimate": row["ave"]}
    if len(named) > 1 and min(map(len, named.values())) > 1:
        sigma = fit.samples[0].sigma
        sd = np.sqrt(np.diag(sigma))
        names = list(fit.table.items)
        ratios = htmt(pd.DataFrame(sigma / np.outer(sd, sd), index=names, columns=names), named)
        values = ratios.to_numpy(float)
        for i, j in combinations(range(len(named)), 2):
            pair: Fields = {"group": ratios.index[i], "term": ratios.index[j]}
            yield pair | {"statistic": "htmt", "estimate": float(values[i, j])}
