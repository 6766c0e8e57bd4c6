"""JSON Schemas and the guide to the study file, generated from the models.

``python -m driehoek.schemas`` writes them into a checkout; a test holds them to the models.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from driehoek.files import write_text
from driehoek.instrument.keys import ScaleKey
from driehoek.instrument.model import Instrument
from driehoek.study_file import StudyFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MODELS: dict[str, type[BaseModel]] = {
    "instrument": Instrument,
    "key": ScaleKey,
    "study": StudyFile,
}


def generated() -> dict[str, str]:
    """Give every generated file of a checkout: its path and its text."""
    texts = {f"workflow/schemas/{name}.schema.json": _schema(m) for name, m in MODELS.items()}
    return texts | {"config/README.md": study_guide()}


def study_guide() -> str:
    """Give the guide to the study file: each key with its type, default and meaning."""
    schema = StudyFile.model_json_schema(by_alias=True)
    lines = [
        "# The study file, key by key",
        "",
        "Made from the models by `python -m driehoek.schemas`; edit the models, not this page.",
        "`study.yaml` beside this page is the demo study, `new_study.yaml` the start of a new one.",
        "An unknown key is refused, with the nearest known one named.",
    ]
    for title, section in _sections(schema):
        lines += ["", f"## {title}", "", section.get("description", ""), ""]
        lines += ["| key | what it holds | default | meaning |", "|---|---|---|---|"]
        required = set(section.get("required", []))
        for name, field in section.get("properties", {}).items():
            default = "required" if name in required else _default(field)
            meaning = field.get("description") or _section_of(schema, field)["description"]
            cells = (f"`{name}`", _kind(field), default, meaning)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _schema(model: type[BaseModel]) -> str:
    schema = {"$schema": DIALECT, **model.model_json_schema(by_alias=True)}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _sections(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "The file", schema
    for name, section in sorted(schema["$defs"].items()):
        if "properties" in section:
            yield name, section


def _section_of(schema: dict[str, Any], field: dict[str, Any]) -> dict[str, Any]:
    """Give the section a field refers to; its meaning is not repeated at the field."""
    section: dict[str, Any] = schema["$defs"][field["$ref"].rsplit("/", 1)[-1]]
    return section


def _default(field: dict[str, Any]) -> str:
    default = field.get("default")
    if default is None:
        return "nothing"
    return "see its own table" if isinstance(default, dict) else f"`{json.dumps(default)}`"


def _kind(field: dict[str, Any]) -> str:
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in field or "oneOf" in field:
        return " or ".join(_kind(each) for each in field.get("anyOf") or field["oneOf"])
    if "enum" in field or "const" in field:
        return ", ".join(f"`{each}`" for each in field.get("enum", [field.get("const")]))
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}))}"
    by_name = field.get("additionalProperties") or field.get("patternProperties")
    if isinstance(by_name, dict):
        is_one = {"type", "$ref", "oneOf"} & by_name.keys()
        return f"{_kind(by_name if is_one else next(iter(by_name.values())))} by name"
    words = {"null": "nothing", "string": "text", "boolean": "`true`, `false`"}
    kind = str(field.get("type", "any value"))
    return words.get(kind, kind)


def main() -> int:
    """Write the generated files below the working directory."""
    for path, text in generated().items():
        write_text(Path(path), text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
