"""What single fields cannot show about the weights of a plan."""

from collections.abc import Iterator

from driehoek.analysis.names import known_variables
from driehoek.faults import Fault, unknown
from driehoek.instrument.questions import Questionnaire
from driehoek.plan.regression import LinearModel
from driehoek.study_file import StudyFile
from driehoek.yamlfile import Location


def weights_faults(settings: StudyFile, questionnaire: Questionnaire) -> Iterator[Fault]:
    """Check roles, questions and options of margins, and the models that use them."""
    known = known_variables(settings, questionnaire)
    plans = settings.plan.weights
    for name, plan in plans.items():
        here: Location = ("plan", "weights", name)
        yield from unknown((*here, "role"), plan.role, questionnaire.instrument.roles, "role")
        choices = {v.column: v for v in known.values() if v.role == plan.role and v.levels}
        for question, shares in plan.margins.items():
            place: Location = (*here, "margins", question)
            yield from unknown(place, question, choices, f"choice of the {plan.role}")
            if question in choices:
                for code in shares:
                    yield from unknown(place, code, choices[question].levels, "option")
    for name, model in settings.plan.models.items():
        if not isinstance(model, LinearModel) or model.weights is None:
            continue
        place = ("plan", "models", name, "weights")
        yield from unknown(place, model.weights, plans, "set of weights")
        if model.weights in plans and model.outcome in known:
            role, weighted = known[model.outcome].role, plans[model.weights].role
            if role != weighted:
                found = f"weights of the {weighted} for an outcome of the {role}"
                mend = f"name weights of the {role}"
                yield Fault(place, found, "weights of whose outcome it is", mend)
