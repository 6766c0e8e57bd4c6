"""`time` and `slope: time` in a study: years by the dates of the waves, and what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from driehoek.analysis.imputation.pooled import pool_rows
from driehoek.analysis.model_data import ModelData
from driehoek.analysis.models import model_rows
from driehoek.analysis.rows import statistics_frame
from driehoek.files import write_csv
from driehoek.models.mixed import fit_random_intercepts
from driehoek.problems import StudyError
from driehoek.reporting import numbers
from driehoek.reporting.material import gather
from driehoek.reporting.prose import answers
from driehoek.reporting.results import read_results
from driehoek.reporting.tables.models import model_tables
from driehoek.study import read_study

ROOT = Path(__file__).parents[2]
DEMO = (ROOT / "config" / "study.yaml").read_text(encoding="utf-8")
MIXED = "        - [wave, carer.reciprocity.about_seeker, carer.trust.about_seeker]\n"
GROWTH = "        - [time, carer.reciprocity.about_seeker]\n      slope: time\n"


def study_with(tmp_path, *changes):
    text = DEMO.replace("../instruments/triad.yaml", (ROOT / "instruments/triad.yaml").as_posix())
    for old, new in ((MIXED, GROWTH), *changes):
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "study.yaml"
    path.write_text(text, encoding="utf-8")
    return read_study(path)


def tables(seed=3, n=120):
    rng = np.random.default_rng(seed)
    person = np.repeat([f"p{i:03}" for i in range(n)], 3)
    wave, time = np.tile(["w1", "w2", "w3"], n), np.tile([0.0, 0.5, 1.0], n)
    level, change = rng.normal(0, 0.5, n).repeat(3), rng.normal(0, 0.6, n).repeat(3)
    trust = rng.normal(4, 0.7, 3 * n).round(2)
    burden = 3 + level + (0.2 + change) * time - 0.3 * trust + rng.normal(0, 0.4, 3 * n)
    long = pd.DataFrame(
        {
            "triad": np.char.replace(person.astype(str), "p", "t"),
            "wave": wave,
            "role": "carer",
            "person": person,
            "is_primary": True,
            "burden.about_carer": burden,
            "reciprocity.about_seeker": trust,
            "time": time,
        }
    )
    names = {c: f"carer.{c}" for c in ("burden.about_carer", "reciprocity.about_seeker")}
    triads = long.rename(columns=names)[["triad", "wave", *names.values()]]
    return long, triads


def rows_of(study, long, triads):
    plan = study.settings.plan.models["burden_over_waves"]
    data = ModelData(long.drop(columns="time"), triads, study)
    return model_rows("burden_over_waves", plan, data)


def test_years_follow_from_the_dates_of_the_waves(tmp_path):
    years = study_with(tmp_path).settings.years
    assert years == pytest.approx({"w1": 0, "w2": 0.5, "w3": 1}, abs=1e-12)
    later = study_with(tmp_path, ("date: 2026-03", "date: 2026-03-16"))
    assert later.settings.years["w3"] == pytest.approx(1 + 15 / 365.25)


def test_a_study_fits_the_model_of_its_rows(tmp_path):
    study, (long, triads) = study_with(tmp_path), tables()
    found = pd.DataFrame(rows_of(study, long, triads))
    fit = fit_random_intercepts(
        long, "burden.about_carer", ["time", "reciprocity.about_seeker"],
        triad="triad", person="person", slope="time",
    )  # fmt: skip
    own = found[found["statistic"] == "b"]
    assert own["term"].tolist() == ["intercept", "time", "carer.reciprocity.about_seeker"]
    assert own["estimate"].tolist() == pytest.approx(fit.coefficients["estimate"].tolist())
    both = found.set_index("statistic")["estimate"]
    for name, value in fit.components.set_index("statistic")["estimate"].items():
        assert both[name] == pytest.approx(value), name
    assert 0.5 < both["variance_slope"] / 0.36 < 2


def test_slopes_are_pooled_and_their_test_is_not(tmp_path):
    study = study_with(tmp_path)
    sets = [rows_of(study, *tables(seed)) for seed in (3, 4, 5)]
    pooled = pd.DataFrame(pool_rows(sets, 0.95))
    assert {"b", "variance_slope", "correlation_slope"} <= set(pooled["statistic"])
    assert "lr_slope" not in set(pooled["statistic"])
    values = [pd.DataFrame(rows).set_index("statistic")["estimate"] for rows in sets]
    mean = np.mean([each["variance_slope"] for each in values])
    assert pooled.set_index("statistic")["estimate"]["variance_slope"] == pytest.approx(mean)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    date: 2025-09\n", "", "write date: YYYY-MM at w2"),
        ("date: 2025-09", "date: 2025-03", "in order"),
        ("- [time, carer", "- [wave, carer", "add time to a block"),
        (
            "      slope: time\n",
            "      slope: time\n      crossed: professional\n",
            "leave crossed",
        ),
        ("slope: time\n", "slope: wave\n", "'time'"),
    ],
)
def test_what_slopes_cannot_rest_on_is_refused(tmp_path, old, new, said):
    with pytest.raises(StudyError, match=said):
        study_with(tmp_path, (old, new))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_report_says_whether_persons_differ_in_change(tmp_path, language):
    study = study_with(tmp_path)
    rows = [{**row, "scale": "burden_over_waves"} for row in rows_of(study, *tables())]
    write_csv(tmp_path / "models.csv", statistics_frame(rows, "models"))
    material = gather(study, read_results([tmp_path / "models.csv"]), language)
    coefficients, components = model_tables(material, "burden_over_waves")
    assert material.word("time") in [row.label for row in coefficients.rows]
    assert material.word("note_slope") in " ".join(coefficients.notes)
    labels = [row.label for row in components.rows]
    assert material.named("components", "variance_slope") in labels
    test = next(row for row in rows if row["statistic"] == "lr_slope")
    told = numbers.decimal(test["estimate"], language)
    assert f"χ² = {told}, p <\u00a0" in components.notes[-1]
    (answer,) = [each for each in answers(material) if each.name == "burden_over_waves"]
    assert [each.kind for each in answer.findings] == ["time", "number"]
