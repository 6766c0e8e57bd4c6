"""Statistics rows have one form, and ids under which they are found again."""

import pandas as pd
import pytest

from driehoek.analysis.rows import STATISTICS_COLUMNS, read_statistics, statistics_frame
from driehoek.files import write_csv

ROWS = [
    {"wave": "w1", "role": "carer", "scale": "burden", "statistic": "alpha",
     "method": "complete rows", "estimate": 1 / 3, "n": 40},
    {"wave": "w2", "role": "carer", "scale": "burden", "statistic": "alpha",
     "method": "complete rows", "reason": "nobody answered"},
]  # fmt: skip


def test_ids_name_what_a_statistic_is_about():
    frame = statistics_frame(ROWS, "reliability")
    assert frame["id"][0] == "reliability/w1/carer/-/burden/-/-/complete rows/alpha"
    assert tuple(frame.columns) == STATISTICS_COLUMNS


def test_two_statistics_cannot_share_an_id():
    with pytest.raises(ValueError, match="several rows carry the id"):
        statistics_frame([ROWS[0], ROWS[0]], "reliability")


def test_writing_and_reading_keeps_every_digit_and_every_gap(tmp_path):
    frame = statistics_frame(ROWS, "reliability")
    write_csv(tmp_path / "s.csv", frame)
    pd.testing.assert_frame_equal(read_statistics(tmp_path / "s.csv"), frame)


def test_a_group_called_na_stays_a_word(tmp_path):
    frame = statistics_frame([{"group": "NA", "term": "None", "statistic": "n"}], "s")
    write_csv(tmp_path / "s.csv", frame)
    assert read_statistics(tmp_path / "s.csv")[["group", "term"]].iloc[0].tolist() == ["NA", "None"]
