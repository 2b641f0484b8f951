"""Figures that cost a lot to work out, kept in this process until something happens.

Whatever a figure rests on is told by an event in the transaction that changes it, so what was worked out since the
newest event still holds. For reading only: a transaction that has written sees more than others may.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import func, select

from tracker.db import db
from tracker.history.models import Event

T = TypeVar("T")
_KEPT = 2_000
_NEWEST = select(func.max(Event.id))


def newest_event() -> int:
    """Return the id of the newest event, 0 before the first."""
    return db.session.connection().execute(_NEWEST).scalar() or 0


def remembered(key: Hashable, work_out: Callable[[], T]) -> T:
    """Return what `work_out` gives, or gave under the same key since the newest event.

    The key names everything it rests on besides the rows: the day, the seats of whoever asks, the filters.
    """
    newest = (
        newest_event()
    )  # read first: what comes in between only makes the figure be worked out again
    kept: OrderedDict[Hashable, tuple[int, Any]] = current_app.extensions.setdefault(
        "memory", OrderedDict()
    )
    if key in kept and kept[key][0] == newest:
        kept.move_to_end(key)
        return kept[key][1]  # type: ignore[no-any-return]
    found = work_out()
    kept[key] = (newest, found)
    kept.move_to_end(key)
    while len(kept) > _KEPT:
        kept.popitem(last=False)
    return found
