"""One raw file before a platform writes it: its rows, its questions, its words."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from driehoek.instrument.questions import Question
from driehoek.simulation.cells import Wording, has_cells, is_gap, texts


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of an export in the order in which people started.

    Attributes
    ----------
    rows : pandas.DataFrame
        As `driehoek.simulation.paradata.add_paradata` gives them.
    cells : pandas.DataFrame
        Option positions and numbers by question id, same rows.
    typed : dict of numpy.ndarray
        What was typed into code and text questions, by question id; "" where nothing.
    questions : dict of Question
        By the header of the column, in the order of the file.
    language : str
        Language of labels and question texts.
    pages : dict of int
        Page of each question id, from 0.
    instrument, version : str
        What was asked.
    """

    rows: pd.DataFrame
    cells: pd.DataFrame
    typed: dict[str, np.ndarray]
    questions: dict[str, Question]
    language: str
    pages: dict[str, int]
    instrument: str = ""
    version: str = ""

    def text(self, question: Question, wording: Wording) -> np.ndarray:
        """Give the cells of a question as text, None where nothing was answered."""
        if has_cells(question):
            column = self.cells[question.id].to_numpy()
            return texts(question, column, wording, self.language)
        typed = self.typed[question.id].astype(object)
        typed[typed == ""] = None
        return typed

    def last_pages(self) -> np.ndarray:
        """Give the last page with an answer, counted from 1; 0 where there is none."""
        last = np.zeros(len(self.rows), dtype=int)
        for question in self.questions.values():
            if has_cells(question) and question.kind != "role":
                answered = ~is_gap(self.cells[question.id].to_numpy())
                page = self.pages.get(question.id, 0) + 1
                last = np.where(answered, np.maximum(last, page), last)
        return last

    def ended(self) -> pd.Series:
        """Give the time of the last action; datetime."""
        return self.rows["started"] + pd.to_timedelta(
            self.rows["seconds"].round().astype(int), unit="s"
        )

    def question_text(self, question: Question) -> str:
        """Give the wording, or the label where the text is not ours to print."""
        return question.text.get(self.language) or question.label[self.language]
