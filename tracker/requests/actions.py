"""Hand-ins and their answers: the move and the ask that lies on a desk, in one."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Select, func, select

from tracker.db import db
from tracker.history.actions import Doer
from tracker.history.models import Event
from tracker.policy import Verb
from tracker.tasks import moves
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Ask, AskKind, Task
from tracker.tasks.queries import open_needs_of


class StillWaiting(Exception):
    """A task cannot be accepted before those it waits for are done."""


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
    if verb is Verb.ACCEPT and open_needs_of(task):
        raise StillWaiting(task.id)
    event = moves.move(task, verb, by=by, at=at, words=words, day=day)
    if verb is Verb.HAND_IN:
        _ask(task, by=by, at=at, words=words)
    _answer(moves.moved_by(event), granted=verb is Verb.ACCEPT, by=by, at=at, words=words)
    return event


def undo(task: Task, *, by: Doer, at: datetime) -> Event:
    """Take one's own last move back; a hand-in leaves the desk, an answered one returns to it. Raises OutOfTurn."""
    undone = moves.undo(task, by=by, at=at)
    moved = moves.moved_by(undone)
    _lay_back(moved)
    _answer(moved, granted=False, by=by, at=at, words=None)
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


def _answer(
    task_ids: Collection[int], *, granted: bool, by: Doer, at: datetime, words: str | None
) -> None:
    """Take off the desk the hand-ins of those of the tasks that no longer wait for an answer."""
    over = _hand_ins(task_ids).where(Ask.answered_at.is_(None), Task.state != State.SUBMITTED)
    for ask in db.session.scalars(over):
        ask.answered_at, ask.answered_by_id = at, by.person_id
        ask.granted, ask.answer = granted, words
    db.session.flush()


def _lay_back(task_ids: Collection[int]) -> None:
    """Lay the latest hand-in back on the desk for those of the tasks that wait for an answer again."""
    latest = _hand_ins(task_ids).with_only_columns(func.max(Ask.id)).group_by(Ask.task_id)
    waiting = _hand_ins(task_ids).where(Task.state == State.SUBMITTED, Ask.id.in_(latest))
    for ask in db.session.scalars(waiting):
        ask.answered_at = ask.answered_by_id = ask.granted = ask.answer = None
    db.session.flush()


def _hand_ins(task_ids: Collection[int]) -> Select[Ask]:
    hand_ins = select(Ask).join(Task, Task.id == Ask.task_id)
    return hand_ins.where(Ask.task_id.in_(task_ids), Ask.kind == AskKind.HAND_IN)
