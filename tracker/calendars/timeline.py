"""A plan along a line of time: all that its picture and the table beside it say, in the reader's language."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import func, select

from tracker.calendars import lines
from tracker.calendars.lines import Facts, Scale, Sheet, Tick
from tracker.calendars.windows import Window
from tracker.clock import day_of
from tracker.committees.standings import Me
from tracker.db import within
from tracker.deadlines.readings import Kind as DueKind
from tracker.history.models import Event, Kind
from tracker.rules.queries import soon_until
from tracker.tasks.cards import Due, cell_of, due_of
from tracker.tasks.glance import Named, Stored, rows, stored
from tracker.tasks.lifecycle import FINISHED, State, Tie
from tracker.tasks.models import Dependency, Task
from tracker.tasks.queries import seen_by
from tracker.tasks.sources import branching
from tracker.tasks.timeliness import Timeliness, measured_on
from tracker.web import named_html

MOST = 1_000  # tasks of a plan that are drawn
_STANDING = frozenset({DueKind.ONGOING.value, DueKind.RECURRING.value, DueKind.ON_DEMAND.value})


class Need(NamedTuple):
    """What a task waits for; `is_broken`: it does not wait."""

    id: int
    title: Markup
    is_open: bool
    is_broken: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A task of the plan in words; `id` to `version` are what a row of the site is known by."""

    id: int
    state: str
    timeliness: str
    version: int
    number: int
    depth: int
    title: Markup
    lead: Markup
    is_line: bool
    start: date | None
    first: date | None
    due: Due | None
    slips: int
    needs: tuple[Need, ...]


class Timeline(NamedTuple):
    """The picture in sheets, and the tasks in words: those with a day, standing ones, those nobody gave a day yet."""

    scale: Scale
    upper: list[Tick]
    lower: list[Tick]
    today: float | None
    sheets: list[Sheet]
    dated: list[Entry]
    standing: list[Entry]
    unknown: list[Entry]
    parts: int
    left_out: int

    @property
    def overdue(self) -> int:
        """Return how many of the tasks drawn are overdue."""
        return sum(entry.timeliness == Timeliness.OVERDUE.value for entry in self.dated)


class _Row(NamedTuple):
    """A task of the plan as it is stored, with the days a card does not show."""

    task: Stored
    starts_on: date | None
    first_due_on: date | None
    period_on: date | None


class _Plan:
    """What is known of a plan's tasks, gathered in a few queries."""

    def __init__(self, me: Me, window: Window) -> None:
        tree = branching(me, window.plan_id)
        self.parts = len(tree.lines)
        wanted = [i for i in tree.depths if window.parts or i not in tree.lines]
        self.left_out = len(wanted[MOST:])
        self.depths = tree.depths
        found = _stored(wanted[:MOST])
        ordered = (found[i] for i in wanted if i in found)
        self.rows = [row for row in ordered if row.task.state is not State.CANCELLED]
        ids = [row.task.id for row in self.rows]
        self.sent = _sent(ids)
        self.needs, self.names = _needs(me, ids)

    def start(self, row: _Row) -> date | None:
        """Return the day it begins as stated, that of its period, or on which it was sent."""
        return row.starts_on or row.period_on or self.sent.get(row.task.id)


def _stored(ids: Collection[int]) -> dict[int, _Row]:
    more = (Task.starts_on, Task.first_due_on, Task.period_on)
    found = rows(stored(within(Task.id, ids)).add_columns(*more))
    return {row[0]: _Row(Stored._make(row[: -len(more)]), *row[-len(more) :]) for row in found}


def _sent(ids: Collection[int]) -> dict[int, date]:
    sent = select(Event.task_id, func.min(Event.at)).where(
        Event.kind == Kind.SEND, within(Event.task_id, ids)
    )
    return {task_id: day_of(at) for task_id, at in rows(sent.group_by(Event.task_id))}


def _needs(me: Me, ids: Collection[int]) -> tuple[dict[int, list[int]], dict[int, Any]]:
    """Return what each waits for, and those that may be seen, by id."""
    found: dict[int, list[int]] = defaultdict(list)
    pairs = select(Dependency.task_id, Dependency.needs_id).where(within(Dependency.task_id, ids))
    for task_id, needs_id in rows(pairs.order_by(Dependency.needs_id)):
        found[task_id].append(needs_id)
    columns = (Task.id, Task.title_vi, Task.title_en, Task.state, Task.due_on)
    wanted = {need for needs in found.values() for need in needs}
    seen = select(*columns).where(within(Task.id, wanted), seen_by(me)) if wanted else None
    return found, {row.id: row for row in rows(seen)} if seen is not None else {}


