"""Answers of people who withdrew, taken out of an export before anything is written."""

from dataclasses import replace

import numpy as np
import pandas as pd

from driehoek.cleaning.withdrawn import withdrawals_of, withdrawn_line
from driehoek.ingest.export import Ingested
from driehoek.ingest.missing import number_of
from driehoek.responses import COMPLETE, CONSENT, KEYS, RESPONSE, kind_categorical
from driehoek.study import Study

KEPT_PARADATA = (RESPONSE, "is_test")


def erase_withdrawn(found: Ingested, study: Study) -> Ingested:
    """Empty the rows of people who withdrew.

    What stays is that there was a row, under its pseudonym, so that the ledger adds up.

    Parameters
    ----------
    found : Ingested
    study : Study

    Returns
    -------
    Ingested
        The same rows; those of withdrawn people without answers, times and language.

    Raises
    ------
    StudyError
        If a withdrawal is faulty.
    """
    withdrawn = withdrawals_of(study)
    if withdrawn is None:
        return found
    gone = (withdrawn_line(found.responses, withdrawn) > 0).to_numpy(dtype=bool)
    if not gone.any():
        return found
    names = set(found.responses.loc[gone, RESPONSE])
    return replace(
        found,
        responses=_emptied(found.responses, gone, set(KEYS) - {COMPLETE, CONSENT}),
        missing=_unknown(found.missing, gone),
        paradata=_emptied(found.paradata, gone, set(KEPT_PARADATA)),
        free_text=found.free_text[~found.free_text[RESPONSE].isin(names)].reset_index(drop=True),
        quarantine=found.quarantine[~found.quarantine[RESPONSE].isin(names)].reset_index(drop=True),
    )


def _emptied(table: pd.DataFrame, gone: np.ndarray, kept: set[str]) -> pd.DataFrame:
    changed = {
        str(name): column.mask(gone, _nothing(column))
        for name, column in table.items()
        if name not in kept
    }
    return table.assign(**changed)


def _nothing(column: pd.Series) -> object:
    if pd.api.types.is_bool_dtype(column):
        return False
    if pd.api.types.is_integer_dtype(column):
        return 0
    return np.nan if pd.api.types.is_float_dtype(column) else ""


def _unknown(missing: pd.DataFrame, gone: np.ndarray) -> pd.DataFrame:
    """Give every question of these rows the kind unknown."""
    unknown = number_of("unknown")
    changed = {
        str(name): kind_categorical(np.where(gone, unknown, missing[name].cat.codes))
        for name in missing
        if name != RESPONSE
    }
    return missing.assign(**changed)
