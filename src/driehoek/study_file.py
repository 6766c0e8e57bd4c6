"""What a study file may say, as closed models."""

import itertools
from typing import Annotated, Any, Literal, Self

from pydantic import Field, WithJsonSchema, field_validator, model_validator

from driehoek.instrument.model import Name
from driehoek.yamlfile import Closed, worded

Platform = Literal["auto", "limesurvey", "qualtrics", "spss", "csv", "excel"]
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
Action = Literal["flag", "exclude"]
Missing = Literal["complete"]
FactorEstimator = Literal["auto", "WLSMV", "MLR"]
FactorMissing = Literal["all", "complete"]
ESTIMATOR_MEANING = (
    "WLSMV: ordered answers; MLR: robust maximum likelihood; auto: WLSMV for items of at most 5 "
    "options, else MLR. With missing answers across waves or roles, auto takes MLR from 5 options."
)
MISSING_MEANING = (
    "all: every answer counts (MLR: full information; WLSMV in one group: pairwise); complete: "
    "only rows without a gap."
)


class Export(Closed):
    """One file that a survey platform wrote."""

    file: str = Field(min_length=1, description="Path, relative to the study file.")
    role: list[str] = Field(description="The role or roles whose answers it holds.")
    platform: Platform = Field("auto", description="auto: recognised from the file.")
    language: str | None = Field(None, description="Language of labels, where the file has labels.")
    sheet: str | None = Field(None, description="Sheet of an Excel file; default the first.")
    columns: dict[str, str] = Field(
        default_factory=dict, description="Question id by column of the file, where they differ."
    )

    @field_validator("role", mode="before", json_schema_input_type=str | list[str])
    @classmethod
    def _one_or_more(cls, given: Any) -> Any:  # noqa: ANN401 - checked by the field after this
        return [given] if isinstance(given, str) else given


class WaveOfData(Closed):
    """One round of data collection."""

    wave: Wave = Field(description="Short name, such as w1; used in file names.")
    date: str | None = Field(None, pattern=r"^\d{4}(-\d{2}){0,2}$", description="YYYY-MM.")
    exports: list[Export] = Field(min_length=1, description="The files of this wave.")


class Linkage(Closed):
    """How responses are tied to persons and triads."""

    triad: str = Field(description="The question, or column, that holds the triad code.")
    person: str | None = Field(
        None, description="The one that holds the person code; default: triad code and role."
    )
    primary: dict[str, str] = Field(
        default_factory=dict,
        description="By role, who stands for it in a triad: most_<question>, or first.",
    )


class Pseudonyms(Closed):
    """The key that turns codes into pseudonyms."""

    key: str = Field(description="Path of the key file; ~ and paths relative to the study file.")


class Speed(Closed):
    """Answering too fast."""

    seconds_per_item: float = Field(2.0, gt=0, description="Less than this on average is too fast.")
    action: Action = Field("flag", description="Report it, or leave the response out.")


class LongString(Closed):
    """The same option many times in a row."""

    at_least: int = Field(12, ge=3, description="This many equal answers in a row.")
    action: Action = Field("flag", description="Report it, or leave the response out.")


class Completion(Closed):
    """Too little answered."""

    at_least: float = Field(0.0, ge=0, le=1, description="Least share of shown items answered.")
    action: Action = Field("exclude", description="Report it, or leave the response out.")


class Quality(Closed):
    """Rules for cleaning; flags never delete, action: exclude does."""

    duplicates: Literal["newest_complete", "first", "keep"] = Field(
        "newest_complete",
        description="Which of one person's responses in a wave counts.",
    )
    completion: Completion = Field(Completion(), description="Too little answered.")
    speed: Speed = Field(Speed(), description="Too fast.")
    longstring: LongString = Field(LongString(), description="The same option many times in a row.")


class Derived(Closed):
    """A background variable in bands."""

    source: str = Field(alias="from", description="A number question.")
    bands: list[float] = Field(min_length=2, description="Limits; each band holds its lower limit.")

    @field_validator("bands")
    @classmethod
    def _rising(cls, bands: list[float]) -> list[float]:
        if any(low >= high for low, high in itertools.pairwise(bands)):
            msg = "bands must rise"
            raise ValueError(msg)
        return bands


class ReliabilityPlan(Closed):
    """Reliability of the scales."""

    scales: list[str] | Literal["all"] = Field("all", description="Names of scales, or all.")
    bootstrap: int = Field(1000, ge=0, le=100_000, description="Samples for omega's interval.")


