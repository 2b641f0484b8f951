"""The tasks of a feed: what has a deadline and may be seen today, in two queries whatever there is."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select

from tracker.clock import midnight_after
from tracker.committees.models import Unit
from tracker.committees.standings import HeldSeat, Me
from tracker.db import UtcDateTime, among, db, within
from tracker.feeds.models import Covers, Feed
from tracker.history.models import Event
from tracker.tasks.glance import rows
from tracker.tasks.lifecycle import OPEN, State, Tie
from tracker.tasks.models import Task
from tracker.tasks.queries import no_line, seen_by

MOST = 2_000  # deadlines in one feed
BACK, AHEAD = timedelta(days=365), timedelta(days=730)
RECENT = timedelta(days=90)  # for so long a feed keeps what is done


class Dated(NamedTuple):
    """A task with a deadline, with the name of its lead; `changed_at` is the instant of its newest event."""

    id: int
    version: int
    state: State
    tie: Tie | None
    title_vi: str
    title_en: str | None
    due_words: str | None
    due_on: date
    due_time: time | None
    first_due_words: str | None
    first_due_on: date | None
    slips: int
    handed_in_on: date | None
    done_on: date | None
    done_by_on: date | None
    moved_at: datetime
    lead_vi: str
    lead_en: str | None
    changed_at: datetime


def wider(me: Me) -> frozenset[int]:
    """Return the units of the branch that somebody answers for or observes, besides their own."""
    return (me.branch | me.observed) - me.own - me.heads


def dated(me: Me, covers: Covers, today: date) -> list[Dated]:
    """Return the tasks of a feed by their day; where there are too many, those whose day is nearest."""
    found = _near(me, covers, today)
    ids = [row[0] for row in found]
    changed = {row[0]: row[1] for row in rows(_CHANGED, {"ids": ids})}
    made = (Dated._make((*row, changed.get(row[0], row[_MOVED_AT]))) for row in found)
    return sorted(made, key=attrgetter("due_on", "id"))


def _near(me: Me, covers: Covers, today: date) -> list[Row[Any]]:
    """Return the nearest on both sides of today, the nearer first."""
    given = {"today": today, "since": today - RECENT, "moved": midnight_after(today - RECENT)}
    to_come, past = (
        rows(query, given | {"until": until})
        for query, until in zip(
            _queries(me.seats, covers), (today + AHEAD, today - BACK), strict=True
        )
    )
    return sorted((*to_come, *past), key=lambda row: abs(row[_DUE_ON] - today))[:MOST]


_NAMES = tuple(name for name in Dated._fields if hasattr(Task, name))
_MOVED_AT, _DUE_ON = _NAMES.index("moved_at"), _NAMES.index("due_on")
_CHANGED = (
    select(Event.task_id, func.max(Event.at)).where(among(Event.task_id)).group_by(Event.task_id)
)


@lru_cache(maxsize=256)
def _queries(seats: tuple[HeldSeat, ...], covers: Covers) -> tuple[Select[Any], Select[Any]]:
    """Return what falls due from today on, and what fell due before; made once for the same seats."""
    me = Me(seats=seats)
    columns = (*(getattr(Task, name) for name in _NAMES), Unit.name_vi, Unit.name_en)
    found = select(*columns).join(Unit, Unit.id == Task.lead_id)
    found = found.where(_covered(me, covers), _fresh(), seen_by(me)).limit(MOST)
    today, until = (bindparam(name, type_=Task.due_on.type) for name in ("today", "until"))
    to_come = found.where(Task.due_on >= today, Task.due_on <= until)
    past = found.where(Task.due_on < today, Task.due_on >= until)
    return to_come.order_by(Task.due_on, Task.id), past.order_by(Task.due_on.desc(), Task.id)


def _covered(me: Me, covers: Covers) -> ColumnElement[bool]:
    """Own work: what one's units lead, their lines too; of the branch whole tasks only."""
    own = within(Task.lead_id, me.own | me.heads)
    if covers is Covers.OWN:
        return own
    return or_(own, and_(no_line(), within(Task.lead_id, wider(me))))


def _fresh() -> ColumnElement[bool]:
    """What is open, and what was done not long ago; by the day of the last move where its own is not stated."""
    moved = and_(Task.done_on.is_(None), Task.moved_at >= bindparam("moved", type_=UtcDateTime))
    recent = or_(Task.done_on >= bindparam("since"), moved)
    return or_(Task.state.in_(OPEN), and_(Task.state == State.DONE, recent))


# --- addresses --------------------------------------------------------------------------------------


def by_hash(token_hash: str) -> Feed | None:
    """Return the feed that is read under a token, unless it has ended."""
    return db.session.scalar(
        select(Feed).where(Feed.token_hash == token_hash, Feed.ended_at.is_(None))
    )


def of_person(person_id: int) -> Feed | None:
    """Return the feed somebody has now."""
    return db.session.scalar(
        select(Feed).where(Feed.person_id == person_id, Feed.ended_at.is_(None))
    )
