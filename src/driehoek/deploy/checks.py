"""What a survey platform would drop, cut or garble without a word: refused before export.

The strictest platform decides for all, so that one instrument file serves every target.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from driehoek.deploy.conditions import questions_in
from driehoek.deploy.layout import Entry, Page, lay_out
from driehoek.deploy.text_faults import Fault, reader_faults, text_faults
from driehoek.instrument.questions import Questionnaire
from driehoek.problems import InstrumentError, Problem, did_you_mean


def require_deployable(
    form: Questionnaire, target: str, *, role: str | None, language: str | None
) -> tuple[Page, ...]:
    """Lay out an instrument for a survey platform, or refuse it with every fault.

    Parameters
    ----------
    form : Questionnaire
    target : str
        Named in the faults.
    role, language : str or None
        One of those of the instrument; None for all.

    Raises
    ------
    InstrumentError
        With what the platform would drop, cut or garble, each with item, language and mend.
    """
    faults = list(request_faults(form, role, language)) or list(placing_faults(form, role))
    pages = lay_out(form, role=role) if not faults else ()
    if not faults:
        faults = [
            *order_faults(form, pages, role),
            *text_faults(form, pages, language),
            *reader_faults(form, role),
        ]
    refuse(form, target, faults)
    return pages


def require_one(
    form: Questionnaire, target: str, what: Literal["role", "language"], chosen: str | None
) -> str:
    """Give the role or language of a target that holds one only.

    Raises
    ------
    InstrumentError
        If the instrument has several and none was chosen.
    """
    known = list(form.instrument.roles if what == "role" else form.instrument.languages)
    if chosen is None and len(known) > 1:
        option = "--role" if what == "role" else "--lang"
        mend = f"export one at a time: {' or '.join(f'{option} {each}' for each in known)}"
        found = f"{len(known)} {what}s, and a file for {target} holds one"
        refuse(form, target, [Fault(what, found, f"one {what}", mend)])
    return chosen or known[0]


def refuse(form: Questionnaire, target: str, faults: Iterable[Fault]) -> None:
    """Raise the faults, if there are any.

    Raises
    ------
    InstrumentError
        With every fault.
    """
    instrument = form.instrument
    place = f"instrument {instrument.id} {instrument.version}"
    problems = [
        Problem(
            place,
            each.found,
            each.expected,
            each.mend,
            item=f"{each.item} [{each.language}]" if each.language else each.item,
            check=f"export to {target}",
        )
        for each in dict.fromkeys(faults)
    ]
    if problems:
        raise InstrumentError(problems)


def request_faults(form: Questionnaire, role: str | None, language: str | None) -> Iterator[Fault]:
    """Find a role or language that the instrument does not have."""
    asked = {
        "role": (role, list(form.instrument.roles)),
        "language": (language, list(form.instrument.languages)),
    }
    for what, (word, known) in asked.items():
        if word is not None and word not in known:
            mend = did_you_mean(word, known)
            yield Fault(what, f"no {what} {word!r}", f"a {what} of the instrument", mend)


def placing_faults(form: Questionnaire, role: str | None) -> Iterator[Fault]:
    """Find questions that would get lost between the pages."""
    blocks = form.instrument.blocks
    if not blocks:
        yield Fault("blocks", "no pages", "the pages with their questions", "add blocks:")
        return
    pages: dict[str, list[set[str]]] = {}
    for block in blocks:
        for qid in block.questions:
            pages.setdefault(qid, []).append(set(block.roles))
    for qid, question in form.questions.items():
        if role is None or role in question.roles:
            yield from _placed_faults(qid, set(question.roles), pages.get(qid, []))
    if role is None and len(form.instrument.roles) > 1:
        yield from _role_question_faults(form)


def _placed_faults(qid: str, roles: set[str], pages: list[set[str]]) -> Iterator[Fault]:
    if not pages:
        mend = "add it to the questions of a block, or take it out of the instrument"
        yield Fault(qid, "the question stands on no page", "one page", mend)
    elif len(pages) > 1:
        found = f"the question stands on {len(pages)} pages"
        yield Fault(qid, found, "one page", "keep it in one block")
    elif unreached := roles - pages[0]:
        found = f"asked of {', '.join(sorted(unreached))}, who do not see its page"
        mend = "add the role to the block, or take it from the question"
        yield Fault(qid, found, "a page for each role that is asked", mend)


def _role_question_faults(form: Questionnaire) -> Iterator[Fault]:
    roles = form.instrument.roles
    if form.role_question is None:
        found = "several roles, and no question of kind role"
        mend = "add one to background:, or export one role at a time (--role)"
        yield Fault("background", found, "a question that asks for the role", mend)
        return
    question = form.questions[form.role_question]
    for role in set(roles) - {option.role for option in question.options}:
        mend = f"add an option with role: {role}"
        yield Fault(question.id, f"no option for {role}", "an option for each role", mend)
    for role in set(roles) - set(question.roles):
        mend = f"add {role} to its roles"
        yield Fault(question.id, f"not asked of {role}", "asked of every role", mend)


def order_faults(form: Questionnaire, pages: tuple[Page, ...], role: str | None) -> Iterator[Fault]:
    """Find questions that depend on an answer given later, or never given."""
    seen: set[str] = set()
    every = {entry.id for page in pages for entry in page.entries}
    for page in pages:
        here = questions_in(page.when)
        for entry in page.entries:
            needed = here | questions_in(entry.when)
            for earlier in sorted(needed - seen):
                yield _late(entry.id, earlier, is_asked=earlier in every)
            yield from _never_faults(entry, role)
            seen.add(entry.id)
    consent = form.instrument.consent
    if consent and pages and consent.question not in {e.id for e in pages[0].entries}:
        mend = f"put {consent.question} on the first page"
        yield Fault(consent.question, "consent asked after the start", "asked first", mend)


def _late(qid: str, earlier: str, *, is_asked: bool) -> Fault:
    found = f"shown by the answer to {earlier!r}, which " + (
        "is asked later" if is_asked else "is not asked here"
    )
    return Fault(qid, found, "an answer given before", f"move {earlier} up, or mend the routing")


def _never_faults(entry: Entry, role: str | None) -> Iterator[Fault]:
    if entry.when is False:
        found = f"shown to nobody{f' who is {role}' if role else ''}"
        mend = "mend the condition: it names no option or role that can occur"
        yield Fault(entry.id, found, "a condition that can hold", mend)
