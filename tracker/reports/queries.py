"""How tasks stand, or stood at the end of a day: one Select of which every figure and every list is a view."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from tracker.clock import day_of, midnight_after
from tracker.committees.models import Unit
from tracker.committees.standings import Me
from tracker.db import db, within
from tracker.documents.queries import following_ids
from tracker.history.models import Event
from tracker.plans.models import Plan
from tracker.reports import grid
from tracker.reports.grid import Grid
from tracker.reports.scopes import NO_PLAN, Scope
from tracker.tasks.lifecycle import UNCOUNTED, State, Tie
from tracker.tasks.models import Task
from tracker.tasks.queries import counted, seen_by
from tracker.tasks.sources import measured_on

Rows = Select[*tuple[Any, ...]]
TaskLike = Any  # Task, or the image of one in an event


def first_day() -> date | None:
    """Return the day of the first event of a task: before it nothing can be counted."""
    first = select(Event.at).where(Event.task_id.is_not(None)).order_by(Event.id).limit(1)
    at: datetime | None = db.session.scalar(first)
    return day_of(at) if at else None


# --- how they stand ------------------------------------------------------------------------------------


def stood(me: Me, scope: Scope, today: date) -> Rows:
    """Return the tasks and lines of the scope that `me` may see today, as they stand or stood on its day.

    Columns: task_id, lead_id, plan_id, is_line, state, cell, due_on, measured_on, handed_in_on, slips.
    """
    return as_it_is(me, scope, today) if scope.on is None else as_it_was(me, scope, scope.on)


def as_it_is(me: Me, scope: Scope, today: date) -> Rows:
    """Return how the tasks of the scope stand today, whatever day it names."""
    rows = select(*_columns(Task, Task.id, scope, today)).select_from(Task)
    lines = and_(Task.tie == Tie.LINE, Task.state.not_in(UNCOUNTED))
    return within_scope(rows.where(seen_by(me), or_(counted(), lines)), Task, scope)


def as_it_was(me: Me, scope: Scope, on: date) -> Rows:
    """Return the same from history: each task's newest image before that midnight, with the rights of today."""
    rows = select(*_columns(Event, Event.task_id, scope, on)).select_from(Event)
    joined = rows.join(Task, Task.id == Event.task_id).where(Event.id.in_(newest_before(on)))
    return within_scope(joined.where(seen_by(me), was_kept()), Event, scope)


def newest_before(on: date) -> Select[int]:
    """Return the id of each task's newest event before the end of a day."""
    told = and_(Event.task_id.is_not(None), Event.at < midnight_after(on))
    return select(func.max(Event.id)).where(told).group_by(Event.task_id)


def was_kept() -> ColumnElement[bool]:
    """Return the condition that a task counted at an event, or was a line with an account of its own."""
    lines = and_(Task.tie == Tie.LINE, Event.state.not_in([state.value for state in UNCOUNTED]))
    return or_(Event.counted.is_(True), lines)


def _columns(task: TaskLike, task_id: Any, scope: Scope, on: date) -> list[Any]:
    due = task.first_due_on if scope.first else task.due_on
    return [
        task_id.label("task_id"),
        task.lead_id.label("lead_id"),
        task.plan_id.label("plan_id"),
        case((Task.tie == Tie.LINE, 1), else_=0).label("is_line"),
        task.state.label("state"),
        cell_of(task, due, on).label("cell"),
        due.label("due_on"),
        measured_on(task, on).label("measured_on"),
        task.handed_in_on.label("handed_in_on"),
        task.slips.label("slips"),
    ]


def cell_of(task: TaskLike, due: Any, on: date) -> ColumnElement[int]:
    """Return the place of a task's cell in the grid; the same rule as `timeliness`, as one expression."""
    done = task.state == State.DONE.value
    dated = and_(done, task.done_on.is_not(None))
    return case(
        (due.is_(None), grid.NO_DEADLINE),
        (and_(dated, task.done_on <= due), grid.ON_TIME),
        (dated, grid.LATE),
        (and_(done, task.done_by_on <= due), grid.ON_TIME),
        (done, grid.UNDATED),
        (measured_on(task, on) <= due, grid.IN_TIME),
        else_=grid.OVERDUE,
    )


def within_scope(rows: Rows, task: TaskLike, scope: Scope) -> Rows:
    """Narrow rows of tasks, or of their images, down to the scope."""
    if scope.unit is not None:
        rows = rows.where(task.lead_id.in_(unit_ids(scope)))
    if scope.plan is not None:
        rows = rows.where(_of_plan(task, scope.plan))
    if scope.document is not None:
        source = func.coalesce(task.document_id, Plan.document_id)
        rows = rows.outerjoin(Plan, Plan.id == task.plan_id)
        rows = rows.where(within(source, document_ids(scope)))
    return rows


