"""The plans that the pages on methods show are plans that a study may hold."""

import re
from pathlib import Path

import pytest
import yaml

from driehoek.study import read_study

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```yaml\n(plan:\n.*?)^```", re.DOTALL | re.MULTILINE)
EXAMPLES = [
    pytest.param(block, id=f"{page.stem}-{place}")
    for page in sorted((ROOT / "docs/methods").glob("*.md"))
    for place, block in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")))
]


@pytest.mark.parametrize("block", EXAMPLES)
def test_an_example_of_a_method_is_a_valid_plan_of_the_demo(block, tmp_path):
    study = yaml.safe_load((ROOT / "config/study.yaml").read_text(encoding="utf-8"))
    study["plan"] = yaml.safe_load(block)["plan"]
    study["instrument"] = str(ROOT / "instruments/triad.yaml")
    study["pseudonyms"]["key"] = str(ROOT / "config/demo.key")
    path = tmp_path / "study.yaml"
    path.write_text(yaml.safe_dump(study), encoding="utf-8")
    assert read_study(path).settings.plan


def test_there_are_examples():
    assert len(EXAMPLES) > 3
