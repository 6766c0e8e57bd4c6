"""Background variables in bands."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from driehoek.cleaning.ledger import LEDGER_COLUMNS
from driehoek.study_file import Derived


def derive(responses: pd.DataFrame, rules: Mapping[str, Derived]) -> pd.DataFrame:
    """Append each derived variable: the number of the band, from 0.

    A band holds its lower limit and not its upper one; the last band holds both. NaN where the
    answer is missing or outside every band.
    """
    columns = {
        name: in_bands(responses[rule.source].to_numpy(float), rule.bands)
        for name, rule in rules.items()
    }
    return pd.concat([responses, pd.DataFrame(columns, index=responses.index)], axis=1)


def in_bands(values: np.ndarray, limits: list[float]) -> np.ndarray:
    """Give the number of the band of each value; NaN outside every band."""
    band = np.searchsorted(limits, values, side="right") - 1.0
    band = np.where(values == limits[-1], len(limits) - 2, band)
    return np.where((values >= limits[0]) & (values <= limits[-1]), band, np.nan)


def derivation_entries(
    responses: pd.DataFrame, rules: Mapping[str, Derived], wave: str
) -> pd.DataFrame:
    """Give a ledger entry for each derived variable, with the number of responses banded."""
    rows = [
        {
            **dict.fromkeys(LEDGER_COLUMNS, ""),
            "wave": wave,
            "raw_row": pd.NA,
            "fate": "corrected",
            "reason": "derivation",
            "question": name,
            "detail": f"from {rule.source}, bands at {', '.join(f'{x:g}' for x in rule.bands)}; "
            f"{int(responses[name].notna().sum())} of "
            f"{int(responses[rule.source].notna().sum())} answers lie in a band",
        }
        for name, rule in rules.items()
    ]
    return pd.DataFrame(rows, columns=list(LEDGER_COLUMNS))
