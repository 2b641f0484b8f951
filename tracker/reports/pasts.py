"""Past days as they were for everybody, kept in this process: what a trend counts again for each reader.

The past does not change, but who may see its tasks does: so the days are kept, and the rights are asked anew.
"""

from array import array
from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import compress
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import Select, Text, cast, func, select

from tracker.clock import midnight_after
from tracker.committees.standings import Me
from tracker.db import among, db
from tracker.history.memory import newest_event
from tracker.history.models import Event
from tracker.plans.models import Plan
from tracker.reports.chart import Point
from tracker.reports.grid import Grid
from tracker.reports.queries import (
    cell_of,
    document_ids,
    newest_before,
    unit_ids,
)
from tracker.reports.scopes import Scope
from tracker.tasks.models import Task
from tracker.tasks.queries import seen_by

_KEPT = 24  # days; about 2 MB each at a hundred thousand tasks
_FEW = 20_000  # tasks whose ids are handed over; where there are more, all that may be seen are asked for


class Past(NamedTuple):
    """Every task that counted at the end of a day, column by column; 0 stands for no plan, no document."""

    tasks: "array[int]"
    leads: "array[int]"
    plans: "array[int]"
    documents: "array[int]"
    cells: bytes
    first_cells: bytes


_Kept = OrderedDict[date, tuple[int, Past]]


def points(me: Me, scope: Scope, days: Sequence[date]) -> list[Point]:
    """Return how the tasks of the scope that `me` may see today stood at the end of each day; no lines."""
    pasts = [_kept(day) for day in days]
    chosen = [_chosen(past, scope) for past in pasts]
    wanted = set().union(*(compress(past.tasks, c) for past, c in zip(pasts, chosen, strict=True)))
    visible = _visible(me, wanted) if wanted else frozenset()
    return [
        Point(day, _counted(past, of_scope, visible, first=scope.first))
        for day, past, of_scope in zip(days, pasts, chosen, strict=True)
    ]


def _counted(past: Past, of_scope: bytes, visible: Collection[int], *, first: bool) -> Grid:
    cells = compress(past.first_cells if first else past.cells, of_scope)
    seen = map(visible.__contains__, compress(past.tasks, of_scope))
    return Grid.of(Counter(compress(cells, seen)))


def _chosen(past: Past, scope: Scope) -> bytes:
    """Return for each task whether it belonged to the scope on that day."""
    chosen = bytes([1]) * len(past.tasks)
    if scope.unit is not None:
        chosen = _both(
            chosen, map(set(db.session.scalars(unit_ids(scope))).__contains__, past.leads)
        )
    if scope.plan is not None:
        chosen = _both(chosen, map(scope.plan.__eq__, past.plans))
    if scope.document is not None:
        chosen = _both(chosen, _rests_on(past, document_ids(scope)))
    return chosen


def _both(one: Iterable[Any], other: Iterable[Any]) -> bytes:
    return bytes(bool(a and b) for a, b in zip(one, other, strict=True))


def _rests_on(past: Past, documents: Collection[int]) -> Iterable[bool]:
    """Yield whether a task rested on one of the documents: its own source, else its plan's of today."""
    carried = select(Plan.id, Plan.document_id).where(Plan.document_id.is_not(None))
    through = {row[0]: row[1] for row in db.session.execute(carried)}
    pairs = zip(past.documents, past.plans, strict=True)
    return ((own or through.get(plan, 0)) in documents for own, plan in pairs)


def _visible(me: Me, wanted: Collection[int]) -> Collection[int]:
    """Return which of the tasks may be seen today, in one value: a row for each would take longer."""
    seen = select(Task.id).where(seen_by(me))
    given = {}
    if len(wanted) <= _FEW:
        seen, given = seen.where(among(Task.id)), {"ids": wanted}
    ids = seen.subquery().c.id
    joined = select(func.aggregate_strings(cast(ids, Text), ","))
    text = db.session.connection().execute(joined, given).scalar()
    return frozenset(map(int, text.split(","))) if text else frozenset()


# --- kept ------------------------------------------------------------------------------------------------


def _kept(day: date) -> Past:
    """Return a past day, worked out once; anew only if something was entered for it afterwards."""
    kept: _Kept = current_app.extensions.setdefault("pasts", OrderedDict())
    newest = newest_event()
    holds = day in kept and not _is_rewritten(day, kept[day][0])
    past = kept[day][1] if holds else _past(day)
    kept[day] = (newest, past)
    kept.move_to_end(day)
    while len(kept) > _KEPT:
        kept.popitem(last=False)
    return past


def _is_rewritten(day: date, known: int) -> bool:
    later = select(Event.id).where(Event.id > known, Event.at < midnight_after(day))
    return db.session.execute(later.limit(1)).first() is not None


def _past(day: date) -> Past:
    rows = db.session.connection().execute(_told(day)).all()
    columns = zip(*rows, strict=True) if rows else [()] * len(Past._fields)
    tasks, leads, plans, documents, cells, first_cells = columns
    ids = array("i", tasks), array("i", leads), array("i", plans), array("i", documents)
    return Past(*ids, bytes(cells), bytes(first_cells))


def _told(day: date) -> Select[*tuple[Any, ...]]:
    """Return what counted at the end of a day, in the order of the columns kept."""
    cells = (cell_of(Event, due, day) for due in (Event.due_on, Event.first_due_on))
    plan, document = func.coalesce(Event.plan_id, 0), func.coalesce(Event.document_id, 0)
    told = select(Event.task_id, Event.lead_id, plan, document, *cells)
    return told.where(Event.id.in_(newest_before(day)), Event.counted.is_(True))
