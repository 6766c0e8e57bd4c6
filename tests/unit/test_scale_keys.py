"""The keys of published scales that we ship, and the faults their reader finds."""

from pathlib import Path

import pytest

from driehoek.instrument.keys import ScaleKey, read_scale_key
from driehoek.problems import InstrumentError

FOLDER = Path(__file__).parents[2] / "instruments" / "scales"
FILES = sorted(FOLDER.glob("*.yaml"))
# fmt: off
VERIFIED = [
    "bsfc_s", "care_measure", "caregiver_strain_index", "carerqol7d", "carerqol_vas", "ediz",
    "ediz_plus", "mcsi", "wai_sr", "who5", "zbi12_bedard",
]
UNVERIFIED = [
    "cope_index", "cra", "dyadic_trust", "mutuality", "res", "srb", "trust_scale_1986", "wai_s",
    "wfpts", "zbi22", "zbi4_screen",
]
# fmt: on

# The ranges as the authors or the research notes print them, not as the reader derives them.
PRINTED_RANGES = {
    ("bsfc_s", "total"): (0, 30),
    ("care_measure", "total"): (10, 50),
    ("caregiver_strain_index", "total"): (0, 13),
    ("carerqol7d", "sum"): (0, 14),
    ("cope_index", "negative_impact"): (7, 28),
    ("cope_index", "positive_value"): (4, 16),
    ("ediz", "total"): (0, 9),
    ("ediz_plus", "total"): (0, 15),
    ("mcsi", "total"): (0, 26),
    ("mutuality", "total"): (0, 4),
    ("res", "total"): (24, 120),
    ("trust_scale_1986", "total"): (18, 126),
    ("wai_s", "total"): (12, 84),
    ("wai_sr", "total"): (12, 60),
    ("wfpts", "total"): (10, 50),
    ("who5", "total"): (0, 100),
    ("zbi12_bedard", "total"): (0, 48),
    ("zbi22", "total"): (0, 88),
    ("zbi4_screen", "total"): (0, 16),
}

VALID = """\
id: demo
status: unverified
reference: "Nobody (2000)"
doi: null
licence_note: "ours"
item_text: none
items: 3
options: {min: 1, max: 5}
reverse: [2]
scales:
  total: {items: [1, 2, 3], score: sum, range: [3, 15], missing: {rule: project, max_missing: 0}}
examples:
  - {scale: total, answers: [5, 1, 5], score: 15}
"""


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def key(request) -> ScaleKey:
    return read_scale_key(request.param)


def test_every_announced_key_is_shipped_with_its_status():
    found = {path.stem: read_scale_key(path).status for path in FILES}
    expected = dict.fromkeys(VERIFIED, "verified") | dict.fromkeys(UNVERIFIED, "unverified")
    assert found == expected


def test_a_total_holds_every_item_and_the_parts_share_none(key):
    form = list(range(1, key.items + 1))
    parts = [scale.items for name, scale in key.scales.items() if name != "total"]
    in_parts = sorted(number for part in parts for number in part)
    if "total" in key.scales:
        assert key.scales["total"].items == form
        assert not parts or in_parts == form
    else:
        assert in_parts == form


def test_ranges_follow_from_items_and_options(key):
    recoded = {
        number: list(each.map.values())
        for each in key.recode
        for number in (range(1, key.items + 1) if each.items == "all" else each.items)
    }
    for scale in key.scales.values():
        values = [recoded.get(n, [key.options.min, key.options.max]) for n in scale.items]
        divisor = len(values) if scale.score == "mean" else 1
        low, high = sum(map(min, values)) / divisor, sum(map(max, values)) / divisor
        assert scale.range == (low * scale.multiply, high * scale.multiply)


@pytest.mark.parametrize(("name", "scale"), PRINTED_RANGES)
def test_ranges_are_those_in_print(name, scale):
    shipped = read_scale_key(FOLDER / f"{name}.yaml").scales[scale].range
    assert shipped == PRINTED_RANGES[name, scale]


def _score_by_hand(key, name, answers):
    scale = key.scales[name]
    keyed = []
    for number in scale.items:
        code = answers[number - 1]
        if code is None:
            continue
        maps = [r.map for r in key.recode if r.items == "all" or number in r.items]
        turned = key.options.min + key.options.max - code if number in key.reverse else code
        keyed.append(maps[0][code] if maps else turned)
    if not keyed or len(scale.items) - len(keyed) > scale.missing.max_missing:
        return None
    mean = sum(keyed) / len(keyed)
    return scale.multiply * (mean * len(scale.items) if scale.score == "sum" else mean)


