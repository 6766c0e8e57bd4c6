"""A codebook as a Frictionless data package: what a machine needs to check the answers."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from driehoek.deploy.codebook_document import scoring_sentence
from driehoek.deploy.codebook_facts import Codebook, Variable
from driehoek.instrument.questions import facets_of

LICENCES = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/"}
Table = list[dict[str, Any]]


def datapackage_json(codebook: Codebook, languages: Sequence[str]) -> str:
    """Write a codebook as a data package.

    Resources: ``answers`` (an empty table with the schema of a raw file with option codes),
    and inline ``questions``, ``options`` and ``scoring``. A code that stands for a missing
    answer is a missing value of its field.
    """
    instrument, language = codebook.form.instrument, languages[0]
    licence: dict[str, str] = {"name": instrument.licence}
    if instrument.licence in LICENCES:
        licence["path"] = LICENCES[instrument.licence]
    package = {
        "profile": "data-package",
        "name": instrument.id.replace("_", "-"),
        "title": instrument.title[language],
        "version": instrument.version,
        "licenses": [licence],
        "resources": [
            _answers(codebook, language),
            _resource("questions", list(_questions(codebook, languages))),
            _resource("options", list(_options(codebook, languages))),
            _resource("scoring", list(_scoring(codebook, language))),
        ],
    }
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _answers(codebook: Codebook, language: str) -> dict[str, Any]:
    fields = [_field(variable, language) for variable in codebook.variables]
    return {
        "name": "answers",
        "title": codebook.form.instrument.title[language],
        "data": [[field["name"] for field in fields]],
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _field(variable: Variable, language: str) -> dict[str, Any]:
    question = variable.question
    field: dict[str, Any] = {"name": question.id, "title": question.label[language]}
    if text := question.text.get(language, "").strip():
        field["description"] = text
    if question.kind == "number":
        limits = {"minimum": question.minimum, "maximum": question.maximum}
        told = {name: limit for name, limit in limits.items() if limit is not None}
        return field | {"type": "number", "constraints": told}
    field["type"] = "string"
    if variable.choices:
        codes = [choice.code for choice in variable.choices if not choice.missing]
        field["constraints"] = {"enum": codes}
        missing = [choice.code for choice in variable.choices if choice.missing]
        if missing:
            field["missingValues"] = ["", *missing]
    return field


def _resource(name: str, rows: Table) -> dict[str, Any]:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    numeric = {"value", "min_answered"}
    fields = [{"name": c, "type": "number" if c in numeric else "string"} for c in columns]
    return {
        "name": name,
        "data": [columns, *([row.get(column, "") for column in columns] for row in rows)],
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _questions(codebook: Codebook, languages: Sequence[str]) -> Iterator[dict[str, Any]]:
    for variable in codebook.variables:
        question = variable.question
        texts = {f"text_{each}": question.text.get(each, "").strip() for each in languages}
        item = codebook.form.instrument.items.get(question.item or "")
        yield {
            "question": question.id,
            "kind": question.kind,
            "roles": " ".join(question.roles),
            "about": question.about or "",
            "item": question.item or "",
            "keyed": item.keyed if item else "",
            "item_type": item.type if item else "",
            "scales": " ".join(variable.scales),
            **texts,
        }


def _options(codebook: Codebook, languages: Sequence[str]) -> Iterator[dict[str, Any]]:
    for variable in codebook.variables:
        for choice in variable.choices:
            yield {
                "question": variable.question.id,
                "code": choice.code,
                "value": "" if choice.value is None else choice.value,
                "missing": choice.missing,
                **{f"label_{each}": choice.label[each] for each in languages},
            }


def _scoring(codebook: Codebook, language: str) -> Iterator[dict[str, Any]]:
    instrument = codebook.form.instrument
    for name, scale in instrument.scales.items():
        for facet, items in facets_of(name, scale).items():
            for item in items:
                yield {
                    "scale": name,
                    "facet": "" if scale.facets is None else facet,
                    "item": item,
                    "keyed": instrument.items[item].keyed,
                    "method": scale.score.method,
                    "of": scale.score.of,
                    "min_answered": scale.score.min_answered,
                    "status": scale.score.status,
                    "key": scale.key or "",
                    "rule": scoring_sentence(scale, instrument, language),
                }
