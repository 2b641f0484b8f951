"""All measures of a plan or of a branch: what is asked for, which there are, how they stand, in groups."""

import enum
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import Select, exists, select

from tracker.committees.models import Unit
from tracker.committees.standings import Me
from tracker.db import db
from tracker.fields import read_id
from tracker.measures.lists import Count, counts_of
from tracker.measures.models import Measure
from tracker.measures.queries import Figure, measures_of
from tracker.plans.models import Plan
from tracker.tasks.filters import branch
from tracker.tasks.lifecycle import UNCOUNTED
from tracker.tasks.models import Task
from tracker.tasks.queries import seen_by

MOST = 1_000  # tasks with measures that one page holds


class Stand(enum.StrEnum):
    """How a measure stands to its target; nothing is guessed where the one or the other is not stated."""

    EXCEEDED = "exceeded"
    REACHED = "reached"
    SHORT = "short"
    UNTOLD = "untold"  # a target, no figure yet
    AIMLESS = "aimless"  # no target stated


@dataclass(frozen=True)
class Asked:
    """Whose measures, which of them, and whether the quota of each unit stands below the whole."""

    plan: int | None = None
    unit: int | None = None
    stand: Stand | None = None
    parts: bool = False

    def address(self, **changes: Any) -> str:
        """Return the address of this page, some of it changed."""
        said = replace(self, **changes)
        values = {
            "plan": said.plan,
            "unit": said.unit,
            "stand": said.stand,
            "parts": "1" if said.parts else None,
        }
        query = urlencode({name: value for name, value in values.items() if value is not None})
        return f"/measures?{query}" if query else "/measures"


def read(args: Mapping[str, str]) -> Asked | None:
    """Return what an address asks for; nothing where it names what cannot be there."""
    texts = {name: args.get(name, "").strip() for name in ("plan", "unit")}
    ids = {name: read_id(text) for name, text in texts.items() if text}
    stand = args.get("stand", "").strip()
    if not all(ids.values()) or (stand and stand not in {*Stand}):
        return None
    parts = args.get("parts") == "1"
    return Asked(ids.get("plan"), ids.get("unit"), Stand(stand) if stand else None, parts)


class Row(NamedTuple):
    """A measure with its task and the unit that leads it. `depth` 1: the quota of one unit of the row above.

    `roll`: how far it is where it is a list of units.
    """

    figure: Figure
    roll: Count | None
    number: int
    depth: int
    task: Any


class Group(NamedTuple):
    """The measures of one plan, or of tasks without one."""

    plan_id: int | None
    plan: Any
    rows: Sequence[Row]


@dataclass(frozen=True)
class Overview:
    """All that is asked for, in groups; how many stand how, whatever is shown of them."""

    groups: Sequence[Group]
    stands: Counter[Stand]
    is_cut: bool

    @property
    def total(self) -> int:
        """Return how many measures there are."""
        return self.stands.total()

    @property
    def shown(self) -> int:
        """Return how many stand on the page, quotas of units apart."""
        return sum(not row.depth for group in self.groups for row in group.rows)


def overview(me: Me, asked: Asked) -> Overview:
    """Return the measures of tasks that `me` may see, in a number of queries that does not grow with them."""
    tasks = db.session.execute(_tasks(me, asked)).all()
    of_task = {task.id: task for task in tasks[:MOST]}
    figures = [f for f in measures_of(list(of_task)) if f.measure.task_id in of_task]
    whole = {figure.measure.id for figure in figures}
    upper = [figure for figure in figures if figure.measure.into_id not in whole]
    counts = counts_of([figure.measure for figure in upper])
    stands = {f.measure.id: stand_of(f, counts.get(f.measure.id)) for f in upper}
    chosen = [f for f in upper if asked.stand in {None, stands[f.measure.id]}]
    order = {task_id: place for place, task_id in enumerate(of_task)}
    chosen.sort(key=lambda figure: order[figure.measure.task_id])
    rows = list(_rows(chosen, figures if asked.parts else (), counts, of_task))
    return Overview(list(_groups(rows)), Counter(stands.values()), is_cut=len(tasks) > MOST)


def stand_of(figure: Figure, count: Count | None = None) -> Stand:
    """Return how a figure stands to its target; of a list, to the number of its units."""
    if count is not None:
        return _stand_of_list(count)
    if figure.is_exceeded:
        return Stand.EXCEEDED
    if figure.is_reached:
        return Stand.REACHED
    if figure.target_total is None:
        return Stand.AIMLESS
    return Stand.UNTOLD if figure.reached is None else Stand.SHORT


def _stand_of_list(count: Count) -> Stand:
    if count.whole is None:
        return Stand.AIMLESS
    if count.done is None:
        return Stand.UNTOLD
    if count.done >= count.whole:
        return Stand.EXCEEDED if count.done > count.whole else Stand.REACHED
    return Stand.SHORT


_TASKS: Select[*tuple[Any, ...]] = (
    select(Task.id, Task.title_vi, Task.title_en, Task.plan_id, Unit.name_vi, Unit.name_en)
    .add_columns(Plan.title_vi.label("plan_vi"), Plan.title_en.label("plan_en"))
    .join(Unit, Unit.id == Task.lead_id)
    .outerjoin(Plan, Plan.id == Task.plan_id)
    .order_by(Plan.id.is_(None), Plan.sort_key, Plan.id, Task.id)
    .limit(MOST + 1)
)


def _tasks(me: Me, asked: Asked) -> Select[*tuple[Any, ...]]:
    """Return the tasks that have measures, plan by plan, with the names of lead and plan."""
    measured = exists().where(Measure.task_id == Task.id, Measure.is_dropped.is_(False))
    met = [seen_by(me), Task.state.not_in(UNCOUNTED), measured]
    if asked.plan:
        met.append(Task.plan_id == asked.plan)
    if asked.unit:
        met.append(Task.lead_id.in_(branch(asked.unit)))
    return _TASKS.where(*met)


def _rows(
    chosen: Iterable[Figure],
    quotas: Iterable[Figure],
    counts: Mapping[int, Count],
    of_task: Mapping[int, Any],
) -> Iterator[Row]:
    below: dict[int | None, list[Figure]] = {}
    for figure in quotas:
        below.setdefault(figure.measure.into_id, []).append(figure)
    for number, figure in enumerate(chosen, 1):
        yield Row(figure, counts.get(figure.measure.id), number, 0, of_task[figure.measure.task_id])
        for part in below.get(figure.measure.id, ()):
            yield Row(part, None, number, 1, of_task[part.measure.task_id])


def _groups(rows: Sequence[Row]) -> Iterator[Group]:
    """Put the rows of one plan together; a quota stands with its whole, whatever plan it is in."""
    plan_id: int | None = None
    plans = []
    for row in rows:
        plan_id = plan_id if row.depth else row.task.plan_id
        plans.append(plan_id)
    for found_id, pairs in groupby(zip(plans, rows, strict=True), lambda pair: pair[0]):
        found = [row for _plan, row in pairs]
        yield Group(found_id, found[0].task, found)


_SIGNS = {
    100: "C",
    90: "XC",
    50: "L",
    40: "XL",
    10: "X",
    9: "IX",
    5: "V",
    4: "IV",
    1: "I",
}


def roman(number: int) -> str:
    """Write the number of a group as papers do: I, II, III."""
    written = ""
    for value, sign in _SIGNS.items():
        written += sign * (number // value)
        number %= value
    return written
