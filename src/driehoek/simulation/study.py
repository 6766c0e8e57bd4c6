"""A whole study simulated: responses of every wave, and the raw files its study file names."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from driehoek.codes import with_check_digits
from driehoek.files import write_parquet, write_text
from driehoek.instrument.questions import Question
from driehoek.platforms import Platform
from driehoek.problems import Problem, StudyError, name_of
from driehoek.simulation.disturb import Responses, disturb, page_of
from driehoek.simulation.draw import Answers, complete_values, draw_answers
from driehoek.simulation.measurement import Measure, draw_measures
from driehoek.simulation.paradata import add_paradata
from driehoek.simulation.sheet import Sheet
from driehoek.simulation.truth import Truth
from driehoek.simulation.writers.forms import write_google_forms, write_microsoft_forms
from driehoek.simulation.writers.kobo import write_kobo, write_odk
from driehoek.simulation.writers.limesurvey import write_limesurvey
from driehoek.simulation.writers.plain import write_excel, write_plain
from driehoek.simulation.writers.qualtrics import write_qualtrics
from driehoek.simulation.writers.redcap import write_redcap
from driehoek.simulation.writers.spss import write_spss
from driehoek.simulation.writers.stata import write_stata
from driehoek.simulation.writers.web import write_web
from driehoek.study import Study, simulated_mark
from driehoek.study_file import Export, WaveOfData

WRITERS: dict[Platform, Callable[[Path, Sheet], None]] = {
    "limesurvey": write_limesurvey,
    "qualtrics": write_qualtrics,
    "spss": write_spss,
    "stata": write_stata,
    "csv": write_plain,
    "excel": write_excel,
    "web": write_web,
    "redcap": write_redcap,
    "kobo": write_kobo,
    "odk": write_odk,
    "msforms": write_microsoft_forms,
    "googleforms": write_google_forms,
}
FIRST_DAY = pd.Timestamp("2025-03-01")
DAYS_BETWEEN_WAVES = 182


@dataclass(frozen=True, slots=True)
class Simulated:
    """A simulated study.

    Attributes
    ----------
    truth : Truth
    measures : dict of Measure
        Loading and thresholds by item.
    complete : pandas.DataFrame
        Analysis values of everybody in every wave before anything went wrong; ``present`` is
        False after dropout.
    rows, cells : pandas.DataFrame
        The raw responses (see `driehoek.simulation.disturb.Responses`); ``export`` is the
        position in its wave of the export that holds a row, from 0, and -1 where none does.
    """

    truth: Truth
    measures: dict[str, Measure]
    complete: pd.DataFrame
    rows: pd.DataFrame
    cells: pd.DataFrame


def simulate_study(
    study: Study, *, triads: int, rng: np.random.Generator, truth: Truth | None = None
) -> Simulated:
    """Simulate the responses of a study.

    Parameters
    ----------
    study : Study
    triads : int
        Number of triads that take part in the first wave.
    rng : numpy.random.Generator
        Decides people, answers and what goes wrong; the truth has a seed of its own.
    truth : Truth, optional
        Default: the values written in `driehoek.simulation.truth`.
    """
    truth = truth or Truth()
    questionnaire = study.questionnaire
    draws, *by_wave = rng.spawn(1 + len(study.wave_names))
    answers = draw_answers(questionnaire, truth, waves=study.wave_names, triads=triads, rng=draws)
    answers = replace(answers, rows=with_check_digits(answers.rows, study))
    parts = [_wave(answers, i, study, truth, stream) for i, stream in enumerate(by_wave)]
    return Simulated(
        truth,
        draw_measures(questionnaire, truth),
        complete_values(answers, questionnaire),
        pd.concat([part.rows for part in parts], ignore_index=True),
        pd.concat([part.cells for part in parts], ignore_index=True),
    )


def write_exports(simulated: Simulated, study: Study, folder: Path) -> list[Path]:
    """Write every export of the study below a folder that stands for the study's own.

    In the study's own folder every file goes where the study says; elsewhere a path that leads
    out of the folder loses its folders. Beside the exports comes ``truth.json`` (the
    parameters), and beside the first ``complete.parquet`` (all answers before anything went
    wrong).

    Returns
    -------
    list of pathlib.Path
        The exports, in the order of the study, then the others.

    Raises
    ------
    StudyError
        If an export that no simulation made would be written over.
    """
    _refuse_real_data(study, folder)
    written = []
    for wave in study.settings.waves:
        for position, export in enumerate(wave.exports):
            path = _place(study, export, folder)
            sheet = _sheet(simulated, study, wave.wave, position, export)
            WRITERS[platform_of(export)](path, sheet)
            written.append(path)
    marks = [simulated_mark(beside) for beside in dict.fromkeys(path.parent for path in written)]
    for mark in marks:
        write_text(mark, _truth_text(simulated))
    complete = marks[0].with_name("complete.parquet")
    write_parquet(complete, simulated.complete)
    return [*written, *marks, complete]


def _place(study: Study, export: Export, folder: Path) -> Path:
    return study.locate(export.file) if folder == study.folder else folder / _inside(export.file)


def _refuse_real_data(study: Study, folder: Path) -> None:
    """Stop before an export is written over that no simulation made."""
    places = [_place(study, e, folder) for wave in study.settings.waves for e in wave.exports]
    mend = "choose another folder"
    problems = [
        Problem(name_of(path), "an export stands here already", "a free place", mend)
        for path in places
        if path.is_file() and not simulated_mark(path.parent).is_file()
    ]
    if problems:
        raise StudyError(problems)


def platform_of(export: Export) -> Platform:
    """Give the platform of an export: as stated, else by suffix, else by a word in its name."""
    if export.platform != "auto":
        return export.platform
    path = PurePosixPath(export.file.lower())
    by_suffix: dict[str, Platform] = {
        ".sav": "spss",
        ".zsav": "spss",
        ".xlsx": "excel",
        ".dta": "stata",
    }
    by_suffix |= dict.fromkeys((".json", ".jsonl"), "web")
    if path.suffix in by_suffix:
        return by_suffix[path.suffix]
    named: tuple[Platform, ...] = ("qualtrics", "limesurvey", "redcap", "kobo", "odk")
    return next((each for each in named if each in path.name), "csv")


def _wave(
    answers: Answers, position: int, study: Study, truth: Truth, rng: np.random.Generator
) -> Responses:
    wave = study.settings.waves[position]
    here = (answers.rows["wave"] == wave.wave).to_numpy()
    goes_wrong, notes, tries = rng.spawn(3)
    own = Answers(answers.rows[here], answers.cells[here])
    responses = disturb(own, study.questionnaire, truth.nuisance, goes_wrong)
    rows = add_paradata(
        responses,
        date=_date(wave, position),
        languages=study.questionnaire.instrument.languages,
        truth=truth,
        rng=notes,
    )
    rows = rows.assign(export=_exports(rows, wave))
    return _with_previews(Responses(rows, responses.cells), wave, truth.nuisance.previews, tries)


def _date(wave: WaveOfData, position: int) -> pd.Timestamp:
    if wave.date:
        return pd.Timestamp(wave.date)
    return FIRST_DAY + pd.Timedelta(days=DAYS_BETWEEN_WAVES * position)


def _exports(rows: pd.DataFrame, wave: WaveOfData) -> np.ndarray:
    """Assign rows to exports by role; exports of the same role share its triads."""
    found = np.full(len(rows), -1)
    for role in dict.fromkeys(rows["role"]):
        if holds := [i for i, export in enumerate(wave.exports) if role in export.role]:
            here = (rows["role"] == role).to_numpy()
            found[here] = np.array(holds)[rows["triad"].to_numpy()[here] % len(holds)]
    return found


def _with_previews(
    responses: Responses, wave: WaveOfData, count: int, rng: np.random.Generator
) -> Responses:
    rows, cells = [responses.rows], [responses.cells]
    for i, export in enumerate(wave.exports):
        ordinary = responses.rows[
            (responses.rows["export"] == i) & (responses.rows["kind"] == "ordinary")
        ]
        if platform_of(export) != "qualtrics" or ordinary.empty:
            continue
        chosen = ordinary.sample(min(count, len(ordinary)), random_state=rng)
        test = dict.fromkeys(["triad_code", "person_code", "typed_triad", "typed_person"], "TEST")
        early = chosen["started"].min() - pd.to_timedelta(np.arange(len(chosen)) + 1, unit="h")
        rows.append(chosen.assign(kind="preview", remark="", started=early, **test))
        cells.append(responses.cells.loc[chosen.index])
    return Responses(pd.concat(rows, ignore_index=True), pd.concat(cells, ignore_index=True))


def _inside(file: str) -> Path:
    """Keep a file below the folder: paths that lead elsewhere lose their folders."""
    path = Path(file)
    leads_away = path.is_absolute() or ".." in path.parts or file.startswith("~")
    return Path(path.name) if leads_away else path


def _truth_text(simulated: Simulated) -> str:
    record = {
        "parameters": simulated.truth.as_record(),
        "items": {name: asdict(each) for name, each in simulated.measures.items()},
        "responses": {
            str(name): int(n)
            for name, n in (simulated.rows["wave"] + "/" + simulated.rows["kind"])
            .value_counts()
            .sort_index()
            .items()
        },
    }
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def _sheet(simulated: Simulated, study: Study, wave: str, position: int, export: Export) -> Sheet:
    chosen = (simulated.rows["wave"] == wave) & (simulated.rows["export"] == position)
    rows = simulated.rows[chosen].sort_values("started", kind="stable")
    cells = simulated.cells.loc[rows.index].reset_index(drop=True)
    rows = rows.reset_index(drop=True)
    questions = _questions(study, export)
    named = {qid: column for column, qid in export.columns.items()}
    language = export.language or study.questionnaire.instrument.languages[0]
    return Sheet(
        rows,
        cells,
        _typed(rows, study, questions),
        {named.get(qid, qid): question for qid, question in questions.items()},
        language,
        page_of(study.questionnaire),
        study.questionnaire.instrument.id,
        study.questionnaire.instrument.version,
    )


def _questions(study: Study, export: Export) -> dict[str, Question]:
    """Give what the export's survey asks; one for a single role does not ask for the role."""
    found = {
        qid: question
        for qid, question in study.questionnaire.questions.items()
        if set(question.roles) & set(export.role)
        and not (question.kind == "role" and len(export.role) == 1)
    }
    linkage = study.settings.linkage
    languages = study.questionnaire.instrument.languages
    for code in (linkage.person, linkage.triad):
        if code and code not in found and code not in study.questionnaire.questions:
            label = dict.fromkeys(languages, code)
            roles = tuple(export.role)
            added = Question(code, "code", roles, None, None, (), None, None, False, label, label)
            found = {code: added, **found}
    return found


def _typed(
    rows: pd.DataFrame, study: Study, questions: dict[str, Question]
) -> dict[str, np.ndarray]:
    linkage = study.settings.linkage
    typed, source = {}, {linkage.triad: "typed_triad", linkage.person: "typed_person"}
    for qid, question in questions.items():
        if question.kind == "text":
            typed[qid] = rows["remark"].to_numpy(dtype=object)
        elif question.kind == "code":
            typed[qid] = rows[source.get(qid, "wave")].to_numpy(dtype=object)
    return typed
