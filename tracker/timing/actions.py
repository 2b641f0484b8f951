"""Giving a task its deadline and moving one, within its bounds, with what hangs below it. Ladders begin anew."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tracker.clock import day_of
from tracker.db import db, within
from tracker.deadlines.phrases import Kind as Phrase
from tracker.history.actions import Doer
from tracker.history.models import Event, Kind
from tracker.letters import actions as letters
from tracker.letters.queries import asks_time
from tracker.tasks.actions import Due
from tracker.tasks.dues import set_due
from tracker.tasks.lifecycle import OPEN
from tracker.tasks.models import AskKind, Task
from tracker.timing.bounds import (
    Below,
    Bound,
    Hanging,
    OutOfBounds,
    check_day,
    hanging,
    kept_start,
)
from tracker.timing.queries import bound_of, ids_above

__all__ = ["Below", "Bound", "OutOfBounds", "move_due"]


class AskedFirst(Exception):
    """The lead has asked for more time: that is answered before the deadline is moved otherwise."""


class NoEvent(Exception):
    """The task's deadline waits for no event."""


def set_deadline(
    task: Task, due: Due, *, below: Below, by: Doer, at: datetime, words: str | None = None
) -> Event:
    """Give a task its first deadline, or adjust the agreed one. Raises AskedFirst, OutOfBounds."""
    check_asks(task)
    kind = Kind.DEADLINE_MOVED if task.due_on else Kind.DEADLINE_SET
    return move_due(task, due, kind, below=below, by=by, at=at, words=words)


def start_clock(
    task: Task,
    happened_on: date,
    due: Due,
    *,
    below: Below,
    by: Doer,
    at: datetime,
    words: str | None = None,
) -> Event:
    """Record the day on which happened what the deadline waited for; it is counted from there.

    Raises NoEvent, AskedFirst, OutOfBounds.
    """
    check_asks(task)
    if not waits_for_event(task):
        raise NoEvent(task.id)
    begun, data = replace(due, starts_on=happened_on), {"on": happened_on.isoformat()}
    told: dict[str, Any] = {"by": by, "at": at, "words": words, "data": data}
    return move_due(task, begun, Kind.CLOCK_STARTED, below=below, **told)


def check_asks(task: Task) -> None:
    """Raise AskedFirst where the lead waits for an answer to a request for more time."""
    if asks_time(task.id):
        raise AskedFirst(task.id)


def waits_for_event(task: Task) -> bool:
    """Tell whether the deadline waits for something to happen."""
    return task.due_on is None and task.due_kind == Phrase.EVENT


