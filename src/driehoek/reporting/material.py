"""What every table, figure and sentence is made from: a study and its statistics."""

from collections.abc import Mapping
from dataclasses import dataclass

from driehoek.reporting import numbers
from driehoek.reporting.labels import Labels
from driehoek.reporting.results import Results
from driehoek.reporting.wording import name_of, sentence_case, word
from driehoek.study import Study


@dataclass(frozen=True)
class Material:
    """A study with its statistics and its names in one language.

    Attributes
    ----------
    study : Study
    results : Results
    language : str
    labels : Labels
    """

    study: Study
    results: Results
    language: str
    labels: Labels

    def word(self, key: str, **parts: object) -> str:
        """Give a phrase by its key; after a title that is a question it starts anew."""
        said = self.without_wave(word(self.language, key, **parts), parts)
        title = parts.get("title")
        if not isinstance(title, str) or not title.endswith(("?", "!")):
            return said
        before, _, rest = said.partition(f"{title}: ")
        return f"{before}{title} {sentence_case(rest)}" if rest else said

    def named(self, kind: str, key: str) -> str:
        """Give the words for a code of a closed list."""
        return name_of(self.language, kind, key)

    def count(self, value: float) -> str:
        """Write a number of persons."""
        return numbers.count(value, self.language)

    def section_title(self, name: str) -> str:
        """Name a section as the study does, or else as the words do."""
        own = self.study.settings.report
        if name in own.sections:
            return self.labels.of(own.sections[name].title)
        given = next((title for key, title in own.titles.items() if key == name), None)
        return self.labels.of(given) or self.word(name)

    @property
    def level(self) -> str:
        """The level of intervals as a percentage, without its sign."""
        return f"{100 * self.study.settings.plan.confidence:g}".replace(
            ".", numbers.marks(self.language).decimal
        )

    @property
    def waves(self) -> list[str]:
        """Names of the waves, in order."""
        return self.study.wave_names

    @property
    def roles(self) -> list[str]:
        """Names of the roles, in order."""
        return list(self.study.questionnaire.instrument.roles)

    def wave_label(self, wave: str) -> str:
        """Name a wave, on its own or at the start of a sentence."""
        return sentence_case(self.wave_within(wave))

    def wave_within(self, wave: str) -> str:
        """Name a wave within a sentence."""
        return self.word("wave_named", wave=wave)

    def wave_date(self, wave: str) -> str:
        """Say when a wave was held, as in "March 2025"; nothing where the study does not say."""
        year, *rest = (self.study.wave(wave).date or "").split("-")
        month = self.named("months", rest[0]) if rest else ""
        day = str(int(rest[1])) if len(rest) > 1 else ""
        return " ".join(part for part in (day, month, year) if part)

    def sample_label(self, sample: str) -> str:
        """Name a wave, or all of them, at the start of a sentence."""
        return sentence_case(self.sample_within(sample))

    def sample_within(self, sample: str) -> str:
        """Name a wave, or all of them, within a sentence or a title."""
        return self.word("wave_all") if sample == "all" else self.wave_within(sample)

    @property
    def has_triads(self) -> bool:
        """Whether persons belong to triads, not each to one of their own."""
        linkage = self.study.settings.linkage
        return linkage.triad != linkage.person

    def without_wave(self, said: str, parts: Mapping[str, object]) -> str:
        """Leave out at which wave, from a title that has it as a part, where there is only one."""
        if len(self.waves) > 1 or not {"sample", "wave"} & {*parts}:
            return said
        wave = word(self.language, "wave_named", wave=self.waves[0])
        return said.replace(f" ({wave})", "").replace(f": {wave}", "").replace(f", {wave})", ")")

    def unit_word(self, key: str, **parts: object) -> str:
        """Give a phrase that speaks of triads, or its form for a study without them."""
        return self.word(key if self.has_triads else f"{key}_person", **parts)

    @property
    def rows_note(self) -> str:
        """Say what a row of an analysis is: a triad, or a person where triads are persons."""
        return self.word("rows_triad" if self.has_triads else "rows_person")

    def notes(self, file: str, **about: str) -> list[str]:
        """Give what a reader must know of the statistics of a file, each sentence once."""
        figures = self.results.rows(file, statistic="note", **about)
        return list(dict.fromkeys(self.labels.sentence(figure.reason) for figure in figures))

    @property
    def withheld_note(self) -> str:
        """Say from which number of persons figures are shown."""
        return self.word("note_withheld", min_cell=self.study.settings.disclosure.min_cell)


def gather(study: Study, results: Results, language: str) -> Material:
    """Put a study, its statistics and a language together."""
    return Material(study, results, language, Labels(study, language))
