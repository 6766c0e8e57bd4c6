"""Which answers stand near to one another: those to one facet, to one scale, to one question."""

from collections.abc import Sequence

import numpy as np

from driehoek.instrument.questions import Questionnaire

SAME_FACET, SAME_SCALE, ELSEWHERE = 2, 1, 0


def nearness(
    form: Questionnaire, role: str, questions: Sequence[str], before: Sequence[Sequence[str]]
) -> np.ndarray:
    """Tell how near the possible predictors of each question stand to it.

    Parameters
    ----------
    form : Questionnaire
    role : str
        Whose answers are drawn.
    questions : sequence of str
        The questions of the role in the order in which they are drawn.
    before : sequence of (role, question)
        What was drawn in earlier waves and by earlier roles.

    Returns
    -------
    numpy.ndarray of int, shape (questions, before and then questions)
        2 for answers of the role to the same facet about the same person, or to the same question
        before; 1 for other answers to the same scale, by whom and about whom it may be; else 0.
    """
    places: dict[tuple[str, str], set[tuple[str, str, str | None]]] = {}
    for scale in form.instrument.scales:
        for who, about in form.presentations(scale):
            for facet, asked in form.facet_questions(scale, who, about).items():
                for qid in asked:
                    places.setdefault((who, qid), set()).add((scale, facet, about))
    others = [*((who, qid) for who, qid in before), *((role, qid) for qid in questions)]
    found = np.full((len(questions), len(others)), ELSEWHERE)
    for row, qid in enumerate(questions):
        own = places.get((role, qid), set())
        scales = {scale for scale, *_ in own}
        for column, other in enumerate(others):
            known = places.get(other, set())
            if other == (role, qid) or (other[0] == role and own & known):
                found[row, column] = SAME_FACET
            elif scales & {scale for scale, *_ in known}:
                found[row, column] = SAME_SCALE
    return found
