"""The whole job: from simulated exports to report and manifest, and only what is needed."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from figure_walk import alt_faults, faults
from running import small_study
from small_cells import (
    files_not_placed,
    published_statistics,
    small_counts,
    strange_figure_rows,
)

from driehoek.reporting.figures.catalogue import drawings
from driehoek.reporting.material import gather
from driehoek.reporting.results import read_results
from driehoek.study import read_study

pytestmark = pytest.mark.workflow


def results(study):
    return study.parent / "results" / "demo"


def digests(study):
    public = results(study) / "public"
    return {
        path.relative_to(public).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in public.rglob("*")
        if path.is_file()
    }


def test_the_report_and_all_it_rests_on_are_there(finished):
    public = results(finished) / "public"
    expected = {
        "report.en.html", "manifest.json", "checks.csv", "ledger.csv",
        "statistics", "tables", "figures",
    }  # fmt: skip
    assert expected <= {path.name for path in public.iterdir()}


def test_a_second_run_has_nothing_to_do(checkout, finished):
    said = checkout.driehoek("run", finished, cwd=finished.parent).stdout
    assert "Nothing had to be done." in said


def test_rows_add_up_from_the_raw_files_to_the_ledger(finished):
    ledger = pd.read_csv(results(finished) / "public" / "ledger.csv")
    counted = ledger[ledger["fate"].isin(["kept", "excluded"])].groupby(["wave", "export"])["n"]
    for (wave, export), n in counted.sum().items():
        path = results(finished) / "private" / "waves" / wave / export / "responses.parquet"
        assert n == len(pd.read_parquet(path))


def test_every_number_and_file_of_the_manifest_is_there(finished):
    public = results(finished) / "public"
    manifest = json.loads((public / "manifest.json").read_text(encoding="utf-8"))
    assert {"inputs", "outputs", "software", "settings", "seed", "numbers"} <= set(manifest)
    for name, digest in manifest["outputs"].items():
        content = (finished.parent / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
    table = pd.read_csv(public / "statistics" / "models.csv")
    shown = table[table["estimate"].notna()].iloc[0]
    assert manifest["numbers"][shown["id"]] == shown["estimate"]
    assert str(Path.home()) not in json.dumps(manifest["inputs"])


def test_no_person_is_left_in_what_is_published(finished):
    """The simulated exports hold addresses, e-mails and codes; none of them is published."""
    raw = (finished.parent / "raw" / "w2_qualtrics.csv").read_bytes()
    planted = [b"192.0.2.", b"example.org", b"T0001"]
    assert all(each in raw for each in planted)
    persons = pd.read_parquet(results(finished) / "private" / "data" / "long.parquet")
    pseudonym = persons["person"].iloc[0].encode()
    for path in (results(finished) / "public").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [each for each in [*planted, pseudonym] if each in content], path
    for path in (results(finished) / "private").rglob("*.csv"):
        assert not [each for each in planted if each in path.read_bytes()], path


def test_no_count_of_fewer_than_ten_persons_is_published(finished):
    public = results(finished) / "public"
    statistics = published_statistics(public)
    assert small_counts(statistics, 10) == []
    assert strange_figure_rows(public, statistics) == []
    assert files_not_placed(public) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_number_in_a_figure_is_that_of_its_data(finished, language):
    study = read_study(finished)
    published = sorted((results(finished) / "public" / "statistics").glob("*.csv"))
    material = gather(study, read_results(published), language)
    long = pd.read_parquet(results(finished) / "private" / "data" / "long.parquet")
    for drawing in drawings(material, long):
        assert [*faults(drawing, material), *alt_faults(drawing, material)] == []


def test_an_edited_module_reruns_only_what_rests_on_it(checkout, finished):
    source = checkout.root / "src" / "driehoek" / "models" / "mixed.py"
    original = source.read_bytes()
    source.write_bytes(original + b"\n# an edit\n")
    jobs = checkout.snakemake(finished, "--dry-run")
    source.write_bytes(original)
    assert "rule fit_models:" in jobs
    assert "rule write_report:" in jobs
    for rule in ("ingest_export", "clean_wave", "score_wave", "link_waves", "describe_data"):
        assert f"rule {rule}:" not in jobs


NO_STATISTICS = ("ingest_export", "clean_wave", "estimate_reliability", "fit_models")


@pytest.mark.parametrize(
    ("written", "instead", "again", "others"),
    [
        pytest.param("(simulated answers)", "(made up)", "write_report", NO_STATISTICS, id="title"),
        pytest.param(
            "carer.burden: [-0.5, 0.5]", "carer.burden: [-0.4, 0.4]", "fit_imputed_models",
            ("link_waves", "impute_answers"), id="shifts of the sensitivity analysis",
        ),
        pytest.param(
            "within: [-0.1, 0.1]", "within: [-0.2, 0.2]", "fit_imputed_models",
            ("impute_answers", "fit_full_information"), id="bounds of an equivalence",
        ),
    ],
)  # fmt: skip
def test_an_edited_setting_reruns_only_what_rests_on_it(
    checkout, finished, written, instead, again, others
):
    original = finished.read_text(encoding="utf-8")
    assert written in original
    finished.write_text(original.replace(written, instead), encoding="utf-8")
    jobs = checkout.snakemake(finished, "--dry-run")
    finished.write_text(original, encoding="utf-8")
    assert f"rule {again}:" in jobs
    for rule in others:
        assert f"rule {rule}:" not in jobs


def test_models_know_the_dates_of_waves_though_these_change_no_linked_answer(
    checkout, finished, tmp_path
):
    """A run that was cut off after linking must not leave models on the dates of before."""
    shutil.copytree(finished.parent, tmp_path / "dated")
    study = tmp_path / "dated" / finished.name
    linked = results(study) / "private" / "data" / "long.parquet"
    assert "rule " not in checkout.snakemake(study, "--dry-run")
    before, text = linked.read_bytes(), study.read_text(encoding="utf-8")
    assert "date: 2025-09" in text
    study.write_text(text.replace("date: 2025-09", "date: 2025-10"), encoding="utf-8")
    checkout.snakemake(study, "--until", "link_waves")
    assert linked.read_bytes() == before
    jobs = checkout.snakemake(study, "--dry-run")
    for rule in ("fit_models", "fit_imputed_models", "compare_flagged"):
        assert f"rule {rule}:" in jobs


def test_the_results_do_not_depend_on_the_number_of_cores(checkout, finished, tmp_path):
    other = small_study(tmp_path / "one core")
    result = checkout.driehoek("run", other, "--cores", "1", cwd=other.parent, check=False)
    assert result.returncode == 0, result.stderr
    assert digests(finished) == digests(other)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no groups to send Ctrl-C to")
def test_a_run_stopped_by_its_user_leaves_no_lock(checkout, tmp_path):
    study = small_study(tmp_path / "studie", triads=20)
    command = [sys.executable, "-m", "driehoek.cli", "run", str(study), "--cores", "2"]

    def heed() -> None:  # a suite that runs in the background may have been started deaf to Ctrl-C
        signal.signal(signal.SIGINT, signal.default_int_handler)

    with subprocess.Popen(
        command, cwd=study.parent, env=checkout.environment(), start_new_session=True,
        stderr=subprocess.PIPE, encoding="utf-8", preexec_fn=heed,
    ) as run:  # fmt: skip
        assert run.stderr is not None
        assert any("steps done" in line for line in run.stderr)
        os.killpg(run.pid, signal.SIGINT)  # as Ctrl-C does
        said = run.stderr.read()
    assert run.returncode == 1
    assert "Stopped on request." in said
    assert "Traceback" not in said
    assert not [*study.parent.glob(".snakemake/locks/*")]


def test_a_missing_key_stops_the_run_with_its_remedy(checkout, tmp_path):
    study = small_study(tmp_path / "studie", triads=20)
    (study.parent / "demo.key").unlink()
    result = checkout.driehoek("run", study, cwd=study.parent, check=False)
    assert result.returncode == 1
    assert "demo.key" in result.stderr
    assert "driehoek new" in result.stderr


def test_faults_in_several_exports_are_told_in_one_run(checkout, tmp_path):
    study = small_study(tmp_path / "studie", triads=20)
    checkout.snakemake(study, "--until", "simulate_exports")
    text = study.read_text(encoding="utf-8").replace("simulation: {triads: 20}\n", "")
    study.write_text(text, encoding="utf-8")
    raw = study.parent / "raw"
    (raw / "w2_qualtrics.csv").write_text("", encoding="utf-8")
    carers = raw / "w1_limesurvey_carers.csv"
    lines = carers.read_text(encoding="utf-8-sig").replace('"giv1cs"', '"giv1xx"')
    carers.write_text(lines, encoding="utf-8")
    result = checkout.driehoek("run", study, "--cores", "2", cwd=study.parent, check=False)
    assert result.returncode == 1
    assert "w2_qualtrics.csv" in result.stderr
    assert "giv1cs" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (study.parent / "results" / "demo" / "private" / "waves" / "w2").exists()
