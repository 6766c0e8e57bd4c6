"""YAML read into closed models, with every fault at its line."""

import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from driehoek.problems import Problem, ProblemsError, did_you_mean, name_of

MAX_BYTES = 4_000_000
MAX_DEPTH = 40
WORDED = "worded"
KINDS = frozenset({"map", "seq", "str", "int", "float", "bool", "null"})

Location = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class Closed(BaseModel):
    """Base of every model read from a user's file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def worded(pattern: str, expected: str, mend: str) -> AfterValidator:
    """Hold text to a pattern, and say in words what is expected and how to mend it."""

    def check(given: str) -> str:
        if not re.fullmatch(pattern, given):
            raise PydanticCustomError(WORDED, expected, {"mend": mend})
        return given

    return AfterValidator(check)


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain data, with the line of each key and entry.

    Attributes
    ----------
    file : str
        The file as messages name it.
    data : object
        Mappings, lists, strings, numbers, booleans and None.
    lines : mapping
        Line (from 1) by location, such as ``("scales", "trust", "items", 0)``.
    """

    file: str
    data: Any
    lines: Mapping[Location, int]

    def line(self, location: Location) -> int | None:
        """Give the line of a location, or of its nearest known ancestor."""
        while location not in self.lines and location:
            location = location[:-1]
        return self.lines.get(location)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Resolve as YAML 1.2 does: yes, no, on and 2025-03-01 stay text."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag.rsplit(":", 1)[-1] not in {"bool", "timestamp", "merge", "int"}
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_BOOL, _INT = (re.compile(pattern) for pattern in (r"^(?:true|false)$", r"^[-+]?[0-9]+$"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", _BOOL, list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", _INT, list("-+0123456789"))


class _Walk:
    """Turn a node tree into plain data; gather lines and faults on the way."""

    def __init__(self, file: str, loader: _Loader) -> None:
        self.file = file
        self.loader = loader
        self.lines: dict[Location, int] = {}
        self.problems: list[Problem] = []

    def plain(self, node: yaml.Node, location: Location) -> Any:  # noqa: ANN401 - YAML holds anything
        self.lines.setdefault(location, node.start_mark.line + 1)
        if node.tag.rpartition(":")[2] not in KINDS:
            self._fault(node, f"a tag ({node.tag.rpartition(':')[2]})", "plain YAML")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, location)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(entry, (*location, i)) for i, entry in enumerate(node.value)]
        return self.loader.construct_object(node)

    def _mapping(self, node: yaml.MappingNode, location: Location) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in data:
                self._fault(key_node, f"key {key!r} stands here twice", "each key once")
            self.lines[*location, key] = key_node.start_mark.line + 1
            data[key] = self.plain(value_node, (*location, key))
        return data

    def _fault(self, node: yaml.Node, found: str, expected: str) -> None:
        line = node.start_mark.line + 1
        self.problems.append(Problem(self.file, found, expected, line=line, check="yaml"))


def read_document(path: Path, error: type[ProblemsError]) -> Document:
    """Read a YAML file without interpreting it.

    Raises
    ------
    ProblemsError
        Of the given class: if the file is absent, too large, not UTF-8, no YAML, holds
        anchors or aliases, or repeats a key.
    """
    file = name_of(path)
    text = _text(path, file, error)
    loader = _Loader(text)
    try:
        _look_through(text, file, error)
        walk = _Walk(file, loader)
        node = loader.get_single_node()
        data = walk.plain(node, ()) if node is not None else None
    except yaml.YAMLError as fault:
        raise error([_syntax_problem(file, fault)]) from fault
    if walk.problems:
        raise error(walk.problems)
    return Document(file, data, walk.lines)


