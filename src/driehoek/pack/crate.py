"""A pack described for archives: RO-Crate, by the profile Workflow Run Crate."""

from pathlib import Path

from rocrate.model.contextentity import ContextEntity
from rocrate.rocrate import ROCrate

from driehoek.review.record import Record

PROFILES = (
    "https://w3id.org/ro/wfrun/process/0.5",
    "https://w3id.org/ro/wfrun/workflow/0.5",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0",
)
LICENCE = "https://spdx.org/licenses/GPL-3.0-or-later"


def describe(folder: Path, record: Record, title: str, date: str) -> None:
    """Write ``ro-crate-metadata.json`` over the files of a pack.

    Inputs of the study are named with their fingerprints; they are not in the pack.

    References
    ----------
    Leo et al. (2024), doi:10.1371/journal.pone.0309210, Workflow Run RO-Crate.
    """
    crate = ROCrate(gen_preview=False)
    crate.name = f"Reviewer's pack: {title}"
    crate.description = "Published results, code and a synthetic twin of a study."
    crate.datePublished = date
    crate.root_dataset["license"] = {"@id": LICENCE}
    crate.root_dataset["conformsTo"] = [{"@id": profile} for profile in PROFILES]
    for profile in PROFILES:
        crate.add(ContextEntity(crate, profile, {"@type": "CreativeWork", "name": profile}))
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        place = path.relative_to(folder).as_posix()
        if place == "code/Snakefile":
            crate.add_workflow(path, place, main=True, lang="snakemake")
        elif place.startswith("code/"):
            continue
        else:
            crate.add_file(path, place)
    crate.add_dataset(folder / "code", "code")
    crate.add(_run(crate, record, title))
    crate.root_dataset["mentions"] = [{"@id": "#run"}]
    crate.metadata.write(folder)


def _run(crate: ROCrate, record: Record, title: str) -> ContextEntity:
    """Describe the run that made the published results."""
    inputs = []
    for number, (name, digest) in enumerate(sorted(record.inputs.items()), 1):
        about = {"@type": "CreativeWork", "name": name, "sha256": digest}
        inputs.append(crate.add(ContextEntity(crate, f"#input-{number}", about)))
    outputs = [f"published/{name.split('/public/', 1)[-1]}" for name in record.outputs]
    known = {entity.id for entity in crate.get_entities()}
    software = {"@type": "SoftwareApplication", "name": "driehoek"}
    version = {"version": record.software.get("driehoek", "")}
    crate.add(ContextEntity(crate, "#driehoek", software | version))
    return ContextEntity(
        crate,
        "#run",
        {
            "@type": "CreateAction",
            "name": f"Analysis of {title}",
            "instrument": {"@id": "code/Snakefile"},
            "agent": {"@id": "#driehoek"},
            "object": [{"@id": each.id} for each in inputs],
            "result": [{"@id": name} for name in outputs if name in known],
        },
    )
