"""Schemas and the guide to the study file follow from the models."""

import json
from pathlib import Path

import pytest

from driehoek.schemas import MODELS, generated

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", list(generated()))
def test_generated_files_are_those_of_the_models(path):
    written = (ROOT / path).read_text(encoding="utf-8")
    assert written == generated()[path], f"{path}: run python -m driehoek.schemas and commit"


@pytest.mark.parametrize("name", list(MODELS))
def test_every_object_in_a_schema_is_closed(name):
    schema = json.loads(generated()[f"workflow/schemas/{name}.schema.json"])
    objects = [schema, *schema.get("$defs", {}).values()]
    assert all(each["additionalProperties"] is False for each in objects if "properties" in each)


def test_every_key_of_a_study_is_explained():
    rows = [line for line in generated()["config/README.md"].splitlines() if line.startswith("| `")]
    assert rows
    assert [row for row in rows if row.endswith("|  |")] == []
