"""A study of the real answers of carers, run in a folder of its own."""

import shutil
from pathlib import Path

from driehoek.new_study import write_key

FOLDER = Path(__file__).parent / "eurofamcare"


def run_eurofamcare(checkout, shared, folder, study, *others):
    """Run a study file on a copy of the SPSS file, since reports are left beside the raw data.

    Gives the folder of what is public.
    """
    for name in (study, *others):
        shutil.copyfile(FOLDER / name, folder / name)
    (folder / "raw").mkdir()
    shutil.copyfile(shared / "data" / "eurofamcare" / "efc.sav", folder / "raw" / "efc.sav")
    write_key(folder / "study.key")
    result = checkout.driehoek("run", folder / study, cwd=folder, check=False)
    assert result.returncode == 0, result.stderr
    return folder / "results" / "eurofamcare" / "public"
