"""Broken instruments are refused, each with the item, the language and the mend."""

import pytest
from small_instrument import small

from driehoek.deploy.targets import export
from driehoek.problems import InstrumentError

TRUST = "tru1cw: {role: carer, about: worker}"


def refusal(tmp_path, *changes):
    with pytest.raises(InstrumentError) as caught:
        small(tmp_path, *changes)
    return caught.value.problems


def refused_export(tmp_path, *changes, target="limesurvey", **options):
    suffix = {"limesurvey": "txt", "qualtrics": "txt", "redcap": "csv", "xlsform": "xlsx"}[target]
    out = tmp_path / f"out.{suffix}"
    with pytest.raises(InstrumentError) as caught:
        export(small(tmp_path, *changes), target, out, **options)
    assert not out.exists()
    return caught.value.problems


def assert_says(problems, item, *words):
    """One of the problems is about the item, holds the words and says how to mend it."""
    about = [each for each in problems if each.item.startswith(item)]
    assert about, [str(each) for each in problems]
    assert any(all(word in str(each) for word in words) for each in about), [*map(str, about)]
    assert all(each.mend for each in about)


def test_the_unbroken_instrument_is_accepted_everywhere(tmp_path):
    form = small(tmp_path)
    export(form, "limesurvey", tmp_path / "a.txt")
    export(form, "xlsform", tmp_path / "a.xlsx")
    export(form, "redcap", tmp_path / "a.csv", language="nl")
    changed = small(tmp_path, ('code: "y"', 'code: "1"'), ('code: "n"', 'code: "2"'))
    export(changed, "qualtrics", tmp_path / "a.txt", language="nl", role="carer")


def test_a_missing_translation_of_an_item(tmp_path):
    problems = refusal(tmp_path, (', en: "I trust {about}."', ""))
    assert_says(problems, "items.tru1.text", "'en'", "add en:")
    assert len(problems) == 1


def test_an_empty_translation_of_an_option(tmp_path):
    problems = refusal(tmp_path, ('en: "Partly"', 'en: " "'))
    assert_says(problems, "responses.agree3.options.1.label", "'en'", "add en:")


def test_a_missing_translation_of_a_unit(tmp_path):
    problems = refusal(tmp_path, ('{nl: "uur", en: "hours"}', '{nl: "uur"}'))
    assert_says(problems, "background.hours.unit", "'en'", "add en:")


def test_a_missing_translation_of_the_text_of_a_page(tmp_path):
    change = ('title: {nl: "Begin", en: "Start"}', 'title: {nl: a, en: b}, text: {nl: "Hallo"}')
    assert_says(refusal(tmp_path, change), "blocks.0.text", "'en'", "add en:")


def test_a_missing_translation_of_a_name(tmp_path):
    problems = refusal(tmp_path, ("{nl: deze werker, en: this worker}", "{nl: deze werker}"))
    assert_says(problems, "names.carer.worker", "'en'", "add en:")


def test_a_language_that_is_not_declared(tmp_path):
    problems = refusal(tmp_path, ('en: "I trust {about}."', 'en: "I trust {about}.", fr: "x"'))
    assert_says(problems, "items.tru1.text.fr", "'fr'", "nl, en")


def test_a_name_that_is_filled_in_in_one_language_only(tmp_path):
    problems = refusal(tmp_path, ("I trust {about}.", "I trust them."))
    assert_says(problems, "items.tru1.text", "en: none", "nl: about", "make them the same")


def test_a_name_that_cannot_be_filled_in(tmp_path):
    problems = refusal(
        tmp_path,
        ("Ik vertrouw {about}.", "Ik vertrouw {abouts}."),
        ("I trust {about}.", "I trust {abouts}."),
    )
    assert_says(problems, "items.tru1.text", "{abouts}", "did you mean 'about'")


def test_a_question_id_that_is_used_twice(tmp_path):
    change = ("tru2cw: {role: carer, about: worker}", "tru1cw: {role: carer, about: worker}")
    problems = refusal(tmp_path, change, ("[tru1cw, tru2cw]", "[tru1cw]"))
    assert_says(problems, "items.tru2.ask.tru1cw", "used twice", "rename one")