def move_due(
    task: Task,
    due: Due,
    kind: Kind,
    *,
    below: Below,
    by: Doer,
    at: datetime,
    words: str | None = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """Give the task another deadline, or its first, and let what hangs below follow or keep its own.

    Raises OutOfBounds with nothing changed. What stands above is locked before the task, what hangs below behind it,
    always downwards, so that of a whole and its part moved at once the second is measured by what the first did.
    """
    parent = bound_above(task)
    check_place(task)
    today, is_asked = day_of(at), kind is Kind.EXTENDED
    bounds = {"current": task.due_on, "parent": parent, "today": today}
    new = check_day(due.on, **bounds, must_be_later=is_asked)  # type: ignore[arg-type]
    hung = hanging(task, held_below(task))
    if below is Below.KEEP and (late := hung.beyond(new)):
        raise OutOfBounds(Bound.BELOW_BEYOND, new, late)
    return _move_all(task, due, kind, hung, below, by=by, at=at, words=words, data=data)


def check_place(task: Task) -> None:
    """Raise OutOfBounds where a task has no deadline to be moved, on whatever day."""
    if task.state not in OPEN:
        raise OutOfBounds(Bound.FINISHED)
    if task.is_series:
        raise OutOfBounds(Bound.SERIES)


def _move_all(  # noqa: PLR0913 - one step of move_due
    task: Task,
    due: Due,
    kind: Kind,
    hung: Hanging[Task],
    below: Below,
    *,
    by: Doer,
    at: datetime,
    words: str | None,
    data: dict[str, Any] | None,
) -> Event:
    moving = hung.moving(due.on) if below is Below.FOLLOW and due.on else []
    dated = due if kind is Kind.CLOCK_STARTED else _keeping_start(due, task)
    later = [one for one in (task, *moving) if one.due_on and due.on and one.due_on < due.on]
    event = set_due(task, dated, kind, by=by, at=at, words=words, data=data)
    for one in moving:
        shared = _keeping_start(due, one)
        told = _kind_below(kind, one.due_on)
        set_due(one, shared, told, by=by, at=at, data={"through": event.id})
    letters.lapse((one.id for one in later), {AskKind.URGING}, by=by, at=at)
    return event


def _keeping_start(due: Due, task: Task) -> Due:
    """Where only a last day is named, the beginning stays where it was."""
    if due.starts_on not in {None, due.on, task.starts_on}:
        return due
    return replace(due, starts_on=kept_start(task.starts_on, task.due_on, due.on))


def _kind_below(kind: Kind, old: date | None) -> Kind:
    if old is None:
        return Kind.DEADLINE_SET
    return Kind.EXTENDED if kind is Kind.EXTENDED else Kind.DEADLINE_MOVED


# --- sent late, or come back -----------------------------------------------------------------------------


def check_sending(task: Task) -> None:
    """Raise OutOfBounds where a draft lies behind what stands above it by now, or before what hangs below it."""
    bound = bound_above(task)
    if task.due_on is None:
        return
    if bound and task.due_on > bound:
        raise OutOfBounds(Bound.BEYOND_PARENT, bound)
    if late := hanging(task, held_below(task)).beyond(task.due_on):
        raise OutOfBounds(Bound.BELOW_BEYOND, task.due_on, late)


def bring_within(task: Task, back: Event, *, by: Doer, at: datetime) -> None:
    """Bring a task that has come `back`, with what hangs below it, to the deadline above, where they lie behind it.

    While it was finished it stayed as it was, whatever became of the whole.
    """
    bound = bound_above(task)
    if bound is None or task.state not in OPEN:
        return
    hung = hanging(task, held_below(task))
    late = [one for one in (task, *hung.sharing, *hung.others) if one.due_on and one.due_on > bound]
    above = bound_of(task) if late else None
    for one in late if above else ():
        shared = _keeping_start(Due.of(above), one)  # type: ignore[arg-type]
        set_due(one, shared, Kind.DEADLINE_MOVED, by=by, at=at, data={"through": back.id})


# --- what stands above and hangs below ------------------------------------------------------------------


def bound_above(task: Task) -> date | None:
    """Return the deadline of the nearest task above that has one, and keep all above as they are until the end."""
    bound, above = None, list(_hold(ids_above(task.parent_id)))
    for due_on in above:
        bound = bound or due_on
    return bound


def _hold(nearest_first: list[int]) -> Iterable[date | None]:
    """Lock from the top downwards; return the deadlines in the order given, as they are now."""
    held: dict[int, date | None] = {}
    for task_id in reversed(nearest_first):
        row = select(Task.due_on).where(Task.id == task_id).with_for_update(key_share=True)
        held[task_id] = db.session.scalar(row)
    return (held[task_id] for task_id in nearest_first)


def held_below(task: Task) -> list[Task]:
    """Return all that hangs below a task, level by level in the order of ids, locked and as it is now."""
    found: list[Task] = []
    level = [task.id]
    while level:
        below = select(Task).where(within(Task.parent_id, level), Task.id != task.id)
        fresh = below.order_by(Task.id).with_for_update(key_share=True)
        rows = db.session.scalars(fresh.execution_options(populate_existing=True))
        news = [one for one in rows if one not in found]
        found += news
        level = [one.id for one in news]
    return found
