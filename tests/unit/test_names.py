"""Names in a plan stand for one variable each."""

from pathlib import Path

import pytest

from driehoek.analysis.names import UnknownVariableError, known_variables, resolve
from driehoek.study import read_study

STUDY = read_study(Path(__file__).parents[2] / "config" / "study.yaml")
KNOWN = known_variables(STUDY.settings, STUDY.questionnaire)


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("carer.burden", "carer.burden.about_carer"),
        ("carer.burden.about_carer", "carer.burden.about_carer"),
        ("carer.trust.about_seeker", "carer.trust.about_seeker"),
        ("carer.trust.giving_trust.about_seeker", "carer.trust.giving_trust.about_seeker"),
        ("carer.hours", "carer.hours"),
        ("professional.tasks", "professional.tasks"),
    ],
)
def test_a_short_name_stands_for_the_only_target_of_its_role(name, full):
    assert resolve(name, KNOWN).name == full


@pytest.mark.parametrize("name", ["carer.trust", "seeker.hours", "carer.giv1cs", "burden"])
def test_what_is_ambiguous_or_not_asked_of_a_role_is_unknown(name):
    with pytest.raises(UnknownVariableError):
        resolve(name, KNOWN)


def test_choices_have_their_option_codes_as_levels_and_numbers_have_none():
    assert KNOWN["carer.relation"].levels[:3] == ("1", "2", "3")
    assert KNOWN["carer.hours"].levels == ()
    derived = next(iter(STUDY.settings.derive))
    assert KNOWN[f"carer.{derived}"].levels[0] == "0"


def test_no_scale_has_the_name_of_a_question():
    """Both would be columns of the same table."""
    form = STUDY.questionnaire
    assert not set(form.instrument.scales) & set(form.questions)
