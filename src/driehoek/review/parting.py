"""Where the paths of two runs part, in words: the likeliest explanation first."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import pandas as pd

from driehoek.review.altered import Altered
from driehoek.review.compare import Difference, parts_of
from driehoek.review.record import Record

CHOSEN = frozenset({"input", "setting", "seed"})  # each may move one number and no other
MOST = 5

Kind = tuple[str, str, str]


def parting(
    numbers: pd.DataFrame, found: Sequence[Difference], altered: Sequence[Altered], old: Record
) -> str:
    """Say where the paths part: at an altered number, at a kind of cause, or at the manifest.

    Another version, platform or code moves numbers of one kind together. Where inputs, settings
    and seed are the same and most numbers of the same kind are too, those that differ were
    altered, and they are named before what else differs.

    Parameters
    ----------
    numbers : pandas.DataFrame
        As `driehoek.review.compare.numbers_changed` gives them.
    found : sequence of Difference
        What differs in what the runs were made from, likeliest causes first.
    altered : sequence of Altered
        Published files that are not as sealed.
    old : Record
        The manifest.

    Returns
    -------
    str
        Empty where nothing differs.
    """
    if numbers.empty:
        return "a published file was changed after it was sealed" if altered else ""
    kinds = list(dict.fromkeys(each.kind for each in found))
    if not CHOSEN & set(kinds) and _stand_alone(numbers, old):
        told = (
            f"{_named(_numbers(numbers))}; most numbers of the same kind are the same, so the "
            "manifest itself was changed after it was sealed"
        )
        others = _named([str(each) for each in found])
        return f"{told}. What else differs does not explain it: {others}" if found else told
    begins = _first_table(numbers, old)
    if not kinds:
        return (
            f"{begins}; inputs, settings, versions, platform and code are the same, so the "
            "manifest itself was changed after it was sealed"
        )
    named = [str(each) for each in found if each.kind == kinds[0]]
    return f"{begins}; the paths part at: {_named(named)}"


def _stand_alone(numbers: pd.DataFrame, old: Record) -> bool:
    """Tell whether fewer than half of the numbers of each kind differ.

    Of one kind are the same parts of the same statistic in the same table; of the same table,
    where a statistic stands in it once.
    """
    whole = {*((name, part) for name in _ids(old) for part in parts_of(old, name))}
    moved = {*zip(numbers["id"], numbers["part"], strict=True)}
    total = Counter(kind for each in whole | moved for kind in _kinds(*each))
    differing = Counter(kind for each in moved for kind in _kinds(*each))
    decisive = [next((k for k in _kinds(*each) if total[k] > 1), ("", "", "")) for each in moved]
    return all(2 * differing[kind] < total[kind] for kind in decisive)


def _ids(record: Record) -> set[str]:
    return {*record.numbers, *record.details}


def _kinds(name: str, part: str) -> tuple[Kind, Kind]:
    """Give the kinds that a number is of, the narrower one first."""
    file, *_, statistic = name.split("/")
    return (file, statistic, part), (file, "", part)


def _numbers(numbers: pd.DataFrame) -> Iterator[str]:
    columns = (numbers[name].tolist() for name in ("id", "part", "old", "new"))
    for name, part, old, new in zip(*columns, strict=True):
        was, has = ("no number" if math.isnan(each) else repr(each) for each in (old, new))
        yield f"{name}, {part}: {was} in the manifest, {has} recomputed"


def _first_table(numbers: pd.DataFrame, old: Record) -> str:
    order = list(old.rules) or sorted({str(each).split("/")[0] for each in numbers["id"]})
    files = {str(each).split("/")[0] for each in numbers["id"]}
    first = next((name for name in order if name in files), sorted(files)[0])
    return f"numbers differ from {first}.csv on (rule {old.rules.get(first, first)})"


def _named(words: Iterator[str] | Sequence[str]) -> str:
    known = list(words)
    more = [f"and {len(known) - MOST} more"] if len(known) > MOST else []
    return "; ".join([*known[:MOST], *more])
