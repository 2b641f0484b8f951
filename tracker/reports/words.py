"""The words for the numbers of a status page, untranslated; the page translates them."""

from collections.abc import Mapping

from tracker.reports.changes import Change
from tracker.reports.grid import Age, Often, Part, RateKind
from tracker.reports.lists import EVERY, UNKNOWN, What
from tracker.text import N_

PARTS: Mapping[Part, str] = {
    Part.ON_TIME: N_("Completed on time"),
    Part.LATE: N_("Completed late"),
    Part.UNDATED: N_("Completed, completion date not stated"),
    Part.IN_TIME: N_("Not completed, within the deadline"),
    Part.OVERDUE: N_("Not completed, overdue"),
    Part.NO_DEADLINE: N_("No deadline"),
    Part.DONE: N_("Completed, with a deadline"),
    Part.OPEN: N_("Not completed, with a deadline"),
    Part.FELL_DUE: N_("What has fallen due: completed or overdue"),
    Part.ALL: N_("All tasks counted"),
}

# Each says what it divides by: reports that leave that out cannot be compared.
RATES: Mapping[RateKind, str] = {
    RateKind.OVERDUE: N_("overdue, of what has fallen due"),
    RateKind.DONE: N_("completed, of what has fallen due"),
    RateKind.ON_TIME: N_("completed on time, of what has fallen due"),
}

AGES: Mapping[str, str] = {
    Age.NONE: N_("less than 1 working day"),
    Age.FEW: N_("1 to 3 working days"),
    Age.WEEK: N_("4 to 7 working days"),
    Age.WEEKS: N_("8 to 15 working days"),
    Age.MORE: N_("over 15 working days"),
}

WAITS: Mapping[str, str] = {
    **AGES,
    EVERY: N_("Hand-ins awaiting approval"),
    UNKNOWN: N_("day of the hand-in not stated"),
}

# How often a deadline was extended: in a table, and as the heading of a list.
OFTEN: Mapping[Often, str] = {
    Often.ONCE: N_("once"),
    Often.TWICE: N_("twice"),
    Often.MORE: N_("3 times or more"),
}
_EXTENDED: Mapping[str, str] = {
    EVERY: N_("Extended tasks"),
    Often.ONCE: N_("Tasks extended once"),
    Often.TWICE: N_("Tasks extended twice"),
    Often.MORE: N_("Tasks extended 3 times or more"),
}

CHANGES: Mapping[Change, str] = {
    Change.ENTERED: N_("Entered the figures"),
    Change.DONE: N_("Completed since then"),
    Change.OVERDUE: N_("Newly overdue"),
    Change.MOVED: N_("Deadline moved"),
    Change.REASSIGNED: N_("Lead unit changed"),
}


def of_list(what: What) -> tuple[str, str | None]:
    """Return what a list holds: its heading, and what narrows it down."""
    if what.change is not None:
        return CHANGES[what.change], None
    if what.waits is not None:
        return WAITS[EVERY], WAITS[what.waits] if what.waits != EVERY else None
    if what.age is not None:
        return PARTS[Part.OVERDUE], AGES[what.age]
    if what.extended is not None:
        of_lines = N_("Co-ordinators' parts") if what.lines else None
        return _EXTENDED[what.extended], of_lines or _part_words(what.part)
    return PARTS[what.part], N_("Co-ordinators' parts") if what.lines else None


def _part_words(part: Part) -> str | None:
    return PARTS[part] if part is not Part.ALL else None
