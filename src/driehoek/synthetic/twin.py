"""A twin of a study: its answers, and how good and how safe they are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.cleaning.consent import with_answer
from driehoek.instrument.questions import Questionnaire
from driehoek.job import generator
from driehoek.problems import Problem, StudyError, name_of
from driehoek.responses import read_missing, read_paradata, read_responses
from driehoek.study import Study
from driehoek.synthetic.people import draw_members
from driehoek.synthetic.risk import disco, rep_u
from driehoek.synthetic.synthesis import RealWave, Synthesis, synthesise
from driehoek.synthetic.utility import paired_pmse, standardised_pmse

METHOD = (
    "sequential synthesis by predictive mean matching, one question after another; patterns of "
    "taking part drawn with replacement"
)


@dataclass(frozen=True, slots=True)
class Twin:
    """A synthetic twin.

    Attributes
    ----------
    synthesis : Synthesis
    utility : pandas.DataFrame
        ``wave, role, question, s_pmse, pairs_median, pairs_max``.
    risk : pandas.DataFrame
        ``wave, role, measure, target, value``.
    """

    synthesis: Synthesis
    utility: pd.DataFrame
    risk: pd.DataFrame


def make_twin(study: Study, private: Path) -> Twin:
    """Synthesise the answers of a study from its clean waves.

    Parameters
    ----------
    study : Study
    private : pathlib.Path
        The folder ``private`` of its results.

    Raises
    ------
    StudyError
        If the study was not run.
    """
    form = study.questionnaire
    real = {wave: _real_wave(study, private, wave) for wave in study.wave_names}
    everyone = pd.concat([each.responses for each in real.values()], ignore_index=True)
    people = draw_members(everyone, generator(study.settings.seed, "twin", "people"))
    made = synthesise(real, people, form, generator(study.settings.seed, "twin", "answers"))
    utility = pd.DataFrame(
        list(_utility(real, made, form)),
        columns=["wave", "role", "question", "s_pmse", "pairs_median", "pairs_max"],
    )
    risk = pd.DataFrame(
        list(_risk(real, made, form)), columns=["wave", "role", "measure", "target", "value"]
    )
    return Twin(made, utility, risk)


def _real_wave(study: Study, private: Path, wave: str) -> RealWave:
    folder = private / "waves" / wave
    if not (folder / "responses.parquet").is_file():
        mend = "run the study first: driehoek run"
        found = f"no clean answers of wave {wave}"
        raise StudyError([Problem(name_of(folder), found, "a finished run", mend)])
    form = study.questionnaire
    responses = with_answer(read_responses(folder / "responses.parquet"), form)
    missing = read_missing(folder / "missing.parquet").set_index("response")
    paradata = read_paradata(folder / "paradata.parquet").set_index("response")
    kept = responses["response"]
    return RealWave(
        _coarse(responses, form, study.settings.disclosure.min_cell),
        missing.loc[kept].reset_index(drop=True),
        paradata.loc[kept].reset_index(drop=True),
    )


def _coarse(responses: pd.DataFrame, form: Questionnaire, min_cell: int) -> pd.DataFrame:
    """Pull the ends of number questions in, to values that `min_cell` persons lie at or beyond."""
    changed = responses.reset_index(drop=True)
    for qid in [q for q in form.stored if form.questions[q].kind == "number"]:
        for role in form.questions[qid].roles:
            here = (changed["role"] == role).to_numpy(bool)
            known = np.sort(changed.loc[here, qid].dropna().to_numpy(float))
            if not len(known):
                continue
            at = min(min_cell, len(known)) - 1
            low, high = sorted((known[at], known[-1 - at]))
            changed.loc[here, qid] = changed.loc[here, qid].clip(low, high)
    return changed


def _utility(
    real: Mapping[str, RealWave], made: Synthesis, form: Questionnaire
) -> Iterator[tuple[str, str, str, float, float, float]]:
    for wave, role, questions, truth, drawn in _blocks(real, made, form):
        choices = [qid for qid in questions if form.questions[qid].kind != "number"]
        pairs = paired_pmse(truth[choices], drawn[choices])
        for qid, median, most in pairs.itertuples():
            yield wave, role, qid, standardised_pmse(truth[qid], drawn[qid]), median, most


def _risk(
    real: Mapping[str, RealWave], made: Synthesis, form: Questionnaire
) -> Iterator[tuple[str, str, str, str, float]]:
    yield "all", "all", "replicated uniques drawn anew", "", float(made.n_replicated)
    yield "all", "all", "replicated uniques left out", "", float(made.n_dropped)
    for wave, role, questions, truth, drawn in _blocks(real, made, form):
        asked = [form.questions[qid] for qid in questions]
        keys = [q.id for q in asked if q.item is None and q.kind == "choice"]
        yield wave, role, "repU", "", rep_u(truth, drawn, keys)
        for target in [q.id for q in asked if q.item is not None]:
            yield wave, role, "DiSCO", target, disco(truth, drawn, keys, target)


def _blocks(
    real: Mapping[str, RealWave], made: Synthesis, form: Questionnaire
) -> Iterator[tuple[str, str, list[str], pd.DataFrame, pd.DataFrame]]:
    """Give the answers of each role in each wave as categories, real ones and synthetic ones."""
    for wave, answers in real.items():
        for role in form.instrument.roles:
            here = (answers.responses["role"] == role).to_numpy(bool)
            there = ((made.rows["role"] == role) & (made.rows["wave"] == wave)).to_numpy(bool)
            if not here.any() or not there.any():
                continue
            questions = [q for q in form.stored if role in form.questions[q].roles]
            truth = _categories(answers.responses[here], answers.missing[here], questions)
            drawn = _categories(made.rows[there], made.kinds[there], questions)
            yield wave, role, questions, truth, drawn


def _categories(values: pd.DataFrame, kinds: pd.DataFrame, questions: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            qid: np.where(
                values[qid].notna(), values[qid].astype(float).astype(str), kinds[qid].astype(str)
            )
            for qid in questions
        }
    )
