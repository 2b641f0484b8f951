"""What stands above a task: the deadline that binds it, and whether it would stand above itself."""

from datetime import date

from sqlalchemy import select

from tracker.committees.standings import Me
from tracker.db import db
from tracker.tasks.models import Task
from tracker.tasks.queries import visible_to


def parent_due(me: Me, parent_id: int | str | None) -> date | None:
    """Return the deadline which a part of the task `parent_id` may not pass; nothing where that is no id."""
    if not isinstance(parent_id, int):
        return None
    is_seen = visible_to(me).where(Task.id == parent_id).with_only_columns(Task.id)
    return due_above(parent_id) if db.session.scalar(is_seen) else None


def due_above(parent_id: int | None) -> date | None:
    """Return the deadline of the nearest task that has one, from `parent_id` upwards: one without binds nothing."""
    passed: set[int] = set()
    while parent_id is not None and parent_id not in passed:
        passed.add(parent_id)
        row = select(Task.due_on, Task.parent_id).where(Task.id == parent_id)
        due_on, parent_id = db.session.execute(row).one()
        if due_on is not None:
            return due_on
    return None


def is_circle(task_id: int, parent_id: int | None) -> bool:
    """Tell whether a task would stand above itself if `parent_id` came right above it."""
    passed: set[int] = set()
    while parent_id is not None and parent_id not in passed:
        if parent_id == task_id:
            return True
        passed.add(parent_id)
        parent_id = db.session.scalar(select(Task.parent_id).where(Task.id == parent_id))
    return False
