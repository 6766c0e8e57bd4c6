"""What values a score or number can take, as the instrument declares it."""

import pandas as pd

from driehoek.analysis.names import Variable
from driehoek.analysis.score_names import score_name
from driehoek.instrument.questions import Questionnaire
from driehoek.scoring.scales import score_presentation


def possible_range(variable: Variable, questionnaire: Questionnaire) -> tuple[float, float] | None:
    """Give the lowest and highest possible value; None where the instrument does not say.

    That of a score follows from its scoring rule; a scale with a published key has none here.
    """
    if variable.form:
        return None
    score = score_name(variable, questionnaire)
    if score is None:
        question = questionnaire.questions.get(variable.column)
        if question is None or question.minimum is None or question.maximum is None:
            return None
        return question.minimum, question.maximum
    if questionnaire.instrument.scales[score.scale].key is not None:
        return None
    nobody = _nobody(questionnaire)
    scored = score_presentation(
        nobody, nobody, questionnaire, score.scale, (score.role, score.about)
    )[score.facet]
    return scored.low, scored.high


def _nobody(questionnaire: Questionnaire) -> pd.DataFrame:
    return pd.DataFrame(columns=list(questionnaire.questions), dtype=float)
