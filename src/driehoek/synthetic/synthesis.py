"""The answers of a twin, one question after another, wave by wave and role by role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from driehoek.ingest.missing import missing_kinds
from driehoek.ingest.values import ANSWERED, EMPTY, Answers
from driehoek.instrument.questions import Questionnaire
from driehoek.synthetic.donors import draw_donors
from driehoek.synthetic.nearness import nearness
from driehoek.synthetic.risk import replicated_uniques

REDRAWN = 10
KEYS = ["triad", "person", "role", "wave"]


@dataclass(frozen=True, slots=True)
class RealWave:
    """The kept answers of a wave.

    Attributes
    ----------
    responses, missing, paradata : pandas.DataFrame
        Clean tables with the same rows, indexed alike.
    """

    responses: pd.DataFrame
    missing: pd.DataFrame
    paradata: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Synthesis:
    """The answers of a twin.

    Attributes
    ----------
    rows : pandas.DataFrame
        ``triad, person, role, wave``, ``complete``, ``seconds`` and a value for each stored
        question; NaN where missing.
    kinds : pandas.DataFrame
        The same rows: kind of missing answer by question; empty where answered.
    n_replicated, n_dropped : int
        Rows that were drawn anew because they repeated an answer pattern that one person alone
        gave, and rows left out because they still did.
    """

    rows: pd.DataFrame
    kinds: pd.DataFrame
    n_replicated: int
    n_dropped: int


def synthesise(
    real: Mapping[str, RealWave],
    members: pd.DataFrame,
    form: Questionnaire,
    rng: np.random.Generator,
) -> Synthesis:
    """Synthesise the answers of every member.

    In each wave the roles follow one another in the order of the instrument. A person's
    predictors are what they answered before in this wave and in earlier ones, and what one
    person of each earlier role of their triad answered in this wave.

    Parameters
    ----------
    real : mapping of str to RealWave
        By wave, in order.
    members : pandas.DataFrame
        As `driehoek.synthetic.people.draw_members` gives them.
    form : Questionnaire
        The version that the study analyses.
    rng : numpy.random.Generator
    """
    past_real, past_new = pd.DataFrame(), pd.DataFrame()
    parts: list[tuple[pd.DataFrame, pd.DataFrame]] = []
    n_again = n_dropped = 0
    for wave, answers in real.items():
        triads_real, triads_new = pd.DataFrame(), pd.DataFrame()
        for role in form.instrument.roles:
            here = answers.responses[answers.responses["role"] == role]
            chosen = members[(members["role"] == role) & (members["wave"] == wave)]
            if here.empty or chosen.empty:
                continue
            questions = [q for q in form.stored if role in form.questions[q].roles]
            names = [*past_real.columns, *triads_real.columns]
            near = nearness(form, role, questions, [name.split(".", 2)[1:] for name in names])
            block = _Block(here, answers, chosen.reset_index(drop=True), questions, near)
            known = _context(block.keys, past_real, triads_real)
            wanted = _context(block.members, past_new, triads_new)
            rows, kinds, again, kept = block.draw(known, wanted, rng)
            n_again, n_dropped = n_again + again, n_dropped + int((~kept).sum())
            rows, kinds = rows[kept], kinds[kept]
            parts.append((rows, kinds))
            values = _values(block.keys, block.numbers(), wave, role)
            drawn = _values(rows, rows[questions], wave, role)
            past_real = _joined(past_real, values, "person")
            past_new = _joined(past_new, drawn, "person")
            triads_real = _joined(triads_real, values, "triad")
            triads_new = _joined(triads_new, drawn, "triad")
    whole = [pd.concat(each, ignore_index=True) for each in zip(*parts, strict=True)]
    rows, kinds = _routed(whole[0], whole[1], form)
    return Synthesis(rows, kinds, n_again, n_dropped)


def _routed(
    rows: pd.DataFrame, kinds: pd.DataFrame, form: Questionnaire
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take out answers to questions that the answers before them do not lead to."""
    asked = [qid for qid in form.stored if qid in rows]
    answers = Answers()
    for qid in asked:
        answers.values[qid] = rows[qid].to_numpy(float)
        answers.states[qid] = np.where(np.isnan(answers.values[qid]), EMPTY, ANSWERED)
    role, complete = rows["role"].to_numpy(str), rows["complete"].to_numpy(bool)
    found = missing_kinds(answers, form, role, complete)
    routed, said = rows.copy(), kinds.copy()
    for qid, hidden in found.unexpected.items():
        routed.loc[hidden, qid] = np.nan
        said.loc[hidden, qid] = "not_shown"
    return routed, said