def _look_through(text: str, file: str, error: type[ProblemsError]) -> None:
    """Refuse, before anything is built, what grows or nests without bound."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        found = mend = ""
        if getattr(event, "anchor", None):
            found, mend = "an anchor or alias (& or *)", "write the value out"
        elif depth > MAX_DEPTH:
            found, mend = f"more than {MAX_DEPTH} levels of nesting", "write a flatter file"
        if found:
            line = event.start_mark.line + 1 if event.start_mark else None
            raise error([Problem(file, found, "plain YAML", mend, line=line, check="yaml")])


def validate(document: Document, model: type[Model], error: type[ProblemsError]) -> Model:
    """Read a document into a closed model, or raise every fault with its line."""
    try:
        return model.model_validate(document.data)
    except ValidationError as fault:
        raise error([_problem(document, model, entry) for entry in fault.errors()]) from fault


def _text(path: Path, file: str, error: type[ProblemsError]) -> str:
    if not path.is_file():
        near = did_you_mean(path.name, [p.name for p in path.parent.glob("*.y*ml")])
        raise error([Problem(file, "there is no such file", "a YAML file", near, check="file")])
    if path.stat().st_size > MAX_BYTES:
        raise error([Problem(file, f"larger than {MAX_BYTES // 10**6} MB", check="file")])
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        found = f"byte {fault.start} is not UTF-8"
        mend = "save the file as UTF-8 in your editor"
        raise error([Problem(file, found, "a UTF-8 text file", mend, check="file")]) from fault


def _syntax_problem(file: str, fault: yaml.YAMLError) -> Problem:
    mark = getattr(fault, "problem_mark", None)
    found = getattr(fault, "problem", None) or "this is not YAML"
    mend = "look at this line and the one above: indentation, a missing colon or quote"
    line = mark.line + 1 if mark else None
    return Problem(file, str(found), "valid YAML", mend, line=line, check="yaml")


def _problem(document: Document, model: type[BaseModel], entry: ErrorDetails) -> Problem:
    location = _without_tags(document.data, entry["loc"])
    key = ".".join(str(part) for part in location)
    line = document.line(location)
    kind = entry["type"]
    if kind == "extra_forbidden":
        known = _fields_at(model, location[:-1])
        found, mend = f"unknown key {str(location[-1])!r}", did_you_mean(str(location[-1]), known)
        return Problem(document.file, found, "a known key", mend, line=line, item=key, check=kind)
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        return _tag_problem(document, entry, location)
    if kind == "missing":
        found = f"the key {str(location[-1])!r} is missing"
        return Problem(document.file, found, mend="add it", line=line, item=key, check=kind)
    found, expected = f"{entry['input']!r:.80}", entry["msg"]
    mend = _mend(kind, entry)
    return Problem(document.file, found, expected, mend, line=line, item=key, check=kind)


def _tag_problem(document: Document, entry: ErrorDetails, location: Location) -> Problem:
    """Word a union whose members are told apart by one key, such as the kind of a model."""
    context = entry.get("ctx", {})
    key = str(context["discriminator"]).strip("'")
    place = ".".join(str(part) for part in (*location, key))
    line = document.line((*location, key))
    if entry["type"] == "union_tag_not_found":
        found, mend = f"the key {key!r} is missing", "add it"
        return Problem(document.file, found, mend=mend, line=line, item=place, check="missing")
    options = [each.strip(" '") for each in str(context["expected_tags"]).split(",")]
    found, expected = f"{context['tag']!r}", f"one of {', '.join(options)}"
    mend = did_you_mean(str(context["tag"]), options)
    return Problem(document.file, found, expected, mend, line=line, item=place, check="kind")


def _mend(kind: str, entry: ErrorDetails) -> str:
    context = entry.get("ctx", {})
    if kind == WORDED:
        return str(context["mend"])
    if kind == "literal_error":
        options = str(context["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
        return did_you_mean(str(entry["input"]), options)
    if kind == "string_type":
        return "put it between quotes"
    return "write it as expected, or see config/README.md and the schemas for what may stand here"


def _without_tags(data: Any, loc: Location) -> Location:  # noqa: ANN401 - YAML holds anything
    """Drop the parts that pydantic adds for members of a union."""
    kept: list[str | int] = []
    for index, part in enumerate(loc):
        if isinstance(data, dict) and (part in data or index == len(loc) - 1):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            continue
        kept.append(part)
    return tuple(kept) or loc


def _fields_at(model: type[BaseModel], location: Location) -> set[str]:
    found: list[Any] = [model]
    for part in location:
        found = [inner for annotation in found for inner in _descend(annotation, part)]
    return {name for each in _models(found) for name in each.model_fields}


def _descend(annotation: Any, part: str | int) -> list[Any]:  # noqa: ANN401 - any annotation
    inner: list[Any] = []
    for each in _unwrap(annotation):
        origin, arguments = typing.get_origin(each), typing.get_args(each)
        if origin in {dict, list, tuple, Mapping}:
            inner.append(arguments[-1] if origin in {dict, Mapping} else arguments[0])
        elif isinstance(each, type) and issubclass(each, BaseModel) and part in each.model_fields:
            inner.append(each.model_fields[str(part)].annotation)
    return inner


def _unwrap(annotation: Any) -> list[Any]:  # noqa: ANN401 - any annotation
    origin = typing.get_origin(annotation)
    if origin in {typing.Union, types.UnionType}:
        return [each for part in typing.get_args(annotation) for each in _unwrap(part)]
    if origin is typing.Annotated:
        return _unwrap(typing.get_args(annotation)[0])
    return [annotation]


def _models(annotations: list[Any]) -> list[type[BaseModel]]:
    every = [each for annotation in annotations for each in _unwrap(annotation)]
    return [each for each in every if isinstance(each, type) and issubclass(each, BaseModel)]
