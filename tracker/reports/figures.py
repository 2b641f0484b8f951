"""Everything a status page says in numbers, in a number of queries that does not grow, kept until something happens."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import select

from tracker.committees.models import Unit
from tracker.committees.standings import Me
from tracker.db import among, db
from tracker.deadlines.calendar import Calendar
from tracker.history.memory import remembered
from tracker.plans.models import Plan
from tracker.reports import pasts, queries
from tracker.reports.chart import Chart, Point, Step, chart, ends_before
from tracker.reports.grid import (
    Account,
    Age,
    Branch,
    Grid,
    Often,
    Slips,
    added,
    aged,
    fold,
    often_of,
    slipped,
)
from tracker.reports.queries import Counts, Days, Slipped
from tracker.reports.scopes import NO_PLAN, Scope
from tracker.rules.queries import in_force
from tracker.tasks.glance import Named
from tracker.tasks.sources import plans_for

MOST_UNITS = 60  # rows of the table by unit, where its first level has no more
MOST_PLANS = 20  # rows of the table by plan; the others stand together in one


class UnitRow(NamedTuple):
    """A row of the table by unit."""

    branch: Branch
    name: Named


class PlanRow(NamedTuple):
    """A row of the table by plan: one plan, the tasks without a plan, or (no name) all others together."""

    plan_id: int | None
    name: Named | None
    grid: Grid


class Ages(NamedTuple):
    """How long something has lasted: so many of each age, of so many in all; of some the first day is not stated."""

    rows: tuple[tuple[Age, int], ...]
    total: int
    unknown: int
    longest: int


class Extensions(NamedTuple):
    """What was extended of the tasks: how often, in which cells by the deadline asked for and by the other one."""

    rows: tuple[tuple[Often, Slips], ...]
    total: Slips
    parts: Slips
    grid: Grid
    other: Grid


class Figures(NamedTuple):
    """The figures of one scope on one day. `since` is the first day of which history tells anything."""

    on: date
    since: date | None
    grid: Grid
    lines: Grid
    units: tuple[UnitRow, ...]
    plans: tuple[PlanRow, ...]
    overdue: Ages
    waiting: Ages
    extensions: Extensions
    trend: Chart

    @property
    def is_untold(self) -> bool:
        """Tell whether the day lies before everything history tells."""
        return self.since is not None and self.on < self.since

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to count."""
        return not (self.grid.total or self.lines.total)


def figures(me: Me, scope: Scope, by: Step, today: date) -> Figures:
    """Return the figures of a scope, as far as `me` may see its tasks."""
    return remembered(
        ("status", me.seats, scope, by, today), lambda: _worked_out(me, scope, by, today)
    )


def _worked_out(me: Me, scope: Scope, by: Step, today: date) -> Figures:
    counts, on = queries.counts(me, scope, today), scope.on or today
    grid, since = added(counts.by_lead.values()), queries.first_day()
    calendar = in_force().calendar
    rows = db.session.execute(select(Unit.id, Unit.path).order_by(Unit.sort_key, Unit.id))
    forest = [(unit_id, path) for unit_id, path in rows]
    days = [day for day in ends_before(on, by) if since is not None and day >= since]
    points = [*pasts.points(me, scope, days), Point(on, grid)]
    moved = queries.slipped(me, scope, today)
    return Figures(
        on=on,
        since=since,
        grid=grid,
        lines=added(counts.lines.values()),
        units=_units(fold(_accounts(counts, moved), forest, MOST_UNITS)),
        plans=() if scope.plan is not None else _plans(me, counts),
        overdue=_ages(counts.overdue, calendar),
        waiting=_ages(counts.waiting, calendar),
        extensions=_extensions(me, scope, moved, today),
        trend=chart(points),
    )


def _accounts(counts: Counts, moved: Iterable[Slipped]) -> dict[int, Account]:
    units, none = counts.by_lead.keys() | counts.lines.keys(), Grid()
    slips: dict[int, list[Slips]] = defaultdict(list)
    for row in moved:
        if not row.is_line:
            slips[row.lead_id].append(_slips(row))
    return {
        i: Account(counts.by_lead.get(i, none), counts.lines.get(i, none), slipped(slips[i]))
        for i in units
    }


def _slips(row: Slipped) -> Slips:
    return Slips(row.number, row.number * row.slips)


def _extensions(me: Me, scope: Scope, moved: list[Slipped], today: date) -> Extensions:
    by: dict[Often, list[Slips]] = {often: [] for often in Often}
    for row in moved:
        if not row.is_line:
            by[often_of(row.slips)].append(_slips(row))
    rows = tuple((often, slipped(found)) for often, found in by.items() if found)
    others = queries.slipped(me, scope.narrowed(first=not scope.first), today) if moved else []
    return Extensions(
        rows=rows,
        total=slipped(found for _often, found in rows),
        parts=slipped(_slips(row) for row in moved if row.is_line),
        grid=_grid(moved),
        other=_grid(others),
    )


def _grid(moved: Iterable[Slipped]) -> Grid:
    cells = Counter[int]()
    for row in moved:
        if not row.is_line:
            cells[row.cell] += row.number
    return Grid.of(cells)


def _units(branches: Iterable[Branch]) -> tuple[UnitRow, ...]:
    rows = list(branches)
    named = select(Unit.id, Unit.name_vi, Unit.name_en).where(among(Unit.id))
    names = _names(named, [row.unit_id for row in rows])
    return tuple(UnitRow(row, names[row.unit_id]) for row in rows)


def _plans(me: Me, counts: Counts) -> tuple[PlanRow, ...]:
    """Return the plans, the one with most overdue first; those past the table's end, or past one's sight, as one."""
    order = sorted(counts.by_plan.items(), key=lambda p: (-p[1].overdue, -p[1].total, p[0]))
    seen = plans_for(me).with_only_columns(Plan.id, Plan.title_vi, Plan.title_en)
    first = [plan_id for plan_id, _grid in order[: 2 * MOST_PLANS]]
    names = _names(seen.where(among(Plan.id)), first)
    shown = [i for i in first if i in names or i == NO_PLAN][:MOST_PLANS]
    rows = [PlanRow(i, names.get(i), counts.by_plan[i]) for i in shown]
    others = added(grid for plan_id, grid in order if plan_id not in shown)
    return (*rows, PlanRow(None, None, others)) if others.total else tuple(rows)


def _names(named: Any, ids: list[int]) -> dict[int, Named]:
    rows = db.session.connection().execute(named, {"ids": ids})
    return {row_id: Named(vi, en) for row_id, vi, en in rows}


def _ages(days: tuple[Days, ...], calendar: Calendar) -> Ages:
    known = [
        (working_days(d.since, d.until, calendar), d.number) for d in days if d.since is not None
    ]
    total = sum(d.number for d in days)
    unknown = total - sum(number for _days, number in known)
    return Ages(aged(known), total, unknown, max((n for n, _number in known), default=0))


@lru_cache(maxsize=4096)
def working_days(since: date, until: date, calendar: Calendar) -> int:
    """Return the working days after one day up to another; the same pair is asked for again and again."""
    return calendar.working_days_between(since, until)
