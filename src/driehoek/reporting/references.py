"""What a study cites: the software with its versions, and the methods that its plan uses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from driehoek.citation import AUTHOR, TITLE, YEAR
from driehoek.reporting.features import features
from driehoek.reporting.material import Material

BIBTEX = {"article-journal": "article", "paper-conference": "inproceedings", "book": "book"}


@dataclass(frozen=True, slots=True)
class Reference:
    """A work to cite, with the version where it is software."""

    key: str
    kind: str
    title: str
    authors: tuple[Mapping[str, str], ...]
    year: int
    parts: Mapping[str, str]

    @property
    def text(self) -> str:
        """The reference as APA text."""
        names = [_apa_name(author) for author in self.authors]
        last = names[-1] == "et al."
        joined = ", ".join(names) if last else _joined(names)
        ending = "" if joined.endswith(".") else "."
        version = f" (Version {self.parts['version']})" if "version" in self.parts else ""
        edition = f" ({self.parts['edition']}th ed.)" if "edition" in self.parts else ""
        where = self._where()
        doi = f" https://doi.org/{self.parts['doi']}" if "doi" in self.parts else ""
        software = " [Computer software]" if self.kind == "software" else ""
        title = f"{self.title}{version}{edition}{software}"
        return f"{joined}{ending} ({self.year}). {title}.{where}{doi}"

    def _where(self) -> str:
        if "publisher" in self.parts:
            return f" {self.parts['publisher']}."
        if "container" not in self.parts:
            return ""
        number = f"({self.parts['number']})" if "number" in self.parts else ""
        volume = f", {self.parts['volume']}{number}" if "volume" in self.parts else ""
        pages = f", {self.parts['pages']}".replace("-", "–") if "pages" in self.parts else ""
        return f" {self.parts['container']}{volume}{pages}."


def references(material: Material, software: Mapping[str, str]) -> list[Reference]:
    """Give what this study cites, in alphabetical order."""
    used = features(material)
    own = Reference(
        "driehoek", "software", TITLE, ({"literal": AUTHOR},), YEAR,
        {"version": software.get("driehoek", "")} if software.get("driehoek") else {},
    )  # fmt: skip
    found = [
        _reference(entry)
        for entry in _entries()
        if (entry.get("when") or "always") in used
        and (entry.get("software") is None or entry["software"] in software)
    ]
    return sorted([own, *found], key=lambda each: each.text.casefold())


def bibtex(cited: list[Reference]) -> str:
    """Give references for a BibTeX file."""
    return "\n".join(_bibtex(each) for each in cited)


def csl_json(cited: list[Reference]) -> str:
    """Give references as CSL-JSON, which Zotero and Word plug-ins read."""
    return json.dumps([_csl(each) for each in cited], indent=1, ensure_ascii=False) + "\n"


@cache
def _entries() -> list[dict[str, Any]]:
    source = files("driehoek.reporting") / "templates" / "references.yaml"
    content: list[dict[str, Any]] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return content


def _reference(entry: Mapping[str, Any]) -> Reference:
    shown = {"container", "volume", "number", "pages", "doi", "publisher", "edition"}
    parts = {name: str(value) for name, value in entry.items() if name in shown}
    authors = tuple(entry["author"])
    return Reference(entry["key"], entry["type"], entry["title"], authors, entry["year"], parts)


def _apa_name(author: Mapping[str, str]) -> str:
    if "literal" in author:
        return "et al." if author["literal"] == "others" else author["literal"]
    initials = " ".join(
        part if part.islower() else f"{part[0]}." for part in author["given"].split()
    )
    return f"{author['family']}, {initials}"


def _joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"


def _bibtex(reference: Reference) -> str:
    names = [
        f"{{{each['literal']}}}" if each.get("literal") not in {None, "others"}
        else "others" if "literal" in each else f"{each['family']}, {each['given']}"
        for each in reference.authors
    ]  # fmt: skip
    home = "booktitle" if reference.kind == "paper-conference" else "journal"
    fields = {
        "author": " and ".join(names),
        "title": f"{{{reference.title}}}",
        "year": str(reference.year),
    }
    for name, value in reference.parts.items():
        key = home if name == "container" else name
        fields[key] = value.replace("-", "--") if name == "pages" else value
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@{BIBTEX.get(reference.kind, 'software')}{{{reference.key},\n{body}}}\n"


def _csl(reference: Reference) -> dict[str, object]:
    names = {"container": "container-title", "pages": "page", "number": "issue", "doi": "DOI"}
    authors = [each for each in reference.authors if each.get("literal") != "others"]
    return {
        "id": reference.key,
        "type": reference.kind,
        "title": reference.title,
        "author": authors,
        "issued": {"date-parts": [[reference.year]]},
        **{names.get(name, name): value for name, value in reference.parts.items()},
    }
