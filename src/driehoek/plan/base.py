"""What every part of a plan shares."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator

from driehoek.yamlfile import Closed, worded

WAVE_PATTERN = r"^[a-z][a-z0-9]{0,9}$"
Wave = Annotated[
    str,
    worded(
        WAVE_PATTERN,
        "a small letter, then at most 9 small letters and digits",
        "use a short name such as w1",
    ),
    WithJsonSchema({"type": "string", "pattern": WAVE_PATTERN}),
]
Status = Literal["planned", "exploratory"]
Missing = Literal["complete", "imputation", "full_information"]


def _one_or_more(given: Any) -> Any:  # noqa: ANN401 - checked by the field after this
    return [given] if isinstance(given, str) else given


OneOrMore = BeforeValidator(_one_or_more, json_schema_input_type=str | list[str])


class Planned(Closed):
    """One analysis that the plan names."""

    title: dict[str, str] = Field(default_factory=dict, description="Heading, per language.")


def as_written(given: Sequence[str]) -> str:
    """Write a list as a study file does."""
    return f"[{', '.join(given)}]"


class Model(Planned):
    """One model."""

    takes_full_information: ClassVar[bool] = False

    status: Status = Field(
        "planned", description="Whether it was planned before the data were seen."
    )
    missing: list[Missing] = Field(
        ["complete"],
        min_length=1,
        description="complete: the rows that have every value; imputation: beside it, pooled over "
        "completed data sets; full_information: beside it, by maximum likelihood from every row "
        "(kind: linear).",
    )

    @field_validator("missing")
    @classmethod
    def _has_complete(cls, missing: list[Missing]) -> list[Missing]:
        if "complete" not in missing:
            msg = (
                "imputation and full_information are shown beside complete: "
                f"write {as_written(['complete', *missing])}"
            )
            raise ValueError(msg)
        if "full_information" in missing and not cls.takes_full_information:
            rest = [each for each in missing if each != "full_information"]
            msg = f"full_information is there for kind: linear only; write {as_written(rest)}"
            raise ValueError(msg)
        return missing

    def without_resampling(self) -> Self:
        """Give the same plan without bootstrap samples."""
        has_samples = "bootstrap" in type(self).model_fields
        return self.model_copy(update={"bootstrap": 0}) if has_samples else self

    @property
    def is_imputed(self) -> bool:
        """Whether it is also fitted to completed data sets."""
        return "imputation" in self.missing

    @property
    def has_full_information(self) -> bool:
        """Whether it is also fitted to every row that has any of its values."""
        return "full_information" in self.missing

    @property
    def sample(self) -> str:
        """The wave its rows are taken from, or all."""
        return "all"

    @property
    def outcomes(self) -> list[str]:
        """The variables that the model explains, as the study names them."""
        raise NotImplementedError

    @property
    def terms(self) -> list[list[str]]:
        """The terms that explain them, block by block."""
        raise NotImplementedError
