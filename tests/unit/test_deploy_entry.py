import numpy as np
import openpyxl
import pytest
from openpyxl.utils import column_index_from_string
from small_instrument import SMALL, small

from driehoek.deploy.entry import write_entry
from driehoek.ingest.export import ingest_export
from driehoek.instrument.reading import read_instrument
from driehoek.problems import AnswersError
from driehoek.study import read_study

KEY = "00112233445566778899aabbccddeeff" * 2
CODES = """\
  triadcode: {kind: code, roles: [carer, worker], text: {nl: Code, en: Code}}
  personcode: {kind: code, roles: [carer, worker], text: {nl: Uw code, en: Your code}}
  who:"""
PAGE = 'title: {nl: "U", en: "You"}, questions: [triadcode, personcode, who]}'
STUDY = """
study: small
title: {nl: klein, en: small}
instrument: small.yaml
seed: 1
waves: [{wave: w1, exports: [{file: raw/w1.xlsx, role: [carer, worker]}]}]
linkage: {triad: triadcode, person: personcode}
pseudonyms: {key: study.key}
"""


@pytest.fixture
def form(tmp_path):
    text = SMALL.replace("  who:", CODES, 1)
    assert 'title: {nl: "U", en: "You"}, questions: [who]}' in text
    (tmp_path / "small.yaml").write_text(
        text.replace('title: {nl: "U", en: "You"}, questions: [who]}', PAGE), encoding="utf-8"
    )
    return read_instrument(tmp_path / "small.yaml")


def fill(path, rows):
    """Type answers into the workbook, as a person would, and save it in place."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, 2):
        for name, value in row.items():
            sheet.cell(number, columns[name], value)
    book.save(path)


def ingest(folder):
    (folder / "study.key").write_text(KEY + "\n", encoding="utf-8")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    study = read_study(folder / "study.yaml")
    return ingest_export(study, "w1", next(iter(study.exports("w1"))))


def test_a_filled_workbook_is_ingested_as_it_stands(form, tmp_path):
    path = tmp_path / "raw" / "w1.xlsx"
    write_entry(form, path)
    carer = {"consent": 1, "triadcode": "007", "personcode": "A1", "who": 1, "language": "nl"}
    carer |= {"living": "n", "hours": 12.5, "tru1cw": 3, "tru2cw": 9, "remark": "Dank u"}
    worker = {"consent": "1", "triadcode": "007", "personcode": "B1", "who": "2", "tru1wc": "2"}
    fill(path, [carer, worker])
    found = ingest(tmp_path)
    assert list(found.responses["role"]) == ["carer", "worker"]
    assert found.responses["triad"].nunique() == 1
    values = found.responses[["living", "hours", "tru1cw", "tru2cw", "tru1wc"]].to_numpy()
    np.testing.assert_array_equal(values[0], [0, 12.5, 3, np.nan, np.nan])
    np.testing.assert_array_equal(values[1], [np.nan, np.nan, np.nan, np.nan, 2])
    kinds = found.missing.set_index(found.responses["role"])
    assert kinds.loc["carer", "tru2cw"] == "dont_know"
    assert kinds.loc["worker", "tru2wc"] == "skipped"
    assert kinds.loc["worker", "living"] == "not_shown"
    assert list(found.paradata["language"]) == ["nl", ""]
    assert found.quarantine.empty


def test_a_workbook_nobody_filled_has_no_answers(form, tmp_path):
    write_entry(form, tmp_path / "raw" / "w1.xlsx")
    with pytest.raises(AnswersError, match="no row of answers"):
        ingest(tmp_path)


def test_every_choice_lists_its_codes_and_shows_their_labels(form, tmp_path):
    write_entry(form, tmp_path / "entry.xlsx", language="en")
    sheet = openpyxl.load_workbook(tmp_path / "entry.xlsx").worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads == [*form.questions, "language"]
    listed, prompts = {}, {}
    for rule in sheet.data_validations.dataValidation:
        letter = str(rule.sqref).split(":")[0].rstrip("0123456789")
        name = heads[column_index_from_string(letter) - 1]
        listed[name], prompts[name] = rule.formula1, rule.prompt
    for qid, question in form.questions.items():
        if question.options:
            assert listed[qid] == f'"{",".join(option.code for option in question.options)}"'
    assert prompts["tru1cw"] == "1 = No\n2 = Partly\n3 = Yes\n9 = Don't know"
    assert prompts["hours"] == "A number from 0 to 168 (hours)"
    assert set(heads) - set(listed) == {"triadcode", "personcode", "remark"}


def test_the_workbook_of_one_role_has_its_questions_only(tmp_path):
    form = small(tmp_path)
    write_entry(form, tmp_path / "entry.xlsx", role="worker")
    book = openpyxl.load_workbook(tmp_path / "entry.xlsx")
    heads = [cell.value for cell in book.worksheets[0][1]]
    assert heads == ["consent", "tru1wc", "tru2wc", "remark", "language"]
    codes = {(row[0].value, row[3].value) for row in book.worksheets[1].iter_rows(min_row=2)}
    assert ("tru1wc", "9") in codes
    assert ("remark", None) in codes


def test_the_whole_triad_instrument_fits_excel(pytestconfig, tmp_path):
    form = read_instrument(pytestconfig.rootpath / "instruments" / "triad.yaml")
    write_entry(form, tmp_path / "entry.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "entry.xlsx").worksheets[0]
    rules = sheet.data_validations.dataValidation
    assert len(rules) > 360
    assert max(len(rule.prompt or "") for rule in rules) <= 255
    assert max(len(rule.promptTitle or "") for rule in rules) <= 32
    assert max(len(rule.formula1) for rule in rules) <= 255