def test_a_question_id_of_more_than_twenty_characters(tmp_path):
    name = "a" * 21
    problems = refusal(tmp_path, (TRUST, f"{name}: {{role: carer, about: worker}}"))
    assert_says(problems, f"items.tru1.ask.{name}", name, "at most 19")


def test_a_question_id_with_an_underscore(tmp_path):
    problems = refusal(tmp_path, (TRUST, "tru_1: {role: carer, about: worker}"))
    assert_says(problems, "items.tru1.ask.tru_1", "tru_1", "underscores")


def test_a_question_id_that_every_table_of_answers_has_already(tmp_path):
    problems = refusal(tmp_path, (TRUST, "triad: {role: carer, about: worker}"))
    assert_says(problems, "items.tru1.ask.triad", "column of every table", "rename")


def test_a_question_id_that_spss_reserves(tmp_path):
    change = (TRUST, "eq: {role: carer, about: worker}")
    problems = refusal(tmp_path, change, ("[tru1cw, tru2cw]", "[eq, tru2cw]"))
    assert_says(problems, "items.tru1.ask.eq", "reserved word of SPSS", "rename it")


def test_a_negative_answer_code(tmp_path):
    problems = refusal(tmp_path, ('code: "9"', 'code: "-9"'))
    assert_says(problems, "responses.agree3.options.3.code", "-9", "1 to 5 letters and digits")


def test_an_answer_code_of_more_than_five_characters(tmp_path):
    problems = refusal(tmp_path, ('code: "9"', 'code: "dontknow"'))
    assert_says(problems, "responses.agree3.options.3.code", "dontknow", "1 to 5")


def test_an_answer_code_that_stands_for_two_options(tmp_path):
    problems = refusal(tmp_path, ('code: "9"', 'code: "3"'))
    assert_says(problems, "responses.agree3.options.3", "'3'", "its own code")


def test_an_analysis_value_that_stands_for_two_options(tmp_path):
    problems = refusal(tmp_path, ("value: 2,", "value: 3,"))
    assert_says(problems, "responses.agree3.options.1", "value 3", "its own value")


def test_an_option_with_two_meanings(tmp_path):
    problems = refusal(tmp_path, ("missing: dont_know", "missing: dont_know, value: 4"))
    assert_says(problems, "responses.agree3.options.3", "2 meanings", "keep the one")


def test_an_item_with_an_unknown_response_set(tmp_path):
    problems = refusal(tmp_path, ("response: agree3", "response: agree5"))
    assert_says(problems, "items.tru1.response", "agree5", "did you mean 'agree3'")


def test_a_number_question_whose_range_is_turned_round(tmp_path):
    problems = refusal(tmp_path, ("min: 0", "min: 200"))
    assert_says(problems, "background.hours.min", "200", "168", "exchange")


def test_a_check_digit_of_what_is_no_code(tmp_path):
    problems = refusal(tmp_path, ("    min: 0", "    check_digit: mod37_36\n    min: 0"))
    assert_says(problems, "background.hours.check_digit", "number", "kind: code")


def test_an_unknown_question_on_a_page(tmp_path):
    problems = refusal(tmp_path, ("[tru1cw, tru2cw]", "[tru1cw, tru3cw]"))
    assert_says(problems, "blocks.3.questions.1", "tru3cw", "did you mean")


def test_a_scale_of_an_item_that_is_not_there(tmp_path):
    problems = refusal(tmp_path, ("items: [tru1, tru2]", "items: [tru1, tru9]"))
    assert_says(problems, "scales.trust.items", "tru9", "did you mean")


def test_a_key_that_is_neither_plus_nor_minus(tmp_path):
    problems = refusal(tmp_path, ('keyed: "-"', "keyed: reversed"))
    assert_says(problems, "items.tru2.keyed", "reversed")


def test_a_consent_code_that_no_option_has(tmp_path):
    problems = refusal(tmp_path, ('required: "1"', 'required: "5"'))
    assert_says(problems, "consent.question", "'5'", "use one of")