def _of_plan(task: TaskLike, plan_id: int) -> ColumnElement[bool]:
    return task.plan_id.is_(None) if plan_id == NO_PLAN else task.plan_id == plan_id  # type: ignore[no-any-return]


def unit_ids(scope: Scope) -> Select[int]:
    """Return the units of the scope's branch, or the one alone."""
    if scope.alone:
        return select(Unit.id).where(Unit.id == scope.unit)
    return select(Unit.id).where(Unit.path.contains(f"/{scope.unit}/"))


def document_ids(scope: Scope) -> set[int]:
    """Return the scope's document and all that flows from it."""
    return {scope.document or 0, *following_ids(scope.document or 0)}


# --- counted ---------------------------------------------------------------------------------------------


class Days(NamedTuple):
    """So many that have been overdue, or waiting, from one day to another; the first may not be stated."""

    since: date | None
    until: date
    number: int


class Counts(NamedTuple):
    """All that is counted of a scope: tasks by lead and by plan, lines by lead, what is overdue and what waits."""

    by_lead: Mapping[int, Grid]
    by_plan: Mapping[int, Grid]
    lines: Mapping[int, Grid]
    overdue: tuple[Days, ...]
    waiting: tuple[Days, ...]


# A key is sixteen times an id, plus eight for a line, plus the place of the cell.
_LINE, _KEY = 8, 16
_WAYS = _LEADS, _PLANS = 0, 1
_OVERDUE, _WAITING = 0, 1


def counts(me: Me, scope: Scope, today: date) -> Counts:
    """Return all that is counted, in two queries over the scope's tasks."""
    on, rows = scope.on or today, stood(me, scope, today)
    found = {way: _Accounts() for way in _WAYS}
    for way, key, number in db.session.connection().execute(_keyed(rows)):
        found[way].add(key, number)
    days: dict[int, list[Days]] = {_OVERDUE: [], _WAITING: []}
    for what, since, until, number in db.session.connection().execute(_lasting(rows)):
        days[what].append(Days(since, until or on, number))
    leads, plans = found[_LEADS], found[_PLANS]
    overdue, waiting = (tuple(days[what]) for what in (_OVERDUE, _WAITING))
    return Counts(leads.tasks(), plans.tasks(), leads.lines(), overdue, waiting)


class _Accounts:
    """Numbers by key and cell, the tasks apart from the lines."""

    def __init__(self) -> None:
        self.cells: dict[int, dict[int, int]] = defaultdict(dict)

    def add(self, key: int, number: int) -> None:
        whose, cell = divmod(key, _LINE)
        self.cells[whose][cell] = number

    def tasks(self) -> dict[int, Grid]:
        return {whose // 2: Grid.of(cells) for whose, cells in self.cells.items() if not whose % 2}

    def lines(self) -> dict[int, Grid]:
        return {whose // 2: Grid.of(cells) for whose, cells in self.cells.items() if whose % 2}


def _keyed(rows: Rows) -> Any:
    """Return the same tasks counted by lead and by plan: which way, key, number. One number sorts fastest."""
    c = rows.subquery().c
    within_key = c.is_line * _LINE + c.cell
    lead = c.lead_id * _KEY + within_key
    plan = func.coalesce(c.plan_id, NO_PLAN) * _KEY + within_key
    k = select(lead.label("lead"), plan.label("plan")).cte("keyed").c
    ways = ((_LEADS, k.lead), (_PLANS, k.plan))
    return union_all(
        *(select(literal(way, Integer), key, func.count()).group_by(key) for way, key in ways)
    )


def _lasting(rows: Rows) -> Any:
    """Return how many are overdue, and how many hand-ins wait, from one day to another."""
    c = rows.subquery().c
    tasks = c.is_line == 0
    late = select(literal(_OVERDUE, Integer), c.due_on, c.measured_on, func.count())
    waits = select(literal(_WAITING, Integer), c.handed_in_on, cast(null(), Date), func.count())
    return union_all(
        late.where(tasks, c.cell == grid.OVERDUE).group_by(c.due_on, c.measured_on),
        waits.where(tasks, c.state == State.SUBMITTED.value).group_by(c.handed_in_on),
    )


class Slipped(NamedTuple):
    """So many tasks of a lead, or lines, that were extended so often and stand in one cell."""

    lead_id: int
    is_line: int
    slips: int
    cell: int
    number: int


def slipped(me: Me, scope: Scope, today: date) -> list[Slipped]:
    """Return what of the scope was extended, in one query."""
    c = stood(me, scope, today).subquery().c
    key = (c.lead_id, c.is_line, c.slips, c.cell)
    found = select(*key, func.count()).where(c.slips > 0).group_by(*key)
    return [Slipped(*row) for row in db.session.connection().execute(found)]
