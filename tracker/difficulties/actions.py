"""What is done about a difficulty: raised, passed up, answered, withdrawn; what lies on a desk and its event, in one.

One row is one desk: who passes a difficulty up ends their own and lays another one on the desk above, with the same
words. `granted` says how a desk was left: True answered, None passed up, False withdrawn or over with its task.
"""

from datetime import date, datetime

from tracker.db import db
from tracker.difficulties import queries
from tracker.history.actions import Doer, record
from tracker.history.models import Event, Kind
from tracker.letters.actions import AnsweredAlready, leave
from tracker.tasks.models import Ask, AskKind, Task
from tracker.tasks.moves import image_of


def raise_(task: Task, to_unit_id: int, words: str, *, by: Doer, at: datetime) -> Ask:
    """Lay a difficulty on the desk of a unit. Raises AnsweredAlready where one lies on a desk already."""
    if queries.open_one(task):
        raise AnsweredAlready(task.id)
    task.moved_at = at  # it is a word from the lead
    made = _laid(task, task.lead_id, to_unit_id, words, 0, by=by, at=at)
    _tell(Kind.DIFFICULTY_RAISED, made, task, words, by=by, at=at)
    return made


def pass_up(asked: Ask, task: Task, to_unit_id: int, words: str, *, by: Doer, at: datetime) -> Ask:
    """Lay a difficulty on the desk above, with a word of one's own. Raises AnsweredAlready."""
    leave(asked, None, words or None, by=by, at=at)
    made = _laid(
        task, asked.to_unit_id, to_unit_id, asked.words or "", asked.rung + 1, by=by, at=at
    )
    _tell(Kind.DIFFICULTY_PASSED_UP, made, task, words, by=by, at=at)
    return made


def answer(
    asked: Ask, task: Task, words: str, settled_on: date | None, *, by: Doer, at: datetime
) -> Event:
    """Answer a difficulty; `settled_on` is the day by which it will be settled. Raises AnsweredAlready."""
    leave(asked, True, words, by=by, at=at)
    asked.granted_on = settled_on
    return _tell(Kind.DIFFICULTY_ANSWERED, asked, task, words, by=by, at=at)


def withdraw(asked: Ask, task: Task, *, by: Doer, at: datetime) -> Event:
    """Take a difficulty off the desk: it is none any more. Raises AnsweredAlready."""
    leave(asked, False, None, by=by, at=at)
    return _tell(Kind.DIFFICULTY_WITHDRAWN, asked, task, "", by=by, at=at)


def _laid(
    task: Task, from_id: int, to_id: int, words: str, rung: int, *, by: Doer, at: datetime
) -> Ask:
    made = Ask(
        kind=AskKind.DIFFICULTY,
        rung=rung,
        task_id=task.id,
        from_unit_id=from_id,
        to_unit_id=to_id,
        asked_at=at,
        asked_by_id=by.person_id,
        words=words,
        task_version=task.version,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _tell(kind: Kind, asked: Ask, task: Task, words: str, *, by: Doer, at: datetime) -> Event:
    data = {"ask": asked.id, "desk": asked.to_unit_id}
    return record(kind, by=by, at=at, image=image_of(task), words=words or None, data=data)
