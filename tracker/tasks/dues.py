"""Setting the deadline of a task that was sent. The only module that does; drafts are written by `actions`."""

from datetime import date, datetime
from typing import Any

from tracker.db import db
from tracker.history.actions import Doer, record
from tracker.history.changes import apply, without
from tracker.history.models import Event, Kind
from tracker.tasks.actions import Due
from tracker.tasks.models import Task
from tracker.tasks.moves import image_of


def set_due(
    task: Task,
    due: Due,
    kind: Kind,
    *,
    by: Doer,
    at: datetime,
    words: str | None = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """Give the task another deadline, or its first, and tell it with the old and the new day.

    A later day is a slip. The first words and the first day are kept for ever; a task that was sent without a day
    gets its first one here.
    """
    before = task.due_on
    if before and due.on and due.on > before:
        task.slips += 1
    apply(task, due.columns())
    task.first_due_words = task.first_due_words or due.words
    task.first_due_on = task.first_due_on or due.on
    task.prov = without(task.prov, ("due",), {})
    task.moved_at = at
    db.session.flush()
    told = {"old": _iso(before), "new": _iso(due.on), "slips": task.slips} | (data or {})
    return record(kind, by=by, at=at, image=image_of(task), words=words, data=told)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
