"""Answers to one version of an instrument, in the columns of another."""

import numpy as np
import pandas as pd

from driehoek.ingest.missing import number_of
from driehoek.instrument.versions import Bridge
from driehoek.responses import CHECK_PREFIX, KEYS, RESPONSE, kind_categorical

OTHER_VERSION = "other version"


def carried_answers(
    responses: pd.DataFrame, missing: pd.DataFrame, over: Bridge
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give answers and kinds of missing answers by the questions of the study's version.

    A question that the wave was not asked, or whose answers mean something else now, has no
    value and the kind not_shown.

    Parameters
    ----------
    responses, missing : pandas.DataFrame
        Canonical tables by the questions of the wave's version.
    over : Bridge
    """
    keys = responses[[key for key in KEYS if key in responses.columns]]
    never = np.full(len(responses), number_of("not_shown"))
    values: dict[str, object] = {}
    kinds: dict[str, object] = {RESPONSE: missing[RESPONSE]}
    for qid in over.analysed.stored:
        source = over.sources.get(qid)
        kinds[qid] = kind_categorical(never) if source is None else missing[source]
        if qid not in keys:
            values[qid] = np.full(len(responses), np.nan) if source is None else responses[source]
    return pd.concat([keys, pd.DataFrame(values, index=keys.index)], axis=1), pd.DataFrame(kinds)


def carried_checks(paradata: pd.DataFrame, over: Bridge) -> pd.DataFrame:
    """Give the results of the attention checks that the study's version has."""
    wanted = [f"{CHECK_PREFIX}{name}" for name in over.analysed.instrument.checks]
    others = [name for name in paradata if not str(name).startswith(CHECK_PREFIX)]
    return paradata.reindex(columns=[*others, *wanted], fill_value="")


def carried_columns(roster: pd.DataFrame, over: Bridge) -> pd.DataFrame:
    """Name each column's question by the study's version, or say that it is not used."""
    target = {source: qid for qid, source in over.sources.items()}
    is_answer = roster["use"] == "answer"
    named = roster["question"].map(target)
    return roster.assign(
        question=roster["question"].where(~is_answer | named.isna(), named),
        use=roster["use"].where(~is_answer | named.notna(), OTHER_VERSION),
    )
