"""Times of pages in LimeSurvey's exports, and the pace over pages with scale items."""

import numpy as np
import pytest
from dialects import lime
from ingest_example import carers, csv_text, first_export, make_study

from driehoek.cleaning.quality import measure
from driehoek.cleaning.wave import WaveTables
from driehoek.ingest.export import ingest_export
from driehoek.ingest.limesurvey import limesurvey_layout
from driehoek.ingest.page_times import page_times
from driehoek.ingest.recognise import read_table
from driehoek.plan.quality import Quality

PAGES = {"livingTime": "", "hoursTime": "", "groupTime7": "6.0", "bondTime": "", "gradeTime": ""}


def timed(*seconds, **changes):
    """Carers whose second page, 7, holds the grid of trust, as LimeSurvey writes it."""
    raw = lime(carers(*({} for _ in seconds))).drop(columns="livingTime")
    raw = raw.rename(columns={"tru1c": "bond[tru1c]", "tru2c": "bond[tru2c]"})
    return raw.assign(**PAGES, groupTime1="40.5").assign(groupTime7=list(seconds), **changes)


def ingest(folder, raw):
    study = make_study(folder, csv_text(raw))
    return study, ingest_export(study, "w1", first_export(study))


def test_pages_hold_the_questions_whose_times_follow():
    headings = ["id", "AGETime", "groupTime1", "ROLETime", "groupTime12", "COLLTime", "fiveTime"]
    expected = {"groupTime1": {"role"}, "groupTime12": {"coll", "five"}}
    assert page_times(headings) == expected
    worded = ["Totaaltijd", "Groepstijd: Achtergrond", "Vraagtijd: ROLE", "Vraagtijd: AGE"]
    assert page_times(worded) == {"Groepstijd: Achtergrond": {"role", "age"}}
    assert page_times(["Group time: You", "Question time: AGE"]) == {"Group time: You": {"age"}}


def test_the_time_on_pages_with_items_is_read_and_the_rest_left_out(tmp_path):
    _, found = ingest(tmp_path, timed("6.0", "", "-1", "0"))
    np.testing.assert_equal(found.paradata["item_seconds"].to_numpy(), [6.0, np.nan, np.nan, 0.0])
    use = found.columns.set_index("column")["use"]
    assert use["groupTime1"] == use["groupTime7"] == "paradata"
    assert use["bondTime"] == "unknown dropped"


def test_the_pace_rests_on_the_pages_with_items_and_else_on_the_whole_duration(tmp_path):
    study, found = ingest(tmp_path, timed("6.0", "", interviewtime="90"))
    tables = WaveTables(found.responses, found.missing, found.paradata)
    measures = measure(tables, study.questionnaire, Quality(), {})
    assert measures["seconds_per_item"].tolist() == [6.0 / 2, 90 / 2]


def test_without_timings_there_are_no_times_of_pages(tmp_path):
    raw = lime(carers({})).drop(columns=["groupTime1", "livingTime"])
    _, found = ingest(tmp_path, raw)
    assert found.paradata["item_seconds"].isna().all()


@pytest.mark.parametrize("name", ["gui_default.csv", "gui_code_short.xlsx"])
def test_the_timings_that_limesurvey_wrote_are_read(shared, name):
    table = read_table(shared / "samples" / "limesurvey" / name)
    layout = limesurvey_layout(table, "")
    first, second = layout.pages
    assert layout.pages[first] == {"role", "age", "dob", "prev"}
    assert layout.pages[second] == {"coll", "five", "src", "sat", "rem"}
    assert layout.cells[first].tolist()[3:] == ["1.04", "0.68", "0.4", "0.42", "0.46"]
    assert layout.cells[second].tolist()[6] == "0.78"
