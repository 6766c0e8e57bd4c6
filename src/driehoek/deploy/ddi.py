"""A codebook as DDI-Codebook 2.5, the form in which archives exchange it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from driehoek.deploy.codebook_document import scoring_sentence
from driehoek.deploy.codebook_facts import Choice, Codebook, Tally, Variable
from driehoek.deploy.spoken import spoken
from driehoek.instrument.questions import items_of

NAMESPACE = "ddi:codebook:2_5"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
FILE = "answers"
NATURE = {"choice": "nominal", "role": "nominal", "number": "ratio"}


def ddi_xml(codebook: Codebook, languages: Sequence[str]) -> str:
    """Write a codebook as DDI-Codebook 2.5.

    Variables are the columns of a raw file with option codes; counts stand for one role in one
    wave (``otherType``), for a codebook describes every wave of a study.
    """
    root = ET.Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5", XML_LANG: languages[0]})
    root.append(_study(codebook, languages))
    file = ET.SubElement(root, "fileDscr", {"ID": FILE})
    text = ET.SubElement(file, "fileTxt")
    ET.SubElement(text, "fileName").text = f"{FILE}.csv"
    size = ET.SubElement(text, "dimensns")
    ET.SubElement(size, "varQnty").text = str(len(codebook.variables))
    data = ET.SubElement(root, "dataDscr")
    data.extend(_groups(codebook, languages))
    data.extend(_variable(codebook, variable, languages) for variable in codebook.variables)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _study(codebook: Codebook, languages: Sequence[str]) -> ET.Element:
    instrument = codebook.form.instrument
    study = ET.Element("stdyDscr")
    citation = ET.SubElement(study, "citation")
    title = ET.SubElement(citation, "titlStmt")
    _texts(title, "titl", instrument.title, languages[:1])
    _texts(title, "parTitl", instrument.title, languages[1:])
    number = ET.SubElement(title, "IDNo", {"agency": "driehoek"})
    number.text = f"{instrument.id}-{instrument.version}"
    made = ET.SubElement(citation, "prodStmt")
    ET.SubElement(made, "copyright").text = instrument.licence
    version = ET.SubElement(citation, "verStmt")
    ET.SubElement(version, "version").text = f"{instrument.version} ({instrument.status})"
    summary = ET.SubElement(ET.SubElement(study, "stdyInfo"), "sumDscr")
    for role in [codebook.role] if codebook.role else instrument.roles:
        _texts(summary, "universe", instrument.roles[role].label, languages)
    collected = ET.SubElement(ET.SubElement(study, "method"), "dataColl")
    _texts(collected, "resInstru", instrument.title, languages)
    return study


def _groups(codebook: Codebook, languages: Sequence[str]) -> Iterator[ET.Element]:
    instrument = codebook.form.instrument
    for name, scale in instrument.scales.items():
        items = set(items_of(scale))
        members = [v.question.id for v in codebook.variables if v.question.item in items]
        if not members:
            continue
        place = {"ID": f"scale_{name}", "type": "other", "otherType": "scale", "name": name}
        group = ET.Element("varGrp", place | {"var": " ".join(map(_id, members))})
        _texts(group, "labl", scale.label, languages)
        said = {each: scoring_sentence(scale, instrument, each) for each in languages}
        _texts(group, "txt", said, languages)
        _texts(group, "defntn", scale.meaning or {}, languages)
        if scale.source:
            ET.SubElement(group, "notes").text = scale.source
        yield group


def _variable(codebook: Codebook, variable: Variable, languages: Sequence[str]) -> ET.Element:
    question = variable.question
    place = {"ID": _id(question.id), "name": question.id, "files": FILE}
    kind = {"intrvl": "contin" if question.kind == "number" else "discrete"}
    nature = "ordinal" if question.item else NATURE.get(question.kind, "other")
    element = ET.Element("var", place | kind | {"nature": nature})
    _texts(element, "labl", question.label, languages)
    element.append(_question(codebook, variable, languages))
    element.extend(_ranges(variable))
    roles = codebook.form.instrument.roles
    for role in question.roles:
        _texts(element, "universe", roles[role].label, languages)
    element.extend(_moments(variable.tallies))
    element.extend(_category(choice, variable, languages) for choice in variable.choices)
    for scale in variable.scales:
        label = codebook.form.instrument.scales[scale].label
        _texts(element, "concept", label, languages)
    form = "numeric" if question.kind == "number" else "character"
    ET.SubElement(element, "varFormat", {"type": form, "schema": "other"})
    element.extend(_notes(codebook, variable))
    return element


def _question(codebook: Codebook, variable: Variable, languages: Sequence[str]) -> ET.Element:
    asked = ET.Element("qstn")
    before = {
        each: " ".join(filter(None, [variable.information.get(each), variable.lead.get(each)]))
        for each in languages
    }
    _texts(asked, "preQTxt", before, languages)
    _texts(asked, "qstnLit", variable.question.text, languages)
    _texts(asked, "postQTxt", variable.unit, languages)
    conditions = {each: spoken(codebook.form, variable.when, each) for each in languages}
    _texts(asked, "ivuInstr", conditions, languages)
    return asked


def _ranges(variable: Variable) -> Iterator[ET.Element]:
    question = variable.question
    if question.kind == "number":
        limits = {"min": question.minimum, "max": question.maximum}
        told = {name: f"{limit:g}" for name, limit in limits.items() if limit is not None}
        if told:
            valid = ET.Element("valrng")
            ET.SubElement(valid, "range", {"UNITS": "REAL", **told})
            yield valid
    missing = [choice.code for choice in variable.choices if choice.missing]
    if missing:
        invalid = ET.Element("invalrng")
        for code in missing:
            ET.SubElement(invalid, "item", {"VALUE": code})
        yield invalid


def _moments(tallies: Sequence[Tally]) -> Iterator[ET.Element]:
    for tally in tallies:
        numbers = {"vald": tally.n, "mean": tally.mean, "stdev": tally.sd}
        for name, number in numbers.items():
            if not math.isnan(number):
                kind = {"type": name, "otherType": _place(tally)}
                element = ET.Element("sumStat", kind)
                element.text = repr(number)
                yield element


def _category(choice: Choice, variable: Variable, languages: Sequence[str]) -> ET.Element:
    is_missing = {"missing": "Y", "missType": choice.missing} if choice.missing else {}
    element = ET.Element("catgry", is_missing)
    ET.SubElement(element, "catValu").text = choice.code
    _texts(element, "labl", choice.label, languages)
    if choice.value is not None:
        ET.SubElement(element, "txt").text = f"value {choice.value:g}"
    for tally in variable.tallies:
        count = tally.counts.get(choice.code, math.nan)
        if not math.isnan(count):
            counted = {"type": "freq", "otherType": _place(tally)}
            ET.SubElement(element, "catStat", counted).text = f"{count:.0f}"
    return element


def _notes(codebook: Codebook, variable: Variable) -> Iterator[ET.Element]:
    question = variable.question
    facts = {"item": question.item, "about": question.about}
    if question.item:
        item = codebook.form.instrument.items[question.item]
        facts |= {"keyed": item.keyed, "item_type": item.type}
    for name, fact in facts.items():
        if fact:
            note = ET.Element("notes", {"type": name})
            note.text = fact
            yield note


def _texts(
    parent: ET.Element, name: str, texts: Mapping[str, str], languages: Sequence[str]
) -> None:
    for language in languages:
        if text := texts.get(language, "").strip():
            ET.SubElement(parent, name, {XML_LANG: language}).text = text


def _id(question: str) -> str:
    return f"q_{question}"


def _place(tally: Tally) -> str:
    return f"{tally.wave}.{tally.role}"
