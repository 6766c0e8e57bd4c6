"""What roles, questions, scales and model terms are called, in one language."""

import itertools
import re
from functools import cached_property

from driehoek.analysis.forms import TRIAD, model_variables
from driehoek.analysis.names import Variable
from driehoek.instrument.questions import Question
from driehoek.plan.derived import YES, Derived
from driehoek.reporting import numbers
from driehoek.reporting.results import Figure
from driehoek.reporting.wording import cited, known_sentence, listed, sentence_case, word
from driehoek.study import Study

_PART = re.compile(r"(?P<name>[^\[\]^]+)(\[(?P<level>[^\]]*)\])?(?P<square>\^2)?")
_HINGE = re.compile(r"(?P<side>[<>])(?P<knot>.+)")  # the slope below or above a value
_EFFECT = re.compile(r"(?:actor|partner_(?P<partner>\w+?))(?:_(?P<part>between|within))?")


class Labels:
    """Names in words.

    Attributes
    ----------
    study : Study
    language : str
    """

    def __init__(self, study: Study, language: str) -> None:
        self.study = study
        self.language = language
        self.questionnaire = study.questionnaire
        self.instrument = study.questionnaire.instrument

    def of(self, text: dict[str, str] | None) -> str:
        """Give a text in this language, or in the first language it has."""
        if not text:
            return ""
        return text.get(self.language) or next(iter(text.values()))

    def own(self, name: str) -> str:
        """Give the study's own words for a role, scale, facet, question or item; or nothing."""
        return self.of(self.study.settings.report.labels.get(name))

    def role(self, role: str) -> str:
        """Give the words for a role; "unknown role" for none."""
        if role not in self.instrument.roles:
            return role or word(self.language, "no_role")
        return self.own(role) or self.of(self.instrument.roles[role].label)

    def scale(self, scale: str) -> str:
        """Give the words for a scale."""
        return sentence_case(self.own(scale) or self.of(self.instrument.scales[scale].label))

    def facet(self, scale: str, facet: str) -> str:
        """Give the words for a facet of a scale."""
        facets = self.instrument.scales[scale].facets or {}
        return sentence_case(self.own(f"{scale}.{facet}") or self.of(facets[facet].label))

    def relation(self, role: str, about: str) -> str:
        """Say who answered about whom."""
        if not about:
            return self.role(role)
        if about == role:
            return word(self.language, "about_self", role=self.role(role))
        return word(self.language, "about", role=self.role(role), about=self.role(about))

    def score(self, scale: str, role: str, about: str) -> str:
        """Name a score with whose answers it holds."""
        return self._by(self.scale(scale), role, about)

    def question(self, qid: str) -> str:
        """Give the short label of a background question."""
        question = self.questionnaire.questions[qid]
        return self.own(qid) or self.of(dict(question.label)) or qid

    def item(self, qid: str) -> str:
        """Give an item's wording, or its label where the text is not ours to print."""
        question = self.questionnaire.questions[qid]
        words = self.own(qid) or self.of(dict(question.text)) or self.of(dict(question.label))
        return words or qid

    def shared_item(self, item: str) -> str:
        """Give the wording of an item as the first role reads it."""
        questions = self.questionnaire.questions.values()
        asked = next((each.id for each in questions if each.item == item), None)
        return item if asked is None else self.item(asked)

    def compared_item(self, name: str) -> str:
        """Give the wording of a question, or of an item that several roles answer."""
        known = name in self.questionnaire.questions
        return self.item(name) if known else self.shared_item(name)

    def option(self, qid: str, code: str) -> str:
        """Give the words for an option."""
        return option_label(self.questionnaire.questions[qid], code, self.language)

    def model(self, name: str) -> str:
        """Give the title of a model of the plan, or its name."""
        return self.of(self.study.settings.plan.models[name].title) or name

    def variable(self, name: str) -> str:
        """Name a variable of the plan, by its full name."""
        if name == "wave":
            return word(self.language, "Wave")
        if name == "time":
            return word(self.language, "time")
        found = self._known.get(name)
        if found is None:
            return name
        if found.form:
            base = self.scale(found.column) if found.form == TRIAD else self._named(found)
            return word(self.language, f"form_{found.form}", variable=base)
        return self._named(found)

    def _named(self, found: Variable) -> str:
        scale, *rest = found.column.split(".")
        if scale in self.instrument.scales:
            return self._score_name(found, scale, rest)
        derived = self.study.settings.derive.get(found.column)
        label = self._derived(found.column, derived) if derived else self.question(found.column)
        return self._by(label, found.role, "")

    def _derived(self, name: str, derived: Derived) -> str:
        """Name a derived variable: by its label, or by the question it is made from."""
        if derived.label:
            return self.of(derived.label)
        if not derived.source:
            return name
        question = self.question(derived.source)
        is_banded = derived.bands is not None
        return word(self.language, "derived_bands", question=question) if is_banded else question

    def full_name(self, name: str) -> str:
        """Give the full name of a variable of the plan, as statistics hold it."""
        return self._known[name].name

    def term(self, term: str) -> str:
        """Name a column of a model's design."""
        if term == "intercept":
            return word(self.language, "intercept")
        return " × ".join(self._factor(factor) for factor in term.split(":"))

    def effect(self, model: str, member: str, term: str) -> str:
        """Name an effect on one member in an actor-partner model."""
        plan = self.study.settings.plan.models[model]
        match = _EFFECT.fullmatch(term)
        if match is None or plan.kind != "actor_partner":
            return self.term(term)
        role = match["partner"] or member
        name = self._known[plan.predictor[role]].name
        kind = word(self.language, "effect_partner" if match["partner"] else "effect_actor")
        part = match["part"]
        label = f"{kind}: {self.variable(name)}"
        return f"{label}, {word(self.language, f'part_{part}')}" if part else label

    def effect_on(self, model: str, member: str, term: str) -> str:
        """Name an effect, in an actor-partner model with the member it holds for."""
        effect = self.effect(model, member, term)
        if self.study.settings.plan.models[model].kind != "actor_partner":
            return effect
        return f"{sentence_case(self.role(member))} ← {effect}"

    def effect_source(self, model: str, effect: Figure) -> str:
        """Name the variable whose effect it is in an actor-partner model."""
        plan = self.study.settings.plan.models[model]
        match = _EFFECT.fullmatch(effect.term)
        if match is None or plan.kind != "actor_partner":
            return self.term(effect.term)
        return self.variable(self._known[plan.predictor[match["partner"] or effect.group]].name)

    def outcome(self, model: str, member: str) -> str:
        """Name the outcome of one member in an actor-partner model."""
        plan = self.study.settings.plan.models[model]
        if plan.kind != "actor_partner" or member not in plan.outcome:
            return member
        return self.variable(self._known[plan.outcome[member]].name)

    def sentence(self, reason: str) -> str:
        """Put a reason or note of the analyses into this language, names into words.

        It is a whole sentence: with a capital and a full stop.
        """
        found = known_sentence(self.language, reason)
        if found is not None:
            wording, parts = found
            reason = wording.format(**{k: self._part(k, v, parts) for k, v in parts.items()})
        words = sentence_case(reason)
        return words if words.endswith(".") else f"{words}."

    @cached_property
    def _known(self) -> dict[str, Variable]:
        return model_variables(self.study.settings, self.questionnaire)

    def _score_name(self, variable: Variable, scale: str, rest: list[str]) -> str:
        abouts = [part[len("about_") :] for part in rest if part.startswith("about_")]
        facets = [part for part in rest if not part.startswith("about_")]
        label = self.facet(scale, facets[0]) if facets else self.scale(scale)
        return self._by(label, variable.role, abouts[0] if abouts else "")

    def _by(self, label: str, role: str, about: str) -> str:
        """Say whose answers something holds, where a study has more than one role."""
        if len(self.instrument.roles) == 1 and not about:
            return label
        return f"{label} ({self.relation(role, about)})"

    def _factor(self, factor: str) -> str:
        match = _PART.fullmatch(factor)
        if match is None:
            return factor
        name, level = match["name"], match["level"]
        label = self.variable(name)
        if level is not None:
            side = self.side(level)
            label = f"{label} ({side})" if side else f"{label}: {self.level(name, level)}"
        return f"{label}²" if match["square"] else label

    def side(self, level: str) -> str:
        """Say on which side of its hinge a slope holds; nothing of a level of a choice."""
        match = _HINGE.fullmatch(level)
        if match is None:
            return ""
        key = "slope_below" if match["side"] == "<" else "slope_above"
        return word(self.language, key, knot=numbers.shortest(float(match["knot"]), self.language))

    def level(self, name: str, level: str) -> str:
        """Name a level of a categorical variable."""
        column = self._known[name].column if name in self._known else name
        if derived := self.study.settings.derive.get(column):
            return self._derived_level(derived, level)
        if column in self.questionnaire.questions:
            return self.option(column, level)
        return level

    def level_of(self, term: str) -> str:
        """Name what a term stands for: the level of a categorical variable by itself."""
        match = _PART.fullmatch(term)
        if match is None or match["level"] is None:
            return self.term(term)
        return sentence_case(self.level(match["name"], match["level"]))

    def _derived_level(self, derived: Derived, level: str) -> str:
        if derived.bands is not None:
            ends = list(itertools.pairwise(derived.bands))[int(level)]
            low, high = (numbers.count(end, self.language) for end in ends)
            return word(self.language, "band", low=low, high=high)
        if derived.recode is not None:
            options = [self.option(derived.sources[0], code) for code in derived.recode[level]]
            return listed(options, self.language)
        limit = derived.at_least if derived.at_least is not None else derived.below
        key = derived.rule if level == YES else f"not_{derived.rule}"
        return word(self.language, key, limit=numbers.count(limit or 0, self.language))

    def _part(self, kind: str, value: str, parts: dict[str, str]) -> str:
        if kind == "variables":
            names = [self.term(name) for name in re.split(r", | and ", value)]
            return listed(names, self.language)
        if kind == "variable":
            return self.term(value)
        if kind == "level":
            return self.level(parts["variable"], value)
        if kind == "role":
            return self.role(value)
        if kind in ("item", "first", "second"):
            return self._measured(value.strip("'"))
        if kind == "source":
            return cited(value, self.language)
        if kind == "number":
            return numbers.decimal(float(value), self.language)
        return value

    def _measured(self, name: str) -> str:
        """Name a question, an item or a facet that a factor model holds, by its code."""
        if name in self.questionnaire.questions or name in self.instrument.items:
            return word(self.language, "quoted", words=self.compared_item(name))
        for scale, each in self.instrument.scales.items():
            if name in (each.facets or {}):
                return word(self.language, "quoted", words=self.facet(scale, name))
        return name


def is_hinge(term: str) -> bool:
    """Whether a column of a design is a slope below or above a value."""
    match = _PART.fullmatch(term)
    return match is not None and _HINGE.fullmatch(match["level"] or "") is not None


def option_label(question: Question, code: str, language: str) -> str:
    """Give the words for an option of a question; the code where it has no such option."""
    for option in question.options:
        if option.code == code:
            return option.label.get(language) or next(iter(option.label.values()))
    return code
