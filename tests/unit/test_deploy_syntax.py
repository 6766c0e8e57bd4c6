import json
import shutil
import subprocess

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import yaml
from small_instrument import SMALL
from small_study import INSTRUMENT

from driehoek.deploy.rscript import quoted, write_r
from driehoek.deploy.spss import write_spss
from driehoek.instrument.columns import score_column
from driehoek.instrument.keys import read_scale_key
from driehoek.instrument.reading import read_instrument
from driehoek.sav import spss_names
from driehoek.score_file import score_file

ROWS = 120
EXACT = 1e-12  # the same few numbers, added in another order
# Items of a scale that are routed, on gates that are routed themselves.
ROUTING = [
    {"show": ["a2c", "a3c"], "when": "hours > 20 or age >= 100"},
    {"show": ["t2cs", "t2cp"], "when": "role == carer and hours in [1, 2, 84]"},
    {"show": ["age"], "when": "consent == 1"},
]


def need(program):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")


def instrument(folder, settings):
    path = folder / "instrument.yaml"
    path.write_text(json.dumps(settings), encoding="utf-8")  # JSON is YAML
    return path, read_instrument(path)


def with_routes():
    """Route items of two scales; add the facets of one up instead of averaging them."""
    settings = yaml.safe_load(INSTRUMENT) | {"routing": ROUTING}
    warmth = settings["scales"]["warmth"]
    warmth["score"]["method"] = "sum"
    del warmth["examples"]
    return settings


def with_key(key):
    """Add a scale that a published key scores."""
    settings = yaml.safe_load(INSTRUMENT)
    names = [f"n{number}" for number in key.item_numbers]
    said = {"nl": "zin", "en": "line"}
    settings["responses"]["form"] = {
        "options": [
            {"code": str(code), "value": code, "label": {"nl": f"w{code}", "en": f"v{code}"}}
            for code in key.codes
        ]
    }
    for name in names:
        ask = {f"{name}c": {"role": "carer"}}
        settings["items"][name] = {"response": "form", "text": said, "ask": ask}
    settings["scales"]["strain"] = {"label": said, "items": names, "key": key.id}
    return settings


