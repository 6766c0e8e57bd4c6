"""What single fields cannot show about a study: names, terms and references."""

from collections.abc import Callable, Iterator
from pathlib import Path

from driehoek.analysis.names import known_variables
from driehoek.analysis.score_names import FEWEST_ITEMS, ScoreName, score_name, shared_items
from driehoek.faults import Fault, unknown
from driehoek.ingest.privacy import kind_of_identifier
from driehoek.instrument.questions import Questionnaire
from driehoek.plan.derived import Derived
from driehoek.plan.measurement import InvariancePlan
from driehoek.problems import Problem, StudyError, did_you_mean
from driehoek.study_agreement_checks import agreement_faults, retest_faults
from driehoek.study_file import StudyFile
from driehoek.study_imputation_checks import imputation_faults
from driehoek.study_model_checks import comparison_faults, family_faults, model_faults
from driehoek.study_multiverse_checks import multiverse_faults
from driehoek.study_report_checks import report_faults
from driehoek.study_weights_checks import weights_faults
from driehoek.yamlfile import Document, Location

MOST = "most_"
# What a column may say about a response, beside the questions (driehoek.ingest.columns).
RESPONSE_FACTS = ("started", "submitted", "duration_seconds", "language", "complete")


def check_plan(settings: StudyFile, questionnaire: Questionnaire, document: Document) -> None:
    """Check every name that a study uses against its instrument.

    Raises
    ------
    StudyError
        With every fault, each with its line.
    """
    faults = [
        Problem(
            document.file,
            fault.found,
            fault.expected,
            fault.mend,
            line=document.line(fault.location),
            item=".".join(str(part) for part in fault.location),
            check=name,
        )
        for name, check in CHECKS.items()
        for fault in check(settings, questionnaire)
    ]
    if faults:
        raise StudyError(faults)


def _free_text(settings: StudyFile, questionnaire: Questionnaire) -> Iterator[Fault]:
    known = [qid for qid, question in questionnaire.questions.items() if question.kind == "text"]
    for i, name in enumerate(settings.free_text):
        if name not in known:
            found, expected = f"{name!r} is no text question", "a text question"
            yield Fault(("free_text", i), found, expected, did_you_mean(name, known))


def _file_names(settings: StudyFile, _: Questionnaire) -> Iterator[Fault]:
    """Find names of files, folders and sheets that look like identifying data."""
    named: dict[Location, str | None] = {
        ("instrument",): settings.instrument,
        ("pseudonyms", "key"): settings.pseudonyms.key,
        ("corrections",): settings.corrections,
        ("withdrawn",): settings.withdrawn,
    }
    for i, wave in enumerate(settings.waves):
        named["waves", i, "instrument"] = wave.instrument
        for j, export in enumerate(wave.exports):
            named["waves", i, "exports", j, "file"] = export.file
            named["waves", i, "exports", j, "sheet"] = export.sheet
    for location, name in named.items():
        parts = Path((name or "").replace("_", " ")).parts
        words = [word for part in parts for word in (part, Path(part).stem)]
        if kind := next(filter(None, map(kind_of_identifier, words)), ""):
            mend = "rename it: the name stands in logs and in the manifest"
            found = f"a file name with {kind} in it"
            yield Fault(location, found, "a name that identifies nobody", mend)


def _exports(settings: StudyFile, questionnaire: Questionnaire) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, wave in enumerate(settings.waves):
        if wave.wave in seen:
            mend = "give each wave its own name"
            yield Fault(("waves", i, "wave"), f"wave {wave.wave!r} twice", "unique waves", mend)
        seen.add(wave.wave)
        for j, export in enumerate(wave.exports):
            here: Location = ("waves", i, "exports", j)
            for role in export.role:
                yield from unknown((*here, "role"), role, questionnaire.instrument.roles, "role")
            for column, qid in export.columns.items():
                known = [*questionnaire.questions, *RESPONSE_FACTS]
                yield from unknown((*here, "columns", column), qid, known, "question")


