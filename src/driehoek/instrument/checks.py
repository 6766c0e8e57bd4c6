"""What a JSON Schema cannot say about an instrument: references, codes, keys."""

from collections import Counter
from collections.abc import Callable, Iterator

from driehoek.faults import Fault, unknown
from driehoek.instrument.model import Instrument, Option
from driehoek.instrument.questions import items_of
from driehoek.instrument.routing_checks import offered_options, routing
from driehoek.instrument.text_checks import texts
from driehoek.problems import Problem
from driehoek.responses import KEYS
from driehoek.yamlfile import Document, Location

SPSS_RESERVED = frozenset(
    ["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"]
)


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
        for fault in dict.fromkeys(check(instrument))
    ]


def _question_ids(instrument: Instrument) -> Iterator[Fault]:
    placed: dict[str, Location] = {qid: ("background", qid) for qid in instrument.background}
    for name, item in instrument.items.items():
        for qid in item.ask:
            location: Location = ("items", name, "ask", qid)
            if qid in placed:
                yield Fault(
                    location, f"question id {qid!r} is used twice", "unique ids", "rename one"
                )
            placed[qid] = location
    for qid, location in placed.items():
        if qid in SPSS_RESERVED:
            yield Fault(location, f"{qid!r} is a reserved word of SPSS", "another id", "rename it")
        if qid in KEYS and _is_stored(instrument, qid):
            found = f"{qid!r} is a column of every table of answers"
            yield Fault(location, found, "another id", "rename the question")


def _is_stored(instrument: Instrument, qid: str) -> bool:
    """Tell whether answers would meet a key column; consent is meant to be that column."""
    if instrument.consent is not None and instrument.consent.question == qid:
        return False
    question = instrument.background.get(qid)
    return question is None or question.kind in {"choice", "number"}


def _roles(instrument: Instrument) -> Iterator[Fault]:
    roles = instrument.roles
    letters = Counter(role.letter for role in roles.values())
    for name, role in roles.items():
        if letters[role.letter] > 1:
            yield Fault(
                ("roles", name, "letter"),
                f"letter {role.letter!r} is used twice",
                "a letter of its own for each role",
                "choose another letter",
            )
    for qid, question in instrument.background.items():
        for i, role_name in enumerate(question.roles):
            yield from unknown(("background", qid, "roles", i), role_name, roles, "role")
    for name, item in instrument.items.items():
        for qid, ask in item.ask.items():
            yield from unknown(("items", name, "ask", qid, "role"), ask.role, roles, "role")
            if ask.about is not None:
                yield from unknown(("items", name, "ask", qid, "about"), ask.about, roles, "role")
    for i, block in enumerate(instrument.blocks):
        for j, role_name in enumerate(block.roles):
            yield from unknown(("blocks", i, "roles", j), role_name, roles, "role")


def _presentations(instrument: Instrument) -> Iterator[Fault]:
    for name, item in instrument.items.items():
        pairs = Counter((ask.role, ask.about) for ask in item.ask.values())
        for (role, about), count in pairs.items():
            if count > 1:
                yield Fault(
                    ("items", name, "ask"),
                    f"{role} is asked about {about} {count} times",
                    "one presentation for each role and target",
                    "drop the others",
                )


def _responses(instrument: Instrument) -> Iterator[Fault]:
    for name, item in instrument.items.items():
        yield from unknown(
            ("items", name, "response"), item.response, instrument.responses, "response set"
        )
    for qid, question in instrument.background.items():
        if question.response:
            yield from unknown(
                ("background", qid, "response"),
                question.response,
                instrument.responses,
                "response set",
            )
    for name, each in instrument.responses.items():
        yield from _options(("responses", name, "options"), each.options, instrument)
        if sum(option.value is not None for option in each.options) < 2:
            yield Fault(
                ("responses", name, "options"),
                "fewer than two options with a value",
                "a scale of values",
                "add value: to the options that count",
            )
    for qid, question in instrument.background.items():
        yield from _options(("background", qid, "options"), question.options or [], instrument)


