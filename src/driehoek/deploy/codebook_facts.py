"""What a codebook tells: every question and scale, and what people answered."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from driehoek.deploy.conditions import Test, in_codes, joined
from driehoek.deploy.layout import filled
from driehoek.instrument.keys import ScaleKey
from driehoek.instrument.model import Block, Instrument, Option
from driehoek.instrument.questions import Question, Questionnaire, items_of
from driehoek.responses import MISSING_KINDS

NUMBERS = {"estimate": float, "ci_low": float, "ci_high": float, "n": float}


@dataclass(frozen=True, slots=True)
class Tally:
    """What one role answered to a question in one wave.

    Attributes
    ----------
    wave, role : str
    n : float
        Who answered; NaN where withheld.
    counts : mapping
        By option code; NaN where withheld.
    missing : mapping
        By kind of missing answer.
    mean, sd : float
        Of the analysis values; NaN where not reported.
    """

    wave: str
    role: str
    n: float
    counts: Mapping[str, float]
    missing: Mapping[str, float]
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer option: code, analysis value or kind of missing answer, labels per language."""

    code: str
    value: float | None
    missing: str
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Variable:
    """One question with all that is known of it.

    Attributes
    ----------
    question : Question
    page : Block or None
        Where it stands; None where the instrument has no pages.
    lead, information, unit : mapping
        Per language; empty where there is none.
    response : str
        Name of the shared response set; empty for options of its own.
    choices : tuple of Choice
    when : Test
        Condition under which it is shown, apart from role and consent.
    scales : tuple of str
        The scales in which it counts.
    tallies : tuple of Tally
        Empty without data.
    """

    question: Question
    page: Block | None
    lead: Mapping[str, str]
    information: Mapping[str, str]
    unit: Mapping[str, str]
    response: str
    choices: tuple[Choice, ...]
    when: Test
    scales: tuple[str, ...]
    tallies: tuple[Tally, ...]


@dataclass(frozen=True)
class Codebook:
    """A questionnaire with the statistics of a study, if there are any.

    Attributes
    ----------
    form : Questionnaire
    role : str or None
        Only the questions of this role.
    counts, reliability : pandas.DataFrame or None
        Rows of the statistics tables of a study.
    keys : mapping
        Keys of published scales by id.
    """

    form: Questionnaire
    role: str | None = None
    counts: pd.DataFrame | None = None
    reliability: pd.DataFrame | None = None
    keys: Mapping[str, ScaleKey] | None = None

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """Every question, in order of presentation."""
        pages = {qid: block for block in self.form.instrument.blocks for qid in block.questions}
        return tuple(
            self._variable(question, pages.get(question.id))
            for question in self.form.questions.values()
            if self.role is None or self.role in question.roles
        )

    @cached_property
    def _tallies(self) -> dict[str, list[Tally]]:
        if self.counts is None:
            return {}
        columns = ["term", "wave", "role", "statistic", "group", "estimate", "n"]
        told: dict[tuple[str, str, str], list[_Told]] = {}
        for term, wave, role, *rest in self.counts[columns].itertuples(index=False, name=None):
            told.setdefault((term, wave, role), []).append(_Told(*rest))
        found: dict[str, list[Tally]] = {}
        for (term, wave, role), rows in told.items():
            if self.role in {None, role}:
                found.setdefault(term, []).append(_tally(rows, wave, role))
        return found

    @cached_property
    def _scales(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name, scale in self.form.instrument.scales.items():
            for item in items_of(scale):
                found[item] = (*found.get(item, ()), name)
        return found

    def _variable(self, question: Question, page: Block | None) -> Variable:
        instrument = self.form.instrument
        asked = instrument.background.get(question.id)
        reader = self.role or question.roles[0]
        response = asked.response if asked else instrument.items[question.item or ""].response
        shared = instrument.responses.get(response or "")
        routes = self.form.conditions.get(question.id, [])
        return Variable(
            question,
            page,
            filled(instrument, shared.question if shared else None, reader, question.about),
            filled(instrument, asked.information if asked else None, reader, None),
            filled(instrument, asked.unit if asked else None, reader, None),
            response or "",
            tuple(_choice(instrument, option, reader, question) for option in question.options),
            joined("and", [in_codes(self.form, each, self.role) for each, _ in routes]),
            self._scales.get(question.item or "", ()),
            tuple(self._tallies.get(question.id, ())),
        )


def _choice(instrument: Instrument, option: Option, reader: str, question: Question) -> Choice:
    label = filled(instrument, option.label, reader, question.about)
    return Choice(option.code, option.value, option.missing or "", label)


def read_statistics(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read what a study's folder of public statistics says of answers and of reliability.

    Returns
    -------
    tuple of pandas.DataFrame
        Counts, means and SDs of questions; and coefficients of reliability. Both empty where
        the folder holds none.
    """
    counts = [_read(folder / f"{name}.csv") for name in ("background", "items")]
    found = sorted(folder.glob("reliability_*.csv"))
    return _stacked(counts), _stacked([_read(path) for path in found])


def _read(path: Path) -> pd.DataFrame | None:
    if not path.is_file():
        return None
    text = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8")
    numbers = {name: pd.to_numeric(text[name], errors="coerce") for name in NUMBERS}
    return text.assign(**numbers)


def _stacked(tables: list[pd.DataFrame | None]) -> pd.DataFrame:
    there = [table for table in tables if table is not None]
    columns = ["wave", "role", "about", "scale", "group", "term", "statistic", *NUMBERS]
    return pd.concat(there, ignore_index=True) if there else pd.DataFrame(columns=columns)


@dataclass(frozen=True, slots=True)
class _Told:
    statistic: str
    group: str
    estimate: float
    n: float


def _tally(rows: list[_Told], wave: str, role: str) -> Tally:
    counts = {row.group: row.estimate for row in rows if row.statistic == "count"}
    missing = {row.group: row.estimate for row in rows if row.statistic == "missing"}
    kinds: dict[str, float] = {kind: missing[kind] for kind in MISSING_KINDS if kind in missing}
    moments = {row.statistic: row.estimate for row in rows if row.statistic in {"mean", "sd"}}
    sizes = [row.n for row in rows if row.statistic != "missing" and not math.isnan(row.n)]
    mean, sd = moments.get("mean", math.nan), moments.get("sd", math.nan)
    return Tally(wave, role, sizes[0] if sizes else math.nan, counts, kinds, mean, sd)
