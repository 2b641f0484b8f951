"""Figures that cost a lot to work out, kept in this process until something happens.

Whatever a figure rests on is told by an event in the transaction that changes it, so what was worked out since the
newest event still holds. For reading only: a transaction that has written sees more than others may.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from flask import current_app, g
from sqlalchemy import select
from sqlalchemy.orm import SessionTransaction

from tracker.db import db, is_writing
from tracker.history.models import Event

T = TypeVar("T")
_KEPT = 2_000
_NEWEST = select(Event.id, Event.at).order_by(Event.id.desc()).limit(1)


@dataclass(frozen=True)
class Seen:
    """The newest event as a transaction sees it."""

    transaction: SessionTransaction | None = None
    newest: int = 0
    at: datetime | None = None
    has_written: bool = False


def newest_event() -> int:
    """Return the id of the newest event, 0 before the first; asked once in a transaction that has written none."""
    return _seen().newest


def mark() -> tuple[int, datetime | None]:
    """Return the newest event's id with its instant: after a backup was brought back, the same id is another event."""
    seen = _seen()
    return seen.newest, seen.at


def _seen() -> Seen:
    seen: Seen = g.get("seen_events") or Seen()
    if seen.transaction is None or seen.transaction is not db.session().get_transaction():
        newest = db.session.connection().execute(_NEWEST).first() or (0, None)
        seen = g.seen_events = Seen(db.session().get_transaction(), *newest)
    return seen


def note(event_id: int) -> None:
    """Remember that this transaction has written an event: what it sees from now on is not yet everybody's."""
    g.seen_events = Seen(db.session().get_transaction(), event_id, has_written=True)


def remembered(key: Hashable, work_out: Callable[[], T]) -> T:
    """Return what `work_out` gives, or gave under the same key since the newest event.

    The key names everything it rests on besides the rows: the day, the seats of whoever asks, the filters.
    """
    # Read first: what comes in between only makes the figure be worked out again.
    newest = mark()
    kept: OrderedDict[Hashable, tuple[Any, Any]] = current_app.extensions.setdefault(
        "memory", OrderedDict()
    )
    if key in kept and kept[key][0] == newest:
        kept.move_to_end(key)
        return kept[key][1]  # type: ignore[no-any-return]
    found = work_out()
    if is_writing() or g.seen_events.has_written:
        return found  # what is written may yet be taken back, and another event get the same id
    kept[key] = (newest, found)
    kept.move_to_end(key)
    while len(kept) > _KEPT:
        kept.popitem(last=False)
    return found
