"""Who drops out: those who left compared with those who stayed, as they were in the first wave."""

from collections.abc import Iterator

import pandas as pd

from driehoek.analysis.model_data import ModelData, records
from driehoek.analysis.names import Variable
from driehoek.analysis.participation import presence
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.disclosure import withhold_small_samples
from driehoek.models.comparison import associate, compare_groups
from driehoek.study import Study

BY = "participation"
STAYED, LEFT = "stayed", "left"
SHOWN = ("mean", "sd", "difference", "g", "cramers_v", "chi2")
FEW = "fewer than {} persons stayed or left"


def attrition(long: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Compare, for each role and later wave, leavers with stayers on their first-wave values.

    Parameters
    ----------
    long : pandas.DataFrame
        One row per kept response: keys, background, derived variables and scores.
    study : Study

    Returns
    -------
    pandas.DataFrame
        Statistics rows; ``term`` is a whole score or a background question, ``group`` stayed or
        left. Numbers and scores: ``mean``, ``sd``, ``difference`` (Welch's t) and ``g`` (Hedges),
        left minus stayed. Choices: ``chi2`` and ``cramers_v``. ``largest_g`` names the score or
        number that differs most. A person of several triads counts once, with the first response.
    """
    if len(study.wave_names) < 2:
        return statistics_frame([], "attrition")
    seen, rows = presence(long, study), list[Row]()
    first, *later = study.wave_names
    start = long[(long["wave"] == first) & (long["person"] != "")]
    start = start.drop_duplicates(["role", "person"])
    for role in study.questionnaire.instrument.roles:
        people = start[start["role"] == role].set_index("person")
        if people.empty:
            continue
        known = seen[seen.index.get_level_values("role") == role].droplevel("role")
        for wave in later:
            here = known.loc[people.index, wave]
            status = here.map({True: STAYED, False: LEFT})
            found = list(_compared(people.assign(**{BY: status}), role, study))
            rows += [{**row, "wave": wave, "role": role} for row in [*found, *_largest(found)]]
    table = statistics_frame(rows, "attrition")
    return withhold_small_samples(table, study.settings.disclosure.min_cell)


def _compared(people: pd.DataFrame, role: str, study: Study) -> Iterator[Row]:
    fewest = max(study.settings.disclosure.min_cell, 2)
    data = ModelData(people, people, study)
    for variable in _variables(data, role, study):
        if variable.column not in people or people[variable.column].isna().all():
            continue
        counts = people.loc[people[variable.column].notna(), BY].value_counts()
        if min(counts.get(STAYED, 0), counts.get(LEFT, 0)) < fewest:
            # The mean of those who stayed would give away that of the others by subtraction.
            reason = FEW.format(fewest)
            yield {"term": variable.name, "statistic": "g", "method": "welch", "reason": reason}
            continue
        for row in records(_one(people, variable, data, fewest)):
            if row["statistic"] in SHOWN:
                group = str(row["group"])
                yield {**row, "term": variable.name, "group": _short(group)}


def _one(people: pd.DataFrame, variable: Variable, data: ModelData, fewest: int) -> pd.DataFrame:
    frame = people[[BY]].assign(value=people[variable.column])
    confidence = data.confidence
    if variable.levels:
        return associate(frame, "value", BY, confidence=confidence, fewest=fewest)
    levels = [LEFT, STAYED]
    return compare_groups(frame, "value", BY, levels, confidence=confidence, fewest=fewest)


def _variables(data: ModelData, role: str, study: Study) -> list[Variable]:
    """Give the background, derived variables and whole scores of a role; no consent, no checks."""
    instrument = study.questionnaire.instrument
    aside = {check.question for check in instrument.checks.values()}
    aside |= {instrument.consent.question} if instrument.consent else set()
    every = dict.fromkeys(v for v in data.known.values() if v.role == role and not v.form)
    facets = {facet for scale in instrument.scales.values() for facet in scale.facets or {}}
    return [
        each
        for each in every
        if each.column not in aside and not facets & set(each.column.split(".")[1:])
    ]


def _short(group: str) -> str:
    known = {f"{BY}[{status}]": status for status in (STAYED, LEFT)}
    return known.get(group, "")


def _largest(rows: list[Row]) -> Iterator[Row]:
    sizes = [row for row in rows if row["statistic"] == "g" and row.get("estimate") is not None]
    sizes = [row for row in sizes if row["estimate"] == row["estimate"]]
    if sizes:
        most = max(sizes, key=lambda row: abs(float(str(row["estimate"]))))
        kept = ("term", "estimate", "ci_low", "ci_high", "n", "n_excluded")
        head = {"statistic": "largest_g", "group": str(most["term"]), "method": "largest of g"}
        yield {**{key: most[key] for key in kept if key != "term"}, **head}
