"""The board: a column for each state, bands by urgency, at most 100 cards of a column on a page."""

import enum
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
    union_all,
)

from tracker.committees.standings import HeldSeat, Me
from tracker.db import among
from tracker.rules.queries import soon_until
from tracker.tasks.filters import Filters, conditions
from tracker.tasks.glance import Figures, Glance, Query, Stored, glances, rows, stored
from tracker.tasks.lifecycle import OPEN, State
from tracker.tasks.models import Task
from tracker.tasks.sources import overdue
from tracker.tasks.timeliness import Timeliness, timeliness

PAGE = 100  # cards of a column on one page
ALL = 1000  # the same where all are asked for

FOLDED = frozenset({State.DRAFT, State.DONE, State.ON_HOLD, State.CANCELLED})
FINISHED = frozenset({State.DONE, State.CANCELLED})
ORDER = (
    State.DRAFT,
    State.ASSIGNED,
    State.IN_PROGRESS,
    State.SUBMITTED,
    State.RETURNED,
    State.DONE,
    State.ON_HOLD,
    State.CANCELLED,
)


class Band(enum.StrEnum):
    """How urgent cards are, inside a column; what is finished is one band, the latest first."""

    OVERDUE = "overdue"
    SOON = "soon"
    IN_TIME = "in-time"
    NO_DEADLINE = "no-deadline"
    LATEST = "latest"


@dataclass
class Column:
    """One column: how many tasks it has in each band, and those on this page."""

    state: State
    counts: dict[Band, int] = field(default_factory=dict)
    cards: dict[Band, list[Glance]] = field(default_factory=lambda: defaultdict(list))

    @property
    def total(self) -> int:
        """Return how many tasks stand in this state."""
        return sum(self.counts.values())

    @property
    def shown(self) -> int:
        """Return how many of them are on this page."""
        return sum(map(len, self.cards.values()))

    @property
    def late(self) -> int:
        """Return how many are overdue."""
        return self.counts.get(Band.OVERDUE, 0)

    @property
    def bands(self) -> tuple[Band, ...]:
        """Return the bands this column has."""
        return (Band.LATEST,) if self.state in FINISHED else tuple(Band)[:-1]


class Statements(NamedTuple):
    """What reads a board."""

    counts: Query
    whole: Query
    page: Query


def read(me: Me, filters: Filters, today: date, figures: Figures | None = None) -> list[Column]:
    """Return the columns with the cards of one page; one column alone where only that is asked for."""
    soon = soon_until(today)
    statements = _statements(me.seats, filters, today, soon)
    columns = _columns(rows(statements.counts))
    # Where all fits on one page it is read in one go; to cut each column needs its own order.
    most = max(column.total for column in columns.values())
    is_whole = filters.page == 1 and most <= size(filters)
    chosen = statements.whole if is_whole else statements.page
    for glance in in_order(glances(me, chosen, today, figures), today):
        columns[glance.task.state].cards[band_of(glance.task, today, soon)].append(glance)
    return [columns[state] for state in wanted(filters)]


def counted(me: Me, filters: Filters, today: date) -> list[Column]:
    """Return the columns with their counts, and no card."""
    statements = _statements(me.seats, filters, today, soon_until(today))
    columns = _columns(rows(statements.counts))
    return [columns[state] for state in wanted(filters)]


def size(filters: Filters) -> int:
    """Return how many cards of a column stand on one page."""
    return ALL if filters.all else PAGE


def wanted(filters: Filters) -> Sequence[State]:
    """Return the columns asked for."""
    return (filters.column,) if filters.column else ORDER


@lru_cache(maxsize=512)
def _statements(
    seats: tuple[HeldSeat, ...], filters: Filters, today: date, soon: date
) -> Statements:
    """Made once for all who hold the same seats: to put them together costs more than to run them."""
    met = conditions(Me(seats=seats), filters, today, soon)
    of_columns = [Task.state == filters.column] if filters.column else []
    whole = stored(*met, *of_columns)
    return Statements(counts_of(met, today, soon), whole, page_of(met, filters, today))


def _columns(counts: Iterable[Any]) -> dict[State, Column]:
    columns = {state: Column(state) for state in ORDER}
    for state, count, late, soon, never in counts:
        if state in FINISHED:
            columns[state].counts = {Band.LATEST: count}
        else:
            figures = (late, soon, count - late - soon - never, never)
            columns[state].counts = dict(zip(columns[state].bands, figures, strict=True))
    return columns


def counts_of(met: Iterable[ColumnElement[bool]], today: date, soon: date) -> Query:
    """Return how many tasks stand in each state: all, overdue, due soon, never due."""
    is_soon = and_(Task.due_on.between(today, soon), ~_is_late(today))
    sums = (_is_late(today), is_soon, Task.due_on.is_(None))
    counts = (func.sum(case((condition, 1), else_=0)) for condition in sums)
    # By the bare column SQLite would walk along its index, and fetch each task of a large table for itself.
    state = type_coerce(Task.state + literal_column("''"), Task.state.type)
    return select(state, func.count(), *counts).where(*met).group_by(state)


