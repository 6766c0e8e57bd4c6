"""What a data-protection officer asks: who could be recognised, by whom, and what is published."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from driehoek.study import Study

COLUMNS = ["subject", "measure", "value", "meaning"]
Entry = tuple[str, str, float, str]
# Files that count how the study was run, and not what anyone answered.
CONDUCT = ("flow", "participation")
WITH, WITHOUT = "without_flagged/everyone/", "without_flagged/unflagged/"


def risk_report(
    study: Study, long: pd.DataFrame, statistics: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Measure how recognisable people are in the private data, and what the public tables show.

    Parameters
    ----------
    study : Study
    long : pandas.DataFrame
        The linked answers, one row a person and wave.
    statistics : mapping of str to pandas.DataFrame
        The published statistics by file.

    Returns
    -------
    pandas.DataFrame
        ``subject, measure, value, meaning``; what is called a share lies between 0 and 1, all
        else are counts. Subjects are roles, triads, published (all tables together) and then
        each table.

    References
    ----------
    Sweeney (2002), doi:10.1142/S0218488502001648, for k-anonymity: with how many others a person
    shares their background.
    """
    least = study.settings.disclosure.min_cell
    rows = [
        *_alike(study, long, least),
        *_triads(study, long, least),
        *_open(statistics, least),
        *_withheld(statistics),
        *_tables(statistics),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _background(study: Study, role: str, kind: str) -> list[str]:
    """List what others may know of a person; consent and checks of attention are no such thing."""
    form = study.questionnaire
    others = {check.question for check in form.instrument.checks.values()}
    if form.instrument.consent is not None:
        others.add(form.instrument.consent.question)
    return [
        q.id
        for q in form.questions.values()
        if q.item is None and q.kind == kind and role in q.roles and q.id not in others
    ]


def _told(people: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Give each person's background as one text; a missing answer is an answer too."""
    texts = [people[key].astype(object).where(people[key].notna(), "").astype(str) for key in keys]
    together = [chr(31).join(row) for row in zip(*texts, strict=True)]
    return pd.Series(together, index=people.index, dtype="str")


def _sizes(told: pd.Series) -> pd.Series:
    """Give for each how many say the same."""
    return told.map(told.value_counts())


def _alike(study: Study, long: pd.DataFrame, least: int) -> Iterator[Entry]:
    for role in study.questionnaire.instrument.roles:
        people = long[long["role"] == role].drop_duplicates("person")
        keys = [each for each in _background(study, role, "choice") if each in people]
        if people.empty or not keys:
            continue
        size, named = _sizes(_told(people, keys)), ", ".join(keys)
        yield role, "persons", float(len(people)), "in the first wave they answered"
        alone = f"nobody else in the study has the same {named}"
        yield role, "share unique on background", float((size == 1).mean()), alone
        few = f"fewer than {least} people have the same {named}"
        yield role, f"share with fewer than {least} alike", float((size < least).mean()), few
        numbers = [each for each in _background(study, role, "number") if each in people]
        if numbers:
            words = f"who knows these too recognises more people: {', '.join(numbers)}"
            yield role, "numbers not counted", float(len(numbers)), words


def _triads(study: Study, long: pd.DataFrame, least: int) -> Iterator[Entry]:
    if study.settings.linkage.triad == study.settings.linkage.person:
        return  # everybody is alone
    people = long.drop_duplicates("person")
    size = people.groupby("triad")["person"].size()
    known = size[size > 1]
    inside = "each of them knows the others of the triad, and may recognise their answers"
    yield "triads", "triads", float(len(size)), "with at least one person who answered"
    yield "triads", "triads of two or more", float(len(known)), inside
    yield "triads", "persons in them", float(known.sum()), inside
    keys = {q for role in study.questionnaire.instrument.roles
            for q in _background(study, role, "choice")} & {*long.columns}  # fmt: skip
    own = people.assign(own=_told(people, ["role", *sorted(keys)])).sort_values("own")
    alike = _sizes(own.groupby("triad")["own"].agg(chr(30).join))
    whole = "the same members by role and background"
    alone, few = float((alike == 1).mean()), float((alike < least).mean())
    yield "triads", "share of triads that are unique", alone, f"no other triad has {whole}"
    words = f"fewer than {least} triads have {whole}"
    yield "triads", f"share with fewer than {least} alike", few, words


def _open(statistics: Mapping[str, pd.DataFrame], least: int) -> Iterator[Entry]:
    """Count what the rules of disclosure control should have left nowhere."""
    answers = {name: table for name, table in statistics.items() if name not in CONDUCT}
    small = sum(_on_few(table, least) for table in answers.values())
    words = f"of answers on fewer than {least} persons; must be 0"
    yield "published", "figures on too few persons", float(small), words
    near = _near(statistics.get("without_flagged"), least)
    words = f"with and without flagged responses, 1 to {least - 1} persons apart; must be 0"
    yield "published", "pairs to be subtracted", float(near), words
    conduct = sum(_on_few(statistics[name], least) for name in CONDUCT if name in statistics)
    words = f"in {' and '.join(CONDUCT)}: who took part in what, not what anyone answered"
    yield "published", "small counts of conduct", float(conduct), words


def _on_few(table: pd.DataFrame, least: int) -> int:
    """Count shown figures on 1 to `least` - 1 persons, and small counts; results are no persons."""
    shown = table[table["estimate"].notna() & ~table["id"].str.contains("/summary/")]
    is_count = shown["statistic"].isin(["count", "persons", "triads"])
    persons = shown["n"].where(~is_count, shown["estimate"])
    return int(((persons > 0) & (persons < least)).sum())


def _near(table: pd.DataFrame | None, least: int) -> int:
    if table is None:
        return 0
    shown = table[table["estimate"].notna()].set_index("id")["n"]
    pair = [
        shown[shown.index.str.startswith(mark)].rename(index=lambda name: name.split("/", 2)[2])
        for mark in (WITH, WITHOUT)
    ]
    apart = (pair[0] - pair[1]).abs()
    return int(((apart > 0) & (apart < least)).sum())


def _withheld(statistics: Mapping[str, pd.DataFrame]) -> Iterator[Entry]:
    """Count what each rule withholds, over all tables."""
    reasons = pd.concat([pd.Series("", dtype="str"), *(t["reason"] for t in statistics.values())])
    for reason, count in reasons[reasons.str.startswith("withheld")].value_counts().items():
        yield "published", "figures withheld", float(count), str(reason).removeprefix("withheld: ")


def _tables(statistics: Mapping[str, pd.DataFrame]) -> Iterator[Entry]:
    for name, table in statistics.items():
        shown = table[table["estimate"].notna() & ~table["id"].str.contains("/summary/")]
        yield name, "figures shown", float(len(shown)), "that are not withheld"
        n = shown["n"].to_numpy(float)
        if (n > 0).any():
            words = "persons behind the figure with fewest"
            words += " (conduct: nothing is withheld)" if name in CONDUCT else ""
            yield name, "smallest n", float(np.min(n[n > 0])), words
