"""The scale items of one role, in the forms that indices of response quality need."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from driehoek.cleaning.wave import WaveTables
from driehoek.instrument.questions import Question, Questionnaire
from driehoek.scoring.published import PublishedKeys, keyed_items


@dataclass(frozen=True)
class RoleAnswers:
    """The answers of one role in one wave.

    Attributes
    ----------
    tables : WaveTables
        Responses of this role only.
    role : str
    questionnaire : Questionnaire
    keys : mapping
        Published keys of the scales, by id.
    """

    tables: WaveTables
    role: str
    questionnaire: Questionnaire
    keys: PublishedKeys

    @cached_property
    def items(self) -> list[Question]:
        """The questions on scale items, in order of presentation."""
        every = self.questionnaire.questions.values()
        return [each for each in every if each.item is not None and each.roles == (self.role,)]

    @cached_property
    def ids(self) -> list[str]:
        """Their question ids."""
        return [question.id for question in self.items]

    @property
    def answers(self) -> pd.DataFrame:
        """Analysis values as given, shape (responses, items); NaN where missing."""
        return self.tables.responses[self.ids]

    @property
    def sets(self) -> list[str]:
        """Name of each item's response options."""
        known = self.questionnaire.instrument.items
        return [known[question.item or ""].response for question in self.items]

    @cached_property
    def shares(self) -> np.ndarray:
        """Answers as given, as shares (0 to 1) of the declared range of their options."""
        return _shares(self.answers, [sorted(each.values.values()) for each in self.items])

    @cached_property
    def keyed_shares(self) -> np.ndarray:
        """Keyed answers (high means a high score), as shares of their range."""
        return _shares(self._keyed, self._possible)

    @cached_property
    def levels(self) -> np.ndarray:
        """Keyed answers as the number of steps above the lowest option; NaN where missing."""
        found = np.full(self._keyed.shape, np.nan)
        for place, possible in enumerate(self._possible):
            values = self._keyed.iloc[:, place].to_numpy(float)
            steps = np.searchsorted(possible, values).astype(float)
            found[:, place] = np.where(np.isnan(values), np.nan, steps)
        return found

    @property
    def n_levels(self) -> np.ndarray:
        """How many different keyed values each item has."""
        return np.array([len(possible) for possible in self._possible])

    @cached_property
    def factors(self) -> list[list[int]]:
        """Columns of each facet of each scale that this role answers with two items or more."""
        place = {qid: i for i, qid in enumerate(self.ids)}
        form = self.questionnaire
        found = [
            tuple(place[qid] for qid in ids)
            for scale in form.instrument.scales
            for role, about in form.presentations(scale)
            if role == self.role
            for ids in form.facet_questions(scale, role, about).values()
            if len(ids) > 1
        ]
        return [list(columns) for columns in dict.fromkeys(found)]

    @cached_property
    def _keyed(self) -> pd.DataFrame:
        return keyed_items(self.answers, self.items, self.questionnaire, self.keys)

    @cached_property
    def _possible(self) -> list[list[float]]:
        """The keyed values that each item can have, rising."""
        found = []
        for question in self.items:
            options = pd.DataFrame({question.id: list(question.values.values())}, dtype=float)
            keyed = keyed_items(options, [question], self.questionnaire, self.keys)
            found.append(sorted(set(keyed[question.id])))
        return found


def _shares(values: pd.DataFrame, possible: Sequence[Sequence[float]]) -> np.ndarray:
    low = np.array([each[0] for each in possible])
    width = np.array([each[-1] - each[0] for each in possible])
    return np.asarray((values.to_numpy(float) - low) / np.where(width > 0, width, 1.0))
