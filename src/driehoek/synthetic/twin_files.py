"""A twin written as a study: study file, questionnaire, public key and one export a role."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from driehoek.files import write_csv, write_text
from driehoek.ingest.identity import PUBLIC
from driehoek.instrument.questions import Question
from driehoek.study import Study
from driehoek.synthetic.synthesis import Synthesis
from driehoek.synthetic.twin import METHOD, Twin

KEY = "0" * 64
HEAD = (
    "# A SYNTHETIC TWIN: nobody gave these answers. Made by driehoek from a study with the same\n"
    f"# questionnaire and plan: {METHOD}.\n"
)
NOTE = """This folder holds a synthetic twin. Nobody gave these answers: they were drawn from
models of the real ones ({method}). They have the structure of the real study (codes, kinds
of missing answers, triads, waves), and about its distributions. Conclusions about people must not
be drawn from them.

utility.csv   s_pmse of each choice question, and of its tables with each other question (median
              and greatest): about 1 is right, up to 3 good, 10 acceptable.
risk.csv      synthetic answer patterns that repeated one real person's alone (drawn anew, or left
              out); for somebody who knows all background choices, repU: the share of real
              responses whose choices stand once in the study and once in the twin, and DiSCO: the
              share whose answer to a question the twin tells, and tells rightly.
"""


def write_twin(twin: Twin, study: Study, folder: Path) -> Path:
    """Write a twin into a folder, as a study that can be run.

    Returns
    -------
    pathlib.Path
        The study file.
    """
    (folder / "raw").mkdir(parents=True)
    write_text(folder / "twin.key", f"{PUBLIC}: the codes of a synthetic twin\n{KEY}\n")
    write_text(folder / "SYNTHETIC.txt", NOTE.format(method=METHOD))
    write_csv(folder / "utility.csv", twin.utility)
    write_csv(folder / "risk.csv", twin.risk)
    _copy_instruments(study, folder)
    waves = []
    for wave in study.wave_names:
        form = study.asked(wave)
        exports = [
            {"file": f"raw/{wave}_{role}.csv", "role": [role], "platform": "csv"}
            for role in form.instrument.roles
            if _write_export(twin.synthesis, study, wave, role, folder)
        ]
        waves.append(_wave(study, wave) | {"exports": exports})
    path = folder / "study.yaml"
    settings = _settings(study) | {"waves": waves}
    write_text(path, HEAD + yaml.safe_dump(settings, allow_unicode=True, sort_keys=False))
    return path


def _settings(study: Study) -> dict[str, Any]:
    """Give the settings of the study, those that lead to confidential files left out."""
    left = {"waves", "pseudonyms", "corrections", "withdrawn", "simulation", "instrument"}
    known = study.settings.model_dump(mode="json", by_alias=True, exclude=left, exclude_unset=True)
    return known | {
        "synthetic": True,
        "instrument": f"instruments/{Path(study.settings.instrument).name}",
        "pseudonyms": {"key": "twin.key"},
        "linkage": known["linkage"] | {"person": study.settings.linkage.person or "personcode"},
    }


def _wave(study: Study, wave: str) -> dict[str, Any]:
    known = study.wave(wave)
    found: dict[str, Any] = {"wave": wave}
    found |= {"date": known.date} if known.date else {}
    own = known.instrument
    return found | ({"instrument": f"instruments/{Path(own).name}"} if own else {})


def _copy_instruments(study: Study, folder: Path) -> None:
    target = folder / "instruments"
    target.mkdir()
    paths = {path for wave in study.wave_names for path in study.instruments(wave)}
    for path in sorted(paths):
        shutil.copyfile(path, target / path.name)
        scales = path.parent / "scales"
        if scales.is_dir() and not (target / "scales").exists():
            shutil.copytree(scales, target / "scales")


def _write_export(made: Synthesis, study: Study, wave: str, role: str, folder: Path) -> bool:
    """Write the export of one role in one wave; tell whether there was anything to write."""
    chosen = ((made.rows["wave"] == wave) & (made.rows["role"] == role)).to_numpy(bool)
    if not chosen.any():
        return False
    rows, kinds = made.rows[chosen], made.kinds[chosen]
    form, linkage = study.asked(wave), study.settings.linkage
    number = np.arange(len(rows))
    started = pd.Timestamp(study.wave(wave).date or "2000-01") + pd.to_timedelta(number, unit="h")
    columns: dict[str, Any] = {
        "synthetic": ["yes"] * len(rows),
        linkage.triad: rows["triad"].to_numpy(),
        linkage.person or "personcode": rows["person"].to_numpy(),
        "started": started.strftime("%Y-%m-%d %H:%M:%S"),
        "duration_seconds": rows["seconds"].to_numpy(),
        "complete": np.where(rows["complete"].to_numpy(bool), "1", "0"),
    }
    for qid, question in form.questions.items():
        if role in question.roles and question.is_stored:
            source = _analysed(study, wave, qid)
            columns[qid] = _cells(question, rows, kinds, source)
    write_csv(folder / "raw" / f"{wave}_{role}.csv", pd.DataFrame(columns))
    return True


def _analysed(study: Study, wave: str, qid: str) -> str | None:
    """Give the analysed question whose answers a question of the wave's version holds."""
    over = study.bridges.get(wave)
    if over is None:
        return qid
    return next((new for new, old in over.sources.items() if old == qid), None)


def _cells(
    question: Question, rows: pd.DataFrame, kinds: pd.DataFrame, source: str | None
) -> np.ndarray:
    """Write answers as codes; don't know as its own code, every other gap as an empty cell."""
    if source is None or source not in rows:
        return np.full(len(rows), "", dtype=object)
    values, said = rows[source].to_numpy(float), kinds[source].astype(str).to_numpy()
    if question.kind == "number":
        written = np.array([f"{each:g}" for each in np.nan_to_num(values)], dtype=object)
        return np.where(np.isnan(values), "", written)
    codes = {value: code for code, value in question.values.items()}
    unknown = next((c for c, kind in question.missing_codes.items() if kind == "dont_know"), "")
    found = [
        (unknown if kind == "dont_know" else "") if np.isnan(value) else codes.get(value, "")
        for value, kind in zip(values, said, strict=True)
    ]
    return np.array(found, dtype=object)
