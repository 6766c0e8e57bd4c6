"""One wave from raw rows to clean answers, flags and the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from driehoek.cleaning.consent import lacks_consent, refuses, with_answer, with_key
from driehoek.cleaning.corrections import apply_corrections, read_corrections
from driehoek.cleaning.derive import derivation_entries, derive
from driehoek.cleaning.duplicates import superseded
from driehoek.cleaning.ledger import LEDGER_COLUMNS, check_balance, wave_ledger
from driehoek.cleaning.linkage import COUNTS_INSTEAD, DUPLICATE, ONE_INVITATION, findings
from driehoek.cleaning.quality import WITH_KEYS, measure
from driehoek.cleaning.verdicts import FLAG_COLUMNS, FLAG_TYPES, verdicts
from driehoek.cleaning.wave import WaveTables
from driehoek.cleaning.withdrawn import withdrawal_detail, withdrawals_of, withdrawn_line
from driehoek.instrument.questions import Questionnaire
from driehoek.scoring.published import keys_of
from driehoek.study import Study

LINKAGE_FLAGS = ("second_seeker", "role_conflict", "several_triads")


@dataclass(frozen=True, slots=True)
class CleanWave:
    """A clean wave.

    Attributes
    ----------
    tables : WaveTables
        Kept responses, with derived variables after the questions and without ``raw_row``.
    flags : pandas.DataFrame
        ``response, flag, value, threshold``: doubts about kept responses.
    measures : pandas.DataFrame
        How each kept response was filled in (`driehoek.cleaning.quality.measure`).
    ledger : pandas.DataFrame
        Every raw row with its fate and reason, and every correction and derivation.
    """

    tables: WaveTables
    flags: pd.DataFrame
    measures: pd.DataFrame
    ledger: pd.DataFrame


def clean_wave(raw: WaveTables, study: Study, wave: str) -> CleanWave:
    """Clean one wave by the rules of its study.

    Corrections come first. Then a row is left out for the first reason that applies, in this
    order: test_or_preview, no_role, no_triad_code, empty, withdrawn, no_consent,
    duplicate_response, then the rules of quality whose action is exclude. Duplicates are settled
    before quality: a copy does not come back when the response that counted is left out later,
    and nobody is compared with people who are left out already. Everything else that is odd
    becomes a flag.

    Raises
    ------
    StudyError
        If a correction or a withdrawal is faulty.
    AnswersError
        If kept and excluded rows do not add up to the raw rows.
    """
    settings, form = study.settings, study.questionnaire
    raw = replace(raw, responses=with_answer(raw.responses, form))
    tables, corrected = _correct(raw, study, wave)
    reasons, flags, measures = _judge(tables, study)
    kept = tables.rows(reasons["reason"] == "")
    responses = derive(kept.responses, settings.derive, form)
    derived = derivation_entries(responses, settings.derive, wave)
    ledger = wave_ledger(tables.responses, reasons, [corrected, derived])
    check_balance(ledger, len(raw.responses), len(responses), wave)
    flags = pd.concat([flags, _linkage_flags(responses)], ignore_index=True).astype(FLAG_TYPES)
    clean = replace(kept, responses=with_key(responses.drop(columns="raw_row"), form))
    flags, measures = (_of_kept(each, responses) for each in (flags, measures))
    return CleanWave(clean, flags, measures, ledger)


def _of_kept(table: pd.DataFrame, responses: pd.DataFrame) -> pd.DataFrame:
    return table[table["response"].isin(responses["response"])].reset_index(drop=True)


def _correct(raw: WaveTables, study: Study, wave: str) -> tuple[WaveTables, pd.DataFrame]:
    if study.settings.corrections is None:
        return raw, pd.DataFrame(columns=list(LEDGER_COLUMNS))
    path = study.locate(study.settings.corrections)
    corrections = read_corrections(path, study.questionnaire, study.wave_names)
    return apply_corrections(raw, corrections, wave, study.questionnaire, path)


def _judge(tables: WaveTables, study: Study) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Give each row the first reason that applies, with its detail; collect flags and measures."""
    reasons = pd.DataFrame({"reason": "", "detail": ""}, index=tables.responses.index, dtype="str")
    for reason, where, detail in _early_reasons(tables, study):
        _give(reasons, reason, where, detail)
    instead = _duplicates(tables, study, reasons["reason"] == "")
    _give(reasons, DUPLICATE, instead != "", COUNTS_INSTEAD + instead + _way(tables, instead))
    measures = _measures(tables, study, reasons["reason"] == "")
    flags = []
    for name, action, caught in verdicts(measures, study.settings.quality):
        if action == "flag":
            flags.append(caught)
            continue
        where = pd.Series(reasons.index.isin(caught.index), index=reasons.index)
        words = [f"{row.value:.4g} against {row.threshold:g}" for row in caught.itertuples()]
        detail = pd.Series(words, index=caught.index, dtype="str").reindex(reasons.index)
        _give(reasons, name, where, detail)
    table = pd.concat(flags, ignore_index=True) if flags else pd.DataFrame(columns=[*FLAG_COLUMNS])
    return reasons, table, measures


