"""Tables of what was filled in, and of models on completed data."""

from dataclasses import replace

import pytest
from figure_walk import alt_faults, faults

from driehoek.analysis.imputation.models import imputed_models
from driehoek.analysis.imputation.sensitivity import sensitivity
from driehoek.analysis.models import models
from driehoek.files import write_csv
from driehoek.reporting.figures.traces import trace_drawings
from driehoek.reporting.material import gather
from driehoek.reporting.results import Results, read_results
from driehoek.reporting.tables.imputation import imputation_table, model_tables
from tests.imputed_example import imputed, people_with_gaps, study_with_gaps

KEYS = ("wave", "role", "about", "scale", "group", "term")


@pytest.fixture(scope="module")
def statistics(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gaps")
    study = study_with_gaps(folder, deltas="{carer.warmth: [-2, 0.5]}")
    linked, found, sets = imputed(study, people_with_gaps(40))
    tables = {
        "models": models(linked.long, linked.triads, study),
        "imputation": found.statistics,
        "imputation_traces": found.traces,
        "models_imputed": imputed_models(sets, study),
        "sensitivity": sensitivity(sets, study),
    }
    for name, table in tables.items():
        write_csv(folder / f"{name}.csv", table)
    return study, read_results(folder / f"{name}.csv" for name in tables)


def test_complete_rows_stand_beside_completed_data(statistics):
    study, results = statistics
    side_by_side, shifted = model_tables(gather(study, results, "nl"), "course")
    assert side_by_side.spans()[:2] == [("Volledige rijen", 4), ("Imputatie", 5)]
    assert side_by_side.rows[0].label == "Constante"
    assert all(len(row.cells) == 9 for row in side_by_side.rows)
    assert [column.label for column in shifted.columns] == ["\u22122", "0", "0,5", "Kantelt bij"]
    assert "[" in shifted.rows[0].cells[0].written("nl")


def test_what_was_filled_in_is_shown_by_scale_and_wave(statistics):
    study, results = statistics
    table = imputation_table(gather(study, results, "en"))
    assert [row.label for row in table.rows if row.is_heading] == ["Wave w1", "Wave w2"]
    assert len(table.columns) == 4


def test_the_last_round_is_what_was_filled_in(statistics):
    study, results = statistics
    last = str(study.settings.plan.imputation.iterations)
    traces = results.rows("imputation_traces", statistic="trace_mean", term=last)
    of_scales = {(f.scale, f.wave) for f in traces if f.is_present}
    assert of_scales
    for scale, wave in of_scales:
        items = [
            (f, results.one("imputation", "imputed", **{k: getattr(f, k) for k in KEYS}))
            for f in results.rows("imputation", statistic="mean_imputed", scale=scale, wave=wave)
        ]
        assert all(n.is_present for _, n in items)
        total = sum(n.estimate for _, n in items)
        mean = sum(f.estimate * n.estimate for f, n in items) / total
        chains = [f.estimate for f in traces if (f.scale, f.wave) == (scale, wave)]
        assert sum(chains) / len(chains) == pytest.approx(mean)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_chains_are_drawn_round_by_round(statistics, language):
    study, results = statistics
    material = gather(study, results, language)
    (drawing,) = trace_drawings(material)
    assert [*faults(drawing, material), *alt_faults(drawing, material)] == []
    chosen = study.settings.plan.imputation
    lines = [line for ax in drawing.figure.axes for line in ax.get_lines()]
    solid = [line for line in lines if line.get_linestyle() == "-"]
    panels = drawing.data[drawing.data["statistic"] == "mean_given"]
    assert len(solid) == chosen.sets * len(panels)
    assert {len(line.get_xdata()) for line in solid} == {chosen.iterations}
    drawn = sorted(value for line in solid for value in line.get_ydata())
    known = results.rows("imputation_traces", statistic="trace_mean")
    assert drawn == pytest.approx(sorted(f.estimate for f in known if f.is_present))


@pytest.mark.parametrize(("limit", "asks"), [(1.0, True), (50.0, False)])
def test_more_rounds_are_asked_for_only_where_chance_does_not_explain_rhat(statistics, limit, asks):
    study, results = statistics
    figures = [
        replace(f, estimate=limit) if f.statistic == "rhat_limit" else f for f in results.figures
    ]
    notes = imputation_table(gather(study, Results(figures), "en")).notes
    (said,) = [note for note in notes if "Here the largest is" in note]
    assert ("draw more rounds" in said) == asks
    assert f"below {limit:.2f} in 99 of 100" in said


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_reason_is_said_in_the_language_of_the_report(statistics, language):
    study, results = statistics
    material = gather(study, results, language)
    tables = [table for name in ("warm", "course") for table in model_tables(material, name)]
    reasons = {reason for table in tables for reason in table.marks}
    said = {material.labels.sentence(reason) for reason in reasons}
    assert len(said) == len(reasons)
    assert language == "en" or not said & reasons
