"""The tables of LaTeX compile, and stay within the page."""

import re
import shutil
import subprocess

import pytest
from reporting_example import make_example

from driehoek.reporting.latex import latex_document
from driehoek.reporting.material import gather
from driehoek.reporting.results import read_results
from driehoek.reporting.tables.catalogue import all_tables
from driehoek.study import read_study

POINTS_OVER = 6.0  # letters of another TeX may be a little wider than those we measured

pytestmark = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="TeX is not installed")


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return make_example(tmp_path_factory.mktemp("latex"))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_all_tables_compile_and_fit_their_pages(example, tmp_path, language):
    material = gather(read_study(example.path), read_results(example.statistics), language)
    source = tmp_path / "all_tables.tex"
    source.write_text(latex_document(all_tables(material), material.labels), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", source.name]
    made = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    faults = [line for line in made.stdout.splitlines() if line.startswith("!")]
    assert (made.returncode, faults) == (0, [])
    over = re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide\)", made.stdout)
    assert [points for points in over if float(points) > POINTS_OVER] == []
    assert (tmp_path / "all_tables.pdf").stat().st_size > 20_000
