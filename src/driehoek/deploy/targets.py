"""What an instrument can be exported to."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from driehoek.deploy.codebook import write_codebook
from driehoek.deploy.entry import write_entry
from driehoek.deploy.limesurvey import write_limesurvey
from driehoek.deploy.paper import write_paper, write_paper_codes
from driehoek.deploy.preview import write_preview
from driehoek.deploy.qualtrics import write_qualtrics
from driehoek.deploy.redcap import write_redcap
from driehoek.deploy.rscript import write_r
from driehoek.deploy.spss import write_spss
from driehoek.deploy.web import write_web
from driehoek.deploy.xlsform import write_xlsform
from driehoek.instrument.questions import Questionnaire
from driehoek.problems import InstrumentError, Problem, did_you_mean
from driehoek.scoring.published import PublishedKeys


class Writer(Protocol):
    """Write an instrument to a file; give what is left to do by hand."""

    def __call__(
        self,
        questionnaire: Questionnaire,
        path: Path,
        *,
        role: str | None = None,
        language: str | None = None,
    ) -> tuple[str, ...]:
        """Write the file whole or not at all."""


@dataclass(frozen=True, slots=True)
class Target:
    """A form an instrument can take.

    Attributes
    ----------
    summary : str
        One line for the help of the console command.
    suffixes : tuple of str
        Endings that its files may have; none where it writes a folder.
    write : Writer
    """

    summary: str
    suffixes: tuple[str, ...]
    write: Writer


TARGETS: dict[str, Target] = {
    "limesurvey": Target(
        "LimeSurvey survey structure, all roles and languages", (".txt",), write_limesurvey
    ),
    "qualtrics": Target(
        "Qualtrics Advanced Format, one role and language (unverified)",
        (".txt",),
        write_qualtrics,
    ),
    "redcap": Target(
        "REDCap data dictionary or instrument zip, one language (unverified)",
        (".csv", ".zip"),
        write_redcap,
    ),
    "xlsform": Target(
        "XLSForm for KoBoToolbox and ODK, all roles and languages", (".xlsx",), write_xlsform
    ),
    "codebook": Target(
        "codebook: .html and .pdf to read, .xml DDI-Codebook 2.5, .json Frictionless",
        (".html", ".pdf", ".xml", ".json"),
        write_codebook,
    ),
    "entry": Target("workbook for typing in answers on paper", (".xlsx",), write_entry),
    "spss": Target("SPSS syntax that labels and scores a raw file", (".sps",), write_spss),
    "r": Target("R script that labels and scores a raw file", (".r",), write_r),
    "web": Target("one self-contained web page with the survey", (".html",), write_web),
    "preview": Target("what people will see, and a checklist", (".html",), write_preview),
    "paper": Target("PDF to print, one role and language", (".pdf",), write_paper),
    "paper-codes": Target(
        "the same PDF with question ids and codes, for data entry", (".pdf",), write_paper_codes
    ),
}


@dataclass(frozen=True, slots=True)
class Extras:
    """What only some targets can use.

    Attributes
    ----------
    keys : mapping
        Published keys by id, for the scripts and the codebook.
    statistics : pathlib.Path, optional
        Folder ``public/statistics`` of a study, for the codebook.
    post_to : str
        Address to which the web page sends answers; empty for none.
    autosave : bool
        Whether the web page keeps unfinished answers on the device.
    """

    keys: PublishedKeys = field(default_factory=dict)
    statistics: Path | None = None
    post_to: str = ""
    autosave: bool = True


def _tuned(target: str, extras: Extras) -> Writer:
    writers: dict[str, Writer] = {
        "codebook": partial(write_codebook, statistics=extras.statistics, keys=extras.keys),
        "spss": partial(write_spss, keys=extras.keys),
        "r": partial(write_r, keys=extras.keys),
        "web": partial(write_web, post_to=extras.post_to, autosave=extras.autosave),
    }
    return writers.get(target, TARGETS[target].write)


def export(
    questionnaire: Questionnaire,
    target: str,
    path: Path,
    *,
    role: str | None = None,
    language: str | None = None,
    extras: Extras | None = None,
) -> tuple[str, ...]:
    """Write an instrument for a target.

    Parameters
    ----------
    questionnaire : Questionnaire
    target : str
        A name in ``TARGETS``.
    path : Path
    role, language : str, optional
        One of those of the instrument; otherwise all, where the target can hold all.
    extras : Extras, optional

    Returns
    -------
    tuple of str
        What is left to do by hand.

    Raises
    ------
    InstrumentError
        If there is no such target, or it does not write such files, or the instrument does
        not fit it.
    """
    known = TARGETS.get(target)
    if known is None:
        mend = did_you_mean(target, TARGETS)
        raise InstrumentError([Problem("--to", f"no target {target!r}", "a target", mend)])
    if known.suffixes and path.suffix.lower() not in known.suffixes:
        endings = " or ".join(known.suffixes)
        found = f"a file {path.name!r} for {target}"
        raise InstrumentError([Problem("--out", found, endings, f"name it {path.stem}{endings}")])
    write = _tuned(target, extras or Extras())
    return write(questionnaire, path, role=role, language=language)
