"""What lies on somebody's desk, as rows of a digest: as many queries for a thousand tasks as for one."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from tracker.clock import ZONE, day_of
from tracker.committees.standings import Me
from tracker.db import among, db, within
from tracker.digests import values
from tracker.digests.known import MOST, Known, known
from tracker.digests.reasons import Reasons
from tracker.digests.shared import Shared
from tracker.digests.steps import verbs_of
from tracker.digests.values import Letter, Row
from tracker.documents.models import Document
from tracker.history.models import Event
from tracker.plans.models import Plan
from tracker.policy import Verb
from tracker.reviews.asked import Asked, answered_to, open_about
from tracker.reviews.queries import on_desk
from tracker.tasks.glance import rows
from tracker.tasks.lifecycle import (
    OPEN,
    State,
    Tie,
)
from tracker.tasks.models import DOWNWARD, Ask, AskKind, Task
from tracker.tasks.queries import seen_by
from tracker.tasks.spoken import on_behalf

_ANSWERED_WITHIN = timedelta(days=60)  # no digest has been waited for so long


class Answer(NamedTuple):
    """A hand-in or its return: from which unit, on which day, in which words."""

    unit_id: int
    on: date
    words: str | None


class Stuck(NamedTuple):
    """A difficulty: of which unit, on which desk since when, in which words."""

    unit_id: int
    desk_id: int
    on: date
    words: str | None


@dataclass(frozen=True)
class Desk:
    """What lies on somebody's desk: rows to compose from, and what is told of each task.

    `wishes` for more time wait for an answer, those of `to_answer` for the reader's; `answers` came to their own.
    """

    rows: tuple[Row, ...]
    tasks: Mapping[int, Known]
    verbs: Mapping[int, frozenset[Verb]]
    hand_ins: Mapping[int, Answer]
    returns: Mapping[int, Answer]
    documents: Mapping[int, Document]
    wishes: Mapping[int, Asked]
    to_answer: frozenset[int]
    answers: Mapping[int, Asked]
    stuck: Mapping[int, Stuck] = field(default_factory=dict)  # difficulties on the reader's desk
    behalf: frozenset[int] = frozenset()  # whose lead spoke last through somebody else


def desk_of(me: Me, whole: Shared, today: date) -> Desk:
    """Return what lies on the desk of `me` on a day."""
    asks = _asks(me)
    tasks = known(_lies_before(me, whole, asks), Task.state != State.DRAFT)
    letters = _letters(asks)
    hand_ins = {a.task_id: _handed_in(a) for a in asks if a.kind is AskKind.HAND_IN}
    person_id = me.person.id if me.person else 0
    touched = dict(rows(_TOUCHED, {"ids": tasks.keys(), "me": person_id}))
    returned = [task.id for task in tasks.values() if task.state is State.RETURNED]
    sources = _documents([task_id for task_id in letters if task_id in tasks])
    wishes = open_about(tasks.keys())
    to_answer = frozenset(i for i, asked in wishes.items() if asked.to_unit_id in me.acts)
    answers = _answers(me, today)
    behalf = on_behalf(tasks.keys())
    stuck = {a.task_id: _stuck(a) for a in asks if a.kind is AskKind.DIFFICULTY}
    rest = (hand_ins, _returns(returned), sources, wishes, to_answer, answers, stuck, behalf)
    desk = Desk((), tasks, verbs_of(me, tasks, wishes, today), *rest)
    reasons = Reasons(me, today)
    made = (_row(me, task, desk, letters, touched, reasons, today) for task in tasks.values())
    return replace(desk, rows=tuple(made))


def _answers(me: Me, today: date) -> dict[int, Asked]:
    """Return what was answered lately to wishes of the units of `me`."""
    since = datetime.combine(today - _ANSWERED_WITHIN, time(), ZONE)
    return answered_to(me.own | me.heads, since, me.person.id if me.person else 0)


def _lies_before(me: Me, whole: Shared, asks: list[Any]) -> ColumnElement[bool]:
    """Return the condition that a task lies on the desk, was written about to it, or is in one's charge."""
    lies = on_desk(me)
    if asked := {ask.task_id for ask in asks}:
        lies = or_(lies, within(Task.id, asked))
    if charge := frozenset().union(*(whole.in_charge.get(s.seat_id, ()) for s in me.seats)):
        lies = or_(lies, and_(within(Task.id, charge), Task.state.in_(OPEN), seen_by(me)))
    return lies


