"""Simulated studies: what was put in must be there, and nothing else may depend on chance."""

import csv
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from story_example import story_study

from driehoek.instrument.questions import Questionnaire
from driehoek.job import generator
from driehoek.simulation.cells import HIDDEN, UNREACHED, is_gap
from driehoek.simulation.draw import complete_values, draw_answers
from driehoek.simulation.measurement import draw_measures
from driehoek.simulation.people import draw_background, draw_people
from driehoek.simulation.study import Simulated, platform_of, simulate_study, write_exports
from driehoek.simulation.traits import draw_traits
from driehoek.simulation.truth import Nuisance, Sampling, Truth
from driehoek.study import Study, read_study
from driehoek.study_file import Export

ROOT = Path(__file__).resolve().parents[2]
TRIADS = 300
LARGE = 4000
MONTE_CARLO_SD = 4.5  # bounds hold but for about one draw in 100,000; the seeds are fixed


@pytest.fixture(scope="module")
def demo() -> Study:
    return read_study(ROOT / "config" / "study.yaml")


@pytest.fixture(scope="module")
def simulated(demo: Study) -> Simulated:
    return simulate_study(demo, triads=TRIADS, rng=generator(7, "demo"))


@pytest.fixture(scope="module")
def folder(simulated: Simulated, demo: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw files é")
    write_exports(simulated, demo, folder)
    return folder / "raw"


@pytest.fixture(scope="module")
def large(demo: Study) -> pd.DataFrame:
    drawn = draw_answers(
        demo.questionnaire,
        Truth(),
        waves=["w1", "w2"],
        triads=LARGE,
        rng=generator(11, "large"),
        roles=["seeker", "carer"],
    )
    return complete_values(drawn, demo.questionnaire)


@pytest.fixture(scope="module")
def carers(large: pd.DataFrame) -> pd.DataFrame:
    return large[(large["role"] == "carer") & (large["wave"] == "w1")]


def facet_items(
    values: pd.DataFrame, questionnaire: Questionnaire, scale: str, role: str, about: str
) -> dict[str, pd.DataFrame]:
    def keyed(qid: str) -> pd.Series:
        question = questionnaire.questions[qid]
        turn = (question.minimum or 0) + (question.maximum or 0)
        return turn - values[qid] if question.is_reversed else values[qid]

    facets = questionnaire.facet_questions(scale, role, about)
    return {facet: pd.DataFrame({q: keyed(q) for q in ids}) for facet, ids in facets.items()}


def scale_score(
    values: pd.DataFrame, questionnaire: Questionnaire, scale: str, role: str, about: str
) -> pd.Series:
    facets = facet_items(values, questionnaire, scale, role, about)
    return pd.DataFrame({name: items.mean(axis=1) for name, items in facets.items()}).mean(axis=1)


def test_the_same_seed_writes_the_same_bytes(demo: Study, folder: Path, tmp_path: Path) -> None:
    again = simulate_study(demo, triads=TRIADS, rng=generator(7, "demo"))
    write_exports(again, demo, tmp_path)
    for path in sorted(folder.glob("*")):
        assert path.read_bytes() == (tmp_path / "raw" / path.name).read_bytes()


def test_another_seed_draws_other_answers_with_the_same_items(demo: Study) -> None:
    other = simulate_study(demo, triads=20, rng=generator(8, "demo"))
    one = simulate_study(demo, triads=20, rng=generator(7, "demo"))
    assert other.measures == one.measures
    assert not other.cells.equals(one.cells)


def test_the_demo_has_every_raw_file_its_study_names(demo: Study, folder: Path) -> None:
    named = {Path(e.file).name for wave in demo.settings.waves for e in wave.exports}
    assert {path.name for path in folder.iterdir()} == named | {"truth.json", "complete.parquet"}


def test_truth_says_which_parameters_hold(folder: Path) -> None:
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert truth["parameters"]["structure"]["interaction"] == Truth().structure.interaction
    assert 0.5 <= truth["items"]["giv1"]["loading"] <= 0.85


@pytest.mark.parametrize(
    ("file", "platform"),
    [
        ("raw/w1_limesurvey.csv", "limesurvey"),
        ("raw/Qualtrics w2.csv", "qualtrics"),
        ("raw/w3_qualtrics.sav", "spss"),
        ("raw/w1.csv", "csv"),
        ("raw/w1.xlsx", "excel"),
    ],
)
def test_the_platform_follows_suffix_then_name(file: str, platform: str) -> None:
    assert platform_of(Export(file=file, role=["carer"])) == platform


def test_a_stated_platform_outranks_the_name() -> None:
    export = Export(file="raw/w1_qualtrics.csv", role=["carer"], platform="limesurvey")
    assert platform_of(export) == "limesurvey"


def test_incomplete_triads_and_second_carers_come_in_their_stated_shares(demo: Study) -> None:
    roles = list(demo.questionnaire.instrument.roles)
    people = draw_people(demo.questionnaire, Sampling(), 200, roles, generator(3, "people"))
    count = pd.crosstab(people.seats["triad"], people.seats["role"])
    assert ((count["seeker"] == 0) | (count["professional"] == 0)).sum() == 20
    assert (count["seeker"] == 0).sum() == 10
    assert (count["carer"] == 2).sum() == 16
    assert (count["carer"] >= 1).all()


def test_a_shared_professional_keeps_one_code_in_both_triads(demo: Study) -> None:
    roles = list(demo.questionnaire.instrument.roles)
    people = draw_people(demo.questionnaire, Sampling(), 200, roles, generator(3, "people"))
    seats = people.seats[people.seats["role"] == "professional"]
    triads = seats.groupby("person_code")["triad"].nunique()
    assert (triads == 2).sum() == round(0.15 * len(seats))
    assert triads.max() == 2


@pytest.mark.parametrize(
    ("kind", "share"),
    [
        (name, getattr(Nuisance(), share))
        for name, share in [
            ("straight", "straight"),
            ("random", "random"),
            ("fast", "fast"),
            ("broke_off", "broke_off"),
            ("no_consent", "no_consent"),
            ("empty", "empty"),
            ("duplicate", "duplicates"),
        ]
    ],
)
def test_each_kind_of_trouble_comes_in_its_stated_number(
    simulated: Simulated, kind: str, share: float
) -> None:
    for wave, present in simulated.complete.groupby("wave")["present"]:
        rows = simulated.rows[simulated.rows["wave"] == wave]
        assert (rows["kind"] == kind).sum() == round(share * present.sum())


def test_informants_say_dont_know_more_often_than_people_about_themselves(
    simulated: Simulated,
) -> None:
    unknown = 5  # position of "don't know" among the options of how often
    share = {}
    for qid in ("tim1cc", "tim1pc"):
        column = simulated.cells[qid]
        share[qid] = (column[~is_gap(column.to_numpy())] == unknown).mean()
    assert share["tim1cc"] < 0.03 < share["tim1pc"] < 0.1


def test_previews_stand_in_the_qualtrics_wave_only(simulated: Simulated) -> None:
    previews = simulated.rows[simulated.rows["kind"] == "preview"]
    assert previews["wave"].tolist() == ["w2"] * Nuisance().previews


def test_only_duplicates_repeat_a_person_in_a_triad_and_wave(simulated: Simulated) -> None:
    rows = simulated.rows[simulated.rows["kind"] != "preview"]
    keys = ["wave", "triad_code", "person_code"]
    repeated = rows.duplicated(keys).sum()
    assert repeated == (rows["kind"] == "duplicate").sum()
    final = rows[rows["kind"] != "duplicate"].set_index(keys)["started"]
    first = rows[rows["kind"] == "duplicate"].set_index(keys)["started"]
    assert (first < final.loc[first.index]).all()


def test_straight_liners_give_one_answer_to_all_items_of_a_response_set(
    simulated: Simulated, demo: Study
) -> None:
    questionnaire = demo.questionnaire
    agree = [
        qid
        for qid, question in questionnaire.questions.items()
        if question.item and questionnaire.instrument.items[question.item].response == "agree5"
    ]
    straight = simulated.cells.loc[simulated.rows["kind"] == "straight", agree]
    answered = straight.mask(straight <= UNREACHED)
    assert (answered.min(axis=1) == answered.max(axis=1)).all()


def test_refusing_consent_leaves_everything_else_unanswered(
    simulated: Simulated, demo: Study
) -> None:
    refused = simulated.cells[simulated.rows["kind"] == "no_consent"]
    role = demo.questionnaire.role_question
    others = refused.drop(columns=["consent", role])
    assert is_gap(others.to_numpy()).all()
    assert (refused["consent"] == 1).all()


def test_break_offs_leave_whole_pages_and_are_not_submitted(simulated: Simulated) -> None:
    here = simulated.rows["kind"] == "broke_off"
    assert (simulated.cells[here] == UNREACHED).any(axis=1).all()
    assert not simulated.rows.loc[here, "submitted"].any()


def test_routing_is_honoured_in_complete_and_in_raw_answers(
    simulated: Simulated, demo: Study
) -> None:
    carers = simulated.complete[simulated.complete["role"] == "carer"]
    assert (carers["workhours"].notna() == (carers["employed"] == 1)).all()
    assert simulated.complete.loc[simulated.complete["role"] == "seeker", "giv1cs"].isna().all()
    employed = simulated.cells["employed"]
    closed = employed.ne(0) & employed.ne(UNREACHED)
    unseen = simulated.cells.loc[closed, "workhours"]
    assert unseen.isin([HIDDEN, UNREACHED]).all()
    for qid, question in demo.questionnaire.questions.items():
        if question.is_stored:
            others = ~simulated.rows["role"].isin(question.roles)
            assert (simulated.cells.loc[others, qid] == HIDDEN).all()


def test_background_stays_the_same_over_waves(simulated: Simulated) -> None:
    stable = ["ageband", "gender", "relation", "living", "education"]
    per_person = simulated.complete.groupby(["triad_code", "person_code"])[stable].nunique()
    assert per_person.to_numpy().max() == 1


def test_nobody_returns_after_dropping_out_and_the_burdened_leave_more(
    large: pd.DataFrame, demo: Study
) -> None:
    carers = large[large["role"] == "carer"]
    burden = scale_score(carers, demo.questionnaire, "burden", "carer", "carer")
    first = (carers["wave"] == "w1").to_numpy()
    stays = carers["present"].to_numpy()[~first]
    before = burden.to_numpy()[first]
    assert before[~stays].mean() > before[stays].mean() + 0.1
    three = draw_answers(
        demo.questionnaire, Truth(), waves=["a", "b", "c"], triads=100, rng=generator(1, "x")
    ).rows
    present = three["present"].to_numpy().reshape(-1, 3).astype(int)
    assert (np.diff(present, axis=1) <= 0).all()


@pytest.mark.parametrize("question", ["gender", "relation"])
def test_background_shares_are_those_of_the_truth(carers: pd.DataFrame, question: str) -> None:
    shares = Truth().background.choices[question].shares
    expected = np.array(shares.get("carer", shares.get("*")))
    found = [(carers[question] == value).mean() for value in range(1, len(expected) + 1)]
    margin = MONTE_CARLO_SD * np.sqrt(expected * (1 - expected) / len(carers))
    assert (np.abs(found - expected) <= margin).all()


def test_category_shares_follow_the_thresholds(carers: pd.DataFrame, demo: Study) -> None:
    """The latent response is standard normal for items outside the structure."""
    from scipy.special import ndtr

    measures = draw_measures(demo.questionnaire, Truth())
    for item, qid in demo.questionnaire.asked("carer", "seeker").items():
        if measures[item].scale not in {"reciprocity", "trust"}:
            continue
        question = demo.questionnaire.questions[qid]
        turned = 6 - carers[qid] if question.is_reversed else carers[qid]
        found = [(turned <= category).mean() for category in range(1, 5)]
        expected = ndtr(np.array(measures[item].thresholds))
        assert np.abs(found - expected).max() <= MONTE_CARLO_SD * 0.5 / np.sqrt(len(carers))


def test_alpha_of_a_facet_is_what_its_loadings_imply(carers: pd.DataFrame, demo: Study) -> None:
    """Ordinal answers lose some of the latent alpha: at most 0.12 with five categories."""
    measures = draw_measures(demo.questionnaire, Truth())
    facets = facet_items(carers, demo.questionnaire, "reciprocity", "carer", "seeker")
    for items in facets.values():
        loadings = [
            measures[str(demo.questionnaire.questions[str(qid)].item)].loading for qid in items
        ]
        covariance = np.outer(loadings, loadings)
        np.fill_diagonal(covariance, 1)
        latent, found = alpha(covariance), alpha(items.cov().to_numpy())
        assert latent - 0.12 < found < latent


def alpha(covariance: np.ndarray) -> float:
    k = len(covariance)
    return float(k / (k - 1) * (1 - np.trace(covariance) / covariance.sum()))


def test_the_latent_structure_of_burden_is_recovered_by_regression(demo: Study) -> None:
    questionnaire, truth = demo.questionnaire, Truth()
    structure = truth.structure
    who, what, why = generator(5, "structure").spawn(3)
    people = draw_people(questionnaire, truth.sampling, LARGE, ["carer"], who)
    background = draw_background(people, questionnaire, truth.background, 2, what)
    traits = draw_traits(people, questionnaire, background, truth, 2, why)["carer"].values
    reciprocity = traits["reciprocity", "seeker"].ravel()
    trust = traits["trust", "seeker"].ravel()
    z = (background["hours"].ravel() - structure.hours_centre) / structure.hours_scale
    wave = np.tile([0.0, 1.0], len(people.seats))
    dummies = np.eye(8)[background["relation"].ravel()]
    causes = np.column_stack([z, reciprocity, trust, reciprocity * trust, wave, dummies])
    found, *_ = np.linalg.lstsq(causes, traits["burden", "carer"].ravel(), rcond=None)
    expected = [
        structure.hours,
        structure.reciprocity,
        structure.trust,
        structure.interaction,
        structure.slope,
    ]
    assert found[:5] == pytest.approx(expected, abs=0.06)
    assert found[5] - found[8] == pytest.approx(structure.relation["1"], abs=0.2)


def test_scores_correlate_as_the_structure_says(carers: pd.DataFrame, demo: Study) -> None:
    def score(scale: str, about: str) -> pd.Series:
        return scale_score(carers, demo.questionnaire, scale, "carer", about)

    burden, trust = score("burden", "carer"), score("trust", "seeker")
    reciprocity = score("reciprocity", "seeker")
    assert burden.corr(carers["hours"]) > 0.15
    assert burden.corr(reciprocity) < -0.25
    assert burden.corr(trust) < -0.2
    assert 0.35 < reciprocity.corr(trust) < 0.55


def test_answers_are_more_alike_within_a_triad_and_a_person(
    large: pd.DataFrame, demo: Study
) -> None:
    trust = {}
    for role, about in [("seeker", "carer"), ("carer", "seeker")]:
        own = large[(large["role"] == role) & large["is_first"]]
        score = scale_score(own, demo.questionnaire, "trust", role, about)
        for wave in ("w1", "w2"):
            here = own["wave"] == wave
            trust[role, wave] = score[here].set_axis(own.loc[here, "triad"])
    within_person = trust["carer", "w1"].corr(trust["carer", "w2"])
    within_triad = trust["carer", "w1"].corr(trust["seeker", "w1"])
    assert 0.1 < within_triad < 0.3
    assert 0.45 < within_person < 0.75


def test_loadings_do_not_depend_on_the_order_of_items(demo: Study) -> None:
    instrument = demo.questionnaire.instrument
    turned = dict(reversed(instrument.items.items()))
    other = Questionnaire(instrument.model_copy(update={"items": turned}))
    assert draw_measures(other, Truth()) == draw_measures(demo.questionnaire, Truth())


def test_limesurvey_quotes_what_was_shown_and_leaves_null_bare(folder: Path) -> None:
    raw = (folder / "w1_limesurvey_carers.csv").read_bytes()
    assert raw.startswith(b'\xef\xbb\xbf"id",')
    assert raw.endswith(b"\r\n\r\n")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()[:50]))
    header = rows[0]
    assert header[:8] == [
        "id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "ipaddr",
    ]  # fmt: skip
    assert header[-1] == "interviewtime"
    assert b',"",' in raw
    assert b",,," in raw


