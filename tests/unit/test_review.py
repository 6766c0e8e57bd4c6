"""Two runs compared: causes, numbers within tolerances, statements that flip, altered files."""

import argparse
import json
from pathlib import Path

import pandas as pd
import pytest
from story_example import story_study

from driehoek.analysis.rows import statistics_frame
from driehoek.cli import main
from driehoek.commands.review import _study_and_results
from driehoek.files import sha256, write_csv
from driehoek.manifest import details, numbers
from driehoek.problems import StudyError
from driehoek.review.altered import altered_files, files_beside
from driehoek.review.compare import (
    causes,
    changed,
    counts_by_table,
    ids_on_one_side,
    numbers_changed,
    steps_by_rule,
    structure_changed,
)
from driehoek.review.exposed import exposed
from driehoek.review.flips import flips
from driehoek.review.parting import parting
from driehoek.review.record import ManifestError, read_record
from driehoek.review.verify import Twin, Verdict

ROWS = [
    {"statistic": "b", "term": "hours", "estimate": 0.2, "ci_low": 0.1, "ci_high": 0.3, "p": 0.01,
     "n": 50, "method": "ols"},
    {"statistic": "alpha", "estimate": 0.72, "n": 50, "method": "complete rows"},
    {"statistic": "omega_total", "estimate": 0.74, "n": 50, "method": "one factor"},
    {"statistic": "count", "estimate": 12, "n": 50, "method": "count"},
]  # fmt: skip
B, ALPHA, OMEGA, COUNT = (
    statistics_frame(ROWS, "models")["id"].tolist()[i] for i in range(len(ROWS))
)


def sealed(folder, rows=ROWS, **changed):
    """Write a statistics table and its manifest as a run does, and read it back."""
    path = folder / "public" / "statistics" / "models.csv"
    table = statistics_frame(rows, "models")
    write_csv(path, table)
    content = {
        "study": "s",
        "inputs": {"raw/w1.csv": "aa", "study.yaml": "bb"},
        "outputs": {"results/s/public/statistics/models.csv": sha256(path)},
        "software": {"python": "3.11.2", "numpy": "2.2.0"},
        "packages": {"numpy": "2.2.0"},
        "platform": {"system": "Linux", "machine": "x86_64"},
        "code": {"models/linear.py": "cc"},
        "settings": {"seed": 1, "plan": {"confidence": 0.95}},
        "seed": 1,
        "numbers": numbers([table]),
        "details": details([table]),
        "rules": {"models": "fit_models"},
    } | changed
    manifest = folder / "public" / "manifest.json"
    manifest.write_text(json.dumps(content), encoding="utf-8")
    return read_record(folder)


def moved(position, **changes):
    return [row | changes if i == position else row for i, row in enumerate(ROWS)]


def test_the_same_run_has_no_differences(tmp_path):
    old, new = sealed(tmp_path / "a"), sealed(tmp_path / "b")
    assert causes(old, new) == []
    assert numbers_changed(old, new).empty
    assert flips(old, new) == []


def test_on_the_same_machine_a_last_digit_counts(tmp_path):
    old, new = sealed(tmp_path / "a"), sealed(tmp_path / "b", moved(0, estimate=0.2 + 1e-16 * 4))
    (row,) = numbers_changed(old, new).to_dict("records")
    assert (row["id"], row["part"], row["rule"]) == (B, "estimate", "fit_models")
    assert "bit-identical" in row["reason"]


@pytest.mark.parametrize(
    ("position", "estimate", "differs"),
    [(1, 0.72 + 1e-11, False), (1, 0.72 + 1e-6, True), (2, 0.74 + 1e-6, False),
     (2, 0.74 + 1e-4, True), (3, 12.000001, True)],
)  # fmt: skip
def test_on_another_machine_the_tolerance_depends_on_how_a_number_is_found(
    tmp_path, position, estimate, differs
):
    other = {"platform": {"system": "Darwin", "machine": "arm64"}}
    old = sealed(tmp_path / "a")
    new = sealed(tmp_path / "b", moved(position, estimate=estimate), **other)
    assert numbers_changed(old, new).empty is not differs


