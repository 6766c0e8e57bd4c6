"""The plans that the pages on methods show run on a simulated study, and every kind has one."""

import re
from pathlib import Path

import pytest
import yaml

from driehoek.analysis.agreement import agreement
from driehoek.analysis.comparisons import comparisons
from driehoek.analysis.families import families
from driehoek.analysis.model_data import ModelData
from driehoek.analysis.models import KINDS, correlation_table, model_rows
from driehoek.analysis.retest import retest
from driehoek.analysis.rows import statistics_frame
from driehoek.cleaning.clean import clean_wave
from driehoek.cleaning.link import link_waves
from driehoek.job import generator
from driehoek.scoring.scales import score_responses
from driehoek.simulation.canonical import canonical_wave
from driehoek.simulation.study import simulate_study
from driehoek.study import read_study

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```yaml\n(plan:\n.*?)^```", re.DOTALL | re.MULTILINE)
PAGES = {
    f"{page.stem}-{place}": yaml.safe_load(block)["plan"]
    for page in sorted((ROOT / "docs/methods").glob("*.md"))
    for place, block in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")))
}
PARTS = ("models", "correlations", "comparisons", "agreement", "retest", "families")
EXAMPLES = [
    (page, part, name)
    for page, plan in PAGES.items()
    for part in PARTS
    for name in plan.get(part, {})
]


@pytest.fixture(scope="module")
def linked():
    """Simulate the demo, in memory, as its exports would be read."""
    study = read_study(ROOT / "config/study.yaml")
    simulated = simulate_study(study, triads=150, rng=generator(7, "examples"))
    clean = [clean_wave(canonical_wave(simulated, study, w), study, w) for w in study.wave_names]
    tables = [(each.tables.responses, each.tables.missing) for each in clean]
    scores = [score_responses(*each, study.questionnaire) for each in tables]
    return link_waves(
        study,
        responses=[responses for responses, _ in tables],
        missing=[missing for _, missing in tables],
        scores=scores,
        ledgers=[each.ledger for each in clean],
    )


@pytest.fixture(scope="module")
def studies(tmp_path_factory):
    """Give the demo with the plan of each page in the place of its own."""
    given = yaml.safe_load((ROOT / "config/study.yaml").read_text(encoding="utf-8"))
    given["instrument"] = str(ROOT / "instruments/triad.yaml")
    given["pseudonyms"]["key"] = str(ROOT / "config/demo.key")
    folder, found = tmp_path_factory.mktemp("examples"), {}
    for page, plan in PAGES.items():
        path = folder / f"{page}.yaml"
        path.write_text(yaml.safe_dump(given | {"plan": plan}), encoding="utf-8")
        found[page] = read_study(path)
    return found


def _models(study, linked, names):
    data = ModelData(linked.long, linked.triads, study)
    plans = {name: study.settings.plan.models[name].without_resampling() for name in names}
    rows = [row for name, plan in plans.items() for row in model_rows(name, plan, data)]
    return statistics_frame(rows, "models")


def _families(study, linked, _):
    tables = {
        "models": _models(study, linked, study.settings.plan.models),
        "comparisons": comparisons(linked.long, linked.triads, study),
        "correlations": correlation_table(linked.triads, study),
    }
    return families(tables, study)


RUN = {
    "models": lambda study, linked, name: _models(study, linked, [name]),
    "correlations": lambda study, linked, _: correlation_table(linked.triads, study),
    "comparisons": lambda study, linked, _: comparisons(linked.long, linked.triads, study),
    "agreement": lambda study, linked, _: agreement(linked.long, study),
    "retest": lambda study, linked, _: retest(linked.long, study),
    "families": _families,
}


@pytest.mark.parametrize(("page", "part", "name"), EXAMPLES)
def test_an_example_of_a_method_runs(studies, linked, page, part, name):
    study = studies[page]
    table = RUN[part](study, linked, name)
    own = table[table["group" if part == "correlations" else "scale"] == name]
    assert own["estimate"].notna().any(), own["reason"].tolist()
    assert (own.loc[own["estimate"].isna(), "reason"] != "").all()


def test_every_kind_of_model_has_an_example():
    shown = {model["kind"] for plan in PAGES.values() for model in plan.get("models", {}).values()}
    assert shown == set(KINDS)
