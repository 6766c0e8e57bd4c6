"""Files that other programs wrote, read whole: answers, who finished, and what is left out."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from driehoek.ingest.export import ingest_export
from driehoek.problems import AnswersError
from driehoek.study import read_study

AGREE = ["Helemaal mee oneens", "Oneens", "Neutraal", "Eens", "Helemaal mee eens"]
NAN = np.nan


def number(text="?", low=0, high=2000):
    return {"kind": "number", "min": low, "max": high, "text": text}


def choice(labels, text="?", unknown=""):
    return {"kind": "choice", "labels": labels, "text": text, "unknown": unknown}


@dataclass
class Sample:
    """A file, what its survey asked, and what comes back."""

    file: str
    triad: str
    questions: dict
    values: dict
    columns: dict = field(default_factory=dict)
    complete: list | None = None
    kinds: dict = field(default_factory=dict)
    paradata: dict = field(default_factory=dict)
    dropped: tuple = ()


ROWS_OF_KOBO = {"age": [41, NAN], "sat": [7.5, NAN], "coll1": [5, NAN], "coll2": [4, NAN]}
GRID = {"coll1": choice(AGREE), "coll2": choice(AGREE), "coll3": choice(AGREE, unknown="99")}
KOBO = {"age": number(), "sat": number(), **GRID}
COLLEAGUES = {"coll_1": "coll1", "coll_2": "coll2", "coll_3": "coll3"}
DUTCH = {
    "work": choice(AGREE, "Wij werken goed samen.", "dk"),
    "heard": choice(AGREE, "Ik voel me gehoord; ook bij kritiek."),
}
SAMPLES = [
    Sample(
        "qualtrics/qualtRics_sample.csv",
        "ResponseId",
        {"q1": choice(["a", "b", "c"])},
        {"q1": [2]},
        complete=[True],
        paradata={
            "started": ["2017-07-18T08:28:09"],
            "duration_seconds": [38],
            "language": ["de"],
            "is_test": [False],
        },
        dropped=("IPAddress", "RecipientEmail", "LocationLatitude"),
    ),
    Sample(
        "qualtrics/qualtRics_sample_legacy.csv",
        "V1",
        {"q1": choice(["a", "b", "c"])},
        {"q1": [2]},
        complete=[True],
        paradata={"started": ["2017-07-18T08:28:09"], "is_test": [False]},
        dropped=("V3", "V5", "V6"),
    ),
    Sample(
        "qualtrics/QualtricsTools_Single_Answer_Matrix_Questions__Insights_.csv",
        "ResponseID",
        {"one": choice([*"abcd"]), "two": number()},
        {"one": [3, 4, 2, 4], "two": [12, 12, 12, 10]},
        columns={"Q2_1": "one", "Q4_1": "two"},
        paradata={"is_test": [True] * 4},
        dropped=("IPAddress",),
    ),
    Sample(
        "redcap/REDCapR_simple_data.csv",
        "record_id",
        {"age": number(), "height": number()},
        {"age": [11, 11, 80, 61, 59], "height": [7, 6, 180, 165, 193.04]},
        complete=[False, False, True, True, False],
        dropped=("email",),
    ),
    Sample(
        "redcap/REDCapR_decimal-comma_data.csv",
        "record_id",
        {"height": number(), "weight": number(), "bmi": number()},
        {
            "height": [1.54, 1.84, 1.95, 1.61],
            "weight": [52.3, 92.3, 123.4, 45.9],
            "bmi": [22.1, 27.3, 32.5, 17.7],
        },
        complete=[True] * 4,
    ),
    Sample(
        "redcap/REDCapR_checkboxes-1_data.csv",
        "record_id",
        {"one": number(), "three": number()},
        {"one": [1, 0, 1, 0], "three": [0, 0, 1, 0]},
        columns={"check_one___1": "one", "check_one___3": "three"},
        complete=[False] * 4,
    ),
    Sample(
        "redcap/REDCapR_survey_data.csv",
        "participant_id",
        {"diabetes": number()},
        {"diabetes": [1, 0]},
        columns={"has_diabetes": "diabetes"},
        complete=[False, False],
        paradata={"submitted": ["", ""], "invitation": ["", ""]},
        dropped=("email",),
    ),
    *(
        Sample(
            f"kobo/{name}",
            "_uuid",
            KOBO,
            ROWS_OF_KOBO,
            columns=COLLEAGUES,
            complete=[True, True],
            kinds={"coll3": ["dont_know", "skipped"], "age": ["", "skipped"]},
            paradata={"started": ["2026-11-22T19:00:00", "2026-11-22T20:00:00"]},
        )
        for name in (
            "kobo_xml_values_headers.csv",
            "kobo_xml_hierarchy.csv",
            "kobo_xml_hierarchy.xlsx",
            "kobo_xml_summary_nogroups.csv",
        )
    ),
    Sample(
        "odk/odk_central_splitSelectMultiples.csv",
        "KEY",
        {"a": number(), "z": number()},
        {"a": [1, 0], "z": [1, 0]},
        columns={"q1/a": "a", "g1-q2/z": "z"},
        complete=[True, True],
        dropped=("SubmitterName",),
    ),
    *(
        Sample(
            f"spss/{name}",
            "resp_id",
            {"coll1": choice(AGREE, unknown="99"), "coll2": choice(AGREE), "sat": number()},
            {"coll1": [5, NAN, NAN], "coll2": [4, NAN, 1], "sat": [7.5, 8, NAN]},
            columns={"coll_1": "coll1", "coll_2": "coll2"},
            complete=[True, True, False],
            kinds={
                "coll1": ["", "dont_know", "skipped"],
                "coll2": ["", "unknown", ""],
                "sat": ["", "", "broke_off"],
            },
        )
        for name in ("demo.sav", "demo_zsav.zsav")
    ),
    Sample(
        "handexports/msforms_nl_generated.xlsx",
        "ID",
        {**DUTCH, "grade": number("Rapportcijfer")},
        {"work": [5, NAN], "heard": [4, NAN], "grade": [7.5, 8]},
        complete=[True, True],
        kinds={"work": ["", "dont_know"], "heard": ["", "skipped"]},
        paradata={"duration_seconds": [199, 240]},
        dropped=("E-mail", "Naam"),
    ),
    Sample(
        "handexports/googleforms_nl_generated.csv",
        "Tijdstempel",
        DUTCH,
        {"work": [5], "heard": [4]},
        complete=[True],
    ),
    *(
        Sample(
            f"handexports/nl_excel_{name}",
            "Tijdstempel",
            {**DUTCH, "grade": number("Rapportcijfer")},
            {"work": [5, NAN, 3], "heard": [4, NAN, 3], "grade": [7.5, 8, 1234.5]},
            kinds={"work": ["", "dont_know", ""]},
        )
        for name in ("cp1252.csv", "sepline.csv", "unicode_text.txt", "utf8bom.csv")
    ),
    Sample(
        "limesurvey/tokens_code_short.csv",
        "id",
        {"sat": number(), "age": number()},
        {"sat": [7.5], "age": [NAN]},
        complete=[True],
        paradata={"submitted": ["2026-11-22T19:43:38"]},
        dropped=("ipaddr",),
    ),
    Sample(
        "limesurvey/anonymized_code_short.csv",
        "id",
        {"sat": number(), "age": number()},
        {"sat": [8.5], "age": [12]},
        complete=[True],
        paradata={"submitted": [""], "invitation": [""]},
        dropped=("ipaddr",),
    ),
]


def asked(qid, question):
    """Write one question of an instrument."""
    said = f'text: {{nl: "{question["text"]}"}}, roles: [person]'
    if question["kind"] == "number":
        limits = f"min: {question['min']}, max: {question['max']}"
        return f"  {qid}: {{kind: number, {limits}, {said}}}"
    options = [
        f'{{code: "{i}", value: {i}, label: {{nl: "{label}"}}}}'
        for i, label in enumerate(question["labels"], 1)
    ]
    if question["unknown"]:
        code = question["unknown"]
        options.append(f'{{code: "{code}", missing: dont_know, label: {{nl: Weet ik niet}}}}')
    return f"  {qid}: {{kind: choice, {said}, options: [{', '.join(options)}]}}"


def study_of(folder, source, sample):
    """Lay out a study of one export."""
    (folder / source.name).write_bytes(source.read_bytes())
    (folder / "sample.key").write_text("ab" * 32, encoding="utf-8")
    questions = "\n".join(asked(qid, each) for qid, each in sample.questions.items())
    (folder / "instrument.yaml").write_text(
        "id: sample\nversion: 0.1.0\nstatus: draft\nlicence: CC0-1.0\ntitle: {nl: Voorbeeld}\n"
        "languages: [nl]\nroles: {person: {letter: p, label: {nl: persoon}}}\n"
        f"background:\n{questions}\n",
        encoding="utf-8",
    )
    columns = ", ".join(f'"{name}": {qid}' for name, qid in sample.columns.items())
    (folder / "study.yaml").write_text(
        "study: sample\ntitle: {nl: Voorbeeld}\ninstrument: instrument.yaml\nseed: 1\n"
        f'waves: [{{wave: w1, exports: [{{file: "{source.name}", role: person, language: nl, '
        f"columns: {{{columns}}}}}]}}]\nlinkage: {{triad: {sample.triad}}}\n"
        "pseudonyms: {key: sample.key}\nreport: {languages: [nl]}\n",
        encoding="utf-8",
    )
    return read_study(folder / "study.yaml")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file)
def test_a_real_file_gives_the_answers_that_stand_in_it(tmp_path, shared, sample):
    study = study_of(tmp_path, shared / "samples" / sample.file, sample)
    found = ingest_export(study, "w1", next(iter(study.exports("w1"))))
    for qid, values in sample.values.items():
        read = found.responses[qid].to_numpy()[: len(values)]
        np.testing.assert_array_equal(read, np.array(values, dtype=float), err_msg=qid)
    for qid, kinds in sample.kinds.items():
        assert found.missing[qid].tolist() == kinds, qid
    for name, told in sample.paradata.items():
        assert found.paradata[name].tolist()[: len(told)] == told, name
    if sample.complete is not None:
        assert found.responses["complete"].tolist() == sample.complete
    use = found.columns.set_index("column")["use"]
    assert {use[name] for name in sample.dropped} <= {"identifier dropped"}
    assert (found.responses["triad"] != "").all()


OTHERS = ["ddi", "kobo", "limesurvey", "odk", "qualtrics", "redcap", "spss", "surveyjs"]


@pytest.mark.parametrize("folder", OTHERS)
def test_every_file_of_another_survey_is_refused_in_words(tmp_path, shared, folder):
    """Exports, dictionaries, forms and structures alike: a message, never a crash."""
    other = Sample("", "code", {"nowhere": number("Nergens gevraagd")}, {})
    for source in sorted((shared / "samples" / folder).iterdir()):
        place = tmp_path / source.stem.replace(".", "-")
        place.mkdir(exist_ok=True)
        study = study_of(place, source, other)
        with pytest.raises(AnswersError) as caught:
            ingest_export(study, "w1", next(iter(study.exports("w1"))))
        assert all(problem.found and problem.file for problem in caught.value.problems), source
