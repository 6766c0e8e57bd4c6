"""What every part of a plan shares."""

from typing import Annotated, Any, Literal, Self

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
Missing = Literal["complete", "imputation"]


def _one_or_more(given: Any) -> Any:  # noqa: ANN401 - checked by the field after this
    return [given] if isinstance(given, str) else given


OneOrMore = BeforeValidator(_one_or_more, json_schema_input_type=str | list[str])


class Planned(Closed):
    """One analysis that the plan names."""

    title: dict[str, str] = Field(default_factory=dict, description="Heading, per language.")


class Model(Planned):
    """One model."""

    status: Status = Field(
        "planned", description="Whether it was planned before the data were seen."
    )
    missing: list[Missing] = Field(
        ["complete"],
        min_length=1,
        description="complete: the rows that have every value; imputation: beside it, pooled over "
        "completed data sets.",
    )

    @field_validator("missing")
    @classmethod
    def _has_complete(cls, missing: list[Missing]) -> list[Missing]:
        if "complete" not in missing:
            msg = "imputation is shown beside complete: write [complete, imputation]"
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
