import json
import os
from importlib.util import find_spec

from driehoek.provenance import every_source, package_sources

if not workflow.configfiles:
    raise WorkflowError("Name the study: snakemake --configfile STUDY.yaml --cores 2")

STUDY_FILE = Path(workflow.configfiles[0])
try:
    STUDY = read_study(STUDY_FILE)
    require_files(STUDY)
except ProblemsError as problems:
    raise WorkflowError(str(problems)) from None

NAME = STUDY.settings.study
WAVES = STUDY.wave_names
LANGUAGES = STUDY.settings.report.languages
EXPORTS = [(wave, export) for wave in WAVES for export in STUDY.exports(wave)]
SAMPLES = [*WAVES, "all"] if len(WAVES) > 1 else WAVES
STATISTICS = [
    "flow",
    "participation",
    "attrition",
    "background",
    "items",
    "scores",
    "quality",
    "missingness",
    *(f"reliability_{sample}" for sample in SAMPLES),
    "structure",
    "invariance",
    "agreement",
    "retest",
    "correlations",
    "comparisons",
    "models",
    "families",
    *(
        [
            "imputation",
            "imputation_traces",
            "models_imputed",
            "families_imputed",
            "sensitivity",
        ]
        if STUDY.settings.plan.is_imputed
        else []
    ),
    *(["models_full_information"] if STUDY.settings.plan.has_full_information else []),
    *(["weights", "models_weighted"] if STUDY.settings.plan.weights else []),
    *(["multiverse"] if STUDY.settings.multiverse else []),
]
# The main results, which are estimated again without flagged responses where the plan says so.
COMPARED = [
    "scores",
    *(f"reliability_{sample}" for sample in SAMPLES),
    "agreement",
    "retest",
    "correlations",
    "comparisons",
    "models",
]
if STUDY.settings.plan.without_flagged is not None:
    STATISTICS.append("without_flagged")


wildcard_constraints:
    wave="|".join(WAVES),
    sample="|".join(SAMPLES),
    language="|".join(LANGUAGES),
    export="|".join(export for _, export in EXPORTS),
    multiverse="|".join(STUDY.settings.multiverse) or "none",
    part="[0-9]+",


