"""How far plans are, from their tasks: figures, the S-curve, the tasks of one plan with their weights."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from tracker.committees.standings import Me
from tracker.db import db, within
from tracker.reports.progress import Curve, Item, Point, Progress, curve, drawn, progress
from tracker.tasks.cards import Card, card
from tracker.tasks.glance import glances, rows, stored
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Task
from tracker.tasks.queries import counted, seen_by


@dataclass(frozen=True)
class PlanProgress:
    """The page of a plan's progress: figures today, points along time, its tasks: the late ones first."""

    now: Progress
    points: Sequence[Point]
    picture: Curve | None
    late: Sequence[Card]
    open: Sequence[Card]
    undated: Sequence[Card]
    done: Sequence[Card]
    weights: dict[int, int | None]

    @property
    def is_weighted(self) -> bool:
        """Tell whether some tasks count for more than others."""
        return len({weight or 1 for weight in self.weights.values()}) > 1

    @property
    def groups(self) -> list[tuple[str, Sequence[Card]]]:
        """Return the groups in their order, with their names' keys."""
        found = [("late", self.late), ("open", self.open), ("undated", self.undated)]
        return [(name, cards) for name, cards in [*found, ("done", self.done)] if cards]


def by_plan(me: Me, plan_ids: Collection[int], on: date) -> dict[int, Progress]:
    """Return how far each plan is, from the tasks that `me` may see, in one query."""
    items: dict[int, list[Item]] = defaultdict(list)
    for plan_id, _task_id, *item in rows(_items(me, plan_ids)):
        items[plan_id].append(_item(*item))
    return {plan_id: progress(found, on) for plan_id, found in items.items()}


def of_plan(me: Me, plan_id: int, today: date, soon: date) -> PlanProgress:
    """Return the whole page of one plan's progress, in a number of queries that does not grow."""
    found = rows(_items(me, [plan_id]))
    items = [_item(*item) for _plan_id, _task_id, *item in found]
    weights = {task_id: weight for _plan_id, task_id, weight, *_rest in found}
    query = stored(within(Task.id, list(weights))).order_by(Task.due_on, Task.id)
    cards = [card(glance, today, soon) for glance in glances(me, query, today)]
    points = curve(items, today)
    return PlanProgress(
        now=progress(items, today),
        points=points,
        picture=drawn(points, today),
        late=[c for c in cards if c.timeliness == "overdue"],
        open=[c for c in cards if c.timeliness == "in-time"],
        undated=[c for c in cards if c.timeliness == "no-deadline" and c.state != "done"],
        done=[c for c in cards if c.state == "done"],
        weights=weights,
    )


def _items(me: Me, plan_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    done_on = func.coalesce(Task.done_on, Task.done_by_on)
    columns = (Task.plan_id, Task.id, Task.weight, Task.due_on, Task.state, done_on)
    return select(*columns).where(seen_by(me), counted(), within(Task.plan_id, plan_ids))


def _item(weight: int | None, due_on: date | None, state: State, done_on: date | None) -> Item:
    return Item(weight or 1, due_on, state is State.DONE, done_on)


def tasks_of(me: Me, plan_id: int) -> list[Task]:
    """Return the tasks of a plan that count and that `me` may see, in the order of their deadlines."""
    query = select(Task).where(seen_by(me), counted(), Task.plan_id == plan_id)
    return list(db.session.scalars(query.order_by(Task.due_on.is_(None), Task.due_on, Task.id)))