def test_qualtrics_has_three_header_rows_and_labels(folder: Path, demo: Study) -> None:
    with (folder / "w2_qualtrics.csv").open(encoding="utf-8", newline="") as stream:
        names, texts, ids, *rows = csv.reader(stream)
    assert len({len(row) for row in [names, texts, ids, *rows]}) == 1
    assert json.loads(ids[0]) == {"ImportId": "startDate", "timeZone": "Europe/Amsterdam"}
    assert [row[names.index("Status")] for row in rows].count("Survey Preview") == 3
    labels = {o.label["nl"] for o in demo.questionnaire.questions["giv1cs"].options}
    assert {row[names.index("giv1cs")] for row in rows} <= labels | {""}
    assert texts[names.index("ageband")] == demo.questionnaire.questions["ageband"].text["nl"]


def test_personal_data_come_from_reserved_ranges(folder: Path) -> None:
    with (folder / "w2_qualtrics.csv").open(encoding="utf-8", newline="") as stream:
        names, _, _, *rows = csv.reader(stream)
    assert all(row[names.index("IPAddress")].startswith("192.0.2.") for row in rows)
    assert all(row[names.index("RecipientEmail")].endswith("@example.org") for row in rows)


def test_spss_marks_dont_know_as_user_missing(folder: Path, demo: Study) -> None:
    answers, meta = pyreadstat.read_sav(folder / "w3_spss.sav", user_missing=True)
    assert meta.creation_time == datetime(2025, 1, 1)  # noqa: DTZ001 - the format has no zone
    assert meta.missing_ranges["giv1cs"] == [{"lo": 9.0, "hi": 9.0}]
    assert (answers["giv1cs"] == 9).any()
    assert meta.variable_value_labels["glb1cs"][4.0] == "We geven evenveel"
    assert set(answers["respondent"]) <= {"s", "c", "p"}
    assert meta.column_names_to_labels["hours"] == demo.questionnaire.questions["hours"].text["nl"]


