"""The roster of checks: what was looked at, and whether it held, passed checks too."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from driehoek.cleaning.lost_zeros import lost_zeros
from driehoek.files import write_csv
from driehoek.ingest.between_files import near_between_files
from driehoek.ingest.check_digits import WRONG
from driehoek.ingest.export import beside_raw, ingest_export, source_of
from driehoek.ingest.linking import kinds_with_check_digits, without_zeros
from driehoek.instrument import checks as instrument_checks
from driehoek.problems import Problem, ProblemsError, name_of
from driehoek.scoring.examples import check_examples
from driehoek.scoring.published import keys_of
from driehoek.study import Study, read_study
from driehoek.study_checks import CHECKS as PLAN_CHECKS

COLUMNS = ["subject", "check", "result", "detail"]
Entry = tuple[str, str, str, str]


def check_study(path: Path) -> pd.DataFrame:
    """Check a study file, its instrument, its worked examples and the exports that exist.

    Parameters
    ----------
    path : pathlib.Path
        The study file.

    Returns
    -------
    pandas.DataFrame
        ``subject`` (a file), ``check``, ``result`` (passed, failed or skipped) and ``detail``
        (for a failed check the problem in full). One row for each problem.
    """
    try:
        study = read_study(path)
    except ProblemsError as fault:
        return _frame(_failed(fault.problems))
    return _frame([*_passed(study), *_versions(study), *_examples(study), *_exports(study)])


def pipeline_roster(
    study: Study,
    columns: Mapping[tuple[str, str], pd.DataFrame],
    guard: pd.DataFrame,
    linkage: pd.DataFrame,
    stability: pd.DataFrame,
) -> pd.DataFrame:
    """Give the roster of a run that has come through, from what its stages found.

    Parameters
    ----------
    study : Study
    columns : mapping
        ``column, question, use, matched_by`` of each export, by wave and export.
    guard : pandas.DataFrame
        The keying guard's table of all waves: ``verdict`` is ok, warn or none.
    linkage : pandas.DataFrame
        Findings of the linkage: ``finding`` and what it concerns.
    stability : pandas.DataFrame
        The table of the guard between waves: ``verdict`` is ok, apart, untied or none.
    """
    entries = [*_passed(study), *_versions(study), *_examples(study)]
    for (wave, export), table in columns.items():
        uses = ", ".join(f"{n} {use}" for use, n in table["use"].value_counts(sort=False).items())
        entries.append((f"{wave}/{export}", "columns", "passed", uses))
    for verdict, found in guard.groupby("verdict", sort=True):
        result = "warning" if verdict == "warn" else "passed"
        named = ": " + ", ".join(found["question"]) if verdict == "warn" else ""
        entries.append(
            ("answers", f"keying guard, {verdict}", result, f"{len(found)} items{named}")
        )
    for verdict, found in stability.groupby("verdict", sort=True):
        result = "warning" if verdict in {"apart", "untied"} else "passed"
        entries.append(("answers", f"between waves, {verdict}", result, _retold(found, result)))
    for finding, found in linkage.groupby("finding", sort=True):
        entries.append(("persons and triads", str(finding), "warning", f"{len(found)} cases"))
    return _frame(entries)


def _retold(found: pd.DataFrame, result: str) -> str:
    """Count the questions of the guard between waves; name those that warn, with their waves."""
    if result == "passed":
        return f"{len(found)} comparisons"
    named = zip(found["role"], found["question"], found["earlier"], found["later"], strict=True)
    return f"{len(found)} comparisons: " + ", ".join(
        f"{role} {question if isinstance(question, str) else 'all questions'} ({earlier}, {later})"
        for role, question, earlier, later in named
    )


def _frame(entries: Iterable[Entry]) -> pd.DataFrame:
    return pd.DataFrame(list(entries), columns=COLUMNS)


def _failed(problems: Iterable[Problem]) -> Iterator[Entry]:
    for problem in problems:
        yield problem.file, problem.check or "content", "failed", str(problem)


def _passed(study: Study) -> Iterator[Entry]:
    instrument = name_of(study.locate(study.settings.instrument))
    for name in ("yaml", "keys", *instrument_checks.CHECKS):
        yield instrument, name, "passed", ""
    for name in ("yaml", "keys", *PLAN_CHECKS):
        yield name_of(study.path), name, "passed", ""


def _versions(study: Study) -> Iterator[Entry]:
    """Say how the version that a wave was asked differs from the one that is analysed."""
    for wave, over in study.bridges.items():
        asked, analysed = over.asked.instrument.version, over.analysed.instrument.version
        file = name_of(study.locate(study.wave(wave).instrument or ""))
        told = f"{wave} was asked version {asked}; the study analyses {analysed}"
        if not over.differences:
            yield file, f"version of {wave}", "passed", f"{told}: they ask and score the same"
        for each in over.differences:
            result = "passed" if each.scores == "same" else "warning"
            yield file, f"version of {wave}", result, f"{told}: {each}"


def _examples(study: Study) -> Iterator[Entry]:
    path = study.locate(study.settings.instrument)
    form = study.questionnaire
    try:
        check_examples(form, name_of(path), keys_of(study))
    except ProblemsError as fault:
        yield from _failed(fault.problems)
        return
    count = sum(len(scale.examples) for scale in form.instrument.scales.values())
    yield name_of(path), "worked examples", "passed", f"{count} scores as stated"


def _exports(study: Study) -> Iterator[Entry]:
    codes: dict[tuple[str, str], pd.DataFrame] = {}
    for wave in study.wave_names:
        for name, export in study.exports(wave).items():
            path = study.locate(export.file)
            if study.settings.simulation is not None and not path.is_file():
                yield name_of(path), "export", "skipped", "not simulated yet"
                continue
            try:
                found = ingest_export(study, wave, name)
            except ProblemsError as fault:
                yield from _failed(fault.problems)
                continue
            codes[wave, name] = found.codes
            uses = found.columns["use"].value_counts(sort=False)
            said = ", ".join(f"{n} {use}" for use, n in uses.items())
            detail = f"{len(found.responses)} rows; columns: {said}"
            yield name_of(path), "export", "passed", detail
            wrong = found.suspects.loc[found.suspects["why"] == WRONG, "code"].nunique()
            if wrong:
                yield name_of(path), "codes", "warning", f"{wrong} with a wrong check digit"
            doubtful = len(found.quarantine)
            if doubtful:
                yield name_of(path), "answers", "warning", f"{doubtful} invalid answers set aside"
    if codes:
        yield from _between_files(study, codes)


def _between_files(study: Study, codes: Mapping[tuple[str, str], pd.DataFrame]) -> Iterator[Entry]:
    """Write beside the first raw file which codes nearly match codes of another file."""
    checked = kinds_with_check_digits(study.settings.linkage, study.questionnaire.instrument)
    named = {f"{wave}/{export}": table for (wave, export), table in codes.items()}
    yield from _failed(_lost_zeros(named, name_of(study.path)))
    pairs = near_between_files(named, {*checked})
    beside = beside_raw(source_of(study, *next(iter(codes))), "identity")
    report = beside.with_name("between-files.csv")
    if pairs.empty:
        report.unlink(missing_ok=True)
        return
    write_csv(report, pairs)
    said = f"{len(pairs)} pairs may be one code mistyped, listed in {name_of(report)}"
    yield name_of(study.path), "codes between files", "warning", said


def _lost_zeros(codes: Mapping[str, pd.DataFrame], file: str) -> list[Problem]:
    named = [table.assign(file=name) for name, table in codes.items()]
    everything = pd.concat(named, ignore_index=True)
    return lost_zeros(everything.assign(bare=without_zeros(everything["code"])), file)
