"""Derived background variables: a closed grammar; nothing in it is evaluated as code."""

import itertools
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from driehoek.instrument.model import Name
from driehoek.plan.base import OneOrMore
from driehoek.yamlfile import Closed

NO, YES = "no", "yes"
RULES = ("bands", "recode", "at_least", "below", "sum", "mean", "difference")
OF_ONE = ("bands", "recode", "at_least", "below")
TWO_OR_MORE = "Number questions; missing where one of them is."


class Derived(Closed):
    """A background variable made from others by exactly one rule."""

    source: str | None = Field(
        None, alias="from", description="The question, with bands, recode, at_least or below."
    )
    bands: list[float] | None = Field(
        None, min_length=2, description="Limits; each band holds its lower limit."
    )
    recode: dict[Name, Annotated[list[str], OneOrMore]] | None = Field(
        None, min_length=2, description="Option codes of a choice, by the name of the new group."
    )
    at_least: float | None = Field(None, description="yes from this number on, else no.")
    below: float | None = Field(None, description="yes below this number, else no.")
    sum: list[str] | None = Field(None, min_length=2, description=TWO_OR_MORE)
    mean: list[str] | None = Field(None, min_length=2, description=TWO_OR_MORE)
    difference: list[str] | None = Field(
        None, min_length=2, max_length=2, description="Two number questions: first minus second."
    )
    label: dict[str, str] = Field(
        default_factory=dict, description="What it is called in tables, per language."
    )

    @field_validator("bands")
    @classmethod
    def _rising(cls, bands: list[float] | None) -> list[float] | None:
        if any(low >= high for low, high in itertools.pairwise(bands or [])):
            msg = "bands must rise"
            raise ValueError(msg)
        return bands

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        rules = [name for name in RULES if getattr(self, name) is not None]
        if len(rules) != 1:
            msg = f"one of {', '.join(RULES)} is needed, and {len(rules)} are here"
            raise ValueError(msg)
        if (rules[0] in OF_ONE) != (self.source is not None):
            msg = "bands, recode, at_least and below need from: a question; the others have none"
            raise ValueError(msg)
        if self.recode and len(codes := self.codes) != len(set(codes)):
            msg = "recode names an option code twice"
            raise ValueError(msg)
        return self

    @property
    def rule(self) -> str:
        """The name of its rule."""
        return next(name for name in RULES if getattr(self, name) is not None)

    @property
    def sources(self) -> list[str]:
        """The questions it is made from."""
        return [self.source] if self.source else list(getattr(self, self.rule))

    @property
    def codes(self) -> list[str]:
        """The option codes that a recoding names, in order."""
        return [code for codes in (self.recode or {}).values() for code in codes]

    @property
    def levels(self) -> tuple[str, ...]:
        """Its levels in order, stored as 0, 1, ...; empty for a number."""
        if self.bands is not None:
            return tuple(str(band) for band in range(len(self.bands) - 1))
        if self.recode is not None:
            return tuple(self.recode)
        return (NO, YES) if self.rule in {"at_least", "below"} else ()
