"""Calling a unit in to co-ordinate on a task, in its draft or after it was sent; the unit gets a part of its own."""

import enum
from datetime import date, datetime

from tracker.clock import day_of
from tracker.committees.models import Unit, UnitKind
from tracker.history.actions import Doer, record
from tracker.history.models import Kind
from tracker.letters import actions as letters
from tracker.policy import Verb
from tracker.tasks import actions as tasks
from tracker.tasks.actions import Due
from tracker.tasks.lifecycle import WORKING, State
from tracker.tasks.models import Task
from tracker.tasks.moves import image_of, set_state
from tracker.tasks.queries import lines_of
from tracker.timing.actions import bound_above

_OPEN_TO = WORKING | {State.DRAFT, State.ON_HOLD}


class Bar(enum.StrEnum):
    """Why a unit cannot be called in."""

    IS_LINE = "is-line"
    SERIES = "series"
    HANDED_IN = "handed-in"
    FINISHED = "finished"
    LEADS = "leads"
    COLLECTIVE = "collective"
    TAKES_PART = "takes-part"
    OUTLIVED = "outlived"  # it ends before its part falls due
    PAST = "past"
    BEYOND = "beyond"  # later than what stands above


AT_UNIT = frozenset({Bar.LEADS, Bar.COLLECTIVE, Bar.TAKES_PART, Bar.OUTLIVED})
AT_DUE = frozenset({Bar.PAST, Bar.BEYOND})


class Barred(Exception):
    """The unit cannot be called in; `day` is the bound that was passed. Nothing was written."""

    def __init__(self, why: Bar, day: date | None = None) -> None:
        super().__init__(why)
        self.why, self.day = why, day


def why_not(task: Task) -> Bar | None:
    """Return what keeps any unit from being called in now."""
    if task.is_line:
        return Bar.IS_LINE
    if task.is_series and task.state is not State.DRAFT:
        return Bar.SERIES
    if task.state is State.SUBMITTED:
        return Bar.HANDED_IN
    return None if task.state in _OPEN_TO else Bar.FINISHED


Own = tuple[
    Due | None, str | None
]  # the deadline of a part, else that of its task; what is asked for


def call_in(task: Task, unit: Unit, own: Own = (None, None), *, by: Doer, at: datetime) -> Task:
    """Let a unit co-ordinate on a task, which is held by the caller. Raises Barred.

    Below a draft its part is a draft, and one that is there already gets the deadline.
    """
    if bar := why_not(task):
        raise Barred(bar)
    drafted, due = _checked_unit(task, unit), own[0] or Due.of(task)
    _check_due(task, unit, due, day_of(at))
    if drafted is None:
        return _called_in(task, unit, due, own[1], by=by, at=at)
    tasks.date_line(drafted, due, by=by, at=at)
    return drafted


def _called_in(
    task: Task, unit: Unit, due: Due, words: str | None, *, by: Doer, at: datetime
) -> Task:
    data = {"changed": ["coordinators"], "joined": unit.id}
    event = record(Kind.EDITED, by=by, at=at, image=image_of(task), data=data)
    line = tasks.add_line(task, unit.id, due, by=by, at=at)
    if task.state is not State.DRAFT:
        set_state(line, Verb.SEND, by=by, at=at, words=words, data={"through": event.id})
        letters.assign([line.id], by=by, at=at)
    return line


def _checked_unit(task: Task, unit: Unit) -> Task | None:
    """Return the draft of the unit's part, if there is one already."""
    if unit.id == task.lead_id:
        raise Barred(Bar.LEADS)
    if unit.kind is UnitKind.COLLECTIVE:
        raise Barred(Bar.COLLECTIVE)
    parts = [line for line in lines_of(task) if line.lead_id == unit.id]
    standing = [line for line in parts if line.state is not State.CANCELLED]
    if any(line.state is not State.DRAFT for line in standing):
        raise Barred(Bar.TAKES_PART)
    return next(iter(standing), None)


def _check_due(task: Task, unit: Unit, due: Due, today: date) -> None:
    bound = task.due_on or bound_above(task)
    if due.on and due.on < today:
        raise Barred(Bar.PAST, due.on)
    if due.on and bound and due.on > bound:
        raise Barred(Bar.BEYOND, bound)
    if due.on and unit.valid_to and unit.valid_to < due.on:
        raise Barred(Bar.OUTLIVED, unit.valid_to)
