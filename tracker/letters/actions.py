"""Letters sent, acknowledged and answered, and the lead unit changed: an ask on a desk and an event, in one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tracker.committees.models import Seat, Unit, UnitKind
from tracker.db import db
from tracker.history.actions import Doer, record
from tracker.history.changes import apply
from tracker.history.models import Event, Kind
from tracker.letters.queries import has_part, open_of
from tracker.letters.rungs import Case, Refusal, Refused, next_rung, why_not
from tracker.policy import Verb
from tracker.tasks.actions import verdict_unit
from tracker.tasks.lifecycle import OPEN, PARTED, State, Tie
from tracker.tasks.models import DOWNWARD, UPWARD, Ask, AskKind, Task
from tracker.tasks.moves import image_of, set_state

# By what a lead does it shows that it has received a letter.
_SHOWS_RECEIPT = {
    Verb.START: {AskKind.ASSIGNMENT},
    Verb.REWORK: {AskKind.ASSIGNMENT},
    Verb.NOTE: {AskKind.ASSIGNMENT},
    Verb.HAND_IN: {AskKind.ASSIGNMENT, AskKind.URGING},
    Verb.FINISH: {AskKind.ASSIGNMENT, AskKind.URGING},
}
_RECEIVED = frozenset({AskKind.ASSIGNMENT, AskKind.URGING})  # what a receipt is enough for


class AnsweredAlready(Exception):
    """Somebody was faster: the letter no longer waits."""


@dataclass(frozen=True)
class Paper:
    """A letter as it was signed: its words, the day by which it asks for an answer, its rung."""

    words: str
    answer_by_on: date
    rung: int = 0


# --- down -----------------------------------------------------------------------------------------------


def urge(task: Task, paper: Paper, *, case: Case, by: Doer, at: datetime) -> Ask:
    """Send a letter of urging. Raises Refused where none fits, or not the one that was signed."""
    _check(Verb.URGE, case)
    if paper.rung != next_rung(case.rungs):
        raise Refused(Refusal.SENT_ALREADY)
    # Those of an earlier deadline, where the letters have begun anew.
    older = [a for a in open_of([task.id]) if a.kind is AskKind.URGING and a.rung >= paper.rung]
    _answer(older, by=by, at=at, granted=False)
    return _send(task, AskKind.URGING, Kind.URGED, paper, by=by, at=at)


def ask_explanation(task: Task, paper: Paper, *, case: Case, by: Doer, at: datetime) -> Ask:
    """Ask the lead to explain the delay. Raises Refused."""
    _check(Verb.ASK_EXPLANATION, case)
    return _send(task, AskKind.EXPLANATION, Kind.EXPLANATION_ASKED, paper, by=by, at=at)


def _check(verb: Verb, case: Case) -> None:
    if why := why_not(verb, case):
        raise Refused(why)


def _send(task: Task, kind: AskKind, told: Kind, paper: Paper, *, by: Doer, at: datetime) -> Ask:
    ask = _ask(task, kind, by.unit_id or task.verdict_unit_id, by=by, at=at)
    ask.words, ask.answer_by_on, ask.rung = paper.words, paper.answer_by_on, paper.rung
    db.session.flush()
    data: dict[str, Any] = {"ask": ask.id, "answer_by": paper.answer_by_on.isoformat()}
    rung = {"rung": paper.rung} if paper.rung else {}
    record(told, by=by, at=at, image=image_of(task), words=paper.words, data=data | rung)
    return ask


def _ask(task: Task, kind: AskKind, from_unit_id: int, *, by: Doer, at: datetime) -> Ask:
    ask = Ask(
        kind=kind,
        task_id=task.id,
        from_unit_id=from_unit_id,
        to_unit_id=task.lead_id,
        asked_at=at,
        asked_by_id=by.person_id,
        task_version=task.version,
    )
    db.session.add(ask)
    return ask


def assign(task_ids: Collection[int], *, by: Doer, at: datetime) -> None:
    """Ask each lead for a receipt; nobody sits in a group of units, and who gives to itself needs none."""
    chosen = select(Task).join(Unit, Unit.id == Task.lead_id).where(Task.id.in_(task_ids))
    given = chosen.where(Unit.kind != UnitKind.COLLECTIVE, Task.lead_id != Task.assigner_id)
    for task in db.session.scalars(given.order_by(Task.id)):
        _ask(task, AskKind.ASSIGNMENT, task.assigner_id, by=by, at=at)
    db.session.flush()


# --- answered -------------------------------------------------------------------------------------------


def acknowledge(ask: Ask, task: Task, *, by: Doer, at: datetime) -> Event:
    """Confirm receipt of a letter, and with it of those before it. Raises AnsweredAlready."""
    check_open(ask)
    earlier = [a for a in open_of([task.id]) if a.kind in _RECEIVED and a.id <= ask.id]
    _answer(earlier, by=by, at=at)
    data = {"asks": [a.id for a in earlier]}
    return record(Kind.ACKNOWLEDGED, by=by, at=at, image=image_of(task), data=data)


def explain(ask: Ask, task: Task, words: str, *, by: Doer, at: datetime) -> Event:
    """Explain the delay; whoever explains has received the other letters, too. Raises AnsweredAlready."""
    check_open(ask)
    _answer(open_of([task.id]), by=by, at=at)
    ask.answer = words
    db.session.flush()
    data = {"ask": ask.id}
    return record(Kind.EXPLAINED, by=by, at=at, image=image_of(task), words=words, data=data)


def check_open(ask: Ask) -> None:
    """Refuse what has left its desk already. Raises AnsweredAlready."""
    if ask.answered_at is not None:
        raise AnsweredAlready(ask.id)


def leave(
    ask: Ask, granted: bool | None, words: str | None = None, *, by: Doer, at: datetime
) -> None:
    """Take what was asked off its desk, with the answer. Raises AnsweredAlready."""
    check_open(ask)
    ask.answered_at, ask.answered_by_id = at, by.person_id
    ask.granted, ask.answer = granted, words
    db.session.flush()


def _answer(asks: Iterable[Ask], *, by: Doer, at: datetime, granted: bool = True) -> None:
    for ask in asks:
        ask.answered_at, ask.answered_by_id, ask.granted = at, by.person_id, granted
    db.session.flush()


# --- letters follow their tasks ---------------------------------------------------------------------------


def follow(verb: Verb, task_ids: Collection[int], *, by: Doer, at: datetime) -> None:
    """Let the letters follow what was just done to these tasks: received, lapsed, or an assignment sent."""
    shown = _SHOWS_RECEIPT.get(verb, set())
    asks = open_of(task_ids)
    _answer((ask for ask in asks if ask.kind in shown), by=by, at=at)
    _lapse_of([ask for ask in asks if ask.kind not in shown], by=by, at=at)
    if verb in {Verb.SEND, Verb.RESTORE}:
        assign(task_ids, by=by, at=at)


def follow_back(undone: Event, task_ids: Collection[int], *, by: Doer, at: datetime) -> None:
    """Let them follow a move taken back: what lapsed with it waits again, what came with it lapses."""
    lapsed = select(Ask).join(Task, Task.id == Ask.task_id)
    lapsed = lapsed.where(Ask.task_id.in_(task_ids), Ask.kind.in_(DOWNWARD), Task.state.in_(OPEN))
    for ask in db.session.scalars(lapsed.where(~Ask.granted, Ask.answered_at == undone.at)):
        ask.answered_at = ask.answered_by_id = ask.granted = None
    db.session.flush()
    _lapse_of(open_of(task_ids), by=by, at=at)


def lapse(task_ids: Iterable[int], kinds: Collection[AskKind], *, by: Doer, at: datetime) -> None:
    """Take the open letters of these kinds off the desks: with a later deadline they begin anew."""
    asks = open_of(list(task_ids))
    _answer((ask for ask in asks if ask.kind in kinds), by=by, at=at, granted=False)


def _lapse_of(asks: Collection[Ask], *, by: Doer, at: datetime) -> None:
    """Take off the desks what concerns a task that is on none any more."""
    states = _states({ask.task_id for ask in asks}) if asks else {}
    over = (ask for ask in asks if states[ask.task_id] not in OPEN)
    _answer(over, by=by, at=at, granted=False)


def _states(task_ids: Collection[int]) -> dict[int, State]:
    found = db.session.execute(select(Task.id, Task.state).where(Task.id.in_(task_ids)))
    return {row[0]: row[1] for row in found}


# --- another lead -----------------------------------------------------------------------------------------


def reassign(task: Task, lead: Unit, words: str, *, by: Doer, at: datetime) -> Event:
    """Pass a task to another lead unit; what hangs on the old one follows or lapses. Raises Refused."""
    _check(Verb.REASSIGN, Case(task.state, is_overdue=False))
    _check_lead(task, lead)
    old_id, below = task.lead_id, _below(task)
    waiting = [*open_of([task.id]), *_upward_of(task, AskKind.EXTENSION)]
    _answer(waiting, by=by, at=at, granted=False)
    _pass_on(task, lead, at=at)
    data = {"from": old_id, "to": lead.id}
    event = record(Kind.REASSIGNED, by=by, at=at, image=image_of(task), words=words, data=data)
    for other in below:
        _bring_along(other, task, old_id, by=by, at=at)
    assign([task.id], by=by, at=at)
    return event


def _check_lead(task: Task, lead: Unit) -> None:
    if lead.id == task.lead_id:
        raise Refused(Refusal.LEADS_ALREADY)
    if lead.kind is UnitKind.COLLECTIVE:
        raise Refused(Refusal.COLLECTIVE)
    if task.is_line and lead.id in _beside(task):
        raise Refused(Refusal.CO_ORDINATES)
    if has_part(task, lead.id):
        raise Refused(Refusal.HAS_PART)


def _beside(line: Task) -> set[int]:
    """Return the units that lead or co-ordinate the task a line is a part of."""
    parts = select(Task.lead_id).where(Task.parent_id == line.parent_id, Task.tie == Tie.LINE)
    leads = parts.where(Task.state != State.CANCELLED)
    whole = select(Task.lead_id).where(Task.id == line.parent_id)
    return {*db.session.scalars(leads), *db.session.scalars(whole)}


def _pass_on(task: Task, lead: Unit, *, at: datetime) -> None:
    """Set the lead; a judge who followed from the rule follows, one who was named stays."""
    follows = task.verdict_unit_id == verdict_unit(task.lead_id, task.assigner_id)
    seat = db.session.get(Seat, task.holder_seat_id) if task.holder_seat_id else None
    if seat is not None and seat.unit_id == task.lead_id:
        task.holder_seat_id = None
    task.lead_id, task.lead, task.moved_at = lead.id, lead, at
    if follows:
        task.verdict_unit_id = verdict_unit(lead.id, task.assigner_id)
    task.prov = {key: word for key, word in task.prov.items() if key not in {"lead", "verdict"}}
    db.session.flush()


def _below(task: Task) -> list[Task]:
    """Return the lines and children that were given out by the lead."""
    carried = Task.tie.in_([Tie.LINE, *PARTED])
    below = select(Task).where(Task.parent_id == task.id, carried, Task.assigner_id == task.lead_id)
    return list(db.session.scalars(below.order_by(Task.id)))


def _bring_along(other: Task, task: Task, old_id: int, *, by: Doer, at: datetime) -> None:
    """Let a line or child answer to the new lead; the new lead's own line ends, for the whole is theirs now."""
    made = apply(
        other, {"assigner_id": task.lead_id, "verdict_unit_id": _judge(other, task, old_id)}
    )
    for ask in _upward_of(other, *UPWARD):
        is_wish = ask.kind is AskKind.EXTENSION
        ask.to_unit_id = other.decider_id if is_wish else other.verdict_unit_id
    db.session.flush()
    data = made.data | {"changed": ["assigner_id"]}
    record(Kind.EDITED, by=by, at=at, image=image_of(other), data=data)
    if other.is_line and other.lead_id == task.lead_id and other.state in OPEN:
        set_state(other, Verb.CANCEL, by=by, at=at)
        follow(Verb.CANCEL, [other.id], by=by, at=at)


def _upward_of(task: Task, *kinds: AskKind) -> list[Ask]:
    """Return what the lead of a task has asked for and still waits for."""
    waiting = select(Ask).where(Ask.task_id == task.id, Ask.answered_at.is_(None))
    return list(db.session.scalars(waiting.where(Ask.kind.in_(kinds))))


def _judge(other: Task, task: Task, old_id: int) -> int:
    """Return who judges it now: the new lead, or by the rule, unless somebody was named for it."""
    if other.is_line:
        return task.lead_id
    follows = other.verdict_unit_id == verdict_unit(other.lead_id, old_id)
    return verdict_unit(other.lead_id, task.lead_id) if follows else other.verdict_unit_id
