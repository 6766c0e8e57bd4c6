"""What the files and the version of a new wave show before its answers are compared."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from driehoek.files import sha256
from driehoek.instrument.versions import Bridge
from driehoek.next_wave.drift import Drift, WaveAnswers, finding
from driehoek.next_wave.inspect import Inspected
from driehoek.problems import name_of
from driehoek.responses import question_columns

# The wave's version is compared with the study's, so what the wave alone lacks is "added".
ONE_SIDED = {"added": ("asked", "not asked"), "dropped": ("not asked", "asked")}
# Half of the answers of a wave given before, each by the same person in every question.
AGAIN = 0.5


def findings(
    files: Sequence[Inspected],
    earlier: Sequence[WaveAnswers],
    now: WaveAnswers,
    over: Bridge | None,
    known: Mapping[str, Path],
) -> list[Drift]:
    """List what stands out in the files of a new wave and in the version it was asked.

    Parameters
    ----------
    files : sequence of Inspected
    earlier : sequence of WaveAnswers
    now : WaveAnswers
    over : Bridge or None
        Where the wave was asked another version than the study's.
    known : mapping of str to pathlib.Path
        Exports of earlier waves, by the words that name them.
    """
    return [
        *_empty(files, now),
        *_same_bytes(files, known),
        *_same_answers(earlier, now),
        *_renamed(files),
        *(_differences(over) if over else ()),
    ]


def _empty(files: Sequence[Inspected], now: WaveAnswers) -> Iterator[Drift]:
    if now.responses.empty:
        told = f"rows: {sum(each.n for each in files)}", "no response is kept"
        yield finding("empty", now.name, told, 0.0, "stop")


def _same_bytes(files: Sequence[Inspected], known: Mapping[str, Path]) -> Iterator[Drift]:
    seen = {sha256(path): name for name, path in known.items() if path.is_file()}
    for each in files:
        digest = sha256(each.path)
        if digest in seen:
            told = seen[digest], "the same bytes"
            yield finding("again", name_of(each.path), told, np.nan, "stop")
        seen[digest] = f"given here as {name_of(each.path)}"


def _same_answers(earlier: Sequence[WaveAnswers], now: WaveAnswers) -> Iterator[Drift]:
    """Tell the waves of which the new one repeats the answers, whatever the form of the file."""
    for before in earlier:
        was, has = _by_person(before), _by_person(now)
        share = sum(each in was for each in has) / len(has) if has else 0.0
        if share >= AGAIN:
            told = f"answers of {before.name}", f"{share:.0%} of the responses are the same"
            yield finding("again", now.name, told, share, "stop")


def _by_person(wave: WaveAnswers) -> set[tuple[str, str, bytes]]:
    """Give each response as its role, person and answers; those without an answer are left out."""
    values = wave.responses[question_columns(wave.responses)].to_numpy(float)
    keys = wave.responses[["role", "person"]].astype(str).to_numpy()
    return {
        (str(role), str(person), row.tobytes())
        for (role, person), row in zip(keys, values, strict=True)
        if not np.isnan(row).all()
    }


def _renamed(files: Sequence[Inspected]) -> Iterator[Drift]:
    for each in (renaming for file in files for renaming in file.renamings):
        told = each.question, f"{each.column}: {each.reason}"
        yield finding("renamed", each.question, told, each.name_likeness, "look")


def _differences(over: Bridge) -> Iterator[Drift]:
    for each in over.differences:
        if each.kind == "reworded":
            continue  # stands among the wordings
        before, now = ONE_SIDED.get(each.kind, (each.new or "-", f"{each.kind}: {each.old or '-'}"))
        if each.scale:
            now += f"; scores of {each.scale}: {each.scores}"
        yield finding("version", each.subject, (before, now), np.nan, "look")
