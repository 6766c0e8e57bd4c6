"""What every job of the workflow shares: its log and its random numbers."""

import hashlib
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from driehoek.problems import ProblemsError


@contextmanager
def job_log(path: str) -> Iterator[None]:
    """Send log records and warnings of a job to its log file, and its failure too.

    A fault in the user's files ends the job with its report alone; any other error keeps its
    traceback.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    logging.captureWarnings(capture=True)
    try:
        yield
    except ProblemsError as fault:
        root.error("%s", fault)
        sys.stderr.write(f"{fault}\n")
        raise SystemExit(1) from None
    except BaseException:
        logging.getLogger(__name__).exception("the job failed")
        raise
    finally:
        logging.captureWarnings(capture=False)
        root.removeHandler(handler)
        handler.close()


def generator(seed: int, *step: str) -> np.random.Generator:
    """Give the random numbers of one step, from the study's seed and the step's name."""
    digest = hashlib.sha256("/".join(step).encode()).digest()
    words = np.frombuffer(digest[:16], dtype=np.uint32)
    return np.random.default_rng([seed, *(int(word) for word in words)])
