"""What stands above and below a deadline, and the tasks whose deadline somebody has still to set."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from tracker.clock import day_of
from tracker.committees.standings import HeldSeat, Me
from tracker.db import among, db, within
from tracker.history import models as history
from tracker.tasks.glance import Glance, Query, glances, rows, stored
from tracker.tasks.lifecycle import OPEN, Tie
from tracker.tasks.models import Task
from tracker.tasks.queries import seen_by
from tracker.timing.kinds import Lack, lack_of

MOST = 1_000  # tasks of one list
_above = aliased(Task)


# --- above and below ------------------------------------------------------------------------------------


def ids_above(parent_id: int | None) -> list[int]:
    """Return the ids of what stands above, the nearest first: they stay the same once a task is sent."""
    found: list[int] = []
    while parent_id is not None and parent_id not in found:
        found.append(parent_id)
        parent_id = db.session.scalar(select(Task.parent_id).where(Task.id == parent_id))
    return found


def bound_of(task: Task) -> Task | None:
    """Return the nearest task above that has a deadline: what hangs on it may not be due later."""
    ids = ids_above(task.parent_id)
    dated = select(Task).where(within(Task.id, ids), Task.due_on.is_not(None))
    found = {one.id: one for one in db.session.scalars(dated)}
    return next((found[i] for i in ids if i in found), None)


def below(task: Task) -> list[Task]:
    """Return all that hangs below a task with its units, level by level in the order of ids."""
    found: dict[int, Task] = {}
    level = [task.id]
    while level:
        chosen = select(Task).where(within(Task.parent_id, level)).options(joinedload(Task.lead))
        new = db.session.scalars(chosen.order_by(Task.id)).all()
        fresh = {one.id: one for one in new if one.id not in found and one.id != task.id}
        found |= fresh
        level = list(fresh)
    return list(found.values())


def given_on(task: Task) -> date | None:
    """Return the day on which a task was sent; nothing where it came from a source that does not say."""
    sent = _SENT.where(history.Event.task_id == task.id)
    found = db.session.execute(sent).first()
    return day_of(found[1]) if found else None


_SENT = select(history.Event.task_id, func.min(history.Event.at).label("at")).where(
    history.Event.kind == history.Kind.SEND
)
_SENT = _SENT.group_by(history.Event.task_id)


# --- no deadline yet --------------------------------------------------------------------------------------


class Waiting(NamedTuple):
    """A task without a day: what it lacks, since when it has lain so, after how many days it asks for a word."""

    glance: Glance
    lack: Lack
    since: date


def undated(me: Me, today: date) -> Mapping[Lack, Sequence[Waiting]]:
    """Return the open tasks without a day whose deadline `me` decides on, by what they lack, the oldest first."""
    chosen = stored(_undated(me.seats)).order_by(Task.created_at, Task.id).limit(MOST)
    found = glances(me, chosen, today)
    since = _since([glance.task.id for glance in found])
    waiting = [
        Waiting(g, lack_of(g.task.due_kind, g.task.due_words), since[g.task.id]) for g in found
    ]
    groups: dict[Lack, list[Waiting]] = defaultdict(list)
    for one in sorted(waiting, key=lambda one: (one.since, one.glance.task.id)):
        groups[one.lack].append(one)
    return {lack: groups[lack] for lack in Lack if lack in groups}


@lru_cache(maxsize=512)
def _undated(seats: tuple[HeldSeat, ...]) -> ColumnElement[bool]:
    me = Me(seats=seats)
    return and_(seen_by(me), lacks_day(), decided_by(me))


def lacks_day() -> ColumnElement[bool]:
    """Return the condition that an open task has no day, whoever decides on it."""
    no_day = and_(Task.due_on.is_(None), Task.repeats_until_on.is_(None))
    return and_(Task.state.in_(OPEN), no_day, ~_follows())


def decided_by(me: Me) -> ColumnElement[bool]:
    """Return the condition that `me` decides on the deadline, as `lifecycle.deciding_unit` says it."""
    by_assigner = and_(Task.assigner_id != Task.lead_id, within(Task.assigner_id, me.acts))
    by_judge = and_(Task.assigner_id == Task.lead_id, within(Task.verdict_unit_id, me.acts))
    return or_(by_assigner, by_judge)


def _follows() -> ColumnElement[bool]:
    """A line, and what shares the words of the task above it, gets its day with that one."""
    lacks = select(_above.id).where(
        _above.id == Task.parent_id, _above.due_on.is_(None), _above.state.in_(OPEN)
    )
    same = func.coalesce(_above.due_words, "") == func.coalesce(Task.due_words, "")
    return lacks.where(or_(Task.tie == Tie.LINE, same)).exists()


_MADE = select(Task.id, Task.created_at).where(among(Task.id))


@lru_cache(maxsize=1)
def _sent() -> Query:
    return _SENT.where(among(history.Event.task_id))


def _since(ids: Collection[int]) -> dict[int, date]:
    """Return since when the tasks have been given; what came from a source counts from its entry."""
    made = {row[0]: day_of(row[1]) for row in rows(_MADE, {"ids": ids})}
    return made | {row[0]: day_of(row[1]) for row in rows(_sent(), {"ids": ids})}