def timeline(me: Me, window: Window, today: date) -> Timeline:
    """Return the line of time of a plan, as far as `me` may see its tasks. A number of queries that does not grow."""
    plan = _Plan(me, window)
    dated = [(row, row.task.due_on) for row in plan.rows]
    drawn = [_facts(row, due, plan, today) for row, due in dated if due is not None]
    scale = Scale(window.span or lines.frame(drawn, today))
    upper, lower = lines.ticks(scale)
    entries = _Entries(plan, {facts.id: facts for facts in drawn}, today)
    return Timeline(
        scale=scale,
        upper=upper,
        lower=lower,
        today=scale.middle(today),
        sheets=lines.sheets(drawn, scale, window.rows),
        dated=entries.of(row for row in plan.rows if row.task.due_on is not None),
        standing=entries.of(row for row in plan.rows if _is_standing(row.task)),
        unknown=entries.of(
            row for row in plan.rows if row.task.due_on is None and not _is_standing(row.task)
        ),
        parts=plan.parts,
        left_out=plan.left_out,
    )


def _is_standing(task: Stored) -> bool:
    return task.due_on is None and task.due_kind in _STANDING


def _facts(row: _Row, due: date, plan: _Plan, today: date) -> Facts:
    task = row.task
    first = row.first_due_on if row.first_due_on != due else None
    return Facts(
        id=task.id,
        due=due,
        start=plan.start(row),
        first=first,
        ended=task.done_on if task.state is State.DONE else _handed_in(task),
        late_until=_late_until(task, today),
        is_done=task.state is State.DONE,
        needs=tuple(plan.needs.get(task.id, ())),
    )


def _handed_in(task: Stored) -> date | None:
    return task.handed_in_on if task.state is State.SUBMITTED else None


def _late_until(task: Stored, today: date) -> date | None:
    cell = cell_of(task, today)
    if cell is Timeliness.LATE:
        return task.done_on
    is_late = cell is Timeliness.OVERDUE and task.state is not State.DRAFT
    return measured_on(task.state, task.handed_in_on, today) if is_late else None


class _Entries:
    """Makes entries, numbered on; a task is as deep as those above it that stand in the same list."""

    def __init__(self, plan: _Plan, drawn: Mapping[int, Facts], today: date) -> None:
        self.plan, self.drawn, self.today = plan, drawn, today
        self.soon = soon_until(today)

    def of(self, found: Iterable[_Row]) -> list[Entry]:
        """Return the rows of one list in words."""
        depths: dict[int, int] = {}
        entries = []
        for number, row in enumerate(found, 1):
            depths[row.task.id] = depths.get(row.task.parent_id or 0, -1) + 1
            entries.append(self._entry(row, number, depths[row.task.id]))
        return entries

    def _entry(self, row: _Row, number: int, depth: int) -> Entry:
        task = row.task
        cell = cell_of(task, self.today)
        facts = self.drawn.get(task.id)
        return Entry(
            id=task.id,
            state=task.state.value,
            timeliness=cell.value,
            version=task.version,
            number=number,
            depth=depth,
            title=named_html(Named(task.title_vi, task.title_en)),
            lead=named_html(Named(task.lead_vi, task.lead_en)),
            is_line=task.tie is Tie.LINE,
            start=facts.begins if facts else self.plan.start(row),
            first=row.first_due_on if row.first_due_on != task.due_on else None,
            due=due_of(task, cell, self.today, self.soon),
            slips=task.slips,
            needs=tuple(self._needs(task.id, facts)),
        )

    def _needs(self, task_id: int, facts: Facts | None) -> Sequence[Need]:
        names = self.plan.names
        return [
            Need(
                i,
                named_html(Named(names[i].title_vi, names[i].title_en)),
                names[i].state not in FINISHED,
                self._is_broken(facts, i),
            )
            for i in self.plan.needs.get(task_id, ())
            if i in names
        ]

    def _is_broken(self, facts: Facts | None, need_id: int) -> bool:
        need = self.plan.names[need_id]
        if facts is None or need.due_on is None or need.state in FINISHED:
            return False
        return lines.is_broken(facts, Facts(need_id, need.due_on))
