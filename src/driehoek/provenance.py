"""Which modules a script rests on, so that an edit reruns exactly what depends on it."""

import ast
from functools import cache
from importlib.util import find_spec
from pathlib import Path


def package_sources(script: Path, package: str) -> list[Path]:
    """Give the modules of `package` that a script imports, directly or not.

    Parameters
    ----------
    script : pathlib.Path
        A Python file.
    package : str
        Name of an importable package.

    Returns
    -------
    list of pathlib.Path
        Sorted paths of the modules, without the packages' ``__init__`` files.
    """
    found: dict[str, Path] = {}
    waiting = [script]
    while waiting:
        for module in _imports(waiting.pop(), package):
            path = _source(module)
            if module not in found and path is not None:
                found[module] = path
                waiting.append(path)
    return sorted(path for path in found.values() if path.name != "__init__.py")


def every_source(package: str, house: Path) -> dict[str, Path]:
    """Give all code behind a run, by name: modules, rules of the workflow and its scripts.

    Parameters
    ----------
    package : str
        Name of an importable package; its modules are named by their path in it.
    house : pathlib.Path
        Folder of the Snakefile, from where rules and scripts are named.
    """
    origin = _source(package)
    root = origin.parent if origin is not None else house
    modules = (path for path in root.rglob("*.py") if "_workflow" not in path.parts)
    rules = [house / "Snakefile", *(house / "workflow" / "rules").glob("*.smk")]
    named = {path.relative_to(root).as_posix(): path for path in sorted(modules)}
    steps = sorted([*rules, *(house / "scripts").glob("*.py")])
    return named | {path.relative_to(house).as_posix(): path for path in steps}


@cache
def _imports(path: Path, package: str) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {name for node in ast.walk(tree) for name in _named(node)}
    return frozenset(name for name in names if name.split(".")[0] == package)


def _named(node: ast.AST) -> list[str]:
    """Give the modules that an import statement may name; a name may be a module or a function."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


@cache
def _source(module: str) -> Path | None:
    """Find the file of a module without importing it, as looking it up by name would."""
    package, *parts = module.split(".")
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    place = Path(spec.origin).parent.joinpath(*parts)
    candidates = (place.with_suffix(".py"), place / "__init__.py")
    return next((path for path in candidates if path.is_file()), None)
