"""Faults in the routing of an instrument."""

from collections.abc import Iterator

from driehoek.faults import Fault, unknown
from driehoek.instrument.model import Instrument, Option
from driehoek.instrument.routing import (
    Comparison,
    RoutingSyntaxError,
    comparisons_in,
    parse_condition,
)
from driehoek.yamlfile import Location


def routing(instrument: Instrument) -> Iterator[Fault]:
    """Find conditions that cannot be read, name what is not there, or can never hold."""
    known = set(instrument.background) | {q for i in instrument.items.values() for q in i.ask}
    for i, rule in enumerate(instrument.routing):
        for j, qid in enumerate(rule.show):
            yield from unknown(("routing", i, "show", j), qid, known, "question")
        here: Location = ("routing", i, "when")
        try:
            condition = parse_condition(rule.when)
        except RoutingSyntaxError as fault:
            mend = "such as: living == 2 and role == carer"
            yield Fault(here, str(fault), "question operator value", mend)
            continue
        for each in comparisons_in(condition):
            if each.name == "role":
                yield from _role_faults(each, here, instrument)
            elif each.name not in known:
                yield from unknown(here, each.name, known, "question")
            elif each.name in rule.show:
                found = f"{each.name!r} is shown by its own answer"
                yield Fault(here, found, "an answer given before", "name another question")
            else:
                yield from _value_faults(each, here, instrument)


def _role_faults(each: Comparison, here: Location, instrument: Instrument) -> Iterator[Fault]:
    if each.operator not in {"==", "!=", "in"}:
        yield Fault(here, f"roles compared by {each.operator!r}", "==, != or in", "use ==")
    for value in each.operands:
        yield from unknown(here, str(value), instrument.roles, "role")


def _value_faults(each: Comparison, here: Location, instrument: Instrument) -> Iterator[Fault]:
    asked = instrument.background.get(each.name)
    if asked is not None and asked.kind not in {"choice", "number"}:
        found = f"{each.name!r} is a {asked.kind} question, whose answers are not kept"
        mend = "use role" if asked.kind == "role" else "name a choice or a number question"
        yield Fault(here, found, "a choice or a number question", mend)
        return
    words = [value for value in each.operands if isinstance(value, str)]
    if words:
        found = f"{each.name!r} compared with the word {words[0]!r}"
        yield Fault(here, found, "a number", "give the value of the option, not its label")
        return
    yield from _impossible(each, here, instrument)


def _impossible(each: Comparison, here: Location, instrument: Instrument) -> Iterator[Fault]:
    """Find an option value that no answer can have."""
    options = offered_options(instrument).get(each.name, [])
    values = {option.value for option in options if option.value is not None}
    if not values or each.operator not in {"==", "in"}:
        return
    for value in each.operands:
        if value not in values:
            found = f"{each.name!r} never has the value {value:g}"
            expected = ", ".join(f"{known:g}" for known in sorted(values))
            yield Fault(here, found, expected, "compare with the value of an option")


def offered_options(instrument: Instrument) -> dict[str, list[Option]]:
    """Give the options by question id, also where texts or response sets are missing."""
    shared = {name: each.options for name, each in instrument.responses.items()}
    found = {
        qid: question.options or shared.get(question.response or "", [])
        for qid, question in instrument.background.items()
    }
    for item in instrument.items.values():
        found |= {qid: shared.get(item.response, []) for qid in item.ask}
    return found
