"""The documentation holds: its examples run, its links lead somewhere, its lists are whole."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted(
    [*(ROOT / "docs").rglob("*.md"), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md"))]
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```python\n(.*?)^```", re.M | re.S)
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
HEADING = re.compile(r"^#+ (.+)$", re.M)


def text(path):
    return path.read_text(encoding="utf-8")


def named(path):
    return path.relative_to(ROOT).as_posix()


def anchors(page):
    """Give the anchors of a page as the usual viewers of Markdown make them."""
    headings = HEADING.findall(FENCE.sub("", text(page)))
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


def test_the_examples_of_the_library_page_run(tmp_path):
    blocks = BLOCK.findall(text(ROOT / "docs" / "library.md"))
    assert len(blocks) > 5
    script = tmp_path / "examples.py"
    script.write_text("\n".join(blocks), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "omega 0." in done.stdout
    assert "block_3" not in done.stdout
    assert "150 triads" in done.stdout


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_within_the_project_leads_somewhere(page):
    for link in LINK.findall(FENCE.sub("", text(page))):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, anchor = link.partition("#")
        target = page if not path else (page.parent / path).resolve()
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), link


def test_both_guides_name_every_command():
    help_text = subprocess.run(
        [sys.executable, "-m", "driehoek.cli", "--help"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    ).stdout
    commands = re.findall(r"^    (\w[\w-]*) {2,}", help_text, re.M)
    assert {"run", "check", "new"} <= set(commands)
    for guide in ("guide.md", "gids.md"):
        words = text(ROOT / "docs" / guide)
        missing = [name for name in commands if f"driehoek {name}" not in words]
        assert not missing, guide


def test_every_target_of_make_is_explained():
    makefile = text(ROOT / "Makefile")
    targets = re.search(r"^\.PHONY: (.+)$", makefile, re.M)
    assert targets is not None
    words = text(ROOT / "README.md") + text(ROOT / "docs" / "developer.md")
    missing = [name for name in targets.group(1).split() if f"make {name}" not in words]
    assert not missing


def test_every_test_that_the_page_of_faults_names_is_there():
    file, seen = None, 0
    for line in text(ROOT / "docs" / "faults.md").splitlines():
        if line.startswith("Tests: `"):
            file = text(ROOT / line.split("`")[1])
        elif line.startswith("| ") and (names := re.findall(r"`(test_\w+)`", line)):
            assert file is not None
            for name in names:
                assert f"def {name}(" in file, name
                seen += 1
    assert seen > 90
