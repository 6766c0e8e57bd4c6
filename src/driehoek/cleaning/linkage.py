"""Who stands for a role in a triad, and what does not fit in the ties between people."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.cleaning.withdrawn import read_withdrawn_rows, withdrawal_detail

MOST = "most_"
FIRST = "first"
ALONE = ("seeker",)
DUPLICATE, COUNTS_INSTEAD = "duplicate_response", "counts instead: "
ONE_INVITATION = " (one invitation)"
FINDING_COLUMNS = ("finding", "wave", "triad", "person", "role", "response", "detail")


def unmatched_withdrawals(path: Path, ledgers: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """List the lines of the withdrawals that named no response in any wave.

    A code mistyped there would leave in the answers of someone who asked to be left out.

    Returns
    -------
    pandas.DataFrame
        Columns `FINDING_COLUMNS`; ``detail`` names the row of the file, never a code.
    """
    details = set(pd.concat(ledgers)["detail"])
    rows = read_withdrawn_rows(path)
    lost = [row for row in rows if withdrawal_detail(row) not in details]
    records = [
        dict.fromkeys(FINDING_COLUMNS, "")
        | {"finding": "withdrawal_without_response", "detail": f"{path.name}, row {row}"}
        for row in lost
    ]
    return pd.DataFrame(records, columns=list(FINDING_COLUMNS))


def duplicates(responses: pd.DataFrame, ledgers: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """List the responses left out because another one of the same person counts.

    duplicate_in_export
        Both stand in one export: answered twice, or a copy.
    duplicate_across_exports
        They stand in two exports: another platform, or an export made again.

    Parameters
    ----------
    responses : pandas.DataFrame
        Kept responses, for the codes of the one that counts.
    ledgers : sequence of pandas.DataFrame
        Of every wave.

    Returns
    -------
    pandas.DataFrame
        Columns `FINDING_COLUMNS`; ``detail`` names the response that counts.
    """
    ledger = pd.concat(ledgers, ignore_index=True)
    left_out = ledger[ledger["reason"] == DUPLICATE]
    detail = left_out["detail"].str.removeprefix(COUNTS_INSTEAD)
    counting = detail.str.removesuffix(ONE_INVITATION)
    export = ledger[ledger["fate"] != "corrected"].set_index("response")["export"]
    is_same = (export.reindex(counting).to_numpy() == left_out["export"].to_numpy()).astype(bool)
    codes = responses.set_index("response")[["triad", "person"]].reindex(counting).fillna("")
    table = left_out.assign(
        finding=np.where(is_same, "duplicate_in_export", "duplicate_across_exports"),
        triad=codes["triad"].to_numpy(),
        person=codes["person"].to_numpy(),
    )
    return table[list(FINDING_COLUMNS)].astype("str").reset_index(drop=True)


def is_primary(responses: pd.DataFrame, rules: Mapping[str, str]) -> pd.Series:
    """Tell which response stands for its role in its triad and wave.

    ``most_<question>`` takes the highest answer (no answer is lowest); ties, and roles without
    a rule, go to the first in raw order. Pseudonyms never decide: another key would choose
    other people.

    Parameters
    ----------
    responses : pandas.DataFrame
        Kept responses of any waves, in raw order within a wave.

    Returns
    -------
    pandas.Series of bool
        True once for each triad, wave and role.
    """
    rank = np.zeros(len(responses))
    for role, rule in rules.items():
        if rule != FIRST:
            rows = (responses["role"] == role).to_numpy(bool)
            answers = responses.loc[rows, rule.removeprefix(MOST)].to_numpy(float)
            rank[rows] = -np.nan_to_num(answers, nan=-np.inf)
    order = np.lexsort((np.arange(len(responses)), rank))
    ranked = responses[["triad", "wave", "role"]].iloc[order]
    return (~ranked.duplicated()).reindex(responses.index)


def findings(responses: pd.DataFrame) -> pd.DataFrame:
    """List the ties between people that do not fit; nothing is changed.

    second_seeker
        Further seekers of a triad in a wave: only one person receives the support.
    role_conflict
        A person in more than one role, in one wave or over waves.
    several_triads
        A seeker or carer in more than one triad; professionals may be.
    no_person_code
        A response that cannot be tied to other waves.

    Parameters
    ----------
    responses : pandas.DataFrame
        Kept responses of one wave or more.

    Returns
    -------
    pandas.DataFrame
        Columns `FINDING_COLUMNS`, a row for each response concerned.
    """
    tables = [table for table in _findings(responses) if len(table)]
    if not tables:
        return pd.DataFrame(columns=list(FINDING_COLUMNS))
    return pd.concat(tables, ignore_index=True)


def _findings(responses: pd.DataFrame) -> Iterator[pd.DataFrame]:
    alone = responses[responses["role"].isin(ALONE)]
    by_triad = alone.groupby(["wave", "triad", "role"], sort=False, observed=True)
    size = by_triad["response"].transform("size")
    yield _listed(alone[size > 1], "second_seeker", size[size > 1], "responses of this role")
    known = responses[responses["person"] != ""]
    roles = known.groupby("person", sort=False)["role"].transform("nunique")
    yield _listed(known[roles > 1], "role_conflict", roles[roles > 1], "roles")
    lay = known[known["role"] != "professional"]
    triads = lay.groupby("person", sort=False)["triad"].transform("nunique")
    yield _listed(lay[triads > 1], "several_triads", triads[triads > 1], "triads")
    nobody = responses[responses["person"] == ""]
    yield _listed(nobody, "no_person_code", pd.Series(0, index=nobody.index), "person codes")


def _listed(responses: pd.DataFrame, finding: str, count: pd.Series, what: str) -> pd.DataFrame:
    detail = count.astype(int).astype("str") + f" {what}"
    table = responses.assign(finding=finding, detail=detail)
    return table[list(FINDING_COLUMNS)]
