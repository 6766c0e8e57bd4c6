"""A codebook as plain data, from which its page and its PDF are made."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from driehoek.deploy.codebook_facts import Choice, Codebook, Tally, Variable
from driehoek.deploy.rendering import words
from driehoek.deploy.spoken import spoken
from driehoek.instrument.model import Instrument, Scale
from driehoek.instrument.questions import facets_of, items_of

COEFFICIENTS = {"alpha": "alpha", "omega_total": "omega"}
Plain = dict[str, Any]


def codebook_document(codebook: Codebook, languages: Sequence[str]) -> Plain:
    """Lay a codebook out.

    Parameters
    ----------
    codebook : Codebook
    languages : sequence of str
        Of the texts shown; the first one is that of the codebook itself.

    Returns
    -------
    dict
        Only texts, lists and dicts, ready to be shown.
    """
    instrument = codebook.form.instrument
    language = languages[0]
    return {
        "language": language,
        "languages": list(languages),
        "words": dict(words(language)),
        "title": instrument.title[language],
        "facts": list(_facts(codebook, languages)),
        "scales": [
            _scale(codebook, name, scale, language) for name, scale in instrument.scales.items()
        ],
        "responses": [_response(instrument, name, languages) for name in instrument.responses],
        "pages": list(_pages(codebook, languages)),
        "has_data": any(variable.tallies for variable in codebook.variables),
    }


def scoring_sentence(scale: Scale, instrument: Instrument, language: str) -> str:
    """Say how a scale is scored, and how reversed answers count where it has any."""
    say, score = words(language), scale.score
    if scale.key:
        return f"{say['published_key']} {scale.key}"
    of = score.of if scale.facets else "items"
    share = f"{score.min_answered:.0%}"
    said = (
        f"{say[f'score_rule_{score.method}']} {say[f'score_of_{of}']}; "
        f"{say['least_answered'].format(share=share)}."
    )
    is_turned = any(instrument.items[item].keyed == "-" for item in items_of(scale))
    return f"{said} {say['reversed_rule']}" if is_turned else said


def percentage(part: float, whole: float) -> str:
    """Give a share as a whole percentage; empty where either is withheld or zero people."""
    known = not math.isnan(part) and not math.isnan(whole) and whole > 0
    return f"{100 * part / whole:.0f}%" if known else ""


def _facts(codebook: Codebook, languages: Sequence[str]) -> Iterator[tuple[str, str]]:
    instrument, language = codebook.form.instrument, languages[0]
    say = words(language)
    yield say["id"], instrument.id
    yield say["version"], instrument.version
    yield say["status"], say[f"status_{instrument.status}"]
    if instrument.source:
        yield say["source"], instrument.source
    yield say["licence"], instrument.licence
    yield say["languages"], ", ".join(instrument.languages)
    roles = [codebook.role] if codebook.role else list(instrument.roles)
    yield say["roles"], ", ".join(instrument.roles[role].label[language] for role in roles)
    yield say["questions"], str(len(codebook.variables))
    if consent := instrument.consent:
        told = say["consent_given"].format(code=consent.required, question=consent.question)
        yield say["consent"], told
    if instrument.checks:
        checks = [
            say["check_passed"].format(question=check.question, code=check.expected)
            for check in instrument.checks.values()
        ]
        yield say["checks"], " ".join(checks)


def _scale(codebook: Codebook, name: str, scale: Scale, language: str) -> Plain:
    say = words(language)
    key = (codebook.keys or {}).get(scale.key or "")
    source = scale.source or (key.reference if key else "")
    labels = {n: facet.label[language] for n, facet in (scale.facets or {}).items()}
    return {
        "id": name,
        "label": scale.label[language],
        "meaning": (scale.meaning or {}).get(language, ""),
        "scoring": scoring_sentence(scale, codebook.form.instrument, language),
        "status": say[scale.score.status],
        "source": source,
        "licence": key.licence_note if key else "",
        "facets": [
            {"label": labels.get(facet, ""), "items": [_item(codebook, each) for each in items]}
            for facet, items in facets_of(name, scale).items()
        ],
        "reliability": list(_reliability(codebook, name, labels, language)),
    }


def _item(codebook: Codebook, name: str) -> Plain:
    item = codebook.form.instrument.items[name]
    return {"name": name, "is_reversed": item.keyed == "-", "questions": list(item.ask)}


def _reliability(
    codebook: Codebook, scale: str, labels: Mapping[str, str], language: str
) -> Iterator[list[str]]:
    """Yield rows of the table: role, about, facet, wave, n, alpha, omega."""
    told = codebook.reliability
    if told is None or told.empty:
        return
    rows = told[(told["scale"] == scale) & told["statistic"].isin(COEFFICIENTS)]
    rows = rows[(rows["term"] == "") & (codebook.role is None or rows["role"] == codebook.role)]
    for place, each in rows.groupby(["role", "about", "group", "wave"], sort=False):
        role, about, facet, wave = map(str, place)
        yield [
            _role(codebook, role, language),
            _role(codebook, about, language),
            labels.get(facet, facet),
            words(language)["all_waves"] if wave == "all" else wave,
            _whole(float(each["n"].min()), language),
            *(_coefficient(each, name) for name in COEFFICIENTS),
        ]


def _coefficient(rows: pd.DataFrame, name: str) -> str:
    told = rows.loc[rows["statistic"] == name, ["estimate", "ci_low", "ci_high"]]
    if told.empty or math.isnan(float(told["estimate"].iloc[0])):
        return ""
    estimate, low, high = map(float, told.to_numpy()[0])
    interval = "" if math.isnan(low) else f" [{low:.2f}, {high:.2f}]"
    return f"{estimate:.2f}{interval}"


def _role(codebook: Codebook, role: str, language: str) -> str:
    known = codebook.form.instrument.roles.get(role)
    return known.label[language] if known else ""


def _pages(codebook: Codebook, languages: Sequence[str]) -> Iterator[Plain]:
    language = languages[0]
    for page, variables in groupby(codebook.variables, key=lambda each: each.page):
        title = page.title[language] if page else words(language)["questions"]
        roles = page.roles if page else list(codebook.form.instrument.roles)
        yield {
            "id": page.id if page else "questions",
            "title": title,
            "roles": ", ".join(_role(codebook, role, language) for role in roles),
            "variables": [_variable(codebook, each, languages) for each in variables],
        }


def _variable(codebook: Codebook, variable: Variable, languages: Sequence[str]) -> Plain:
    question, language = variable.question, languages[0]
    return {
        "id": question.id,
        "label": question.label[language],
        "texts": [_text(variable, each) for each in languages],
        "facts": list(_variable_facts(codebook, variable, language)),
        "languages": list(languages),
        "response": variable.response,
        "options": [_option(choice, languages) for choice in variable.choices],
        "codes": [choice.code for choice in variable.choices if not choice.missing],
        "tallies": [_tally(codebook, variable, each, language) for each in variable.tallies],
    }


def _response(instrument: Instrument, name: str, languages: Sequence[str]) -> Plain:
    shared = instrument.responses[name]
    options = [
        Choice(each.code, each.value, each.missing or "", each.label) for each in shared.options
    ]
    question = (shared.question or {}).get(languages[0], "")
    return {
        "name": name,
        "question": question,
        "options": [_option(option, languages) for option in options],
    }


def _option(choice: Choice, languages: Sequence[str]) -> Plain:
    return {
        "code": choice.code,
        "value": "" if choice.value is None else f"{choice.value:g}",
        "missing": words(languages[0])[choice.missing] if choice.missing else "",
        "labels": [choice.label[each] for each in languages],
    }


def _text(variable: Variable, language: str) -> Plain:
    said = variable.question.text.get(language, "").strip()
    return {
        "language": language,
        "lead": variable.lead.get(language, ""),
        "information": variable.information.get(language, ""),
        "text": said or words(language)["no_text"],
    }


def _variable_facts(
    codebook: Codebook, variable: Variable, language: str
) -> Iterator[tuple[str, str]]:
    say, question = words(language), variable.question
    instrument = codebook.form.instrument
    asked = ", ".join(_role(codebook, role, language) for role in question.roles)
    yield say["asked_of"], asked
    if question.about:
        yield say["about"], _role(codebook, question.about, language)
    yield say["kind"], say[f"kind_{question.kind}"]
    if question.item:
        turned = f" ({say['reversed']})" if question.is_reversed else ""
        yield say["item"], f"{question.item}{turned}"
        yield say["type"], say[f"type_{instrument.items[question.item].type}"]
    if variable.scales:
        scales = (instrument.scales[name].label[language] for name in variable.scales)
        yield say["scale"], ", ".join(scales)
    if question.kind == "number":
        bounds = (question.minimum, question.maximum)
        low, high = ("" if bound is None else f"{bound:g}" for bound in bounds)
        yield say["range"], f"{low} – {high} {variable.unit.get(language, '')}".strip()
    if condition := spoken(codebook.form, variable.when, language):
        yield say["shown_if"], condition


def _tally(codebook: Codebook, variable: Variable, tally: Tally, language: str) -> Plain:
    say = words(language)
    kinds = [
        f"{say[kind]} {_whole(count, language)}"
        for kind, count in tally.missing.items()
        if count != 0
    ]
    codes = [choice.code for choice in variable.choices if not choice.missing]
    return {
        "wave": tally.wave,
        "role": _role(codebook, tally.role, language),
        "n": _whole(tally.n, language),
        "mean": _decimal(tally.mean),
        "sd": _decimal(tally.sd),
        "counts": [_count(tally, code, language) for code in codes],
        "missing": ", ".join(kinds),
    }


def _count(tally: Tally, code: str, language: str) -> tuple[str, str]:
    """Give a count and its percentage of those who answered."""
    count = tally.counts.get(code, math.nan)
    return _whole(count, language), percentage(count, tally.n)


def _whole(number: float, language: str) -> str:
    return words(language)["withheld"] if math.isnan(number) else f"{number:.0f}"


def _decimal(number: float) -> str:
    return "" if math.isnan(number) else f"{number:.2f}"
