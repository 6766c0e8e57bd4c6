"""Two manifests compared: inputs, settings, software, platform, code and every number."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from driehoek.review.record import Record
from driehoek.review.tolerances import tolerance

ABSENT = ""
# A twin has one export for each role, whatever the exports of its study are.
READING = frozenset({"simulate_exports", "ingest_export"})
COLUMNS = ["id", "part", "old", "new", "change", "tolerance", "reason", "rule"]


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not the same in two runs.

    Attributes
    ----------
    kind : str
        input, setting, seed, version, platform or code; of a twin also structure or steps.
    name : str
    old, new : str
        Empty where it is absent.
    """

    kind: str
    name: str
    old: str
    new: str

    def __str__(self) -> str:
        """Say it in a line."""
        if not self.old:
            return f"{self.kind} {self.name}: new"
        if not self.new:
            return f"{self.kind} {self.name}: gone"
        if self.kind in {"input", "code"}:
            return f"{self.kind} {self.name}: other content"
        return f"{self.kind} {self.name}: {self.old} -> {self.new}"


def causes(old: Record, new: Record) -> list[Difference]:
    """List what differs in what two runs were made from, likeliest causes first."""
    return [
        *changed("input", old.inputs, new.inputs),
        *changed("setting", flat(old.settings), flat(new.settings)),
        *changed("seed", {"seed": str(old.seed)}, {"seed": str(new.seed)}),
        *changed("version", old.versions, new.versions),
        *changed("platform", old.platform, new.platform),
        *changed("code", old.code, new.code),
    ]


def numbers_changed(old: Record, new: Record) -> pd.DataFrame:
    """Compare every number, with its standard error, interval, p and n.

    Returns
    -------
    pandas.DataFrame
        ``id, part, old, new, change, tolerance, reason, rule``: one row for each number that is
        absent in one run, or differs by more than its tolerance; ``part`` is estimate, se,
        ci_low and so on. Empty where all agree.
    """
    records = []
    for name in dict.fromkeys([*old.numbers, *old.details, *new.numbers, *new.details]):
        allowed = tolerance(name, old, new)
        was, has = parts_of(old, name), parts_of(new, name)
        for part in dict.fromkeys([*was, *has]):
            a, b = was.get(part), has.get(part)
            if a is not None and b is not None and allowed.holds(a, b):
                continue
            change = b - a if a is not None and b is not None else None
            words = (allowed.relative, allowed.reason, new.made_by(name))
            records.append((name, part, a, b, change, *words))
    frame = pd.DataFrame(records, columns=COLUMNS)
    return frame.astype(dict.fromkeys(["old", "new", "change", "tolerance"], "float64"))


def structure_changed(old: Record, new: Record) -> list[Difference]:
    """Compare a study with a twin: the tables made, their rules, jobs of each rule, code.

    The numbers of a twin are its own, and so are its inputs; what must be the same is the code,
    that the same rules made the same tables, and that both took as many steps, those that read
    exports apart. A table may be without numbers where nothing can be estimated.
    """
    return [
        *changed("structure", old.rules, new.rules),
        *_steps_changed(old, new),
        *changed("platform", old.platform, new.platform),
        *changed("code", old.code, new.code),
    ]


def _steps_changed(old: Record, new: Record) -> Iterator[Difference]:
    counted = steps_by_rule(old, new)
    for rule, was, has in counted.itertuples(index=False):
        if was != has and rule not in READING:
            yield Difference("steps", rule, str(was), str(has))


def steps_by_rule(old: Record, new: Record) -> pd.DataFrame:
    """Count the jobs that the statistics of two runs took, rule by rule.

    Returns
    -------
    pandas.DataFrame
        ``rule, old, new``; empty where either run was not counted: a manifest of an earlier
        driehoek, or a run that found some of its steps done.
    """
    both = {**old.steps, **new.steps} if old.steps and new.steps else {}
    records = [(rule, old.steps.get(rule, 0), new.steps.get(rule, 0)) for rule in sorted(both)]
    return pd.DataFrame(records, columns=["rule", "old", "new"])


def counts_by_table(old: Record, new: Record) -> pd.DataFrame:
    """Count the numbers that two runs have, table by table.

    Returns
    -------
    pandas.DataFrame
        ``table, rule, old, new``: the rule that made a table, and how many numbers are in it. A
        twin may have a few more or fewer, where one of the two cannot estimate something.
    """
    counts = [Counter(name.split("/")[0] for name in each.numbers) for each in (old, new)]
    records = [
        (table, new.made_by(table), *(each[table] for each in counts))
        for table in dict.fromkeys([*counts[0], *counts[1]])
    ]
    return pd.DataFrame(records, columns=["table", "rule", "old", "new"])


def ids_on_one_side(old: Record, new: Record) -> pd.DataFrame:
    """List the ids that only one of two runs has a number for.

    Returns
    -------
    pandas.DataFrame
        ``id, only``: old or new.
    """
    was, has = ({*each.numbers, *each.details} for each in (old, new))
    records = [*((name, "old") for name in sorted(was - has))]
    records += [(name, "new") for name in sorted(has - was)]
    return pd.DataFrame(records, columns=["id", "only"])


def parts_of(record: Record, name: str) -> dict[str, float]:
    """Give a number with its standard error, interval, p and n: what a record has of them."""
    found = {"estimate": record.numbers[name]} if name in record.numbers else {}
    return found | dict(record.details.get(name, {}))


def changed(kind: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    """Give the names whose value is not the same, or that only one side has."""
    for name in dict.fromkeys([*old, *new]):
        was, has = old.get(name, ABSENT), new.get(name, ABSENT)
        if was != has:
            yield Difference(kind, name, was, has)


def flat(settings: Mapping[str, Any], before: str = "") -> dict[str, str]:
    """Give settings by their full names, such as ``plan.models.burden.outcome``."""
    found: dict[str, str] = {}
    for key, value in settings.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping) and value:
            found |= flat(value, f"{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            found |= flat({str(i): each for i, each in enumerate(value, 1)}, f"{name}.")
        else:
            found[name] = str(value)
    return found
