"""A simulated year, day by day, equals an independent naive model: rows, grids, lists, desks, occurrences."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.simulation.life import Life
from tests.simulation.naive import DAY, Row, soon_until
from tests.worlds import World, me
from tracker.db import db
from tracker.reports.queries import counts, slipped
from tracker.reports.scopes import Scope
from tracker.reviews import overdue
from tracker.reviews.queries import Section, desk
from tracker.rules.queries import in_force
from tracker.tasks.filters import DueFilter, Filters, conditions
from tracker.tasks.models import Task
from tracker.tasks.timeliness import days_late
from tracker.timing.queries import undated

BEGINS = date(2018, 1, 1)
COLUMNS = ("id", "state", "tie", "lead_id", "due_on", "first_due_on", "slips")
DAYS = ("handed_in_on", "done_on", "period_on")


def rows_told() -> dict[int, tuple[Any, ...]]:
    columns = [getattr(Task, name) for name in (*COLUMNS, *DAYS)]
    return {row[0]: tuple(row) for row in db.session.execute(select(*columns))}


def row_expected(row: Row) -> tuple[Any, ...]:
    first = (row["id"], row["state"], row["tie"], row["lead"], row["due"], row["first"])
    return (*first, row["slips"], row["handed_in"], row["done"], row["period"])


def grids(found: Any) -> dict[int, dict[str, int]]:
    told = {lead: grid._asdict() for lead, grid in found.items()}
    return {
        lead: {cell: n for cell, n in cells.items() if n}
        for lead, cells in told.items()
        if any(cells.values())
    }


class Observer:
    """Compares what the product tells of a day with what the model says, and keeps the grids for later."""

    def __init__(self, world: World, life: Life) -> None:
        self.world, self.life, self.naive = world, life, life.naive
        self.past: dict[date, tuple[Any, Any, Any]] = {}
        self.compared = 0

    def compare(self, today: date, *, whole: bool) -> None:
        self.rows()
        self.figures(today)
        if whole:
            self.lists(today)
            self.desks(today)

    def same(self, what: str, told: Any, expected: Any) -> None:
        self.compared += 1
        if told != expected:
            pytest.fail(f"{what} on {self.life.today}: {self.difference(told, expected)}")

    def difference(self, told: Any, expected: Any) -> str:
        """Say what the product tells otherwise than the model, with the tasks it is about."""
        if isinstance(expected, dict):
            keys = {key for key in (*told, *expected) if told.get(key) != expected.get(key)}
            pairs: list[Any] = [(key, told.get(key), expected.get(key)) for key in keys]
        else:
            keys = told ^ expected if isinstance(expected, set) else set()
            pairs = [(told, expected)]
        rows = [self.naive.tasks[key] for key in keys if key in self.naive.tasks]
        return f"{pairs} (told, expected): {rows}"

    def rows(self) -> None:
        self.same("rows", rows_told(), {i: row_expected(t) for i, t in self.naive.tasks.items()})

    def figures(self, today: date) -> None:
        asker, counted, lines = me(self.world.binh, today), self.naive.counted(), self.naive.lines()
        for first in (False, True):
            found = counts(asker, Scope(first=first), today)
            expected = self.naive.grid(counted, today, first=first)
            self.same("grid", grids(found.by_lead), expected)
            self.same("lines", grids(found.lines), self.naive.grid(lines, today, first=first))
        current = counts(asker, Scope(), today)
        self.past[today] = (
            self.naive.grid(counted, today),
            self.naive.grid(counted, today, first=True),
            grids(current.lines),
        )
        told = {
            account: set(overdue.listing(asker, today, account=account).ids)
            for account in overdue.Account
        }
        late = self.naive.overdue(counted, today)
        self.same("overdue", told[overdue.Account.TASKS], set(late))
        late_lines = self.naive.overdue(lines, today)
        self.same("overdue parts", told[overdue.Account.LINES], set(late_lines))
        self.same("days late", self.days(late | late_lines, today), late | late_lines)

    @staticmethod
    def days(numbers: dict[int, int], today: date) -> dict[int, int]:
        columns = (Task.id, Task.state, Task.due_on, Task.handed_in_on, Task.done_on)
        found = db.session.execute(select(*columns).where(Task.id.in_(numbers)))
        return {row[0]: days_late(*row[1:], today=today) for row in found}

    def lists(self, today: date) -> None:
        asker, counted, lines = me(self.world.binh, today), self.naive.counted(), self.naive.lines()
        self.same("soon", in_force().soon_until(today), soon_until(today))
        met = conditions(asker, Filters(due=DueFilter.SOON), today, in_force().soon_until(today))
        told = set(db.session.scalars(select(Task.id).where(*met)))
        whole = [t for t in self.naive.tasks.values() if t["tie"] != "line"]
        self.same("due soon", told, self.naive.due_soon(whole, today))
        slips: dict[tuple[int, int, int], int] = {}
        for one in slipped(asker, Scope(), today):
            key = (one.is_line, one.lead_id, one.slips)
            slips[key] = slips.get(key, 0) + one.number
        expected = {(0, *key): n for key, n in self.naive.slipped(counted).items()}
        expected |= {(1, *key): n for key, n in self.naive.slipped(lines).items()}
        self.same("slips", slips, expected)

    def desks(self, today: date) -> None:
        # The office of the province also decides for nobody but the province here.
        for person, unit in (
            (self.world.an, self.world.commission),
            (self.world.mai, self.world.district),
        ):
            found = desk(me(person, today), today)
            ids = {name: {glance.task.id for glance in glances} for name, glances in found.items()}
            expected = self.naive.desk(unit.id)
            self.same("desk", set().union(*ids.values()), expected["all"])
            self.same("waiting", ids[Section.WAITING], expected["waiting"])
        lists = undated(me(self.world.binh, today), today)
        told = {waiting.glance.task.id for group in lists.values() for waiting in group}
        self.same("no day yet", told, self.naive.undated(self.world.province.id))

    def look_back(self, every: int) -> None:
        """Any past day is told from history as it was told on that day."""
        asker, last = me(self.world.binh, self.life.today), self.life.today
        for day in sorted(self.past)[:-1:every]:
            current, first, lines = self.past[day]
            found = counts(asker, Scope(on=day), last)
            self.same(f"past {day}", grids(found.by_lead), current)
            self.same(f"past lines {day}", grids(found.lines), lines)
            found = counts(asker, Scope(on=day, first=True), last)
            self.same(f"past {day} by original", grids(found.by_lead), first)


def live(world: World, *, seed: int, tasks: int, days: int, every: int) -> tuple[Life, Observer]:
    """Live so many days with so many tasks; the worker is away from the 60th day on for 40 days."""
    life = Life(world, seed, BEGINS)
    observer = Observer(world, life)
    for number in range(days):
        today = BEGINS + number * DAY
        life.dawn(today)
        if not days // 4 <= number < days // 4 + min(40, days // 4):
            life.tick()
        wanted = tasks // 3 + tasks * number // days
        while len(life.naive.tasks) < wanted:
            life.birth()
            life.later()
        for _ in range(max(3, tasks // 40)):
            life.later()
            life.act()
        life.night()
        life.act()
        db.session.commit()
        observer.compare(today, whole=number % every == 0)
    observer.look_back(every)
    return life, observer


def told_of(life: Life, observer: Observer, seconds: float) -> str:
    done = ", ".join(f"{name} {number}" for name, number in sorted(life.done.items()))
    return (
        f"simulated time: {len(life.naive.tasks)} tasks, {len(observer.past)} days, {observer.compared} comparisons, "
        f"0 differences, {seconds:.0f} s ({done})"
    )


def test_sixty_days_of_sixty_tasks_equal_the_naive_model(world: World):
    live(world, seed=4, tasks=60, days=60, every=6)


@pytest.mark.long
def test_a_year_of_four_hundred_tasks_equals_the_naive_model(
    world: World, told: Callable[[str], object]
):
    began = time.monotonic()
    life, observer = live(world, seed=18, tasks=400, days=365, every=5)
    told(told_of(life, observer, time.monotonic() - began))
