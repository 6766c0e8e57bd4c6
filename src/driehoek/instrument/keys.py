"""Scoring keys of published scales: item numbers, options and rules, never their text."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from driehoek.instrument.model import Name
from driehoek.problems import InstrumentError, Problem
from driehoek.yamlfile import Closed, Document, Location, read_document, validate

ItemNumber = Annotated[int, Field(ge=1)]


class OptionRange(Closed):
    """Lowest and highest code on the form; the codes are the whole numbers between them."""

    min: int
    max: int

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if self.min >= self.max:
            msg = "a lowest code below the highest"
            raise ValueError(msg)
        return self


class Recode(Closed):
    """Codes of some items replaced by other values before anything is reversed or added."""

    items: list[ItemNumber] | Literal["all"]
    map: dict[int, float] = Field(
        min_length=1, description="Value by code; every code of the form is named."
    )


class MissingRule(Closed):
    """How many items may lack an answer; the person's mean over the others stands in."""

    rule: Literal["authors", "project"] = Field(
        description="Whose rule it is: no authors' rule was found for most scales."
    )
    max_missing: int = Field(ge=0, description="More missing than this: no score.")


class KeyScale(Closed):
    """A score of a published scale."""

    items: list[ItemNumber] = Field(min_length=1, description="Item numbers of the form.")
    score: Literal["sum", "mean"]
    range: tuple[float, float] = Field(description="Lowest and highest score, after multiply.")
    multiply: float = Field(1, gt=0)
    missing: MissingRule


class KeyExample(Closed):
    """Codes as they stand on the form, and the score they must give."""

    scale: Name
    answers: list[int | None] = Field(description="Codes in the order of the form.")
    score: float | None = Field(description="Null where too few items are answered.")


class ScaleKey(Closed):
    """The key of one published scale."""

    id: Name
    status: Literal["verified", "unverified"] = Field(
        description="verified: the decisive part was seen in a public source."
    )
    reference: str
    doi: str | None
    dutch_reference: str | None = None
    verified_against: str | None = Field(
        None, description="What was seen, and what was not; required where verified."
    )
    licence_note: str
    item_text: Literal["none"] = Field(description="The text belongs to the authors.")
    items: int = Field(ge=1, description="Number of items on the form.")
    options: OptionRange
    recode: list[Recode] = Field(default_factory=list)
    reverse: list[ItemNumber] = Field(
        default_factory=list, description="Items turned round by the range of the options."
    )
    scales: dict[Name, KeyScale] = Field(min_length=1)
    bands: dict[Name, dict[Name, float]] = Field(
        default_factory=dict,
        description="By scale, the lowest score of each band; a band ends where the next begins.",
    )
    bands_status: Literal["authors", "conventional"] | None = None
    notes: str = ""
    examples: list[KeyExample] = Field(min_length=1)

    @property
    def item_numbers(self) -> range:
        """Every item number of the form."""
        return range(1, self.items + 1)

    @property
    def codes(self) -> range:
        """Every code an item can have on the form."""
        return range(self.options.min, self.options.max + 1)

    def values(self, number: int) -> dict[int, float]:
        """Give the keyed value of an item by code: recoded, or reversed, or as it stands."""
        for each in self.recode:
            if each.items == "all" or number in each.items:
                return dict(each.map)
        turn = self.options.min + self.options.max
        return {code: float(turn - code if number in self.reverse else code) for code in self.codes}


def read_scale_key(path: Path) -> ScaleKey:
    """Read the key of a published scale and check it whole.

    Raises
    ------
    InstrumentError
        With every fault of the file, each with its line.
    """
    document = read_document(path, InstrumentError)
    key = validate(document, ScaleKey, InstrumentError)
    problems = [_problem(document, *fault) for fault in _faults(key, path.stem)]
    if problems:
        raise InstrumentError(problems)
    return key


_Fault = tuple[Location, str, str, str]


def _problem(
    document: Document, location: Location, found: str, expected: str, mend: str
) -> Problem:
    item = ".".join(str(part) for part in location)
    line = document.line(location)
    return Problem(document.file, found, expected, mend, line=line, item=item, check="scale key")


def _faults(key: ScaleKey, stem: str) -> Iterator[_Fault]:
    yield from _identity(key, stem)
    yield from _numbers(key)
    yield from _codes(key)
    yield from _ranges(key)
    yield from _bands(key)
    yield from _examples(key)


