"""Hand-ins and their answers: the move and the ask that lies on a desk, in one."""

from datetime import date, datetime

from sqlalchemy import Select, select

from tracker.db import db
from tracker.history.actions import Doer
from tracker.history.models import Event
from tracker.policy import Verb
from tracker.tasks import moves
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Ask, AskKind, Task
from tracker.tasks.queries import needs_of


class StillWaiting(Exception):
    """A task cannot be accepted before those it waits for are done; `tasks` are these."""

    def __init__(self, tasks: list[Task]) -> None:
        super().__init__([task.id for task in tasks])
        self.tasks = tasks


def move(
    task: Task,
    verb: Verb,
    *,
    by: Doer,
    at: datetime,
    words: str | None = None,
    day: date | None = None,
) -> Event:
    """Make any move, with what it puts on a desk or takes off one. Raises OutOfTurn, StillWaiting."""
    if verb is Verb.ACCEPT and (open_needs := [t for t in needs_of(task) if t.state != State.DONE]):
        raise StillWaiting(open_needs)
    event = moves.move(task, verb, by=by, at=at, words=words, day=day)
    if verb is Verb.HAND_IN:
        _ask(task, by=by, at=at, words=words)
    elif task.state is not State.SUBMITTED:
        _answer(task, granted=verb is Verb.ACCEPT, by=by, at=at, words=words)
    return event


def undo(task: Task, *, by: Doer, at: datetime) -> Event:
    """Take one's own last move back; a hand-in leaves the desk, an answered one returns to it. Raises OutOfTurn."""
    undone = moves.undo(task, by=by, at=at)
    if task.state is State.SUBMITTED:
        _reopen_ask(task)
    else:
        _answer(task, granted=False, by=by, at=at, words=None)
    return undone


def _ask(task: Task, *, by: Doer, at: datetime, words: str | None) -> None:
    db.session.add(
        Ask(
            kind=AskKind.HAND_IN,
            task_id=task.id,
            from_unit_id=task.lead_id,
            to_unit_id=task.verdict_unit_id,
            asked_at=at,
            asked_by_id=by.person_id,
            words=words,
            task_version=task.version,
        )
    )
    db.session.flush()


def _answer(task: Task, *, granted: bool, by: Doer, at: datetime, words: str | None) -> None:
    for ask in db.session.scalars(_hand_ins(task).where(Ask.answered_at.is_(None))):
        ask.answered_at, ask.answered_by_id = at, by.person_id
        ask.granted, ask.answer = granted, words
    db.session.flush()


def _reopen_ask(task: Task) -> None:
    ask = db.session.scalars(_hand_ins(task).order_by(Ask.id.desc()).limit(1)).first()
    if ask is not None:
        ask.answered_at = ask.answered_by_id = ask.granted = ask.answer = None
        db.session.flush()


def _hand_ins(task: Task) -> Select[Ask]:
    return select(Ask).where(Ask.task_id == task.id, Ask.kind == AskKind.HAND_IN)
