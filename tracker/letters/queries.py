"""Letters that came down: about one task, on my desks, about many tasks at once, those nobody acknowledged."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from tracker.clock import day_of, midnight_after
from tracker.committees.models import Unit, UnitKind
from tracker.committees.standings import HeldSeat, Me
from tracker.db import UtcDateTime, among, db, within
from tracker.letters.rungs import Case, missed_since
from tracker.people.models import Person
from tracker.rules.queries import in_force
from tracker.tasks.glance import Query, rows
from tracker.tasks.lifecycle import OPEN, State, Tie
from tracker.tasks.models import DOWNWARD, Ask, AskKind, Task
from tracker.tasks.queries import seen_by
from tracker.tasks.spoken import is_answered_on_behalf
from tracker.tasks.timeliness import Timeliness, timeliness

MOST = 100  # letters read of one desk; more are named by their number


class Letter(NamedTuple):
    """A letter with the names it needs. `granted`: acknowledged or answered; false where it lapsed."""

    id: int
    kind: AskKind
    rung: int
    task_id: int
    to_unit_id: int
    asked_at: datetime
    words: str | None
    answer_by_on: date | None
    answered_at: datetime | None
    granted: bool | None
    answer: str | None
    sender_vi: str
    sender_en: str | None
    lead_vi: str
    lead_en: str | None
    asked_by: str | None
    answered_by: str | None
    title_vi: str
    title_en: str | None
    is_behalf: bool = False  # answered by a word that somebody else wrote down

    @property
    def is_open(self) -> bool:
        """Tell whether it still waits for its receipt or its answer."""
        return self.answered_at is None


_sender, _lead, _asker, _answerer = aliased(Unit), aliased(Unit), aliased(Person), aliased(Person)
_letter = aliased(Ask)  # what may be seen asks for rows of Ask itself
_OWN = tuple(getattr(_letter, name) for name in Letter._fields if hasattr(Ask, name))
_LETTERS = (
    select(
        *_OWN,
        _sender.name_vi,
        _sender.name_en,
        _lead.name_vi,
        _lead.name_en,
        _asker.name,
        _answerer.name,
        Task.title_vi,
        Task.title_en,
        is_answered_on_behalf(_letter),
    )
    .join(Task, Task.id == _letter.task_id)
    .join(_sender, _sender.id == _letter.from_unit_id)
    .join(_lead, _lead.id == _letter.to_unit_id)
    .outerjoin(_asker, _asker.id == _letter.asked_by_id)
    .outerjoin(_answerer, _answerer.id == _letter.answered_by_id)
    .where(_letter.kind.in_(DOWNWARD))
)


def _read(letters: Query, **given: Any) -> list[Letter]:
    return [Letter._make(row) for row in rows(letters, given)]


# Made once: to put a statement together costs more than to run it.
_OF_TASK = _LETTERS.where(_letter.task_id == bindparam("task_id")).order_by(_letter.id.desc())
_WAITING = (
    _LETTERS.where(_letter.answered_at.is_(None), among(_letter.to_unit_id))
    .order_by(_letter.id)
    .limit(MOST)
)


def of_task(task_id: int) -> list[Letter]:
    """Return every letter about a task, the newest first."""
    return _read(_OF_TASK, task_id=task_id)


def waiting(me: Me) -> list[Letter]:
    """Return the letters that the units of `me` have still to acknowledge or to answer, the gravest first."""
    found = _read(_WAITING, ids=me.own | me.heads)
    return sorted(found, key=lambda letter: (-_GRAVITY[letter.kind], -letter.rung, letter.id))


_GRAVITY = {AskKind.EXPLANATION: 2, AskKind.URGING: 1, AskKind.ASSIGNMENT: 0, AskKind.HAND_IN: 0}


_OPEN = (
    select(Ask)
    .where(among(Ask.task_id), Ask.kind.in_(DOWNWARD), Ask.answered_at.is_(None))
    .order_by(Ask.id)
)


def open_of(task_ids: Collection[int]) -> list[Ask]:
    """Return the open letters about these tasks, for whoever answers them or lets them lapse."""
    return list(db.session.scalars(_OPEN, {"ids": task_ids}))


def has_part(part: Task, unit_id: int) -> bool:
    """Tell whether a unit has another part of the task of which this is the part of one unit."""
    if part.tie is not Tie.FANOUT:
        return False
    others = select(Task.id).where(Task.parent_id == part.parent_id, Task.tie == Tie.FANOUT)
    own = others.where(Task.lead_id == unit_id, Task.id != part.id)
    return db.session.scalar(own.where(Task.state != State.CANCELLED).limit(1)) is not None


def missed(me: Me, today: date) -> list[Letter]:
    """Return the assignments that other units have not acknowledged after two working days, the oldest first."""
    last = missed_since(today, in_force().calendar)
    return _read(_missed(me.seats), before=midnight_after(last))


@lru_cache(maxsize=512)
def _missed(seats: tuple[HeldSeat, ...]) -> Query:
    me = Me(seats=seats)
    waiting = _LETTERS.where(_letter.kind == AskKind.ASSIGNMENT, _letter.answered_at.is_(None))
    late = _letter.asked_at < bindparam("before", type_=UtcDateTime)
    others = ~within(_letter.to_unit_id, me.own | me.heads)
    return waiting.where(late, others, seen_by(me)).order_by(_letter.id).limit(MOST)


# --- many at once ------------------------------------------------------------------------------------


class Sent(NamedTuple):
    """A letter of urging, or one that asks for an explanation, as a list tells it."""

    task_id: int
    kind: AskKind
    rung: int
    to_unit_id: int
    asked_at: datetime
    answered_at: datetime | None


def sent_about(task_ids: Collection[int]) -> Mapping[int, Sequence[Sent]]:
    """Return the urgings and the requests for an explanation about each of the tasks, in their order."""
    found: dict[int, list[Sent]] = defaultdict(list)
    for row in rows(_sent(), {"ids": task_ids}):
        found[row[0]].append(Sent._make(row))
    return found


@lru_cache(maxsize=1)
def _sent() -> Query:
    columns = tuple(getattr(Ask, name) for name in Sent._fields)
    grave = Ask.kind.in_([AskKind.URGING, AskKind.EXPLANATION])
    return select(*columns).where(grave, among(Ask.task_id)).order_by(Ask.id)


class Led(Protocol):
    """A task as far as letters ask: an entity or a row."""

    @property
    def state(self) -> State: ...
    @property
    def lead_id(self) -> int: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def handed_in_on(self) -> date | None: ...
    @property
    def done_on(self) -> date | None: ...
    @property
    def done_by_on(self) -> date | None: ...


def case_of(
    task: Led,
    lead_kind: UnitKind,
    sent: Iterable[Sent | Letter],
    *,
    own: Collection[int],
    today: date,
    asks_time: bool,
) -> Case:
    """Return what decides on letters about a task; `own` are the units of whoever asks."""
    about = [letter for letter in sent if letter.to_unit_id == task.lead_id]
    rungs = {letter.rung for letter in about if _counts(letter, task.due_on)}
    owed = [s for s in about if s.kind is AskKind.EXPLANATION and s.answered_at is None]
    days = (task.due_on, task.handed_in_on, task.done_on, task.done_by_on)
    cell = timeliness(task.state, *days, today=today)
    return Case(
        state=task.state,
        is_overdue=cell is Timeliness.OVERDUE and task.state in OPEN,
        is_own=task.lead_id in own,
        is_collective=lead_kind is UnitKind.COLLECTIVE,
        rungs=frozenset(rungs),
        is_asked=bool(owed),
        asks_time=asks_time,
    )


_ASKS_TIME = select(Ask.id).where(
    Ask.task_id == bindparam("task_id"), Ask.kind == AskKind.EXTENSION, Ask.answered_at.is_(None)
)


def asks_time(task_id: int) -> bool:
    """Tell whether the lead has asked for more time and has no answer yet."""
    return bool(rows(_ASKS_TIME, {"task_id": task_id}))


def _counts(letter: Sent | Letter, due_on: date | None) -> bool:
    """A letter counts for the deadline that had passed when it was signed; a later one begins anew."""
    return letter.kind is AskKind.URGING and (due_on is None or day_of(letter.asked_at) > due_on)


@lru_cache(maxsize=512)
def own_units(seats: tuple[HeldSeat, ...]) -> frozenset[int]:
    """Return the units to which whoever holds these seats would write as to themselves."""
    me = Me(seats=seats)
    return me.own | me.acts
