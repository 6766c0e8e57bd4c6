"""Plans for a multiverse: one effect under every combination of reasonable choices."""

from typing import Literal, Self

from pydantic import Field, model_validator

from driehoek.yamlfile import Closed

Errors = Literal["HC0", "HC1", "HC2", "HC3", "HC4", "cluster", "cluster_cr1s"]
ScoreOf = Literal["as_declared", "items", "facets"]
Missing = Literal["complete", "imputation"]
MOST = 20_000


class MultiversePlan(Closed):
    """One coefficient of a linear model of the plan, estimated in many reasonable ways."""

    title: dict[str, str] = Field(default_factory=dict, description="Title, per language.")
    model: str = Field(description="A linear model of the plan.")
    term: str = Field(description="The term whose coefficient is followed, as in its blocks.")
    leave_out: list[list[str]] = Field(
        default=[[]], description="Sets of flags; responses that carry one of a set are left out."
    )
    min_answered: list[float] | None = Field(
        None, description="Least share of items answered for a score; default as declared."
    )
    score_of: list[ScoreOf] = Field(
        default=["as_declared"],
        description="Scale scores over items, over facets, or as the instrument declares.",
    )
    missing: list[Missing] = Field(
        default=["complete"],
        min_length=1,
        description="Complete rows, or missing answers filled in as in plan.imputation.",
    )
    errors: list[Errors] = Field(
        default=["HC3"], min_length=1, description="Standard errors of the model."
    )
    covariates: list[list[str]] | None = Field(
        None, description="Sets of other terms; default those of the model."
    )

    @property
    def is_imputed(self) -> bool:
        """Whether answers are filled in for some of the specifications."""
        return "imputation" in self.missing

    @property
    def n_variants(self) -> int:
        """Ways to make the scores: every one needs data of its own."""
        return len(self.leave_out) * len(self.min_answered or [None]) * len(self.score_of)

    @property
    def n_specifications(self) -> int:
        """Number of combinations."""
        models = len(self.errors) * len(self.covariates or [None])
        return self.n_variants * len(self.missing) * models

    @model_validator(mode="after")
    def _of_a_size(self) -> Self:
        if not self.leave_out or not self.score_of or self.n_specifications > MOST:
            msg = f"{self.n_specifications} specifications: between 1 and {MOST}"
            raise ValueError(msg)
        return self