def answers(form, role, seed):
    """Draw a raw file: codes, gaps, don't know, and a few strange codes and numbers."""
    rng = np.random.default_rng(seed)
    columns = {}
    for qid, question in form.questions.items():
        if role is not None and role not in question.roles:
            continue
        strange = ""
        if question.options:
            pool = [option.code for option in question.options]
            if question.kind == "choice":
                # Half of the cells empty where routing may hide the question, else a few.
                n_empty = 3 * len(pool) if qid in form.conditions else 2
                pool, strange = [*pool * 3, *[""] * n_empty], "77"
        elif question.kind == "number":
            top = int(question.maximum)
            pool, strange = ["1", "2", "2.5", str(top // 2), str(top), ""], "9999"
        else:
            pool = ['said, and "quoted"', "é", ""]
        column = rng.choice(np.array(pool, dtype=object), ROWS)
        if strange:
            column[rng.choice(ROWS, 2, replace=False)] = strange  # more would be refused
        columns[qid] = column
    return pd.DataFrame(columns)


def ours(path, data, folder, role):
    score_file(path, data, folder / "ours.csv", role=role)
    return pd.read_csv(
        folder / "ours.csv", keep_default_na=False, na_values={"score": [""], "score_100": [""]}
    )


def run_pspp(form, folder, role, keys):
    need("pspp")
    write_spss(form, folder / "score.sps", role=role, keys=keys)
    done = subprocess.run(
        ["pspp", "-o", "said.txt", "score.sps"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    said = done.stdout + done.stderr + (folder / "said.txt").read_text(encoding="utf-8")
    assert "error:" not in said, said[:2000]
    assert "warning:" not in said, said[:2000]
    return pyreadstat.read_sav(folder / "scored.sav", user_missing=True)


def run_r(form, folder, role, keys):
    need("Rscript")
    write_r(form, folder / "score.R", role=role, keys=keys)
    subprocess.run(
        ["Rscript", "--vanilla", "score.R"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return pd.read_csv(
        folder / "scores.csv", keep_default_na=False, na_values={"score": [""], "score_100": [""]}
    )


def compare_with_spss(expected, scored):
    """Compare every score with the column of the .sav that has its name; both absent or equal."""
    columns = [score_column(r.scale, r.facet, r.about or None) for r in expected.itertuples()]
    names = spss_names([*dict.fromkeys(columns)])
    wide = scored.set_index(np.arange(2, len(scored) + 2))
    for ending, values in (("", expected["score"]), ("_100", expected["score_100"])):
        theirs = [
            wide.loc[row, names[column] + ending] if names[column] in wide else np.nan
            for row, column in zip(expected["row"], columns, strict=True)
        ]
        np.testing.assert_allclose(theirs, values, rtol=EXACT, atol=EXACT)


def compare_with_r(expected, theirs):
    keys = ["row", "role", "about", "scale", "facet"]
    both = expected.merge(theirs, on=keys, suffixes=("", "_r"), how="outer", validate="one_to_one")
    assert len(both) == len(expected) == len(theirs)
    for name in ("score", "score_100", "n_answered", "n_items"):
        np.testing.assert_allclose(
            both[f"{name}_r"], both[name], rtol=EXACT, atol=EXACT, err_msg=name
        )
    assert 0 < both["score"].notna().sum() < len(both)


CASES = {
    "facets": (lambda: yaml.safe_load(INSTRUMENT), "carer"),
    "routed": (with_routes, "carer"),
    "roles": (lambda: yaml.safe_load(SMALL), None),
}


@pytest.fixture(scope="module")
def ediz(pytestconfig):
    return read_scale_key(pytestconfig.rootpath / "instruments" / "scales" / "ediz.yaml")


@pytest.fixture(params=[*CASES, "triad", "published"])
def case(request, tmp_path, pytestconfig, ediz):
    """Give an instrument with a raw file, and the scores that driehoek gives it."""
    keys = {}
    role = "carer"
    if request.param == "published":
        path, form = instrument(tmp_path, with_key(ediz))
        keys = {"ediz": ediz}
        shipped = pytestconfig.rootpath / "instruments" / "scales"
        shutil.copytree(shipped, tmp_path / "scales")
    elif request.param == "triad":
        path, role = pytestconfig.rootpath / "instruments" / "triad.yaml", None
        form = read_instrument(path)
    else:
        settings, role = CASES[request.param]
        path, form = instrument(tmp_path, settings())
    data = tmp_path / "answers.csv"
    answers(form, role, 20261122).to_csv(data, index=False, encoding="utf-8")
    return form, role, keys, tmp_path, ours(path, data, tmp_path, role)


def test_pspp_agrees_with_our_scores(case):
    form, role, keys, folder, expected = case
    scored, _ = run_pspp(form, folder, role, keys)
    compare_with_spss(expected, scored)


@pytest.mark.r
def test_r_agrees_with_our_scores(case):
    form, role, keys, folder, expected = case
    compare_with_r(expected, run_r(form, folder, role, keys))


def test_spss_gets_labels_levels_and_missing_values(tmp_path):
    _, form = instrument(tmp_path, yaml.safe_load(SMALL))
    answers(form, None, 1).to_csv(tmp_path / "answers.csv", index=False, encoding="utf-8")
    _, told = run_pspp(form, tmp_path, None, {})
    labels = told.variable_value_labels
    assert labels["tru1cw"][1.0] == "Nee"
    assert labels["tru1cw"][-94.0] == "Weet niet"
    assert told.column_names_to_labels["tru1cw"] == "Ik vertrouw deze werker."
    assert told.missing_ranges["tru1cw"] == [{"lo": -99.0, "hi": -90.0}]
    assert told.variable_measure["tru1cw"] == "ordinal"
    assert told.column_names_to_labels["trust_about_worker"] == "vertrouwen, → werker"


def test_a_scale_without_its_key_is_left_out_and_named(tmp_path, ediz):
    _, form = instrument(tmp_path, with_key(ediz))
    assert "strain (key ediz)" in write_r(form, tmp_path / "score.R")[1]
    assert "strain" not in (tmp_path / "score.R").read_text(encoding="utf-8")


def test_texts_cannot_leave_their_quotes_in_r():
    assert quoted('a"b\\c\né😀') == '"a\\"b\\\\c\\u{000a}\\u{00e9}\\U{0001f600}"'
