"""Hand-ins and their answers: the move and the ask that lies on a desk, in one; letters follow."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from tracker.db import among, db
from tracker.difficulties import actions as difficulties
from tracker.history.actions import Doer
from tracker.history.models import Event, Kind
from tracker.letters import actions as letters
from tracker.letters.queries import has_part
from tracker.policy import Verb
from tracker.recurrences import actions as recurrences
from tracker.requests import extensions
from tracker.tasks import actions, moves
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Ask, AskKind, Task
from tracker.tasks.queries import open_needs_of
from tracker.timing import actions as timing

# What is finished keeps its deadline whatever becomes of the whole; come back, it has its bound again.
_COMES_BACK = frozenset({Verb.REOPEN, Verb.RESTORE})
BOUND = _COMES_BACK | {Verb.SEND}  # what stands above is held first
_ENDED = frozenset({Kind.FINISH, Kind.CLOSE, Kind.ACCEPT, Kind.CANCEL})


class StillWaiting(Exception):
    """A task cannot be accepted before those it waits for are done."""


class GivenAgain(Exception):
    """The unit that was withdrawn has been given the task anew meanwhile: it has one part, not two."""


def move(
    task: Task,
    verb: Verb,
    *,
    by: Doer,
    at: datetime,
    words: str | None = None,
    day: date | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Make any move, with what it puts on a desk or takes off one.

    Raises OutOfTurn, StillWaiting, GivenAgain, OutOfBounds.
    """
    if verb is Verb.ACCEPT and open_needs_of(task):
        raise StillWaiting(task.id)
    if verb is Verb.RESTORE and has_part(task, task.lead_id):
        raise GivenAgain(task.id)
    if verb is Verb.SEND and task.state is State.DRAFT:
        timing.check_sending(task)
    recurrences.before(task, verb, at=at)
    event = moves.move(task, verb, by=by, at=at, words=words, day=day, data=data)
    if verb is Verb.HAND_IN:
        _ask(task, by=by, at=at, words=words)
    if verb in _COMES_BACK:
        timing.bring_within(task, event, by=by, at=at)
    moved = moves.moved_by(event)
    _answer(moved, granted=verb is Verb.ACCEPT, by=by, at=at, words=words)
    extensions.follow(moved, by=by, at=at)
    difficulties.follow(moved, by=by, at=at)
    letters.follow(verb, moved, by=by, at=at)
    recurrences.follow(task, verb, by=by, at=at)
    return event


def note(
    task: Task, words: str, *, by: Doer, at: datetime, data: Mapping[str, Any] | None = None
) -> Event:
    """Write down one line of progress; the lead's first word is its receipt for the assignment."""
    event = actions.note(task, words, by=by, at=at, data=data)
    letters.follow(Verb.NOTE, [task.id], by=by, at=at)
    return event


def undo(task: Task, *, by: Doer, at: datetime) -> Event:
    """Take one's own last move back; a hand-in leaves the desk, an answered one returns to it. Raises OutOfTurn."""
    if task.state is State.CANCELLED and has_part(task, task.lead_id):
        raise moves.OutOfTurn(Verb.UNDO)
    undone = moves.undo(task, by=by, at=at)
    if undone.kind in _ENDED:
        timing.bring_within(task, undone, by=by, at=at)
    moved = moves.moved_by(undone)
    _lay_back(moved)
    _answer(moved, granted=False, by=by, at=at, words=None)
    extensions.follow_back(undone, moved)
    difficulties.follow_back(undone, moved)
    extensions.follow(moved, by=by, at=at)
    letters.follow_back(undone, moved, by=by, at=at)
    recurrences.set_going(task, by=by, at=at)
    return undone


_HAND_INS = (
    select(Ask)
    .join(Task, Task.id == Ask.task_id)
    .where(among(Ask.task_id), Ask.kind == AskKind.HAND_IN)
)
_OVER = _HAND_INS.where(Ask.answered_at.is_(None), Task.state != State.SUBMITTED)
_LATEST = _HAND_INS.with_only_columns(func.max(Ask.id)).group_by(Ask.task_id)
_WAITING = _HAND_INS.where(Task.state == State.SUBMITTED, Ask.id.in_(_LATEST))


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
    for ask in db.session.scalars(_OVER, {"ids": task_ids}):
        ask.answered_at, ask.answered_by_id = at, by.person_id
        ask.granted, ask.answer = granted, words
    db.session.flush()


def _lay_back(task_ids: Collection[int]) -> None:
    """Lay the latest hand-in back on the desk for those of the tasks that wait for an answer again."""
    for ask in db.session.scalars(_WAITING, {"ids": task_ids}):
        ask.answered_at = ask.answered_by_id = ask.granted = ask.answer = None
    db.session.flush()
