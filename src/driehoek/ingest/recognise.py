"""Which program wrote a file: said by the file itself, with the reason; never guessed."""

import re
from pathlib import Path

from driehoek.ingest.excel import read_excel
from driehoek.ingest.layout import Layout
from driehoek.ingest.limesurvey import has_text_headings, is_limesurvey, limesurvey_layout
from driehoek.ingest.plain import plain_layout
from driehoek.ingest.qualtrics import import_ids, is_legacy, qualtrics_layout
from driehoek.ingest.spss import read_spss
from driehoek.ingest.tables import RawTable, read_delimited
from driehoek.ingest.web import ENDINGS, read_web
from driehoek.problems import AnswersError, Problem, did_you_mean, name_of

REASONS = {
    "limesurvey": "it has the columns submitdate, lastpage and startlanguage",
    "qualtrics": "its third row holds Qualtrics' import ids",
    "csv": "it is a text file without signs of another platform",
    "excel": "it is a workbook without signs of another platform",
    "spss": "it is an SPSS file",
    "web": "its records are those of our own web page",
}
_SIGNED = ("limesurvey", "qualtrics")
_SPSS_MAGIC = (b"$FL2", b"$FL3")
_ZIP_MAGIC = b"PK\x03\x04"
# Headings by which formats can be told that this version does not read by themselves.
_FOREIGN = {
    "REDCap": re.compile(r"^(redcap_\w+|\w+___\d+|\w+_complete)$"),
    "KoBo": re.compile(r"^(_uuid|_submission_time)$"),
    "ODK Central": re.compile(r"^(submissiondate|meta-instanceid)$"),
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
    if magic in _SPSS_MAGIC:
        return read_spss(path)
    if magic == _ZIP_MAGIC:
        return read_excel(path, sheet)
    if path.suffix.lower() in ENDINGS:
        return read_web(path)
    return read_delimited(path)


def recognise(table: RawTable, platform: str) -> Layout:
    """Lay out a table as its platform means it.

    Parameters
    ----------
    table : RawTable
    platform : str
        As the study says; auto: as the file says.

    Raises
    ------
    AnswersError
        If the file contradicts the study, or two platforms fit, or its form is known and
        cannot be read.
    """
    signs = [name for name, found in _signs(table).items() if found]
    _refuse_unreadable(table, signs)
    plain = {"text": "csv", "excel": "excel", "spss": "spss", "web": "web"}[table.source]
    if platform == "auto":
        if len(signs) > 1:
            _refuse(table, f"signs of {' and '.join(signs)}", "say platform: in the study")
        if not signs:
            _refuse_foreign(table)
        platform = signs[0] if signs else plain
        reason = REASONS[platform]
    else:
        if platform in _SIGNED and platform not in signs:
            found = f"no {platform} export with codes as headings"
            _refuse(
                table,
                found,
                f"export anew, or drop platform: {platform} from the study",
                f"a file of which holds: {REASONS[platform]}",
            )
        if platform not in _SIGNED and platform != plain:
            _refuse(
                table,
                f"a {plain} file",
                f"say platform: {plain} or auto in the study",
                f"a {platform} file",
            )
        reason = "the study says so"
    return _lay_out(table, platform, reason)


def _lay_out(table: RawTable, platform: str, reason: str) -> Layout:
    if platform == "limesurvey":
        return limesurvey_layout(table, reason)
    if platform == "qualtrics":
        return qualtrics_layout(table, reason)
    return plain_layout(table, platform, reason)  # type: ignore[arg-type]


def _signs(table: RawTable) -> dict[str, bool]:
    # An SPSS file keeps the platform's columns, but its values and labels are SPSS's.
    if table.source == "spss":
        return {}
    return {
        "limesurvey": is_limesurvey(table),
        "qualtrics": import_ids(table) is not None,
    }


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
    if "qualtrics" in signs and len(table.cells) < 3:
        _refuse(
            table,
            "the three rows of headings without any answers",
            "if nobody answered, take the export out of the study",
            "answers below",
        )


def _refuse_foreign(table: RawTable) -> None:
    headings = [str(each).casefold() for each in table.cells.columns]
    for name, sign in _FOREIGN.items():
        if sum(bool(sign.match(heading)) for heading in headings) >= 2:
            _refuse(
                table,
                f"a file that looks as {name} writes it",
                "export with codes, and say platform: csv and columns: in the study",
                "LimeSurvey, Qualtrics, SPSS, or CSV or Excel with codes as headings",
            )


def _refuse(table: RawTable, found: str, mend: str, expected: str = "one platform") -> None:
    raise AnswersError([Problem(table.file, found, expected, mend, row=1, check="platform")])
