"""What single fields cannot show about a plan's imputation: names, and what they belong to."""

from collections.abc import Iterator

from driehoek.analysis.forms import bases, model_variables
from driehoek.analysis.names import Variable, known_variables
from driehoek.analysis.score_names import score_name
from driehoek.faults import Fault
from driehoek.instrument.questions import Questionnaire
from driehoek.models.errors import TermError
from driehoek.models.terms import parse_blocks
from driehoek.problems import did_you_mean
from driehoek.study_file import StudyFile
from driehoek.yamlfile import Location

HERE: Location = ("plan", "imputation")


def imputation_faults(settings: StudyFile, questionnaire: Questionnaire) -> Iterator[Fault]:
    """Give each fault: place, what was found, what was expected, how to mend it."""
    plan = settings.plan.imputation
    known = known_variables(settings, questionnaire)
    for i, name in enumerate(plan.auxiliary):
        if name not in known or not known[name].role:
            found, mend = f"unknown variable {name!r}", did_you_mean(name, known)
            yield Fault((*HERE, "auxiliary", i), found, "a variable of the instrument", mend)
    used = _used(settings, questionnaire)
    for name in plan.deltas:
        place: Location = (*HERE, "deltas", name)
        if name not in known:
            found, mend = f"unknown variable {name!r}", did_you_mean(name, known)
            yield Fault(place, found, "a variable of the instrument", mend)
            continue
        yield from _shifted(place, known[name], questionnaire)
        if known[name] not in used:
            mend = "add it to a model with missing: [complete, imputation], or take it out"
            found = f"no imputed model uses {name!r}"
            yield Fault(place, found, "a variable of an imputed model", mend)


def _shifted(place: Location, variable: Variable, questionnaire: Questionnaire) -> Iterator[Fault]:
    if variable.levels:
        found = f"{variable.name!r} is a choice"
        yield Fault(place, found, "a score or a number", "shift a score or a number")
    score = score_name(variable, questionnaire)
    if score is not None and questionnaire.instrument.scales[score.scale].key is not None:
        found = f"{variable.name!r} follows a published key, whose codes cannot be shifted"
        yield Fault(place, found, "a scale of the instrument's own", "take it out")


def _used(settings: StudyFile, questionnaire: Questionnaire) -> set[Variable]:
    known = model_variables(settings, questionnaire)
    names: list[str] = []
    for model in settings.plan.models.values():
        if not model.is_imputed:
            continue
        names += model.outcomes
        try:
            blocks = parse_blocks(model.terms, known=list(known))
        except TermError:  # said where models are checked
            continue
        names += [name for block in blocks for term in block for name in term.names]
    found = [known[name] for name in names if name in known]
    return {base for each in found for base in (bases(each, known) if each.form else [each])}
