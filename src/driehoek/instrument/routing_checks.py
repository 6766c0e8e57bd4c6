"""Faults in the routing of an instrument."""

from collections.abc import Iterator

from driehoek.instrument.faults import Fault, unknown
from driehoek.instrument.model import Instrument
from driehoek.instrument.routing import RoutingSyntaxError, comparisons_in, parse_condition


def routing(instrument: Instrument) -> Iterator[Fault]:
    """Find conditions that cannot be read, or name what is not there."""
    known = set(instrument.background) | {q for i in instrument.items.values() for q in i.ask}
    for i, rule in enumerate(instrument.routing):
        for j, qid in enumerate(rule.show):
            yield from unknown(("routing", i, "show", j), qid, known, "question")
        try:
            condition = parse_condition(rule.when)
        except RoutingSyntaxError as fault:
            yield Fault(
                ("routing", i, "when"),
                str(fault),
                "question operator value",
                "such as: living == 2 and role == carer",
            )
            continue
        for each in comparisons_in(condition):
            if each.name == "role":
                for value in each.operands:
                    yield from unknown(("routing", i, "when"), str(value), instrument.roles, "role")
            else:
                yield from unknown(("routing", i, "when"), each.name, known, "question")