def _is_late(today: date) -> ColumnElement[bool]:
    """A draft whose day has passed stands with the overdue, though it is nobody's fault yet."""
    return or_(overdue(today), and_(Task.state == State.DRAFT, Task.due_on < today))


# --- the order of a column ------------------------------------------------------------------------


def page_of(met: Sequence[ColumnElement[bool]], filters: Filters, today: date) -> Query:
    """Return the tasks of one page of the columns, as a `stored` query in no order."""
    pages = [_page(met, state, filters, today) for state in wanted(filters)]
    return stored(Task.id.in_(union_all(*pages) if len(pages) > 1 else pages[0]))


def _page(met: Iterable[ColumnElement[bool]], state: State, filters: Filters, today: date) -> Query:
    offset = (filters.page - 1) * size(filters) if filters.column else 0
    chosen = select(Task.id).where(Task.state == state, *met)
    page = chosen.order_by(*order(state, today)).limit(size(filters)).offset(offset).subquery()
    return select(page.c.id)


def order(state: State, today: date) -> tuple[Any, ...]:
    """Return the order of a column: by urgency, then the oldest; what is finished, the latest first."""
    if state is State.DONE:
        done_on = func.coalesce(Task.done_on, Task.done_by_on)
        return done_on.desc().nulls_last(), Task.id.desc()
    if state is State.CANCELLED:
        return Task.moved_at.desc(), Task.id.desc()
    by_due = (Task.due_on.asc().nulls_last(), Task.id)
    # A hand-in that came in time is not overdue, however long its day has passed.
    return (case((overdue(today), 0), else_=1), *by_due) if state is State.SUBMITTED else by_due


class Days(NamedTuple):
    """What of a task decides on its place in a column."""

    id: int
    state: State
    due_on: date | None
    handed_in_on: date | None
    done_on: date | None
    done_by_on: date | None
    moved_at: datetime


def in_order(found: Iterable[Glance], today: date) -> list[Glance]:
    """Return the glances in the order of their columns; the same order as `order` gives in the database."""
    return sorted(found, key=lambda glance: _key(glance.task, today))


def _key(task: Stored | Days, today: date) -> tuple[Any, ...]:
    if task.state is State.DONE:
        done_on = task.done_on or task.done_by_on
        return -(done_on or date.min).toordinal(), -task.id
    if task.state is State.CANCELLED:
        return -task.moved_at.timestamp(), -task.id
    return not stands_late(task, today), task.due_on or date.max, task.id


def stands_late(task: Stored | Days, today: date) -> bool:
    """Tell whether a task that is not finished stands with the overdue ones of its column."""
    days = (task.due_on, task.handed_in_on, None, None)
    return timeliness(task.state, *days, today=today) is Timeliness.OVERDUE


def band_of(task: Stored | Days, today: date, soon: date) -> Band:
    """Return the band of a task inside its column; `soon` is the last day on which a deadline is near."""
    if task.state in FINISHED:
        return Band.LATEST
    if task.due_on is None:
        return Band.NO_DEADLINE
    if stands_late(task, today):
        return Band.OVERDUE
    return Band.SOON if today <= task.due_on <= soon else Band.IN_TIME


def places(me: Me, filters: Filters, column: Column, today: date) -> list[tuple[int, Band]]:
    """Return which tasks stand on the first page of a column, in their order, with their bands."""
    is_whole, soon = column.total <= PAGE, soon_until(today)
    chosen = _places(me.seats, filters, column.state, today, soon, is_whole)
    found = map(Days._make, rows(chosen))
    in_place = sorted(found, key=lambda task: _key(task, today))
    return [(task.id, band_of(task, today, soon)) for task in in_place]


@lru_cache(maxsize=512)
def _places(
    seats: tuple[HeldSeat, ...],
    filters: Filters,
    state: State,
    today: date,
    soon: date,
    is_whole: bool,
) -> Query:
    columns = (getattr(Task, name) for name in Days._fields)
    chosen = select(*columns).where(
        Task.state == state, *conditions(Me(seats=seats), filters, today, soon)
    )
    # Asked for the first of an order, a database walks through all tasks in that order until it has a hundred.
    return chosen if is_whole else chosen.order_by(*order(state, today)).limit(PAGE)


# --- some of it -----------------------------------------------------------------------------------


def some(
    me: Me, filters: Filters, ids: Collection[int], today: date, figures: Figures | None = None
) -> list[Glance]:
    """Return those of the tasks that are on this board, in order."""
    chosen = _some(me.seats, filters, today, soon_until(today)).params(ids=ids)
    return in_order(glances(me, chosen, today, figures), today)


@lru_cache(maxsize=512)
def _some(seats: tuple[HeldSeat, ...], filters: Filters, today: date, soon: date) -> Query:
    return stored(among(Task.id), *conditions(Me(seats=seats), filters, today, soon))


def totals(columns: Iterable[Column]) -> Mapping[str, int]:
    """Return how many tasks there are in all, and how many open ones are overdue or due soon."""
    every = list(columns)
    still_open: Sequence[Column] = [column for column in every if column.state in OPEN]
    return {
        "total": sum(column.total for column in every),
        "late": sum(column.late for column in still_open),
        "soon": sum(column.counts.get(Band.SOON, 0) for column in still_open),
    }
