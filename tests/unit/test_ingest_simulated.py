"""What simulated people answered comes back from the export of every platform."""

import numpy as np
import pandas as pd
import pytest
from simulated_example import FILES, FINISHED, ROOT, simulated_and_read

from driehoek.instrument.reading import read_instrument
from driehoek.responses import KEYS
from driehoek.simulation.cells import HIDDEN, is_gap, values


@pytest.fixture(scope="module")
def read_back(tmp_path_factory):
    """Give rows, cells and tables by platform: the same people on each of them."""
    return {each: simulated_and_read(tmp_path_factory.mktemp(each), each) for each in FILES}


@pytest.mark.parametrize("platform", FILES)
def test_every_simulated_answer_is_read_back(read_back, platform):
    rows, cells, found = read_back[platform]
    questions = read_instrument(ROOT / "instruments" / "triad.yaml").questions
    assert found.responses["role"].tolist() == rows["role"].tolist()
    assert found.responses["complete"].tolist() == rows["submitted"].tolist()
    kinds = found.missing.astype(str)
    stored = [qid for qid in found.missing.columns.drop("response") if qid not in KEYS]
    assert len(stored) > 300
    for qid in stored:
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
        pd.testing.assert_frame_equal(kinds[platform], expected, obj=platform)
