"""Moving a task from state to state and taking a move back. The only module that sets a state."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from tracker.clock import day_of
from tracker.db import db
from tracker.history.actions import Doer, Image, record
from tracker.history.models import Event, Kind
from tracker.policy import Verb
from tracker.tasks.lifecycle import (
    DRAFTED_BELOW,
    MOVES,
    OPEN,
    PARTED,
    Facts,
    State,
    Tie,
    fits,
    is_counted,
)
from tracker.tasks.models import Task
from tracker.tasks.queries import facts_of, last_event

UNDO_WITHIN = timedelta(minutes=10)
_MOVE_KINDS = frozenset(verb.value for verb in MOVES)


class OutOfTurn(Exception):
    """The task is no longer, or not yet, where this move starts."""


def image_of(task: Task, facts: Facts | None = None) -> Image:
    """Return the task as a later count of this day will need it; `facts` where they are known already."""
    return Image(
        task_id=task.id,
        state=task.state.value,
        lead_id=task.lead_id,
        plan_id=task.plan_id,
        document_id=task.document_id,
        due_on=task.due_on,
        first_due_on=task.first_due_on,
        handed_in_on=task.handed_in_on,
        done_on=task.done_on,
        done_by_on=task.done_by_on,
        slips=task.slips,
        counted=is_counted(facts or facts_of(task)),
    )


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
    """Make one move of the table. Raises OutOfTurn where the task is not in a state from which it starts.

    `data` is what the event tells besides.
    Sending sends the lines and children drafted with it, unless they are the pattern of a recurring duty; cancelling
    and discarding take open lines and children along; restoring brings back those that went with it.
    """
    if not fits(verb, facts_of(task)):
        raise OutOfTurn(verb)
    event = set_state(task, verb, by=by, at=at, words=words, day=day, data=data)
    _carry(task, verb, by=by, at=at, through=event.id)
    return event


def set_state(
    task: Task,
    verb: Verb,
    *,
    by: Doer,
    at: datetime,
    words: str | None = None,
    day: date | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Set a task's state and days, and tell it; `data` names the event of the move that carries it `through`."""
    before = _days_and_state(task)
    task.state = MOVES[verb].target
    task.state_stated = True
    task.moved_at = at
    _set_days(task, verb, day or day_of(at))
    db.session.flush()
    told = {"before": before, **(data or {})}
    return record(Kind(verb.value), by=by, at=at, image=image_of(task), words=words, data=told)


def _set_days(task: Task, verb: Verb, day: date) -> None:
    if verb is Verb.HAND_IN:
        task.handed_in_on = day
    elif verb is Verb.ACCEPT:
        task.done_on = task.handed_in_on
    elif verb in {Verb.FINISH, Verb.CLOSE}:
        task.done_on = day
    elif verb in {Verb.WITHDRAW, Verb.RETURN, Verb.REOPEN, Verb.RESTORE}:
        task.handed_in_on = task.done_on = task.done_by_on = None


def _carry(task: Task, verb: Verb, *, by: Doer, at: datetime, through: int) -> None:
    for other in _carried_along(task, verb):
        set_state(other, verb, by=by, at=at, data={"through": through})
        _carry(other, verb, by=by, at=at, through=through)


def _carried_along(task: Task, verb: Verb) -> list[Task]:
    below = select(Task).where(Task.parent_id == task.id).order_by(Task.id)
    if verb is Verb.SEND and task.is_series:
        return []  # its lines are the pattern for those of its occurrences
    if verb in {Verb.SEND, Verb.DISCARD}:
        return list(
            db.session.scalars(below.where(Task.tie.in_(DRAFTED_BELOW), Task.state == State.DRAFT))
        )
    if verb is Verb.CANCEL:
        carried = Task.tie.in_([Tie.LINE, *PARTED])
        return list(db.session.scalars(below.where(carried, Task.state.in_(OPEN))))
    if verb is Verb.RESTORE:
        gone = db.session.scalars(below.where(Task.state == State.CANCELLED))
        return [t for t in gone if _went_along(t)]
    return []


_GONE = (
    select(Event)
    .where(Event.task_id == bindparam("task_id"), Event.kind.in_([Kind.CANCEL, Kind.DISCARD]))
    .order_by(Event.id.desc())
    .limit(1)
)


def _went_along(task: Task) -> bool:
    """Tell whether a cancelled task was cancelled with the one above it, whatever has been taken back since."""
    last = db.session.scalar(_GONE, {"task_id": task.id})
    return last is not None and "through" in last.data


def _days_and_state(task: Task) -> dict[str, Any]:
    days = {name: getattr(task, name) for name in ("handed_in_on", "done_on", "done_by_on")}
    return {
        "state": task.state.value,
        "state_stated": task.state_stated,
        **{name: day.isoformat() if day else None for name, day in days.items()},
    }


def undoable(last: Event, *, by_id: int | None, at: datetime) -> bool:
    """Tell whether a task's last event is a move which this person made within the last ten minutes."""
    if last.kind not in _MOVE_KINDS or "through" in last.data:
        return False
    return last.by_id is not None and last.by_id == by_id and at - last.at <= UNDO_WITHIN


def undo(task: Task, *, by: Doer, at: datetime) -> Event:
    """Take one's own last move back, with whatever it carried along. Returns the event of that move.

    Raises OutOfTurn where there is none, or somebody has acted on a task it moved.
    """
    last = last_event(task)
    if last is None or not undoable(last, by_id=by.person_id, at=at):
        raise OutOfTurn(Verb.UNDO)
    moved = [last, *_carried_by(last)]
    if _is_acted_on(moved):
        raise OutOfTurn(Verb.UNDO)
    for event in moved:
        _take_back(event, by=by, at=at)
    return last


def moved_by(event: Event) -> list[int]:
    """Return the ids of the tasks that the move of an event changed: its own, and those carried along."""
    return [moved.task_id for moved in (event, *_carried_by(event)) if moved.task_id is not None]


_BEHIND = (
    select(Event)
    .where(Event.id > bindparam("event_id"), Event.kind == bindparam("kind"))
    .where(Event.at == bindparam("at"))
    .order_by(Event.id)
)


def _carried_by(event: Event) -> list[Event]:
    """Return the events of what a move carried along; they stand behind it, in the same instant."""
    move = {"event_id": event.id, "kind": event.kind, "at": event.at}
    found = db.session.scalars(_BEHIND, move)
    return [other for other in found if other.data.get("through") == event.id]


def _is_acted_on(moved: list[Event]) -> bool:
    tasks = [event.task_id for event in moved]
    newest = select(func.max(Event.id)).where(Event.task_id.in_(tasks)).group_by(Event.task_id)
    return set(db.session.scalars(newest)) != {event.id for event in moved}


def _take_back(event: Event, *, by: Doer, at: datetime) -> None:
    task, before = db.session.get_one(Task, event.task_id), event.data["before"]
    task.state = State(before["state"])
    task.state_stated = before["state_stated"]
    for name in ("handed_in_on", "done_on", "done_by_on"):
        setattr(task, name, date.fromisoformat(before[name]) if before[name] else None)
    task.moved_at = at
    db.session.flush()
    record(Kind.UNDONE, by=by, at=at, image=image_of(task), data={"undid": event.kind})
