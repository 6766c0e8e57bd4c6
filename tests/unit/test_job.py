"""Jobs log what happens and draw their own random numbers."""

import logging
import warnings

import pytest

from driehoek.job import generator, job_log
from driehoek.problems import Problem, StudyError


def test_steps_draw_different_numbers_and_the_same_ones_again():
    first = generator(1, "reliability", "w1").integers(1 << 30, size=3).tolist()
    assert first == generator(1, "reliability", "w1").integers(1 << 30, size=3).tolist()
    assert first != generator(1, "reliability", "w2").integers(1 << 30, size=3).tolist()
    assert first != generator(2, "reliability", "w1").integers(1 << 30, size=3).tolist()


def test_a_fault_in_the_data_ends_the_job_with_its_report_alone(tmp_path):
    path = tmp_path / "logs" / "job.log"
    with pytest.raises(SystemExit) as caught, job_log(str(path)):
        raise StudyError([Problem("study.yaml", "something odd", line=3)])
    assert caught.value.code == 1
    text = path.read_text(encoding="utf-8")
    assert "study.yaml, line 3: something odd" in text
    assert "Traceback" not in text


def test_any_other_error_keeps_its_traceback(tmp_path):
    path = tmp_path / "job.log"
    with pytest.raises(ZeroDivisionError), job_log(str(path)):
        1 / 0  # noqa: B018 - the error is wanted
    assert "Traceback" in path.read_text(encoding="utf-8")


@pytest.mark.filterwarnings("default")
def test_warnings_and_messages_reach_the_log(tmp_path):
    path = tmp_path / "job.log"
    with job_log(str(path)):
        warnings.warn("look here", stacklevel=1)
        logging.getLogger("driehoek.test").warning("and here")
    text = path.read_text(encoding="utf-8")
    assert "look here" in text
    assert "and here" in text
