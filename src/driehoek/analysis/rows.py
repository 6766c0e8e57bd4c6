"""The one form in which every stage writes its statistics."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

STATISTICS_COLUMNS = (
    "id", "wave", "role", "about", "scale", "group", "term", "statistic",
    "estimate", "se", "df", "ci_low", "ci_high", "p", "n", "n_excluded", "method", "reason",
)  # fmt: skip
NUMERIC = ("estimate", "se", "df", "ci_low", "ci_high", "p", "n", "n_excluded")
IDENTITY = ("wave", "role", "about", "scale", "group", "term", "method", "statistic")

# What a row of a test may carry besides, for pooling; no table shows it.
COEFFICIENTS, COVARIANCE = "coefficients", "covariance"

Row = Mapping[str, object]


def statistics_frame(rows: Iterable[Row], file: str) -> pd.DataFrame:
    """Lay rows out as a statistics table with readable, unique ids.

    Parameters
    ----------
    rows : iterable of mappings
        Any of the statistics columns; those absent stay empty.
    file : str
        Name of the statistics file without its suffix; the first part of each id.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``STATISTICS_COLUMNS``: numbers as float64, the rest as text ("" if empty).

    Raises
    ------
    ValueError
        If two rows would carry the same id: a statistic must be found again by its id.
    """
    frame = pd.DataFrame(list(rows)).reindex(columns=list(STATISTICS_COLUMNS))
    for column in STATISTICS_COLUMNS:
        if column in NUMERIC:
            frame[column] = pd.to_numeric(frame[column]).astype("float64")
        else:
            words = frame[column].astype(object)
            frame[column] = words.where(words.notna(), "").astype(str)
    parts = [frame[column].where(frame[column] != "", "-") for column in IDENTITY]
    ids = pd.Series(file, index=frame.index)
    for part in parts:
        ids = ids + "/" + part
    frame["id"] = ids
    if ids.duplicated().any():
        msg = f"{file}: several rows carry the id {ids[ids.duplicated()].iloc[0]}"
        raise ValueError(msg)
    return frame


def read_statistics(path: Path) -> pd.DataFrame:
    """Read a statistics file as it was written."""
    text = {column: str for column in STATISTICS_COLUMNS if column not in NUMERIC}
    frame = pd.read_csv(
        path, dtype=text, keep_default_na=False, na_values=dict.fromkeys(NUMERIC, "")
    )
    return frame.astype(dict.fromkeys(NUMERIC, "float64"))
