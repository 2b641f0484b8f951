"""Hand-ins and their answers: the move and the ask that lies on a desk, in one; letters follow."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from tracker.db import among, db
from tracker.history.actions import Doer
from tracker.history.models import Event, Kind
from tracker.letters import actions as letters
from tracker.letters.queries import has_part
from tracker.policy import Verb
from tracker.recurrences import actions as recurrences
from tracker.requests.limits import MAY_ASK
from tracker.tasks import actions, moves
from tracker.tasks.lifecycle import OPEN, State
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
    _lapse(moved, by=by, at=at)
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
    _bring_back(undone, moved)
    _lapse(moved, by=by, at=at)
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


# --- what was asked about a task ends with it ---------------------------------------------------------

# In which states of its task it may lie on a desk. What lapsed has no words of an answer; what was refused has.
_LIES_IN = {AskKind.EXTENSION: MAY_ASK, AskKind.DIFFICULTY: OPEN}
_MAY_LIE = or_(
    *(and_(Ask.kind == kind, Task.state.in_(states)) for kind, states in _LIES_IN.items())
)
_ASKED = (
    select(Ask).join(Task, Task.id == Ask.task_id).where(among(Ask.task_id), Ask.kind.in_(_LIES_IN))
)
_LAPSING = _ASKED.where(Ask.answered_at.is_(None), ~_MAY_LIE)
_LAPSED = _ASKED.where(Ask.granted.is_(False), Ask.answer.is_(None), _MAY_LIE)


def _lapse(task_ids: Collection[int], *, by: Doer, at: datetime) -> None:
    """Let lapse what was asked about tasks that are handed in, done or cancelled now."""
    for ask in db.session.scalars(_LAPSING, {"ids": task_ids}).all():
        letters.leave(ask, False, by=by, at=at)


def _bring_back(undone: Event, task_ids: Collection[int]) -> None:
    """Lay back what lapsed by a move that has been taken back."""
    for ask in db.session.scalars(_LAPSED, {"ids": task_ids}):
        if ask.answered_at == undone.at:
            ask.answered_at = ask.answered_by_id = ask.granted = None
    db.session.flush()
