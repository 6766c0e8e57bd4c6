"""Identifying data of every kind, planted in raw files, and looked for in all that a run leaves."""

import re
import zipfile

import pandas as pd
import pyreadstat
import pytest
from running import small_study

pytestmark = pytest.mark.workflow

CANARIES = {
    "e-mail": "kanarie.geel@example.org",
    "phone": "06-48271635",
    "ip": "198.51.100.77",
    "bsn": "111222333",
    "iban": "NL91ABNA0417164300",
    "address": "Dorpsstraat 12, 3512 JE Utrecht",
    "name": "Kanariegeel-Zangvogel",
}
# Where a canary stands besides the cells: in a heading, in names inside files.
HEADING, SHEET = "Kanarieheading_Pietersen", "Kanarieblad Smit"
# Who typed their name as a code, their number as an answer, or stands in the file's own properties.
CODE, AUTHOR, REASON = "Kanariecode Visser", "Kanarie Auteur-Bakker", "kanariereden mevrouw Kok"
NOTE, LABEL = "kanarienotitie de Vries", "kanarielabel Mulder"
# What the study is given, and no run leaves.
GIVEN = {"raw", "study.yaml", "withdrawn.csv"}
PLAN = """
plan:
  reliability: {scales: [burden], bootstrap: 0}
  models:
    burden: {kind: linear, wave: w1, outcome: carer.burden, blocks: [[carer.hours]]}
"""


def words():
    """Give what may be found nowhere, as it could be written."""
    typed = [CODE, CODE.replace(" ", "").upper(), AUTHOR, REASON]
    plain = [*CANARIES.values(), HEADING, SHEET, NOTE, LABEL, *typed]
    return [word.casefold() for word in plain]


def planted(table):
    """Add a column for each kind of identifying data, and one with a name as its heading."""
    marked = table.copy()
    for kind, canary in CANARIES.items():
        marked[f"vraag_{kind.replace('-', '')}"] = canary
    marked[HEADING] = "ja"
    marked["opmerking"] = f"Bel mij op {CANARIES['phone']}, groet {CANARIES['name']}"
    return marked


@pytest.fixture(scope="module")
def run(checkout, tmp_path_factory):
    """Run a study of two waves whose exports hold identifying data everywhere."""
    folder = tmp_path_factory.mktemp("canary") / "study"
    study = small_study(folder, triads=40)
    text = study.read_text(encoding="utf-8")
    checkout.driehoek("simulate", study, "--n", "40", "--seed", "5", "--out", folder, cwd=folder)
    raw = folder / "raw"
    limesurvey = raw / "w1_limesurvey_carers.csv"
    carers = planted(pd.read_csv(limesurvey, dtype=str, keep_default_na=False))
    carers.loc[0, "triadcode"] = carers.loc[1, "personcode"] = CODE
    carers.loc[2, "hours"] = CANARIES["phone"]
    carers.loc[3, "giv1cs"] = CANARIES["e-mail"]
    carers.to_csv(limesurvey, index=False, encoding="utf-8-sig")
    with (folder / "withdrawn.csv").open("a", encoding="utf-8") as file:
        file.write(f"{CODE},w1,{REASON}\n")
    table, meta = pyreadstat.read_sav(str(raw / "w3_spss.sav"), user_missing=True)
    pyreadstat.write_sav(
        planted(table), str(raw / "w3_spss.sav"), file_label=LABEL, note=NOTE,
        column_labels=[*meta.column_labels, *[LABEL] * (len(planted(table).columns)
                                                         - len(table.columns))],
        variable_value_labels=meta.variable_value_labels | {HEADING: {"ja": LABEL}},
    )  # fmt: skip
    other = raw / "w1_limesurvey_others.csv"
    excel = pd.read_csv(other, dtype=str, keep_default_na=False)
    with pd.ExcelWriter(raw / "w1_others.xlsx", engine="openpyxl") as workbook:
        planted(excel).to_excel(workbook, sheet_name=SHEET, index=False)
        workbook.book.properties.creator = AUTHOR
    for old, new in {
        "simulation: {triads: 40}": "",
        "raw/w1_limesurvey_others.csv": "raw/w1_others.xlsx",
    }.items():
        assert old in text
        text = text.replace(old, new)
    text = re.sub(r"  - wave: w2\n(    .*\n)+", "", text)
    start, end = text.index("\nplan:"), text.index("\n# Nothing is published")
    study.write_text(text[:start] + PLAN + text[end:], encoding="utf-8")
    for mark in raw.glob("truth.json"):
        mark.unlink()
    done = checkout.driehoek("run", study, "--cores", "2", cwd=folder, check=False)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout + done.stderr


def test_identifying_data_in_names_of_files_stop_a_run_before_it_leaves_anything(
    checkout, tmp_path
):
    folder = tmp_path / "study"
    study = small_study(folder, triads=5)
    text = study.read_text(encoding="utf-8").replace("simulation: {triads: 5}", "")
    names = {
        "raw/w1_limesurvey_carers.csv": f"raw/w1 {CANARIES['e-mail']}.csv",
        "raw/w1_limesurvey_others.csv": f"raw/{CANARIES['phone']}/w1.csv",
        "raw/w2_qualtrics.csv": f"raw/w2_{CANARIES['iban']}.csv",
        "raw/w3_spss.sav": f"raw/w3 {CANARIES['address']}.sav",
        "withdrawn.csv": f"withdrawn {CANARIES['bsn']}.csv",
    }
    for old, new in names.items():
        assert old in text
        text = text.replace(old, f'"{new}"')
        (folder / new).parent.mkdir(parents=True, exist_ok=True)
        (folder / new).write_text("a,b\n1,2\n", encoding="utf-8")
    study.write_text(text, encoding="utf-8")
    given = set(folder.rglob("*"))
    for command in (("run", study, "--cores", "1"), ("check", study)):
        done = checkout.driehoek(*command, cwd=folder, check=False)
        said = done.stdout + done.stderr
        assert done.returncode == 1
        assert said.count("a file name with") == len(names)
        assert not any(word in said.casefold() for word in words())
    assert set(folder.rglob("*")) == given


def contents(path):
    """Give all a file holds that can be read, parts of archives and columns of tables too."""
    yield path.name
    if path.suffix == ".parquet":
        table = pd.read_parquet(path)
        yield " ".join(map(str, table.columns))
        for column in table.select_dtypes(exclude="number"):
            yield " ".join(table[column].astype(str).unique())
        return
    if path.suffix == ".sav":
        table, meta = pyreadstat.read_sav(str(path))
        yield f"{meta.file_label} {meta.notes} {meta.column_labels} {meta.variable_value_labels}"
        yield table.select_dtypes(exclude="number").to_csv()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield name
                yield archive.read(name).decode("utf-8", "replace")
        return
    yield path.read_bytes().decode("utf-8", "replace")


def test_no_planted_identifier_is_in_anything_a_run_leaves(run):
    folder, said = run
    left = [
        path
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] not in GIVEN
    ]
    assert {"results", "logs", ".snakemake"} <= {path.relative_to(folder).parts[0] for path in left}
    looked_for = re.compile("|".join(re.escape(word) for word in words()))
    found = [
        (path.relative_to(folder).as_posix(), match.group())
        for path in left
        for text in contents(path)
        if (match := looked_for.search(text.casefold()))
    ]
    assert not found
    assert not looked_for.search(said.casefold())