def test_an_spss_file_holds_the_times_at_which_people_began(tmp_path: Path) -> None:
    """Without a preview in any wave, times are whole seconds, which pyreadstat writes as 0."""
    path = story_study(tmp_path / "study", triads=3)
    line = "raw/w2.csv, role: [seeker, carer], platform: "
    study = path.read_text(encoding="utf-8")
    assert f"{line}limesurvey" in study
    spss = line.replace("csv", "sav") + "spss"
    path.write_text(study.replace(f"{line}limesurvey", spss), encoding="utf-8")
    known = read_study(path)
    out = tmp_path / "out"
    write_exports(simulate_study(known, triads=3, rng=generator(1, "times")), known, out)
    table, _ = pyreadstat.read_sav(str(out / "raw" / "w2.sav"))
    assert set(table["startdate"].dt.year) == {2025}


def test_typing_of_codes_varies_only_in_case_and_blanks_but_for_slips(
    simulated: Simulated,
) -> None:
    typed, true = simulated.rows["typed_triad"], simulated.rows["triad_code"]
    tidy = typed.str.strip().str.upper()
    given = (typed != "") & (simulated.rows["kind"] != "preview")
    assert (typed[given] != true[given]).mean() > 0.05
    slips = given & (tidy != true)
    assert slips.mean() < 0.01
    assert (tidy[slips].str.replace("O", "0") == true[slips]).all()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_plain_tables_hold_labels_and_dutch_numbers(
    demo: Study, tmp_path: Path, suffix: str
) -> None:
    waves = demo.settings.waves[:1]
    export = Export(file=f"w1.{suffix}", role=["carer"], columns={"Code driehoek": "triadcode"})
    wave = waves[0].model_copy(update={"exports": [export]})
    study = replace(demo, settings=demo.settings.model_copy(update={"waves": [wave]}))
    simulated = simulate_study(study, triads=30, rng=generator(2, "plain"))
    path = write_exports(simulated, study, tmp_path)[0]
    if suffix == "csv":
        table = pd.read_csv(path, sep=";", encoding="utf-8-sig", dtype=str, decimal=",")
        assert table["Duur in minuten"].str.fullmatch(r"\d+,\d").all()
    else:
        table = pd.read_excel(path)
        assert table["hours"].dtype == float
    assert len(table) == (simulated.rows["export"] == 0).sum()
    assert table["Begintijd"].str.fullmatch(r"\d+-\d+-2025 \d\d:\d\d:\d\d").all()
    assert table["Code driehoek"].str.strip().str.upper().str.startswith("T").sum() > 25
    assert set(table["gender"].dropna()) <= {"Vrouw", "Man", "Non-binair of anders"}


