"""Reverse-keying by the range that the instrument declares."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from driehoek.instrument.questions import Question


def keyed(answers: pd.DataFrame, questions: Sequence[Question]) -> np.ndarray:
    """Turn answers so that a high value always means a high score.

    A reversed answer becomes minimum + maximum - answer, with the declared range of its
    question: the range observed in a wave would move the scores of that wave.

    Parameters
    ----------
    answers : pandas.DataFrame
        Analysis values by question id; NaN where missing.
    questions : sequence of Question
        The k questions wanted, each with a range.

    Returns
    -------
    numpy.ndarray, shape (responses, k)
        In order of `questions`, in points of the response scale; NaN where missing.
    """
    values = answers[[question.id for question in questions]].to_numpy(dtype=float, copy=True)
    for position, question in enumerate(questions):
        if question.is_reversed:
            low, high = declared_range(question)
            values[:, position] = low + high - values[:, position]
    return values


def declared_range(question: Question) -> tuple[float, float]:
    """Give the lowest and highest analysis value of a question.

    Raises
    ------
    ValueError
        If the question declares no range; items of a checked instrument always do.
    """
    if question.minimum is None or question.maximum is None:
        msg = f"question {question.id!r} declares no range, so it cannot be keyed"
        raise ValueError(msg)
    return question.minimum, question.maximum