class ModelPlan(Closed):
    """One model."""

    kind: Literal["linear", "mixed"] = Field(
        description="linear: one wave, block by block; mixed: all waves, persons in triads."
    )
    title: dict[str, str] = Field(default_factory=dict, description="Heading, per language.")
    outcome: str = Field(description="Such as carer.burden.")
    blocks: list[list[str]] = Field(min_length=1, description="Terms, entered block by block.")
    wave: Wave | None = Field(None, description="The wave of a linear model.")
    persons: Literal["primary", "all"] = Field(
        "primary", description="One row a triad (the primary person), or every person of the role."
    )
    errors: Literal["HC3", "cluster"] = Field(
        "HC3", description="Standard errors: robust (HC3), or clustered by triad."
    )
    missing: list[Missing] = Field(
        ["complete"], min_length=1, description="complete: the rows that have every value."
    )
    status: Literal["planned", "exploratory"] = Field(
        "planned", description="Whether it was planned before the data were seen."
    )

    @model_validator(mode="after")
    def _wave_fits_kind(self) -> Self:
        if (self.kind == "linear") != (self.wave is not None):
            msg = "a linear model needs wave:, a mixed model uses all waves and has none"
            raise ValueError(msg)
        if self.kind == "mixed" and self.persons != "all":
            msg = "a mixed model rests on every person of the role: write persons: all"
            raise ValueError(msg)
        if self.kind == "linear" and self.persons == "all" and self.errors != "cluster":
            msg = "with persons: all a triad has several rows: use errors: cluster"
            raise ValueError(msg)
        return self


class Correlations(Closed):
    """Correlations between scores of one wave, one row a triad."""

    variables: list[str] = Field(
        min_length=2, description="Scores and numbers, such as carer.hours."
    )
    wave: Wave = Field(description="The wave they are taken from.")


class StructurePlan(Closed):
    """Factor models, to see whether the items of a scale go together as its facets say."""

    scales: list[str] | Literal["all"] = Field("all", description="Names of scales, or all.")
    estimator: FactorEstimator = Field("auto", description=ESTIMATOR_MEANING)
    missing: FactorMissing = Field("all", description=MISSING_MEANING)
    wave: Wave | None = Field(None, description="Default: the first.")


class InvariancePlan(Closed):
    """One ladder of invariance, to see whether a score means the same to all compared."""

    title: dict[str, str] = Field(default_factory=dict, description="Heading, per language.")
    scores: list[str] = Field(
        min_length=1,
        description="The score, such as carer.burden; across roles two or more of one scale, such "
        "as [seeker.trust.about_carer, carer.trust.about_seeker].",
    )
    across: str = Field(
        description="waves, roles (within triads, parallel items only), or a choice such as "
        "carer.gender."
    )
    estimator: FactorEstimator = Field("auto", description=ESTIMATOR_MEANING)
    missing: FactorMissing = Field("all", description=MISSING_MEANING)
    wave: Wave | None = Field(None, description="Default: the first; not with across: waves.")

    @field_validator("scores", mode="before", json_schema_input_type=str | list[str])
    @classmethod
    def _one_or_more(cls, given: Any) -> Any:  # noqa: ANN401 - checked by the field after this
        return [given] if isinstance(given, str) else given


class Plan(Closed):
    """The analyses."""

    confidence: float = Field(0.95, gt=0.5, lt=1, description="Level of every interval.")
    reliability: ReliabilityPlan = Field(ReliabilityPlan(), description="Alpha and omega.")
    structure: StructurePlan | None = Field(
        None, description="Factor models of the scales; left out, none is fitted."
    )
    invariance: dict[Name, InvariancePlan] = Field(
        default_factory=dict, description="Ladders of measurement invariance, by name."
    )
    correlations: dict[Name, Correlations] = Field(
        default_factory=dict, description="Sets of variables to correlate."
    )
    models: dict[Name, ModelPlan] = Field(default_factory=dict, description="Regression models.")


class Disclosure(Closed):
    """What may be published."""

    min_cell: int = Field(10, ge=1, description="Smallest number of persons behind a figure.")


class Report(Closed):
    """The report."""

    languages: list[str] = Field(["nl", "en"], min_length=1, description="One report in each.")


class Simulation(Closed):
    """For a study without data: exports are simulated before the run; marked everywhere."""

    triads: int = Field(300, ge=1, le=1_000_000, description="How many to simulate.")


class StudyFile(Closed):
    """A study: its instrument, waves, rules and plan."""

    study: Name = Field(description="Its name in results/.")
    title: dict[str, str] = Field(description="Title of the report, per language.")
    instrument: str = Field(description="Path of the instrument, relative to the study file.")
    seed: int = Field(ge=0, description="Every random number follows from it.")
    simulation: Simulation | None = Field(
        None, description="Only for a study without data: its exports are simulated."
    )
    waves: list[WaveOfData] = Field(min_length=1, description="Rounds of data collection.")
    linkage: Linkage = Field(description="How responses are tied to persons and triads.")
    pseudonyms: Pseudonyms = Field(description="How codes become pseudonyms.")
    quality: Quality = Field(Quality(), description="Rules for cleaning.")
    corrections: str | None = Field(
        None, description="CSV: wave, response, question, old, new, reason."
    )
    withdrawn: str | None = Field(None, description="CSV: person (or triad), wave, reason.")
    derive: dict[Name, Derived] = Field(
        default_factory=dict, description="Background variables in bands, by their new name."
    )
    accept_unverified: bool = Field(
        False, description="True admits keys of published scales whose status is unverified."
    )
    plan: Plan = Field(Plan(), description="The analyses.")
    disclosure: Disclosure = Field(Disclosure(), description="What may be published.")
    report: Report = Field(Report(), description="The report.")
