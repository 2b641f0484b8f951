"""What changed since somebody last looked: how tasks stood then against how they stand now."""

import enum
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select

from tracker.clock import day_of
from tracker.committees.standings import Me
from tracker.db import db
from tracker.history.models import Event
from tracker.reports.grid import OVERDUE
from tracker.reports.models import Look
from tracker.reports.queries import as_it_is, within_scope
from tracker.reports.scopes import Scope
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Task
from tracker.tasks.queries import counted, seen_by
from tracker.tasks.timeliness import Timeliness, timeliness


class Change(enum.StrEnum):
    """What can have become of a task since somebody looked."""

    ENTERED = "entered"
    DONE = "done"
    OVERDUE = "overdue"
    MOVED = "moved"
    REASSIGNED = "reassigned"


class Stood(NamedTuple):
    """A task at one time; `deadline` is the one it is measured by, the original or the current."""

    counted: bool
    state: str
    lead_id: int
    due_on: date | None
    deadline: date | None
    handed_in_on: date | None
    done_on: date | None
    done_by_on: date | None

    def is_overdue(self, on: date) -> bool:
        """Tell whether it was not done and late on a day."""
        days = (self.deadline, self.handed_in_on, self.done_on, self.done_by_on)
        return timeliness(State(self.state), *days, today=on) is Timeliness.OVERDUE


NOWHERE = Stood(
    counted=False,
    state=State.DRAFT.value,
    lead_id=0,
    due_on=None,
    deadline=None,
    handed_in_on=None,
    done_on=None,
    done_by_on=None,
)
Found = Mapping[Change, tuple[int, ...]]


class Seen(NamedTuple):
    """Up to which event, and when, somebody last looked."""

    event_id: int
    at: datetime


_LOOK = select(Look.event_id, Look.at).where(
    Look.person_id == bindparam("person_id"), Look.scope == bindparam("scope")
)


def look_of(person_id: int, scope: Scope) -> Seen | None:
    """Return where a person last looked at a scope, whatever the day asked for."""
    given = {"person_id": person_id, "scope": scope.key}
    found = db.session.connection().execute(_LOOK, given).first()
    return Seen(*found) if found else None


def since(me: Me, scope: Scope, look: Seen, today: date) -> Found:
    """Return the tasks of each change since the look, as far as `me` may see them; lines are not told."""
    found: dict[Change, list[int]] = {change: [] for change in Change}
    for task_id, then, now in _touched(me, scope, look):
        for change in told(then, now, day_of(look.at), today):
            found[change].append(task_id)
    found[Change.OVERDUE] += db.session.scalars(_come_due(me, scope, look, today))
    return {change: tuple(sorted(ids)) for change, ids in found.items()}


def told(then: Stood, now: Stood, looked_on: date, today: date) -> Iterator[Change]:
    """Yield what became of one task, in or out of the figures then and now."""
    if not now.counted:
        return
    if not then.counted:
        yield Change.ENTERED
    if now.state == State.DONE and not (then.counted and then.state == State.DONE):
        yield Change.DONE
    if now.is_overdue(today) and not (then.counted and then.is_overdue(looked_on)):
        yield Change.OVERDUE
    if then.counted and then.due_on != now.due_on:
        yield Change.MOVED
    if then.counted and then.lead_id != now.lead_id:
        yield Change.REASSIGNED


# --- what was touched, and what came due by itself --------------------------------------------------------


def _touched(me: Me, scope: Scope, look: Seen) -> Iterator[tuple[int, Stood, Stood]]:
    """Yield the tasks of the scope to which anything happened since, then and now.

    Of what was led in the scope's unit and no longer is, only that is told: the rest is its new lead's.
    """
    now, then = _stood(_now(me, scope, look)), _stood(_then(scope, look))
    here = set(now) if scope.is_whole else _ids(within_scope(_now(me, scope, look), Task, scope))
    for task_id in here:
        yield task_id, then.get(task_id, NOWHERE), now[task_id]
    led = _ids(within_scope(_then(scope, look), Event, scope)) if scope.unit else set()
    for task_id in (led - here) & now.keys():
        was, stands = then[task_id], now[task_id]
        if stands.counted and stands.lead_id != was.lead_id:
            yield task_id, was, was._replace(lead_id=stands.lead_id, deadline=None)


def _now(me: Me, scope: Scope, look: Seen) -> Select[*tuple[Any, ...]]:
    rows = select(Task.id, counted(), *_image(Task, scope)).select_from(Task)
    return rows.where(seen_by(me), Task.id.in_(_since(look)))


def _then(scope: Scope, look: Seen) -> Select[*tuple[Any, ...]]:
    told = select(func.max(Event.id)).where(Event.id <= look.event_id)
    newest = told.where(Event.task_id.in_(_since(look)))
    rows = select(Event.task_id, Event.counted, *_image(Event, scope)).select_from(Event)
    return rows.where(Event.id.in_(newest.group_by(Event.task_id)))


def _since(look: Seen) -> Select[int | None]:
    """Return the tasks to which something happened after the look."""
    return select(Event.task_id).where(Event.id > look.event_id, Event.task_id.is_not(None))


def _image(task: Any, scope: Scope) -> tuple[Any, ...]:
    deadline = task.first_due_on if scope.first else task.due_on
    days = (task.due_on, deadline, task.handed_in_on, task.done_on, task.done_by_on)
    return (task.state, task.lead_id, *days)


def _stood(query: Select[*tuple[Any, ...]]) -> dict[int, Stood]:
    return {row[0]: Stood(*row[1:]) for row in db.session.connection().execute(query)}


def _ids(query: Select[*tuple[Any, ...]]) -> set[int]:
    return {row[0] for row in db.session.connection().execute(query)}


def _come_due(me: Me, scope: Scope, look: Seen, today: date) -> Select[int]:
    """Return what nobody touched, and which has passed its deadline since the day of the look."""
    stood = as_it_is(me, scope, today).subquery().c
    return select(stood.task_id).where(
        stood.is_line == 0,
        stood.cell == OVERDUE,
        stood.measured_on == today,
        stood.due_on >= day_of(look.at),
        stood.task_id.not_in(_since(look)),
    )
