"""Which tasks lie behind a number of a status page: read from its address, chosen by the same Select."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, select

from tracker.committees.standings import Me
from tracker.db import db, within
from tracker.reports import changes, queries
from tracker.reports.changes import Change
from tracker.reports.figures import working_days
from tracker.reports.grid import OVERDUE, PLACES, Age, Part, age_of
from tracker.reports.scopes import Scope
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Task

EVERY, UNKNOWN = "all", "unknown"  # hand-ins of any age, and those whose day is not stated


@dataclass(frozen=True)
class What:
    """What a number counts: a part of the grid of tasks or of lines, an age of either, a change."""

    part: Part = Part.ALL
    lines: bool = False
    age: Age | None = None
    waits: str | None = None
    change: Change | None = None


def read(args: Mapping[str, str]) -> What | None:
    """Return what an address asks for; nothing where there is no such number."""
    waits = args.get("waits") or None
    if waits not in {None, EVERY, UNKNOWN, *Age} or args.get("of", "") not in {"", "lines"}:
        return None
    try:
        part = Part(args.get("cell") or Part.ALL)
        age = Age(args["age"]) if args.get("age") else None
        change = Change(args["change"]) if args.get("change") else None
    except ValueError:
        return None
    return What(part, args.get("of") == "lines", age, waits, change)


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
    cells = PLACES[what.part]
    return select(stood.task_id).where(stood.is_line == int(what.lines), stood.cell.in_(cells))


def _aged(me: Me, scope: Scope, what: What, today: date) -> list[int]:
    stood = queries.stood(me, scope, today).subquery().c
    on = scope.on or today
    if what.waits is not None:
        waiting = and_(stood.is_line == 0, stood.state == State.SUBMITTED.value)
        rows = _rows(select(stood.task_id, stood.handed_in_on).where(waiting))
        return [task_id for task_id, since in rows if _waits(what.waits, since, on)]
    late = and_(stood.is_line == 0, stood.cell == OVERDUE)
    rows = _rows(select(stood.task_id, stood.due_on, stood.measured_on).where(late))
    return [i for i, due, until in rows if age_of(working_days(due, until)) is what.age]


def _waits(wanted: str, since: date | None, on: date) -> bool:
    if wanted == EVERY:
        return True
    return wanted == (UNKNOWN if since is None else age_of(working_days(since, on)))


def _rows(query: Select[*tuple[Any, ...]]) -> Any:
    return db.session.connection().execute(query)


def _changed(me: Me, scope: Scope, change: Change, today: date) -> tuple[int, ...]:
    look = changes.look_of(me.person.id, scope) if me.person else None
    return changes.since(me, scope, look, today)[change] if look else ()
