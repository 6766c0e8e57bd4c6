"""R recomputes the main results from the exported rows, and a wrong number does not pass."""

import json
import shutil
from dataclasses import replace

import pandas as pd
import pytest
from story_example import story_study

from driehoek.analysis.full_information import full_information_models
from driehoek.analysis.models import correlation_table, models
from driehoek.analysis.reliability import reliability
from driehoek.cleaning.clean import clean_wave
from driehoek.cleaning.link import link_waves
from driehoek.cleaning.wave import WaveTables, stacked
from driehoek.cli import main
from driehoek.files import write_csv, write_parquet
from driehoek.ingest.export import ingest_export
from driehoek.review.r_script import column
from driehoek.scoring.scales import score_responses
from driehoek.study import read_study

pytestmark = [
    pytest.mark.r,
    pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed"),
]
MODELS = """      blocks:
        - [carer.hours, carer.trust.about_seeker, "carer.hours:carer.trust.about_seeker"]
    clustered:
      kind: linear
      wave: w2
      persons: all
      errors: cluster
      outcome: carer.burden
      blocks: [[carer.hours]]
    full:
      kind: linear
      wave: w1
      outcome: carer.burden
      errors: cluster_cr1s
      blocks: [[carer.hours], [carer.trust.about_seeker]]
      missing: [complete, full_information]
    both:
      kind: actor_partner
      wave: w2
      outcome: {seeker: seeker.trust, carer: carer.trust}
      predictor: {seeker: seeker.trust.before, carer: carer.trust.before}
      bootstrap: 0
    over_waves:
      kind: mixed
      persons: all
      outcome: carer.burden
      blocks: [[wave, carer.trust.about_seeker]]
    seekers_of_several:
      kind: mixed
      persons: all
      outcome: seeker.trust.about_carer
      blocks: [[wave, carer.trust.about_seeker]]
    triads_in_seekers:
      kind: mixed
      persons: all
      nesting: triads_in_persons
      outcome: seeker.trust.about_carer
      blocks: [[wave, carer.trust.about_seeker]]
  correlations:
    bonds: {wave: w1, variables: [carer.burden, carer.hours, seeker.trust.about_carer]}
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Analyse a study in its results folder, as a run would."""
    path = story_study(tmp_path_factory.mktemp("r") / "mijn stúdie")
    text = path.read_text(encoding="utf-8")
    plan = "      blocks: [[carer.hours, carer.trust.about_seeker]]\n"
    assert plan in text
    path.write_text(text.replace(plan, MODELS), encoding="utf-8")
    study = read_study(path)
    cleaned = [_clean(study, wave) for wave in study.wave_names]
    scores = [
        score_responses(each.tables.responses, each.tables.missing, study.questionnaire)
        for each in cleaned
    ]
    linked = link_waves(
        study,
        responses=[each.tables.responses for each in cleaned],
        missing=[each.tables.missing for each in cleaned],
        scores=scores,
        ledgers=[each.ledger for each in cleaned],
    )
    results = path.parent / "results" / "story"
    linked = replace(linked, long=_tied(linked.long))
    write_parquet(results / "private" / "data" / "long.parquet", linked.long)
    write_parquet(results / "private" / "data" / "triads.parquet", linked.triads)
    statistics = results / "public" / "statistics"
    for wave in study.wave_names:
        own = linked.long[linked.long["wave"] == wave]
        write_csv(statistics / f"reliability_{wave}.csv", reliability(own, study, wave))
    for wave, each in zip(study.wave_names, cleaned, strict=True):
        path_of = results / "private" / "waves" / wave / "missing.parquet"
        write_parquet(path_of, each.tables.missing)
    kinds = pd.concat([each.tables.missing for each in cleaned], ignore_index=True)
    full = full_information_models(linked.long, kinds, study, {})
    write_csv(statistics / "models_full_information.csv", full)
    write_csv(statistics / "models.csv", models(linked.long, linked.triads, study))
    write_csv(statistics / "correlations.csv", correlation_table(linked.triads, study))
    return path


def _tied(long):
    """Let every third triad have the seeker of the one before, so that clusters are no triads."""
    number = pd.Series(pd.factorize(long["triad"], sort=True)[0], index=long.index)
    shared = "s" + (number - (number % 3 == 2)).astype(str)
    return long.assign(person=long["person"].mask(long["role"] == "seeker", shared))


def _clean(study, wave):
    read = [ingest_export(study, wave, export) for export in study.exports(wave)]
    tables = [WaveTables(each.responses, each.missing, each.paradata) for each in read]
    return clean_wave(stacked(tables, wave), study, wave)


def test_r_agrees_and_a_wrong_number_does_not_pass(study, capsys):
    assert main(["verify", str(study), "--with-r"]) == 0
    said = capsys.readouterr().out
    assert "numbers recomputed in R, all of them agree" in said
    found = json.loads((study.parent / "results/story/private/with_r/results.json").read_text())
    ids = {(each["id"].split("/")[4], each["part"]) for each in found if "models" in each["id"]}
    models = ("burden", "clustered", "full", "both")
    assert {(name, part) for name in models for part in ("estimate", "se")} <= ids
    assert any(each["id"].startswith("models_full_information/") for each in found)
    path = study.parent / "results" / "story" / "public" / "statistics" / "models.csv"
    table = pd.read_csv(path)
    at = table.index[(table["statistic"] == "b") & (table["term"] == "carer.hours")][0]
    table.loc[at, "estimate"] *= 1.0001
    table.to_csv(path, index=False)
    assert main(["verify", str(study), "--with-r"]) == 1
    said = capsys.readouterr().out
    assert f"{table.loc[at, 'id']}, estimate" in said
    assert "1 of them differ" in said


def test_verify_wants_a_manifest_or_r(study, capsys):
    assert main(["verify", str(study)]) == 2
    assert "--against" in capsys.readouterr().err


def test_the_columns_of_a_model_are_written_as_r_reads_them():
    short = {"a": "v1", "b": "v2", "c": "v3"}
    assert column("intercept", short, ()) == "rep(1, nrow(d))"
    assert column("c[2]", short, ()) == '(as.character(d$v3) == "2")'
    assert (
        column("a:b", short, {"a", "b"})
        == "(d$v1 - mean(d$v1, na.rm = TRUE)) * (d$v2 - mean(d$v2, na.rm = TRUE))"
    )
    assert column("a^2", short, {"a"}) == "(d$v1 - mean(d$v1, na.rm = TRUE))^2"
