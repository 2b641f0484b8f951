"""Tasks as somebody may see them; every view starts from `visible_to`."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from tracker.committees.models import Unit, UnitKind
from tracker.committees.standings import HeldSeat, Me
from tracker.db import among, db, within
from tracker.documents.models import Document
from tracker.history.models import Event
from tracker.plans.models import Plan
from tracker.tasks.lifecycle import (
    DRAFTED_BELOW,
    FINISHED,
    OPEN,
    PARTED,
    UNCOUNTED,
    Facts,
    State,
    Tie,
)
from tracker.tasks.models import LYING, Ask, Dependency, Task
from tracker.tasks.standings import Place

TaskLike = type[Task] | Any  # the class or an alias of it
# Statements are made once, for all who hold the same seats: to put one together costs more than to run it.
_line, _parent, _child = aliased(Task), aliased(Task), aliased(Task)
_MADE = 512
_task_id = bindparam("task_id", type_=Task.id.type)


def visible_to(me: Me) -> Select[Task]:
    """Return the tasks `me` may see: the only Select from which views start."""
    return _visible_to(me.seats)


@lru_cache(maxsize=_MADE)
def _visible_to(seats: tuple[HeldSeat, ...]) -> Select[Task]:
    return select(Task).where(_seen_by(seats))


def seen_by(me: Me) -> ColumnElement[bool]:
    """Return the condition that `me` may see a task. The same rules as `standings`, as one query."""
    return _seen_by(me.seats)


@lru_cache(maxsize=_MADE)
def _seen_by(seats: tuple[HeldSeat, ...]) -> ColumnElement[bool]:
    me = Me(seats=seats)
    if not me.seats:
        return false()
    return and_(
        or_(_touches(Task, me.scope), _through_parent(me.scope), _asked_of(me.own | me.acts)),
        or_(Task.state != State.DRAFT, _own_draft(me.working_scope)),
    )


def _is_given_or_led_by(task: TaskLike, units: Collection[int]) -> ColumnElement[bool]:
    columns: tuple[InstrumentedAttribute[int], ...] = (
        task.lead_id,
        task.assigner_id,
        task.verdict_unit_id,
    )
    return or_(*(within(column, units) for column in columns))


def _touches(task: TaskLike, units: Collection[int]) -> ColumnElement[bool]:
    co_ordinated = exists().where(
        _line.parent_id == task.id, _line.tie == Tie.LINE, within(_line.lead_id, units)
    )
    return or_(_is_given_or_led_by(task, units), co_ordinated)


def _through_parent(units: Collection[int]) -> ColumnElement[bool]:
    return exists().where(
        _parent.id == Task.parent_id,
        or_(
            and_(Task.tie == Tie.LINE, _touches(_parent, units)),
            and_(Task.tie != Tie.LINE, _is_given_or_led_by(_parent, units)),
        ),
    )


def _asked_of(units: Collection[int]) -> ColumnElement[bool]:
    return exists().where(
        Ask.task_id == Task.id, Ask.answered_at.is_(None), within(Ask.to_unit_id, units)
    )


def _own_draft(units: Collection[int]) -> ColumnElement[bool]:
    given_by = or_(within(Task.assigner_id, units), within(Task.verdict_unit_id, units))
    parent_given_by = exists().where(
        _parent.id == Task.parent_id,
        or_(within(_parent.assigner_id, units), within(_parent.verdict_unit_id, units)),
    )
    return or_(and_(Task.tie.in_(DRAFTED_BELOW), parent_given_by), and_(stands_alone(), given_by))


def no_line() -> ColumnElement[bool]:
    """Return the condition that a task is no line of another."""
    return or_(Task.tie.is_(None), Task.tie != Tie.LINE)


def stands_alone() -> ColumnElement[bool]:
    """Return the condition that a task is drafted and sent by itself, not with the one above it."""
    return or_(Task.tie.is_(None), Task.tie.not_in(DRAFTED_BELOW))


def counted() -> ColumnElement[bool]:
    """Return the condition that a task counts in totals: no draft, not cancelled, no line, no parent of such."""
    parted = exists().where(_child.parent_id == Task.id, _child.tie.in_(PARTED))
    no_series = Task.repeats_until_on.is_(None)
    return and_(Task.state.not_in(UNCOUNTED), no_line(), no_series, ~parted)


def find(me: Me, task_id: int) -> Task | None:
    """Return the task with what its page names, or None where `me` may not see it."""
    return db.session.scalar(_one(me.seats), {"task_id": task_id})


@lru_cache(maxsize=_MADE)
def _one(seats: tuple[HeldSeat, ...]) -> Select[Task]:
    return (
        _visible_to(seats)
        .where(Task.id == _task_id)
        .options(
            joinedload(Task.lead),
            joinedload(Task.assigner),
            joinedload(Task.verdict_unit),
            joinedload(Task.document),
            joinedload(Task.clause),
            joinedload(Task.plan).joinedload(Plan.document),
            joinedload(Task.parent),
            joinedload(Task.product_document),
        )
    )


def is_visible(me: Me, task_id: int) -> bool:
    """Tell whether `me` may see the task, without loading it."""
    return db.session.scalar(_whether(me.seats), {"task_id": task_id}) is not None


@lru_cache(maxsize=_MADE)
def _whether(seats: tuple[HeldSeat, ...]) -> Select[int]:
    return _visible_to(seats).where(Task.id == _task_id).with_only_columns(Task.id)


_LINE_LEADS = select(Task.parent_id, Task.lead_id).where(
    among(Task.parent_id), Task.tie == Tie.LINE
)
_ASKED_UNITS = select(Ask.to_unit_id).where(Ask.task_id == _task_id, Ask.answered_at.is_(None))


def place_of(task: Task) -> Place:
    """Return the task as the standings see it, in the same number of queries whatever hangs on it."""
    parent = db.session.get(Task, task.parent_id) if task.parent_id else None
    ids = [t.id for t in (task, parent) if t is not None]
    lines = db.session.execute(_LINE_LEADS, {"ids": ids}).all()
    asked = db.session.scalars(_ASKED_UNITS, {"task_id": task.id}).all()
    leads = {i: frozenset(unit for of, unit in lines if of == i) for i in ids}
    above = _place(parent, leads[parent.id], frozenset(), None) if parent is not None else None
    return _place(task, leads[task.id], frozenset(asked), above)


def _place(
    task: Task, line_leads: frozenset[int], asked: frozenset[int], parent: Place | None
) -> Place:
    return Place(
        state=task.state,
        tie=task.tie,
        lead_id=task.lead_id,
        assigner_id=task.assigner_id,
        verdict_unit_id=task.verdict_unit_id,
        line_lead_ids=line_leads,
        asked_unit_ids=asked,
        parent=parent,
        lead_is_collective=db.session.get_one(Unit, task.lead_id).kind is UnitKind.COLLECTIVE,
    )


_HAS_CHILDREN = select(exists().where(Task.parent_id == _task_id, Task.tie.in_(PARTED)))


def facts_of(task: Task) -> Facts:
    """Return what of the task decides which moves are possible."""
    has_children = db.session.scalar(_HAS_CHILDREN, {"task_id": task.id})
    return Facts(
        state=task.state,
        is_line=task.is_line,
        leads_itself=task.lead_id == task.assigner_id,
        has_children=bool(has_children),
        is_series=task.is_series,
        goes_along=task.tie in DRAFTED_BELOW,
    )


def lines_of(task: Task) -> list[Task]:
    """Return the co-ordinators' lines of the task with their units, in the order of entry."""
    return list(
        db.session.scalars(
            select(Task)
            .where(Task.parent_id == task.id, Task.tie == Tie.LINE)
            .options(joinedload(Task.lead))
            .order_by(Task.id)
        )
    )


