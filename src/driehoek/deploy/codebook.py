"""The codebook of a questionnaire: for people, for archives, and for machines."""

from collections.abc import Callable, Mapping
from pathlib import Path

from driehoek.deploy.checks import refuse, request_faults
from driehoek.deploy.codebook_document import codebook_document
from driehoek.deploy.codebook_facts import Codebook, read_statistics
from driehoek.deploy.datapackage import datapackage_json
from driehoek.deploy.ddi import ddi_xml
from driehoek.deploy.layout import languages_of
from driehoek.deploy.rendering import render, typeset
from driehoek.files import write_text
from driehoek.instrument.keys import ScaleKey
from driehoek.instrument.questions import Questionnaire


def write_codebook(
    questionnaire: Questionnaire,
    path: Path,
    *,
    role: str | None = None,
    language: str | None = None,
    statistics: Path | None = None,
    keys: Mapping[str, ScaleKey] | None = None,
) -> tuple[str, ...]:
    """Write a codebook in the form that the ending of its name says.

    Parameters
    ----------
    questionnaire : Questionnaire
    path : pathlib.Path
        ``.html`` and ``.pdf`` for people, ``.xml`` DDI-Codebook 2.5, ``.json`` Frictionless.
    role, language : str, optional
        Only the questions of one role; only the texts of one language.
    statistics : pathlib.Path, optional
        Folder with a study's public statistics, for counts and reliability.
    keys : mapping, optional
        Keys of published scales by id, for their sources.

    Returns
    -------
    tuple of str
        What is left to do by hand.

    Raises
    ------
    InstrumentError
        If the role or language is not of the instrument.
    """
    refuse(questionnaire, "codebook", request_faults(questionnaire, role, language))
    counts, reliability = read_statistics(statistics) if statistics else (None, None)
    codebook = Codebook(questionnaire, role, counts, reliability, keys)
    return _WRITERS[path.suffix.lower()](codebook, path, languages_of(questionnaire, language))


def _html(codebook: Codebook, path: Path, languages: list[str]) -> tuple[str, ...]:
    write_text(path, render("codebook.html", **codebook_document(codebook, languages)))
    return ()


def _pdf(codebook: Codebook, path: Path, languages: list[str]) -> tuple[str, ...]:
    typeset(path, "codebook.typ", codebook_document(codebook, languages))
    return ()


def _ddi(codebook: Codebook, path: Path, languages: list[str]) -> tuple[str, ...]:
    write_text(path, ddi_xml(codebook, languages))
    return ("Add authors, dates and the place of the data to the DDI file when depositing.",)


def _frictionless(codebook: Codebook, path: Path, languages: list[str]) -> tuple[str, ...]:
    write_text(path, datapackage_json(codebook, languages))
    return ("Put the path of the answers in place of their empty table (resource 'answers').",)


_WRITERS: dict[str, Callable[[Codebook, Path, list[str]], tuple[str, ...]]] = {
    ".html": _html,
    ".pdf": _pdf,
    ".xml": _ddi,
    ".json": _frictionless,
}
