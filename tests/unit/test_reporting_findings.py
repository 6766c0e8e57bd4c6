"""Titles that say what a figure shows, each from its statistic."""

import pytest
from reporting_example import INSTRUMENT, STUDY, make_example

from driehoek.reporting.finding_titles import clearest, figure_title
from driehoek.reporting.headlines import headlines
from driehoek.reporting.material import gather
from driehoek.reporting.numbers import bounded
from driehoek.reporting.results import Figure, Results, read_results
from driehoek.study import read_study

KINDS = {
    "forest": "models", "comparison": "comparisons", "correlations": "correlations",
    "agreement": "agreement", "retest": "retest",
}  # fmt: skip


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    example = make_example(tmp_path_factory.mktemp("findings"), n_triads=60)
    text = example.path.read_text("utf-8")
    text = text.replace("report: {", "report: {titles_as_findings: true, ", 1)
    example.path.write_text(text, "utf-8")
    return read_study(example.path), read_results(example.statistics)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_that_a_statistic_decides_has_its_finding_first(example, kind, language):
    study, results = example
    material = gather(study, results, language)
    for name in getattr(study.settings.plan, KINDS[kind]):
        said = figure_title(material, kind, name, "Title")
        assert said.endswith(". Title")
        assert len(said) > len("Title") + 12
        assert not {"{", "&", "<"} & set(said)


def test_the_clearest_effect_of_a_model_is_the_one_named(example):
    study, results = example
    material = gather(study, results, "en")
    for name in study.settings.plan.models:
        best = clearest(headlines(material, name))
        said = figure_title(material, "forest", name, "Title")
        assert ("No clear relation" in said) == (best is None)
        assert best is None or any(f.excludes_zero for f in headlines(material, name))


def test_the_title_turns_with_the_sign_of_its_statistic(example):
    study, results = example
    turned = Results([_turned(f) if f.file == "correlations" else f for f in results.figures])
    name = next(iter(study.settings.plan.correlations))
    best = max(
        (f for f in results.rows("correlations", group=name) if f.excludes_zero),
        key=lambda f: abs(f.estimate),
        default=None,
    )
    for made, sign in ((results, 1), (turned, -1)):
        said = figure_title(gather(study, made, "en"), "correlations", name, "Title")
        if best is None:
            assert said.startswith("No clear correlation")
        else:
            assert f"r = {bounded(sign * best.estimate, 'en')}" in said.replace("\u00a0", " ")


def test_without_the_option_titles_stay(tmp_path):
    (tmp_path / "instrument.yaml").write_text(INSTRUMENT, "utf-8")
    (tmp_path / "study.yaml").write_text(STUDY, "utf-8")
    material = gather(read_study(tmp_path / "study.yaml"), Results([]), "nl")
    assert figure_title(material, "forest", "burden", "Kop") == "Kop"


def test_the_clearest_is_the_farthest_from_zero_in_widths_of_its_interval():
    near = Figure(id="x/near", estimate=5, ci_low=1, ci_high=9)
    far = Figure(id="x/far", estimate=0.5, ci_low=0.4, ci_high=0.6)
    none = Figure(id="x/none", estimate=9, ci_low=-1, ci_high=19)
    assert clearest([near, far, none]) is far
    assert clearest([none]) is None


def _turned(figure):
    fields = {name: getattr(figure, name) for name in Figure.__slots__}
    fields |= {"estimate": -figure.estimate, "ci_low": -figure.ci_high, "ci_high": -figure.ci_low}
    return Figure(**fields)