def open_lines_of(task: Task) -> list[Task]:
    """Return the lines that are still open."""
    return [line for line in lines_of(task) if line.state in OPEN]


def open_children_of(task: Task, seen: Select[Task]) -> list[Task]:
    """Return those children that carry the task, one for each unit or period, that are `seen` and still open."""
    own = seen.where(Task.parent_id == task.id, Task.tie.in_(PARTED), Task.state.in_(OPEN))
    return list(db.session.scalars(own.order_by(Task.id)))


_CHILD_STATES = (
    select(Task.state).where(Task.parent_id == _task_id, Task.tie.in_(PARTED)).distinct()
)


def is_done_below(task: Task) -> bool:
    """Tell whether a task was given on, and every part is ended, whoever may see it: closing it says nothing new."""
    states = set(db.session.scalars(_CHILD_STATES, {"task_id": task.id}))
    return bool(states) and states <= FINISHED


def coordinators_of(task: Task) -> list[int]:
    """Return the units that have a line of the task."""
    return [line.lead_id for line in lines_of(task) if line.state is not State.CANCELLED]


def needs_of(task: Task, seen: Select[Task] | None = None) -> list[Task]:
    """Return the tasks this one waits for: those `seen`, or all where a rule asks for them."""
    needs = (select(Task) if seen is None else seen).join(
        Dependency, Dependency.needs_id == Task.id
    )
    return list(db.session.scalars(needs.where(Dependency.task_id == task.id).order_by(Task.id)))


def open_needs_of(task: Task, seen: Select[Task] | None = None) -> list[Task]:
    """Return those of them that still have to be done; what is cancelled keeps nobody waiting."""
    return [need for need in needs_of(task, seen) if need.state not in FINISHED]


_OPEN_ASKS = (
    select(Ask)
    .where(Ask.task_id == _task_id, Ask.answered_at.is_(None), Ask.kind.in_(LYING))
    .options(joinedload(Ask.to_unit))
    .order_by(Ask.id)
)


def open_asks_of(task: Task) -> list[Ask]:
    """Return what about the task went up and lies on a desk, the oldest first; letters come down."""
    return list(db.session.scalars(_OPEN_ASKS, {"task_id": task.id}))


_LAST_EVENT = select(Event).where(Event.task_id == _task_id).order_by(Event.id.desc()).limit(1)


def last_event(task: Task) -> Event | None:
    """Return the newest event of the task."""
    return db.session.scalar(_LAST_EVENT, {"task_id": task.id})


def source_of(task: Task) -> tuple[Document | None, bool]:
    """Return the document a task rests on, and whether it is only its plan's; `task.plan.document` must be loaded."""
    if task.document is not None:
        return task.document, False
    return (task.plan.document if task.plan is not None else None), True
