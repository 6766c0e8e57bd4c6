"""The questionnaire as closed models: what an instrument file may say."""

from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from driehoek.yamlfile import Closed, worded

Text = dict[str, str]
ID_PATTERN = r"^[a-z][a-z0-9]{0,19}$"
NAME_PATTERN = r"^[a-z][a-z0-9_]{0,29}$"
CODE_PATTERN = r"^[A-Za-z0-9]{1,5}$"

QuestionId = Annotated[
    str,
    worded(
        ID_PATTERN,
        "a small letter, then at most 19 small letters and digits",
        "shorten it, and leave out capitals, underscores and other signs: LimeSurvey drops them",
    ),
    WithJsonSchema({"type": "string", "pattern": ID_PATTERN}),
]
Name = Annotated[
    str,
    worded(
        NAME_PATTERN,
        "a small letter, then at most 29 small letters, digits and underscores",
        "write it with small letters, digits and _ only, a letter first",
    ),
    WithJsonSchema({"type": "string", "pattern": NAME_PATTERN}),
]
OptionCode = Annotated[
    str,
    worded(
        CODE_PATTERN,
        "1 to 5 letters and digits",
        "use a code such as 9 or dk; for a negative number give the code a plain number and put "
        "the number under value:",
    ),
    WithJsonSchema({"type": "string", "pattern": CODE_PATTERN}),
]
Share = Annotated[float, Field(gt=0, le=1)]

ItemType = Literal["parallel", "modified", "informant", "specific"]
QuestionKind = Literal["choice", "number", "text", "code", "role"]
ScaleStatus = Literal["provisional", "supported", "published"]


class Role(Closed):
    """A position in the triad."""

    letter: str = Field(pattern=r"^[a-z]$", description="Letter used in question ids.")
    label: Text = Field(description="The role in words, per language.")


class Option(Closed):
    """One answer option."""

    code: OptionCode = Field(description="What a survey platform stores; never negative.")
    value: float | None = Field(None, description="The number used in analysis.")
    missing: Literal["dont_know"] | None = Field(
        None, description="The kind of missing answer this option stands for."
    )
    role: str | None = Field(None, description="The role this option stands for (role question).")
    label: Text = Field(description="The option in words, per language.")


class ResponseSet(Closed):
    """Answer options shared by items."""

    question: Text | None = Field(None, description="The question above the items.")
    options: list[Option] = Field(min_length=2)


class Ask(Closed):
    """One presentation of an item: a reader's role and the person it is about."""

    role: str = Field(description="Who reads it.")
    about: str | None = Field(None, description="The role of the person it is about.")
    text: Text | None = Field(None, description="Own wording; otherwise the item's text holds.")


class Item(Closed):
    """One statement that counts in a scale."""

    response: str = Field(description="Name of the response set.")
    keyed: Literal["+", "-"] = Field("+", description="'-' where a high answer means a low score.")
    type: ItemType = Field("parallel", description="Only parallel items enter models across roles.")
    label: Text | None = Field(None, description="Short label for tables; not shown to people.")
    text: Text | None = Field(
        None, description="The wording; left out for published scales, whose text is not ours."
    )
    ask: dict[QuestionId, Ask] = Field(min_length=1, description="Presentations by question id.")


class BackgroundQuestion(Closed):
    """A question that is no scale item; its key in the file is its question id."""

    kind: QuestionKind
    roles: list[str] = Field(min_length=1, description="The roles that get it.")
    text: Text
    label: Text | None = Field(None, description="Short label for tables.")
    information: Text | None = Field(None, description="Text shown above the question.")
    options: list[Option] | None = None
    response: str | None = Field(None, description="A response set, instead of options.")
    min: float | None = None
    max: float | None = None
    unit: Text | None = None
    required: bool = False
    check_digit: Literal["mod37_36"] | None = Field(
        None,
        description="For a code: its last letter or digit checks the others (ISO 7064, MOD 37,36).",
    )


class Consent(Closed):
    """The question that asks for consent and the answer that gives it."""

    question: QuestionId
    required: OptionCode = Field(description="The option code that means consent.")


class Check(Closed):
    """A question with one expected answer, to see whether people read."""

    question: QuestionId
    expected: OptionCode


class Block(Closed):
    """One page of the questionnaire."""

    id: QuestionId
    roles: list[str] = Field(min_length=1)
    about: str | None = None
    title: Text
    text: Text | None = None
    questions: list[QuestionId] = Field(min_length=1)


class Routing(Closed):
    """Questions that are shown only under a condition."""

    show: list[QuestionId] = Field(min_length=1)
    when: str = Field(max_length=500, description="Such as: living == 2 and role == carer.")
    planned: bool = Field(False, description="True for planned missingness (forms).")


class Facet(Closed):
    """A subscale."""

    label: Text
    items: list[str] = Field(min_length=1)


class Scoring(Closed):
    """How answers become a score."""

    method: Literal["mean", "sum"] = "mean"
    of: Literal["items", "facets"] = "items"
    min_answered: Share = Field(
        0.75, description="Least share of the items (of each facet) that must be answered."
    )
    status: ScaleStatus = "provisional"


class Example(Closed):
    """Answers with the score they must give; checked before every analysis."""

    role: str | None = None
    about: str | None = None
    answers: dict[str, float | None] = Field(
        description="Analysis values by item, before reverse-keying."
    )
    score: float | None


class Scale(Closed):
    """A scored construct."""

    label: Text
    meaning: Text | None = Field(None, description="What a high score means.")
    facets: dict[Name, Facet] | None = None
    items: list[str] | None = None
    score: Scoring = Scoring()
    key: Name | None = Field(
        None,
        description="Id of a published key (scales/<id>.yaml) that scores the items instead.",
    )
    source: str | None = None
    examples: list[Example] = Field(default_factory=list)


class Instrument(Closed):
    """A questionnaire: roles, items, options, routing, scales, in each language."""

    id: Name
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    status: Literal["draft", "pilot", "validated"]
    source: str | None = Field(None, description="Required where the status is validated.")
    licence: str
    title: Text
    languages: list[Annotated[str, Field(pattern=r"^[a-z]{2}$")]] = Field(min_length=1)
    roles: dict[Name, Role] = Field(min_length=1)
    names: dict[str, dict[str, Text]] = Field(
        default_factory=dict, description="How a reader's role is told about a person."
    )
    responses: dict[Name, ResponseSet] = Field(default_factory=dict)
    items: dict[QuestionId, Item] = Field(default_factory=dict)
    background: dict[QuestionId, BackgroundQuestion] = Field(default_factory=dict)
    consent: Consent | None = None
    checks: dict[Name, Check] = Field(default_factory=dict)
    blocks: list[Block] = Field(default_factory=list)
    routing: list[Routing] = Field(default_factory=list)
    scales: dict[Name, Scale] = Field(default_factory=dict)
