"""The shipped questionnaire: its wording, its ids, its keys and its worked examples."""

import re
from collections import Counter
from pathlib import Path
from statistics import fmean

import pytest
import yaml

from driehoek.instrument.checks import SPSS_RESERVED
from driehoek.instrument.reading import read_instrument

PATH = Path(__file__).parents[2] / "instruments" / "triad.yaml"
QUESTIONNAIRE = read_instrument(PATH)
INSTRUMENT = QUESTIONNAIRE.instrument
ITEMS = INSTRUMENT.items

# Sizes of the facets as blueprint and item bank give them; 69 items in all.
DRAFTED = {
    **dict.fromkeys(["giv", "rec", "ack", "trr", "roo", "pow", "loy"], 4),
    **dict.fromkeys(["bal", "trg", "pas"], 5),
    "dia": 6,
    **dict.fromkeys(["tim", "phy", "emo", "soc", "fin"], 4),
}
ADDED = {"sta": 4, "tsk": 4, "glb": 5, "ost": 2, "qua": 1}
BLOCK_1 = [("seeker", "carer"), ("carer", "seeker"), ("professional", "seeker")]
BLOCK_2 = [("seeker", "professional"), ("carer", "professional"), ("professional", "carer")]
BURDEN = [("seeker", "carer"), ("carer", "carer"), ("professional", "carer")]
NEGATIONS = {
    "nl": {"niet", "geen", "nooit", "niets", "niemand", "nergens", "zonder", "noch"},
    "en": {"not", "no", "never", "none", "nothing", "nobody", "without", "neither", "nor"},
}
TOKEN = re.compile(r"\{[a-z]+\}")
WORD = re.compile(r"[^\W_][\w'’-]*")
MAX_WORDS = 15


def _wordings():
    for name, item in ITEMS.items():
        for qid, ask in item.ask.items():
            yield qid, name, ask.text or item.text


WORDINGS = {qid: (name, text) for qid, name, text in _wordings()}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_wording_is_longer_than_fifteen_words(language):
    lengths = {
        qid: len(WORD.findall(TOKEN.sub("name", text[language])))
        for qid, (_, text) in WORDINGS.items()
    }
    assert {qid: n for qid, n in lengths.items() if n > MAX_WORDS} == {}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_wording_negates(language):
    for qid, (_, text) in WORDINGS.items():
        words = set(WORD.findall(text[language].lower()))
        assert not words & NEGATIONS[language], qid
        assert not any(word.endswith(("n't", "n’t")) for word in words), qid


def test_every_wording_stands_in_both_languages_with_the_same_names():
    for qid, (_, text) in WORDINGS.items():
        assert set(text) == {"nl", "en"}, qid
        names = [Counter(TOKEN.findall(text[language])) for language in ("nl", "en")]
        assert names[0] == names[1], qid


def test_every_wording_is_one_sentence_with_its_end_mark():
    for qid, (name, text) in WORDINGS.items():
        mark = "?" if INSTRUMENT.items[name].response in _ASKING else "."
        assert all(each.endswith(mark) for each in text.values()), qid
        assert all(not re.search(r"[.?] \{", each) for each in text.values()), qid


_ASKING = {"balance7", "fair5", "trust11", "demand11", "quality11"}


def test_dutch_wordings_use_the_polite_form_and_avoid_he_and_she():
    for qid, (_, text) in WORDINGS.items():
        words = set(WORD.findall(text["nl"].lower()))
        assert not words & {"je", "jij", "jou", "jouw", "hij", "haar", "hem"}, qid


def test_filled_in_wordings_keep_no_token():
    for qid, question in QUESTIONNAIRE.questions.items():
        assert set(question.text) == {"nl", "en"}, qid
        assert not any("{" in each for each in question.text.values()), qid


