"""What a card or a row shows of tasks, for many at once, in a number of queries that does not grow with them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, Select, case, func, select

from tracker.clock import day_of
from tracker.committees.models import Unit, UnitKind
from tracker.committees.standings import HeldSeat, Me
from tracker.db import among, db
from tracker.plans.models import Plan
from tracker.policy import Verb
from tracker.rules.queries import in_force
from tracker.tasks.lifecycle import OPEN, RestRule, State, Tie
from tracker.tasks.models import LYING, Ask, AskKind, Dependency, Task
from tracker.tasks.periods import next_due
from tracker.tasks.queries import seen_by
from tracker.tasks.rights import Rights, Stand, rights_of, verbs_of
from tracker.tasks.sources import overdue
from tracker.tasks.spoken import on_behalf

Query = Select[*tuple[Any, ...]]
Figures = Callable[
    [Collection[int]], Mapping[int, Any]
]  # one hashable summary for each task that has any


class Named(NamedTuple):
    """A name or title in the languages there are."""

    name_vi: str
    name_en: str | None


class Stored(NamedTuple):
    """A task as it is stored, with the names of its lead and its plan."""

    id: int
    version: int
    state: State
    state_stated: bool
    tie: Tie | None
    parent_id: int | None
    lead_id: int
    assigner_id: int
    verdict_unit_id: int
    title_vi: str
    title_en: str | None
    due_kind: str | None
    due_words: str | None
    due_on: date | None
    slips: int
    repeats_until_on: date | None
    rest_rule: RestRule | None
    period_on: date | None
    review_days: int | None
    handed_in_on: date | None
    done_on: date | None
    done_by_on: date | None
    moved_at: datetime
    lead_vi: str
    lead_en: str | None
    lead_kind: UnitKind
    lead_members: int | None
    plan_vi: str | None
    plan_en: str | None

    @property
    def is_series(self) -> bool:
        """Tell whether this is a recurring duty, whose occurrences carry the deadlines."""
        return self.repeats_until_on is not None

    @property
    def lead_is_open(self) -> bool:
        """Tell whether a group leads of which nobody states how many units it has."""
        return self.lead_kind is UnitKind.COLLECTIVE and self.lead_members is None


class Fan(NamedTuple):
    """How the children of a fan-out stand: (done, all but the cancelled, overdue), whether there are more, unnamed."""

    done: int
    total: int
    late: int
    rest: bool = False


class Desk(NamedTuple):
    """On whose desk a hand-in, a wish for more time or a difficulty lies, since when; of a wish until when it is."""

    unit: Named
    since: date
    kind: AskKind = AskKind.HAND_IN
    until: date | None = None
    unit_id: int = 0


class Line(NamedTuple):
    """The part of a co-ordinating unit which is overdue."""

    unit: Named
    due_on: date


class Glance(NamedTuple):
    """All a card says, as values: two that are equal look the same."""

    task: Stored
    verbs: tuple[Verb, ...] = ()
    fan: Fan | None = None
    desk: Desk | None = None
    waits: tuple[Named, ...] = ()
    blocking: tuple[Line, ...] = ()
    figure: Any = None
    next_on: date | None = None  # of a recurring duty: when its next period falls due
    is_behalf: bool = False  # somebody else wrote down what its lead said last

    @property
    def asks_time(self) -> bool:
        """Tell whether its lead has asked for more time and has no answer yet."""
        return self.desk is not None and self.desk.kind is AskKind.EXTENSION


_task, _unit, _plan = Task.__table__, Unit.__table__, Plan.__table__
_STORED = (
    *(_task.c[name] for name in Stored._fields if name in _task.c),
    _unit.c.name_vi,
    _unit.c.name_en,
    _unit.c.kind,
    _unit.c.members_count,
    _plan.c.title_vi,
    _plan.c.title_en,
)


def stored(*conditions: ColumnElement[bool]) -> Query:
    """Return the tasks that meet the conditions as rows of `Stored`, in no order."""
    joined = _task.join(_unit, _unit.c.id == _task.c.lead_id).outerjoin(
        _plan, _plan.c.id == _task.c.plan_id
    )
    return select(*_STORED).select_from(joined).where(*conditions)


def glances(me: Me, tasks: Query, today: date, figures: Figures | None = None) -> list[Glance]:
    """Return the tasks of a `stored` query with all that hangs on them."""
    found = [Stored._make(row) for row in rows(tasks)]
    ids = [task.id for task in found]
    hanging = _Hanging(me, ids, today, figures)
    rights = rights_of(me.seats)
    return [hanging.glance(task, _verbs(me, rights, task, hanging)) for task in found]


def rows(query: Executable, given: Mapping[str, Any] | None = None) -> Sequence[Any]:
    """Return plain rows: nothing a list shows needs to be an entity."""
    return db.session.connection().execute(query, given).all()


class _Hanging:
    """What hangs on the tasks: lines, children, asks, what they wait for, figures; a query each."""

    def __init__(self, me: Me, ids: Collection[int], today: date, figures: Figures | None) -> None:
        self.today = today
        self.leads: dict[int, set[int]] = defaultdict(set)
        self.late_lines: dict[int, list[Line]] = defaultdict(list)
        self.desks: dict[int, list[tuple[int, Desk]]] = defaultdict(list)
        self.waits: dict[int, list[Named]] = defaultdict(list)
        self.figures = figures(ids) if figures else {}
        self.behalf = on_behalf(ids)
        given = {"ids": ids}
        for parent_id, lead_id, vi, en, due_on, is_late in rows(_lines(today), given):
            self.leads[parent_id].add(lead_id)
            if is_late:
                self.late_lines[parent_id].append(Line(Named(vi, en), due_on))
        self.fans = {row[0]: Fan(*row[1:]) for row in rows(_children(today), given)}
        for task_id, unit_id, vi, en, asked_at, kind, until in rows(_asks(), given):
            desk = Desk(Named(vi, en), day_of(asked_at), kind, until, unit_id)
            self.desks[task_id].append((unit_id, desk))
        needs = rows(_needs(), given)
        named = _named(me, {needs_id for _task_id, needs_id in needs}) if needs else {}
        for task_id, needs_id in needs:
            if needs_id in named:
                self.waits[task_id].append(named[needs_id])

    def glance(self, task: Stored, verbs: tuple[Verb, ...]) -> Glance:
        desks = self.desks.get(task.id)
        next_on = next_due(task, self.today, in_force()) if task.is_series else None
        return Glance(
            task,
            verbs,
            self._fan(task),
            min((desk for _unit, desk in desks), key=_later) if desks else None,
            tuple(self.waits.get(task.id, ())),
            tuple(self.late_lines.get(task.id, ())),
            self.figures.get(task.id),
            next_on,
            task.id in self.behalf,
        )

    def _fan(self, task: Stored) -> Fan | None:
        fan = self.fans.get(task.id)
        return fan._replace(rest=True) if fan and task.lead_is_open else fan


# Made once: to put a statement together costs more than to run it.


@lru_cache(maxsize=4)
def _lines(today: date) -> Query:
    late = case((overdue(today), 1), else_=0)
    columns = (Task.parent_id, Task.lead_id, Unit.name_vi, Unit.name_en, Task.due_on, late)
    lines = select(*columns).join(Unit, Unit.id == Task.lead_id)
    return lines.where(Task.tie == Tie.LINE, among(Task.parent_id)).order_by(Task.id)


@lru_cache(maxsize=4)
def _children(today: date) -> Query:
    counts = (
        func.sum(case((Task.state == State.DONE, 1), else_=0)),
        func.sum(case((Task.state != State.CANCELLED, 1), else_=0)),
        func.sum(case((overdue(today), 1), else_=0)),
    )
    children = select(Task.parent_id, *counts).where(Task.tie == Tie.FANOUT)
    return children.where(among(Task.parent_id)).group_by(Task.parent_id)


@lru_cache(maxsize=1)
def _asks() -> Query:
    columns = (Ask.task_id, Ask.to_unit_id, Unit.name_vi, Unit.name_en, Ask.asked_at, Ask.kind)
    asks = select(*columns, Ask.proposed_on).join(Unit, Unit.id == Ask.to_unit_id)
    lying = asks.where(Ask.answered_at.is_(None), Ask.kind.in_(LYING))  # letters come down
    return lying.where(among(Ask.task_id)).order_by(Ask.id)


@lru_cache(maxsize=1)
def _needs() -> Query:
    needs = select(Dependency.task_id, Dependency.needs_id).where(among(Dependency.task_id))
    return needs.order_by(Dependency.needs_id)


def _later(desk: Desk) -> bool:
    """A difficulty stands behind what its task waits for."""
    return desk.kind is AskKind.DIFFICULTY


def _named(me: Me, ids: Collection[int]) -> dict[int, Named]:
    """Return the titles of open tasks. What one may not see is not named as a reason to wait, either."""
    found = rows(_titles(me.seats), {"ids": ids})
    return {task_id: Named(vi, en) for task_id, state, vi, en in found if state in OPEN}


@lru_cache(maxsize=512)
def _titles(seats: tuple[HeldSeat, ...]) -> Query:
    columns = (Task.id, Task.state, Task.title_vi, Task.title_en)
    return select(*columns).where(among(Task.id), seen_by(Me(seats=seats)))


def _verbs(me: Me, rights: Rights, task: Stored, hanging: _Hanging) -> tuple[Verb, ...]:
    lines = frozenset(hanging.leads.get(task.id, ()))
    asked = frozenset(unit_id for unit_id, _desk in hanging.desks.get(task.id, ()))
    units = (task.lead_id, task.assigner_id, task.verdict_unit_id)
    is_parted = task.id in hanging.fans or task.is_series
    return verbs_of(me, rights, Stand(task.state, task.tie, *units, lines, asked, is_parted))


def by_id(found: Iterable[Glance]) -> dict[int, Glance]:
    """Return the glances by the task's id."""
    return {glance.task.id: glance for glance in found}
