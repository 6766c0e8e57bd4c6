"""Put the workflow into the wheel, so that an installed driehoek runs without a checkout."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = (
    *("Snakefile", "workflow", "scripts", "instruments", "profiles"),
    *("pyproject.toml", "requirements.lock", "hatch_build.py", "README.md", "LICENSE"),
    "CITATION.cff",
    *(f"config/{name}" for name in ("study.yaml", "new_study.yaml", "demo.key", "withdrawn.csv")),
)


class WorkflowHook(BuildHookInterface[Any]):
    """Add the workflow's files to a standard wheel; an editable one reads the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Map each carried path into ``driehoek/_workflow``."""
        if version == "standard":
            build_data["force_include"].update(
                {path: f"driehoek/_workflow/{path}" for path in CARRIED}
            )
