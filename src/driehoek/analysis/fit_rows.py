"""The fit of a factor model as statistics rows."""

from collections.abc import Iterable, Iterator

from driehoek.psychometrics.cfa.fit_indices import ApproximateFit
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.invariance_table import deciding_indices

EXPLORATORY = "exploratory: found by searching these data, to be tested in others"
SATURATED = "the model has no degrees of freedom: it fits any answers, so that fit says nothing"


def fit_rows(fit: CfaFit, method: str) -> Iterator[dict[str, object]]:
    """Give the test of a model and its indices.

    ``term`` is empty for the test and the indices that decide (scaled for ordered items, robust
    where they exist), and names the kind for the others; ``method`` always ends with the kind.
    The interval of RMSEA is that of 90 %.
    """
    if fit.fit.standard.df == 0:
        yield {"statistic": "chi2", "df": 0, "method": method, "reason": SATURATED}
        return
    _, chosen = deciding_indices(fit)
    tested = "scaled" if fit.fit.scaled else "standard"
    for name in ("standard", "scaled", "robust"):
        part: ApproximateFit | None = getattr(fit.fit, name)
        if part is None:
            continue
        named = {"method": f"{method}, {name}"}
        if name != "robust":
            yield named | _test(part, "" if name == tested else name)
        yield from (named | row for row in _indices(part, "" if part is chosen else name))
    yield {"statistic": "srmr", "estimate": fit.fit.srmr, "method": method}
    yield {"statistic": "n_parameters", "estimate": fit.fit.n_parameters, "method": method}


def _test(part: ApproximateFit, term: str) -> dict[str, object]:
    return {"statistic": "chi2", "term": term, "estimate": part.chisq, "df": part.df, "p": part.p}


def _indices(part: ApproximateFit, term: str) -> Iterator[dict[str, object]]:
    yield {"statistic": "cfi", "term": term, "estimate": part.cfi}
    yield {"statistic": "tli", "term": term, "estimate": part.tli}
    yield {
        "statistic": "rmsea",
        "term": term,
        "estimate": part.rmsea,
        "ci_low": part.rmsea_low,
        "ci_high": part.rmsea_high,
    }


def note_rows(notes: Iterable[str]) -> Iterator[dict[str, object]]:
    """Give what a reader must know, one row a sentence."""
    for place, note in enumerate(notes, 1):
        yield {"statistic": "note", "term": str(place), "reason": note}