def _identity(key: ScaleKey, stem: str) -> Iterator[_Fault]:
    if key.id != stem:
        yield ("id",), f"id {key.id!r} in the file {stem}.yaml", "one name", "rename one of them"
    if key.status == "verified" and not key.verified_against:
        yield (
            ("status",),
            "verified without a source",
            "what the key was compared with",
            "add verified_against:, or use status: unverified",
        )


def _numbers(key: ScaleKey) -> Iterator[_Fault]:
    lists: dict[Location, list[int]] = {("reverse",): key.reverse}
    lists |= {("scales", name, "items"): scale.items for name, scale in key.scales.items()}
    recoded: list[int] = []
    for i, each in enumerate(key.recode):
        chosen = list(key.item_numbers) if each.items == "all" else each.items
        lists["recode", i, "items"] = chosen
        recoded += sorted(set(chosen))
    for location, numbers in lists.items():
        for number in sorted(set(numbers) - set(key.item_numbers)):
            expected = f"1 to {key.items}"
            yield location, f"item number {number}", expected, "look it up on the form"
        yield from _repeated(location, numbers)
    yield from _repeated(("recode",), [*recoded, *sorted(set(key.reverse))])


def _repeated(location: Location, numbers: Iterable[int]) -> Iterator[_Fault]:
    seen: set[int] = set()
    for number in numbers:
        if number in seen:
            yield (
                location,
                f"item {number} stands here twice, or is both recoded and reversed",
                "each item once",
                "drop one",
            )
        seen.add(number)


def _codes(key: ScaleKey) -> Iterator[_Fault]:
    for i, each in enumerate(key.recode):
        if set(each.map) != set(key.codes):
            yield (
                ("recode", i, "map"),
                f"codes {sorted(each.map)}",
                f"every code from {key.options.min} to {key.options.max}",
                "complete the map",
            )


def _ranges(key: ScaleKey) -> Iterator[_Fault]:
    for name, scale in key.scales.items():
        here: Location = ("scales", name)
        if scale.missing.max_missing >= len(scale.items):
            found = f"{scale.missing.max_missing} of {len(scale.items)} items may be missing"
            yield (*here, "missing"), found, "at least one answer", "lower max_missing"
        follows = _range_of(key, scale)
        if scale.range != follows:
            yield (
                (*here, "range"),
                f"range {list(scale.range)}",
                f"{list(follows)}, from its items and their values",
                "correct the range or the items",
            )


def _range_of(key: ScaleKey, scale: KeyScale) -> tuple[float, float]:
    values = [list(key.values(number).values()) for number in scale.items]
    share = scale.multiply / (len(values) if scale.score == "mean" else 1)
    return sum(map(min, values)) * share, sum(map(max, values)) * share


def _bands(key: ScaleKey) -> Iterator[_Fault]:
    if bool(key.bands) != (key.bands_status is not None):
        expected = "both bands and bands_status, or neither"
        yield ("bands_status",), "one without the other", expected, "say whose bands they are"
    for name, bands in key.bands.items():
        starts = list(bands.values())
        scale = key.scales.get(name)
        if scale is None:
            expected = ", ".join(key.scales)
            yield ("bands", name), f"unknown scale {name!r}", expected, "correct the name"
        elif starts != sorted(set(starts)) or starts[0] != scale.range[0]:
            yield (
                ("bands", name),
                f"bands that start at {starts}",
                f"rising numbers, the first {scale.range[0]:g}",
                "give the lowest score of each band, in order",
            )


def _examples(key: ScaleKey) -> Iterator[_Fault]:
    for i, example in enumerate(key.examples):
        here: Location = ("examples", i)
        if example.scale not in key.scales:
            expected = ", ".join(key.scales)
            yield here, f"unknown scale {example.scale!r}", expected, "correct the name"
        if len(example.answers) != key.items:
            found = f"{len(example.answers)} answers"
            yield here, found, f"{key.items}, null where missing", "give one an item"
        strange = {code for code in example.answers if code is not None} - set(key.codes)
        for code in sorted(strange):
            expected = f"{key.options.min} to {key.options.max}"
            yield here, f"code {code}", expected, "correct the answer"
