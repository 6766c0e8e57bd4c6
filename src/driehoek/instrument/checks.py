"""What a JSON Schema cannot say about an instrument: references, codes, texts, keys."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from driehoek.instrument.model import Instrument, Option, Text
from driehoek.instrument.questions import Questionnaire, items_of
from driehoek.instrument.routing import RoutingSyntaxError, comparisons_in, parse_condition
from driehoek.problems import Problem, did_you_mean
from driehoek.yamlfile import Document, Location

SPSS_RESERVED = frozenset(
    ["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"]
)
TOKEN = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class _Fault:
    location: Location
    found: str
    expected: str
    mend: str


def instrument_problems(instrument: Instrument, document: Document) -> list[Problem]:
    """Find every fault that single fields cannot show."""
    return [
        Problem(
            document.file,
            fault.found,
            fault.expected,
            fault.mend,
            line=document.line(fault.location),
            item=".".join(str(part) for part in fault.location),
            check=name,
        )
        for name, check in CHECKS.items()
        for fault in check(instrument)
    ]


def _known(location: Location, word: str, known: Iterable[str], what: str) -> Iterator[_Fault]:
    known = list(known)
    if word not in known:
        yield _Fault(
            location, f"unknown {what} {word!r}", f"a known {what}", did_you_mean(word, known)
        )


def _question_ids(instrument: Instrument) -> Iterator[_Fault]:
    placed: dict[str, Location] = {qid: ("background", qid) for qid in instrument.background}
    for name, item in instrument.items.items():
        for qid in item.ask:
            location: Location = ("items", name, "ask", qid)
            if qid in placed:
                yield _Fault(
                    location, f"question id {qid!r} is used twice", "unique ids", "rename one"
                )
            placed[qid] = location
    for qid, location in placed.items():
        if qid in SPSS_RESERVED:
            yield _Fault(location, f"{qid!r} is a reserved word of SPSS", "another id", "rename it")


def _roles(instrument: Instrument) -> Iterator[_Fault]:
    roles = instrument.roles
    letters = Counter(role.letter for role in roles.values())
    for name, role in roles.items():
        if letters[role.letter] > 1:
            yield _Fault(
                ("roles", name, "letter"),
                f"letter {role.letter!r} is used twice",
                "a letter of its own for each role",
                "choose another letter",
            )
    for qid, question in instrument.background.items():
        for i, role_name in enumerate(question.roles):
            yield from _known(("background", qid, "roles", i), role_name, roles, "role")
    for name, item in instrument.items.items():
        for qid, ask in item.ask.items():
            yield from _known(("items", name, "ask", qid, "role"), ask.role, roles, "role")
            if ask.about is not None:
                yield from _known(("items", name, "ask", qid, "about"), ask.about, roles, "role")
    for i, block in enumerate(instrument.blocks):
        for j, role_name in enumerate(block.roles):
            yield from _known(("blocks", i, "roles", j), role_name, roles, "role")


def _presentations(instrument: Instrument) -> Iterator[_Fault]:
    for name, item in instrument.items.items():
        pairs = Counter((ask.role, ask.about) for ask in item.ask.values())
        for (role, about), count in pairs.items():
            if count > 1:
                yield _Fault(
                    ("items", name, "ask"),
                    f"{role} is asked about {about} {count} times",
                    "one presentation for each role and target",
                    "drop the others",
                )


def _responses(instrument: Instrument) -> Iterator[_Fault]:
    for name, item in instrument.items.items():
        yield from _known(
            ("items", name, "response"), item.response, instrument.responses, "response set"
        )
    for qid, question in instrument.background.items():
        if question.response:
            yield from _known(
                ("background", qid, "response"),
                question.response,
                instrument.responses,
                "response set",
            )
    for name, each in instrument.responses.items():
        yield from _options(("responses", name, "options"), each.options, instrument)
    for qid, question in instrument.background.items():
        yield from _options(("background", qid, "options"), question.options or [], instrument)


def _options(location: Location, options: list[Option], instrument: Instrument) -> Iterator[_Fault]:
    codes = Counter(option.code.lower() for option in options)
    values = Counter(option.value for option in options if option.value is not None)
    for i, option in enumerate(options):
        here = (*location, i)
        if codes[option.code.lower()] > 1:
            yield _Fault(
                here,
                f"code {option.code!r} stands for two options",
                "unique codes",
                "give each option its own code (upper and lower case are the same)",
            )
        if option.value is not None and values[option.value] > 1:
            yield _Fault(
                here,
                f"value {option.value:g} stands for two options",
                "unique values",
                "give each option its own value",
            )
        said = sum(part is not None for part in (option.value, option.missing, option.role))
        if said != 1:
            yield _Fault(
                here,
                f"option {option.code!r} has {said} meanings",
                "exactly one of value, missing and role",
                "keep the one that is meant",
            )
        if option.role is not None:
            yield from _known((*here, "role"), option.role, instrument.roles, "role")


def _background(instrument: Instrument) -> Iterator[_Fault]:
    for qid, question in instrument.background.items():
        location: Location = ("background", qid)
        offered = (question.options is not None) + (question.response is not None)
        wants = 1 if question.kind in {"choice", "role"} else 0
        if offered != wants:
            yield _Fault(
                location,
                f"a {question.kind} question with {offered} sets of options",
                f"{wants}",
                "give options or response for choices, neither for others",
            )
        if question.kind == "number" and (question.min is None or question.max is None):
            yield _Fault(
                location,
                "a number question without min and max",
                "the range of possible values",
                "add min and max: other values are invalid",
            )
    kinds = [qid for qid, each in instrument.background.items() if each.kind == "role"]
    for qid in kinds[1:]:
        yield _Fault(("background", qid), "a second role question", "one at most", "drop one")


def _texts(instrument: Instrument) -> Iterator[_Fault]:
    for location, text, names in _all_texts(instrument):
        for language in instrument.languages:
            if not text.get(language, "").strip():
                yield _Fault(
                    location,
                    f"no text in language {language!r}",
                    "text in each language of the instrument",
                    f"add {language}:",
                )
        for language in set(text) - set(instrument.languages):
            yield _Fault(
                (*location, language),
                f"language {language!r} is not declared",
                ", ".join(instrument.languages),
                did_you_mean(language, instrument.languages),
            )
        tokens = {lang: Counter(TOKEN.findall(each)) for lang, each in text.items()}
        if len({tuple(sorted(set(each))) for each in tokens.values()}) > 1:
            yield _Fault(
                location,
                f"names filled in differ by language: {_shown(tokens)}",
                "the same {tokens} in each language",
                "make them the same",
            )
        for token in set().union(*tokens.values()) - names:
            yield _Fault(
                location,
                f"unknown token {{{token}}}",
                "a name that can be filled in here",
                did_you_mean(token, names),
            )


def _shown(tokens: dict[str, Counter[str]]) -> str:
    return ", ".join(f"{lang}: {' '.join(sorted(each)) or 'none'}" for lang, each in tokens.items())


def _all_texts(instrument: Instrument) -> Iterator[tuple[Location, Text, set[str]]]:
    yield ("title",), instrument.title, set()
    for name, role in instrument.roles.items():
        yield ("roles", name, "label"), role.label, set()
    for name, each in instrument.responses.items():
        if each.question:
            yield ("responses", name, "question"), each.question, set(instrument.roles)
        for i, option in enumerate(each.options):
            yield (
                ("responses", name, "options", i, "label"),
                option.label,
                set(instrument.roles) | {"about"},
            )
    for qid, question in instrument.background.items():
        yield ("background", qid, "text"), question.text, set()
        for i, option in enumerate(question.options or []):
            yield ("background", qid, "options", i, "label"), option.label, set()
    for name, item in instrument.items.items():
        for qid, ask in item.ask.items():
            text, location = (
                (ask.text, ("items", name, "ask", qid, "text"))
                if ask.text
                else (item.text, ("items", name, "text"))
            )
            if text:
                names = set(instrument.names.get(ask.role, {}))
                yield location, text, names | ({"about"} if ask.about in names else set())
    for i, block in enumerate(instrument.blocks):
        names = set.intersection(*(set(instrument.names.get(r, {})) for r in block.roles))
        yield ("blocks", i, "title"), block.title, names | {"about"}
    for name, scale in instrument.scales.items():
        yield ("scales", name, "label"), scale.label, set()
        for facet, part in (scale.facets or {}).items():
            yield ("scales", name, "facets", facet, "label"), part.label, set()


def _scales(instrument: Instrument) -> Iterator[_Fault]:
    used: dict[str, str] = {}
    for name, scale in instrument.scales.items():
        location: Location = ("scales", name)
        if (scale.facets is None) == (scale.items is None):
            yield _Fault(location, "both or neither of facets and items", "one of them", "drop one")
        if scale.score.of == "facets" and scale.facets is None:
            yield _Fault(
                (*location, "score"), "of: facets without facets", "facets", "use of: items"
            )
        for item in items_of(scale):
            yield from _known((*location, "items"), item, instrument.items, "item")
            if item in used:
                yield _Fault(
                    location,
                    f"item {item!r} counts in {used[item]!r} as well",
                    "an item in one scale",
                    "take it out of one of them",
                )
            used[item] = name
        ranges = {_range(instrument, item) for item in items_of(scale) if item in instrument.items}
        if len(ranges) > 1:
            yield _Fault(
                location,
                f"items with different ranges: {sorted(ranges, key=str)}",
                "one range of values in a scale",
                "recode the response sets, or split the scale",
            )


def _range(instrument: Instrument, item: str) -> tuple[float, float] | None:
    responses = instrument.responses.get(instrument.items[item].response)
    values = [o.value for o in responses.options if o.value is not None] if responses else []
    return (min(values), max(values)) if values else None


def _references(instrument: Instrument) -> Iterator[_Fault]:
    questions = Questionnaire(instrument).questions if not list(_responses(instrument)) else {}
    if not questions:
        return
    for i, block in enumerate(instrument.blocks):
        for j, qid in enumerate(block.questions):
            yield from _known(("blocks", i, "questions", j), qid, questions, "question")
    special = {("checks", name): (c.question, c.expected) for name, c in instrument.checks.items()}
    if instrument.consent:
        special["consent",] = (instrument.consent.question, instrument.consent.required)  # type: ignore[index]
    for location, (qid, code) in special.items():
        yield from _known((*location, "question"), qid, questions, "question")
        if qid in questions:
            codes = [option.code for option in questions[qid].options]
            yield from _known((*location, "question"), code, codes, "option code")


def _routing(instrument: Instrument) -> Iterator[_Fault]:
    known = set(instrument.background) | {q for i in instrument.items.values() for q in i.ask}
    for i, rule in enumerate(instrument.routing):
        for j, qid in enumerate(rule.show):
            yield from _known(("routing", i, "show", j), qid, known, "question")
        try:
            condition = parse_condition(rule.when)
        except RoutingSyntaxError as fault:
            yield _Fault(
                ("routing", i, "when"),
                str(fault),
                "question operator value",
                "such as: living == 2 and role == carer",
            )
            continue
        for each in comparisons_in(condition):
            if each.name == "role":
                for value in each.operands:
                    yield from _known(("routing", i, "when"), str(value), instrument.roles, "role")
            else:
                yield from _known(("routing", i, "when"), each.name, known, "question")


def _status(instrument: Instrument) -> Iterator[_Fault]:
    if instrument.status == "validated" and not instrument.source:
        yield _Fault(
            ("status",),
            "validated without a source",
            "the publication that validated it",
            "add source:, or use status: draft or pilot",
        )


CHECKS: dict[str, Callable[[Instrument], Iterator[_Fault]]] = {
    "question ids": _question_ids,
    "roles": _roles,
    "presentations": _presentations,
    "responses": _responses,
    "background": _background,
    "texts": _texts,
    "scales": _scales,
    "references": _references,
    "routing": _routing,
    "status": _status,
}
