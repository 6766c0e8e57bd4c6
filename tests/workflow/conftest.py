"""One small study, run through the workflow once for all tests that look at its results."""

import pytest
from running import copied_checkout, small_study


@pytest.fixture(scope="session")
def checkout(tmp_path_factory):
    """Copy the checkout, so that a test may edit its files."""
    return copied_checkout(tmp_path_factory.mktemp("checkout") / "copy")


@pytest.fixture(scope="session")
def finished(checkout, tmp_path_factory):
    """Run a study to its end, in a folder with a space and an é."""
    study = small_study(tmp_path_factory.mktemp("runs") / "mijn stúdie één")
    result = checkout.driehoek("run", study, "--cores", "2", cwd=study.parent, check=False)
    assert result.returncode == 0, result.stderr
    return study
