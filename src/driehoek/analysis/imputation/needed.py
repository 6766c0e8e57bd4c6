"""The scores and questions that imputation is about: those of the models that ask for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from driehoek.analysis.forms import bases
from driehoek.analysis.model_data import ModelData
from driehoek.analysis.names import Variable
from driehoek.analysis.score_names import score_name


@dataclass(frozen=True, slots=True)
class Presentation:
    """A scale as one role answers it about one person.

    Attributes
    ----------
    scale, role : str
    about : str or None
    questions : tuple of str
        Of all its facets, in order.
    """

    scale: str
    role: str
    about: str | None
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Needed:
    """What is imputed and what predicts it.

    Attributes
    ----------
    presentations : tuple of Presentation
    background : tuple of (str, str)
        Role and question.
    """

    presentations: tuple[Presentation, ...]
    background: tuple[tuple[str, str], ...]

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Role and question of every column, each once."""
        items = [(each.role, qid) for each in self.presentations for qid in each.questions]
        return list(dict.fromkeys([*items, *self.background]))


def needed(data: ModelData) -> Needed:
    """Find what the imputed models, multiverses and the auxiliary variables rest on."""
    plan = data.study.settings.plan
    variables: list[Variable] = []
    for model in plan.models.values():
        if model.is_imputed:
            variables += [*data.resolve(model.outcomes), *data.resolve_blocks(model.terms)[1]]
    for multiverse in data.study.settings.multiverse.values():
        for covariates in (multiverse.covariates or []) if multiverse.is_imputed else []:
            variables += data.resolve_blocks([covariates])[1] if covariates else []
    if variables:
        variables += data.resolve(plan.imputation.auxiliary)
    return behind(variables, data)


def behind(variables: Iterable[Variable], data: ModelData) -> Needed:
    """Find the questions that variables of a plan rest on."""
    form = data.study.questionnaire
    presentations: dict[tuple[str, str, str | None], Presentation] = {}
    background: list[tuple[str, str]] = []
    whole = [each for v in variables for each in (bases(v, data.known) if v.form else [v])]
    for variable in dict.fromkeys(whole):
        if not variable.role:
            continue
        score = score_name(variable, form)
        if score is None:
            derived = data.study.settings.derive.get(variable.column)
            sources = derived.sources if derived else [variable.column]
            background += [(variable.role, source) for source in sources]
            continue
        facets = form.facet_questions(score.scale, score.role, score.about)
        questions = tuple(dict.fromkeys(qid for ids in facets.values() for qid in ids))
        key = (score.scale, score.role, score.about)
        presentations[key] = Presentation(*key, questions)
    return Needed(tuple(presentations.values()), tuple(dict.fromkeys(background)))