def _options(location: Location, options: list[Option], instrument: Instrument) -> Iterator[Fault]:
    codes = Counter(option.code.lower() for option in options)
    values = Counter(option.value for option in options if option.value is not None)
    for i, option in enumerate(options):
        here = (*location, i)
        if codes[option.code.lower()] > 1:
            yield Fault(
                here,
                f"code {option.code!r} stands for two options",
                "unique codes",
                "give each option its own code (upper and lower case are the same)",
            )
        if option.value is not None and values[option.value] > 1:
            yield Fault(
                here,
                f"value {option.value:g} stands for two options",
                "unique values",
                "give each option its own value",
            )
        said = sum(part is not None for part in (option.value, option.missing, option.role))
        if said != 1:
            yield Fault(
                here,
                f"option {option.code!r} has {said} meanings",
                "exactly one of value, missing and role",
                "keep the one that is meant",
            )
        if option.role is not None:
            yield from unknown((*here, "role"), option.role, instrument.roles, "role")


def _background(instrument: Instrument) -> Iterator[Fault]:
    for qid, question in instrument.background.items():
        location: Location = ("background", qid)
        offered = (question.options is not None) + (question.response is not None)
        wants = 1 if question.kind in {"choice", "role"} else 0
        if offered != wants:
            yield Fault(
                location,
                f"a {question.kind} question with {offered} sets of options",
                f"{wants}",
                "give options or response for choices, neither for others",
            )
        if question.kind == "number" and (question.min is None or question.max is None):
            yield Fault(
                location,
                "a number question without min and max",
                "the range of possible values",
                "add min and max: other values are invalid",
            )
        elif question.min is not None and question.max is not None and question.min >= question.max:
            yield Fault(
                (*location, "min"),
                f"min {question.min:g} is not below max {question.max:g}",
                "a range that numbers can lie in",
                "exchange min and max, or mend one of them",
            )
        if question.check_digit is not None and question.kind != "code":
            yield Fault(
                (*location, "check_digit"),
                f"a check digit for a {question.kind} question",
                "a question of kind code",
                "take check_digit out, or say kind: code",
            )
    kinds = [qid for qid, each in instrument.background.items() if each.kind == "role"]
    for qid in kinds[1:]:
        yield Fault(("background", qid), "a second role question", "one at most", "drop one")


def _scales(instrument: Instrument) -> Iterator[Fault]:
    used: dict[str, str] = {}
    for name, scale in instrument.scales.items():
        location: Location = ("scales", name)
        if (scale.facets is None) == (scale.items is None):
            yield Fault(location, "both or neither of facets and items", "one of them", "drop one")
        if scale.score.of == "facets" and scale.facets is None:
            yield Fault(
                (*location, "score"), "of: facets without facets", "facets", "use of: items"
            )
        for item in items_of(scale):
            yield from unknown((*location, "items"), item, instrument.items, "item")
            if item in used:
                yield Fault(
                    location,
                    f"item {item!r} counts in {used[item]!r} as well",
                    "an item in one scale",
                    "take it out of one of them",
                )
            used[item] = name
        ranges = {_range(instrument, item) for item in items_of(scale) if item in instrument.items}
        if len(ranges) > 1:
            yield Fault(
                location,
                f"items with different ranges: {sorted(ranges, key=str)}",
                "one range of values in a scale",
                "recode the response sets, or split the scale",
            )


def _range(instrument: Instrument, item: str) -> tuple[float, float] | None:
    responses = instrument.responses.get(instrument.items[item].response)
    values = [o.value for o in responses.options if o.value is not None] if responses else []
    return (min(values), max(values)) if values else None


def _references(instrument: Instrument) -> Iterator[Fault]:
    questions = offered_options(instrument)
    for i, block in enumerate(instrument.blocks):
        for j, qid in enumerate(block.questions):
            yield from unknown(("blocks", i, "questions", j), qid, questions, "question")
    special = {("checks", name): (c.question, c.expected) for name, c in instrument.checks.items()}
    if instrument.consent:
        special["consent",] = (instrument.consent.question, instrument.consent.required)  # type: ignore[index]
    for location, (qid, code) in special.items():
        yield from unknown((*location, "question"), qid, questions, "question")
        if qid in questions:
            codes = [option.code for option in questions[qid]]
            yield from unknown((*location, "question"), code, codes, "option code")


def _status(instrument: Instrument) -> Iterator[Fault]:
    if instrument.status == "validated" and not instrument.source:
        yield Fault(
            ("status",),
            "validated without a source",
            "the publication that validated it",
            "add source:, or use status: draft or pilot",
        )


CHECKS: dict[str, Callable[[Instrument], Iterator[Fault]]] = {
    "question ids": _question_ids,
    "roles": _roles,
    "presentations": _presentations,
    "responses": _responses,
    "background": _background,
    "texts": texts,
    "scales": _scales,
    "references": _references,
    "routing": routing,
    "status": _status,
}
