"""Acknowledging many assignments in one step: what no longer waits is named with the reason, the rest is done."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from tracker.committees.standings import Me
from tracker.db import db, within
from tracker.fields import read_id
from tracker.history.actions import Doer
from tracker.letters import actions
from tracker.letters.actions import AnsweredAlready
from tracker.letters.rungs import Refusal
from tracker.letters.together import MOST, Row, hold
from tracker.policy import Verb, may
from tracker.tasks.models import Ask, AskKind, Task
from tracker.tasks.queries import place_of, seen_by
from tracker.tasks.standings import standings

Hand = Callable[[Task], Doer]
Refused = list[tuple[int, Refusal]]


def ticked(values: Iterable[str]) -> list[int]:
    """Read which assignments were shown, each once."""
    ids = dict.fromkeys(map(read_id, values))
    return [ask_id for ask_id in ids if ask_id is not None][:MOST]


def acknowledge(me: Me, ask_ids: Sequence[int], *, by: Hand, at: datetime) -> tuple[int, Refused]:
    """Confirm receipt of each of these assignments; return how many, and those refused by their task's id."""
    asks = _asks(ask_ids)
    hold(sorted({Row(ask.task_id) for ask in asks}))
    seen = select(Task).where(seen_by(me), within(Task.id, [ask.task_id for ask in asks]))
    tasks = {task.id: task for task in db.session.scalars(seen)}
    refused: Refused = [(0, Refusal.UNSEEN)] * (len(ask_ids) - len(asks))
    for ask in asks:
        if why := _refusal(me, ask, tasks.get(ask.task_id), by, at):
            refused.append((ask.task_id, why))
    return len(ask_ids) - len(refused), refused


def _asks(ask_ids: Sequence[int]) -> list[Ask]:
    chosen = select(Ask).where(within(Ask.id, ask_ids), Ask.kind == AskKind.ASSIGNMENT)
    return list(db.session.scalars(chosen.order_by(Ask.id)))


def _refusal(me: Me, ask: Ask, task: Task | None, by: Hand, at: datetime) -> Refusal | None:
    """Confirm one receipt, or return what keeps the person from it."""
    if task is None:
        return Refusal.UNSEEN
    if not may(Verb.ACKNOWLEDGE, standings(me, place_of(task))):
        return Refusal.NOT_ALLOWED
    try:
        actions.acknowledge(ask, task, by=by(task), at=at)
    except AnsweredAlready:
        return Refusal.ANSWERED
    return None