def _linkage(settings: StudyFile, questionnaire: Questionnaire) -> Iterator[Fault]:
    for role, rule in settings.linkage.primary.items():
        here: Location = ("linkage", "primary", role)
        yield from unknown(here, role, questionnaire.instrument.roles, "role")
        if rule != "first":
            numbers = [q.id for q in questionnaire.questions.values() if q.is_stored and not q.item]
            rules = ["first", *(MOST + qid for qid in numbers)]
            yield from unknown(here, rule, rules, "rule")


def _derived(settings: StudyFile, questionnaire: Questionnaire) -> Iterator[Fault]:
    own = [q for q in questionnaire.questions.values() if q.item is None and q.is_stored]
    for name, derived in settings.derive.items():
        kind = "choice" if derived.recode is not None else "number"
        known = [question.id for question in own if question.kind == kind]
        place = "from" if derived.source else derived.rule
        for source in derived.sources:
            yield from unknown(("derive", name, place), source, known, f"{kind} question")
        if set(derived.sources) <= set(known):
            yield from _sources(name, derived, questionnaire)
        if name in questionnaire.questions:
            found, mend = f"{name!r} is a question already", "choose another name"
            yield Fault(("derive", name), found, "a new name", mend)


def _sources(name: str, derived: Derived, questionnaire: Questionnaire) -> Iterator[Fault]:
    questions = [questionnaire.questions[source] for source in derived.sources]
    for code in derived.codes:
        known = list(questions[0].values)
        yield from unknown(("derive", name, "recode"), code, known, "option code")
    if not set.intersection(*(set(question.roles) for question in questions)):
        found = f"no role answers all of {', '.join(derived.sources)}"
        mend = "combine questions that one person answers"
        yield Fault(("derive", name, derived.rule), found, "questions of one role", mend)


def _languages(settings: StudyFile, questionnaire: Questionnaire) -> Iterator[Fault]:
    for i, language in enumerate(settings.report.languages):
        known = questionnaire.instrument.languages
        yield from unknown(("report", "languages", i), language, known, "language")
        if language not in settings.title:
            found = f"no title in language {language!r}"
            yield Fault(("title",), found, "a title in each language", f"add {language}:")


def _reliability(settings: StudyFile, questionnaire: Questionnaire) -> Iterator[Fault]:
    chosen = settings.plan.reliability.scales
    for i, scale in enumerate([] if chosen == "all" else chosen):
        here: Location = ("plan", "reliability", "scales", i)
        yield from unknown(here, scale, questionnaire.instrument.scales, "scale")


def _correlations(settings: StudyFile, questionnaire: Questionnaire) -> Iterator[Fault]:
    known = known_variables(settings, questionnaire)
    waves = [wave.wave for wave in settings.waves]
    for name, plan in settings.plan.correlations.items():
        here: Location = ("plan", "correlations", name)
        yield from unknown((*here, "wave"), plan.wave, waves, "wave")
        for i, variable in enumerate(plan.variables):
            place = (*here, "variables", i)
            yield from unknown(place, variable, known, "variable")
            if variable in known and known[variable].levels:
                found, mend = f"{variable!r} is a choice", "correlate scores and numbers only"
                yield Fault(place, found, "a score or a number", mend)


def _structure(settings: StudyFile, questionnaire: Questionnaire) -> Iterator[Fault]:
    plan = settings.plan.structure
    if plan is None:
        return
    here: Location = ("plan", "structure")
    for i, scale in enumerate([] if plan.scales == "all" else plan.scales):
        yield from unknown((*here, "scales", i), scale, questionnaire.instrument.scales, "scale")
    yield from _wave_named(settings, here, plan.wave)


