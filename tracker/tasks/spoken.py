"""The last words of the units that lead tasks, and whether somebody else wrote them down in their stead."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select

from tracker.db import among, db
from tracker.history.models import Event, EventText, Kind
from tracker.tasks.models import Task

# What a lead says of its task: by a move of its own, or in words.
MOVED = (Kind.START, Kind.REWORK, Kind.HAND_IN, Kind.WITHDRAW, Kind.FINISH)
SAID = (Kind.NOTED, Kind.EXPLAINED, Kind.EXTENSION_ASKED)


class LastWord(NamedTuple):
    """The newest words of a task's present lead; `is_behalf`: somebody wrote them down for it."""

    at: datetime
    words: str
    is_behalf: bool = False


def is_behalf() -> ColumnElement[bool]:
    """Return the condition that an event was entered for a unit by somebody else."""
    found: ColumnElement[bool] = Event.data["for"].as_integer().is_not(None)
    return found


def is_answered_on_behalf(ask: Any) -> ColumnElement[bool]:
    """Return the condition that an ask was answered by what somebody else wrote down."""
    told = select(Event.id).where(Event.task_id == ask.task_id, Event.at == ask.answered_at)
    return told.where(is_behalf()).exists()


def by_lead() -> ColumnElement[bool]:
    """Return the condition that by an event the task's present lead said something."""
    return and_(Event.kind.in_((*SAID, *MOVED)), Event.lead_id == Task.lead_id)


def last_words(task_ids: Collection[int]) -> Mapping[int, LastWord]:
    """Return the newest words about each of the tasks, in one query."""
    found = _rows(_words(), task_ids)
    return {task_id: LastWord(at, words, bool(other)) for task_id, at, words, other in found}


def on_behalf(task_ids: Collection[int]) -> frozenset[int]:
    """Return those of the tasks whose lead spoke last through somebody else, in one query."""
    return frozenset(row[0] for row in _rows(_behalf(), task_ids))


Query = Select[*tuple[Any, ...]]


def _rows(query: Query, task_ids: Collection[int]) -> Sequence[Any]:
    return db.session.connection().execute(query, {"ids": task_ids}).all()


@lru_cache(maxsize=1)
def _words() -> Query:
    newest = select(func.max(Event.id)).join(Task, Task.id == Event.task_id)
    newest = newest.join(EventText, EventText.event_id == Event.id)
    newest = newest.where(among(Event.task_id), by_lead()).group_by(Event.task_id)
    told = select(Event.task_id, Event.at, EventText.words, is_behalf())
    return told.join(EventText, EventText.event_id == Event.id).where(Event.id.in_(newest))


@lru_cache(maxsize=1)
def _behalf() -> Query:
    newest = select(func.max(Event.id)).join(Task, Task.id == Event.task_id)
    newest = newest.where(among(Event.task_id), by_lead()).group_by(Event.task_id)
    return select(Event.task_id).where(Event.id.in_(newest), is_behalf())
