"""What every test runs under: one BLAS thread, no display, guarded random state."""

import os
from pathlib import Path

os.environ |= {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
}
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # jobs in subprocesses import three times faster

# NumPy reads the thread settings when it is imported, hence after them.
import hypothesis
import numpy as np
import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"

# No deadline: a busy machine is no fault. Derandomised: one commit, one verdict.
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True)
hypothesis.settings.load_profile("suite")


@pytest.fixture(autouse=True)
def _numpy_global_random_state_is_left_alone():
    """Fail a test whose code draws from NumPy's global random state or seeds it."""
    before = np.random.get_state(legacy=False)  # noqa: NPY002 (the state that is guarded)
    yield
    after = np.random.get_state(legacy=False)  # noqa: NPY002
    if repr(before) != repr(after) or (before["state"]["key"] != after["state"]["key"]).any():
        np.random.set_state(before)  # noqa: NPY002 (the next test is not to blame)
        pytest.fail("NumPy's global random state was used; pass a numpy.random.Generator instead")


@pytest.fixture(scope="session")
def shared():
    """Give the folder of real samples and outside data beside the checkout, or skip."""
    if not SHARED.is_dir():
        pytest.skip("no folder ../shared with real samples beside the checkout")
    return SHARED