def _row(
    me: Me,
    task: Known,
    desk: Desk,
    letters: Mapping[int, list[tuple[Letter, int]]],
    touched: Mapping[int, int],
    reasons: Reasons,
    today: date,
) -> Row:
    is_line = task.tie is Tie.LINE and task.parent_id
    about, stuck = letters.get(task.id, []), desk.stuck.get(task.id)
    addressed = [unit_id for _letter, unit_id in about]
    is_asked, lies_with = task.id in desk.to_answer, stuck and stuck.desk_id
    return Row(
        task_id=task.id,
        root_id=task.parent_id if is_line and task.parent_id else task.id,
        state=task.state,
        due_on=task.due_on,
        handed_in_on=task.handed_in_on,
        reasons=tuple(reasons.of(task, addressed, is_asked, lies_with)),
        touched=touched.get(task.id, 0),
        letters=tuple(letter for letter, _unit in about),
        waits_since=_waits_since(me, task, desk),
        answer=_answer(task, desk),
        cycles=task.cycles(today),
    )


def _answer(task: Known, desk: Desk) -> values.Answer | None:
    """Return that a wish of the present lead was answered, as long as no newer one waits."""
    asked = desk.answers.get(task.id)
    if asked is None or asked.answered_on is None or asked.from_unit_id != task.lead_id:
        return None
    return None if task.id in desk.wishes else values.Answer(asked.id, asked.answered_on)


# --- what has come down, and what has come up -------------------------------------------------------


_ASKS = (
    select(
        Ask.id,
        Ask.kind,
        Ask.rung,
        Ask.task_id,
        Ask.from_unit_id,
        Ask.to_unit_id,
        Ask.asked_at,
        Ask.words,
        Ask.answer_by_on,
    )
    .where(Ask.answered_at.is_(None), among(Ask.to_unit_id))
    .order_by(Ask.id)
    .limit(MOST)
)


def _asks(me: Me) -> list[Any]:
    """Return what lies open before the person: letters to their units, hand-ins they may answer."""
    own, acts = me.own | me.heads, me.acts
    found = rows(_ASKS, {"ids": own | acts})
    return [ask for ask in found if ask.to_unit_id in (own if ask.kind in DOWNWARD else acts)]


def _letters(asks: list[Any]) -> dict[int, list[tuple[Letter, int]]]:
    """Return the letters about each task with the unit each is addressed to."""
    found: dict[int, list[tuple[Letter, int]]] = defaultdict(list)
    for ask in asks:
        if ask.kind in DOWNWARD:
            day = day_of(ask.asked_at)
            letter = (ask.id, ask.kind.value, ask.rung, ask.from_unit_id, day)
            letters = found[ask.task_id]
            letters.append((Letter(*letter, ask.words, ask.answer_by_on), ask.to_unit_id))
    return found


def _handed_in(ask: Any) -> Answer:
    return Answer(ask.from_unit_id, day_of(ask.asked_at), ask.words)


def _stuck(ask: Any) -> Stuck:
    return Stuck(ask.from_unit_id, ask.to_unit_id, day_of(ask.asked_at), ask.words)


def _waits_since(me: Me, task: Known, desk: Desk) -> date | None:
    if task.id in desk.to_answer:
        return desk.wishes[task.id].asked_on
    if task.id in desk.stuck:
        return desk.stuck[task.id].on
    if task.state is not State.SUBMITTED or task.verdict_unit_id not in me.acts:
        return None
    return desk.hand_ins[task.id].on if task.id in desk.hand_ins else task.handed_in_on


_TOUCHED = (
    select(Event.task_id, func.max(Event.id))
    .where(among(Event.task_id), or_(Event.by_id.is_(None), Event.by_id != bindparam("me")))
    .group_by(Event.task_id)
)
_RETURNED = (
    select(Ask.task_id, Ask.to_unit_id, Ask.answered_at, Ask.answer)
    .where(Ask.kind == AskKind.HAND_IN, Ask.granted.is_(False), among(Ask.task_id))
    .order_by(Ask.answered_at, Ask.id)
)


def _returns(ids: list[int]) -> dict[int, Answer]:
    """Return how the newest hand-in of each task came back."""
    found = rows(_RETURNED, {"ids": ids}) if ids else ()
    return {task_id: Answer(unit_id, day_of(at), words) for task_id, unit_id, at, words in found}


_SOURCES = (
    select(Task.id, Document)
    .join_from(Task, Plan, Plan.id == Task.plan_id, isouter=True)
    .join(Document, Document.id == func.coalesce(Task.document_id, Plan.document_id))
    .where(among(Task.id))
)


def _documents(ids: list[int]) -> dict[int, Document]:
    """Return the assigning document of each task: its own, else its plan's."""
    found = db.session.execute(_SOURCES, {"ids": ids}) if ids else ()
    return {row[0]: row[1] for row in found}
