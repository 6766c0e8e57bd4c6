"""The comparison of small studies with population values must be able to fail."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from driehoek.simulation.recovery import (
    compare,
    markdown_table,
    read_targets,
    small_studies,
    verdict,
)
from driehoek.study import Study, read_study

ROOT = Path(__file__).resolve().parents[2]
B, R = "models/w1/x/b", "correlations/w1/x/r"
STUDIES = 100
SPREAD = 0.1
ERROR = SPREAD / np.sqrt(STUDIES)


@pytest.fixture(scope="module")
def demo() -> Study:
    return read_study(ROOT / "config" / "study.yaml")


def estimates(name: str, *, half_width: float = 2 * SPREAD) -> pd.DataFrame:
    """Give estimates with mean 1 and standard deviation `SPREAD`, evenly spread."""
    raw = np.linspace(-1, 1, STUDIES)
    values = 1 + SPREAD * raw / raw.std(ddof=1)
    return pd.DataFrame(
        {
            "number": range(STUDIES),
            "id": name,
            "estimate": values,
            "ci_low": values - half_width,
            "ci_high": values + half_width,
        }
    )


def target(name: str, value: float, *, se: float = 0.0) -> pd.DataFrame:
    return pd.DataFrame({"id": [name], "estimate": [value], "se": [se]})


@pytest.mark.parametrize(("errors", "recovered"), [(2.9, True), (3.1, False), (-3.1, False)])
def test_a_mean_three_errors_from_its_target_is_missed(errors: float, recovered: bool):
    row = compare(estimates(B), target(B, 1 + errors * ERROR)).iloc[0]
    assert row["z"] == pytest.approx(-errors)
    assert row["is_recovered"] == recovered


def test_the_error_holds_that_of_the_target():
    row = compare(estimates(B), target(B, 1.0, se=ERROR)).iloc[0]
    assert row["error"] == pytest.approx(ERROR * np.sqrt(2))


def test_a_study_without_an_estimate_fails_the_check():
    found = estimates(B)
    found.loc[3, ["estimate", "ci_low", "ci_high"]] = np.nan
    row = compare(found, target(B, 1.0)).iloc[0]
    assert row["n_missing"] == 1
    assert not row["is_recovered"]


def test_an_estimand_that_no_study_has_fails_the_check():
    table = compare(estimates(B), target(R, 1.0))
    assert not table["is_recovered"].iloc[0]


def test_narrow_intervals_fail_for_models_and_are_only_shown_for_correlations():
    found = pd.concat([estimates(B, half_width=SPREAD), estimates(R, half_width=SPREAD)])
    table = compare(found, pd.concat([target(B, 1.0), target(R, 1.0)])).set_index("id")
    assert table["coverage"].to_list() == pytest.approx([0.58, 0.58])
    assert table["is_covered"].to_dict() == {B: False, R: True}
    line, is_well = verdict(table.reset_index(), triads=300)
    assert not is_well
    assert f"{B} covered wrongly" in line


def test_the_line_says_what_was_tried():
    table = compare(estimates(B, half_width=1.65 * SPREAD), target(B, 1.0))
    line, is_well = verdict(table, triads=300)
    assert is_well
    assert line.startswith("recovery: 100 studies of 300 triads, 1 estimands and the coverage of 1")
    assert f"| `{B}` | 1.0000 | 1.0000 | 0.1000 | 0.0100 | +0.00 |" in markdown_table(table)


def test_population_values_of_another_instrument_are_refused(demo: Study, tmp_path: Path):
    path = tmp_path / "targets.json"
    path.write_text(json.dumps({"fingerprint": "other", "targets": {}}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"find_targets\.py"):
        read_targets(path, demo)


def test_studies_run_in_parts_are_the_same_to_the_last_digit(demo: Study):
    whole = small_studies(demo, studies=2, triads=60)
    parts = [small_studies(demo, studies=1, triads=60, first=first) for first in (0, 1)]
    assert whole["number"].nunique() == 2
    pd.testing.assert_frame_equal(whole, pd.concat(parts, ignore_index=True), check_exact=True)