def _measures(tables: WaveTables, study: Study, is_candidate: pd.Series) -> pd.DataFrame:
    """Measure the responses that still count, on their own row labels."""
    rules = study.settings.quality
    keys = keys_of(study) if any(getattr(rules, name) for name in WITH_KEYS) else {}
    measures = measure(tables.rows(is_candidate), study.questionnaire, rules, keys)
    return measures.set_axis(is_candidate.index[is_candidate], axis=0)


def _give(reasons: pd.DataFrame, reason: str, where: pd.Series, detail: pd.Series | str) -> None:
    first = where & (reasons["reason"] == "")
    reasons.loc[first, "reason"] = reason
    reasons.loc[first, "detail"] = detail if isinstance(detail, str) else detail[first]


def _early_reasons(
    tables: WaveTables, study: Study
) -> Iterator[tuple[str, pd.Series, pd.Series | str]]:
    responses = tables.responses
    yield "test_or_preview", tables.paradata["is_test"].astype(bool), ""
    yield "no_role", responses["role"] == "", ""
    yield "no_triad_code", responses["triad"] == "", ""
    withdrawn = withdrawals_of(study)
    if withdrawn is not None:
        line = withdrawn_line(responses, withdrawn)
        yield "withdrawn", line > 0, line.map(withdrawal_detail)
    yield "empty", is_empty(tables, study.questionnaire), ""
    yield "no_consent", lacks_consent(responses, study.questionnaire), ""


def is_empty(tables: WaveTables, questionnaire: Questionnaire) -> pd.Series:
    """Tell which responses hold no answer; consent, role and checks are no answers.

    A refusal of consent is not empty: it counts as ``no_consent``.
    """
    aside = {check.question for check in questionnaire.instrument.checks.values()}
    if questionnaire.instrument.consent is not None:
        aside.add(questionnaire.instrument.consent.question)
    questions = [qid for qid in questionnaire.stored if qid not in aside]
    is_given = tables.responses[questions].notna().any(axis=1)
    for qid in questions:
        is_given |= tables.missing[qid].isin(["dont_know", "invalid"])
    return ~is_given & ~refuses(tables.responses, questionnaire)


def _duplicates(tables: WaveTables, study: Study, is_candidate: pd.Series) -> pd.Series:
    candidates = tables.rows(is_candidate)
    questions = list(study.questionnaire.stored)
    instead = superseded(candidates, questions, study.settings.quality.duplicates)
    everyone = pd.Series("", index=is_candidate.index, dtype="str")
    everyone[is_candidate] = instead.to_numpy(dtype=object)
    return everyone


def _way(tables: WaveTables, instead: pd.Series) -> pd.Series:
    """Say where two responses are one person's by the invitation alone."""
    person = tables.responses.set_index("response")["person"]
    counting = person.reindex(instead).to_numpy()
    by_code = (instead == "").to_numpy() | (counting == person.to_numpy())
    return pd.Series(np.where(by_code, "", ONE_INVITATION), index=instead.index, dtype="str")


def _linkage_flags(responses: pd.DataFrame) -> pd.DataFrame:
    found = findings(responses)
    found = found[found["finding"].isin(LINKAGE_FLAGS)]
    value = [float(detail.partition(" ")[0]) for detail in found["detail"]]
    table = found.assign(flag=found["finding"], value=value, threshold=np.float64(2))
    return table[list(FLAG_COLUMNS)]
