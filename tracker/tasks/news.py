"""What has changed since a page was made, as far as its reader may know."""

from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, and_, bindparam, case, literal, or_, select, union

from tracker.committees.standings import HeldSeat, Me
from tracker.db import among
from tracker.history.models import Event, Kind
from tracker.tasks.glance import Query, rows
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Dependency, Task
from tracker.tasks.queries import seen_by

MOST = 100  # more changes than this, and the page is better read again


def changed_since(me: Me, event_id: int) -> set[int] | None:
    """Return the tasks that may look different after an event: changed ones, parents, those that wait.

    What one may not see is no news, not even its number. None where the page is better read again: where too much
    changed, or something may have gone out of sight.
    """
    takes_sight = dict(rows(_changed(), {"since": event_id}))
    if len(takes_sight) > MOST:
        return None
    seen = {row[0] for row in rows(_seen(me.seats), {"ids": list(takes_sight)})}
    gone = takes_sight.keys() - seen
    return None if any(takes_sight[task_id] for task_id in gone) else seen


@lru_cache(maxsize=1)
def _changed() -> CompoundSelect[*tuple[Any, ...]]:
    since = bindparam("since", type_=Event.id.type)
    is_hidden = and_(Event.kind == Kind.EDITED, Event.state == State.DRAFT.value)
    takes_sight = or_(Event.kind.in_({Kind.REASSIGNED, Kind.UNDONE}), is_hidden)
    recent = select(Event.task_id).where(Event.id > since, Event.task_id.is_not(None))
    changed = recent.add_columns(case((takes_sight, 1), else_=0).label("takes_sight"))
    parents = select(Task.parent_id, literal(0)).where(
        Task.id.in_(recent), Task.parent_id.is_not(None)
    )
    waiting = select(Dependency.task_id, literal(0)).where(Dependency.needs_id.in_(recent))
    # In this order a task's own change comes last, and is the one that is kept.
    return union(changed, parents, waiting).order_by("takes_sight").limit(MOST * 3)


@lru_cache(maxsize=512)
def _seen(seats: tuple[HeldSeat, ...]) -> Query:
    return select(Task.id).where(among(Task.id), seen_by(Me(seats=seats)))
