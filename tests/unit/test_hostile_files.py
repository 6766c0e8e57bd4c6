"""Files made to do harm are refused in little time and memory, with a message."""

import json
import resource
import subprocess
import sys
import zipfile

import openpyxl
import pytest
from ingest_example import carers, csv_text, first_export, make_study

from driehoek.ingest.export import beside_raw, ingest_export, source_of
from driehoek.ingest.recognise import read_table
from driehoek.problems import AnswersError, StudyError
from driehoek.study import read_study

SHEET = "xl/worksheets/sheet1.xml"
MEGABYTES, SECONDS = 600, 60
READ = """
import resource, sys
from pathlib import Path
from driehoek.ingest.recognise import read_table
from driehoek.problems import AnswersError
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
try:
    read_table(Path(sys.argv[1]))
except AnswersError as refused:
    print(refused)
status = Path("/proc/self/status")
if status.exists():  # what this program held; maxrss counts what its parent held when it began
    peak = next(line.split()[1] for line in status.read_text().splitlines() if "VmHWM" in line)
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(int(peak) // 1024, file=sys.stderr)
"""


def refused(path, said):
    """See a file refused by a process of its own, within bounds of memory and time."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert said in done.stdout, done.stderr[-500:]
    assert int(done.stderr.split()[-1]) < MEGABYTES


def workbook(folder, parts):
    """Write a workbook, some of its parts replaced."""
    plain, path = folder / "plain.xlsx", folder / "any.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append(["1", "2"])
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", 8) as target:
        for name in dict.fromkeys([*source.namelist(), *parts]):
            target.writestr(name, parts[name] if name in parts else source.read(name))
    return path


def sheet(rows, dimension="A1:B2"):
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    size = f'<dimension ref="{dimension}"/>'
    return f"{head}{size}<sheetData>{rows}</sheetData></worksheet>".encode()


def test_a_workbook_that_unpacks_beyond_bounds_is_refused(tmp_path):
    path = tmp_path / "any.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open(SHEET, "w", force_zip64=True) as stream,
    ):
        for _ in range(1_001):
            stream.write(bytes(1_000_000))
    assert path.stat().st_size < 2_000_000
    refused(path, "a workbook of 1001 MB when unpacked")


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path):
    path = workbook(tmp_path, {SHEET: sheet("<!-- " + " " * 5_000_000 + " -->")})
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        size = packed.getinfo(SHEET).file_size
    small = raw.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert small != raw
    path.write_bytes(small)
    refused(path, "damaged workbook")


@pytest.mark.parametrize(
    ("rows", "dimension"),
    [
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "A1:XFD1048576"),
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "A1:B2"),
    ],
)
def test_a_workbook_of_few_cells_far_apart_is_refused(tmp_path, rows, dimension):
    refused(workbook(tmp_path, {SHEET: sheet(rows, dimension)}), "by 16384 columns")


def test_a_workbook_that_claims_more_rows_than_it_has_is_read_as_it_is(tmp_path):
    first = '<row r="1"><c r="A1"><v>7</v></c><c r="B1"><v>8</v></c></row>'
    second = '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row>'
    path = workbook(tmp_path, {SHEET: sheet(first + second, "A1:XFD1048576")})
    assert read_table(path).cells.to_numpy().tolist() == [["1", "2"]]


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_entities_that_multiply_are_refused_in_every_part(tmp_path, part):
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    text = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l9;</x>'
    refused(workbook(tmp_path, {part: text.encode()}), "definitions of entities")


def test_a_hundred_thousand_columns_are_refused(tmp_path):
    path = tmp_path / "wide.csv"
    row = ",".join(f"c{i}" for i in range(100_000))
    path.write_text(f"{row}\n" * 20, encoding="utf-8")
    refused(path, "100000 columns. Expected: at most 20000")
    wide = tmp_path / "wide.json"
    record = dict.fromkeys((f"c{i}" for i in range(100_000)), 1)
    wide.write_text(json.dumps({"responses": [record]}), encoding="utf-8")
    refused(wide, "100000 columns. Expected: at most 20000")


def test_a_huge_cell_is_refused(tmp_path):
    path = tmp_path / "huge.csv"
    path.write_text("a,b\n1," + "x" * 50_000_000 + "\n", encoding="utf-8")
    refused(path, "a cell of more than 131,072 characters")
    path.write_text('a,b\n1,"' + "x\n" * 10_000_000 + '"\n', encoding="utf-8")
    refused(path, "a cell of more than 131,072 characters")


def test_a_file_beyond_bounds_is_refused_unread(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as stream:
        stream.truncate(3_000_000_000)
    refused(path, "a file of 3.0 GB. Expected: at most 2 GB")


def test_json_within_json_is_refused(tmp_path):
    path = tmp_path / "deep.json"
    path.write_text('{"a":' * 1_000_000, encoding="utf-8")
    refused(path, "too deep to read")


def test_a_link_is_refused_wherever_it_leads(tmp_path):
    study = make_study(tmp_path, csv_text(carers({})))
    raw = tmp_path / "raw" / "carers.csv"
    raw.rename(tmp_path / "elsewhere.csv")
    for target in (tmp_path / "elsewhere.csv", tmp_path / "raw" / "carers.csv", "/dev/zero"):
        raw.unlink(missing_ok=True)
        raw.symlink_to(target)
        with pytest.raises(AnswersError, match="a link to another place"):
            ingest_export(study, "w1", first_export(study))


@pytest.mark.parametrize("name", ["../w1", "w1/../../x", "/etc", "w1\\x", ".", "w 1", "W\u0000"])
def test_a_wave_cannot_name_a_path(tmp_path, name):
    study = make_study(tmp_path, csv_text(carers({})))
    text = study.path.read_text(encoding="utf-8")
    study.path.write_text(text.replace("wave: w1", f"wave: {json.dumps(name)}"), encoding="utf-8")
    with pytest.raises(StudyError):
        read_study(study.path)


def test_a_file_name_leads_nowhere_but_beside_the_raw_data(tmp_path):
    study = make_study(tmp_path, csv_text(carers({})), name="..%2f..;rm -rf $(x)'.csv")
    export = first_export(study)
    assert export == "1-2f-rm-rf-x"
    report = beside_raw(source_of(study, "w1", export), "quarantine")
    assert report == tmp_path / "raw" / "driehoek-quarantine" / "w1-1-2f-rm-rf-x.csv"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: " + "[" * 1_000_000, "levels of nesting"),
        ("- " * 1_000_000, "levels of nesting"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "an anchor or alias"),
        ("a: " + "x" * 5_000_000, "larger than 4 MB"),
    ],
)
def test_a_study_file_that_grows_without_bound_is_refused(tmp_path, text, said):
    path = tmp_path / "study.yaml"
    path.write_text(text, encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    with pytest.raises(StudyError, match=said):
        read_study(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < SECONDS
