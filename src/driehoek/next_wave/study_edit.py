"""A wave written into a study file as its author would: nothing else is touched."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from driehoek.files import replacing
from driehoek.problems import Problem, StudyError, name_of
from driehoek.study import Study, read_study

_PLAIN = re.compile(r"^[A-Za-z_][\w./-]*$")


@dataclass(frozen=True, slots=True)
class NewExport:
    """One file of a new wave, as the study file names it."""

    file: str
    roles: tuple[str, ...]
    columns: dict[str, str]


@dataclass(frozen=True, slots=True)
class NewWave:
    """A wave to be written."""

    name: str
    date: str | None
    instrument: str | None
    exports: tuple[NewExport, ...]


def wave_lines(wave: NewWave) -> list[str]:
    """Give the lines of a wave, the first one with its dash, without indentation."""
    lines = [f"- wave: {wave.name}"]
    lines += [f"  date: {wave.date}"] if wave.date else []
    lines += [f"  instrument: {_scalar(wave.instrument)}"] if wave.instrument else []
    lines.append("  exports:")
    for export in wave.exports:
        roles = ", ".join(export.roles)
        lines += [f"    - file: {_scalar(export.file)}", f"      role: [{roles}]"]
        if export.columns:
            lines.append("      columns:")
            lines += [f"        {_scalar(c)}: {_scalar(q)}" for c, q in export.columns.items()]
    return lines


def with_wave(text: str, lines: Sequence[str], file: str) -> str:
    """Give the text of a study file with a wave after its last one.

    Comments, order, indentation and line ends stay as they are.

    Raises
    ------
    StudyError
        If the waves do not stand in a list with a line each, after which a wave can be added.
    """
    waves = _waves_node(text)
    if waves is None or waves.flow_style or not waves.value:
        block = "\n".join(f"  {line}" for line in lines)
        found = "waves: is no list with a dash before each wave"
        mend = f"write each wave on lines of its own, or add this by hand:\n{block}"
        raise StudyError([Problem(file, found, "a list", mend, check="waves")])
    ending = "\r\n" if "\r\n" in text else "\n"
    indent = " " * waves.start_mark.column
    kept = text.splitlines(keepends=True)
    after = _last_line(waves.value[-1]) + 1
    if not kept[after - 1].endswith(("\n", "\r")):
        kept[after - 1] += ending
    added = [f"{indent}{line}{ending}" for line in lines]
    return "".join([*kept[:after], *added, *kept[after:]])


def add_wave(path: Path, wave: NewWave) -> str:
    """Give the text of a study file with a wave added; the file itself stays as it is.

    Raises
    ------
    StudyError
        Where the wave cannot be added.
    """
    text = path.read_bytes().decode("utf-8")
    return with_wave(text, wave_lines(wave), name_of(path))


def trial_study(path: Path, text: str) -> Study:
    """Read a changed text of a study file as if it stood in the file's place.

    Raises
    ------
    StudyError, InstrumentError
        With every fault.
    """
    draft = path.with_name(f".{path.stem}.trial{path.suffix}")
    try:
        draft.write_bytes(text.encode("utf-8"))
        return read_study(draft)
    finally:
        draft.unlink(missing_ok=True)


def write_study(path: Path, text: str) -> None:
    """Put a changed text in the place of a study file, whole or not at all."""
    with replacing(path) as draft:
        draft.write_bytes(text.encode("utf-8"))


def _waves_node(text: str) -> yaml.SequenceNode | None:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    found = next((value for key, value in pairs if key.value == "waves"), None)
    return found if isinstance(found, yaml.SequenceNode) else None


def _last_line(node: yaml.Node) -> int:
    """Give the line (from 0) on which the content of a node ends, comments after it left out."""
    is_block = isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value
    if not is_block:
        return int(node.end_mark.line)
    last = node.value[-1]
    return _last_line(last[1] if isinstance(last, tuple) else last)


def _scalar(text: str) -> str:
    """Write a text so that YAML reads it as itself."""
    if _PLAIN.match(text) and text.casefold() not in {"true", "false", "null", "yes", "no"}:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
