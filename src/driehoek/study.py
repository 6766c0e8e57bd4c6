"""A study: its file, read and checked, with its instrument."""

import re
from dataclasses import dataclass
from pathlib import Path

from driehoek.instrument.questions import Questionnaire
from driehoek.instrument.reading import read_instrument
from driehoek.problems import StudyError
from driehoek.study_checks import check_plan
from driehoek.study_file import Export, ModelPlan, StudyFile, WaveOfData
from driehoek.yamlfile import read_document, validate

__all__ = ["Export", "ModelPlan", "Study", "StudyFile", "export_name", "read_study"]


@dataclass(frozen=True)
class Study:
    """A study file, read and checked, with its instrument.

    Attributes
    ----------
    path : pathlib.Path
        The study file.
    settings : StudyFile
    questionnaire : Questionnaire
    """

    path: Path
    settings: StudyFile
    questionnaire: Questionnaire

    @property
    def folder(self) -> Path:
        """The folder that paths in the study file are relative to."""
        return self.path.parent

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
    return Study(path, settings, questionnaire)
