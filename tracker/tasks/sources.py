"""Documents and plans seen through their tasks, and how the tasks of each stand."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from tracker.committees.standings import Me
from tracker.db import db, within
from tracker.documents import queries as documents
from tracker.documents.models import Document
from tracker.plans import queries as plans
from tracker.plans.models import Plan
from tracker.tasks.lifecycle import OPEN, State, Tie
from tracker.tasks.models import Task
from tracker.tasks.queries import counted, no_line, seen_by

# --- what may be seen ---


def documents_for(me: Me) -> Select[Document]:
    """Return the documents `me` may see: those of a task one sees, and those of one's branch.

    A task's documents are its source, its plan's, and the one it is to produce.
    """
    if not me.seats:
        return documents.visible_to(me, false())
    plan = aliased(Plan)
    own = or_(Task.document_id == Document.id, Task.product_document_id == Document.id)
    cited = exists().where(own, seen_by(me))
    # Joined, not only compared: who sees no task asks for none, and the comparison would fall away with it.
    planned = select(Task.id).join(plan, Task.plan_id == plan.id)
    through_plan = planned.where(plan.document_id == Document.id, seen_by(me)).exists()
    return documents.visible_to(me, or_(cited, through_plan))


def plans_for(me: Me) -> Select[Plan]:
    """Return the plans `me` may see: those of a task one sees, and those of one's branch."""
    seen = exists().where(Task.plan_id == Plan.id, seen_by(me)) if me.seats else false()
    return plans.visible_to(me, seen)


# --- how the tasks stand ---


@dataclass
class Tally:
    """How many tasks stand in each state, and how many of them are overdue. Only what counts."""

    states: Counter[State] = field(default_factory=Counter)
    overdue: int = 0

    @property
    def total(self) -> int:
        """Return the number of tasks that count."""
        return self.states.total()

    @property
    def done(self) -> int:
        """Return how many are done."""
        return self.states[State.DONE]

    @property
    def open(self) -> int:
        """Return how many are not done."""
        return self.total - self.done

    @property
    def state(self) -> State | None:
        """Return the state of the whole: none without a task, done when all are, else by what moves."""
        found = {state for state, count in self.states.items() if count}
        if not found:
            return None
        for whole in (State.DONE, State.ASSIGNED):
            if found == {whole}:
                return whole
        return State.ON_HOLD if found <= {State.ON_HOLD, State.DONE} else State.IN_PROGRESS


def overdue(on: date) -> ColumnElement[bool]:
    """Return the condition that a task is overdue on the day `on`; a hand-in stops the clock."""
    return and_(Task.state.in_(OPEN), Task.due_on < measured_on(Task, on))


def measured_on(task: Any, on: date) -> ColumnElement[date]:
    """Return the day by which a task, or its image in an event, is measured; as `timeliness` does for one."""
    handed_in = and_(task.state == State.SUBMITTED, task.handed_in_on.is_not(None))
    return case((handed_in, task.handed_in_on), else_=literal(on, Date))


def done_with_deadline() -> ColumnElement[bool]:
    """Return the condition that a task is done and had a deadline: with the overdue, what fell due."""
    return and_(Task.state == State.DONE, Task.due_on.is_not(None))


def by_plan(me: Me, plan_ids: Collection[int], on: date) -> dict[int, Tally]:
    """Return how the tasks of each plan stand that `me` may see, in one query."""
    return _tallies(select(Task.plan_id).where(Task.plan_id.in_(plan_ids)), me, on)


def by_document(me: Me, document_ids: Collection[int], on: date) -> dict[int, Tally]:
    """Return the same for documents; a task rests on its own source, else on its plan's."""
    key = _source()
    return _tallies(select(key).outerjoin_from(Task, Plan).where(key.in_(document_ids)), me, on)


def by_clause(me: Me, clause_ids: Collection[int], on: date) -> dict[int, Tally]:
    """Return the same for clauses of documents."""
    return _tallies(select(Task.clause_id).where(within(Task.clause_id, clause_ids)), me, on)


def _tallies(keys: Select[Any], me: Me, on: date) -> dict[int, Tally]:
    late = case((overdue(on), 1), else_=0)
    grouped = (
        keys.add_columns(Task.state, func.count(), func.sum(late))
        .where(seen_by(me), counted())
        .group_by(*keys.selected_columns, Task.state)
    )
    found: dict[int, Tally] = {}
    for key, state, count, overdue_count in db.session.execute(grouped):
        tally = found.setdefault(key, Tally())
        tally.states[state] += count
        tally.overdue += overdue_count
    return found


def _source() -> Any:
    return func.coalesce(Task.document_id, Plan.document_id)


# --- which tasks they are ---


def of_documents(me: Me, document_ids: Collection[int]) -> Select[int]:
    """Return the tasks that rest on one of the documents and that `me` may see, lines left out."""
    resting = select(Task.id).outerjoin(Plan, Plan.id == Task.plan_id)
    return resting.where(seen_by(me), no_line(), _source().in_(document_ids)).order_by(*_by_due())


def of_unit(me: Me, unit_id: int) -> Select[int]:
    """Return the tasks a unit leads, then its lines of others, as far as `me` may see them."""
    chosen = select(Task.id).where(seen_by(me), Task.lead_id == unit_id)
    return chosen.order_by(case((no_line(), 0), else_=1), *_by_due())


def _by_due() -> tuple[Any, ...]:
    return Task.due_on.is_(None), Task.due_on, Task.id


def source_ids(task_ids: Collection[int]) -> dict[int, int]:
    """Return on which document each of the tasks rests, by the task's id, in one query."""
    found = select(Task.id, _source()).outerjoin(Plan, Plan.id == Task.plan_id)
    return {row[0]: row[1] for row in db.session.execute(found.where(Task.id.in_(task_ids)))}


@dataclass(frozen=True)
class Branching:
    """The tasks of a plan that may be seen, each below its parent: ids in order, with their depth."""

    depths: dict[int, int]
    lines: frozenset[int]

    @property
    def without_lines(self) -> int:
        """Return how many tasks there are, lines apart."""
        return len(self.depths) - len(self.lines)


def branching(me: Me, plan_id: int) -> Branching:
    """Return the tasks of a plan as a tree; one whose parent cannot be seen stands on top."""
    chosen = select(Task.id, Task.parent_id, Task.tie).where(seen_by(me), Task.plan_id == plan_id)
    found = db.session.execute(chosen.order_by(Task.id)).all()
    ids = {task.id for task in found}
    below: dict[int | None, list[int]] = defaultdict(list)
    for task in found:
        below[task.parent_id if task.parent_id in ids else None].append(task.id)
    lines = frozenset(task.id for task in found if task.tie is Tie.LINE)
    return Branching(dict(_walk(None, below, 0)), lines)


def _walk(
    top: int | None, below: dict[int | None, list[int]], depth: int
) -> Iterator[tuple[int, int]]:
    for task_id in below[top]:
        yield task_id, depth
        yield from _walk(task_id, below, depth + 1)
