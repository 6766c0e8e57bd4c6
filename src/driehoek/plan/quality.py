"""Rules for doubtful responses: thresholds that a study sets before it looks."""

from typing import Literal

from pydantic import Field

from driehoek.yamlfile import Closed

Action = Literal["flag", "exclude"]
ACTION = "Report it, or leave the response out."


class Speed(Closed):
    """Answering too fast."""

    seconds_per_item: float = Field(2.0, gt=0, description="Less than this on average is too fast.")
    action: Action = Field("flag", description=ACTION)


class LongString(Closed):
    """The same option many times in a row."""

    at_least: int = Field(12, ge=3, description="This many equal answers in a row.")
    action: Action = Field("flag", description=ACTION)


class Completion(Closed):
    """Too little answered."""

    at_least: float = Field(0.0, ge=0, le=1, description="Least share of shown items answered.")
    action: Action = Field("exclude", description=ACTION)


class AverageLongString(Closed):
    """Long rows of equal answers on the whole."""

    at_least: float = Field(gt=1, description="Mean length of the rows of equal answers.")
    action: Action = Field("flag", description=ACTION)


class Variability(Closed):
    """Hardly any difference between a person's answers (IRV)."""

    below: float = Field(
        0.10, gt=0, lt=1, description="Standard deviation, as a share of the range of the options."
    )
    action: Action = Field("flag", description=ACTION)


class Mahalanobis(Closed):
    """A pattern of answers far from that of the others in the same role."""

    p: float = Field(0.001, gt=0, lt=0.5, description="Tail of the chi-squared distribution.")
    action: Action = Field("flag", description=ACTION)


class EvenOdd(Closed):
    """The two halves of the scales do not go together in a person."""

    below: float = Field(0.30, gt=-1, lt=1, description="Even-odd consistency.")
    action: Action = Field("flag", description=ACTION)


class Synonyms(Closed):
    """Answers differ on items that everybody else answers alike."""

    correlation: float = Field(0.60, gt=0, lt=1, description="Items above it are a pair.")
    below: float = Field(0.0, gt=-1, lt=1, description="Correlation within the person.")
    action: Action = Field("flag", description=ACTION)


class Antonyms(Closed):
    """Answers agree on items that everybody else answers as opposites."""

    correlation: float = Field(-0.60, gt=-1, lt=0, description="Items below it are a pair.")
    above: float = Field(0.0, gt=-1, lt=1, description="Correlation within the person.")
    action: Action = Field("flag", description=ACTION)


class PersonFit(Closed):
    """Rare answers where common ones were expected (normed Guttman errors)."""

    at_least: float = Field(0.4, gt=0, le=1, description="Errors as a share of the most possible.")
    action: Action = Field("flag", description=ACTION)


class Quality(Closed):
    """Rules for cleaning; flags never delete, action: exclude does."""

    duplicates: Literal["newest_complete", "first", "keep"] = Field(
        "newest_complete",
        description="Which of one person's responses in a wave counts.",
    )
    completion: Completion = Field(Completion(), description="Too little answered.")
    speed: Speed = Field(Speed(), description="Too fast.")
    longstring: LongString = Field(LongString(), description="The same option many times in a row.")
    average_longstring: AverageLongString | None = Field(
        None, description="Long rows of equal answers on the whole; left out, no flag."
    )
    variability: Variability | None = Field(
        None, description="Hardly any difference between answers; left out, no flag."
    )
    mahalanobis: Mahalanobis | None = Field(
        None, description="Far from the answers of others in the role; left out, no flag."
    )
    even_odd: EvenOdd | None = Field(
        None, description="Halves of scales do not go together; left out, no flag."
    )
    synonyms: Synonyms | None = Field(
        None, description="Differs on items that others answer alike; left out, no flag."
    )
    antonyms: Antonyms | None = Field(
        None, description="Agrees on items that others answer as opposites; left out, no flag."
    )
    person_fit: PersonFit | None = Field(
        None, description="Guttman errors in the scales; left out, no flag."
    )
