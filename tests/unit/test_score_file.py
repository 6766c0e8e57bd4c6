"""`driehoek score`: any table of answers, by an instrument or by a published key."""

from pathlib import Path

import pandas as pd
import pytest

from driehoek.problems import AnswersError
from driehoek.score_file import score_file

ROOT = Path(__file__).parents[2]
TRIAD = ROOT / "instruments" / "triad.yaml"
EDIZ = ROOT / "instruments" / "scales" / "ediz.yaml"


def written(tmp_path, text):
    path = tmp_path / "answers.csv"
    path.write_text(text, encoding="utf-8")
    return path


def scored(tmp_path, instrument, text, **options):
    out = tmp_path / "scores.csv"
    score_file(instrument, written(tmp_path, text), out, **options)
    return pd.read_csv(out)


def test_a_published_key_scores_a_table_by_item_number(tmp_path):
    header = ";".join(f"ediz{n}" for n in range(1, 10))
    scores = scored(tmp_path, EDIZ, f"{header}\n1;2;3;4;5;1;2;3;4\n5;5;5;5;5;5;5;5;\n")
    assert scores["score"].tolist()[0] == 5  # min of meer, ja and ja! count: five of nine
    assert pd.isna(scores["score"][1])
    assert scores["n_answered"].tolist() == [9, 8]
    assert scores["row"].tolist() == [2, 3]


def test_a_code_that_the_form_lacks_is_refused_with_row_and_column(tmp_path):
    header = ",".join(f"ediz_{n}" for n in range(1, 10))
    with pytest.raises(AnswersError) as caught:
        scored(tmp_path, EDIZ, f"{header}\n1,2,3,4,5,1,2,3,6\n0,1,1,1,1,1,1,1,1\n")
    places = [(problem.row, problem.column) for problem in caught.value.problems]
    assert sorted(places) == [(2, "ediz_9"), (3, "ediz_1")]


def test_every_absent_item_is_named(tmp_path):
    with pytest.raises(AnswersError) as caught:
        scored(tmp_path, EDIZ, "ediz1,ediz2\n1,2\n")
    assert len(caught.value.problems) == 7


def test_an_instrument_scores_what_the_table_holds(tmp_path):
    text = "giv1cs,giv2cs,giv3cs,giv4cs\n4,5,1,4\n3,,,\n"
    scores = scored(tmp_path, TRIAD, text, role="carer")
    giving = scores[(scores["facet"] == "giving") & (scores["about"] == "seeker")]
    assert giving["score"].tolist()[0] == (4 + 5 + (6 - 1) + 4) / 4
    assert pd.isna(giving["score"].tolist()[1])


def test_a_table_that_does_not_say_whose_answers_it_holds_is_refused(tmp_path):
    with pytest.raises(AnswersError, match="--role"):
        scored(tmp_path, TRIAD, "giv1cs,giv2cs\n4,5\n")


def test_scores_by_an_unverified_key_say_so(tmp_path):
    key = ROOT / "instruments" / "scales" / "dyadic_trust.yaml"
    header = ",".join(f"dyadic_trust{n}" for n in range(1, 9))
    scores = scored(tmp_path, key, f"{header}\n1,1,4,4,4,1,4,4\n")
    assert scores["rule"].str.contains("unverified").all()
    assert (
        not scored(
            tmp_path,
            EDIZ,
            ",".join(f"ediz{n}" for n in range(1, 10)) + "\n" + ",".join("1" * 9) + "\n",
        )["rule"]
        .str.contains("unverified")
        .any()
    )