def test_a_condition_that_cannot_be_read(tmp_path):
    problems = refusal(tmp_path, ("living == 0", "living is no"))
    assert_says(problems, "routing.0.when", "question operator value", "such as")


def test_a_condition_on_an_unknown_question(tmp_path):
    problems = refusal(tmp_path, ("living == 0", "livng == 0"))
    assert_says(problems, "routing.0.when", "livng", "did you mean 'living'")


def test_a_condition_on_a_value_that_no_option_has(tmp_path):
    problems = refusal(tmp_path, ("living == 0", "living == 2"))
    assert_says(problems, "routing.0.when", "'living' never has the value 2", "0, 1")


def test_a_condition_on_a_label_instead_of_a_value(tmp_path):
    problems = refusal(tmp_path, ("living == 0", "living == no"))
    assert_says(problems, "routing.0.when", "the word 'no'", "the value of the option")


def test_a_condition_on_free_text(tmp_path):
    problems = refusal(tmp_path, ("living == 0", "remark == 1"))
    assert_says(problems, "routing.0.when", "text question", "choice or a number")


def test_a_question_shown_by_its_own_answer(tmp_path):
    problems = refusal(tmp_path, ("living == 0", "hours > 1"))
    assert_says(problems, "routing.0.when", "its own answer", "another question")


def test_a_misspelt_key_of_the_file(tmp_path):
    problems = refusal(tmp_path, ("languages: [nl, en]", "language: [nl, en]"))
    assert_says(problems, "language", "unknown key", "did you mean 'languages'")


def test_all_faults_are_told_at_once_with_their_lines(tmp_path):
    problems = refusal(tmp_path, ('en: "Partly"', 'en: ""'), ("living == 0", "living == 2"))
    assert len(problems) == 2
    assert all(each.line for each in problems)


def test_export_of_a_question_that_stands_on_no_page(tmp_path):
    problems = refused_export(tmp_path, ("[tru1cw, tru2cw]", "[tru1cw]"))
    assert_says(problems, "tru2cw", "on no page", "add it to the questions of a block")


def test_export_of_a_question_that_stands_on_two_pages(tmp_path):
    problems = refused_export(tmp_path, ("[living, hours]", "[living, hours, tru1cw]"))
    assert_says(problems, "tru1cw", "on 2 pages", "one block")


def test_export_of_a_question_whose_page_its_role_does_not_see(tmp_path):
    problems = refused_export(
        tmp_path, ("finish, roles: [carer, worker]", "finish, roles: [carer]")
    )
    assert_says(problems, "remark", "worker", "add the role to the block")


def test_export_of_a_question_that_depends_on_a_later_answer(tmp_path):
    problems = refused_export(tmp_path, ("[living, hours]", "[hours, living]"))
    assert_says(problems, "hours", "'living'", "asked later", "move living up")


def test_export_of_a_question_that_nobody_can_see(tmp_path):
    problems = refused_export(tmp_path, ("living == 0", "living > 1"))
    assert_says(problems, "hours", "shown to nobody", "mend the condition")


def test_export_with_consent_asked_after_the_start(tmp_path):
    problems = refused_export(
        tmp_path,
        ("questions: [consent]", "questions: [who]"),
        ("questions: [who]}\n  - {id: home", "questions: [consent]}\n  - {id: home"),
    )
    assert_says(problems, "consent", "after the start", "first page")


def test_export_of_roles_that_nobody_asks_for(tmp_path):
    problems = refused_export(
        tmp_path,
        ("kind: role", "kind: choice"),
        ("role: carer, label", "value: 1, label"),
        ("role: worker, label", "value: 2, label"),
    )
    assert_says(problems, "background", "no question of kind role", "--role")


def test_export_of_a_role_question_without_an_option_for_a_role(tmp_path):
    problems = refused_export(tmp_path, ('"2", role: worker', '"2", role: carer'))
    assert_says(problems, "who", "no option for worker", "role: worker")


def test_export_of_an_item_whose_wording_is_not_ours(tmp_path):
    problems = refused_export(
        tmp_path, ('    text: {nl: "Ik vertrouw {about}.", en: "I trust {about}."}\n', "")
    )
    assert_says(problems, "tru1cw [nl]", "no wording in 'nl'", "add text:")
    assert_says(problems, "tru1wc [en]", "no wording in 'en'", "add text:")


