"""What differs between a new wave and each earlier wave, with a threshold and its source."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd

from driehoek.instrument.questions import Question, Questionnaire
from driehoek.next_wave.distances import (
    CERTAIN,
    beyond_chance_d,
    beyond_chance_w,
    cohens_d,
    cohens_w,
    two_shares_z,
)
from driehoek.next_wave.thresholds import THRESHOLDS
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.omega import omega_total
from driehoek.psychometrics.reliability import cronbach_alpha
from driehoek.responses import question_columns
from driehoek.scoring.guard import keying_table
from driehoek.scoring.published import PublishedKeys, keyed_items

SHOWN_SHARE = ("skipped", "dont_know", "broke_off", "invalid", "unknown")


@dataclass(frozen=True, slots=True)
class WaveAnswers:
    """The kept answers of one wave.

    Attributes
    ----------
    name : str
    responses, missing, paradata : pandas.DataFrame
        Clean tables with the same rows.
    platforms : tuple of str
        Of its exports, in order.
    unknown : frozenset of str
        Headings of columns of unknown use.
    """

    name: str
    responses: pd.DataFrame
    missing: pd.DataFrame
    paradata: pd.DataFrame
    platforms: tuple[str, ...]
    unknown: frozenset[str]

    def of(self, role: str) -> np.ndarray:
        """Tell which rows are of a role."""
        return (self.responses["role"] == role).to_numpy(dtype=bool)


@dataclass(frozen=True, slots=True)
class Drift:
    """One comparison of the new wave with an earlier one.

    Attributes
    ----------
    what : str
        A key of ``THRESHOLDS``.
    subject : str
        Question, scale, role or file.
    before, now : str
        As it was and as it is.
    size : float
        The difference as the threshold measures it; NaN where it is no number.
    verdict : str
        ok, look or stop.
    threshold, source : str
        From where it deserves a look, and who says so.
    against : str
        The earlier wave; empty where the new wave is held to the instrument.
    """

    what: str
    subject: str
    before: str
    now: str
    size: float
    verdict: str
    threshold: str
    source: str
    against: str = ""


def drift(
    earlier: Sequence[WaveAnswers],
    now: WaveAnswers,
    form: Questionnaire,
    keys: PublishedKeys,
    rewordings: pd.DataFrame,
    found: Sequence[Drift] = (),
) -> pd.DataFrame:
    """Compare a new wave with every earlier wave, one by one.

    Parameters
    ----------
    earlier : sequence of WaveAnswers
        In order of time; one or more.
    now : WaveAnswers
    form : Questionnaire
        The version that the study analyses.
    keys : mapping
        Keys of published scales.
    rewordings : pandas.DataFrame
        ``question, instrument, file, likeness`` of questions whose words changed.
    found : sequence of Drift
        What stands out before answers are compared; it stands first.

    Returns
    -------
    pandas.DataFrame
        Columns as the attributes of `Drift`; every comparison, also those within bounds.
    """
    rows = [*found, *_rewordings(rewordings), *_columns(earlier, now)]
    for before in earlier:
        compared = [
            *_mode(before, now),
            *_roles(before, now, form),
            *_questions(before, now, form),
            *_scales(before, now, form, keys),
        ]
        rows += [replace(row, against=before.name) for row in compared]
    rows += _keying(now, form, keys)
    return pd.DataFrame([asdict(row) for row in rows], columns=list(Drift.__dataclass_fields__))


def finding(what: str, subject: str, told: Sequence[str], size: float, verdict: str) -> Drift:
    """Lay out what was found with its threshold; `told` is as it was and as it is."""
    rule, (before, now) = THRESHOLDS[what], told
    return Drift(what, subject, before, now, size, verdict, rule.words, rule.source)


def _beyond(what: str, size: float, known: Sequence[np.ndarray]) -> str:
    """Judge an effect size of two samples, chance at the 1% level left out."""
    certain = beyond_chance_w if what in {"answers", "language"} else beyond_chance_d
    return "look" if abs(size) >= THRESHOLDS[what].limit and certain(size, *known) else "ok"


def _rewordings(found: pd.DataFrame) -> Iterator[Drift]:
    for each in found.to_dict("records"):
        told = (str(each["instrument"]), str(each["file"]))
        yield finding("wording", str(each["question"]), told, float(each["likeness"]), "look")


def _columns(earlier: Sequence[WaveAnswers], now: WaveAnswers) -> Iterator[Drift]:
    """Tell the columns of unknown use that no earlier wave had, and those of the last one gone."""
    last, seen = earlier[-1], frozenset[str]().union(*(each.unknown for each in earlier))
    for heading in sorted(now.unknown - seen):
        told = ("no such column", "its use is unknown")
        row = finding("columns", heading, told, np.nan, "look")
        yield replace(row, against=", ".join(each.name for each in earlier))
    for heading in sorted(last.unknown - now.unknown):
        told = ("its use was unknown", "no such column")
        yield replace(finding("columns", heading, told, np.nan, "ok"), against=last.name)


def _mode(before: WaveAnswers, now: WaveAnswers) -> Iterator[Drift]:
    was, has = sorted({*before.platforms}), sorted({*now.platforms})
    verdict = "ok" if was == has else "look"
    yield finding("mode", "platforms", (", ".join(was), ", ".join(has)), np.nan, verdict)


def _roles(before: WaveAnswers, now: WaveAnswers, form: Questionnaire) -> Iterator[Drift]:
    for role in form.instrument.roles:
        was, has = before.of(role), now.of(role)
        if not was.any() and not has.any():
            continue
        n_was, n_has = int(was.sum()), int(has.sum())
        share = n_has / n_was if n_was else np.inf
        verdict = "look" if share < THRESHOLDS["responses"].limit else "ok"
        yield finding("responses", role, (str(n_was), str(n_has)), share, verdict)
        yield from _paradata(role, before.paradata[was], now.paradata[has])


def _paradata(role: str, was: pd.DataFrame, has: pd.DataFrame) -> Iterator[Drift]:
    seconds = [each["duration_seconds"].to_numpy(float) for each in (was, has)]
    known = [each[each > 0] for each in seconds]
    if all(map(len, known)):
        size = cohens_d(np.log(known[0]), np.log(known[1]))
        told = [f"median {np.median(each):.0f} s" for each in known]
        yield finding("duration", role, told, size, _beyond("duration", size, known))
    languages = [each["language"][each["language"] != ""] for each in (was, has)]
    if all(map(len, languages)):
        codes = {name: float(i) for i, name in enumerate(sorted({*languages[0], *languages[1]}))}
        numbers = [each.map(codes).to_numpy(float) for each in languages]
        size = cohens_w(*numbers)
        told = [_shares(each) for each in languages]
        yield finding("language", role, told, size, _beyond("language", size, numbers))


def _shares(texts: pd.Series) -> str:
    counts = texts.value_counts(normalize=True).sort_index()
    return ", ".join(f"{name} {share:.0%}" for name, share in counts.items())


def _questions(before: WaveAnswers, now: WaveAnswers, form: Questionnaire) -> Iterator[Drift]:
    for qid in [q for q in question_columns(now.responses) if q in form.stored]:
        question = form.questions[qid]
        was = np.isin(before.responses["role"], question.roles)
        has = np.isin(now.responses["role"], question.roles)
        if not was.any() or not has.any() or qid == form.role_question:
            continue
        yield from _missing(qid, before.missing[qid][was], now.missing[qid][has])
        values = [
            each.responses[qid].to_numpy(float)[mask] for each, mask in ((before, was), (now, has))
        ]
        known = [each[~np.isnan(each)] for each in values]
        if all(map(len, known)):
            yield from _answers(question, known)


def _missing(qid: str, was: pd.Series, has: pd.Series) -> Iterator[Drift]:
    counts = []
    for each in (was, has):
        is_asked = ~each.isin(["not_shown", "planned"])
        counts += [int((each.isin(SHOWN_SHARE) & is_asked).sum()), int(is_asked.sum())]
    if not counts[1] or not counts[3]:
        return
    shares = (counts[0] / counts[1], counts[2] / counts[3])
    is_sure = abs(two_shares_z(*counts)) >= CERTAIN
    size = shares[1] - shares[0]
    verdict = "look" if is_sure and abs(size) >= THRESHOLDS["missing"].limit else "ok"
    yield finding("missing", qid, [f"{each:.0%}" for each in shares], size, verdict)


def _answers(question: Question, known: Sequence[np.ndarray]) -> Iterator[Drift]:
    means = [f"mean {each.mean():.2f} (n = {len(each)})" for each in known]
    if not question.options:
        size = cohens_d(*known)
        yield finding("numbers", question.id, means, size, _beyond("numbers", size, known))
        return
    size = cohens_w(*known)
    yield finding("answers", question.id, means, size, _beyond("answers", size, known))
    for code, value in question.values.items():
        counts = [int((each == value).sum()) for each in known]
        for here, there in ((0, 1), (1, 0)):
            expected = counts[here] / len(known[here]) * len(known[there])
            if counts[there] == 0 and expected >= THRESHOLDS["codes"].limit:
                told = [f"{n} times" for n in counts]
                yield finding("codes", f"{question.id}, code {code}", told, expected, "look")


def _scales(
    before: WaveAnswers, now: WaveAnswers, form: Questionnaire, keys: PublishedKeys
) -> Iterator[Drift]:
    for scale in form.instrument.scales:
        for role, about in form.presentations(scale):
            facets = form.facet_questions(scale, role, about)
            questions = [form.questions[qid] for ids in facets.values() for qid in ids]
            if len(questions) < 2:
                continue
            found = [
                _coefficients(keyed_items(each.responses[each.of(role)], questions, form, keys))
                for each in (before, now)
            ]
            subject = f"{role}.{scale}" + (f".about_{about}" if about else "")
            for name in ("alpha", "omega"):
                yield from _fallen(f"{name} {subject}", found[0].get(name), found[1].get(name))


def _coefficients(items: pd.DataFrame) -> Mapping[str, float]:
    found = {}
    try:
        found["alpha"] = cronbach_alpha(items).estimate
        rng = np.random.default_rng(0)  # no interval is asked for, so nothing is drawn
        found["omega"] = omega_total(items, n_boot=0, rng=rng).estimate
    except TooFewDataError:
        return found
    return found


def _fallen(subject: str, was: float | None, has: float | None) -> Iterator[Drift]:
    if was is None or has is None:
        if was is not None:
            yield finding("reliability", subject, (f"{was:.2f}", "not estimable"), np.nan, "look")
        return
    limit = THRESHOLDS["reliability"].limit
    is_low = (has < limit <= was) or was - has > 0.1
    verdict = "look" if is_low else "ok"
    yield finding("reliability", subject, (f"{was:.2f}", f"{has:.2f}"), has - was, verdict)


def _keying(now: WaveAnswers, form: Questionnaire, keys: PublishedKeys) -> Iterator[Drift]:
    table = keying_table(now.responses, form, now.name, keys)
    verdicts = {"warn": "look", "stop": "stop", "ok": "ok", "none": "ok"}
    for row in table.to_dict("records"):
        told = f"{row['item_rest']:.2f} [{row['ci_low']:.2f}, {row['ci_high']:.2f}]"
        subject = f"{row['question']} in {row['scale']}"
        verdict = verdicts[str(row["verdict"])]
        yield finding("keying", subject, ("above zero", told), float(row["item_rest"]), verdict)
