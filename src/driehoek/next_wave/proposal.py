"""A new wave proposed: what would be written, and how its answers differ from earlier waves."""

import os
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.cleaning.clean import clean_wave
from driehoek.cleaning.wave import WaveTables, stacked
from driehoek.ingest.export import Ingested, ingest_export
from driehoek.ingest.recognise import read_table, recognise
from driehoek.instrument.questions import Questionnaire
from driehoek.instrument.reading import read_instrument
from driehoek.next_wave.crosswalk import Renaming
from driehoek.next_wave.drift import WaveAnswers, drift
from driehoek.next_wave.findings import findings
from driehoek.next_wave.inspect import Inspected, inspect_file
from driehoek.next_wave.study_edit import NewExport, NewWave, add_wave, trial_study, wave_lines
from driehoek.problems import Problem, StudyError, name_of
from driehoek.responses import question_columns
from driehoek.scoring.published import keys_of
from driehoek.study import Study, read_study

_NUMBERED = re.compile(r"^(.*?)(\d+)$")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What adding a wave would do.

    Attributes
    ----------
    wave : NewWave
    files : tuple of Inspected
    report : pandas.DataFrame
        How the wave differs from earlier ones (`driehoek.next_wave.drift.drift`).
    text : str
        The study file with the wave in it.
    """

    wave: NewWave
    files: tuple[Inspected, ...]
    report: pd.DataFrame
    text: str

    @property
    def stops(self) -> bool:
        """Whether a finding would stop the run: nothing is written then."""
        return bool((self.report["verdict"] == "stop").any())

    def as_record(self) -> dict[str, object]:
        """Give the proposal for JSON."""
        report = self.report.astype(object).where(self.report.notna(), None)
        return {
            "wave": self.wave.name,
            "lines": wave_lines(self.wave),
            "files": [
                {
                    "file": name_of(each.path),
                    "platform": each.platform,
                    "reason": each.reason,
                    "roles": list(each.roles),
                    "rows": each.n,
                    "renamed": [_record(renaming) for renaming in each.renamings],
                }
                for each in self.files
            ],
            "drift": report.to_dict("records"),
        }


def _record(renaming: Renaming) -> dict[str, object]:
    known = asdict(renaming).items()
    return {
        key: None if isinstance(value, float) and np.isnan(value) else value for key, value in known
    }


def propose_wave(
    path: Path,
    files: Sequence[Path],
    *,
    name: str | None = None,
    instrument: Path | None = None,
    roles: Sequence[str] = (),
) -> Proposal:
    """Propose a new wave for a study; nothing is written.

    Parameters
    ----------
    path : pathlib.Path
        The study file.
    files : sequence of pathlib.Path
        Exports of the new wave.
    name : str, optional
        Of the wave; by default the number after the last wave's.
    instrument : pathlib.Path, optional
        The version the wave was asked, if not the study's.
    roles : sequence of str
        Whose answers the files hold; by default the files say so.

    Raises
    ------
    StudyError, InstrumentError, AnswersError
        With every fault.
    """
    study = read_study(path)
    form = read_instrument(instrument) if instrument else study.questionnaire
    before = [wave_answers(study, wave) for wave in study.wave_names]
    known = _known(before, form)
    linkage = study.settings.linkage
    found = tuple(inspect_file(file, form, linkage, known, roles) for file in files)
    exports = tuple(
        NewExport(
            _from(each.path, path.parent),
            each.roles,
            {r.column: r.question for r in each.renamings},
        )
        for each in found
    )
    asked = _from(instrument, path.parent) if instrument else None
    wave = NewWave(name or _next_name(study), None, asked, exports)
    text = add_wave(path, wave)
    trial = trial_study(path, text)
    now = wave_answers(trial, wave.name)
    month = _month(now)
    if month:
        wave = NewWave(wave.name, month, asked, exports)
        text = add_wave(path, wave)
    rewordings = pd.concat([each.rewordings for each in found], ignore_index=True)
    told = _versions(trial, wave.name, rewordings)
    over = trial.bridges.get(wave.name)
    found_first = findings(found, before, now, over, _exports(study))
    report = drift(before, now, trial.questionnaire, keys_of(trial), told, found_first)
    return Proposal(wave, found, report, text)


def wave_answers(study: Study, wave: str) -> WaveAnswers:
    """Read and clean the exports of a wave as a run would."""
    read = [ingest_export(study, wave, export) for export in study.exports(wave)]
    tables = [WaveTables(each.responses, each.missing, each.paradata) for each in read]
    clean = clean_wave(stacked(tables, wave), study, wave).tables
    kept = clean.responses["response"]
    missing = clean.missing.set_index("response").loc[kept].reset_index()
    paradata = clean.paradata.set_index("response").loc[kept].reset_index()
    platforms = tuple(
        recognise(read_table(study.locate(each.file), each.sheet), each).platform
        for each in study.exports(wave).values()
    )
    return WaveAnswers(wave, clean.responses, missing, paradata, platforms, _unknown(read))


def _exports(study: Study) -> dict[str, Path]:
    return {
        f"{each.file} of {wave}": study.locate(each.file)
        for wave in study.wave_names
        for each in study.exports(wave).values()
    }


def _unknown(read: Sequence[Ingested]) -> frozenset[str]:
    rosters = [each.columns for each in read]
    return frozenset(
        str(column)
        for roster in rosters
        for column in roster.loc[roster["use"] == "unknown dropped", "column"]
    )


def _known(before: Sequence[WaveAnswers], form: Questionnaire) -> dict[str, np.ndarray]:
    """Give the answers to each question in the last wave that has any."""
    found: dict[str, np.ndarray] = {}
    for wave in before:
        for qid in [q for q in question_columns(wave.responses) if q in form.stored]:
            values = wave.responses[qid].to_numpy(float)
            answered = values[~np.isnan(values)]
            if len(answered) or qid not in found:
                found[qid] = answered
    return found


def _versions(trial: Study, wave: str, rewordings: pd.DataFrame) -> pd.DataFrame:
    """Add the questions that the version of the wave words otherwise."""
    over = trial.bridges.get(wave)
    changed = [d for d in over.differences if d.kind == "reworded"] if over else []
    told = pd.DataFrame(
        {
            "question": [d.subject for d in changed],
            "instrument": [d.new for d in changed],
            "file": [d.old for d in changed],
            "likeness": [np.nan] * len(changed),
        }
    )
    filled = [each for each in (rewordings, told) if len(each)]
    if not filled:
        return rewordings
    return pd.concat(filled, ignore_index=True).drop_duplicates(["question", "file"])


def _month(now: WaveAnswers) -> str | None:
    """Give the month in which most people began."""
    months = now.paradata["started"].str[:7]
    known = months[months != ""]
    return str(known.mode().iloc[0]) if len(known) else None


def _from(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _next_name(study: Study) -> str:
    match = _NUMBERED.match(study.wave_names[-1])
    if match is None:
        found = f"the last wave is called {study.wave_names[-1]!r}, which has no number"
        mend = "say --wave NAME"
        raise StudyError([Problem(name_of(study.path), found, "a name", mend, check="waves")])
    return f"{match[1]}{int(match[2]) + 1}"
