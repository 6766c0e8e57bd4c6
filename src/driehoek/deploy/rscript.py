"""An R script, without packages, that reads, labels and scores a raw file."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from driehoek.deploy.codebook_facts import Choice, Variable
from driehoek.deploy.rendering import PACKAGE
from driehoek.deploy.score_plan import Keys, Step
from driehoek.deploy.script_parts import Gate, Script, script_of
from driehoek.files import write_text
from driehoek.instrument.questions import Questionnaire
from driehoek.instrument.routing import Comparison, Condition


def write_r(
    questionnaire: Questionnaire,
    path: Path,
    *,
    role: str | None = None,
    language: str | None = None,
    keys: Keys | None = None,
) -> tuple[str, ...]:
    """Write a script that reads a CSV of option codes, labels it and computes every score.

    Parameters
    ----------
    questionnaire : Questionnaire
    path : pathlib.Path
    role, language : str, optional
        The questions of one role; the language of the labels.
    keys : mapping, optional
        Keys of published scales by id, for the scales that name one.

    Raises
    ------
    InstrumentError
        If the role or language is not of the instrument.
    """
    script = script_of(questionnaire, "r", role, language, keys)
    write_text(path, "\n".join(_lines(script)) + "\n")
    return (f"Run it beside the answers: Rscript {path.name} answers.csv scores.csv", *script.left)


def _lines(script: Script) -> Iterator[str]:
    instrument = script.form.instrument
    yield f"# {instrument.id} {instrument.version}: reads answers.csv (headings, option codes),"
    yield "# labels it as `answers` and writes every score to scores.csv. Needs no packages."
    template = files(PACKAGE) / "templates" / "score.R"
    yield template.read_text(encoding="utf-8")
    yield from _role(script)
    for number, (choices, variables) in enumerate(script.groups(), 1):
        yield from _choices(script, choices, variables, f"options{number}")
    for variable in script.numbers():
        limits = (variable.question.minimum, variable.question.maximum)
        low, high = ("NA" if limit is None else f"{limit:.17g}" for limit in limits)
        label = quoted(_label(variable, script.language))
        qid = variable.question.id
        yield f"answers${qid} <- number({quoted(qid)}, {low}, {high}, {label})"
    for gate in script.gates:
        yield from _gate(script, gate)
    yield from (_score(step) for step in script.steps)
    yield 'write.csv(do.call(rbind, found), out, row.names = FALSE, na = "")'


def _role(script: Script) -> Iterator[str]:
    if script.role is not None:
        yield f"role <- rep({quoted(script.role)}, n)"
        return
    named = ", ".join(f"{quoted(c)} = {quoted(r)}" for c, r in script.codes_of_roles().items())
    yield f"role <- unname(c({named})[cell({quoted(script.form.role_question or '')})])"


def _choices(
    script: Script, choices: Sequence[Choice], variables: Sequence[Variable], name: str
) -> Iterator[str]:
    values = {c.code: "NA" if c.value is None else f"{c.value:.17g}" for c in choices}
    labels = {c.label[script.language]: f"{c.value:.17g}" for c in choices if c.value is not None}
    yield f"{name} <- list(values = {_named(values)},"
    yield f"  labels = {_named(labels)})"
    for variable in variables:
        qid = quoted(variable.question.id)
        label = quoted(_label(variable, script.language))
        yield f"answers${variable.question.id} <- choice({qid}, {name}, {label})"


def _named(values: Mapping[str, str]) -> str:
    return f"c({', '.join(f'{quoted(name)} = {value}' for name, value in values.items())})"


def _label(variable: Variable, language: str) -> str:
    question = variable.question
    return " ".join((question.text.get(language) or question.label[language]).split())


def _gate(script: Script, gate: Gate) -> Iterator[str]:
    qid = gate.question
    yield f"shown${qid} <- role %in% {_strings(gate.roles)}"
    for condition in gate.conditions:
        yield f"holds <- {condition_code(condition)}"
        for name in _gates_in(condition, {each.question for each in script.gates}):
            yield f"holds[is.na(holds) & shown${name} %in% FALSE] <- FALSE"
        yield f"shown${qid} <- shown${qid} & holds"
    if script.form.questions[qid].is_stored:
        yield f"answers${qid}[shown${qid} %in% FALSE] <- NA"


def _gates_in(condition: Condition, known: set[str]) -> list[str]:
    if isinstance(condition, Comparison):
        return [condition.name] if condition.name in known else []
    return list(dict.fromkeys(n for part in condition.parts for n in _gates_in(part, known)))


def condition_code(condition: Condition) -> str:
    """Write a routing condition as an R expression, NA where an answer leaves it open."""
    if not isinstance(condition, Comparison):
        joint = {"and": " & ", "or": " | "}[condition.kind]
        return f"({joint.join(condition_code(part) for part in condition.parts)})"
    is_role = condition.name == "role"
    name = "role" if is_role else f"answers${condition.name}"
    operands = [quoted(str(v)) if is_role else f"{float(v):.17g}" for v in condition.operands]
    if condition.operator == "in":
        return f"({' | '.join(f'{name} == {operand}' for operand in operands)})"
    return f"({name} {condition.operator} {operands[0]})"


def _score(step: Step) -> str:
    place = ", ".join(map(quoted, (step.role, step.about, step.scale, step.facet)))
    limits = f"{step.low:.17g}, {step.high:.17g}"
    if step.parts:
        return f"score_parts({place}, {_strings(step.parts)}, {quoted(step.method)}, {limits})"
    turns = ", ".join("NA" if i.turn is None else f"{i.turn:.17g}" for i in step.items)
    least = f"share = {step.least_share:.17g}" if step.least is None else f"least = {step.least}"
    recodes = ""
    if any(item.recode for item in step.items):
        maps = (_named({f"{c:g}": f"{v:.17g}" for c, v in i.recode.items()}) for i in step.items)
        recodes = f", recode = list({', '.join(maps)})"
    items = _strings([item.question for item in step.items])
    rule = f"{limits}, times = {step.times:.17g}, {least}{recodes}"
    return f"score_items({place}, {items}, c({turns}), {rule})"


def _strings(texts: Sequence[str]) -> str:
    return f"c({', '.join(map(quoted, texts))})"


def quoted(text: str) -> str:
    """Quote a text for R in ASCII, so that no locale can spoil it."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(sign: str) -> str:
    if sign in {'"', "\\"}:
        return f"\\{sign}"
    if sign.isascii() and sign.isprintable():
        return sign
    return f"\\u{{{ord(sign):04x}}}" if ord(sign) < 0x10000 else f"\\U{{{ord(sign):08x}}}"
