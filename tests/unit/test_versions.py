"""A wave that was asked another version of the questionnaire than the one its study analyses."""

import pytest
from ingest_example import INSTRUMENT, carers, csv_text, first_export, make_study

from driehoek.checks import check_study
from driehoek.ingest.export import ingest_export
from driehoek.problems import StudyError
from driehoek.scoring.scales import score_responses
from driehoek.scoring.versions import UNTESTED, WITHHELD, heed_version
from driehoek.study import read_study

OLDER = "version: 0.0.9"
KEPT = (OLDER, "version: 0.1.0")


def make(folder, *changes, table=None):
    """Make a study whose first wave was asked an older version, with these differences."""
    content = csv_text(carers({}, {"tru1c": "5"}) if table is None else table)
    make_study(folder, content)
    older = INSTRUMENT.replace(KEPT[1], OLDER)
    for old, new in changes:
        assert old in older, old
        older = older.replace(old, new)
    (folder / "older.yaml").write_text(older, encoding="utf-8")
    path = folder / "study.yaml"
    text = path.read_text(encoding="utf-8")
    named = text.replace("- wave: w1\n", "- wave: w1\n    instrument: older.yaml\n")
    path.write_text(named, encoding="utf-8")
    return read_study(path)


def read(study):
    return ingest_export(study, "w1", first_export(study))


def scored(study):
    found = read(study)
    form = study.questionnaire
    scores = score_responses(found.responses, found.missing, form)
    trust = heed_version(scores, study.bridges["w1"]).query("scale == 'trust' and facet == ''")
    return trust.reset_index(drop=True)


def test_a_version_that_differs_in_nothing_else_gives_the_same_tables(tmp_path):
    plain = make_study(tmp_path / "plain", csv_text(carers({}, {"tru1c": "5"})))
    other = make(tmp_path / "other")
    for name in ("responses", "missing", "paradata", "columns"):
        ours, theirs = getattr(read(other), name), getattr(read(plain), name)
        assert ours.equals(theirs[list(ours.columns)]), name
    assert (scored(other)["rule"] != WITHHELD).all()


def test_a_renamed_question_is_read_under_its_new_name(tmp_path):
    table = carers({}, {"tru1c": "5"}).rename(columns={"tru1c": "vtr1c"})
    study = make(tmp_path, ("tru1c", "vtr1c"), table=table)
    found = read(study)
    assert found.responses["tru1c"].tolist() == [4, 5]
    assert "vtr1c" not in found.responses
    assert found.columns.set_index("column").loc["vtr1c", "question"] == "tru1c"


def test_another_coding_with_the_same_values_is_read_by_its_own_version(tmp_path):
    """The older form gave codes A1 to A5; their values are those of today."""
    codes = [(f'code: "{i}", value: {i}, nl', f'code: "A{i}", value: {i}, nl') for i in range(1, 6)]
    older = [(old.replace(", nl", ", label"), new.replace(", nl", ", label")) for old, new in codes]
    responses = INSTRUMENT[INSTRUMENT.index("responses:") : INSTRUMENT.index("items:")]
    recoded = responses
    for old, new in older:
        recoded = recoded.replace(old, new)
    table = carers({}, {"tru1c": "5"})
    for question in ("tru1c", "attend", "tru2c"):
        table[question] = "A" + table[question]
    study = make(tmp_path, (responses, recoded), ('expected: "4"', 'expected: "A4"'), table=table)
    assert read(study).responses["tru1c"].tolist() == [4, 5]
    assert (scored(study)["rule"] != WITHHELD).all()


def test_a_turned_key_is_never_read_as_if_it_had_not_turned(tmp_path):
    study = make(tmp_path, ('    keyed: "-"\n', ""))
    found = read(study)
    assert found.responses["tru2c"].isna().all()
    assert (found.missing["tru2c"] == "not_shown").all()
    assert found.columns.set_index("column").loc["tru2c", "use"] == "other version"
    trust = scored(study)
    assert trust["score"].isna().all()
    assert (trust["rule"] == WITHHELD).all()


def test_other_values_withhold_the_answers_and_the_score(tmp_path):
    turned = [(f"value: {i}, label: {{nl: {w}", f"value: {6 - i}, label: {{nl: {w}")
              for i, w in [(1, "klopt helemaal niet"), (5, "klopt helemaal,")]]  # fmt: skip
    trust = scored(make(tmp_path, *turned))
    assert trust["score"].isna().all()
    assert (trust["rule"] == WITHHELD).all()


def test_a_question_that_was_not_asked_yet_was_not_shown(tmp_path):
    table = carers({}, {}).drop(columns="grade")
    start = INSTRUMENT.index("  grade:")
    grade = INSTRUMENT[start : INSTRUMENT.index("  attend:")]
    study = make(tmp_path, (grade, ""), ("[grade, remark]", "[remark]"), table=table)
    found = read(study)
    assert found.responses["grade"].isna().all()
    assert (found.missing["grade"] == "not_shown").all()
    assert not (scored(study)["score"].isna()).any()


def test_a_reworded_item_is_scored_and_marked(tmp_path):
    trust = scored(make(tmp_path, ("Ik vertrouw {about}.", "Ik reken op {about}.")))
    assert trust["score"].tolist() == [4, 4.5]
    assert trust["rule"].str.endswith(UNTESTED).all()


def test_the_roster_names_each_difference_and_its_verdict(tmp_path):
    make(tmp_path, ("Ik vertrouw {about}.", "Ik reken op {about}."))
    checks = check_study(tmp_path / "study.yaml")
    told = checks[checks["check"] == "version of w1"]
    assert told["result"].tolist() == ["warning"]
    detail = told["detail"].item()
    for words in ("0.0.9", "0.1.0", "tru1c reworded (nl)", "[trust: scores untested]"):
        assert words in detail


def test_the_roster_says_so_where_versions_ask_the_same(tmp_path):
    make(tmp_path)
    checks = check_study(tmp_path / "study.yaml")
    told = checks[checks["check"] == "version of w1"]
    assert told["result"].tolist() == ["passed"]


def test_another_instrument_is_refused(tmp_path):
    with pytest.raises(StudyError, match="is the instrument 'other'"):
        make(tmp_path, ("id: small", "id: other"))


def test_a_simulated_study_has_one_version(tmp_path):
    make(tmp_path)
    path = tmp_path / "study.yaml"
    text = path.read_text(encoding="utf-8").replace("seed: 1\n", "seed: 1\nsimulation: {}\n")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match="asked another version"):
        read_study(path)
