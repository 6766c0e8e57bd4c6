"""The questions of an instrument laid out flat, one for each question id."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from driehoek.instrument.model import Instrument, Option, QuestionKind, Scale, Text
from driehoek.instrument.routing import Condition, parse_condition


@dataclass(frozen=True, slots=True)
class Question:
    """One question as a person meets it.

    Attributes
    ----------
    id : str
        Question id; the name of its column in every table of answers.
    kind : str
        choice, number, text, code or role.
    roles : tuple of str
        The roles that get it; exactly one for a presentation of an item.
    about : str or None
        The role of the person it is about.
    item : str or None
        The item it presents; None for background questions.
    options : tuple of Option
        Empty for numbers, text and codes.
    minimum, maximum : float or None
        Range of the analysis values.
    is_reversed : bool
        True where a high answer means a low score.
    text : mapping
        Wording per language, names filled in; empty where the text is not ours to print.
    """

    id: str
    kind: QuestionKind
    roles: tuple[str, ...]
    about: str | None
    item: str | None
    options: tuple[Option, ...]
    minimum: float | None
    maximum: float | None
    is_reversed: bool
    text: Mapping[str, str]
    label: Mapping[str, str]

    @property
    def is_stored(self) -> bool:
        """Whether answers reach the canonical table: numbers do, text and codes do not."""
        return self.kind in {"choice", "number"}

    @property
    def values(self) -> dict[str, float]:
        """Analysis value by option code, options that mean a missing answer left out."""
        return {o.code: o.value for o in self.options if o.value is not None}

    @property
    def missing_codes(self) -> dict[str, str]:
        """Kind of missing answer by option code."""
        return {o.code: o.missing for o in self.options if o.missing is not None}


@dataclass(frozen=True)
class Questionnaire:
    """An instrument with its questions, routing and scales looked up.

    Attributes
    ----------
    instrument : Instrument
    """

    instrument: Instrument

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by id, in order of presentation."""
        found = {qid: _background(self.instrument, qid) for qid in self.instrument.background}
        for name, item in self.instrument.items.items():
            found |= {qid: _presentation(self.instrument, name, qid) for qid in item.ask}
        placed = [qid for block in self.instrument.blocks for qid in block.questions]
        order = dict.fromkeys([qid for qid in placed if qid in found] + list(found))
        return {qid: found[qid] for qid in order}

    @cached_property
    def stored(self) -> tuple[str, ...]:
        """Question ids with a column in the canonical table, in order of presentation."""
        return tuple(qid for qid, question in self.questions.items() if question.is_stored)

    @cached_property
    def conditions(self) -> dict[str, list[tuple[Condition, bool]]]:
        """For each routed question its conditions, each with whether it is planned."""
        found: dict[str, list[tuple[Condition, bool]]] = {}
        for rule in self.instrument.routing:
            for qid in rule.show:
                found.setdefault(qid, []).append((parse_condition(rule.when), rule.planned))
        return found

    @cached_property
    def role_question(self) -> str | None:
        """The question that asks for the role, if there is one."""
        kinds = (qid for qid, question in self.questions.items() if question.kind == "role")
        return next(kinds, None)

    def asked(self, role: str, about: str | None) -> dict[str, str]:
        """Give the question id by item, for what a role is asked about a person."""
        return {
            question.item: qid
            for qid, question in self.questions.items()
            if question.item and question.roles == (role,) and question.about == about
        }

    def presentations(self, scale: str) -> list[tuple[str, str | None]]:
        """Give the (role, about) pairs for which a scale has items, in order of the roles."""
        items = set(items_of(self.instrument.scales[scale]))
        pairs = {
            (ask.role, ask.about)
            for name in items
            for ask in self.instrument.items[name].ask.values()
        }
        order = [*self.instrument.roles, None]
        return sorted(pairs, key=lambda pair: (order.index(pair[0]), order.index(pair[1])))

    def facet_questions(self, scale: str, role: str, about: str | None) -> dict[str, list[str]]:
        """Give question ids by facet as a role meets them (a scale without facets is one)."""
        asked = self.asked(role, about)
        facets = facets_of(scale, self.instrument.scales[scale])
        found = {name: [asked[i] for i in items if i in asked] for name, items in facets.items()}
        return {name: ids for name, ids in found.items() if ids}


def facets_of(name: str, scale: Scale) -> dict[str, list[str]]:
    """Give items by facet; a scale without facets counts as one facet with its own name."""
    if scale.facets is not None:
        return {facet: list(each.items) for facet, each in scale.facets.items()}
    return {name: list(scale.items or [])}


def items_of(scale: Scale) -> list[str]:
    """Give every item of a scale, in order."""
    return [item for items in facets_of("", scale).values() for item in items]


def bounds(options: tuple[Option, ...]) -> tuple[float | None, float | None]:
    """Give the lowest and highest analysis value of a set of options."""
    values = [option.value for option in options if option.value is not None]
    return (min(values), max(values)) if values else (None, None)


def fill_names(text: str, names: Mapping[str, Text], about: str | None, language: str) -> str:
    """Fill {about}, {seeker}, {carer} and {professional}; capital at the start of a sentence."""
    filled = text
    targets = [(role, role) for role in names] + ([("about", about)] if about else [])
    for token, role in targets:
        if role in names:
            filled = filled.replace("{" + token + "}", names[role][language])
    return filled[:1].upper() + filled[1:]


def _background(instrument: Instrument, qid: str) -> Question:
    each = instrument.background[qid]
    shared = instrument.responses[each.response].options if each.response else []
    options = tuple(each.options or shared)
    low, high = bounds(options) if options else (each.min, each.max)
    roles = tuple(each.roles)
    label = each.label or each.text
    return Question(qid, each.kind, roles, None, None, options, low, high, False, each.text, label)


def _presentation(instrument: Instrument, name: str, qid: str) -> Question:
    item = instrument.items[name]
    ask = item.ask[qid]
    options = tuple(instrument.responses[item.response].options)
    names = instrument.names.get(ask.role, {})
    wording = ask.text or item.text or {}
    text = {lang: fill_names(raw, names, ask.about, lang) for lang, raw in wording.items()}
    low, high = bounds(options)
    label = item.label or text or dict.fromkeys(instrument.languages, name)
    return Question(
        qid,
        "choice",
        (ask.role,),
        ask.about,
        name,
        options,
        low,
        high,
        item.keyed == "-",
        text,
        label,
    )
