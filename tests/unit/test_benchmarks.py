"""The benchmarks record what they measured, and no figure for a result that R does not share."""

import json
import shutil
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # benchmarks/ is no part of the installed package

from benchmarks.growth import Growth, exponents  # noqa: E402
from benchmarks.jobs import measured, plan, read_plan  # noqa: E402
from benchmarks.kernel import DisagreementError, measure, require_agreement  # noqa: E402
from benchmarks.panel import panel_study  # noqa: E402
from benchmarks.record import HEADING, as_json, with_figures  # noqa: E402
from benchmarks.structure_kernels import structure_kernels  # noqa: E402

CFA_ML = next(kernel for kernel in structure_kernels() if kernel.name == "cfa_ml")
QUADRATIC = [Growth("ingest", rows, 3e-6 * rows**2, 200.0) for rows in (1_000, 10_000, 100_000)]


def test_the_exponent_of_points_on_a_power_law_is_that_power():
    linear = [Growth("score", rows, 2e-5 * rows, 200.0) for rows in (1_000, 100_000)]
    found = exponents([*QUADRATIC, *linear])
    assert found == {"ingest": pytest.approx(2.0), "score": pytest.approx(1.0)}


def test_one_size_has_no_exponent():
    assert exponents(QUADRATIC[:1]) == {}


def test_without_r_our_time_is_recorded_without_a_ratio(tmp_path):
    ratio = measure(CFA_ML, tmp_path, repeats=1, rscript=None, rows=300)
    record = json.loads(as_json([ratio], QUADRATIC, exponents(QUADRATIC)))
    assert set(record) == {"ratios", "growth", "exponents"}
    (entry,) = record["ratios"]
    assert set(entry) == {"name", "ours_seconds", "reference", "reference_seconds", "ratio"}
    assert entry["name"] == "cfa_ml"
    assert entry["ours_seconds"] > 0
    assert entry["ratio"] is None
    assert entry["reference_seconds"] is None
    assert set(record["growth"][0]) == {"stage", "rows", "seconds", "peak_mb"}


@pytest.mark.r
def test_the_ratio_is_the_seconds_of_r_over_ours(tmp_path):
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("there is no R here")
    ratio = measure(CFA_ML, tmp_path, repeats=1, rscript=rscript, rows=300)
    assert ratio.ratio == pytest.approx(ratio.reference_seconds / ratio.ours_seconds)
    assert "lavaan" in ratio.reference


@pytest.mark.parametrize(
    ("chisq", "words"),
    [([101.0], r"chisq: differs by 0\.0099"), ([100.0, 90.0], "chisq: 1 of ours, 2 of the")],
)
def test_figures_that_differ_are_refused_and_named(chisq, words):
    ours = {name: [100.0] for name in CFA_ML.tolerances}
    require_agreement(CFA_ML, ours, ours)
    with pytest.raises(DisagreementError, match=words):
        require_agreement(CFA_ML, ours, ours | {"chisq": chisq})


def test_a_stage_tells_its_time_and_memory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    study = panel_study(tmp_path / "panel", 60, waves=["w1"], n_scales=3)
    plan(study, tmp_path / "jobs")
    ingest, clean, score, *_, last = read_plan(tmp_path / "jobs")
    assert last.rule == "seal_manifest"
    for job in (ingest, clean, score):
        found = measured(job)
        assert found["seconds"] > 0
        assert 20 < found["peak_mb"] < 20_000
    assert pq.read_metadata(job.outputs["scores"]).num_rows > 60


def test_the_page_keeps_its_words_and_gets_new_figures():
    page = f"# Words\n\n{HEADING}\n\nold figures\n"
    found = with_figures(page, [], QUADRATIC, exponents(QUADRATIC), 5)
    assert found.startswith(f"# Words\n\n{HEADING}\n\nMedians of 5")
    assert "old figures" not in found
    assert "| ingest | 10,000 | 300.00 | 200 | 2.00 |" in found
