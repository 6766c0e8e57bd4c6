"""The canonical tables of answers: their columns, and reading and writing them."""

from pathlib import Path
from typing import Final, Literal, get_args

import numpy as np
import pandas as pd

from driehoek.files import write_parquet

MissingKind = Literal[
    "not_shown", "planned", "skipped", "dont_know", "broke_off", "invalid", "unknown"
]
MISSING_KINDS: Final[tuple[MissingKind, ...]] = get_args(MissingKind)
KIND_CATEGORIES: Final = ("", *MISSING_KINDS)

RESPONSE, RAW_ROW, WAVE, EXPORT, ROLE = "response", "raw_row", "wave", "export", "role"
TRIAD, PERSON, COMPLETE, CONSENT = "triad", "person", "complete", "consent"
KEYS: Final = (RESPONSE, RAW_ROW, WAVE, EXPORT, ROLE, TRIAD, PERSON, COMPLETE, CONSENT)
TEXT_KEYS: Final = (RESPONSE, WAVE, EXPORT, ROLE, TRIAD, PERSON, CONSENT)

PARADATA: Final = (
    RESPONSE,
    "started",
    "submitted",
    "duration_seconds",
    "item_seconds",
    "language",
    "n_shown",
    "n_answered",
    "is_test",
    "invitation",
    "triad_bare",
    "person_bare",
)
CHECK_PREFIX: Final = "check_"


def kind_categorical(kinds: np.ndarray) -> pd.Categorical:
    """Turn numbers of missing kinds (0 answered, 1.. as in MISSING_KINDS) into a categorical."""
    return pd.Categorical.from_codes(kinds, categories=pd.Index(KIND_CATEGORIES, dtype="str"))


def question_columns(responses: pd.DataFrame) -> list[str]:
    """Give the columns of a table of responses or of missing kinds that hold questions."""
    return [column for column in responses.columns if column not in KEYS]


def read_responses(path: Path) -> pd.DataFrame:
    """Read ``responses.parquet``: keys as text, questions as float64, NaN where missing."""
    return pd.read_parquet(path)


def read_missing(path: Path) -> pd.DataFrame:
    """Read ``missing.parquet``: ``response`` and a categorical for each question.

    The categories are ``KIND_CATEGORIES``: empty where answered, else the missing kind.
    """
    missing = pd.read_parquet(path)
    categories = pd.CategoricalDtype(pd.Index(KIND_CATEGORIES, dtype="str"))
    return missing.astype(dict.fromkeys(missing.columns.drop(RESPONSE), categories))


def read_paradata(path: Path) -> pd.DataFrame:
    """Read ``paradata.parquet``: one row a response, columns ``PARADATA`` and the checks."""
    return pd.read_parquet(path)


def write_responses(path: Path, responses: pd.DataFrame) -> None:
    """Write a table of responses; the key columns come first.

    Raises
    ------
    ValueError
        If a key column other than ``raw_row`` (which clean tables lack) is absent.
    """
    absent = [key for key in KEYS if key != RAW_ROW and key not in responses.columns]
    if absent:
        msg = f"a table of responses without {', '.join(absent)}"
        raise ValueError(msg)
    keys = [key for key in KEYS if key in responses.columns]
    write_parquet(path, responses[keys + question_columns(responses)])


def write_missing(path: Path, missing: pd.DataFrame) -> None:
    """Write a table of missing kinds."""
    write_parquet(path, missing)


def write_paradata(path: Path, paradata: pd.DataFrame) -> None:
    """Write the paradata."""
    write_parquet(path, paradata)
