"""What the scores that a plan names are made of: role, target, scale, facets and items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from driehoek.analysis.names import Variable
from driehoek.instrument.questions import Questionnaire

Facets = Mapping[str, Sequence[str]]
FEWEST_ITEMS = 3


@dataclass(frozen=True, slots=True)
class ScoreName:
    """What a score of a plan is made of.

    Attributes
    ----------
    role : str
    about : str or None
    scale : str
    facet : str
        Empty for the whole scale.
    """

    role: str
    about: str | None
    scale: str
    facet: str

    @property
    def label(self) -> str:
        """Name whose answers it holds: ``carer`` or ``carer about seeker``."""
        return f"{self.role} about {self.about}" if self.about else self.role


def score_name(variable: Variable, questionnaire: Questionnaire) -> ScoreName | None:
    """Take the name of a score apart; None for a variable that is no score."""
    scale, *rest = variable.column.split(".")
    if scale not in questionnaire.instrument.scales:
        return None
    abouts = [part.removeprefix("about_") for part in rest if part.startswith("about_")]
    facets = [part for part in rest if not part.startswith("about_")]
    about = abouts[0] if abouts else None
    return ScoreName(variable.role, about, scale, facets[0] if facets else "")


def facets_of_score(questionnaire: Questionnaire, score: ScoreName) -> dict[str, list[str]]:
    """Give question ids by facet; a facet's own score has that facet alone."""
    found = questionnaire.facet_questions(score.scale, score.role, score.about)
    return {facet: ids for facet, ids in found.items() if score.facet in {"", facet}}


def shared_items(questionnaire: Questionnaire, scores: Sequence[ScoreName]) -> dict[str, list[str]]:
    """Give, by facet, the parallel items that every score has.

    Items of another type mean something else to another role and are left out.
    """
    instrument = questionnaire.instrument
    asked = [
        {questionnaire.questions[qid].item for ids in facets.values() for qid in ids}
        for facets in (facets_of_score(questionnaire, score) for score in scores)
    ]
    first = facets_of_score(questionnaire, scores[0])
    found = {
        facet: [
            item
            for item in (questionnaire.questions[qid].item for qid in ids)
            if item
            and instrument.items[item].type == "parallel"
            and all(item in each for each in asked)
        ]
        for facet, ids in first.items()
    }
    return {facet: items for facet, items in found.items() if items}


def factors_of(facets: Facets, scale: str) -> dict[str, list[str]]:
    """Choose the factors: correlated facets where each has two items or more, else one factor.

    A facet of a single item cannot be told from its error, so that such a scale is tested as one
    factor.
    """
    if len(facets) > 1 and all(len(ids) > 1 for ids in facets.values()):
        return {facet: list(ids) for facet, ids in facets.items()}
    name = next(iter(facets)) if len(facets) == 1 else scale
    return {name: [qid for ids in facets.values() for qid in ids]}
