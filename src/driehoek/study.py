"""A study: its file, read and checked, with its instrument."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from driehoek.instrument.questions import Questionnaire
from driehoek.instrument.reading import read_instrument
from driehoek.instrument.versions import Bridge, bridge
from driehoek.plan.plan import ModelPlan
from driehoek.problems import Problem, StudyError, name_of
from driehoek.study_checks import check_plan
from driehoek.study_file import Export, StudyFile, WaveOfData
from driehoek.yamlfile import Document, read_document, validate

__all__ = [
    "Export",
    "ModelPlan",
    "Study",
    "StudyFile",
    "export_name",
    "read_study",
    "require_files",
    "simulated_mark",
]


@dataclass(frozen=True)
class Study:
    """A study file, read and checked, with its instrument.

    Attributes
    ----------
    path : pathlib.Path
        The study file.
    settings : StudyFile
    questionnaire : Questionnaire
        The version that is analysed.
    bridges : mapping of str to Bridge
        By wave, for the waves that were asked another version.
    """

    path: Path
    settings: StudyFile
    questionnaire: Questionnaire
    bridges: Mapping[str, Bridge] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The folder that paths in the study file are relative to."""
        return self.path.parent

    @property
    def seal(self) -> Path:
        """The file that holds the seal of the plan, where it was sealed."""
        return self.path.with_name(f"{self.path.stem}.seal.json")

    def locate(self, name: str) -> Path:
        """Resolve a path of the study file."""
        return self.folder / Path(name).expanduser()

    def wave(self, wave: str) -> WaveOfData:
        """Give one wave by its name."""
        return next(each for each in self.settings.waves if each.wave == wave)

    @property
    def wave_names(self) -> list[str]:
        """Names of the waves, in order."""
        return [each.wave for each in self.settings.waves]

    def asked(self, wave: str) -> Questionnaire:
        """Give the version of the questionnaire that a wave was asked."""
        return self.bridges[wave].asked if wave in self.bridges else self.questionnaire

    def instruments(self, wave: str) -> list[Path]:
        """Give the instrument files that a wave rests on: the study's, then its own."""
        own = self.wave(wave).instrument
        return [self.locate(name) for name in (self.settings.instrument, own) if name]

    def exports(self, wave: str) -> dict[str, Export]:
        """Give the exports of a wave by the name of their folder in the results."""
        return {
            export_name(each.file, i): each for i, each in enumerate(self.wave(wave).exports, 1)
        }


def export_name(file: str, position: int) -> str:
    """Give the folder name of an export: its position and plain letters of its file name."""
    stem = re.sub(r"[^a-z0-9]+", "-", Path(file).stem.lower()).strip("-")[:40]
    return f"{position}-{stem}" if stem else str(position)


def read_study(path: Path) -> Study:
    """Read a study file and its instrument.

    Raises
    ------
    StudyError, InstrumentError
        With every fault, each with its line.
    """
    document = read_document(path, StudyError)
    settings = validate(document, StudyFile, StudyError)
    questionnaire = read_instrument(path.parent / settings.instrument)
    check_plan(settings, questionnaire, document)
    return Study(path, settings, questionnaire, _bridges(settings, questionnaire, document, path))


def _bridges(
    settings: StudyFile, questionnaire: Questionnaire, document: Document, path: Path
) -> dict[str, Bridge]:
    """Read the versions that waves were asked, and compare each with the one analysed."""
    found, problems = dict[str, Bridge](), []
    for place, wave in enumerate(settings.waves):
        if wave.instrument is None:
            continue
        asked = read_instrument(path.parent / wave.instrument)
        if asked.instrument.id == questionnaire.instrument.id:
            found[wave.wave] = bridge(asked, questionnaire)
            continue
        line = document.line(("waves", place, "instrument"))
        said = f"{wave.instrument} is the instrument {asked.instrument.id!r}"
        expected = f"a version of {questionnaire.instrument.id!r}"
        mend = "name a version of the study's instrument, or make a study of its own"
        problems.append(
            Problem(document.file, said, expected, mend, line=line, item=wave.wave, check="version")
        )
    if problems:
        raise StudyError(problems)
    return found


def require_files(study: Study) -> None:
    """Stop where a file that the study names is absent: exports, key, corrections, withdrawals.

    Exports that a simulation still has to make are not missed; exports that it did not make
    are not put at risk.

    Raises
    ------
    StudyError
        With every absent file, and every export at risk.
    """
    settings = study.settings
    wanted = {
        settings.pseudonyms.key: "restore your copy of the key, or make a study with driehoek "
        "new; with a fresh key the waves of a running study can no longer be linked",
    }
    for name in (settings.corrections, settings.withdrawn):
        wanted |= {name: "correct the path in the study file"} if name else {}
    own = (section.template for section in settings.report.sections.values())
    wanted |= dict.fromkeys(own, "write the section, or take it out of report: sections")
    if settings.simulation is None:
        files = [export.file for wave in settings.waves for export in wave.exports]
        wanted |= dict.fromkeys(files, "put the export there, or correct the path")
    absent = [
        Problem(name_of(study.path), f"there is no file {name}", mend=mend, check="files")
        for name, mend in wanted.items()
        if not study.locate(name).is_file()
    ]
    if problems := [*absent, *_at_risk(study)]:
        raise StudyError(problems)


def _at_risk(study: Study) -> list[Problem]:
    """Find exports that a simulation would write over though it did not make them."""
    if study.settings.simulation is None:
        return []
    found = "simulation: stands in the study file, and this export was not simulated"
    mend = "take simulation: out of the study file, or move the export elsewhere"
    return [
        Problem(name_of(path), found, "no real data in a simulated study", mend, check="files")
        for wave in study.settings.waves
        for path in (study.locate(export.file) for export in wave.exports)
        if path.is_file() and not simulated_mark(path.parent).is_file()
    ]


def simulated_mark(folder: Path) -> Path:
    """Give the file that a simulation leaves beside its exports."""
    return folder / "truth.json"