def test_each_cause_is_named_with_its_kind(tmp_path):
    old = sealed(tmp_path / "a")
    new = sealed(
        tmp_path / "b",
        inputs={"raw/w1.csv": "ab", "study.yaml": "bb", "raw/w2.csv": "dd"},
        settings={"seed": 1, "plan": {"confidence": 0.9}},
        packages={"numpy": "2.3.0"},
        platform={"system": "Darwin", "machine": "arm64"},
        code={"models/linear.py": "cd"},
    )
    assert [str(each) for each in causes(old, new)] == [
        "input raw/w1.csv: other content",
        "input raw/w2.csv: new",
        "setting plan.confidence: 0.95 -> 0.9",
        "version numpy: 2.2.0 -> 2.3.0",
        "platform system: Linux -> Darwin",
        "platform machine: x86_64 -> arm64",
        "code models/linear.py: other content",
    ]


def test_a_twin_is_held_to_the_tables_and_the_code_and_not_to_the_numbers(tmp_path):
    twin = {"settings": {"seed": 1, "synthetic": True}, "inputs": {"raw/w1_carer.csv": "zz"}}
    old = sealed(tmp_path / "a")
    new = sealed(tmp_path / "b", moved(0, estimate=0.9), **twin)
    assert new.is_synthetic
    assert structure_changed(old, new) == []
    other = sealed(tmp_path / "c", [], **twin, code={"models/linear.py": "cd"}, rules={})
    assert [str(each) for each in structure_changed(old, other)] == [
        "structure models: gone",
        "code models/linear.py: other content",
    ]
    counted = counts_by_table(old, sealed(tmp_path / "d", ROWS[:3], **twin))
    assert counted.to_numpy().tolist() == [["models", "fit_models", 4, 3]]
    none = numbers_changed(old, old)
    told = [
        Verdict([], 0, structure_changed(old, each), none, 4, "", twin_of(old, each))
        for each in (new, other)
    ]
    assert [each.is_same for each in told] == [True, False]


def twin_of(old, new, own=None):
    return Twin(counts_by_table(old, new), steps_by_rule(old, new), ids_on_one_side(old, new), own)


def test_a_table_or_a_number_that_one_side_alone_has_is_named_in_both_directions(tmp_path):
    twin = {"settings": {"seed": 1, "synthetic": True}}
    old, new = sealed(tmp_path / "a"), sealed(tmp_path / "b", ROWS[:3], **twin)
    more = sealed(tmp_path / "c", **twin, rules={"models": "fit_models", "extra": "unknown"})
    assert [str(each) for each in structure_changed(old, more)] == ["structure extra: new"]
    assert [str(each) for each in structure_changed(more, old)] == ["structure extra: gone"]
    assert ids_on_one_side(old, new).to_numpy().tolist() == [[COUNT, "old"]]
    assert ids_on_one_side(new, old).to_numpy().tolist() == [[COUNT, "new"]]


def test_a_twin_is_not_the_same_where_its_own_manifest_differs(tmp_path):
    old, new = sealed(tmp_path / "a"), sealed(tmp_path / "b", settings={"synthetic": True})
    none = numbers_changed(old, old)
    for inputs, is_same in ((dict(new.inputs), True), ({"raw/w1.csv": "zz"}, False)):
        own = Verdict([], 0, [*changed("input", inputs, new.inputs)], none, 4, "")
        found = Verdict([], 0, structure_changed(old, new), none, 4, "", twin_of(old, new, own))
        assert found.is_same is is_same


@pytest.mark.parametrize(
    ("here", "told"),
    [
        ({"clean_wave": 3, "fit_models": 1, "ingest_export": 9}, []),
        ({"clean_wave": 2, "fit_models": 1, "ingest_export": 4}, ["steps clean_wave: 3 -> 2"]),
        ({"clean_wave": 3, "ingest_export": 4}, ["steps fit_models: 1 -> 0"]),
        ({}, []),
    ],
)
def test_a_twin_takes_as_many_steps_as_its_study_but_for_reading_its_exports(tmp_path, here, told):
    there = {"clean_wave": 3, "fit_models": 1, "ingest_export": 4, "simulate_exports": 1}
    old = sealed(tmp_path / "a", steps=there)
    new = sealed(tmp_path / "b", settings={"synthetic": True}, steps=here)
    assert [str(each) for each in structure_changed(old, new)] == told
    counted = steps_by_rule(old, new)
    assert set(counted["rule"]) == (set(there) if here else set())
    none, twin = numbers_changed(old, old), twin_of(old, new)
    same = Verdict([], 0, structure_changed(old, new), none, 4, "", twin)
    assert same.is_same is not bool(told)


EFFECTS = [
    {"statistic": "b", "term": f"v{i}", "estimate": 0.1 * i, "se": 0.05, "p": 0.01, "n": 50,
     "method": "ols"}
    for i in range(1, 7)
]  # fmt: skip
ELSEWHERE = {
    "software": {"python": "3.12.1", "numpy": "2.3.0"},
    "packages": {"numpy": "2.3.0", "abc": "2", "pip": "25.3", "setuptools": "80"},
}


