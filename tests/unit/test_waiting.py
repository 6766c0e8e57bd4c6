"""A plan made with one wave holds for two: what needs a second wave appears once it is there."""

import datetime

import pytest
from story_example import story_study

from driehoek.analysis.attrition import attrition
from driehoek.analysis.comparisons import comparisons
from driehoek.analysis.invariance import invariance
from driehoek.analysis.models import models
from driehoek.analysis.retest import retest
from driehoek.analysis.waiting import ONE_WAVE
from driehoek.cleaning.clean import clean_wave
from driehoek.cleaning.link import link_waves
from driehoek.cleaning.wave import WaveTables, stacked
from driehoek.ingest.export import ingest_export
from driehoek.next_wave.study_edit import NewExport, NewWave, add_wave
from driehoek.reporting.figures.catalogue import drawings
from driehoek.reporting.material import gather
from driehoek.reporting.results import Figure, Results
from driehoek.reporting.tables.catalogue import all_tables
from driehoek.review.sealed import deviations, read_seal, seal_study
from driehoek.scoring.scales import score_responses
from driehoek.study import read_study

SECOND = """  - wave: w2
    date: 2025-09
    exports:
      - {file: raw/w2.csv, role: [seeker, carer], platform: limesurvey}
"""
OPEN = "disclosure: {min_cell: 1}\n"
MORE = "  comparisons: {burden: {outcomes: carer.burden, by: waves}}\n  models:\n"


def results(path):
    """Analyse the waves that the study has, as a run would."""
    study = read_study(path)
    cleaned = [_clean(study, wave) for wave in study.wave_names]
    linked = link_waves(
        study,
        responses=[each.tables.responses for each in cleaned],
        missing=[each.tables.missing for each in cleaned],
        scores=[
            score_responses(each.tables.responses, each.tables.missing, study.questionnaire)
            for each in cleaned
        ],
        ledgers=[each.ledger for each in cleaned],
    )
    return linked.long, {
        "retest": retest(linked.long, study),
        "invariance": invariance(linked.long, study),
        "comparisons": comparisons(linked.long, linked.triads, study),
        "models": models(linked.long, linked.triads, study),
        "attrition": attrition(linked.long, study),
    }


def _clean(study, wave):
    read = [ingest_export(study, wave, export) for export in study.exports(wave)]
    tables = [WaveTables(each.responses, each.missing, each.paradata) for each in read]
    return clean_wave(stacked(tables, wave), study, wave)


@pytest.fixture(scope="module")
def before_and_after(tmp_path_factory):
    """Seal and analyse a study of one wave; add the second, and analyse it again."""
    path = story_study(tmp_path_factory.mktemp("waiting") / "study")
    text = path.read_text(encoding="utf-8")
    assert SECOND in text
    plan = "  models:\n"
    path.write_text(text.replace(SECOND, "").replace(plan, MORE) + OPEN, encoding="utf-8")
    seal_study(read_study(path), datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC))
    first = read_study(path), *results(path)
    wave = NewWave("w2", "2025-09", None, (NewExport("raw/w2.csv", ("seeker", "carer"), {}),))
    path.write_text(add_wave(path, wave), encoding="utf-8")
    study = read_study(path)
    _, two = results(path)
    return first, two, deviations(read_seal(study), study)


def test_with_one_wave_a_longitudinal_plan_says_what_it_waits_for(before_and_after):
    (_, _, one), *_ = before_and_after
    for name in ("retest", "invariance", "comparisons"):
        (row,) = one[name].to_dict("records")
        assert row["reason"] == ONE_WAVE, name
    assert one["attrition"].empty


@pytest.mark.parametrize("language", ["nl", "en"])
def test_tables_and_figures_of_one_wave_are_made_and_say_so(before_and_after, language):
    (study, long, one), *_ = before_and_after
    figures = [Figure(**row) for table in one.values() for row in table.to_dict("records")]
    material = gather(study, Results(figures), language)
    assert "meting" in material.labels.sentence(ONE_WAVE) or language == "en"
    told = {table.name for table in all_tables(material) if ONE_WAVE in str(table.rows)}
    assert told == {"retest_burden", "invariance_burden", "comparison_burden_tests"}
    assert all(drawing.alt for drawing in drawings(material, long))


def found(table, **about):
    for column, value in about.items():
        table = table[table[column] == value]
    return table["estimate"].notna().sum()


def test_a_second_wave_makes_its_results_appear_with_the_plan_as_it_was(before_and_after):
    _, two, left = before_and_after
    assert not left
    stability = two["retest"]
    assert found(stability, statistic="reliable_change", group="w1 and w2") == 3
    for statistic in ("sem_agreement", "smallest_detectable_change", "icc_agreement"):
        assert found(stability, statistic=statistic) == 1
    assert found(two["invariance"], statistic="cfi") > 1
    assert found(two["comparisons"], statistic="difference") == 1
    assert found(two["models"], scale="growth", statistic="b", term="wave[w2]") == 1
    assert found(two["attrition"], wave="w2", statistic="g") > 0