def test_files_that_lead_out_of_the_folder_stay_inside(demo: Study, tmp_path: Path) -> None:
    export = Export(file="../elsewhere/w1.csv", role=["carer"])
    wave = demo.settings.waves[0].model_copy(update={"exports": [export]})
    study = replace(demo, settings=demo.settings.model_copy(update={"waves": [wave]}))
    simulated = simulate_study(study, triads=5, rng=generator(2, "inside"))
    for path in write_exports(simulated, study, tmp_path / "out"):
        assert path.parent == tmp_path / "out"
        assert path.exists()


def test_in_the_studys_own_folder_files_go_where_the_study_says(
    demo: Study, tmp_path: Path
) -> None:
    export = Export(file="../elsewhere/w1.csv", role=["carer"])
    wave = demo.settings.waves[0].model_copy(update={"exports": [export]})
    settings = demo.settings.model_copy(update={"waves": [wave]})
    study = replace(demo, path=tmp_path / "study" / "study.yaml", settings=settings)
    study.folder.mkdir()
    simulated = simulate_study(study, triads=5, rng=generator(2, "inside"))
    write_exports(simulated, study, study.folder)
    assert (tmp_path / "elsewhere" / "w1.csv").is_file()


@pytest.mark.parametrize("triads", [1, 3])
def test_very_small_studies_can_be_simulated(demo: Study, tmp_path: Path, triads: int) -> None:
    simulated = simulate_study(demo, triads=triads, rng=generator(triads, "small"))
    assert len(write_exports(simulated, demo, tmp_path)) == 6
