"""What single fields cannot show about a study's own words for its report."""

from collections.abc import Iterator
from typing import get_args

from driehoek.faults import Fault, unknown
from driehoek.instrument.questions import Questionnaire
from driehoek.study_file import SectionName, StudyFile


def report_faults(settings: StudyFile, questionnaire: Questionnaire) -> Iterator[Fault]:
    """Find names and colours of things that the instrument does not have."""
    instrument, report = questionnaire.instrument, settings.report
    facets = {
        f"{scale}.{facet}"
        for scale, each in instrument.scales.items()
        for facet in each.facets or {}
    }
    named = {*instrument.roles, *instrument.scales, *facets, *questionnaire.questions}
    for name in report.labels:
        yield from unknown(("report", "labels", name), name, sorted(named), "role, scale or item")
    for role in report.colours:
        yield from unknown(("report", "colours", role), role, instrument.roles, "role")
    for name in report.sections:
        if name in {*get_args(SectionName), "text", "contents"}:
            found, mend = f"{name!r} is a name of the report itself", "choose another name"
            yield Fault(("report", "sections", name), found, "a name of your own", mend)
