"""Comparison of a fitted factor model with what lavaan wrote (tests/oracle/cfa/generate.R)."""

import json
from pathlib import Path

import pandas as pd
import pytest

STORED = Path(__file__).parent / "cfa"
ESTIMATE = 1e-4  # relative: both programs stop their search near there
SE = 1e-3  # relative: lavaan's observed information is a numerical derivative
FIT = 1e-3  # relative for chi-square, absolute for indices
P = 1e-3

HOLZINGER = {
    "visual": ["x1", "x2", "x3"],
    "textual": ["x4", "x5", "x6"],
    "speed": ["x7", "x8", "x9"],
}
BFI = {scale: [f"{scale}{k}" for k in range(1, 6)] for scale in "ACENO"}

_INDICES = {
    "pvalue": "p",
    "cfi": "cfi",
    "tli": "tli",
    "rmsea": "rmsea",
    "rmsea.ci.lower": "rmsea_low",
    "rmsea.ci.upper": "rmsea_high",
}


def stored(name):
    return json.loads((STORED / name).read_text(encoding="utf-8"))


def answers(name):
    return pd.read_csv(STORED / name)


def assert_fit_agrees(fit, expected):
    for suffix, part in (("", fit.standard), (".scaled", fit.scaled), (".robust", fit.robust)):
        if part is None or expected.get("cfi" + suffix, "NA") == "NA":
            continue
        if suffix != ".robust":
            assert part.chisq == pytest.approx(expected["chisq" + suffix], rel=FIT, abs=1e-6)
            assert part.df == expected["df"]
        for theirs, ours in _INDICES.items():
            reference = expected.get(theirs + suffix, "NA")
            if reference != "NA":
                assert getattr(part, ours) == pytest.approx(reference, abs=FIT), theirs + suffix
    assert fit.srmr == pytest.approx(expected["srmr"], abs=FIT)
    assert fit.n_parameters == expected["npar"]
    if "aic" in expected:
        assert fit.aic == pytest.approx(expected["aic"], rel=1e-6)
        assert fit.bic == pytest.approx(expected["bic"], rel=1e-6)


def assert_parameters_agree(fit, record):
    """Compare all free parameters; every one must be in the reference."""
    found = fit.parameters().query("is_free")
    found = found.assign(group=found["group"].map(_positions(fit)))
    for table, columns in (
        ("parameters", {"est": "estimate", "se": "se"}),
        ("standardised", {"est.std": "standardised", "se": "standardised_se"}),
    ):
        reference = _by_name(record[table], list(columns))
        for row in found.itertuples():
            key = (frozenset((row.lhs, row.rhs)), row.op, row.group)
            if table == "standardised" and key not in reference:
                continue  # lavaan standardises no scale of a latent response
            value, se = reference[key]
            ours, our_se = (getattr(row, name) for name in columns.values())
            assert ours == pytest.approx(value, rel=ESTIMATE, abs=ESTIMATE), key
            assert our_se == pytest.approx(se, rel=SE, abs=1e-5), key


def _positions(fit):
    return {name: k + 1 for k, name in enumerate(fit.group_names)}


def _by_name(table, columns):
    rows = zip(*(table[c] for c in ("lhs", "op", "rhs", "group", *columns)), strict=True)
    return {(frozenset((a, b)), op, int(g)): (x, y) for a, op, b, g, x, y in rows}