def effects(folder, altered, **changed):
    """Seal six effects of which those at these places differ by 0.01."""
    rows = [
        row | {"estimate": row["estimate"] + 0.01 * (i in altered)} for i, row in enumerate(EFFECTS)
    ]
    return sealed(folder, rows, **changed)


def parted(old, new):
    return parting(numbers_changed(old, new), causes(old, new), [], old)


def test_an_altered_number_is_named_before_versions_that_do_not_explain_it(tmp_path):
    true, old = effects(tmp_path / "b", [], **ELSEWHERE), effects(tmp_path / "a", [2])
    (name,) = numbers_changed(old, true)["id"]
    where = parted(old, true)
    assert where.startswith(f"{name}, estimate: ")
    assert f"{old.numbers[name]!r} in the manifest, {true.numbers[name]!r} recomputed" in where
    before, after = where.split("What else differs does not explain it: ")
    assert "the manifest itself was changed" in before
    assert after.startswith("version numpy: 2.2.0 -> 2.3.0; version python: 3.11.2 -> 3.12.1")


def test_a_version_that_moves_the_numbers_of_a_kind_together_is_where_paths_part(tmp_path):
    old, new = effects(tmp_path / "a", []), effects(tmp_path / "b", range(5), **ELSEWHERE)
    assert parted(old, new) == (
        "numbers differ from models.csv on (rule fit_models); the paths part at: "
        "version numpy: 2.2.0 -> 2.3.0; version python: 3.11.2 -> 3.12.1; version abc: new"
    )


@pytest.mark.parametrize(
    "changed",
    [{"inputs": {"raw/w1.csv": "ab", "study.yaml": "bb"}}, {"seed": 2},
     {"settings": {"seed": 1, "plan": {"confidence": 0.9}}}],
)  # fmt: skip
def test_an_input_a_setting_or_a_seed_explains_one_number_that_moved(tmp_path, changed):
    old, new = effects(tmp_path / "a", []), effects(tmp_path / "b", [2], **changed)
    assert "the paths part at: " in parted(old, new)


def test_with_nothing_else_that_differs_the_manifest_was_changed(tmp_path):
    true = effects(tmp_path / "b", [])
    for i, altered in enumerate(([2], range(6))):
        where = parted(effects(tmp_path / str(i), altered), true)
        assert "the manifest itself was changed after it was sealed" in where


def test_a_number_taken_out_of_the_manifest_is_named(tmp_path):
    true = effects(tmp_path / "b", [])
    old = sealed(tmp_path / "a", EFFECTS[1:])
    (name,) = set(numbers_changed(old, true)["id"])
    assert f"{name}, estimate: no number in the manifest, 0.1 recomputed" in parted(old, true)


def test_an_installer_of_packages_is_no_cause(tmp_path):
    old = effects(tmp_path / "a", [], packages={"numpy": "2.2.0", "pip": "23.0.1"})
    new = effects(tmp_path / "b", [2], packages={"numpy": "2.2.0", "pip": "25.3"})
    assert causes(old, new) == []
    assert set(numbers_changed(old, new)["reason"]) == {
        "the same software on the same kind of machine: bit-identical"
    }


def test_a_number_that_is_new_or_gone_is_told(tmp_path):
    old, new = sealed(tmp_path / "a"), sealed(tmp_path / "b", ROWS[:3])
    gone = numbers_changed(old, new)
    assert set(gone["id"]) == {COUNT}
    assert gone["new"].isna().all()
    assert numbers_changed(new, old)["old"].isna().all()


def test_statements_flip_by_sign_interval_p_and_cut_off(tmp_path):
    old = sealed(tmp_path / "a")
    effect = {"estimate": -0.1, "ci_low": -0.3, "ci_high": 0.1, "p": 0.3}
    rows = moved(0, **effect)
    rows[1] = rows[1] | {"estimate": 0.69}
    found = flips(old, sealed(tmp_path / "b", rows))
    assert [(each.id, each.kind) for each in found] == [
        (B, "sign"), (B, "interval"), (B, "p"), (ALPHA, "cut-off"),
    ]  # fmt: skip
    assert str(found[1]) == f"{B}: interval above zero (0.2) -> interval holds zero (-0.1)"