def _invariance(settings: StudyFile, questionnaire: Questionnaire) -> Iterator[Fault]:
    known = known_variables(settings, questionnaire)
    for name, plan in settings.plan.invariance.items():
        here: Location = ("plan", "invariance", name)
        yield from _wave_named(settings, here, plan.wave)
        faults = []
        for i, score in enumerate(plan.scores):
            faults += list(unknown((*here, "scores", i), score, known, "variable"))
            if score in known and score_name(known[score], questionnaire) is None:
                found, mend = f"{score!r} is no score", "name a scale, such as carer.burden"
                faults.append(Fault((*here, "scores", i), found, "a score", mend))
        yield from faults
        if not faults:
            yield from _compared(settings, questionnaire, plan, here)


def _compared(
    settings: StudyFile, questionnaire: Questionnaire, plan: InvariancePlan, here: Location
) -> Iterator[Fault]:
    """Check what a ladder compares, its scores being right."""
    known = known_variables(settings, questionnaire)
    variables = [known[score] for score in plan.scores]
    scores = [s for v in variables if (s := score_name(v, questionnaire)) is not None]
    place: Location = (*here, "across")
    if plan.across == "roles":
        yield from _shared(questionnaire, plan, scores, here)
        return
    if len(scores) > 1:
        mend = "leave one, or write across: roles"
        yield Fault((*here, "scores"), f"{len(scores)} scores", "one score", mend)
    if plan.across == "waves":
        if plan.wave is not None:
            mend = "leave wave: out, or compare groups"
            yield Fault(place, f"wave: {plan.wave}", "all waves", mend)
        return
    choices = {n: v for n, v in known.items() if v.levels and v.role == scores[0].role}
    if plan.across not in choices:
        mend = did_you_mean(plan.across, ["waves", "roles", *choices])
        expected = f"waves, roles, or a choice that the {scores[0].role} answers"
        yield Fault(place, f"cannot compare across {plan.across!r}", expected, mend)


def _shared(
    questionnaire: Questionnaire, plan: InvariancePlan, scores: list[ScoreName], here: Location
) -> Iterator[Fault]:
    if len({(s.role, s.about) for s in scores}) < max(len(scores), 2) or (
        len({(s.scale, s.facet) for s in scores}) > 1
    ):
        found, mend = ", ".join(plan.scores), "name one scale as two roles answer it"
        yield Fault((*here, "scores"), found, "two or more roles on one scale", mend)
        return
    n = sum(map(len, shared_items(questionnaire, scores).values()))
    if n < FEWEST_ITEMS:
        found = f"{n} parallel items that all of {', '.join(plan.scores)} have"
        mend = "compare other roles, or mark items that mean the same as type: parallel"
        yield Fault((*here, "scores"), found, f"at least {FEWEST_ITEMS}", mend)


def _wave_named(settings: StudyFile, here: Location, wave: str | None) -> Iterator[Fault]:
    if wave is not None:
        yield from unknown((*here, "wave"), wave, [each.wave for each in settings.waves], "wave")


def _versions(settings: StudyFile, _: Questionnaire) -> Iterator[Fault]:
    for i, wave in enumerate(settings.waves):
        if wave.instrument is not None and settings.simulation is not None:
            found = "a simulated study whose wave is asked another version"
            mend = "take instrument: or simulation: out"
            yield Fault(("waves", i, "instrument"), found, "real exports", mend)


CHECKS: dict[str, Callable[[StudyFile, Questionnaire], Iterator[Fault]]] = {
    "exports": _exports,
    "file names": _file_names,
    "free text": _free_text,
    "versions": _versions,
    "linkage": _linkage,
    "derived variables": _derived,
    "languages": _languages,
    "reliability": _reliability,
    "structure": _structure,
    "invariance": _invariance,
    "agreement": agreement_faults,
    "retest": retest_faults,
    "correlations": _correlations,
    "comparisons": comparison_faults,
    "families": family_faults,
    "models": model_faults,
    "imputation": imputation_faults,
    "weights": weights_faults,
    "report": report_faults,
    "multiverse": multiverse_faults,
}