def near(path):
    """Give a path relative to the working directory, or whole where drives differ."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:
        return Path(path).as_posix()


def private(name):
    """Give a path among the person-level results."""
    return f"results/{NAME}/private/{name}"


def public(name):
    """Give a path among the published results."""
    return f"results/{NAME}/public/{name}"


def log(name):
    """Give a path among the logs."""
    return f"logs/{NAME}/{name}.log"


def code(script):
    """List the modules a script rests on, so that an edit reruns what depends on it."""
    path = Path(workflow.basedir) / "scripts" / script
    return [near(source) for source in package_sources(path, "driehoek")]


def all_code():
    """List all the code that the manifest fingerprints, so that it never tells an older one."""
    sources = every_source("driehoek", Path(workflow.basedir))
    return [near(path) for path in sources.values()]


def settings(*names):
    """Give parts of the study as text; a change reruns the stages that use them."""
    chosen = STUDY.settings.model_dump(mode="json", by_alias=True, include=set(names))
    return json.dumps(chosen, sort_keys=True)


def statistics_rules():
    """Give the rule that makes each statistics file, by the name of the file."""
    return {
        name: rule.name
        for name in STATISTICS
        for rule in workflow.rules
        if rule.is_producer(public(f"statistics/{name}.csv"))
    }


def statistics_steps():
    """Count the jobs of each rule that the statistics rest on, whether they are done or not."""
    waiting = [public(f"statistics/{name}.csv") for name in STATISTICS]
    known, jobs = set(waiting), set()
    while waiting:
        path = waiting.pop()
        maker = next((each for each in workflow.rules if each.is_producer(path)), None)
        if maker is None:
            continue
        wildcards = maker.get_wildcards(path)
        jobs.add((maker.name, *sorted(wildcards.values())))
        new = {str(file) for file in maker.expand_input(wildcards)[0]} - known
        known |= new
        waiting += new
    names = sorted(name for name, *_ in jobs)
    return {name: names.count(name) for name in names}


def imputed_plans():
    """Give the models that ask for imputation, as text."""
    models = STUDY.settings.plan.models
    chosen = {
        name: m.model_dump(mode="json") for name, m in models.items() if m.is_imputed
    }
    return json.dumps(chosen, sort_keys=True)


def families_plan():
    """Give the families of tests and the equivalences, as text."""
    plan = STUDY.settings.plan
    chosen = [
        {name: each.model_dump(mode="json") for name, each in part.items()}
        for part in (plan.families, plan.equivalence)
    ]
    return json.dumps(chosen, sort_keys=True)


def imputation_settings():
    """Give what imputed answers follow from, as text: shifts come after."""
    plan = STUDY.settings.plan.imputation.model_dump(mode="json", exclude={"deltas"})
    models = STUDY.settings.plan.models
    terms = {name: [m.outcomes, m.terms] for name, m in models.items() if m.is_imputed}
    varied = STUDY.settings.multiverse
    others = {name: m.covariates for name, m in varied.items() if m.is_imputed}
    return json.dumps([plan, terms, others], sort_keys=True)


def full_information_settings():
    """Give the models that ask for full information, and what helps them, as text."""
    plan = STUDY.settings.plan
    helping = plan.imputation.model_dump(
        mode="json", include={"auxiliary", "lost", "dont_know"}
    )
    chosen = {
        name: m.model_dump(mode="json")
        for name, m in plan.models.items()
        if m.has_full_information
    }
    return json.dumps([helping, chosen], sort_keys=True)


def export_settings(wildcards):
    """Give what the study says about one export."""
    export = STUDY.exports(wildcards.wave)[wildcards.export]
    return export.model_dump_json() + settings("linkage", "study", "free_text")


def raw_file(wildcards):
    """Give the raw file of one export."""
    return near(STUDY.locate(STUDY.exports(wildcards.wave)[wildcards.export].file))


def of_wave(name):
    """Give the files of that name of every export of a wave."""
    return lambda wildcards: [
        private(f"waves/{wildcards.wave}/{export}/{name}")
        for export in STUDY.exports(wildcards.wave)
    ]


def answers_of_sample(wildcards):
    """Give the answers and scores of a wave, which no other wave touches; or those of all."""
    if wildcards.sample == "all":
        return [private("data/long.parquet")]
    names = ("responses.parquet", "scores.parquet")
    return [private(f"waves/{wildcards.sample}/{name}") for name in names]


def multiverse_parts(name):
    """Give the number of jobs that a multiverse is spread over."""
    return min(STUDY.settings.multiverse[name].n_variants, 8)


def multiverse_wave(name):
    """Give a path in the clean wave of the model that a multiverse varies."""

    def path(wildcards):
        plan = STUDY.settings.multiverse[wildcards.multiverse]
        wave = STUDY.settings.plan.models[plan.model].wave
        return private(f"waves/{wave}/{name}")

    return path


def multiverse_imputed(wildcards):
    """Give what was filled in, where a multiverse rests on it: answers, then lost people."""
    if not STUDY.settings.multiverse[wildcards.multiverse].is_imputed:
        return []
    return [private(f"data/imputed_{name}.parquet") for name in ("cells", "lost")]


def named_files(*names):
    """Give the files of these settings that the study names."""
    given = [getattr(STUDY.settings, name) for name in names]
    return [near(STUDY.locate(path)) for path in given if path]


def instruments(wildcards):
    """Give the instrument files that a wave rests on: the study's, then its own."""
    return [near(path) for path in STUDY.instruments(wildcards.wave)]


INSTRUMENT = near(STUDY.path.parent / STUDY.settings.instrument)
INSTRUMENTS = sorted({near(path) for wave in WAVES for path in STUDY.instruments(wave)})
PUBLISHED_KEYS = [
    near(STUDY.locate(STUDY.settings.instrument).parent / "scales" / f"{key}.yaml")
    for key in sorted(
        {
            scale.key
            for scale in STUDY.questionnaire.instrument.scales.values()
            if scale.key
        }
    )
]
SEALED_PLAN = [near(STUDY.seal)] if STUDY.seal.is_file() else []
OWN_SECTIONS = sorted(
    {
        near(STUDY.locate(section.template))
        for section in STUDY.settings.report.sections.values()
    }
)
KEY = near(STUDY.locate(STUDY.settings.pseudonyms.key))
FILE = near(STUDY_FILE)


def templates(package="driehoek.reporting"):
    """List the templates that a package renders."""
    folder = Path(find_spec(package).origin).parent / "templates"
    return sorted(near(path) for path in folder.glob("*") if path.is_file())