@pytest.mark.parametrize(
    ("statistic", "before", "after", "said"),
    [
        ("alpha", 0.70, 0.6999, "at least 0.70 (0.7) -> not at least 0.70 (0.6999)"),
        ("omega_total", 0.69, 0.71, "not at least 0.70 (0.69) -> at least 0.70 (0.71)"),
        ("cfi", 0.951, 0.949, "at least 0.95 (0.951) -> not at least 0.95 (0.949)"),
        ("tli", 0.949, 0.951, "not at least 0.95 (0.949) -> at least 0.95 (0.951)"),
        ("rmsea", 0.06, 0.061, "at most 0.06 (0.06) -> not at most 0.06 (0.061)"),
        ("srmr", 0.081, 0.08, "not at most 0.08 (0.081) -> at most 0.08 (0.08)"),
    ],
)
def test_each_cut_off_flips_on_its_own_side(tmp_path, statistic, before, after, said):
    rows = [{"statistic": statistic, "estimate": each, "n": 50} for each in (before, after)]
    old, new = (sealed(tmp_path / str(i), [row]) for i, row in enumerate(rows))
    (found,) = flips(old, new)
    assert found.kind == "cut-off"
    assert str(found).endswith(said)
    assert flips(old, old) == []


@pytest.mark.parametrize(
    ("statistic", "before", "after", "kinds"),
    [
        ("b", (0.2, 0.1, 0.3, 0.01), (0.3, 0.2, 0.4, 0.02), []),
        ("b", (0.2, 0.1, 0.3, 0.01), (0.2, -0.1, 0.5, 0.2), ["interval", "p"]),
        ("r", (0.2, 0.1, 0.3, 0.01), (-0.2, -0.3, -0.1, 0.01), ["sign", "interval"]),
        ("difference", (0.1, -0.1, 0.3, 0.4), (-0.1, -0.3, 0.1, 0.4), ["sign"]),
        ("mean", (0.2, 0.1, 0.3, None), (-0.2, -0.3, -0.1, None), []),
    ],
)
def test_signs_intervals_and_p_flip_each_for_itself(tmp_path, statistic, before, after, kinds):
    names = ("estimate", "ci_low", "ci_high", "p")
    rows = [
        {"statistic": statistic, **dict(zip(names, each, strict=True))} for each in (before, after)
    ]
    old, new = (sealed(tmp_path / str(i), [row]) for i, row in enumerate(rows))
    assert [each.kind for each in flips(old, new)] == kinds


@pytest.mark.parametrize(("n", "is_exposed"), [(50, False), (47, True), (41, True), (40, False)])
def test_two_runs_that_differ_by_a_few_persons_are_told(tmp_path, capsys, n, is_exposed):
    old, new = sealed(tmp_path / "a"), sealed(tmp_path / "b", moved(1, n=n))
    assert [str(each) for each in exposed(old, new)] == [f"{ALPHA}: n 50 -> {n}"] * is_exposed
    main(["changes", str(tmp_path / "a"), str(tmp_path / "b")])
    assert ("Do not publish both: 1 results" in capsys.readouterr().out) == is_exposed


def test_one_altered_number_in_a_published_table_is_named(tmp_path):
    record = sealed(tmp_path)
    assert altered_files(record) == []
    assert [*files_beside(record)] == ["statistics/models.csv"]
    path = tmp_path / "public" / "statistics" / "models.csv"
    table = pd.read_csv(path)
    table.loc[1, "estimate"] = 0.82
    table.to_csv(path, index=False)
    told = [str(each) for each in altered_files(record)]
    assert told[0] == "statistics/models.csv: not the file that the manifest was sealed with"
    assert told[1:] == [
        f"statistics/models.csv: {ALPHA}, estimate: 0.82 here, 0.72 in the manifest"
    ]


def test_an_altered_number_in_the_manifest_itself_is_named_by_the_file_that_is_whole(tmp_path):
    sealed(tmp_path)
    path = tmp_path / "public" / "manifest.json"
    content = json.loads(path.read_text("utf-8"))
    content["numbers"][ALPHA] = 0.9
    path.write_text(json.dumps(content), encoding="utf-8")
    assert [str(each) for each in altered_files(read_record(path))] == [
        f"manifest.json: {ALPHA}, estimate: 0.72 here, 0.9 in the manifest; "
        "statistics/models.csv is as it was sealed"
    ]


def test_rows_taken_out_of_a_table_or_put_into_it_are_named(tmp_path):
    record = sealed(tmp_path)
    path = tmp_path / "public" / "statistics" / "models.csv"
    more = {"statistic": "sd", "estimate": 1.0, "n": 50, "method": "count"}
    write_csv(path, statistics_frame([*ROWS[:3], more], "models"))
    told = [each.found for each in altered_files(record)][1:]
    assert told == [
        f"{COUNT.removesuffix('count')}sd: here and not in the manifest",
        f"{COUNT}: in the manifest and not here",
    ]


