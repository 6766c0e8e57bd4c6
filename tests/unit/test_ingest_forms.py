"""REDCap, KoBoToolbox and ODK Central: events, forms, groups, and what is no answer."""

import logging

import pytest
from ingest_example import carers, csv_text, first_export, make_study

from driehoek.ingest.export import ingest_export
from driehoek.problems import AnswersError

TIMES = ["started", "submitted"]


def records(*changes, **added):
    """Give REDCap records of carers: answers between a record id and the form's status."""
    table = carers(*changes).drop(columns=TIMES)
    table.insert(0, "record_id", [str(i) for i in range(1, len(table) + 1)])
    for name, value in added.items():
        table[name] = value
    return table.assign(small_complete=added.get("small_complete", "2"))


def submissions(prefix="", **added):
    """Give KoBo submissions of two carers, questions under a prefix."""
    table = carers({}, {"tru1c": "5"}).drop(columns=TIMES)
    table.columns = [prefix + name for name in table.columns]
    times = {"start": "2025-03-01T10:00:00.000+01:00", "end": "2025-03-01T10:05:00.000+01:00"}
    return table.assign(
        **times, **{"_uuid": "u", "_submission_time": "2025-03-01T09:05:01"}, **added
    )


def read(folder, table, extra=""):
    study = make_study(folder, csv_text(table), extra=extra)
    return ingest_export(study, "w1", first_export(study))


def use_of(found, column):
    return found.columns.set_index("column").loc[column, "use"]


def test_a_redcap_record_is_complete_where_its_form_is(tmp_path):
    found = read(tmp_path, records({}, {}, {}, small_complete=["2", "0", "1"]))
    assert found.responses["complete"].tolist() == [True, False, False]
    assert use_of(found, "record_id") == "identifier dropped"


def test_every_form_of_the_file_must_be_complete(tmp_path):
    table = records({}, {})
    table["other_complete"] = ["2", "0"]
    assert read(tmp_path, table).responses["complete"].tolist() == [True, False]


def test_redcaps_words_for_a_status_are_read_as_its_numbers(tmp_path):
    found = read(tmp_path, records({}, {}, small_complete=["Complete", "Incomplete"]))
    assert found.responses["complete"].tolist() == [True, False]


def test_a_survey_that_was_not_sent_in_has_no_end(tmp_path):
    stamps = ["2025-03-01 10:05:00", "[not completed]"]
    found = read(tmp_path, records({}, {}, small_timestamp=stamps))
    assert found.paradata["submitted"].tolist() == ["2025-03-01T10:05:00", ""]


def test_rows_of_one_event_are_chosen_and_keep_their_numbers(tmp_path):
    events = ["start_arm_1", "later_arm_1", "start_arm_1"]
    table = records({"tru1c": "1"}, {"tru1c": "2"}, {"tru1c": "3"}, redcap_event_name=events)
    found = read(tmp_path, table, extra=", event: start_arm_1")
    assert found.responses["tru1c"].tolist() == [1, 3]
    assert found.responses["raw_row"].tolist() == [2, 4]


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("", "rows of the events later_arm_1, start_arm_1. Expected: one event"),
        (", event: nowhere_arm_1", "the event 'nowhere_arm_1'"),
    ],
)
def test_several_events_are_never_taken_together(tmp_path, extra, said):
    table = records({}, {}, redcap_event_name=["start_arm_1", "later_arm_1"])
    with pytest.raises(AnswersError, match=said):
        read(tmp_path, table, extra)


def test_rows_of_a_repeating_form_need_a_choice_of_instance(tmp_path):
    repeats = {
        "redcap_repeat_instrument": ["", "small", "small"],
        "redcap_repeat_instance": ["", "1", "2"],
    }
    table = records({}, {"tru1c": "1"}, {"tru1c": "2"}, **repeats)
    with pytest.raises(AnswersError, match=r"row 3: rows of a repeating form.*instances 1, 2"):
        read(tmp_path / "none", table)
    with pytest.raises(AnswersError, match=r"Expected: instance 3"):
        read(tmp_path / "absent", table, ", instance: 3")
    found = read(tmp_path / "second", table, ", instance: 2")
    assert found.responses["tru1c"].tolist() == [2]
    assert found.responses["raw_row"].tolist() == [4]