def test_export_of_a_column_name_that_limesurvey_writes_itself(tmp_path):
    problems = refused_export(tmp_path, ("  remark:\n", "  seed:\n"), ("[remark]", "[seed]"))
    assert_says(problems, "seed", "LimeSurvey writes a column 'seed'", "rename")


def test_export_of_braces_that_limesurvey_would_compute(tmp_path):
    problems = refused_export(tmp_path, ("Do you live together?", "Do you live together}?"))
    assert_says(problems, "living [en]", "braces", "reword")


def test_export_of_a_backslash(tmp_path):
    problems = refused_export(tmp_path, ('nl: "Nog iets?"', "nl: 'Nog iets\\?'"))
    assert_says(problems, "remark [nl]", "backslash", "reword")


def test_export_of_an_option_with_redcaps_separator(tmp_path):
    problems = refused_export(tmp_path, ('en: "Partly"', 'en: "Partly | a bit"'))
    assert_says(problems, "tru1cw, option 2 [en]", "REDCap", "reword")


def test_export_of_an_option_label_that_spss_would_cut(tmp_path):
    problems = refused_export(tmp_path, ('nl: "Deels"', f'nl: "{"é" * 61}"'))
    assert_says(problems, "tru1cw, option 2 [nl]", "122 bytes", "shorten")


def test_export_of_a_question_label_that_spss_would_cut(tmp_path):
    problems = refused_export(tmp_path, ('nl: "Nog iets?"', f'nl: "{"a" * 257}?"'))
    assert_says(problems, "remark [nl]", "258 bytes", "short label")


def test_export_of_a_page_title_that_would_be_cut(tmp_path):
    problems = refused_export(tmp_path, ('en: "Home"', f'en: "{"a" * 101}"'))
    assert_says(problems, "page home [en]", "101 characters", "shorten")


def test_export_of_one_label_for_two_options(tmp_path):
    problems = refused_export(tmp_path, ('en: "Partly"', 'en: "yes"'))
    assert_says(problems, "tru1cw, option 2 [en]", "two options", "word them apart")


def test_export_of_an_instrument_without_pages(tmp_path):
    form = small(tmp_path)
    bare = type(form)(form.instrument.model_copy(update={"blocks": []}))
    with pytest.raises(InstrumentError, match=r"no pages.*add blocks:"):
        export(bare, "xlsform", tmp_path / "a.xlsx")


def test_export_to_qualtrics_of_codes_that_are_no_numbers(tmp_path):
    problems = refused_export(tmp_path, target="qualtrics", role="carer", language="nl")
    assert_says(problems, "living", "'y'", "a code of digits")


def test_export_of_several_languages_to_a_form_that_holds_one(tmp_path):
    problems = refused_export(tmp_path, target="redcap")
    assert_says(problems, "language", "2 languages", "--lang nl or --lang en")


def test_export_of_an_unknown_role(tmp_path):
    problems = refused_export(tmp_path, role="carr")
    assert_says(problems, "role", "'carr'", "did you mean 'carer'")


def test_export_to_an_unknown_target(tmp_path):
    with pytest.raises(InstrumentError, match="did you mean 'limesurvey'"):
        export(small(tmp_path), "limesurvy", tmp_path / "a.txt")


def test_export_to_a_file_of_another_kind(tmp_path):
    with pytest.raises(InstrumentError, match=r"\.xlsx"):
        export(small(tmp_path), "xlsform", tmp_path / "a.csv")


def test_export_of_a_page_that_its_roles_would_read_differently(tmp_path):
    names = ("  carer: {worker:", "  carer: {carer: {nl: u, en: you}, worker:")
    title = ('title: {nl: "Slot", en: "End"}', 'title: {nl: "{carer}", en: "{carer}"}')
    problems = refused_export(tmp_path, names, title)
    assert_says(problems, "page finish [en]", "This carer / You", "--role")
    export(small(tmp_path, names, title), "limesurvey", tmp_path / "a.txt", role="worker")