def test_a_reader_never_reads_about_himself_by_name():
    own = {role: f"{{{role}}}" for role in INSTRUMENT.roles}
    for qid, (name, text) in WORDINGS.items():
        ask = ITEMS[name].ask[qid]
        hidden = {own[ask.role]} | ({"{about}"} if ask.about == ask.role else set())
        assert not hidden & set(TOKEN.findall(text["nl"])), qid


def test_question_ids_are_item_reader_and_target():
    letters = {None: "", **{name: role.letter for name, role in INSTRUMENT.roles.items()}}
    for name, item in ITEMS.items():
        for qid, ask in item.ask.items():
            assert qid == name + letters[ask.role] + letters[ask.about]


def test_question_ids_survive_every_platform():
    ids = list(QUESTIONNAIRE.questions)
    assert all(re.fullmatch(r"[a-z][a-z0-9]{0,19}", qid) for qid in ids)
    assert len({qid.lower() for qid in ids}) == len(ids)
    assert not SPSS_RESERVED & set(ids)


def test_option_codes_are_short_and_never_negative():
    raw = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    sets = [each["options"] for each in raw["responses"].values()]
    sets += [each["options"] for each in raw["background"].values() if "options" in each]
    for options in sets:
        assert all(isinstance(option["code"], str) for option in options)
        assert all(re.fullmatch(r"[A-Za-z0-9]{1,5}", option["code"]) for option in options)
    values = [option.value for option in INSTRUMENT.responses["balance7"].options]
    assert values == [-3, -2, -1, 0, 1, 2, 3, None]


def test_the_bank_holds_the_drafted_and_the_added_items():
    found = Counter(name[:3] for name in ITEMS)
    assert sum(DRAFTED.values()) == 69
    assert found == DRAFTED | ADDED
    assert all(f"{stem}{i + 1}" in ITEMS for stem, n in found.items() for i in range(n))


def test_each_item_is_asked_about_the_persons_of_the_draft():
    asked = {name: [(a.role, a.about) for a in item.ask.values()] for name, item in ITEMS.items()}
    about = {
        pair: Counter(n[:3] for n, pairs in asked.items() if pair in pairs) for pair in BLOCK_2
    }
    bond = ["giv", "rec", "bal", "ack", "trg", "trr", "roo", "pow", "loy", "pas"]
    for pair in BLOCK_1:
        found = [n for n, pairs in asked.items() if n[:3] in bond and pair in pairs]
        assert len(found) == 42 + (pair[0] == "professional")  # and pas5 about the client
    for pair in BLOCK_2[:2]:
        assert sum(about[pair][stem] for stem in [*bond, "dia"]) == 38
    assert sum(about["professional", "carer"][stem] for stem in bond) == 32
    for stem in ("tim", "phy", "emo", "soc", "fin"):
        assert all(
            asked[f"{stem}{i}"] and set(asked[f"{stem}{i}"]) == set(BURDEN) for i in range(1, 5)
        )


def test_every_question_stands_on_one_page_of_its_reader():
    placed = Counter(qid for block in INSTRUMENT.blocks for qid in block.questions)
    assert placed == Counter(list(QUESTIONNAIRE.questions))
    for block in INSTRUMENT.blocks:
        for qid in block.questions:
            assert set(QUESTIONNAIRE.questions[qid].roles) == set(block.roles), qid


def test_every_item_counts_in_one_scale():
    counted = Counter(
        item
        for scale in INSTRUMENT.scales.values()
        for items in ([f.items for f in scale.facets.values()] if scale.facets else [scale.items])
        for item in items
    )
    assert counted == Counter(list(ITEMS))


def test_a_name_means_one_thing():
    kept = {"role", "about", "wave", "person", "triad", "response", "scale", "facet"}
    names = [*INSTRUMENT.scales, *INSTRUMENT.background, *ITEMS, *kept]
    assert [name for name, n in Counter(names).items() if n > 1] == []


def _facets():
    for name, scale in INSTRUMENT.scales.items():
        for facet, part in (scale.facets or {}).items():
            yield f"{name}.{facet}", part.items
        if scale.items and len(scale.items) > 1:
            yield name, scale.items


