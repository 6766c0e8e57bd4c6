"""The analyses of a study."""

from typing import Annotated

from pydantic import Field

from driehoek.instrument.model import Name
from driehoek.plan.agreement import AgreementPlan, RetestPlan
from driehoek.plan.base import Planned, Wave
from driehoek.plan.comparison import ComparisonPlan
from driehoek.plan.families import EquivalencePlan, FamilyPlan
from driehoek.plan.generalised import CountModel, FractionalModel, LogisticModel, OrdinalModel
from driehoek.plan.measurement import InvariancePlan, ReliabilityPlan, StructurePlan
from driehoek.plan.mediation import MediationModel
from driehoek.plan.missing_data import ImputationPlan
from driehoek.plan.regression import LinearModel, MixedModel
from driehoek.plan.surface import ResponseSurfaceModel
from driehoek.plan.triadic import ActorPartnerModel
from driehoek.plan.weights import WeightsPlan
from driehoek.plan.without_flagged import WithoutFlagged
from driehoek.yamlfile import Closed

ModelPlan = Annotated[
    LinearModel
    | MixedModel
    | ActorPartnerModel
    | LogisticModel
    | OrdinalModel
    | CountModel
    | FractionalModel
    | ResponseSurfaceModel
    | MediationModel,
    Field(discriminator="kind"),
]


class Correlations(Planned):
    """Correlations between scores of one wave, one row a triad."""

    variables: list[str] = Field(
        min_length=2, description="Scores and numbers, such as carer.hours."
    )
    wave: Wave = Field(description="The wave they are taken from.")


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
    agreement: dict[Name, AgreementPlan] = Field(
        default_factory=dict, description="Agreement between roles, by name."
    )
    retest: dict[Name, RetestPlan] = Field(
        default_factory=dict, description="Stability of scores over waves, by name."
    )
    correlations: dict[Name, Correlations] = Field(
        default_factory=dict, description="Sets of variables to correlate."
    )
    comparisons: dict[Name, ComparisonPlan] = Field(
        default_factory=dict, description="Comparisons of groups, roles and waves, by name."
    )
    most_triads: int = Field(
        20_000,
        ge=100,
        description="Most triads for reliability, factor models, invariance and agreement between "
        "roles; of more, so many are drawn at random, and the tables say so.",
    )
    imputation: ImputationPlan = Field(
        ImputationPlan(), description="How missing answers are filled in."
    )
    weights: dict[Name, WeightsPlan] = Field(
        default_factory=dict, description="Weights by raking to known shares, by name."
    )
    models: dict[Name, ModelPlan] = Field(default_factory=dict, description="Models, by name.")
    families: dict[Name, FamilyPlan] = Field(
        default_factory=dict, description="Tests that are adjusted for one another, by name."
    )
    equivalence: dict[Name, EquivalencePlan] = Field(
        default_factory=dict, description="Estimates that may be too small to matter, by name."
    )
    without_flagged: WithoutFlagged | None = Field(
        None, description="Results with and without flagged responses; left out, only with."
    )

    @property
    def is_imputed(self) -> bool:
        """Whether any model is also fitted to completed data sets."""
        return any(model.is_imputed for model in self.models.values())

    @property
    def has_full_information(self) -> bool:
        """Whether any model is also fitted to every row that has any of its values."""
        return any(model.has_full_information for model in self.models.values())
