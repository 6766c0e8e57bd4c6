"""REDCap's CSV with raw headings: record ids, events, forms and their status."""

import re

import numpy as np

from driehoek.ingest.layout import Layout, Meaning
from driehoek.ingest.tables import RawTable
from driehoek.problems import AnswersError, Problem

EVENT, REPEAT = "redcap_event_name", "redcap_repeat_instrument"
IDENTIFIERS = frozenset(
    [
        *("record_id", "redcap_survey_identifier", "redcap_data_access_group"),
        *("redcap_repeat_instance", EVENT, REPEAT),
    ]
)
COMPLETE = frozenset(["2", "complete"])
STATUSES = frozenset(["", "0", "1", "2", "incomplete", "unverified", "complete"])
NOT_COMPLETED = "[not completed]"
LABEL_HEADINGS = frozenset(["complete?", "survey identifier", "survey timestamp", "event name"])
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
    headings = [str(each) for each in table.cells.columns]
    forms = forms_of(table)
    is_stamped = any(f"{form}_timestamp" in headings for form in forms)
    named = headings[:1] == ["record_id"] or any(h.startswith("redcap_") for h in headings)
    return bool(forms) and (is_stamped or named)


def has_label_headings(table: RawTable) -> bool:
    """Tell whether the headings are REDCap's labels instead of field names."""
    return len({str(h).casefold() for h in table.cells.columns} & LABEL_HEADINGS) >= 2


def redcap_layout(table: RawTable, reason: str, event: str | None = None) -> Layout:
    """Say what the columns mean; a record is complete where every form of the file is.

    Parameters
    ----------
    table : RawTable
    reason : str
    event : str, optional
        The rows wanted from a longitudinal project.

    Raises
    ------
    AnswersError
        If rows are of several events and none is chosen, the chosen one is absent, or rows are
        of a repeating form.
    """
    chosen = _rows(table, event)
    cells, rows = table.cells[chosen].reset_index(drop=True), table.rows[chosen]
    forms = forms_of(table)
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
    )


def _rows(table: RawTable, event: str | None) -> np.ndarray:
    cells = table.cells
    if REPEAT in cells and (cells[REPEAT] != "").any():
        row = int(table.rows[(cells[REPEAT] != "").to_numpy()][0])
        found, mend = "rows of a repeating form", "export the survey's form without repeats"
        problem = Problem(table.file, found, "one row a person", mend, row=row, check="platform")
        raise AnswersError([problem])
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
