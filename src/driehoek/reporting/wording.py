"""The words of reports, in each language, from the files beside the templates."""

import re
from functools import cache
from importlib.resources import files

import yaml

FALLBACK = "en"


@cache
def _file(language: str) -> dict[str, dict[str, str]]:
    source = files("driehoek.reporting") / "templates" / f"words.{language}.yaml"
    if not source.is_file():
        return _file(FALLBACK)
    content: dict[str, dict[str, str]] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return content


def word(language: str, key: str, **parts: object) -> str:
    """Give a phrase by its key, its blanks filled."""
    return _file(language)["words"][key].format(**parts)


def vocabulary(language: str) -> dict[str, str]:
    """Give every phrase by its key."""
    return _file(language)["words"]


def name_of(language: str, kind: str, key: str) -> str:
    """Give the words for a code of a closed list, such as a reason of exclusion.

    A code without words is given as it stands, with spaces, so that nothing is lost.
    """
    return _file(language).get(kind, {}).get(key, key.replace("_", " "))


def known_sentence(language: str, sentence: str) -> tuple[str, dict[str, str]] | None:
    """Find the wording of a reason or note that an analysis gave.

    Parameters
    ----------
    language : str
    sentence : str
        As the statistics hold it, in English.

    Returns
    -------
    tuple of str and dict, or None
        The wording with blanks, and what fills them as the statistics name it; None where no
        pattern fits.
    """
    for pattern, wording in _file(language)["sentences"].items():
        if match := re.fullmatch(pattern, sentence.strip()):
            return wording, match.groupdict()
    return None


def cited(source: str, language: str) -> str:
    """Write a source as a language does: with its own words for "and others"."""
    return source.replace("et al.", word(language, "et_al"))


def listed(parts: list[str], language: str) -> str:
    """Join words as a sentence lists them."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word(language, 'and')} {parts[-1]}"


def sentence_case(words: str) -> str:
    """Give words with a capital first letter."""
    return words[:1].upper() + words[1:]