def test_files_that_the_manifest_or_the_folder_alone_has_are_named(tmp_path):
    outputs = {"results/s/public/report.en.html": "ab"}
    lone = sealed(tmp_path / "lone", outputs=outputs)
    assert altered_files(lone) == []
    assert [*files_beside(lone)] == []
    known = sealed(tmp_path)
    record = sealed(tmp_path, outputs={**known.outputs, **outputs})
    public = tmp_path / "public"
    (public / "statistics" / "extra.csv").write_text("id", encoding="utf-8")
    (public / ".DS_Store").write_bytes(b"")
    assert [str(each) for each in altered_files(record)] == [
        "report.en.html: in the manifest and not here",
        "statistics/extra.csv: here and not in the manifest",
    ]


def test_one_altered_byte_of_a_table_that_cannot_be_read_any_more_is_named(tmp_path):
    record = sealed(tmp_path)
    path = tmp_path / "public" / "statistics" / "models.csv"
    path.write_bytes(path.read_bytes().replace(b"0.72", b"0.7x"))
    first, second = (str(each) for each in altered_files(record))
    assert first == "statistics/models.csv: not the file that the manifest was sealed with"
    assert second.startswith("statistics/models.csv: no statistics that can be read (")
    assert "0.7x" in second


@pytest.mark.parametrize("content", ["{", "{}", "[]", None])
def test_what_is_no_manifest_is_refused(tmp_path, content):
    path = tmp_path / "manifest.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ManifestError, match="manifest"):
        read_record(path)


def test_a_folder_with_the_results_of_two_studies_is_asked_about(tmp_path):
    sealed(tmp_path / "results" / "a")
    assert read_record(tmp_path).path == tmp_path / "results" / "a" / "public" / "manifest.json"
    sealed(tmp_path / "results" / "b")
    for folder in (tmp_path, tmp_path / "results"):
        with pytest.raises(ManifestError, match=r"2 manifests below it \(.*a/public.*b/public"):
            read_record(folder)


def test_the_command_lists_what_changed_as_text_and_as_json(tmp_path, capsys):
    sealed(tmp_path / "a")
    sealed(tmp_path / "b", moved(1, estimate=0.69), seed=2)
    assert main(["changes", str(tmp_path / "a"), str(tmp_path / "b")]) == 0
    said = capsys.readouterr().out
    assert "seed seed: 1 -> 2" in said
    assert f"{ALPHA}, estimate: 0.72 -> 0.69 (-0.03), by fit_models" in said
    assert "1 statements flip." in said
    assert main(["changes", str(tmp_path / "a"), str(tmp_path / "b"), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["flips"][0]["kind"] == "cut-off"
    assert record["numbers"][0]["old"] == 0.72


def with_results(folder, name):
    path = folder / "results" / name / "private" / "data" / "long.parquet"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    return path.parents[2]


def test_results_are_found_beside_the_study_or_in_the_folder_one_is_in(tmp_path, monkeypatch):
    study = story_study(tmp_path / "study", triads=2)
    (here := tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(here)
    options = argparse.Namespace(study=study, results=None)
    with pytest.raises(StudyError) as fault:
        _study_and_results(options)
    places = [(each / "results" / "story").as_posix() for each in (study.parent, here)]
    assert f"{places[0]} and {places[1]}: no results here" in str(fault.value)
    found = with_results(here, "story")
    assert _study_and_results(options)[1] == found
    beside = with_results(study.parent, "story")
    with pytest.raises(StudyError) as fault:
        _study_and_results(options)
    assert f"{places[0]} and {places[1]}: results in both" in str(fault.value)
    chosen = argparse.Namespace(study=study, results=study.parent)
    assert _study_and_results(chosen)[1] == beside
    monkeypatch.chdir(study.parent)
    assert _study_and_results(options)[1] == beside


@pytest.mark.parametrize("command", [["pack"], ["risk"], ["verify", "--with-r"]])
def test_where_no_results_are_the_command_says_where_it_looked(tmp_path, capsys, command):
    name, *words = command
    study = Path(__file__).parents[2] / "config" / "study.yaml"
    assert main([name, str(study), "--results", str(tmp_path), *words]) == 1
    said = capsys.readouterr().err
    assert f"{(tmp_path / 'results' / 'demo').as_posix()}: no results here" in said
    assert "say which folder holds results/: --results DIR" in said
