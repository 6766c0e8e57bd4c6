"""What is missing in a study, and Little's test."""

import numpy as np
import pandas as pd
import pytest

from driehoek.analysis.missingness import missingness
from driehoek.files import write_csv
from driehoek.models.missingness import is_monotone, little_test, patterns
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.reporting.material import gather
from driehoek.reporting.results import read_results
from driehoek.reporting.tables.missingness import random_table
from tests.imputed_example import linked_tables, people_with_gaps, study_with_gaps


def drawn(n=200, seed=1):
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(n, 1))
    return pd.DataFrame(common + rng.normal(size=(n, 3)), columns=["a", "b", "c"]), rng


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    folder = tmp_path_factory.mktemp("missing")
    study = study_with_gaps(folder)
    linked = linked_tables(study, people_with_gaps(40))
    table = missingness(linked.long, linked.missing, study)
    write_csv(folder / "missingness.csv", table)
    return study, linked, table, read_results([folder / "missingness.csv"])


def test_answers_are_counted_by_kind_of_missing(described):
    _, linked, table, _ = described
    found = table.query("statistic == 'answers' and wave == 'w1' and role == 'carer'")
    by_kind = found[found["scale"] == "warmth"].set_index("group")["estimate"]
    own = linked.long["role"].eq("carer") & linked.long["wave"].eq("w1")
    kinds = linked.missing.loc[own.to_numpy(), ["a1c", "a2c", "a3c", "a4c", "b1c", "b2c"]]
    assert by_kind["skipped"] == (kinds == "skipped").sum().sum()
    assert by_kind["dont_know"] == (kinds == "dont_know").sum().sum()


def test_rare_patterns_are_put_together(tmp_path):
    study = study_with_gaps(tmp_path, min_cell="10")
    linked = linked_tables(study, people_with_gaps(40))
    table = missingness(linked.long, linked.missing, study)
    counts = table[table["statistic"] == "score_pattern"]["estimate"]
    assert not ((counts > 0) & (counts < 10)).any()


def test_values_missing_by_another_variable_are_found_out():
    frame, rng = drawn()
    by_chance = frame.assign(b=frame["b"].mask(rng.random(200) < 0.3))
    by_a = frame.assign(b=frame["b"].mask(frame["a"] + rng.normal(size=200) > 0.8))
    assert little_test(by_a).p < 0.001 < little_test(by_chance).p


def test_rejects_at_its_level_when_values_are_missing_completely_at_random():
    p = []
    for seed in range(100):
        frame, rng = drawn(60, seed)
        p.append(little_test(frame.mask(rng.random(frame.shape) < 0.15)).p)
    # 100 draws at a level of .05: 3 standard errors are .065.
    assert np.mean(np.array(p) < 0.05) <= 0.115


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (pd.DataFrame({"a": [1.0, 2, 3], "b": [1.0, 1, 1]}), "1 variable"),
        (pd.DataFrame({"a": [1.0, 2, 3], "b": [2.0, 1, 3]}), "no patterns"),
        (pd.DataFrame({"a": [1.0, 2, np.nan], "b": [2.0, 1, 3], "c": [3.0, 1, 2]}), "cannot carry"),
    ],
)
def test_what_cannot_be_tested_says_why(frame, reason):
    with pytest.raises(TooFewDataError, match=reason):
        little_test(frame)


def test_drop_out_is_monotone_and_a_gap_is_not():
    gone = np.nan
    monotone = np.array([[1.0, 2, 3], [1, 2, gone], [1, gone, gone]])
    assert is_monotone(patterns(monotone))
    assert not is_monotone(patterns(np.vstack([monotone, [[1, gone, 3]]])))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_table_says_it_in_the_language_of_the_report(described, language):
    study, _, _, results = described
    material = gather(study, results, language)
    chance = random_table(material)
    assert sum(not row.is_heading for row in chance.rows) == 4
    known = {material.labels.sentence(reason) for reason in chance.marks}
    assert language == "en" or not any("variables" in reason for reason in known)
