"""REDCap's CSV, with field names or labels as headings: records, events, forms, instances."""

import re
from dataclasses import replace

import numpy as np

from driehoek.ingest.layout import Layout, Meaning
from driehoek.ingest.tables import RawTable
from driehoek.problems import AnswersError, Problem
from driehoek.study_file import Export

EVENT, REPEAT = "redcap_event_name", "redcap_repeat_instrument"
INSTANCE, INVITATION = "redcap_repeat_instance", "redcap_survey_identifier"
IDENTIFIERS = frozenset(
    [
        *("record_id", INVITATION, "redcap_data_access_group"),
        *(INSTANCE, EVENT, REPEAT),
    ]
)
COMPLETE = frozenset(["2", "complete"])
STATUSES = frozenset(["", "0", "1", "2", "incomplete", "unverified", "complete"])
NOT_COMPLETED = "[not completed]"
# What REDCap calls its own columns where headings are labels, by their raw names.
LABELS = {
    "complete?": "survey_complete",
    "survey timestamp": "survey_timestamp",
    "survey identifier": INVITATION,
    "data access group": "redcap_data_access_group",
    "event name": EVENT,
    "repeat instrument": REPEAT,
    "repeat instance": INSTANCE,
    "record id": "record_id",
}
_FORM = re.compile(r"^([a-z]\w*)_complete$")


def forms_of(table: RawTable) -> list[str]:
    """Name the forms: each has a column of its own with REDCap's status."""
    found = []
    for heading in table.cells.columns:
        match = _FORM.match(str(heading))
        if match and set(table.cells[heading].str.casefold().unique()) <= STATUSES:
            found.append(match.group(1))
    return found


def is_redcap(table: RawTable) -> bool:
    """Tell whether the file has forms with a status, and a sign that REDCap wrote them."""
    if has_label_headings(table):
        return True
    headings = [str(each) for each in table.cells.columns]
    forms = forms_of(table)
    is_stamped = any(f"{form}_timestamp" in headings for form in forms)
    named = headings[:1] == ["record_id"] or any(h.startswith("redcap_") for h in headings)
    return bool(forms) and (is_stamped or named)


def has_label_headings(table: RawTable) -> bool:
    """Tell whether the headings are REDCap's labels instead of field names."""
    headings = {str(h).casefold() for h in table.cells.columns}
    return "complete?" in headings and len(headings & {*LABELS}) > 1


def redcap_layout(table: RawTable, reason: str, export: Export | None = None) -> Layout:
    """Say what the columns mean; a record is complete where every form of the file is.

    Parameters
    ----------
    table : RawTable
    reason : str
    export : Export, optional
        Its ``event`` and ``instance`` are the rows wanted from a longitudinal project.

    Raises
    ------
    AnswersError
        If rows are of several events or instances and none is chosen, or the chosen one is
        absent.
    """
    worded = has_label_headings(table)
    if worded:
        raw = {h: LABELS[h.casefold()] for h in table.cells.columns if h.casefold() in LABELS}
        table = replace(table, cells=table.cells.rename(columns=raw))
    chosen = _rows(table, export.event if export else None, export.instance if export else None)
    cells, rows = table.cells[chosen].reset_index(drop=True), table.rows[chosen]
    forms = forms_of(table)
    if not forms:
        found, expected = "no form with REDCap's status", "Incomplete, Unverified or Complete"
        mend = "export again with a column that says whether the form is complete"
        raise AnswersError([Problem(table.file, found, expected, mend, row=1, check="platform")])
    status = [cells[f"{form}_complete"].str.casefold().isin(COMPLETE) for form in forms]
    is_complete = np.logical_and.reduce(status)
    stamps = [f"{form}_timestamp" for form in forms if f"{form}_timestamp" in cells]
    changed = {stamp: cells[stamp].mask(cells[stamp] == NOT_COMPLETED, "") for stamp in stamps}
    last = f"{forms[-1]}_complete"
    changed[last] = cells[last].where(~is_complete, "1").where(is_complete, "0")
    meanings: dict[Meaning, str] = {"complete": last}
    if stamps:
        meanings["submitted"] = stamps[-1]
    return Layout(
        platform="redcap",
        reason=reason,
        cells=cells.assign(**changed),
        rows=rows,
        codes={heading: heading for heading in cells.columns},
        meanings=meanings,
        identifiers=frozenset(h for h in cells.columns if h in IDENTIFIERS),
        invitation=INVITATION if INVITATION in cells.columns else "",
        worded=worded,
    )


def _rows(table: RawTable, event: str | None, instance: int | None) -> np.ndarray:
    is_of_event = _of_event(table, event)
    if INSTANCE not in table.cells:
        return is_of_event
    numbers = table.cells[INSTANCE].where(is_of_event, "")
    wanted = numbers.to_numpy() == ("" if instance is None else str(instance))
    is_chosen: np.ndarray = is_of_event & wanted
    if is_chosen.any() and (instance is not None or wanted.all()):
        return is_chosen
    known = ", ".join(sorted(set(numbers) - {""}, key=lambda number: (len(number), number)))
    row = int(table.rows[(numbers != "").to_numpy()][0]) if known else 1
    found = f"rows of a repeating form or event (instances {known or 'none'})"
    mend = "say instance: at this export in the study, one of them a wave"
    expected = "one row a person" if instance is None else f"instance {instance}"
    raise AnswersError([Problem(table.file, found, expected, mend, row=row, check="event")])


def _of_event(table: RawTable, event: str | None) -> np.ndarray:
    cells = table.cells
    if EVENT not in cells:
        return np.ones(len(cells), dtype=bool)
    events = sorted(set(cells[EVENT].tolist()))
    wanted = events[0] if event is None and len(events) == 1 else event
    if wanted not in events:
        found = f"rows of the events {', '.join(events)}"
        mend = "say event: at this export in the study, one of them a wave"
        expected = "one event" if event is None else f"the event {event!r}"
        raise AnswersError([Problem(table.file, found, expected, mend, row=1, check="event")])
    return (cells[EVENT] == wanted).to_numpy(dtype=bool)