def test_redcap_with_labels_as_headings_is_read_by_the_words(tmp_path):
    table = records({}, {"tru1c": "5"}, small_complete=["Complete", "Incomplete"])
    table = table.rename(
        columns={
            "record_id": "Record ID",
            "small_complete": "Complete?",
            "tru1c": "Ik vertrouw uw naaste.",
        }
    )
    table["Survey Identifier"] = "jan@example.org"
    found = read(tmp_path, table)
    assert found.responses["tru1c"].tolist() == [4, 5]
    assert found.responses["complete"].tolist() == [True, False]
    assert use_of(found, "redcap_survey_identifier") == "key"
    for kept in (found.responses, found.paradata, found.columns):
        assert "jan@example" not in kept.to_csv()


def test_redcap_labels_without_a_status_are_refused(tmp_path):
    table = records({}, small_complete="Klaar").rename(columns={"small_complete": "Complete?"})
    with pytest.raises(AnswersError, match="no form with REDCap's status"):
        read(tmp_path, table.rename(columns={"record_id": "Record ID"}))


@pytest.mark.parametrize("prefix", ["", "page_1/", "page_1/inner/"])
def test_kobos_groups_are_no_part_of_a_questions_name(tmp_path, prefix):
    found = read(tmp_path, submissions(prefix))
    assert found.responses["tru1c"].tolist() == [4, 5]
    assert found.paradata["started"].tolist() == ["2025-03-01T10:00:00"] * 2
    assert use_of(found, "_uuid") == "identifier dropped"


def test_a_column_of_one_option_is_never_taken_for_a_question(tmp_path):
    table = submissions().assign(**{"src": "hours", "src/hours": "1"})
    found = read(tmp_path, table)
    assert found.responses["hours"].tolist() == [12, 12]
    assert use_of(found, "src/hours") == "unknown dropped"


def test_odk_names_groups_before_a_dash_and_drops_who_sent(tmp_path):
    table = submissions("page_1-").drop(columns=["_uuid", "_submission_time", "end"])
    table = table.assign(
        SubmissionDate="2025-03-01T09:05:01.000Z", KEY="uuid:1", SubmitterName="Alice",
        **{"meta-instanceID": "uuid:1"}, ReviewState=["", "rejected"],
    )  # fmt: skip
    found = read(tmp_path, table)
    assert found.responses["tru1c"].tolist() == [4, 5]
    assert found.paradata["is_test"].tolist() == [False, True]
    assert found.paradata["submitted"].tolist() == ["2025-03-01T09:05:01"] * 2
    assert use_of(found, "SubmitterName") == "identifier dropped"


def test_signs_of_two_platforms_are_refused_and_both_named(tmp_path):
    table = submissions().assign(submitdate="", lastpage="1", startlanguage="nl")
    with pytest.raises(AnswersError, match="signs of limesurvey and kobo"):
        read(tmp_path, table)


def test_the_study_may_name_the_platform_but_not_against_the_file(tmp_path):
    with pytest.raises(AnswersError, match="no redcap export with codes as headings"):
        read(tmp_path, submissions(), extra=", platform: redcap")


def test_a_platforms_file_without_a_last_line_end_was_cut_off(tmp_path):
    text = csv_text(records({}, {}, {}))
    study = make_study(tmp_path, text[: text.rindex("2") + 1])
    with pytest.raises(AnswersError, match=r"a last row \(row 4\) without a line end"):
        ingest_export(study, "w1", first_export(study))


def test_a_table_saved_by_hand_may_end_so_and_the_log_says_it(tmp_path, caplog):
    study = make_study(tmp_path, csv_text(carers({}, {})).rstrip())
    with caplog.at_level(logging.WARNING):
        assert len(ingest_export(study, "w1", first_export(study)).responses) == 2
    assert "the last row has no line end" in caplog.text
