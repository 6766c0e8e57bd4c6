"""Whatever people answer, every dialect of the raw file gives the same canonical table."""

import hashlib
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ingest_example import CARER, csv_text, first_export, make_study, qualtrics_text

from driehoek.ingest.export import Ingested, ingest_export
from driehoek.problems import AnswersError

AGREE = ["klopt helemaal niet", "klopt niet echt", "klopt een beetje", "klopt", "klopt helemaal"]
LABELS = {
    "informed": {"1": "ja", "2": "nee"},
    "living": {"1": "ja", "2": "nee"},
    "grade": {"1": "0", "2": "1", "3": "2", "4": "3"},
} | dict.fromkeys(
    ("tru1c", "attend", "tru2c"),
    {str(i): text for i, text in enumerate(AGREE, 1)} | {"9": "weet ik niet"},
)

answer = {name: st.sampled_from(["", *codes]) for name, codes in LABELS.items()}
answer |= {
    "hours": st.integers(0, 168).map(str) | st.just(""),
    "travel": st.integers(0, 96).map(lambda n: str(n / 4)) | st.just(""),
    "submitted": st.sampled_from(["", "2025-03-01 10:05:00"]),
    "triadcode": st.sampled_from(["T001", "t-2", "é 3", ""]),
    "remark": st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20),
}
people = st.lists(st.fixed_dictionaries(answer), min_size=1, max_size=8)


def table_of(rows: list[dict[str, str]]) -> pd.DataFrame:
    # A first carer with words of each kind shows what the file's answers are.
    first = CARER | {"remark": "", "tru1c": "5", "informed": "1"}
    return pd.DataFrame([first, *({**CARER, **row} for row in rows)], dtype="str")


def ingested(content: str | bytes, **options) -> Ingested:
    with tempfile.TemporaryDirectory() as folder:
        study = make_study(Path(folder), content, **options)
        return ingest_export(study, "w1", first_export(study))


def assert_same(found: Ingested, expected: Ingested) -> None:
    pd.testing.assert_frame_equal(
        found.responses.drop(columns="raw_row"), expected.responses.drop(columns="raw_row")
    )
    pd.testing.assert_frame_equal(found.missing, expected.missing)
    pd.testing.assert_frame_equal(found.paradata, expected.paradata)


@given(people)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_codes_and_labels_of_every_dialect_give_the_same_table(rows):
    raw = table_of(rows)
    labelled = raw.assign(**{n: raw[n].map(LABELS[n] | {"": ""}) for n in LABELS})
    dutch = labelled.assign(travel=labelled["travel"].str.replace(".", ","))
    lime = raw.rename(columns={"submitted": "submitdate", "started": "startdate"})
    lime = lime.assign(lastpage="1", startlanguage="")
    expected = ingested(csv_text(raw))
    assert len(expected.responses) == len(rows) + 1
    assert_same(ingested(csv_text(dutch, ";").encode("utf-8-sig")), expected)
    assert_same(ingested(csv_text(labelled, "\t").encode("utf-16")), expected)
    assert_same(ingested(csv_text(lime, ";").encode("utf-8-sig")), expected)
    finished = raw["submitted"].map({"": "False"}).fillna("True")
    qualtrics = raw.rename(columns={"submitted": "EndDate", "started": "StartDate"})
    assert_same(ingested(qualtrics_text(qualtrics.assign(Finished=finished))), expected)


@given(people)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_every_cell_is_a_value_or_a_missing_kind_and_never_both(rows):
    found = ingested(csv_text(table_of(rows)))
    questions = list(found.missing.columns.drop("response"))
    has_value = found.responses[questions].notna()
    has_kind = found.missing[questions].astype(str) != ""
    assert (has_value != has_kind).all(axis=None)


@pytest.mark.parametrize("part", range(4))
def test_any_changed_byte_is_read_with_every_row_or_refused(part):
    """The fixed sample of the long check: a byte replaced, dropped or doubled."""
    rows = [{"tru1c": str(1 + i % 5), "remark": 'a "b"; c' if i % 3 else ""} for i in range(12)]
    raw = csv_text(table_of(rows)).encode()
    whole = ingested(raw)
    for step in range(part, 120, 4):
        draw = hashlib.sha256(f"mutation {step}".encode()).digest()
        place = int.from_bytes(draw[:4], "big") % len(raw)
        kept = [raw[place + 1 :], raw[place:], raw[place + 1 :]][draw[4] % 3]
        put = [draw[5:6], raw[place : place + 1], b""][draw[4] % 3]
        try:
            found = ingested(raw[:place] + put + kept)
        except AnswersError:
            continue
        assert abs(len(found.responses) - len(whole.responses)) <= 1
