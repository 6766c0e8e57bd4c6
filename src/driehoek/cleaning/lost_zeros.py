"""Codes that differ between files by zeros at the front alone, which Excel takes off."""

from collections.abc import Sequence

import pandas as pd

from driehoek.problems import AnswersError, Problem

# One or two such codes are slips of a pen, reported as near matches; more have a common cause.
FEWEST = 3
BARE = ["triad_bare", "person_bare"]


def refuse_lost_zeros(
    responses: Sequence[pd.DataFrame], paradata: Sequence[pd.DataFrame], file: str
) -> None:
    """Stop where codes of one file are those of another but for zeros at the front.

    Parameters
    ----------
    responses, paradata : sequence of pandas.DataFrame
        A table for each wave, with the same rows: ``wave, export, triad, person`` and
        ``triad_bare, person_bare``, the pseudonyms of the codes without zeros at the front.
    file : str
        The study, as messages name it.

    Raises
    ------
    AnswersError
        With a problem for each two files.
    """
    told = pd.concat(responses, ignore_index=True)[["wave", "export", "triad", "person"]]
    bare = pd.concat(paradata, ignore_index=True)[BARE]
    parts = [
        pd.DataFrame(
            {
                "kind": kind,
                "code": told[kind],
                "bare": bare[f"{kind}_bare"],
                "file": told["wave"] + "/" + told["export"],
            }
        ).drop_duplicates()
        for kind in ("triad", "person")
    ]
    if problems := lost_zeros(pd.concat(parts, ignore_index=True), file):
        raise AnswersError(problems)


def lost_zeros(codes: pd.DataFrame, file: str) -> list[Problem]:
    """Find files between which three or more codes differ by zeros at the front alone.

    Parameters
    ----------
    codes : pandas.DataFrame
        ``kind`` (triad or person), ``code``, ``bare`` (the code without zeros at the front) and
        ``file``: once for each file. Empty codes do not count, nor does a code that the other
        file holds as it is.
    file : str
        The study, as messages name it.
    """
    given = codes[codes["bare"] != ""]
    pairs = given.merge(given, on=["kind", "bare"], suffixes=("", "_other"))
    pairs = pairs[(pairs["code"] != pairs["code_other"]) & (pairs["file"] < pairs["file_other"])]
    known = pd.MultiIndex.from_frame(given[["kind", "code", "file"]])
    for code, other in (("code", "file_other"), ("code_other", "file")):
        pairs = pairs[~pd.MultiIndex.from_frame(pairs[["kind", code, other]]).isin(known)]
    counts = pairs.value_counts(["kind", "file", "file_other"], sort=False).sort_index()
    return [
        Problem(
            file,
            f"{row.n} {row.kind} codes differ between {row.file} and {row.file_other} by zeros at "
            "the front alone",
            "codes written alike in all files",
            "Excel takes these zeros off when it opens a CSV file: export again and do not open it "
            "in Excel, or write the zeros back, as text, in a copy of the file",
            check="codes between files",
        )
        for row in counts[counts >= FEWEST].reset_index(name="n").itertuples()
    ]
