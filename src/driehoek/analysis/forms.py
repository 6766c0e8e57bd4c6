"""What a term may take of a score or number: its change, its mean over waves, that of the triad."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from driehoek.analysis.names import Variable, known_variables
from driehoek.instrument.questions import Questionnaire
from driehoek.study_file import StudyFile

OVER_WAVES = ("change", "before", "person_mean", "within_person")
OVER_TRIAD = ("triad_mean", "within_triad")
FORMS = (*OVER_WAVES, *OVER_TRIAD)
TRIAD = "triad"
FEWEST_ROLES = 2


def model_variables(settings: StudyFile, questionnaire: Questionnaire) -> dict[str, Variable]:
    """Give every variable that a term may name: those of the instrument, and their forms.

    ``<name>.change``: less the value in the first wave. ``.before``: the value in the wave before.
    ``.person_mean`` and ``.within_person``: mean over the waves, and the deviation from it.
    ``.triad_mean`` and ``.within_triad``: mean over the persons of the role in the triad, and the
    deviation from it. ``triad.<scale>``: mean over the roles of a triad.
    """
    known = known_variables(settings, questionnaire)
    numbers = {name: each for name, each in known.items() if each.role and not each.levels}
    formed = {
        f"{name}.{form}": replace(each, name=f"{each.name}.{form}", form=form)
        for name, each in numbers.items()
        for form in FORMS
    }
    shared = {
        f"{TRIAD}.{scale}": Variable(f"{TRIAD}.{scale}", TRIAD, scale, form=TRIAD)
        for scale in questionnaire.instrument.scales
        if len({role for role, _ in questionnaire.presentations(scale)}) >= FEWEST_ROLES
    }
    return {**known, **formed, **shared}


def bases(variable: Variable, known: dict[str, Variable]) -> list[Variable]:
    """Give the variables of the instrument that a form rests on."""
    if variable.form == TRIAD:
        return [
            each
            for each in dict.fromkeys(known.values())
            if not each.form and _is_total(each.column, variable.column)
        ]
    return [replace(variable, name=f"{variable.role}.{variable.column}", form="")]


def with_forms(
    long: pd.DataFrame,
    triads: pd.DataFrame,
    used: Iterable[Variable],
    known: dict[str, Variable],
    waves: Sequence[str],
) -> tuple[pd.DataFrame, pd.DataFrame, list[Variable]]:
    """Add the columns of forms to the linked tables.

    Parameters
    ----------
    long, triads : pandas.DataFrame
        One row per person and wave, and one per triad and wave.
    used : iterable of Variable
    known : dict
        As `model_variables` gives it.
    waves : sequence of str
        In order.

    Returns
    -------
    tuple
        The two tables, and the variables as columns of them.
    """
    found = []
    for each in used:
        if not each.form:
            found.append(each)
            continue
        column = f"{each.column}.{each.form}"
        if each.form == TRIAD:
            triads = triads.assign(**{each.name: _over_roles(triads, bases(each, known))})
        else:
            own = long[long["role"] == each.role]
            values = _formed(own, each.column, each.form, "person", waves)
            if column not in long:
                long = long.assign(**{column: float("nan")})
            long.loc[own.index, column] = values
            triads = triads.assign(**{each.name: _of_triads(each, own, triads, waves)})
        found.append(replace(each, column=column, form=""))
    return long, triads, found


def _formed(
    rows: pd.DataFrame, column: str, form: str, unit: str, waves: Sequence[str]
) -> pd.Series:
    values = rows[column].astype(float)
    if form in OVER_TRIAD:
        mean = values.groupby([rows["triad"], rows["wave"]]).transform("mean")
        return mean.where(values.notna()) if form == "triad_mean" else values - mean
    # A professional of several triads is another respondent in each of them.
    who = [rows["triad"], rows[unit]] if unit != "triad" else [rows["triad"]]
    if form in {"person_mean", "within_person"}:
        mean = values.groupby(who).transform("mean")
        return mean if form == "person_mean" else values - mean
    at = rows["wave"].map({wave: place for place, wave in enumerate(waves)})
    keys = [key.to_numpy() for key in who]
    frame = pd.DataFrame({"value": values.to_numpy(), "at": at.to_numpy()}, index=rows.index)
    frame[["u", "v"]] = pd.DataFrame({"u": keys[0], "v": keys[-1]}, index=rows.index)
    wanted = frame["at"] - 1 if form == "before" else 0
    asked = frame.assign(at=wanted)[["u", "v", "at"]]
    there = frame.drop_duplicates(["u", "v", "at"]).set_index(["u", "v", "at"])["value"]
    earlier = there.reindex(pd.MultiIndex.from_frame(asked)).to_numpy()
    return pd.Series(earlier if form == "before" else values.to_numpy() - earlier, rows.index)


def _of_triads(
    variable: Variable, own: pd.DataFrame, triads: pd.DataFrame, waves: Sequence[str]
) -> pd.Series:
    """Give a form for the primary person of each triad."""
    name = f"{variable.role}.{variable.column}"
    if variable.form not in OVER_TRIAD:
        return _formed(triads, name, variable.form, "triad", waves)
    means = own.groupby(["triad", "wave"])[variable.column].mean()
    keys = pd.MultiIndex.from_frame(triads[["triad", "wave"]])
    mean = pd.Series(means.reindex(keys).to_numpy(dtype=float), triads.index)
    values = triads[name].astype(float)
    return mean.where(values.notna()) if variable.form == "triad_mean" else values - mean


def _over_roles(triads: pd.DataFrame, members: Sequence[Variable]) -> pd.Series:
    """Give the mean over roles of each role's mean, where two roles or more have one."""
    by_role = {
        role: triads[[each.name for each in members if each.role == role]]
        .astype(float)
        .mean(axis=1)
        for role in dict.fromkeys(each.role for each in members)
    }
    table = pd.DataFrame(by_role)
    return table.mean(axis=1).where(table.notna().sum(axis=1) >= FEWEST_ROLES)


def _is_total(column: str, scale: str) -> bool:
    first, *rest = column.split(".")
    return first == scale and all(part.startswith("about_") for part in rest)
