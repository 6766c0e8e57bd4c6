"""What a data-protection officer asks: who could be recognised, by whom, and what is published."""

from collections.abc import Iterator, Mapping

import pandas as pd

from driehoek.study import Study

COLUMNS = ["subject", "measure", "value", "meaning"]
Entry = tuple[str, str, float, str]


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
        ``subject, measure, value, meaning``; shares are 0 to 1.

    References
    ----------
    Sweeney (2002), doi:10.1142/S0218488502001648, for k-anonymity: with how many others a person
    shares their background.
    """
    least = study.settings.disclosure.min_cell
    rows = [*_alike(study, long, least), *_triads(study, long), *_published(statistics, least)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _background(study: Study, role: str) -> list[str]:
    questions = study.questionnaire.questions.values()
    return [
        q.id
        for q in questions
        if q.item is None and q.kind == "choice" and role in q.roles and q.is_stored
    ]


def _joined(answers: pd.DataFrame) -> pd.Series:
    """Give each row as one text; a missing answer, of numbers and texts alike, is empty."""
    texts = answers.astype(object).where(answers.notna(), "")
    return texts.astype(str).agg("\x1f".join, axis="columns")


def _sizes(people: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Give how many people share each person's background; missing answers count as one."""
    told = _joined(people[keys])
    return told.map(told.value_counts())


def _alike(study: Study, long: pd.DataFrame, least: int) -> Iterator[Entry]:
    for role in study.questionnaire.instrument.roles:
        people = long[long["role"] == role].drop_duplicates("person")
        keys = [each for each in _background(study, role) if each in people]
        if people.empty or not keys:
            continue
        size, named = _sizes(people, keys), ", ".join(keys)
        yield role, "persons", float(len(people)), "in the first wave they answered"
        alone = f"nobody else in the study has the same {named}"
        yield role, "share unique on background", float((size == 1).mean()), alone
        few = f"fewer than {least} people have the same {named}"
        yield role, f"share with fewer than {least} alike", float((size < least).mean()), few


def _triads(study: Study, long: pd.DataFrame) -> Iterator[Entry]:
    if study.settings.linkage.triad == study.settings.linkage.person:
        return  # everybody is alone
    members = long.drop_duplicates("person").groupby("triad")
    size = members["person"].size()
    known = size[size > 1]
    inside = "each of them knows the others of the triad, and may recognise their answers"
    yield "triads", "triads", float(len(size)), "with at least one person who answered"
    yield "triads", "triads of two or more", float(len(known)), inside
    yield "triads", "persons in them", float(known.sum()), inside
    keys = sorted({q for role in study.questionnaire.instrument.roles for q in
                   _background(study, role)} & {*long.columns})  # fmt: skip
    told = long.drop_duplicates("person").assign(
        own=lambda people: _joined(people[["role", *keys]])
    )
    whole = told.sort_values("own").groupby("triad")["own"].agg("\x1e".join)
    alone = float((whole.map(whole.value_counts()) == 1).mean()) if len(whole) else 0.0
    words = "no other triad has the same members by role and background"
    yield "triads", "share of triads that are unique", alone, words


def _published(statistics: Mapping[str, pd.DataFrame], least: int) -> Iterator[Entry]:
    for name, table in statistics.items():
        shown = table[table["estimate"].notna()]
        n = shown["n"][shown["n"] > 0]
        yield name, "figures published", float(len(shown)), "estimates that are not withheld"
        if len(n):
            yield (
                name,
                "smallest n",
                float(n.min()),
                f"withheld below {least}, counts of conduct not",
            )
        hidden = table["reason"].str.startswith("withheld")
        if hidden.any():
            yield name, "figures withheld", float(hidden.sum()), "too few people, or to be deduced"