class _Block:
    """The responses of one role in one wave, real and synthetic."""

    def __init__(
        self,
        here: pd.DataFrame,
        answers: RealWave,
        members: pd.DataFrame,
        questions: Sequence[str],
        near: np.ndarray,
    ) -> None:
        self.keys = here[KEYS].reset_index(drop=True)
        self.real = here.reset_index(drop=True)
        self.missing = answers.missing.loc[here.index].reset_index(drop=True)
        self.seconds = answers.paradata.loc[here.index, "duration_seconds"].to_numpy(float)
        self.members, self.questions, self.near = members, list(questions), near

    def numbers(self) -> pd.DataFrame:
        """Give the real values of the role's questions."""
        return self.real[self.questions].astype(float)

    def draw(
        self, known: np.ndarray, wanted: np.ndarray, rng: np.random.Generator
    ) -> tuple[pd.DataFrame, pd.DataFrame, int, np.ndarray]:
        """Draw every member's answers; give them, their kinds, and what was repeated."""
        values, kinds, facts = self._once(known, wanted, rng)
        bad = self._repeats(values, kinds)
        n_again = int(bad.sum())
        for _ in range(REDRAWN):
            if not bad.any():
                break
            at = np.flatnonzero(bad)
            drawn = self._once(known, wanted[at], rng)
            for table, fresh in zip((values, kinds, facts), drawn, strict=True):
                table.iloc[at] = fresh.to_numpy()
            bad = self._repeats(values, kinds)
        rows = pd.concat([self.members, facts, values], axis=1)
        return rows, kinds, n_again, ~bad

    def _once(
        self, known: np.ndarray, wanted: np.ndarray, rng: np.random.Generator
    ) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        real = self.numbers().to_numpy()
        said = self.missing[self.questions].astype(str).to_numpy()
        n, k = len(wanted), len(self.questions)
        values, kinds = np.empty((n, k)), np.empty((n, k), dtype=object)
        for j in range(k):
            before = np.hstack([known, real[:, :j]])
            drawn = np.hstack([wanted, values[:, :j]])
            near = self.near[j, : before.shape[1]]
            donors = draw_donors(real[:, j], before, drawn, near, rng)
            values[:, j], kinds[:, j] = real[donors, j], said[donors, j]
        seconds = _durations(self.seconds, n, rng)
        complete = self.real["complete"].to_numpy(bool)[rng.integers(0, len(real), size=n)]
        broke = (kinds == "broke_off").any(axis=1)
        facts = pd.DataFrame({"complete": complete & ~broke, "seconds": seconds})
        drawn_kinds = pd.DataFrame(kinds, columns=self.questions)
        return pd.DataFrame(values, columns=self.questions), drawn_kinds, facts

    def _repeats(self, values: pd.DataFrame, kinds: pd.DataFrame) -> np.ndarray:
        """Tell which rows one person alone gave, with kinds of missing answers or without them."""
        real = self.numbers(), self.missing[self.questions]
        with_kinds = replicated_uniques(self._tokens(*real), self._tokens(values, kinds))
        numbers = [each.to_numpy(float) for each in (real[0], values)]
        without = replicated_uniques(*(np.nan_to_num(each, nan=np.inf) for each in numbers))
        return np.asarray(with_kinds | without)

    @staticmethod
    def _tokens(values: pd.DataFrame, kinds: pd.DataFrame) -> np.ndarray:
        numbers = values.to_numpy(float)
        known = kinds.astype(str).to_numpy()
        return np.where(np.isnan(numbers), known, np.char.mod("%.6g", np.nan_to_num(numbers)))


def _durations(seconds: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """Draw durations from a lognormal distribution with the real mean and spread."""
    known = np.log(seconds[seconds > 0])
    if len(known) < 2:
        return np.full(n, np.nan)
    return np.asarray(np.exp(rng.normal(known.mean(), known.std(ddof=1), size=n)).round())


def _context(keys: pd.DataFrame, past: pd.DataFrame, triads: pd.DataFrame) -> np.ndarray:
    """Give the predictors of these people: their own past, and their triad's present."""
    parts = [
        table.reindex(keys[key]).to_numpy(float)
        for table, key in ((past, "person"), (triads, "triad"))
        if len(table)
    ]
    return np.hstack(parts) if parts else np.empty((len(keys), 0))


def _values(keys: pd.DataFrame, values: pd.DataFrame, wave: str, role: str) -> pd.DataFrame:
    named = values.astype(float).add_prefix(f"{wave}.{role}.")
    return pd.concat([keys[KEYS], named], axis=1)


def _joined(known: pd.DataFrame, values: pd.DataFrame, key: str) -> pd.DataFrame:
    """Add the answers of a block, the first row of each person or triad, to what is known."""
    own = values.drop_duplicates(key).set_index(key).drop(columns=KEYS, errors="ignore")
    if known.empty:
        return own
    return known.join(own, how="outer")
