"""The ledger: every raw row with its fate and the reason."""

from collections.abc import Sequence

import pandas as pd

from driehoek.problems import AnswersError, Problem

LEDGER_COLUMNS = (
    "response",
    "wave",
    "export",
    "role",
    "raw_row",
    "fate",
    "reason",
    "question",
    "detail",
)
COUNT_COLUMNS = ("wave", "export", "role", "fate", "reason", "n")


def wave_ledger(
    responses: pd.DataFrame, reasons: pd.DataFrame, entries: Sequence[pd.DataFrame] = ()
) -> pd.DataFrame:
    """Write down the fate of every raw row, then corrections and derivations.

    Parameters
    ----------
    responses : pandas.DataFrame
        Every raw row of the wave.
    reasons : pandas.DataFrame
        The same rows: ``reason`` ("" where the row is kept) and ``detail``.
    entries : sequence of pandas.DataFrame
        Further entries with columns `LEDGER_COLUMNS`; their fate is ``corrected``.
    """
    rows = responses[["response", "wave", "export", "role", "raw_row"]].copy()
    is_kept = reasons["reason"].to_numpy() == ""
    rows["fate"] = pd.Series(is_kept, index=rows.index).map({True: "kept", False: "excluded"})
    rows["reason"] = reasons["reason"].to_numpy()
    rows["question"] = ""
    rows["detail"] = reasons["detail"].to_numpy()
    tables = [rows, *(table for table in entries if len(table))]
    whole = pd.concat(tables, ignore_index=True)[list(LEDGER_COLUMNS)]
    texts = dict.fromkeys([name for name in LEDGER_COLUMNS if name != "raw_row"], "str")
    return whole.astype({**texts, "raw_row": "Int64"})


def check_balance(ledger: pd.DataFrame, n_raw: int, n_kept: int, wave: str) -> None:
    """Check that kept and excluded rows add up to the raw rows.

    Raises
    ------
    AnswersError
        If a row is lost, counted twice, or without a fate.
    """
    fates = ledger.loc[ledger["fate"] != "corrected"]
    counts = fates["fate"].value_counts()
    kept, excluded = int(counts.get("kept", 0)), int(counts.get("excluded", 0))
    if (kept, kept + excluded) == (n_kept, n_raw) and fates["response"].is_unique:
        return
    found = (
        f"the ledger holds {kept} kept and {excluded} excluded rows; "
        f"the clean table holds {n_kept} and the raw files {n_raw}"
    )
    raise AnswersError(
        [Problem(f"wave {wave}", found, "kept + excluded = raw rows", "report this as a fault")]
    )


def ledger_counts(ledgers: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Count entries of all waves by wave, export, role, fate and reason; names no one.

    Returns
    -------
    pandas.DataFrame
        Columns `COUNT_COLUMNS`. Rows with fate ``kept`` and ``excluded`` add up to the raw
        rows; ``corrected`` counts corrections and derived variables.
    """
    everything = pd.concat(ledgers, ignore_index=True)
    by = [name for name in COUNT_COLUMNS if name != "n"]
    counts = everything.groupby(by, sort=False, observed=True).size().rename("n").reset_index()
    order = {wave: i for i, wave in enumerate(dict.fromkeys(everything["wave"]))}
    fates = {"kept": 0, "excluded": 1, "corrected": 2}
    ranks = counts.assign(wave=counts["wave"].map(order), fate=counts["fate"].map(fates))
    return counts.loc[ranks.sort_values(by, kind="stable").index].reset_index(drop=True)
