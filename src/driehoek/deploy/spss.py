"""SPSS syntax that reads, labels and scores a raw file."""

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from driehoek.deploy.codebook_facts import Choice, Variable
from driehoek.deploy.score_plan import Keys, Step, Turned
from driehoek.deploy.script_parts import Gate, Script, script_of
from driehoek.files import write_text
from driehoek.instrument.questions import Questionnaire
from driehoek.instrument.routing import Comparison, Condition
from driehoek.sav import (
    LABEL_BYTES,
    MISSING_CODES,
    MISSING_LABELS,
    VALUE_LABEL_BYTES,
    cut,
    spss_names,
)
from driehoek.scoring.rules import ROUNDING

WIDTHS = {"choice": "A8", "role": "A8", "number": "A24", "code": "A64", "text": "A2000"}
RAW, SHOWN, KEYED = "r_", "s_", "k_"
LINE = 100


def write_spss(
    questionnaire: Questionnaire,
    path: Path,
    *,
    role: str | None = None,
    language: str | None = None,
    keys: Keys | None = None,
) -> tuple[str, ...]:
    """Write syntax that reads a CSV of option codes, labels it and computes every score.

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
    script = script_of(questionnaire, "spss", role, language, keys)
    write_text(path, "\n".join(_lines(script)) + "\n")
    return (
        "Put answers.csv beside the syntax: its columns in the order of GET DATA.",
        *script.left,
    )


def _lines(script: Script) -> Iterator[str]:
    instrument = script.form.instrument
    yield "* Encoding: UTF-8."
    yield f"* {instrument.id} {instrument.version}: reads answers.csv (comma-separated, headings,"
    yield "  option codes, columns in the order below), labels it, scores it, saves scored.sav."
    yield "SET DECIMAL=DOT."
    yield from _reading(script)
    yield from _role(script)
    for choices, variables in script.groups():
        yield from _choices(script, choices, variables)
    for variable in script.numbers():
        yield from _number(variable)
    for gate in script.gates:
        yield from _gate(script, gate)
    yield from _labels(script)
    yield from _turned(script)
    yield from _scores(script)
    yield "EXECUTE."
    yield "SAVE OUTFILE='scored.sav'."


def _reading(script: Script) -> Iterator[str]:
    yield "GET DATA /TYPE=TXT /FILE='answers.csv' /ENCODING='UTF8' /ARRANGEMENT=DELIMITED"
    yield "  /DELCASE=LINE /FIRSTCASE=2 /DELIMITERS=',' /QUALIFIER='\"' /VARIABLES="
    for variable in script.variables:
        question = variable.question
        name = RAW + question.id if question.kind in {"choice", "number"} else question.id
        yield f"  {name} {WIDTHS[question.kind]}"
    yield "."


def _role(script: Script) -> Iterator[str]:
    yield "STRING role (A30)."
    if script.role is not None:
        yield f"COMPUTE role = {quoted(script.role)}."
        return
    for code, role in script.codes_of_roles().items():
        asked = script.form.role_question
        yield f"IF (LTRIM({asked}) = {quoted(code)}) role = {quoted(role)}."


def _choices(
    script: Script, choices: Sequence[Choice], variables: Sequence[Variable]
) -> Iterator[str]:
    names = [variable.question.id for variable in variables]
    pairs = " ".join(f"({quoted(choice.code)}={_value(choice)})" for choice in choices)
    yield from _wrapped("RECODE", [RAW + name for name in names])
    invalid = f"{MISSING_CODES['invalid']:g}"
    yield f"  {pairs} (' '=SYSMIS) (ELSE={invalid})"
    yield from _wrapped("  INTO", names, end=".")
    yield from _wrapped("VALUE LABELS", names)
    for choice in choices:
        label = quoted(cut(choice.label[script.language], VALUE_LABEL_BYTES))
        yield f"  {_value(choice)} {label}"
    known = MISSING_LABELS.get(script.language, MISSING_LABELS["en"])
    kinds = ["not_shown", "invalid"]
    yield from (f"  {MISSING_CODES[kind]:g} {quoted(known[kind])}" for kind in kinds)
    yield "."
    yield from _wrapped("MISSING VALUES", names, end=" (-99 THRU -90).")
    level = "ORDINAL" if variables[0].question.item else "NOMINAL"
    yield from _wrapped("VARIABLE LEVEL", names, end=f" ({level}).")
    yield from _wrapped("FORMATS", names, end=" (F8.0).")


def _value(choice: Choice) -> str:
    if choice.value is None:
        return f"{MISSING_CODES[choice.missing]:g}"
    return f"{choice.value:g}"


def _number(variable: Variable) -> Iterator[str]:
    question = variable.question
    name = question.id
    yield f"COMPUTE {name} = NUMBER(REPLACE(LTRIM(RTRIM({RAW}{name})), ',', '.'), F24.0)."
    outside = []
    if question.minimum is not None:
        outside.append(f"{name} < {question.minimum:g}")
    if question.maximum is not None:
        outside.append(f"{name} > {question.maximum:g}")
    if outside:
        yield f"IF ({' OR '.join(outside)}) {name} = {MISSING_CODES['invalid']:g}."
    yield f"MISSING VALUES {name} (-99 THRU -90)."
    yield f"VARIABLE LEVEL {name} (SCALE)."


def _gate(script: Script, gate: Gate) -> Iterator[str]:
    """Say who was shown a question; what others answered to it does not count."""
    qid = gate.question
    yield f"COMPUTE {SHOWN}{qid} = {_among('role', [quoted(role) for role in gate.roles])}."
    for condition in gate.conditions:
        yield f"COMPUTE #holds = {condition_syntax(condition)}."
        for name in _gates_in(condition, script):
            yield f"IF (MISSING(#holds) AND {SHOWN}{name} = 0) #holds = 0."
        yield f"COMPUTE {SHOWN}{qid} = ({SHOWN}{qid} = 1 AND #holds = 1)."
    if script.form.questions[qid].is_stored:
        yield f"IF ({SHOWN}{qid} = 0) {qid} = {MISSING_CODES['not_shown']:g}."


def _gates_in(condition: Condition, script: Script) -> list[str]:
    """Give the questions of a condition whose own showing is known here."""
    known = {gate.question for gate in script.gates}
    if isinstance(condition, Comparison):
        return [condition.name] if condition.name in known else []
    return list(dict.fromkeys(n for part in condition.parts for n in _gates_in(part, script)))


def condition_syntax(condition: Condition) -> str:
    """Write a routing condition as an SPSS expression, missing where an answer leaves it open."""
    if isinstance(condition, Comparison):
        is_role = condition.name == "role"
        operands = [quoted(str(v)) if is_role else f"{float(v):g}" for v in condition.operands]
        if condition.operator == "in":
            return _among(condition.name, operands)
        sign = {"==": "=", "!=": "~="}.get(condition.operator, condition.operator)
        return f"({condition.name} {sign} {operands[0]})"
    joint = f" {condition.kind.upper()} "
    return f"({joint.join(condition_syntax(part) for part in condition.parts)})"


def _among(name: str, values: Sequence[str]) -> str:
    return f"ANY({name}, {', '.join(values)})"


def _labels(script: Script) -> Iterator[str]:
    for variable in script.variables:
        question = variable.question
        text = question.text.get(script.language) or question.label[script.language]
        plain = " ".join(text.split())
        yield f"VARIABLE LABELS {question.id} {quoted(cut(plain, LABEL_BYTES))}."


def _turned(script: Script) -> Iterator[str]:
    done: set[str] = set()
    for step in script.steps:
        for item in step.items:
            if item.question in done or _counted(item) == item.question:
                continue
            done.add(item.question)
            if item.turn is not None:
                yield f"COMPUTE {_counted(item)} = {item.turn:g} - {item.question}."
            else:
                pairs = " ".join(f"({code:g}={value:g})" for code, value in item.recode.items())
                yield f"RECODE {item.question} {pairs} INTO {_counted(item)}."


def _counted(item: Turned) -> str:
    is_plain = item.turn is None and not item.recode
    return item.question if is_plain else KEYED + item.question


def _scores(script: Script) -> Iterator[str]:
    columns = dict.fromkeys(step.column for step in script.steps)
    names = spss_names([*(v.question.id for v in script.variables), *columns])
    for step in script.steps:
        name = names[step.column]
        yield from _facet_score(step, names) if step.parts else _item_score(script, step, name)
    for step in script.steps:
        name, width = names[step.column], step.high - step.low
        rule = f"({name} - {step.low:.17g}) / {width:.17g} * 100"
        yield f"IF (role = {quoted(step.role)}) {name}_100 = {rule}."
    for step in script.steps:
        label = cut(_score_label(script, step), LABEL_BYTES)
        yield f"VARIABLE LABELS {names[step.column]} {quoted(label)}."


def _item_score(script: Script, step: Step, name: str) -> Iterator[str]:
    items = [_counted(item) for item in step.items]
    times = "" if step.times == 1 else f" * {step.times:.17g}"
    whose = f"role = {quoted(step.role)}"
    routed = [item.question for item in step.items if item.question in script.routed]
    if step.least is None and routed:
        yield f"COMPUTE #met = {len(items)}."
        for qid in routed:
            yield f"IF ({SHOWN}{qid} = 0 AND {RAW}{qid} = ' ') #met = #met - 1."
        yield from _wrapped("COMPUTE #n = NVALID(", items, end=").", between=",")
        enough = f"#n > 0 AND #n >= {step.least_share:.17g} * #met - {ROUNDING:g}"
        yield from _wrapped(f"IF ({whose} AND {enough}) {name} = MEAN(", items, f"){times}.", ",")
    elif step.least_of_all <= len(items):
        start = f"IF ({whose}) {name} = MEAN.{step.least_of_all}("
        yield from _wrapped(start, items, f"){times}.", ",")


def _facet_score(step: Step, names: dict[str, str]) -> Iterator[str]:
    parts = [names[step.column_of(facet)] for facet in step.parts]
    function = "MEAN" if step.method == "mean" else "SUM"
    start = f"IF (role = {quoted(step.role)}) {names[step.column]} = {function}.{len(parts)}("
    yield from _wrapped(start, parts, ").", ",")


def _score_label(script: Script, step: Step) -> str:
    about = script.form.instrument.roles.get(step.about)
    scale = script.form.instrument.scales[step.scale].label[script.language]
    parts = [scale, step.label[script.language] if step.facet else ""]
    parts.append(f"→ {about.label[script.language]}" if about else "")
    return ", ".join(filter(None, parts))


def _wrapped(start: str, names: Sequence[str], end: str = "", between: str = "") -> Iterator[str]:
    """Write a command over lines that SPSS takes."""
    listed = f"{between} ".join(names)
    opener = start if start.endswith("(") else f"{start} "
    yield from textwrap.wrap(
        opener + listed + end,
        LINE,
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def quoted(text: str) -> str:
    """Quote a text for SPSS."""
    return "'" + text.replace("'", "''") + "'"
