"""No count of fewer than ten persons is published, save those of the study's conduct."""

import pandas as pd
import pytest
from reporting_example import example_parts, make_report
from small_cells import (
    CONDUCT,
    OTHER_UNITS,
    files_not_placed,
    published_statistics,
    small_counts,
    strange_figure_rows,
)

from driehoek.reporting.material import gather
from driehoek.reporting.results import read_results
from driehoek.study import read_study

MIN_CELL = 10


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cells")
    make_report(folder)
    return folder / "public"


@pytest.fixture(scope="module")
def statistics(public):
    return published_statistics(public)


def test_no_statistic_rests_on_or_counts_fewer_than_ten_persons(statistics):
    assert (statistics["reason"].str.startswith("withheld")).any()
    assert small_counts(statistics, MIN_CELL) == []


def test_the_data_of_figures_are_rows_of_the_statistics(public, statistics):
    assert strange_figure_rows(public, statistics) == []
    assert files_not_placed(public) == []


def test_no_count_in_a_table_is_below_ten_save_of_conduct_and_of_other_things(public):
    study = read_study(public.parent / "study.yaml")
    results = read_results(sorted((public / "statistics").glob("*.csv")))
    material = gather(study, results, "en")
    by_id = {figure.id: figure for figure in results.figures}
    parts = example_parts(material, public / "figures" / "en")
    cells = [cell for table in parts.tables.values() if table.name != "sources"
             for row in table.rows for cell in row.cells
             if cell.style in {"count", "share"} and 0 < cell.values[0] < MIN_CELL]  # fmt: skip
    assert len(cells) > 10
    assert [cell.id for cell in cells if not may_be_small(cell, by_id[cell.id])] == []


def may_be_small(cell, figure):
    is_left_out = cell.values[0] == figure.n_excluded
    is_df = cell.values[0] == figure.df
    return is_left_out or is_df or figure.file in CONDUCT or figure.statistic in OTHER_UNITS


@pytest.mark.parametrize("column", ["estimate", "n"])
def test_a_small_count_is_seen(statistics, column):
    is_count = statistics["statistic"].eq("count") & statistics["estimate"].ge(MIN_CELL)
    place = statistics.index[is_count][0]
    statistics = statistics.copy()
    statistics.loc[place, column] = 9.0
    assert [found[1:] for found in small_counts(statistics, MIN_CELL)] == [(column, 9.0)]
    assert small_counts(pd.DataFrame(statistics), 9) == []
