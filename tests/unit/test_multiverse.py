"""One effect under every combination of choices: the plan's own among them."""

import pandas as pd
import pytest
from imputed_example import imputed, people_with_gaps, study_with_gaps
from small_study import wave_tables
from story_example import story_study

from driehoek.analysis.imputation.models import imputed_models
from driehoek.analysis.model_data import ModelData
from driehoek.analysis.models import models
from driehoek.analysis.multiverse import fit_variants
from driehoek.analysis.multiverse_scores import Variant, WaveOfAnswers, variant_data, variants
from driehoek.analysis.multiverse_summary import gathered
from driehoek.analysis.rows import statistics_frame
from driehoek.cleaning.clean import clean_wave
from driehoek.cleaning.wave import WaveTables, stacked
from driehoek.ingest.export import ingest_export
from driehoek.problems import StudyError
from driehoek.reporting.figures.multiverse import multiverse_drawings
from driehoek.reporting.material import gather
from driehoek.reporting.results import Figure, Results
from driehoek.reporting.tables.multiverse import multiverse_table
from driehoek.study import read_study

PLAN = """
multiverse:
  trust:
    model: burden
    term: carer.trust.about_seeker
    leave_out: [[], [too_fast]]
    min_answered: [0.5, 0.75, 1]
    errors: [HC3, HC2]
    covariates: [[], [carer.hours]]
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    path = story_study(tmp_path_factory.mktemp("multiverse") / "study")
    path.write_text(path.read_text(encoding="utf-8") + PLAN, encoding="utf-8")
    return read_study(path)


@pytest.fixture(scope="module")
def wave(study):
    read = [ingest_export(study, "w1", export) for export in study.exports("w1")]
    raw = stacked([WaveTables(r.responses, r.missing, r.paradata) for r in read], "w1")
    clean = clean_wave(raw, study, "w1")
    return WaveOfAnswers(clean.tables.responses, clean.tables.missing, clean.flags)


@pytest.fixture(scope="module")
def fitted(study, wave):
    every = variants(study.settings.multiverse["trust"])
    return [fit_variants("trust", every[i::2], study, wave, {}) for i in range(2)]


@pytest.fixture(scope="module")
def table(study, fitted):
    return gathered(fitted, study)


def test_every_combination_is_estimated_once(study, table):
    assert study.settings.multiverse["trust"].n_specifications == 24
    own = table[table["statistic"] == "b"]
    assert len(own) == own["group"].nunique() == 24
    assert own["estimate"].notna().all()


def test_the_choices_of_the_plan_give_the_coefficient_of_the_plan(study, wave):
    declared = variant_data(Variant(1, (), None, "as_declared"), study, wave, {})
    assert isinstance(declared, ModelData)
    found = models(declared.long, declared.triads, study)
    term = "carer.trust.about_seeker"
    (b,) = found[(found["statistic"] == "b") & (found["term"] == term)].to_dict("records")
    fits = Variant(1, (), None, "as_declared")
    plan = study.settings.multiverse["trust"].model_copy(update={"covariates": None})
    same = study.settings.model_copy(update={"multiverse": {"trust": plan}})
    own = fit_variants(
        "trust", [fits], type(study)(study.path, same, study.questionnaire), wave, {}
    )
    first = own.iloc[0]
    assert first["group"].startswith("leave_out=none; min_answered=declared")
    for name in ("estimate", "se", "n"):  # the terms stand in another order: last digits move
        assert first[name] == pytest.approx(b[name], rel=1e-12)


def test_a_choice_of_errors_moves_no_coefficient_and_one_of_covariates_does(table):
    eta2 = table[table["statistic"] == "eta2"].set_index("term")["estimate"]
    assert eta2["errors"] == pytest.approx(0, abs=1e-20)
    assert eta2["covariates"] > 0
    assert pd.isna(eta2["score_of"])
    assert 0 <= eta2.dropna().sum() <= 1 + 1e-12


def test_eta_squared_is_the_share_between_the_options(study):
    """Coefficients 0, 2, 1, 3: 4 of 5 units of variance lie between the first choice's options."""
    rows = [
        {"scale": "trust", "group": f"leave_out={a}; min_answered={c}; score_of=x; missing=m; "
         f"errors=y; covariates=z", "statistic": "b", "estimate": b, "ci_low": b - 0.5,
         "ci_high": b + 0.5, "n": 50}
        for a, c, b in (("p", "1", 0.0), ("q", "1", 2.0), ("p", "2", 1.0), ("q", "2", 3.0))
    ]  # fmt: skip
    table = gathered([statistics_frame(rows, "multiverse")], study)
    found = table.set_index(["statistic", "term"])["estimate"]
    assert found["eta2", "leave_out"] == pytest.approx(0.8)
    assert found["eta2", "min_answered"] == pytest.approx(0.2)
    assert found["share_excluding_zero", ""] == 0.75
    assert found["median", ""] == 1.5


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_curve_and_the_table_say_it_in_words(study, table, language):
    figures = [Figure(**{str(k): v for k, v in row.items()}) for row in table.to_dict("records")]
    material = gather(study, Results(figures), language)
    (drawing,) = multiverse_drawings(material)
    assert "24" in drawing.alt
    assert len(drawing.data) == 24
    rows = multiverse_table(material, "trust").rows
    written = {row.label: [cell.written(language) for cell in row.cells] for row in rows}
    assert written[{"nl": "Specificaties", "en": "Specifications"}[language]] == ["24"]
    unsaid = [f.reason for f in figures if f.reason and material.labels.sentence(f.reason) == ""]
    assert not unsaid


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("model: burden", "model: burdn", "did you mean 'burden'"),
        ("[too_fast]", "[tofast]", "did you mean 'too_fast'"),
        ("[carer.hours]", "[carer.hour]", "did you mean carer.hours"),
        ("0.75, 1]", "0.75, 2]", "above 0 and at most 1"),
        ("leave_out:", "missing: [imputation]\n    leave_out:", "write missing: [complete, imputa"),
    ],
)
def test_unknown_names_are_told_with_their_line(tmp_path, old, new, said):
    path = story_study(tmp_path / "study", triads=4)
    path.write_text(path.read_text(encoding="utf-8") + PLAN.replace(old, new), encoding="utf-8")
    with pytest.raises(StudyError) as fault:
        read_study(path)
    assert said in str(fault.value)
    assert "multiverse.trust" in str(fault.value)


