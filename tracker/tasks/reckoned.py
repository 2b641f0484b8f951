"""What of all tasks follows from the organisation's rules, as numbers: for whoever is about to change them."""

from datetime import date
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.rules.preview import Late, NextDue, Reckoned
from tracker.rules.values import Rules
from tracker.tasks.lifecycle import OPEN, WORKING, State
from tracker.tasks.models import Task
from tracker.tasks.periods import Pattern, pattern_of, periods
from tracker.tasks.queries import counted, no_line
from tracker.tasks.sources import measured_on, overdue

_parent = aliased(Task)


def reckoned(today: date) -> Reckoned:
    """Return it for the whole body, in four queries; it names no task."""
    return Reckoned(_due(today), _late(today), _drafts(), _series(today))


def _due(today: date) -> dict[date, int]:
    """Count what the board holds, where it is open and not overdue."""
    open_ones = (no_line(), Task.state.in_(OPEN), Task.due_on >= today)
    counts = select(Task.due_on, func.count()).where(*open_ones).group_by(Task.due_on)
    return {day: number for day, number in db.session.execute(counts) if day}


def _late(today: date) -> list[Late]:
    days = (Task.due_on, measured_on(Task, today).label("on"))
    counts = select(*days, func.count()).where(overdue(today), counted()).group_by(*days)
    return [Late(due, on, number) for due, on, number in db.session.execute(counts) if due]


def _drafts() -> dict[str, int]:
    """Count the drafts by the words of their deadline; those of a recurring duty name no day of their own."""
    drafts = (Task.state == State.DRAFT, Task.due_words.is_not(None))
    words = select(Task.due_words, func.count()).where(*drafts, Task.repeats_until_on.is_(None))
    found = db.session.execute(words.group_by(Task.due_words))
    return {said: number for said, number in found if said}


def _series(today: date) -> list[NextDue]:
    going = Task.state.in_(WORKING | {State.DRAFT})
    duties = select(Task, _parent.due_on).outerjoin(_parent, _parent.id == Task.parent_id)
    found = db.session.execute(duties.where(Task.repeats_until_on.is_not(None), going, no_line()))
    patterns = [pattern_of(task, bound) for task, bound in found]
    return [partial(next_of, pattern, today) for pattern in patterns if pattern]


def next_of(pattern: Pattern, today: date, rules: Rules) -> date | None:
    """Return the day of a duty's next period that has not begun: the running one has its task, its day is agreed."""
    coming = (one for one in periods(pattern, today, rules) if one.first > today)
    return next((one.due_on for one in coming), None)
