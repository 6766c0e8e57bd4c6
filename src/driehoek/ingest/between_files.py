"""Codes of one file that nearly match codes of another: reported beside the raw data."""

from collections.abc import Mapping, Set

import pandas as pd

from driehoek.ingest.check_digits import wrong_check_digits
from driehoek.ingest.near import near_matches

COLUMNS = ["kind", "code", "files", "other", "other_files", "why"]


def near_between_files(files: Mapping[str, pd.DataFrame], checked: Set[str]) -> pd.DataFrame:
    """Report codes that may be one code, mistyped in another file of the study.

    Parameters
    ----------
    files : mapping
        By the name of an export, its codes: ``kind`` (triad or person) and ``code``,
        normalised.
    checked : set of str
        Kinds whose codes end in a check digit.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`. Pairs of which one file holds both codes are left out: the report of
        that file names them. Nothing is merged.
    """
    named = [table.assign(file=name) for name, table in files.items()]
    nothing = pd.DataFrame(columns=["kind", "code", "file"], dtype="str")
    everything = pd.concat([nothing, *named], ignore_index=True)
    records = []
    for kind in ("triad", "person"):
        table = everything[everything["kind"] == kind]
        codes = table["code"].reset_index(drop=True)
        found = near_matches(kind, codes, codes)
        if kind in checked:
            wrong = wrong_check_digits(kind, codes)
            found = pd.concat([wrong[wrong["other"] != ""], found])
        places = {str(code): set(rows) for code, rows in table.groupby("code")["file"]}
        for code, other, why in found.drop_duplicates(["code", "other"])[
            ["code", "other", "why"]
        ].to_numpy():
            here, there = places[code], places[other]
            if not here & there:
                records.append((kind, code, _listed(here), other, _listed(there), why))
    return pd.DataFrame(records, columns=COLUMNS)


def _listed(files: set[str]) -> str:
    return "; ".join(sorted(files))
