"""A script depends on the modules it imports, directly or not, and on no others."""

from pathlib import Path

from driehoek.provenance import every_source, package_sources


def modules(script, text):
    script.write_text(text, encoding="utf-8")
    return {path.name for path in package_sources(script, "driehoek")}


def test_imports_are_followed_through_the_package(tmp_path):
    found = modules(tmp_path / "s.py", "from driehoek.study import read_study\n")
    assert {"study.py", "study_file.py", "reading.py", "problems.py", "terms.py"} <= found


def test_what_is_not_imported_is_no_reason_to_run_again(tmp_path):
    found = modules(tmp_path / "s.py", "import driehoek.files\nimport os\n")
    assert found == {"files.py"}


def test_a_module_named_inside_a_package_is_found(tmp_path):
    found = modules(tmp_path / "s.py", "from driehoek.analysis import rows\n")
    assert "rows.py" in found


def test_all_code_of_a_run_is_named_modules_rules_and_scripts():
    house = Path(__file__).parents[2]
    found = every_source("driehoek", house)
    expected = {
        "models/linear.py": house / "src" / "driehoek" / "models" / "linear.py",
        "Snakefile": house / "Snakefile",
        "workflow/rules/seal.smk": house / "workflow" / "rules" / "seal.smk",
        "scripts/seal_manifest.py": house / "scripts" / "seal_manifest.py",
    }
    assert {name: found[name].resolve() for name in expected} == expected
    assert all(path.is_file() for path in found.values())
    assert not [name for name in found if name.startswith("_workflow")]
