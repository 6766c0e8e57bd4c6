"""What simulated people answered comes back from the export of every platform."""

import numpy as np
import pandas as pd
import pytest
from simulated_example import FILES, FINISHED, FORMS, ROOT, simulated_and_read

from driehoek.instrument.reading import read_instrument
from driehoek.responses import KEYS
from driehoek.simulation.cells import HIDDEN, is_gap, values


@pytest.fixture(scope="module")
def read_back(tmp_path_factory):
    """Give rows, cells and tables by platform: the same people on each of them."""
    read = {each: simulated_and_read(tmp_path_factory.mktemp(each), each) for each in FILES}
    # A form has no codes: each role has a form of its own.
    carers = ("carers", *FORMS)
    return read | {
        each: simulated_and_read(
            tmp_path_factory.mktemp(each), "csv" if each == "carers" else each, "carer"
        )
        for each in carers
    }


@pytest.mark.parametrize("platform", [*FILES, *FORMS])
def test_every_simulated_answer_is_read_back(read_back, platform):
    rows, cells, found = read_back[platform]
    questions = read_instrument(ROOT / "instruments" / "triad.yaml").questions
    assert found.responses["role"].tolist() == rows["role"].tolist()
    assert found.responses["complete"].tolist() == rows["submitted"].tolist()
    kinds = found.missing.astype(str)
    stored = [qid for qid in found.missing.columns.drop("response") if qid not in KEYS]
    assert len(stored) > 300
    for qid in set(stored) & set(cells):
        column = cells[qid].to_numpy()
        invalid = (kinds[qid] == "invalid").to_numpy()
        expected = np.where(invalid, np.nan, values(questions[qid], column))
        np.testing.assert_array_equal(found.responses[qid].to_numpy(), expected, err_msg=qid)
        hidden = kinds[qid].isin(["not_shown", "planned", "unknown"]).to_numpy()
        assert not (hidden & ~is_gap(column)).any(), qid
        assert hidden[column == HIDDEN].all(), qid
    assert (kinds == "invalid").sum(axis=None) == len(found.quarantine) <= 5


def test_every_platform_tells_the_same_missing_kinds(read_back):
    kinds = {}
    for platform, (rows, _, found) in read_back.items():
        ordinary = found.missing[(rows["kind"] != "preview").to_numpy()]
        kinds[platform] = ordinary.drop(columns="response").reset_index(drop=True)
    for platform in set(FILES) - set(FINISHED):
        pd.testing.assert_frame_equal(kinds[platform], kinds["csv"], obj=platform)
    rows = read_back["csv"][0]
    finished = rows["submitted"][rows["kind"] != "preview"].to_numpy()
    expected = kinds["csv"][finished].reset_index(drop=True)
    for platform in FINISHED:
        if platform in FORMS:
            continue
        pd.testing.assert_frame_equal(kinds[platform], expected, obj=platform)


@pytest.mark.parametrize("platform", FILES)
def test_every_platform_gives_the_same_values_and_pseudonyms_to_the_byte(read_back, platform):
    own = ["response", "raw_row", "export"]

    def answers(name, finished):
        rows, _, found = read_back[name]
        counts = (rows["kind"] != "preview").to_numpy()
        if finished:
            counts = counts & rows["submitted"].to_numpy()
        return found.responses[counts].drop(columns=own).reset_index(drop=True)

    finished = platform in FINISHED
    expected = answers("csv", finished)
    pd.testing.assert_frame_equal(answers(platform, finished), expected, check_exact=True)
    assert expected[["triad", "person"]].ne("").any(axis=None)


@pytest.mark.parametrize("platform", FORMS)
def test_a_form_tells_the_same_missing_kinds_of_carers(read_back, platform):
    rows, _, all_carers = read_back["carers"]
    sent = rows["submitted"].to_numpy()
    expected = all_carers.missing[sent].drop(columns="response").reset_index(drop=True)
    found = read_back[platform][2]
    pd.testing.assert_frame_equal(found.missing.drop(columns="response"), expected)
    assert len(found.responses) > 20
    assert found.responses["triad"].tolist() == all_carers.responses["triad"][sent].tolist()
    assert found.paradata["submitted"].tolist() == all_carers.paradata["submitted"][sent].tolist()
