"""A synthetic twin: the same structure, near distributions, and nobody's row."""

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from story_example import story_study

from driehoek.cleaning.clean import clean_wave
from driehoek.cleaning.wave import WaveTables, stacked
from driehoek.ingest.export import ingest_export
from driehoek.pack.confidential import refuse_confidential
from driehoek.problems import StudyError
from driehoek.responses import write_missing, write_paradata, write_responses
from driehoek.study import read_study
from driehoek.synthetic.donors import draw_donors
from driehoek.synthetic.nearness import nearness
from driehoek.synthetic.risk import disco, replicated_uniques
from driehoek.synthetic.twin import make_twin
from driehoek.synthetic.twin_files import write_twin

QUESTIONS = ["bur1c", "bur2c", "bur3c", "bur4c", "tru1c", "tru2c", "tru3c"]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Clean two waves of a study, as a run would, into its private folder."""
    path = story_study(tmp_path_factory.mktemp("twin") / "study", triads=200)
    study = read_study(path)
    for wave in study.wave_names:
        folder = private(study) / "waves" / wave
        read = [ingest_export(study, wave, export) for export in study.exports(wave)]
        tables = [WaveTables(each.responses, each.missing, each.paradata) for each in read]
        clean = clean_wave(stacked(tables, wave), study, wave).tables
        write_responses(folder / "responses.parquet", clean.responses)
        write_missing(folder / "missing.parquet", clean.missing)
        write_paradata(folder / "paradata.parquet", clean.paradata)
    return study


def private(study):
    return study.folder / "results" / "story" / "private"


@pytest.fixture(scope="module")
def twin(study):
    return make_twin(study, private(study))


@pytest.fixture(scope="module")
def written(twin, study, tmp_path_factory):
    return read_study(write_twin(twin, study, tmp_path_factory.mktemp("made") / "twin"))


def real(study, wave="w1"):
    return pd.read_parquet(private(study) / "waves" / wave / "responses.parquet")


def test_the_twin_has_the_waves_roles_and_sizes_of_the_study(study, twin):
    made = twin.synthesis.rows
    triads = pd.concat([real(study, wave)["triad"] for wave in study.wave_names])
    assert made["triad"].nunique() == triads.nunique()
    for wave in study.wave_names:
        for role in ("seeker", "carer"):
            n = (real(study, wave)["role"] == role).sum()
            drawn = ((made["wave"] == wave) & (made["role"] == role)).sum()
            assert abs(drawn - n) < 0.15 * n


def test_the_twin_keeps_distributions_missing_answers_and_relations(study, twin):
    carers = real(study)[real(study)["role"] == "carer"][QUESTIONS]
    made = twin.synthesis.rows
    drawn = made[(made["role"] == "carer") & (made["wave"] == "w1")][QUESTIONS]
    assert twin.utility["s_pmse"].median() < 3
    assert np.abs(carers.mean() - drawn.mean()).max() < 0.3
    assert np.abs(carers.isna().mean() - drawn.isna().mean()).max() < 0.06
    off = np.triu_indices(len(QUESTIONS), 1)
    before, after = (each.corr().to_numpy()[off] for each in (carers, drawn))
    assert np.corrcoef(before, after)[0, 1] > 0.8


def test_members_of_a_triad_and_waves_of_a_person_stay_related(study, twin):
    def trust(rows, role):
        own = rows[rows["role"] == role].drop_duplicates("triad").set_index("triad")
        return own[f"tru1{role[0]}"]

    made = twin.synthesis.rows
    first = made[made["wave"] == "w1"]
    together = pd.concat([trust(first, "carer"), trust(first, "seeker")], axis=1).dropna()
    whole = real(study)
    truly = pd.concat([trust(whole, "carer"), trust(whole, "seeker")], axis=1).dropna()
    assert abs(together.corr().iloc[0, 1] - truly.corr().iloc[0, 1]) < 0.25
    both = pd.concat([real(study, wave) for wave in study.wave_names])
    over_waves = [
        rows[rows["role"] == "carer"].pivot_table("bur1c", "person", "wave").corr().iloc[0, 1]
        for rows in (both, made)
    ]
    assert over_waves[1] == pytest.approx(over_waves[0], abs=0.2)


def test_no_row_repeats_what_one_person_alone_answered(study, twin):
    asked = ["hours", *QUESTIONS]
    carers = real(study)[real(study)["role"] == "carer"][asked].fillna(-1).to_numpy()
    made = twin.synthesis.rows
    drawn = made[(made["role"] == "carer") & (made["wave"] == "w1")][asked]
    assert not replicated_uniques(carers, drawn.fillna(-1).to_numpy()).any()


def test_the_same_study_has_the_same_twin(study, twin):
    again = make_twin(study, private(study))
    pd.testing.assert_frame_equal(again.synthesis.rows, twin.synthesis.rows)


def test_the_twin_is_a_study_that_reads_without_faults_and_says_what_it_is(written):
    assert written.settings.synthetic
    found = ingest_export(written, "w1", "2-w1-carer")
    assert found.quarantine.empty
    assert "nobody gave these answers" in written.path.read_text(encoding="utf-8")
    raw = (written.folder / "raw" / "w1_carer.csv").read_text(encoding="utf-8")
    assert all(line.startswith("yes,SYN") for line in raw.splitlines()[1:])


def test_nothing_confidential_is_in_the_twin(study, written):
    known = real(study)
    planted = {*known["triad"], *known["person"], "192.0.2.", "T0001"}
    for path in written.folder.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not [each for each in planted if each in text], path
    refuse_confidential(written.folder, study, private(study))


def test_a_pack_with_a_pseudonym_or_a_private_file_is_refused(study, tmp_path):
    (tmp_path / "a.csv").write_text(f"id,{real(study)['person'].iloc[3]}\n", encoding="utf-8")
    raw = (study.folder / "raw" / "w1.csv").read_bytes()
    (tmp_path / "b.csv").write_bytes(raw)
    with pytest.raises(StudyError) as fault:
        refuse_confidential(tmp_path, study, private(study))
    told = [str(problem) for problem in fault.value.problems]
    assert told[0].startswith("a.csv: a pseudonym of a person or triad")
    assert told[1].startswith("b.csv: a confidential file of the study")
    assert hashlib.sha256(raw).hexdigest() not in "".join(told)


def test_a_key_is_refused_but_for_the_public_one_of_the_demo(study, tmp_path):
    config = Path(__file__).parents[2] / "config"
    demo = read_study(config / "study.yaml")
    for name in ("demo.key", "withdrawn.csv"):
        shutil.copyfile(config / name, tmp_path / name)
    refuse_confidential(tmp_path, demo, tmp_path / "private")
    shutil.copyfile(study.locate(study.settings.pseudonyms.key), tmp_path / "own.key")
    with pytest.raises(StudyError, match=r"own\.key: a confidential file of the study"):
        refuse_confidential(tmp_path, study, private(study))


def test_replicated_uniques_are_rows_that_one_person_alone_gave():
    truth = np.array([[1, 2], [1, 2], [3, 4], [5, 6]])
    drawn = np.array([[1, 2], [3, 4], [7, 8]])
    assert replicated_uniques(truth, drawn).tolist() == [False, True, False]


def test_disco_counts_the_targets_that_the_twin_tells_rightly():
    """Keys a, a, b, c: the twin tells y for a (one of two rightly), two things for b."""
    truth = pd.DataFrame({"key": list("aabc"), "target": list("yxyz")})
    drawn = pd.DataFrame({"key": list("aabbc"), "target": list("yyxyz")})
    assert disco(truth, drawn, ["key"], "target") == 2 / 4


def test_answers_to_one_facet_and_one_question_stand_nearest(study):
    form = study.questionnaire
    before = [("carer", "bur1c"), ("carer", "tru1c"), ("seeker", "tru1s")]
    near = nearness(form, "carer", ["bur1c", "bur2c", "tru1c", "hours"], before)
    assert near.tolist() == [
        [2, 0, 0, 2, 2, 0, 0],
        [2, 0, 0, 2, 2, 0, 0],
        [0, 2, 1, 0, 0, 2, 0],
        [0, 0, 0, 0, 0, 0, 2],
    ]


def test_hundreds_of_answers_about_other_things_do_not_crowd_out_the_own_scale():
    """60 people, an item with a correlation of .7 to its facet, and 400 others by chance."""
    rng = np.random.default_rng(5)
    item = rng.normal(size=60)
    mates = 0.7 * item[:, None] + np.sqrt(0.51) * rng.normal(size=(60, 2))
    known = np.hstack([rng.normal(size=(60, 400)), mates])
    near = np.array([0] * 400 + [2] * 2)
    drawn = np.concatenate([item[draw_donors(item, known, known, near, rng)] for _ in range(20)])
    kept = np.corrcoef(drawn, np.tile(mates[:, 0], 20))[0, 1]
    assert kept > 0.45
