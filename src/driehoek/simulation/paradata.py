"""Times, languages, typed codes and free text of simulated responses."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from driehoek.simulation.cells import HIDDEN, UNREACHED
from driehoek.simulation.disturb import Responses
from driehoek.simulation.truth import Truth

SECONDS_A_QUESTION = {
    "straight": (1.0, 2.5),
    "random": (1.2, 3.0),
    "fast": (0.6, 1.6),
    "no_consent": (10.0, 40.0),
    "empty": (4.0, 20.0),
}
REMARKS = {
    "nl": (
        "Fijn dat hier aandacht voor is.",
        'Mijn zus zei: "dit doen wij samen"; zo is het ook.',
        "U mag mij mailen: voorbeeld@example.org",
        "Het is zwaar, maar ik zou het zo weer doen.\nDank u wel.",
    ),
    "en": (
        "Good that someone asks.",
        'My sister said: "we do this together"; and so it is.',
        "You may write to me: sample@example.org",
        "It is heavy, but I would do it again.\nThank you.",
    ),
}


def add_paradata(
    responses: Responses,
    *,
    date: pd.Timestamp,
    languages: Sequence[str],
    truth: Truth,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Give the rows with what a platform notes beside the answers.

    Returns
    -------
    pandas.DataFrame
        The rows, then ``started`` (datetime), ``seconds`` (float), ``submitted`` (bool),
        ``language``, ``typed_triad``, ``typed_person``, ``remark`` ("" where none).
    """
    rows = responses.rows
    unfinished = rows["kind"].isin(["empty", "broke_off"]) | _stopped(responses)
    return rows.assign(
        started=_starts(rows, date, rng),
        seconds=_seconds(responses, rng),
        submitted=(~unfinished | (rows["kind"] == "no_consent")).to_numpy(),
        language=_languages(rows, languages, truth, rng),
        **_typed(rows, truth, rng),
    ).pipe(_with_remarks, truth, rng)


def _stopped(responses: Responses) -> np.ndarray:
    return np.asarray((responses.cells.to_numpy() == UNREACHED).any(axis=1))


def _starts(rows: pd.DataFrame, date: pd.Timestamp, rng: np.random.Generator) -> pd.Series:
    if rows.empty:
        return pd.Series(dtype="datetime64[s]")
    seconds = rng.integers(3 * 86400, 28 * 86400, len(rows)) // 86400 * 86400
    seconds += rng.integers(8 * 3600, 22 * 3600, len(rows))
    starts = pd.Series(date + pd.to_timedelta(seconds, unit="s"), index=rows.index)
    key = rows["person_code"] + rows["triad_code"]
    final = starts[rows["kind"] != "duplicate"].set_axis(key[rows["kind"] != "duplicate"])
    earlier = pd.to_timedelta(rng.integers(3600, 3 * 86400, len(rows)), unit="s")
    is_duplicate = rows["kind"] == "duplicate"
    starts[is_duplicate] = key[is_duplicate].map(final) - earlier[is_duplicate]
    return starts.astype("datetime64[s]")


def _seconds(responses: Responses, rng: np.random.Generator) -> np.ndarray:
    cells = responses.cells.to_numpy()
    shown = (cells != HIDDEN) & (cells != UNREACHED)
    pace = np.exp(rng.normal(np.log(6.0), 0.35, len(cells)))
    kind = responses.rows["kind"].to_numpy()
    for each, (low, high) in SECONDS_A_QUESTION.items():
        here = kind == each
        pace[here] = rng.uniform(low, high, int(here.sum()))
    seconds = np.maximum(shown.sum(axis=1), 1) * pace + rng.uniform(2, 9, len(cells))
    return np.asarray(np.round(seconds, 2))


def _languages(
    rows: pd.DataFrame, languages: Sequence[str], truth: Truth, rng: np.random.Generator
) -> np.ndarray:
    found = np.full(len(rows), languages[0], dtype=object)
    if len(languages) > 1:
        found[rng.random(len(rows)) < truth.sampling.english] = languages[1]
    return found


def _typed(rows: pd.DataFrame, truth: Truth, rng: np.random.Generator) -> dict[str, np.ndarray]:
    nuisance, n = truth.nuisance, len(rows)
    lower, blank, wrong, without = rng.random((4, n))
    typed = {}
    for name in ("triad", "person"):
        codes = rows[f"{name}_code"].to_numpy(dtype=object).copy()
        for i in np.flatnonzero(lower < nuisance.lower_case):
            codes[i] = codes[i].lower()
        for i in np.flatnonzero(wrong < nuisance.mistyped):
            codes[i] = codes[i].replace("0", "O", 1)
        for i in np.flatnonzero(blank < nuisance.trailing_blank):
            codes[i] += " "
        if name == "triad":
            codes[without < nuisance.no_code] = ""
        typed[f"typed_{name}"] = codes
    return typed


def _with_remarks(rows: pd.DataFrame, truth: Truth, rng: np.random.Generator) -> pd.DataFrame:
    remarks = np.full(len(rows), "", dtype=object)
    writes = (rng.random(len(rows)) < truth.nuisance.free_text) & rows["submitted"]
    for i in np.flatnonzero(writes & (rows["kind"] != "no_consent")):
        known = REMARKS.get(str(rows["language"].iloc[i]), REMARKS["en"])
        remarks[i] = known[int(rng.integers(len(known)))]
    return rows.assign(remark=remarks)
