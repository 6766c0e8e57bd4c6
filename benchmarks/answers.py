"""Simulated data that the benchmarks compute on; nobody answered these questions."""

import numpy as np
import pandas as pd

SEED = 20261122
SCALES = {scale: [f"{scale}{item}" for item in range(1, 6)] for scale in "ACENO"}
CUTS = np.array([-1.5, -0.8, -0.2, 0.5, 1.2])


def inventory(rows: int, *, missing_share: float = 0.0) -> pd.DataFrame:
    """Draw answers to five scales of five items with six options.

    Parameters
    ----------
    rows : int
    missing_share : float
        Share of answers missing completely at random, 0 to 1.

    Returns
    -------
    pandas.DataFrame, shape (rows, 25)
        1 to 6, NaN where missing; loadings .5 to .8, factors correlated .3.
    """
    rng = np.random.default_rng(SEED)
    traits = rng.multivariate_normal(np.zeros(5), 0.7 * np.eye(5) + 0.3, size=rows)
    loadings = np.tile(np.linspace(0.5, 0.8, 5), 5)
    noise = rng.standard_normal((rows, 25)) * np.sqrt(1 - loadings**2)
    latent = np.repeat(traits, 5, axis=1) * loadings + noise
    answers = 1.0 + np.searchsorted(CUTS, latent)
    answers[rng.random(answers.shape) < missing_share] = np.nan
    return pd.DataFrame(answers, columns=[item for items in SCALES.values() for item in items])


def single_scale(rows: int) -> pd.DataFrame:
    """Draw answers, 1 to 6, to ten items of one factor with loadings .5 to .8."""
    rng = np.random.default_rng(SEED)
    loadings = np.tile(np.linspace(0.5, 0.8, 5), 2)
    noise = rng.standard_normal((rows, 10)) * np.sqrt(1 - loadings**2)
    latent = rng.standard_normal((rows, 1)) * loadings + noise
    names = [f"q{item}" for item in range(1, 11)]
    return pd.DataFrame(1.0 + np.searchsorted(CUTS, latent), columns=names)


def person_waves(triads: int) -> pd.DataFrame:
    """Draw an outcome of three roles in three waves.

    Returns
    -------
    pandas.DataFrame
        Columns ``triad, person, role, wave`` (0 to 2), ``trust`` and ``burden``; nine rows a triad.
    """
    rng = np.random.default_rng(SEED)
    triad = np.repeat(np.arange(triads), 9)
    person = np.repeat(np.arange(3 * triads), 3)
    role = np.tile(np.repeat(["carer", "professional", "seeker"], 3), triads)
    wave = np.tile(np.arange(3.0), 3 * triads)
    trust = rng.standard_normal(9 * triads)
    burden = 3 + 0.1 * wave - 0.3 * trust + 0.4 * (role == "carer")
    burden += 0.6 * rng.standard_normal(triads)[triad]
    burden += 0.8 * rng.standard_normal(3 * triads)[person]
    burden += 0.9 * rng.standard_normal(9 * triads)
    return pd.DataFrame(
        {"triad": triad, "person": person, "role": role, "wave": wave, "trust": trust}
        | {"burden": burden}
    )


def sixty_items(rows: int) -> pd.DataFrame:
    """Draw answers to sixty items with five options, 3 % of them missing, as text codes."""
    rng = np.random.default_rng(SEED)
    codes = rng.choice(
        ["", "1", "2", "3", "4", "5"], (rows, 60), p=[0.03, 0.1, 0.2, 0.3, 0.25, 0.12]
    )
    return pd.DataFrame(codes, columns=[f"i{item:02d}" for item in range(1, 61)])


def ten_item_scales(n_scales: int) -> str:
    """Write an instrument of so many scales of ten items, every third item reversed."""
    head = """id: scales
version: 0.1.0
status: draft
licence: CC-BY-4.0
title: {nl: schalen, en: scales}
languages: [nl, en]
roles: {carer: {letter: c, label: {nl: mantelzorger, en: carer}}}
responses:
  agree:
    options:
"""
    options = [
        f'      - {{code: "{n}", value: {n}, label: {{nl: "{n}", en: "{n}"}}}}' for n in range(1, 6)
    ]
    names = [f"i{item:02d}" for item in range(1, 10 * n_scales + 1)]
    items = [
        f'  {name}: {{response: agree, keyed: "{"-" if place % 3 == 2 else "+"}", '
        f"text: {{nl: {name} nl, en: {name} en}}, ask: {{{name}: {{role: carer}}}}}}"
        for place, name in enumerate(names)
    ]
    scales = [
        f"  s{n + 1}: {{label: {{nl: s{n + 1}, en: s{n + 1}}}, "
        f"items: [{', '.join(names[10 * n : 10 * n + 10])}], "
        "score: {method: mean, of: items, min_answered: 0.75}}"
        for n in range(n_scales)
    ]
    return head + "\n".join([*options, "items:", *items, "scales:", *scales, ""])
