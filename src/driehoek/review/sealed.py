"""The plan of a study, sealed before its data; and where the study has left it since."""

import datetime
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from driehoek.files import sha256, write_text
from driehoek.problems import Problem, StudyError, name_of
from driehoek.review.compare import Difference, changed, flat
from driehoek.study import Study

# What an analysis depends on; titles, files and languages may change without harm to it.
SEALED = (
    *("plan", "multiverse", "quality", "linkage", "derive", "accept_unverified"),
    *("disclosure", "seed"),
)


@dataclass(frozen=True, slots=True)
class Seal:
    """A sealed plan.

    Attributes
    ----------
    date : str
        When it was sealed, ISO 8601, as this computer's clock said.
    sha256 : str
        Of the settings and the instrument, as canonical JSON.
    settings : mapping
    instrument : str
        SHA-256 of the instrument's file.
    exports_present : tuple of str
        Exports that were there already when it was sealed.
    """

    date: str
    sha256: str
    settings: dict[str, Any]
    instrument: str
    exports_present: tuple[str, ...]


def seal_study(study: Study, now: datetime.datetime) -> Seal:
    """Seal the plan of a study; a seal is never replaced.

    Raises
    ------
    StudyError
        If the study was sealed before.
    """
    path = study.seal
    if path.exists():
        mend = "leave it: what you change now is listed in the report as a deviation"
        raise StudyError([Problem(name_of(path), "the plan is sealed already", mend=mend)])
    settings, instrument = _sealed_settings(study), _instrument(study)
    exports = [each.file for wave in study.settings.waves for each in wave.exports]
    present = [file for file in exports if study.locate(file).is_file()]
    seal = Seal(
        now.isoformat(timespec="seconds"),
        _digest(settings, instrument),
        settings,
        instrument,
        tuple(present),
    )
    content = {name: getattr(seal, name) for name in Seal.__slots__}
    write_text(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    return seal


def read_seal(study: Study) -> Seal | None:
    """Read the seal of a study; None where it has none.

    Raises
    ------
    StudyError
        If the seal was changed: its fingerprint is not that of what it holds.
    """
    path = study.seal
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        seal = Seal(**content | {"exports_present": tuple(content["exports_present"])})
    except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as fault:
        found = f"no seal that can be read ({fault})"
        raise StudyError([Problem(name_of(path), found, "a seal of driehoek seal")]) from fault
    if _digest(seal.settings, seal.instrument) != seal.sha256:
        found, mend = "the seal was changed after it was made", "put the original file back"
        raise StudyError([Problem(name_of(path), found, "the seal as it was", mend)])
    return seal


def deviations(seal: Seal, study: Study) -> list[Difference]:
    """List what the study does otherwise than its sealed plan."""
    settings = changed("setting", flat(seal.settings), flat(_sealed_settings(study)))
    instrument = changed(
        "input", {study.settings.instrument: seal.instrument},
        {study.settings.instrument: _instrument(study)},
    )  # fmt: skip
    return [*settings, *instrument]


def seal_record(study: Study) -> dict[str, object] | None:
    """Give the seal and the deviations for a manifest; None where the plan is not sealed."""
    seal = read_seal(study)
    if seal is None:
        return None
    found = [str(each) for each in deviations(seal, study)]
    return {"date": seal.date, "sha256": seal.sha256, "deviations": found}


def _sealed_settings(study: Study) -> dict[str, Any]:
    return study.settings.model_dump(mode="json", by_alias=True, include=set(SEALED))


def _instrument(study: Study) -> str:
    return sha256(study.locate(study.settings.instrument))


def _digest(settings: dict[str, Any], instrument: str) -> str:
    text = json.dumps([settings, instrument], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
