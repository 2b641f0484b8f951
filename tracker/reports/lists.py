"""Which tasks lie behind a number of a status page: read from its address, chosen by the same Select."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, select

from tracker.committees.standings import Me
from tracker.db import db, within
from tracker.deadlines.calendar import Calendar
from tracker.reports import changes, queries
from tracker.reports.changes import Change
from tracker.reports.figures import working_days
from tracker.reports.grid import OVERDUE, PLACES, Age, Often, Part, age_of
from tracker.reports.scopes import Scope
from tracker.rules.queries import in_force
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Task

EVERY, UNKNOWN = "all", "unknown"  # of any age or number, and those whose day is not stated
_MOST = 1_000_000  # more often than anybody asks
_SLIPS = {
    None: None,
    EVERY: (1, _MOST),
    Often.ONCE: (1, 1),
    Often.TWICE: (2, 2),
    Often.MORE: (3, _MOST),
}


@dataclass(frozen=True)
class What:
    """What a number counts: a part of the grid of tasks or of lines, an age of either, a change.

    `extended`: of the part only what was extended, so often or at all.
    """

    part: Part = Part.ALL
    lines: bool = False
    age: Age | None = None
    waits: str | None = None
    change: Change | None = None
    extended: str | None = None


def read(args: Mapping[str, str]) -> What | None:
    """Return what an address asks for; nothing where there is no such number."""
    waits, extended = args.get("waits") or None, args.get("extended") or None
    if waits not in {None, EVERY, UNKNOWN, *Age} or extended not in {None, EVERY, *Often}:
        return None
    if args.get("of", "") not in {"", "lines"}:
        return None
    try:
        part = Part(args.get("cell") or Part.ALL)
        age = Age(args["age"]) if args.get("age") else None
        change = Change(args["change"]) if args.get("change") else None
    except ValueError:
        return None
    return What(part, args.get("of") == "lines", age, waits, change, extended)


def chosen(me: Me, scope: Scope, what: What, today: date) -> Select[int]:
    """Return the tasks behind a number, the earliest deadline first."""
    if what.change is not None:
        among = within(Task.id, _changed(me, scope, what.change, today))
    elif what.age is not None or what.waits is not None:
        among = within(Task.id, _aged(me, scope, what, today))
    else:
        among = Task.id.in_(_in_cells(me, scope, what, today))
    return select(Task.id).where(among).order_by(Task.due_on.is_(None), Task.due_on, Task.id)


def _in_cells(me: Me, scope: Scope, what: What, today: date) -> Select[int]:
    stood = queries.stood(me, scope, today).subquery().c
    cells, moved = PLACES[what.part], _SLIPS[what.extended]
    found = select(stood.task_id).where(stood.is_line == int(what.lines), stood.cell.in_(cells))
    return found.where(stood.slips.between(*moved)) if moved else found


def _aged(me: Me, scope: Scope, what: What, today: date) -> list[int]:
    stood = queries.stood(me, scope, today).subquery().c
    on, calendar = scope.on or today, in_force().calendar
    if what.waits is not None:
        waiting = and_(stood.is_line == 0, stood.state == State.SUBMITTED.value)
        rows = _rows(select(stood.task_id, stood.handed_in_on).where(waiting))
        return [task_id for task_id, since in rows if _waits(what.waits, since, on, calendar)]
    late = and_(stood.is_line == 0, stood.cell == OVERDUE)
    rows = _rows(select(stood.task_id, stood.due_on, stood.measured_on).where(late))
    return [i for i, due, until in rows if age_of(working_days(due, until, calendar)) is what.age]


def _waits(wanted: str, since: date | None, on: date, calendar: Calendar) -> bool:
    if wanted == EVERY:
        return True
    if since is None:
        return wanted == UNKNOWN
    return wanted == age_of(working_days(since, on, calendar))


def _rows(query: Select[*tuple[Any, ...]]) -> Any:
    return db.session.connection().execute(query)


def _changed(me: Me, scope: Scope, change: Change, today: date) -> tuple[int, ...]:
    look = changes.look_of(me.person.id, scope) if me.person else None
    return changes.since(me, scope, look, today)[change] if look else ()
