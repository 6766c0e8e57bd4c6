"""Read files that were written for survey platforms back into what they say."""

import csv
import re
import zipfile
from dataclasses import dataclass, field
from html import unescape

from openpyxl import load_workbook


@dataclass
class Asked:
    """One question as a platform would read it; texts and labels by language."""

    kind: str
    text: dict = field(default_factory=dict)
    options: dict = field(default_factory=dict)  # label by language, by code
    relevance: str = ""
    grid: str = ""
    required: bool = False
    limits: tuple = ()


def plain(text):
    """Take the entities and line breaks out of HTML."""
    return unescape(re.sub(r"<br ?/?>", "\n", text))


def read_limesurvey(path):
    """Read a survey structure: survey settings, and questions by id."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    settings = {r["name"]: r["text"] for r in rows if r["class"] == "S"}
    local = {(r["language"], r["name"]): r["text"] for r in rows if r["class"] == "SL"}
    asked, current = {}, []
    for row in rows:
        lang = row["language"]
        if row["class"] == "Q":
            parent = row
            current = [] if row["type/scale"] == "F" else [_limesurvey_question(asked, row, row)]
        elif row["class"] == "SQ":
            current.append(_limesurvey_question(asked, row, parent))
        elif row["class"] == "A":
            for question in current:
                question.options.setdefault(row["name"], {})[lang] = plain(row["text"])
    return settings, local, asked


def _limesurvey_question(asked, row, parent):
    question = asked.setdefault(row["name"], Asked(parent["type/scale"]))
    question.text[row["language"]] = plain(row["text"])
    question.relevance = parent["relevance"]
    question.grid = parent["name"] if row is not parent else ""
    question.required = parent["mandatory"] == "Y"
    if row.get("min_num_value_n"):
        question.limits = (float(row["min_num_value_n"]), float(row["max_num_value_n"]))
    return question


def read_redcap(path, language):
    """Read a data dictionary, or the one in an instrument zip."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            lines = archive.read("instrument.csv").decode().splitlines()
    else:
        lines = path.read_text(encoding="utf-8").splitlines()
    asked = {}
    for row in csv.DictReader(lines):
        question = Asked(row["Field Type"])
        question.text[language] = plain(row["Field Label"])
        for option in filter(None, row["Choices, Calculations, OR Slider Labels"].split(" | ")):
            code, _, label = option.partition(", ")
            question.options[code] = {language: plain(label)}
        question.relevance = row["Branching Logic (Show field only if...)"]
        question.grid = row["Matrix Group Name"]
        question.required = row["Required Field?"] == "y"
        if row["Text Validation Min"]:
            question.limits = (float(row["Text Validation Min"]), float(row["Text Validation Max"]))
        asked[row["Variable / Field Name"]] = question
    return asked


def read_qualtrics(path, language):
    """Read an Advanced Format file; descriptions are left out."""
    asked = {}
    for chunk in path.read_text(encoding="utf-8").split("[[Question:")[1:]:
        kind, _, rest = chunk.partition("]]\n")
        if kind == "DB":
            continue
        tag, _, rest = rest.removeprefix("[[ID:").partition("]]\n")
        text, _, choices = rest.partition("[[AdvancedChoices]]")
        question = asked[tag] = Asked(kind)
        question.text[language] = plain(text.split("\n\n")[0])
        for code, label in re.findall(r"\[\[Choice:(\w+)\]\]\n(.*)\n", choices):
            question.options[code] = {language: plain(label)}
    return asked


def read_xlsform(path):
    """Read an XLSForm: settings, and questions by name with the conditions of their groups."""
    workbook = load_workbook(path)
    sheets = {sheet.title: _records(sheet) for sheet in workbook.worksheets}
    lists = {}
    for row in sheets["choices"]:
        lists.setdefault(row["list_name"], {})[row["name"]] = _by_language(row, "label")
    asked, group = {}, {}
    for row in sheets["survey"]:
        if row["type"] == "begin_group":
            group = row
        if row["type"] in {"begin_group", "end_group", "start", "end"}:
            continue
        kind, _, options = row["type"].partition(" ")
        question = asked[row["name"]] = Asked(kind, _by_language(row, "label"))
        question.options = lists[options] if options else {}
        question.relevance = " and ".join(
            f"({each['relevant']})" for each in (group, row) if each.get("relevant")
        )
        question.grid = row["appearance"] if row["appearance"] in {"label", "list-nolabel"} else ""
        question.required = row["required"] == "yes"
        if row.get("constraint"):
            question.limits = tuple(float(n) for n in re.findall(r"= (\S+)", row["constraint"]))
    return sheets["settings"][0], asked


def _records(sheet):
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, (cell or "" for cell in row), strict=True)) for row in rows]


def _by_language(row, kind):
    return {
        match.group(1): text
        for name, text in row.items()
        if (match := re.fullmatch(rf"{kind}::.* \((\w+)\)", name)) and text
    }
