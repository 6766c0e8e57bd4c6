"""Consent, as the answer to its question and as the key column of the canonical table.

An instrument may call its question ``consent``, as the key column is called. Then the column
holds the answer while a wave is cleaned, and the words ``yes`` and ``no`` at the doors.
"""

import numpy as np
import pandas as pd

from driehoek.instrument.questions import Question, Questionnaire
from driehoek.responses import CONSENT


def with_answer(responses: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Give responses whose consent question holds analysis values, whatever it is called."""
    found = _question(questionnaire)
    if found is None or found[0].id != CONSENT or is_number(responses):
        return responses
    question, required = found
    others = [value for value in question.values.values() if value != required]
    words = {"yes": required, "no": others[0] if others else np.nan}
    return responses.assign(consent=responses[CONSENT].map(words).astype(float))


def with_key(responses: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Give responses whose column ``consent`` says yes, no, or "" for no answer."""
    found = _question(questionnaire)
    if found is None:
        return responses
    question, required = found
    answers = responses[question.id].to_numpy(float)
    words = np.where(np.isnan(answers), "", np.where(answers == required, "yes", "no"))
    return responses.assign(consent=pd.array(words, dtype="str"))


def refuses(responses: pd.DataFrame, questionnaire: Questionnaire) -> pd.Series:
    """Tell which responses answer the question of consent and do not consent."""
    found = _question(questionnaire)
    if found is None:
        return pd.Series(data=False, index=responses.index)
    question, required = found
    return responses[question.id].notna() & (responses[question.id] != required)


def lacks_consent(responses: pd.DataFrame, questionnaire: Questionnaire) -> pd.Series:
    """Tell which responses of roles that are asked for consent did not give it."""
    found = _question(questionnaire)
    if found is None:
        return pd.Series(data=False, index=responses.index)
    question, required = found
    return responses["role"].isin(question.roles) & (responses[question.id] != required)


def is_number(responses: pd.DataFrame) -> bool:
    """Tell whether the column ``consent`` holds analysis values."""
    return pd.api.types.is_float_dtype(responses[CONSENT])


def _question(questionnaire: Questionnaire) -> tuple[Question, float] | None:
    """Give the question of consent and the analysis value that means yes."""
    consent = questionnaire.instrument.consent
    if consent is None:
        return None
    question = questionnaire.questions[consent.question]
    return question, question.values[consent.required]
