"""What lies on somebody's desk, as rows of a digest: as many queries for a thousand tasks as for one."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from tracker.clock import day_of
from tracker.committees.standings import Me
from tracker.db import among, db, within
from tracker.digests.reasons import Reasons
from tracker.digests.shared import Shared
from tracker.digests.values import Letter, Row
from tracker.documents.models import Document
from tracker.history.models import Event
from tracker.plans.models import Plan
from tracker.policy import Standing, Verb, may
from tracker.reviews.queries import on_desk
from tracker.tasks.glance import rows
from tracker.tasks.lifecycle import OPEN, PARTED, Facts, State, Tie, possible
from tracker.tasks.models import DOWNWARD, Ask, AskKind, Task
from tracker.tasks.queries import seen_by

MOST = 1_000  # tasks read of one desk


class Known(NamedTuple):
    """A task as far as a digest tells it."""

    id: int
    title_vi: str
    title_en: str | None
    tie: Tie | None
    parent_id: int | None
    state: State
    lead_id: int
    assigner_id: int
    verdict_unit_id: int
    holder_seat_id: int | None
    leader_seat_id: int | None
    product_vi: str | None
    product_en: str | None
    due_words: str | None
    due_on: date | None
    handed_in_on: date | None


class Answer(NamedTuple):
    """A hand-in or its return: from which unit, on which day, in which words."""

    unit_id: int
    on: date
    words: str | None


@dataclass(frozen=True)
class Desk:
    """What lies on somebody's desk: rows to compose from, and what is told of each task."""

    rows: tuple[Row, ...]
    tasks: Mapping[int, Known]
    verbs: Mapping[int, frozenset[Verb]]
    hand_ins: Mapping[int, Answer]
    returns: Mapping[int, Answer]
    documents: Mapping[int, Document]


# Statements are made once: to put one together costs more than to run it.
_KNOWN = (
    select(*(Task.__table__.c[name] for name in Known._fields))
    .order_by(Task.due_on.asc().nulls_last(), Task.id)
    .limit(MOST)
)


def known(*conditions: ColumnElement[bool]) -> dict[int, Known]:
    """Return the tasks that meet the conditions; whoever asks has seen to it that they may be seen."""
    return {row[0]: Known._make(row) for row in rows(_KNOWN.where(*conditions))}


def desk_of(me: Me, whole: Shared, today: date) -> Desk:
    """Return what lies on the desk of `me` on a day."""
    asks = _asks(me)
    tasks = known(_lies_before(me, whole, asks), Task.state != State.DRAFT)
    letters = _letters(asks)
    hand_ins = {a.task_id: _handed_in(a) for a in asks if a.kind is AskKind.HAND_IN}
    person_id = me.person.id if me.person else 0
    touched = dict(rows(_TOUCHED, {"ids": tasks.keys(), "me": person_id}))
    reasons = Reasons(me, today)
    made = [
        _row(task, letters.get(task.id, []), touched, reasons, _waits_since(me, task, hand_ins))
        for task in tasks.values()
    ]
    returned = [task.id for task in tasks.values() if task.state is State.RETURNED]
    sources = _documents([task_id for task_id in letters if task_id in tasks])
    return Desk(tuple(made), tasks, _verbs(me, tasks), hand_ins, _returns(returned), sources)


def _lies_before(me: Me, whole: Shared, asks: list[Any]) -> ColumnElement[bool]:
    """Return the condition that a task lies on the desk, was written about to it, or is in one's charge."""
    lies = on_desk(me)
    if asked := {ask.task_id for ask in asks}:
        lies = or_(lies, within(Task.id, asked))
    if charge := frozenset().union(*(whole.in_charge.get(s.seat_id, ()) for s in me.seats)):
        lies = or_(lies, and_(within(Task.id, charge), Task.state.in_(OPEN), seen_by(me)))
    return lies


def _row(
    task: Known,
    letters: list[tuple[Letter, int]],
    touched: Mapping[int, int],
    reasons: Reasons,
    waits_since: date | None,
) -> Row:
    is_line = task.tie is Tie.LINE and task.parent_id
    return Row(
        task_id=task.id,
        root_id=task.parent_id if is_line and task.parent_id else task.id,
        state=task.state,
        due_on=task.due_on,
        handed_in_on=task.handed_in_on,
        reasons=tuple(reasons.of(task, [unit_id for _letter, unit_id in letters])),
        touched=touched.get(task.id, 0),
        letters=tuple(letter for letter, _unit in letters),
        waits_since=waits_since,
    )


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


def _waits_since(me: Me, task: Known, hand_ins: Mapping[int, Answer]) -> date | None:
    if task.state is not State.SUBMITTED or task.verdict_unit_id not in me.acts:
        return None
    return hand_ins[task.id].on if task.id in hand_ins else task.handed_in_on


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


# --- what may be done -------------------------------------------------------------------------------


_FANNED_OUT = select(Task.parent_id).where(among(Task.parent_id), Task.tie.in_(PARTED)).distinct()


def _verbs(me: Me, tasks: Mapping[int, Known]) -> dict[int, frozenset[Verb]]:
    own, heads, acts = me.own, me.heads, me.acts
    parents = {row[0] for row in rows(_FANNED_OUT, {"ids": tasks.keys()})}
    found = {}
    for task_id, task in tasks.items():
        facts = Facts(
            task.state, task.tie is Tie.LINE, task.lead_id == task.assigner_id, task_id in parents
        )
        held = (task.lead_id in own, task.lead_id in heads, task.verdict_unit_id in acts)
        found[task_id] = _allowed(facts, held)
    return found


@lru_cache(maxsize=4096)
def _allowed(facts: Facts, held: tuple[bool, bool, bool]) -> frozenset[Verb]:
    standings = [s for s, holds in zip(_STANDINGS, held, strict=True) if holds]
    return frozenset(verb for verb in (*possible(facts), *_IN_WORDS) if may(verb, standings))


_STANDINGS = (Standing.MEMBER, Standing.HEAD, Standing.VERDICT)
_IN_WORDS = (Verb.NOTE, Verb.ACKNOWLEDGE, Verb.EXPLAIN)