FILLED_IN = """
multiverse:
  hours:
    model: warm
    term: carer.hours
    score_of: [as_declared, items]
    missing: [complete, imputation]
    errors: [HC3, HC0]
    covariates: [[seeker.age], [], [seeker.age, carer.age]]
"""


@pytest.fixture(scope="module")
def filled_in(tmp_path_factory):
    """Fill in the gaps of a study, and estimate its multiverse and its models."""
    study = study_with_gaps(tmp_path_factory.mktemp("filled"), more=FILLED_IN)
    people = people_with_gaps(60)
    _, found, sets = imputed(study, people)
    clean = clean_wave(wave_tables(study.questionnaire, people["w1"], "w1"), study, "w1")
    wave = WaveOfAnswers(
        clean.tables.responses, clean.tables.missing, clean.flags, found.cells, found.lost
    )
    every = variants(study.settings.multiverse["hours"])
    return fit_variants("hours", every, study, wave, {}), imputed_models(sets, study)


def test_with_answers_filled_in_the_plans_own_choices_give_the_pooled_coefficient(filled_in):
    table, pooled = filled_in
    own = table.set_index("group").loc[
        "leave_out=none; min_answered=declared; score_of=as_declared; missing=imputation; "
        "errors=HC3; covariates=seeker.age"
    ]
    (b,) = pooled[
        (pooled["scale"] == "warm")
        & (pooled["statistic"] == "b")
        & (pooled["term"] == "carer.hours")
    ].to_dict("records")
    assert own["method"] == b["method"]
    assert "5 imputations" in own["method"]
    for name in ("estimate", "se", "df", "ci_low", "ci_high", "p", "n"):
        assert own[name] == pytest.approx(b[name], rel=1e-9)  # terms in another order


def test_more_rows_count_where_answers_are_filled_in(filled_in):
    table, _ = filled_in
    assert len(table) == table["group"].nunique() == 24
    choice = table["group"].str.extract("missing=([a-z]+)")[0]
    others = table["group"].str.replace("missing=[a-z]+", "", regex=True)
    n = {kind: own.set_index(others[own.index])["n"] for kind, own in table.groupby(choice)}
    assert (n["imputation"] >= n["complete"]).all()
    assert (n["imputation"] > n["complete"]).any()


def test_a_specification_on_nearly_the_same_people_counts_and_is_not_shown(study):
    """Four are left out of 50: their coefficient would give them away beside that of all."""
    rows = [
        {"scale": "trust", "group": f"leave_out={flags}; min_answered=1; score_of=x; missing=m; "
         "errors=y; covariates=z", "statistic": "b", "estimate": b, "ci_low": b - 0.5,
         "ci_high": b + 0.5, "n": n}
        for flags, b, n in (("none", 1.0, 50), ("fast", 4.0, 46), ("fast+same", 2.0, 30))
    ]  # fmt: skip
    table = gathered([statistics_frame(rows, "multiverse")], study)
    assert table[table["statistic"] == "b"]["estimate"].isna().tolist() == [False, True, False]
    found = table.set_index(["statistic", "term"])["estimate"]
    names = ("estimated", "not_shown", "median", "least", "greatest")
    assert [found[name, ""] for name in names] == [3, 1, 2.0, 1.0, 2.0]
    assert found["eta2", "leave_out"] == 1
