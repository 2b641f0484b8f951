"""What is known of recurring duties: which are going, since when, which periods have their task."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import func, select

from tracker.clock import day_of
from tracker.committees.models import Unit
from tracker.db import db, within
from tracker.deadlines.calendar import add_months
from tracker.history.memory import remembered
from tracker.history.models import Event, Kind
from tracker.rules.queries import in_force
from tracker.tasks.above import due_above
from tracker.tasks.lifecycle import WORKING, State, Tie
from tracker.tasks.models import Task
from tracker.tasks.periods import Pattern, Period, begun, pattern_of
from tracker.tasks.queries import no_line

# What sets a duty going, or going again: periods that had begun before are not made up for.
_SETTING_OUT = (Kind.LOADED, Kind.SEND, Kind.RESUME, Kind.REOPEN, Kind.RESTORE, Kind.UNDONE)


def is_going(task: Task) -> bool:
    """Tell whether the tasks of a duty's periods are made now."""
    return task.is_series and task.state in WORKING and not task.is_line


def due_today(today: date) -> list[int]:
    """Return the duties of which a task is to be made; looked for once a day, and after anything that happens."""
    return remembered(("recurrences", today), lambda: _due(today))


def _due(today: date) -> list[int]:
    # Their day is always empty: by it the index on states and days finds them.
    going = select(Task).where(Task.state.in_(WORKING), Task.due_on.is_(None), no_line())
    found = list(db.session.scalars(going.where(Task.repeats_until_on.is_not(None))))
    newest = _newest_periods([task.id for task in found])
    return [
        task.id
        for task in found
        if _may_wait(task, newest.get(task.id), today) and waiting(task, today)
    ]


def _newest_periods(ids: Collection[int]) -> dict[int, date]:
    newest = select(Task.parent_id, func.max(Task.period_on)).group_by(Task.parent_id)
    made = newest.where(within(Task.parent_id, ids), Task.tie == Tie.OCCURRENCE)
    return {parent: first for parent, first in db.session.execute(made) if parent and first}


def _may_wait(task: Task, newest: date | None, today: date) -> bool:
    """Tell without a query whether a period after the newest has begun; of most duties none has."""
    pattern = pattern_of(task)
    if newest is None or pattern is None:
        return pattern is not None
    # A month back: a rule for days of rest may bring a task forward.
    return bool(_after(pattern, add_months(newest, -1), newest, today))


def waiting(task: Task, today: date) -> list[Period]:
    """Return the periods that have begun since the duty was set going and have no task yet, the oldest first."""
    pattern = pattern_of(task, bound_of(task))
    if pattern is None or not is_going(task):
        return []
    since, newest = going_since(task), newest_period(task)
    return _after(pattern, since, newest, today)


def _after(pattern: Pattern, since: date, newest: date | None, today: date) -> list[Period]:
    found = begun(pattern, since, today, in_force())
    return [one for one in found if newest is None or one.first > newest]


def bound_of(task: Task) -> date | None:
    """Return the deadline of the nearest task above that has one: no period may fall due after it."""
    return due_above(task.parent_id)


def going_since(task: Task) -> date:
    """Return the day on which the duty was last set going; a new end counts, for it may follow an old one long past."""
    kinds = (*_SETTING_OUT, Kind.EDITED)
    events = select(Event.kind, Event.at, Event.data).where(
        Event.task_id == task.id, Event.kind.in_(kinds)
    )
    for event in db.session.execute(events.order_by(Event.id.desc())):
        if event.kind != Kind.EDITED or "repeats_until_on" in event.data.get("changed", ()):
            return day_of(event.at)
    return day_of(task.created_at)


def newest_period(task: Task) -> date | None:
    """Return the first day of the newest period that has its task."""
    newest = select(func.max(Task.period_on))
    return db.session.scalar(newest.where(Task.parent_id == task.id, Task.tie == Tie.OCCURRENCE))


def made_for(task: Task, periods: Iterable[Period]) -> set[date]:
    """Return which of the periods have their task already."""
    first = [period.first for period in periods]
    made = select(Task.period_on).where(Task.parent_id == task.id, Task.tie == Tie.OCCURRENCE)
    return {day for day in db.session.scalars(made.where(Task.period_on.in_(first))) if day}


def co_ordinators(task: Task) -> list[Unit]:
    """Return the units that have a part in every task of the duty."""
    lines = select(Unit).join(Task, Task.lead_id == Unit.id)
    lines = lines.where(Task.parent_id == task.id, Task.tie == Tie.LINE)
    lines = lines.where(Task.state != State.CANCELLED, Task.lead_id != task.lead_id)
    return list(db.session.scalars(lines.order_by(Task.id)))
