"""Which modules a script rests on, so that an edit reruns exactly what depends on it."""

import ast
from collections.abc import Iterator
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


def _imports(path: Path, package: str) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [node.module, *inside]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == package)


def _source(module: str) -> Path | None:
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:
        return None
    return Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None
