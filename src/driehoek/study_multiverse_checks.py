"""What single fields cannot show about the multiverses of a study."""

from collections.abc import Iterator

from driehoek.analysis.names import known_variables
from driehoek.faults import Fault, unknown
from driehoek.instrument.questions import Questionnaire
from driehoek.models.errors import TermError
from driehoek.models.terms import parse_blocks
from driehoek.plan.regression import LinearModel
from driehoek.study_file import StudyFile
from driehoek.yamlfile import Location

# Flags of driehoek.cleaning that a person's own answers raise.
FLAGS = (
    "too_fast", "longstring", "average_longstring", "low_variability", "mahalanobis", "even_odd",
    "synonyms", "antonyms", "person_fit", "failed_check",
)  # fmt: skip


def multiverse_faults(settings: StudyFile, questionnaire: Questionnaire) -> Iterator[Fault]:
    """Check the model, the terms and the flags of every multiverse."""
    known = list(known_variables(settings, questionnaire))
    linear = [n for n, plan in settings.plan.models.items() if isinstance(plan, LinearModel)]
    for name, plan in settings.multiverse.items():
        here: Location = ("multiverse", name)
        yield from unknown((*here, "model"), plan.model, linear, "linear model")
        model = settings.plan.models.get(plan.model)
        if plan.is_imputed and model is not None and not model.is_imputed:
            found = f"the model {plan.model!r} fills in no missing answers"
            mend = f"write missing: [complete, imputation] at plan: models: {plan.model} too"
            yield Fault((*here, "missing"), found, "a model with imputation", mend)
        for i, flags in enumerate(plan.leave_out):
            for flag in flags:
                yield from unknown((*here, "leave_out", i), flag, FLAGS, "flag")
        for i, low in enumerate(plan.min_answered or []):
            if not 0 < low <= 1:
                mend = "write a share, such as 0.75"
                yield Fault((*here, "min_answered", i), f"{low:g}", "above 0 and at most 1", mend)
        named = [("term", [plan.term]), *(("covariates", each) for each in plan.covariates or [])]
        for key, terms in [(key, terms) for key, terms in named if terms]:
            try:
                parse_blocks([terms], known=known)
            except TermError as error:
                for problem in error.problems:
                    found = f"{problem.expression!r}: {problem.found}"
                    yield Fault((*here, key), found, "terms of known variables", problem.mend)