def test_examples_are_right(key):
    for example in key.examples:
        found = _score_by_hand(key, example.scale, example.answers)
        assert found == (None if example.score is None else pytest.approx(example.score, abs=1e-12))


def test_every_scale_has_two_examples_and_one_is_missing_or_extreme(key):
    for name, scale in key.scales.items():
        examples = [example for example in key.examples if example.scale == name]
        assert len(examples) >= 2
        assert any(
            example.score in scale.range or any(example.answers[n - 1] is None for n in scale.items)
            for example in examples
        )


def test_the_project_rule_is_a_quarter_and_none_for_dichotomous_sums(key):
    for scale in key.scales.values():
        if scale.missing.rule == "authors":
            assert key.id in {"care_measure", "who5"}
        elif key.id in {"ediz", "ediz_plus", "caregiver_strain_index", "carerqol7d"}:
            assert scale.missing.max_missing == 0
        else:
            assert scale.missing.max_missing == len(scale.items) // 4


def test_no_key_ships_item_text(key):
    shipped = (FOLDER / f"{key.id}.yaml").read_text(encoding="utf-8")
    assert key.item_text == "none"
    assert "text:" not in shipped.replace("item_text: none", "")


FAULTS = {
    "an item number beyond the form": ("reverse: [2]", "reverse: [4]", "item number 4"),
    "an item named twice": ("reverse: [2]", "reverse: [2, 2]", "item 2 stands here twice"),
    "an item both recoded and reversed": (
        "reverse: [2]",
        "reverse: [2]\nrecode: [{items: all, map: {1: 1, 2: 2, 3: 3, 4: 4, 5: 5}}]",
        "both recoded and reversed",
    ),
    "a recode that leaves codes out": (
        "reverse: [2]",
        "recode: [{items: [1], map: {1: 0, 5: 1}}]",
        "every code from 1 to 5",
    ),
    "a range that cannot be": ("range: [3, 15]", "range: [0, 15]", "[3.0, 15.0], from its items"),
    "too many items that may be missing": ("max_missing: 0", "max_missing: 3", "3 of 3 items"),
    "options that do not rise": ("{min: 1, max: 5}", "{min: 5, max: 1}", "below the highest"),
    "verified without a source": ("unverified", "verified", "verified without a source"),
    "an id other than the file": ("id: demo", "id: other", "id 'other' in the file demo.yaml"),
    "a band for an unknown scale": (
        "examples:",
        "bands: {part: {low: 3}}\nbands_status: authors\nexamples:",
        "unknown scale 'part'",
    ),
    "bands that start above the lowest score": (
        "examples:",
        "bands: {total: {low: 4, high: 9}}\nbands_status: authors\nexamples:",
        "the first 3",
    ),
    "bands of nobody": ("examples:", "bands: {total: {low: 3}}\nexamples:", "bands_status"),
    "an example of the wrong length": ("[5, 1, 5]", "[5, 1]", "2 answers"),
    "an example with an impossible code": ("[5, 1, 5]", "[5, 1, 6]", "code 6"),
    "an example of an unknown scale": ("{scale: total", "{scale: sum", "unknown scale 'sum'"),
    "item text": ("item_text: none", "item_text: all of it", "'none'"),
    "an unknown key": ("reverse:", "reversed:", "did you mean 'reverse'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_reader_names(fault, tmp_path):
    before, after, message = FAULTS[fault]
    path = tmp_path / "demo.yaml"
    path.write_text(VALID.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InstrumentError) as caught:
        read_scale_key(path)
    assert message in str(caught.value)
    assert "line" in str(caught.value)


def test_the_reader_lists_every_fault_at_once(tmp_path):
    path = tmp_path / "demo.yaml"
    text = VALID.replace("range: [3, 15]", "range: [0, 15]").replace("[5, 1, 5]", "[5, 1, 6]")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InstrumentError) as caught:
        read_scale_key(path)
    assert [problem.line for problem in caught.value.problems] == [11, 13]


def test_values_are_turned_by_the_declared_range(tmp_path):
    path = tmp_path / "demo.yaml"
    path.write_text(VALID, encoding="utf-8")
    key = read_scale_key(path)
    assert key.values(2) == {1: 5, 2: 4, 3: 3, 4: 2, 5: 1}
    assert key.values(1) == {1: 1, 2: 2, 3: 3, 4: 4, 5: 5}
