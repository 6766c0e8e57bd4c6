"""Which program wrote a file: said by the file itself, with the reason; never guessed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from driehoek.ingest.excel import read_excel
from driehoek.ingest.kobo import has_label_headings as has_worded_headings
from driehoek.ingest.kobo import is_kobo, is_odk, kobo_layout, odk_layout
from driehoek.ingest.layout import Layout, Platform
from driehoek.ingest.limesurvey import has_text_headings, is_limesurvey, limesurvey_layout
from driehoek.ingest.plain import plain_layout
from driehoek.ingest.qualtrics import import_ids, is_legacy, qualtrics_layout
from driehoek.ingest.redcap import has_label_headings, is_redcap, redcap_layout
from driehoek.ingest.spss import read_spss
from driehoek.ingest.spss_child import STATA_MAGIC
from driehoek.ingest.tables import RawTable, Source, read_delimited
from driehoek.ingest.web import ENDINGS, read_web
from driehoek.problems import AnswersError, Problem, did_you_mean, name_of

_SPSS_MAGIC = (b"$FL2", b"$FL3")
_ZIP_MAGIC = b"PK\x03\x04"
PLAIN: dict[Source, tuple[Platform, str]] = {
    "text": ("csv", "it is a text file without signs of another platform"),
    "excel": ("excel", "it is a workbook without signs of another platform"),
    "spss": ("spss", "it is an SPSS file"),
    "stata": ("stata", "it is a Stata file"),
    "web": ("web", "its records are those of our own web page"),
}


OLD_FORMATS = {
    b"\xd0\xcf\x11\xe0": ("an Excel file of before 2007 (.xls)", "save it as .xlsx or CSV UTF-8"),
    b"PAR1": ("a Parquet file", "give the file that the platform wrote"),
}


def _refuse_old_formats(path: Path, magic: bytes, file: str) -> None:
    found, mend = OLD_FORMATS.get(magic, ("", ""))
    if not found and magic[:1] in {b"\x71", b"\x72", b"\x73"} and path.suffix.lower() == ".dta":
        found, mend = "a Stata file of before version 13", "save it with saveold as version 13"
    if found:
        expected = "CSV, .xlsx, .sav or .dta"
        raise AnswersError([Problem(file, found, expected, mend, check="file")])


@dataclass(frozen=True, slots=True)
class _Signed:
    """A platform that signs its files: how that is seen, said and read."""

    is_seen: Callable[[RawTable], bool]
    reason: str
    lay_out: Callable[[RawTable, str], Layout]


SIGNED: dict[str, _Signed] = {
    "limesurvey": _Signed(
        is_limesurvey,
        "it has the columns submitdate, lastpage and startlanguage",
        limesurvey_layout,
    ),
    "qualtrics": _Signed(
        lambda table: import_ids(table) is not None,
        "its third row holds Qualtrics' import ids",
        qualtrics_layout,
    ),
    "redcap": _Signed(
        is_redcap, "it has record ids, and forms with REDCap's status", redcap_layout
    ),
    "kobo": _Signed(is_kobo, "it has the columns _uuid and _submission_time", kobo_layout),
    "odk": _Signed(is_odk, "it has the columns SubmissionDate and KEY", odk_layout),
}


def read_table(path: Path, sheet: str | None = None) -> RawTable:
    """Read any file that platforms write, by its content and not by its name.

    Raises
    ------
    AnswersError
        If the file is absent, or cannot be read.
    """
    file = name_of(path)
    if not path.is_file():
        near = [each.name for each in path.parent.glob("*")] if path.parent.is_dir() else []
        mend = did_you_mean(path.name, near) if near else "put the export there"
        raise AnswersError(
            [Problem(file, "there is no such file", "an export", mend, check="file")]
        )
    with path.open("rb") as stream:
        magic = stream.read(4)
    _refuse_old_formats(path, magic, file)
    if magic in _SPSS_MAGIC:
        return read_spss(path)
    if magic == STATA_MAGIC:
        return read_spss(path, "stata")
    if magic == _ZIP_MAGIC:
        return read_excel(path, sheet)
    if path.suffix.lower() in ENDINGS:
        return read_web(path)
    return read_delimited(path)


def recognise(table: RawTable, platform: str, event: str | None = None) -> Layout:
    """Lay out a table as its platform means it.

    Parameters
    ----------
    table : RawTable
    platform : str
        As the study says; auto: as the file says.
    event : str, optional
        The event wanted from a longitudinal REDCap project.

    Raises
    ------
    AnswersError
        If the file contradicts the study, or two platforms fit, or its form is known and
        cannot be read.
    """
    signs = _signs(table)
    _refuse_unreadable(table, signs)
    plain, plain_reason = PLAIN[table.source]
    if platform == "auto":
        if len(signs) > 1:
            _refuse(table, f"signs of {' and '.join(signs)}", "say platform: in the study")
        platform = signs[0] if signs else plain
        reason = SIGNED[platform].reason if signs else plain_reason
    else:
        _refuse_contradiction(table, platform, signs, plain)
        reason = "the study says so"
    if platform == "redcap":
        return redcap_layout(table, reason, event)
    if platform in SIGNED:
        return SIGNED[platform].lay_out(table, reason)
    return plain_layout(table, plain, reason)


def _signs(table: RawTable) -> list[str]:
    # An SPSS file keeps the platform's columns, but its values and labels are SPSS's.
    if table.source not in {"text", "excel"}:
        return []
    return [name for name, each in SIGNED.items() if each.is_seen(table)]


def _refuse_contradiction(
    table: RawTable, platform: str, signs: list[str], plain: Platform
) -> None:
    if platform in SIGNED and platform not in signs:
        found = f"no {platform} export with codes as headings"
        mend = f"export anew, or drop platform: {platform} from the study"
        _refuse(table, found, mend, f"a file of which holds: {SIGNED[platform].reason}")
    if platform not in SIGNED and platform != plain:
        mend = f"say platform: {plain} or auto in the study"
        _refuse(table, f"a {plain} file", mend, f"a {platform} file")


def _refuse_unreadable(table: RawTable, signs: list[str]) -> None:
    if not signs and has_text_headings(table):
        _refuse(
            table,
            "a LimeSurvey export with question texts as headings",
            "export again with headings: question code, and answers: answer codes",
            "question codes as headings",
        )
    if not signs and is_legacy(table):
        _refuse(
            table,
            "a Qualtrics export of the form before 2016 (V1 to V10)",
            "download it again in today's form (Data, Export, CSV)",
            "three rows of headings, the third with import ids",
        )
    if not signs and has_label_headings(table):
        _refuse(
            table,
            "a REDCap export with labels as headings",
            "export again as CSV / Microsoft Excel (raw data), with raw headings",
            "field names as headings",
        )
    if {"kobo", "odk"} & {*signs} and has_worded_headings(table):
        _refuse(
            table,
            "a KoBo or ODK export with question texts as headings",
            "export again with XML values and headers",
            "XML names as headings",
        )
    if "qualtrics" in signs and len(table.cells) < 3:
        _refuse(
            table,
            "the three rows of headings without any answers",
            "if nobody answered, take the export out of the study",
            "answers below",
        )


def _refuse(table: RawTable, found: str, mend: str, expected: str = "one platform") -> None:
    raise AnswersError([Problem(table.file, found, expected, mend, row=1, check="platform")])
