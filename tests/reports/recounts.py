"""Counting again by hand: every row by the row-by-row rules, every cell by the pure one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import select

from tracker.committees.models import Unit
from tracker.committees.standings import Me
from tracker.db import db
from tracker.policy import Verb, may
from tracker.reports.grid import Grid, Slips
from tracker.tasks.lifecycle import PARTED, UNCOUNTED, Tie
from tracker.tasks.models import Task
from tracker.tasks.queries import place_of
from tracker.tasks.standings import standings
from tracker.tasks.timeliness import timeliness


def cell_of(task: Task, on: date, *, first: bool = False):
    """Return the cell of a task by the pure rule."""
    due = task.first_due_on if first else task.due_on
    return timeliness(task.state, due, task.handed_in_on, task.done_on, task.done_by_on, today=on)


def grid_of(tasks: Iterable[Task], on: date, *, first: bool = False) -> Grid:
    """Return the grid of tasks, counted one by one."""
    cells = Counter(cell_of(task, on, first=first).value for task in tasks)
    return Grid(**{cell.replace("-", "_"): number for cell, number in cells.items()})


def seen(me: Me, tasks: Iterable[Task]) -> list[Task]:
    """Return the tasks that the policy lets one see, row by row."""
    return [t for t in tasks if may(Verb.SEE_TASK, standings(me, place_of(t)))]


def counting(tasks: Iterable[Task]) -> Iterator[Task]:
    """Yield what counts in totals: no draft, not cancelled, no line, no parent that was fanned out."""
    parents = set(db.session.scalars(select(Task.parent_id).where(Task.tie.in_(PARTED))))
    for task in tasks:
        if task.state not in UNCOUNTED and task.tie is not Tie.LINE and task.id not in parents:
            yield task


def lines(tasks: Iterable[Task]) -> list[Task]:
    """Return the co-ordinators' lines that count on their own units' accounts."""
    return [t for t in tasks if t.tie is Tie.LINE and t.state not in UNCOUNTED]


def by(tasks: Iterable[Task], column: str, on: date, *, first: bool = False) -> dict[int, Grid]:
    """Return a grid for each value of a column."""
    found = defaultdict(list)
    for task in tasks:
        found[getattr(task, column) or 0].append(task)
    return {key: grid_of(rows, on, first=first) for key, rows in found.items()}


def slips_of(tasks: Iterable[Task]) -> Slips:
    """Return how many of the tasks were extended and how often, counted one by one."""
    moved = [task.slips for task in tasks if task.slips]
    return Slips(len(moved), sum(moved))


def branch_of(unit_id: int) -> set[int]:
    """Return the ids of a unit and all below it."""
    units = db.session.scalars(select(Unit))
    return {unit.id for unit in units if str(unit_id) in unit.path.split("/")}
