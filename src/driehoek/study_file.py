"""What a study file may say, as closed models."""

from typing import Annotated, Literal

from pydantic import Field

from driehoek.instrument.model import Name
from driehoek.plan.base import OneOrMore, Wave
from driehoek.plan.derived import Derived
from driehoek.plan.multiverse import MultiversePlan
from driehoek.plan.plan import Plan
from driehoek.plan.power import PowerPlan
from driehoek.plan.quality import Quality
from driehoek.platforms import Platform
from driehoek.yamlfile import Closed


class Export(Closed):
    """One file that a survey platform wrote."""

    file: str = Field(min_length=1, description="Path, relative to the study file.")
    role: Annotated[list[str], OneOrMore] = Field(
        description="The role or roles whose answers it holds."
    )
    platform: Literal["auto", Platform] = Field(
        "auto", description="auto: recognised from the file."
    )
    language: str | None = Field(None, description="Language of labels, where the file has labels.")
    sheet: str | None = Field(None, description="Sheet of an Excel file; default the first.")
    event: str | None = Field(
        None, description="REDCap, longitudinal: the event whose rows are this wave's."
    )
    instance: int | None = Field(
        None, ge=1, description="REDCap, repeating: the instance whose rows are this wave's."
    )
    columns: dict[str, str] = Field(
        default_factory=dict, description="Question id by column of the file, where they differ."
    )


class WaveOfData(Closed):
    """One round of data collection."""

    wave: Wave = Field(description="Short name, such as w1; used in file names.")
    date: str | None = Field(
        None,
        pattern=r"^\d{4}(-\d{2}){0,2}$",
        description="YYYY-MM; `time` in a plan counts years by it.",
    )
    instrument: str | None = Field(
        None, description="Path of the version this wave was asked, if not the study's own."
    )
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


class Disclosure(Closed):
    """What may be published."""

    min_cell: int = Field(10, ge=1, description="Smallest number of persons behind a figure.")
    min_df: int = Field(10, ge=0, description="Least residual degrees of freedom of a model.")


SectionName = Literal[
    "summary", "sample", "instrument", "quality", "scores", "reliability", "structure",
    "invariance", "agreement", "correlations", "comparisons", "models", "families",
    "without_flagged", "multiverse", "methods", "sealed", "checklists", "files",
    "references",
]  # fmt: skip


class OwnSection(Closed):
    """A section that the study writes itself."""

    title: dict[str, str] = Field(description="Its heading, per language.")
    template: str = Field(description="Path of a Jinja2 template, relative to the study file.")
    after: SectionName | None = Field(None, description="The section it follows; default: last.")


class Report(Closed):
    """The report, and the study's own words in it."""

    languages: list[str] = Field(["nl", "en"], min_length=1, description="One report in each.")
    order: list[SectionName] = Field(
        default_factory=list, description="Sections that come first, in this order."
    )
    leave_out: list[SectionName] = Field(default_factory=list, description="Sections left out.")
    titles: dict[SectionName, dict[str, str]] = Field(
        default_factory=dict, description="Own headings, per section and language."
    )
    texts: dict[SectionName, dict[str, str]] = Field(
        default_factory=dict, description="Own text at the start of a section, per language."
    )
    labels: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description="Own names of roles, scales, facets (scale.facet), questions and items.",
    )
    colours: dict[str, Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]] = Field(
        default_factory=dict, description="Own colours of roles in figures, such as '#0072B2'."
    )
    sections: dict[Name, OwnSection] = Field(
        default_factory=dict, description="Sections of the study's own, by a short name."
    )
    titles_as_findings: bool = Field(
        False, description="True puts what a figure shows before its title, from its statistic."
    )
    purpose: dict[str, str] = Field(
        default_factory=dict, description="Why the study was done, for the plain-language sheet."
    )
    contact: dict[str, str] = Field(
        default_factory=dict, description="Whom to ask, at the foot of that sheet."
    )


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
    synthetic: bool = Field(
        False, description="True marks the answers as a synthetic twin's; every page says so."
    )
    waves: list[WaveOfData] = Field(min_length=1, description="Rounds of data collection.")
    linkage: Linkage = Field(description="How responses are tied to persons and triads.")
    pseudonyms: Pseudonyms = Field(description="How codes become pseudonyms.")
    quality: Quality = Field(Quality(), description="Rules for cleaning.")
    corrections: str | None = Field(
        None, description="CSV: wave, response, question, old, new, reason."
    )
    withdrawn: str | None = Field(None, description="CSV: person (or triad), wave, reason.")
    free_text: list[str] = Field(
        default_factory=list,
        description="Text questions whose answers are kept, in a file beside the raw data; "
        "default: none.",
    )
    derive: dict[Name, Derived] = Field(
        default_factory=dict,
        description="Background variables made from others, by their new name.",
    )
    accept_unverified: bool = Field(
        False, description="True admits keys of published scales whose status is unverified."
    )
    plan: Plan = Field(Plan(), description="The analyses.")
    power: PowerPlan = Field(
        PowerPlan(), description="For driehoek power: how a planned study may turn out."
    )
    multiverse: dict[Name, MultiversePlan] = Field(
        default_factory=dict, description="Effects under many reasonable choices, by name."
    )
    disclosure: Disclosure = Field(Disclosure(), description="What may be published.")
    report: Report = Field(Report(), description="The report.")

    @property
    def years(self) -> dict[str, float]:
        """Years from the date of the first wave to that of each; empty where one has no date."""
        dates = [each.date for each in self.waves]
        if None in dates:
            return {}
        years = [_years(date) for date in dates if date is not None]
        named = [each.wave for each in self.waves]
        return {wave: year - years[0] for wave, year in zip(named, years, strict=True)}


def _years(date: str) -> float:
    """Give a date as a year with a fraction: whole months, and days of a month of 30.4375 days."""
    year, month, day = (*date.split("-"), "1", "1")[:3]
    return int(year) + (int(month) - 1) / 12 + (int(day) - 1) / 365.25
