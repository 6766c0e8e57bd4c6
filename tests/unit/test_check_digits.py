"""Check digits of codes: the standard's arithmetic, what ingest reports, and codes to hand out."""

import itertools
import logging

import numpy as np
import pandas as pd
import pytest
from ingest_example import carers, csv_text, first_export, make_study
from simulated_example import study_of

from driehoek.checks import check_study
from driehoek.cli import main
from driehoek.codes import codes_to_hand_out
from driehoek.ingest.check_digits import wrong_check_digits
from driehoek.ingest.export import ingest_export
from driehoek.ingest.identity import normalise_code
from driehoek.instrument.check_digit import ALPHABET, check_digit, is_sound
from driehoek.job import generator
from driehoek.simulation.study import simulate_study, write_exports
from driehoek.simulation.truth import Nuisance, Truth
from driehoek.study import read_study


def test_the_published_example_of_the_standard_has_its_check_digit():
    """The Global Release Identifier (IFPI, GRid Standard 2.1) uses ISO 7064 MOD 37,36."""
    assert check_digit("A12425GABC1234002") == "M"
    assert is_sound("A12425GABC1234002M")


def test_every_wrong_character_is_found():
    rng = np.random.default_rng(1)
    for _ in range(50):
        code = "".join(rng.choice([*ALPHABET], 7))
        whole = code + check_digit(code)
        assert is_sound(whole)
        for place, other in itertools.product(range(8), ALPHABET):
            if other != whole[place]:
                assert not is_sound(whole[:place] + other + whole[place + 1 :])


def test_all_but_the_stated_share_of_swaps_is_found():
    """The first character leads to each of the 36 states of the sum, so these are all cases."""
    swaps = [
        check_digit(first + a + b) == check_digit(first + b + a)
        for first, a, b in itertools.product(ALPHABET, repeat=3)
        if a != b
    ]
    assert (sum(swaps), len(swaps)) == (72, 45_360)


@pytest.mark.parametrize("code", ["", "M", "T-1", "t1", "T0001É"])
def test_what_is_no_code_with_a_check_digit_is_not_sound(code):
    assert not is_sound(code)


SOUND = [code + check_digit(code) for code in ("T001", "T002", "T003")]


def checked_study(folder, raw, **options):
    """Make a study whose triad codes end in a check digit."""
    study = make_study(folder, csv_text(raw), **options)
    path = folder / "instrument.yaml"
    text = path.read_text(encoding="utf-8")
    old = "triadcode: {kind: code,"
    assert old in text
    path.write_text(text.replace(old, f"{old} check_digit: mod37_36,"), encoding="utf-8")
    return read_study(study.path)


def test_a_wrong_check_digit_is_reported_beside_the_raw_data_and_never_merged(tmp_path, caplog):
    one, two, three = SOUND
    slip = one.replace("0", "O", 1)
    swapped = two[:2] + two[3] + two[2] + two[4]
    codes = [one, two, three, slip, swapped, "Q9999", three.lower(), ""]
    raw = carers(*({"triadcode": code} for code in codes))
    study = checked_study(tmp_path, raw)
    with caplog.at_level(logging.WARNING):
        found = ingest_export(study, "w1", first_export(study))
    told = found.suspects[found.suspects["why"] == "wrong check digit"]
    assert told[["code", "other"]].to_numpy().tolist() == [
        ["Q9999", ""],
        [swapped, two],
        [slip, one],
    ]
    assert told["responses"].tolist() == [1, 1, 1]
    assert "3 triad codes have a wrong check digit" in caplog.text
    triad = found.responses["triad"]
    assert triad.nunique() == 7
    assert triad[2] == triad[6]
    for table in (found.responses, found.paradata, found.columns, found.missing):
        assert not any(code in table.to_csv() for code in (slip, swapped, "Q9999"))
    warned = check_study(study.path).set_index("check").loc["codes"]
    assert warned["result"] == "warning"
    assert warned["detail"] == "3 with a wrong check digit"


def test_without_check_digits_in_the_instrument_nothing_is_said_of_them(tmp_path):
    study = make_study(tmp_path, csv_text(carers({}, {})))
    assert ingest_export(study, "w1", first_export(study)).suspects.empty


def test_a_missing_or_a_doubled_character_leads_to_the_sound_code():
    one = SOUND[0]
    codes = pd.Series([one, one[:1] + one[2:], one[:1] + one])
    assert set(wrong_check_digits("triad", codes)["other"]) == {one}


def planned(folder, platform="csv"):
    """Give a study of the shipped questionnaire with check digits on both codes."""
    study = study_of(folder, platform)
    path = folder / "instruments" / "triad.yaml"
    text = path.read_text(encoding="utf-8")
    for name in ("triadcode", "personcode"):
        old = f"  {name}:\n    kind: code\n"
        assert old in text
        text = text.replace(old, f"{old}    check_digit: mod37_36\n")
    path.write_text(text, encoding="utf-8")
    return read_study(study.path)


def test_simulated_codes_carry_the_check_digit_and_mistyped_ones_are_found(tmp_path):
    study = planned(tmp_path)
    truth = Truth(nuisance=Nuisance(mistyped=0.1))
    rng = generator(11, "check digits")
    simulated = simulate_study(study, triads=60, rng=rng, truth=truth)
    for kind in ("triad", "person"):
        true = simulated.rows[f"{kind}_code"]
        assert all(is_sound(normalise_code(code)) for code in true.unique())
    write_exports(simulated, study, tmp_path)
    found = ingest_export(study, "w1", first_export(study)).suspects
    rows = simulated.rows
    for kind in ("triad", "person"):
        typed, true = (rows[f"{way}{kind}{end}"].map(normalise_code)
                       for way, end in (("typed_", ""), ("", "_code")))  # fmt: skip
        mistyped = set(typed[(typed != true) & (typed != "")])
        told = found[(found["why"] == "wrong check digit") & (found["kind"] == kind)]
        assert set(told["code"]) == mistyped
    assert (found["why"] == "wrong check digit").sum() > 10


def test_codes_to_hand_out_are_sound_and_each_persons_own(tmp_path):
    table = codes_to_hand_out(planned(tmp_path), triads=12, persons=2)
    assert len(table) == 12 * 3 * 2
    assert table["triad_code"].nunique() == 12
    assert table["person_code"].is_unique
    assert all(
        is_sound(normalise_code(code)) for code in [*table["triad_code"], *table["person_code"]]
    )


def test_the_command_writes_codes_and_without_check_digits_plain_ones(tmp_path, capsys):
    study = study_of(tmp_path, "csv")
    out = tmp_path / "codes.csv"
    assert main(["codes", str(study.path), "--triads", "2", "--out", str(out)]) == 0
    assert "made" in capsys.readouterr().out
    written = pd.read_csv(out, dtype=str)
    assert written["triad_code"].unique().tolist() == ["T0001", "T0002"]
    assert written["person_code"].iloc[0].startswith("T0001-")
