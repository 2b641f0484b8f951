"""More time: asked for, withdrawn, granted or refused; the wish on a desk and its event, in one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.clock import day_of
from tracker.db import db
from tracker.history.actions import Doer, record
from tracker.history.models import Event, Kind
from tracker.letters.actions import check_open, leave
from tracker.requests.limits import Case, Refused, why_not
from tracker.tasks.actions import Due
from tracker.tasks.models import Ask, AskKind, Task
from tracker.tasks.moves import image_of
from tracker.timing.actions import move_due
from tracker.timing.bounds import Below


@dataclass(frozen=True)
class Wish:
    """What is asked for: until when, why, and how far the work is."""

    due: Due
    words: str
    result: str


def ask(task: Task, wish: Wish, *, case: Case, by: Doer, at: datetime) -> Ask:
    """Lay a wish for more time on the desk of whoever decides on the deadline. Raises Refused where none fits."""
    if why := why_not(case, day_of(at)):
        raise Refused(why)
    task.moved_at = at  # it is a word from the lead
    db.session.flush()
    made = _laid(task, wish, by=by, at=at)
    new = wish.due.on.isoformat() if wish.due.on else None
    old = task.due_on.isoformat() if task.due_on else None
    data = {"ask": made.id, "old": old, "new": new}
    record(Kind.EXTENSION_ASKED, by=by, at=at, image=image_of(task), words=wish.words, data=data)
    return made


def _laid(task: Task, wish: Wish, *, by: Doer, at: datetime) -> Ask:
    made = Ask(
        kind=AskKind.EXTENSION,
        rung=0,
        task_id=task.id,
        from_unit_id=task.lead_id,
        to_unit_id=task.decider_id,
        asked_at=at,
        asked_by_id=by.person_id,
        words=wish.words,
        result=wish.result,
        proposed_kind=wish.due.kind,
        proposed_words=wish.due.words,
        proposed_on=wish.due.on,
        task_version=task.version,
    )
    db.session.add(made)
    db.session.flush()
    return made


def withdraw(asked: Ask, task: Task, *, by: Doer, at: datetime) -> Event:
    """Take a wish off the desk again. Raises AnsweredAlready."""
    leave(asked, False, by=by, at=at)
    return _told(Kind.EXTENSION_WITHDRAWN, asked, task, by=by, at=at)


def refuse(asked: Ask, task: Task, words: str, *, by: Doer, at: datetime) -> Event:
    """Refuse more time, with the reason; the deadline stays. Raises AnsweredAlready."""
    leave(asked, False, words, by=by, at=at)
    return _told(Kind.EXTENSION_REFUSED, asked, task, by=by, at=at, words=words)


def grant(
    asked: Ask,
    task: Task,
    due: Due | None = None,
    *,
    below: Below = Below.KEEP,
    words: str | None = None,
    by: Doer,
    at: datetime,
) -> Event:
    """Move the deadline as it was asked for, or to another day (`due`). The ladder of letters begins anew.

    Raises AnsweredAlready, OutOfBounds where the deadline may not lie there (any more).
    """
    check_open(asked)
    asked_for = Due(kind=asked.proposed_kind, words=asked.proposed_words, on=asked.proposed_on)
    given = due or asked_for
    told: dict[str, Any] = {"words": words, "data": {"ask": asked.id}}
    event = move_due(task, given, Kind.EXTENDED, below=below, by=by, at=at, **told)
    leave(asked, True, words, by=by, at=at)
    asked.granted_words, asked.granted_on = given.words, given.on
    db.session.flush()
    return event


def _told(
    kind: Kind, asked: Ask, task: Task, *, by: Doer, at: datetime, words: str | None = None
) -> Event:
    data = {"ask": asked.id}
    return record(kind, by=by, at=at, image=image_of(task), words=words, data=data)
