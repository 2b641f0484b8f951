"""What reading a phrase gives: its kind, its days and the notes a reader should see."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from tracker.deadlines.context import Context
from tracker.text import N_


class Kind(enum.StrEnum):
    """What sort of deadline a phrase sets."""

    DATE = "date"
    BY = "by"
    BEFORE = "before"
    PERIOD = "period"
    YEAR = "year"
    RANGE = "range"
    RELATIVE = "relative"
    RECURRING = "recurring"
    ASOF = "asof"
    ONGOING = "ongoing"
    ON_DEMAND = "on_demand"
    EVENT = "event"
    VAGUE = "vague"


@dataclass(frozen=True)
class Note:
    """A hint beside a reading: an English template and raw values for its placeholders."""

    message: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class Reading:
    """A phrase as read; days are inclusive, `time` is local time on the due day."""

    phrase: str
    kind: Kind
    start: date | None = None
    due: date | None = None
    time: time | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What one way of reading a phrase comes to, before it is tied to the words typed."""

    kind: Kind
    start: date | None = None
    due: date | None = None
    hour: time | None = None
    first: date | None = None
    excluded: date | None = None


REST_DAY = N_("{day} is not a working day. Last working day: {work}.")
BEFORE = N_("“Before {day}” leaves out {day} itself: the last day is {last}.")
FIRST = N_("“{phrase}” is read as {day}. If that is not meant, give the date.")
VAGUE = N_(
    "“{phrase}” is kept as written. The task has no deadline yet and is listed for the leader to"
    " set one."
)
NAMED = {Kind.DATE, Kind.BY, Kind.BEFORE, Kind.PERIOD, Kind.YEAR, Kind.RANGE, Kind.RELATIVE}


def notes_on(phrase: str, found: Finding, ctx: Context) -> tuple[Note, ...]:
    """The hints to show, the one that matters most first."""
    notes = []
    if found.kind is Kind.VAGUE:
        notes.append(Note(VAGUE, {"phrase": phrase}))
    if found.first:
        notes.append(Note(FIRST, {"phrase": phrase, "day": found.first}))
    if found.excluded and found.due:
        notes.append(Note(BEFORE, {"day": found.excluded, "last": found.due}))
    return (*notes, *_rest_day(found, ctx))


def _rest_day(found: Finding, ctx: Context) -> tuple[Note, ...]:
    due = found.due
    if found.kind not in NAMED or due is None or ctx.calendar.is_working(due):
        return ()
    return (Note(REST_DAY, {"day": due, "work": ctx.calendar.previous_working(due)}),)