FACETS = dict(_facets())


@pytest.mark.parametrize("facet", FACETS)
def test_a_facet_holds_both_keyings_and_one_kind_of_answer(facet):
    assert {ITEMS[name].keyed for name in FACETS[facet]} == {"+", "-"}
    assert len({ITEMS[name].response for name in FACETS[facet]}) == 1
    assert len({name[:3] for name in FACETS[facet]}) == 1


def test_the_draft_keeps_its_keys():
    keyed = Counter(item.keyed for name, item in ITEMS.items() if name[:3] in DRAFTED)
    assert keyed == {"+": 45, "-": 24}


def test_parallel_items_differ_by_role_only_where_the_draft_says_so():
    worded = {
        n for n, i in ITEMS.items() if i.type == "parallel" and any(a.text for a in i.ask.values())
    }
    assert worded == {"rec1", "rec4", "loy1", "loy4", *(f"dia{i}" for i in range(1, 7))}


def _presented(scale, role, about):
    groups = [f.items for f in scale.facets.values()] if scale.facets else [scale.items]
    asked = [
        [n for n in group if (role, about) in [(a.role, a.about) for a in ITEMS[n].ask.values()]]
        for group in groups
    ]
    return [group for group in asked if group]


def _score_by_hand(scale, example):
    means = []
    for group in _presented(scale, example.role, example.about):
        keyed = []
        for name in group:
            answer = example.answers.get(name)
            codes = [o.value for o in INSTRUMENT.responses[ITEMS[name].response].options]
            values = [value for value in codes if value is not None]
            if answer is not None:
                assert answer in values
                minus = ITEMS[name].keyed == "-"
                keyed.append(min(values) + max(values) - answer if minus else answer)
        means.append(fmean(keyed) if len(keyed) >= scale.score.min_answered * len(group) else None)
    return None if None in means else fmean(means)


EXAMPLES = [
    pytest.param(scale, example, id=f"{name}-{number}")
    for name, scale in INSTRUMENT.scales.items()
    for number, example in enumerate(scale.examples)
]


@pytest.mark.parametrize(("scale", "example"), EXAMPLES)
def test_worked_examples_are_right(scale, example):
    expected = None if example.score is None else pytest.approx(example.score, abs=1e-12)
    assert _score_by_hand(scale, example) == expected


@pytest.mark.parametrize(("scale", "example"), EXAMPLES)
def test_worked_examples_answer_what_the_role_is_asked(scale, example):
    presented = [n for group in _presented(scale, example.role, example.about) for n in group]
    assert list(example.answers) == presented


def test_every_scale_has_examples_and_is_provisional():
    for name, scale in INSTRUMENT.scales.items():
        assert len(scale.examples) >= 2, name
        assert scale.score.status == "provisional", name
        assert scale.meaning is not None, name


def test_nobody_calls_the_draft_validated():
    assert INSTRUMENT.status == "draft"
    assert INSTRUMENT.source is None


def test_consent_codes_and_routing_are_as_the_pipeline_needs_them():
    background = INSTRUMENT.background
    assert INSTRUMENT.consent.required == "1"
    assert background["consent"].information.keys() == {"nl", "en"}
    kinds = {
        qid: background[qid].kind for qid in ("triadcode", "personcode", "wavecode", "respondent")
    }
    assert kinds == {
        "triadcode": "code",
        "personcode": "code",
        "wavecode": "code",
        "respondent": "role",
    }
    assert {option.role for option in background["respondent"].options} == set(INSTRUMENT.roles)
    assert [(rule.show, rule.when) for rule in INSTRUMENT.routing] == [
        (["workhours"], "employed == 1")
    ]
    assert {check.expected for check in INSTRUMENT.checks.values()} == {"3"}
    assert not any(check.question.startswith("iri1s") for check in INSTRUMENT.checks.values())
