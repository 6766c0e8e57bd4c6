"""The story of a study: two waves, a third that is not as it should be, a reviewer at the end."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile

import pandas as pd
import pytest
from rocrate.rocrate import ROCrate
from story_example import REWORDED, story_study

from driehoek.review.compare import READING, steps_by_rule, structure_changed
from driehoek.review.record import read_record

pytestmark = pytest.mark.workflow


def public(study):
    return study.parent / "results" / "story" / "public"


def of_own_wave(name):
    """Give the wave of a number that rests on one wave alone, by its id; else nothing."""
    file, wave = name.split("/")[:2]
    return wave if file in {"items", "scores", "background", "quality"} else ""


def bytes_of_earlier_waves(study):
    """Fingerprint what rests on the first two waves alone, private and published."""
    waves = study.parent / "results" / "story" / "private" / "waves"
    published = [public(study) / "statistics" / f"reliability_{wave}.csv" for wave in ("w1", "w2")]
    paths = [path for wave in ("w1", "w2") for path in (waves / wave).rglob("*") if path.is_file()]
    named = {path.relative_to(waves).as_posix(): path for path in paths}
    named |= {path.name: path for path in published}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in named.items()}


@pytest.fixture(scope="module")
def two_waves(checkout, tmp_path_factory):
    """Seal the plan of the study, and run it with two waves."""
    study = story_study(tmp_path_factory.mktemp("story") / "mijn stúdie")
    checkout.driehoek("seal", study, cwd=study.parent)
    done = checkout.driehoek("run", study, "--cores", "2", cwd=study.parent, check=False)
    assert done.returncode == 0, done.stderr
    shutil.copyfile(public(study) / "manifest.json", study.parent / "two.json")
    return study


@pytest.fixture(scope="module")
def third(two_waves):
    """Spoil the export of the third wave: a renamed column, and an item the wrong way round."""
    raw, folder = two_waves.parent / "raw" / "w3.csv", two_waves.parent
    (folder / "story-0.2.0.yaml").write_text(REWORDED, encoding="utf-8")
    answers = pd.read_csv(raw, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    renamed = answers.rename(columns={"bur2c": "carer_burden2"})
    other_way = dict(zip("12345", "54321", strict=True))
    turned = renamed.assign(bur4c=renamed["bur4c"].map(lambda code: other_way.get(code, code)))
    turned.to_csv(folder / "raw" / "turned.csv", index=False)
    renamed.to_csv(raw, index=False)
    return two_waves


@pytest.fixture(scope="module")
def refused(checkout, third):
    """Try to add the spoilt wave."""
    words = ("--wave", "w3", "--instrument", third.parent / "story-0.2.0.yaml", "--yes", "--json")
    raw = third.parent / "raw" / "turned.csv"
    told = checkout.driehoek("add-wave", third, raw, *words, cwd=third.parent, check=False)
    shutil.copyfile(third, third.parent / "as_it_was.yaml")
    return told


@pytest.fixture(scope="module")
def three_waves(checkout, third):
    """Add the mended third wave, count the jobs it takes, and run them."""
    folder = third.parent
    words = ("--instrument", folder / "story-0.2.0.yaml", "--yes")
    added = checkout.driehoek("add-wave", third, folder / "raw" / "w3.csv", *words, cwd=folder)
    before = bytes_of_earlier_waves(third)
    jobs = checkout.snakemake(third, "--dry-run")
    done = checkout.driehoek("run", third, "--cores", "2", cwd=folder, check=False)
    assert done.returncode == 0, done.stderr
    return {"said": added.stdout, "jobs": jobs, "before": before, "study": third}


def test_a_reworded_item_a_renamed_column_and_a_misskeyed_item_are_caught(refused, third):
    assert refused.returncode == 1
    found = json.loads(refused.stdout)
    (renamed,) = found["files"][0]["renamed"]
    assert (renamed["column"], renamed["question"]) == ("carer_burden2", "bur2c")
    drift = {(row["what"], row["verdict"], row["subject"]) for row in found["drift"]}
    assert ("keying", "stop", "bur4c in burden") in drift
    assert ("wording", "look", "bur1c") in drift
    assert {row["against"] for row in found["drift"] if row["what"] == "answers"} == {"w1", "w2"}
    assert not found["written"]
    assert "wave: w3" not in (third.parent / "as_it_was.yaml").read_text(encoding="utf-8")


def test_only_what_depends_on_the_new_wave_runs_again(three_waves):
    """One job a stage for the wave itself; what joins waves runs, earlier waves do not."""
    jobs = re.findall(r"^rule (\w+):", three_waves["jobs"], re.M)
    counted = {name: jobs.count(name) for name in dict.fromkeys(jobs)}
    for stage in ("ingest_export", "clean_wave", "score_wave"):
        assert counted[stage] == 1, stage
    assert counted["link_waves"] == 1
    assert counted["estimate_reliability"] <= 2  # the new wave, and all waves together
    before, again = three_waves["before"], bytes_of_earlier_waves(three_waves["study"])
    assert again == before
    assert {name.split("/")[0] for name in before} == {"w1", "w2", "reliability_w1.csv",
                                                       "reliability_w2.csv"}  # fmt: skip


def test_what_changed_between_the_runs_is_listed(checkout, three_waves):
    study = three_waves["study"]
    told = checkout.driehoek(
        "changes", study.parent / "two.json", public(study), "--json", cwd=study.parent
    )
    found = json.loads(told.stdout)
    causes = {(each["kind"], each["name"]) for each in found["causes"]}
    assert {("input", "raw/w3.csv"), ("input", "story-0.2.0.yaml")} <= causes
    assert ("setting", "waves.3.wave") in causes
    assert {kind for kind, _ in causes} == {"input", "setting"}
    come = [each for each in found["numbers"] if each["old"] is None]
    assert any("/w3/" in each["id"] for each in come)
    moved = [each for each in found["numbers"] if each["old"] is not None]
    assert not [each for each in moved if of_own_wave(each["id"]) in {"w1", "w2"}]


def test_the_third_wave_makes_its_results_appear_and_is_no_deviation(three_waves):
    """Nobody edited the plan: `add-wave` wrote the wave into the study file, and no more."""
    study = three_waves["study"]
    before = json.loads((study.parent / "two.json").read_text("utf-8"))
    after = json.loads((public(study) / "manifest.json").read_text("utf-8"))
    come = [name for name in after["numbers"] if name not in before["numbers"]]
    for expected in (
        "retest/-/-/-/burden/w2 and w3/-/.*/smallest_detectable_change",
        "retest/-/-/-/burden/w2 and w3/neither/.*/reliable_change",
        r"models/all/carer/-/growth/.*wave\[w3\]/.*/b",
        "attrition/w3/carer/.*/g",
    ):
        assert any(re.fullmatch(expected, name) for name in come), expected
    assert any(name.startswith("invariance/all/carer/-/burden/") for name in after["numbers"])
    assert after["sealed_plan"]["sha256"] == before["sealed_plan"]["sha256"]
    assert after["sealed_plan"]["deviations"] == []


def test_an_altered_number_and_an_altered_input_byte_are_found_and_named(checkout, three_waves):
    study = three_waves["study"]
    raw, table = study.parent / "raw" / "w1.csv", public(study) / "statistics" / "models.csv"
    originals = raw.read_bytes(), table.read_bytes()
    lines = originals[0].decode("utf-8-sig").splitlines()
    heading = [cell.strip('"') for cell in lines[0].split(",")]
    place = heading.index("bur1c")
    row = next(i for i, line in enumerate(lines) if line.split(",")[place] == '"2"')
    cells = lines[row].split(",")
    lines[row] = ",".join([*cells[:place], '"1"', *cells[place + 1 :]])
    raw.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    numbers = pd.read_csv(table)
    at = numbers.index[numbers["statistic"] == "b"][0]
    numbers.loc[at, "estimate"] += 0.001
    numbers.to_csv(table, index=False)
    against = public(study) / "manifest.json"
    words = ("verify", study, "--against", against, "--cores", "2", "--json")
    done = checkout.driehoek(*words, cwd=study.parent, check=False)
    raw.write_bytes(originals[0])
    table.write_bytes(originals[1])
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    assert ("input", "raw/w1.csv") in {(each["kind"], each["name"]) for each in found["causes"]}
    assert "the paths part at: input raw/w1.csv" in found["where"]
    moved = {each["id"] for each in found["numbers"]}
    assert any(name.startswith("items/w1/carer") and "bur1c" in name for name in moved)
    assert not [name for name in moved if of_own_wave(name) in {"w2", "w3"}]
    altered = [each["found"] for each in found["altered"]]
    assert any(str(numbers.loc[at, "id"]) in told and "estimate" in told for told in altered)


def test_results_of_another_driehoek_are_not_packed(checkout, three_waves):
    study = three_waves["study"]
    manifest = public(study) / "manifest.json"
    original = manifest.read_bytes()
    content = json.loads(original)
    content["code"]["models/linear.py"] = "0"
    manifest.write_text(json.dumps(content), encoding="utf-8")
    done = checkout.driehoek("pack", study, cwd=study.parent, check=False)
    manifest.write_bytes(original)
    assert done.returncode == 1
    assert "another driehoek made the results (code models/linear.py: other" in done.stderr
    assert not list(study.parent.glob("*.zip"))


@pytest.fixture(scope="module")
def unpacked(checkout, three_waves, tmp_path_factory):
    """Pack the study for a reviewer, and unpack it in an empty folder."""
    study, folder = three_waves["study"], tmp_path_factory.mktemp("reviewer") / "pack"
    archive = study.parent / "pack.zip"
    words = ("pack", study, "--out", archive, "--cores", "2")
    done = checkout.driehoek(*words, cwd=study.parent, check=False)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(archive) as whole:
        whole.extractall(folder)
    return folder


def test_a_pack_holds_no_confidential_byte(three_waves, unpacked):
    study = three_waves["study"]
    private = study.parent / "results" / "story" / "private"
    long = pd.read_parquet(private / "data" / "long.parquet")
    raw = pd.read_csv(study.parent / "raw" / "w1.csv", dtype=str, encoding="utf-8-sig")
    planted = {*long["person"], *long["triad"], *raw["personcode"].dropna(), "192.0.2."}
    looked_for = re.compile("|".join(re.escape(each) for each in sorted(planted)).encode())
    for path in unpacked.rglob("*"):
        if path.is_file() and "code" not in path.relative_to(unpacked).parts:
            assert not looked_for.search(path.read_bytes()), path
    assert not list(unpacked.rglob("*.parquet"))
    assert not list(unpacked.rglob("*.sav"))


def test_the_pack_describes_itself_as_a_workflow_run_crate(unpacked):
    crate = ROCrate(unpacked)
    profiles = {each.id for each in crate.root_dataset["conformsTo"]}
    assert "https://w3id.org/ro/wfrun/workflow/0.5" in profiles
    assert crate.mainEntity.id == "code/Snakefile"
    run = crate.get("#run")
    assert "published/manifest.json" not in {each.id for each in run["result"]}
    assert "published/report.en.html" in {each.id for each in run["result"]}
    assert {each["name"] for each in run["object"]} >= {"raw/w1.csv", "raw/w3.csv"}


def test_the_twin_has_the_tables_and_the_steps_of_the_study(unpacked):
    """Steps of the study are counted in its rules, those of the twin as they were done."""
    study, twin = (read_record(unpacked / name / "manifest.json") for name in ("published", "twin"))
    assert twin.is_synthetic
    assert not study.is_synthetic
    assert structure_changed(study, twin) == []
    steps = steps_by_rule(study, twin).set_index("rule")
    compared = steps.drop(index=READING, errors="ignore")
    assert (compared["old"] == compared["new"]).all()
    assert compared.loc["clean_wave", "new"] == 3
    assert compared.loc["estimate_reliability", "new"] == 4


@pytest.fixture(scope="module")
def no_index(unpacked, tmp_path_factory):
    """Ask for one package of the lock; say why it cannot be had, or nothing where it can."""
    lock = (unpacked / "code" / "requirements.lock").read_text("utf-8")
    wanted = re.search(r"^packaging==[\w.]+", lock, re.M).group()
    folder = tmp_path_factory.mktemp("one package")
    words = ("download", "--quiet", "--no-deps", "--no-cache-dir", "--retries", "0")
    done = subprocess.run(
        [sys.executable, "-m", "pip", *words, "--dest", folder, wanted],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


@pytest.fixture(scope="module")
def reviewer(checkout, unpacked, no_index):
    """Give the words for make with which a reviewer runs the pack, and the environment.

    Where packages can be had, make makes a new environment from the lock of the pack. Elsewhere
    the code of the pack is installed from it, and packages are those of this interpreter.
    """
    own = {name: value for name, value in checkout.environment().items() if name != "PYTHONPATH"}
    if not no_index:
        return [f"PYTHON={sys.executable}"], own
    site = unpacked / "site"
    words = ("--quiet", "--no-deps", "--no-build-isolation", "--target", site, unpacked / "code")
    checkout.python("-m", "pip", "install", *words, cwd=unpacked)
    return [f"DRIEHOEK={sys.executable} -m driehoek.cli"], own | {"PYTHONPATH": str(site)}


@pytest.fixture(scope="module")
def made(unpacked, reviewer):
    """Run make results and make verify in the pack."""
    words, environment = reviewer
    return {
        target: subprocess.run(
            ["make", "--no-print-directory", target, *words], cwd=unpacked, env=environment,
            capture_output=True, text=True, check=False,
        )
        for target in ("results", "verify")
    }  # fmt: skip


def test_make_results_and_make_verify_pass_in_an_empty_folder(unpacked, made):
    for done in made.values():
        assert done.returncode == 0, done.stderr
    said = made["verify"].stdout
    assert "The same: " in said
    assert re.search(
        r"^Published files beside the manifest: \d+, all as they were sealed", said, re.M
    )
    last = "The same structure, steps and code, and the numbers of the twin's own manifest."
    assert said.splitlines()[-1] == last
    report = (unpacked / "results" / "story" / "public" / "report.en.html").read_text("utf-8")
    assert "Synthetic twin: nobody gave these answers." in report


def verified(pack, words, environment):
    return subprocess.run(
        ["make", "--no-print-directory", "verify", *words], cwd=pack, env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def one_byte_altered(content):
    """Turn one answer of a raw file into another, of the same length."""
    lines = content.decode("utf-8").split("\n")
    place = lines[0].split(",").index("bur1c")
    row = next(i for i, line in enumerate(lines) if line.split(",")[place] == "2")
    cells = lines[row].split(",")
    lines[row] = ",".join([*cells[:place], "1", *cells[place + 1 :]])
    altered = "\n".join(lines).encode("utf-8")
    assert sum(a != b for a, b in zip(content, altered, strict=True)) == 1
    return altered


@pytest.fixture(scope="module")
def tampered(unpacked, reviewer, made):
    """Alter the pack in four places, put a file into it, and verify it once."""
    assert made["verify"].returncode == 0, made["verify"].stderr
    published, raw = unpacked / "published", unpacked / "twin" / "raw" / "w1_carer.csv"
    table, sealed = published / "statistics" / "models.csv", published / "manifest.json"
    codebook, extra = published / "codebook.html", published / "statistics" / "extra.csv"
    originals = {path: path.read_bytes() for path in (raw, table, sealed, codebook)}
    numbers = pd.read_csv(table)
    at = numbers.index[numbers["statistic"] == "b"][0]
    numbers.loc[at, "estimate"] += 0.001
    numbers.to_csv(table, index=False)
    content = json.loads(originals[sealed])
    changed = next(name for name in content["numbers"] if name.startswith("items/"))
    content["numbers"][changed] += 1
    sealed.write_text(json.dumps(content), encoding="utf-8")
    codebook.write_bytes(originals[codebook].replace(b"burden", b"Burden", 1))
    raw.write_bytes(one_byte_altered(originals[raw]))
    extra.write_text("id\n", encoding="utf-8")
    done = verified(unpacked, *reviewer)
    for path, content in originals.items():
        path.write_bytes(content)
    extra.unlink()
    return {"done": done, "number": numbers.loc[at, "id"], "changed": changed}


def test_an_altered_number_and_an_altered_byte_are_found_and_named_in_the_pack(tampered):
    done, sealed_with = tampered["done"], "not the file that the manifest was sealed with"
    assert done.returncode != 0
    own, published = done.stdout.split("The study and its twin, by published/manifest.json:")
    assert "input raw/w1_carer.csv: other content" in own
    assert "the paths part at: input raw/w1_carer.csv: other content" in own
    assert re.search(r"items/w1/carer/-/-/1/bur1c/count/count, estimate: ", own)
    assert f"altered: statistics/models.csv: {sealed_with}" in published
    assert f"altered: statistics/models.csv: {tampered['number']}, estimate: " in published
    assert f"altered: manifest.json: {tampered['changed']}, estimate: " in published
    assert f"altered: codebook.html: {sealed_with}" in published
    assert "altered: statistics/extra.csv: here and not in the manifest" in published
    assert published.count("altered: ") == 5
    assert done.stdout.splitlines()[-1] == "Not the same."


@pytest.mark.usefixtures("tampered")
def test_an_input_at_which_the_run_stops_is_named_as_altered(unpacked, reviewer):
    raw = unpacked / "twin" / "raw" / "w1_carer.csv"
    original = raw.read_bytes()
    raw.write_bytes(original.replace(b"bur1c", b"bur1x", 1))
    done = verified(unpacked, *reviewer)
    raw.write_bytes(original)
    assert done.returncode != 0
    assert "raw/w1_carer.csv: input raw/w1_carer.csv: other content" in done.stderr


def test_the_environment_of_a_pack_holds_what_its_lock_says(unpacked, made, no_index):
    """Hashes are required, so what stands there is what the lock was made with."""
    if no_index:
        pytest.skip(f"no package index can be reached: {no_index}")
    assert made["results"].returncode == 0, made["results"].stderr
    python = unpacked / ".venv" / "bin" / "python"
    asks = "import driehoek, importlib.metadata as m, json; print(json.dumps([driehoek.__file__, "
    asks += "{d.name: d.version for d in m.distributions()}]))"
    done = subprocess.run([python, "-c", asks], capture_output=True, text=True, check=True)
    place, installed = json.loads(done.stdout)
    assert place.startswith(str(unpacked / ".venv"))
    lock = (unpacked / "code" / "requirements.lock").read_text("utf-8")
    found = re.findall(r"^([\w.-]+)==(\S+)", lock, re.M)
    locked = {(named(name), version) for name, version in found}  # numpy, say, once a Python
    others = {
        name: version
        for name, version in installed.items()
        if (named(name), version) not in locked and name not in {"driehoek", "pip", "setuptools"}
    }
    assert others == {}
    assert len(installed) > 100


def named(package):
    return re.sub(r"[-_.]+", "-", package).lower()
