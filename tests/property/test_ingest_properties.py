"""Whatever people answer, every dialect of the raw file gives the same canonical table."""

import functools
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from dialects import DIALECTS, LABELS, finished
from fuzz.mutations import CUT, READ, REFUSED, verdict
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ingest_example import CARER, csv_text, first_export, make_study

from driehoek.ingest.export import Ingested, ingest_export
from driehoek.study import Study

FILE = ["raw_row", "export"]
NO_SHRINK = (Phase.explicit, Phase.generate)  # a file is short; shrinking takes minutes
FOLDER = tempfile.TemporaryDirectory()
answer = {name: st.sampled_from(["", *codes]) for name, codes in LABELS.items()}
answer |= {
    "hours": st.integers(0, 168).map(str) | st.just(""),
    "travel": st.integers(0, 96).map(lambda n: str(n / 4)) | st.just(""),
    "submitted": st.sampled_from(["", "2025-03-01 10:05:00"]),
    "triadcode": st.sampled_from(["T001", "t-2", "é 3", ""]),
    "remark": st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=20),
}
people = st.lists(st.fixed_dictionaries(answer), min_size=1, max_size=8)


def table_of(rows: list[dict[str, str]]) -> pd.DataFrame:
    # A first carer with words of each kind shows what the file's answers are.
    first = CARER | {"remark": "", "tru1c": "5", "informed": "1"}
    return pd.DataFrame([first, *({**CARER, **row} for row in rows)], dtype="str")


@functools.cache
def study_with(name: str) -> Study:
    """Make a study once; its raw file is written anew for each example."""
    folder = Path(FOLDER.name) / name.replace(".", "-")
    study = make_study(folder, "", name=name)
    (folder / "small.key").chmod(0o600)
    return study


def ingested(content: str | bytes, name: str = "carers.csv") -> Ingested:
    study = study_with(name)
    raw = content if isinstance(content, bytes) else content.encode()
    study.locate(f"raw/{name}").write_bytes(raw)
    return ingest_export(study, "w1", first_export(study))


def assert_same(found: Ingested, expected: Ingested) -> None:
    """Compare all but the row numbers, and times where the platform tells none."""
    pd.testing.assert_frame_equal(
        found.responses.drop(columns=FILE), expected.responses.drop(columns=FILE)
    )
    pd.testing.assert_frame_equal(found.missing, expected.missing)
    counts = ["response", "n_shown", "n_answered", "is_test", "check_reading"]
    pd.testing.assert_frame_equal(found.paradata[counts], expected.paradata[counts])
    for time in ("started", "submitted"):
        assert found.paradata[time].tolist() in (
            [""] * len(found.paradata),
            expected.paradata[time].tolist(),
        )


@pytest.mark.parametrize("name", DIALECTS)
@given(people)
@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINK)
def test_every_platform_and_dialect_gives_the_same_table(name, rows):
    dialect, raw = DIALECTS[name], table_of(rows)
    expected = ingested(csv_text(finished(raw) if dialect.finished else raw))
    assert_same(ingested(dialect.write(raw), name=dialect.name), expected)


@given(people)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_every_cell_is_a_value_or_a_missing_kind_and_never_both(rows):
    found = ingested(csv_text(table_of(rows)))
    questions = list(found.missing.columns.drop("response"))
    has_value = found.responses[questions].notna()
    has_kind = found.missing[questions].astype(str) != ""
    assert (has_value != has_kind).all(axis=None)


@pytest.mark.parametrize("kind", DIALECTS)
def test_any_changed_byte_is_read_with_every_row_or_refused(kind):
    """The fixed sample of `make fuzz`: no crash, no row lost, no change without a word."""
    verdicts = {number: verdict(kind, number) for number in range(8)}
    assert set(verdicts.values()) <= {CUT, READ, REFUSED}, verdicts
