"""A reviewer's pack of a finished study."""

import json
import tempfile
import zipfile
from importlib.metadata import version
from pathlib import Path

from driehoek.files import replacing, write_text
from driehoek.manifest import code
from driehoek.pack.confidential import refuse_confidential
from driehoek.pack.contents import lay_out
from driehoek.pack.crate import describe
from driehoek.problems import Problem, StudyError, name_of
from driehoek.review.compare import changed
from driehoek.review.record import Record, read_record
from driehoek.review.verify import recompute
from driehoek.study import read_study
from driehoek.synthetic.twin import make_twin
from driehoek.synthetic.twin_files import write_twin

STAMP = (1980, 1, 1, 0, 0, 0)  # no clock in the archive: the same pack is the same bytes


def pack_study(path: Path, results: Path, archive: Path, *, cores: str, date: str) -> Record:
    """Write a pack: what was published, the code, and a twin that was run once.

    Parameters
    ----------
    path : pathlib.Path
        The study file.
    results : pathlib.Path
        Folder of the study's results, which holds ``public`` and ``private``.
    archive : pathlib.Path
        The zip file to write.
    cores : str
    date : str
        Day of the pack, ISO 8601.

    Returns
    -------
    Record
        The manifest that was packed.

    Raises
    ------
    ProblemsError
        If the study was not run, the twin does not come through, or the pack would hold anything
        confidential.
    """
    study = read_study(path)
    record = read_record(results)
    _refuse_other_code(record, path)
    languages = study.settings.report.languages
    title = study.settings.title.get(languages[0], study.settings.study)
    with tempfile.TemporaryDirectory(prefix="driehoek-pack-") as scratch:
        folder = Path(scratch) / "pack"
        lay_out(folder, results / "public", title, version("driehoek"))
        twin = write_twin(make_twin(study, results / "private"), study, folder / "twin")
        refuse_confidential(folder, study, results / "private")  # before minutes of work
        content = recompute(twin, Path(scratch) / "run", cores, record.rules)
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        write_text(twin.parent / "manifest.json", text)
        for left in (*twin.parent.glob("raw/driehoek-*/*"), *twin.parent.glob("raw/driehoek-*")):
            left.unlink() if left.is_file() else left.rmdir()
        describe(folder, record, title, date)
        refuse_confidential(folder, study, results / "private")
        _zip(folder, archive)
    return record


def _refuse_other_code(record: Record, study: Path) -> None:
    """Stop where the code that goes into the pack is not the code behind the results."""
    found = [str(each) for each in changed("code", record.code, code())]
    if found:
        said = f"another driehoek made the results ({found[0]}; in all {len(found)})"
        mend = f"driehoek run {name_of(study)}, and pack again"
        raise StudyError([Problem(name_of(record.path), said, "the code that is here", mend)])


def _zip(folder: Path, archive: Path) -> None:
    with replacing(archive) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as whole:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), STAMP)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            whole.writestr(entry, path.read_bytes())
