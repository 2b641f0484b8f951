"""Which deadlines fall on which days, as far as somebody may see them; a number of queries that does not grow."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from tracker.calendars.scopes import Scope
from tracker.calendars.spans import Span
from tracker.committees.standings import Me
from tracker.db import within
from tracker.deadlines.calendar import month_end
from tracker.deadlines.readings import Kind
from tracker.tasks.filters import branch
from tracker.tasks.glance import Query, Stored, rows, stored
from tracker.tasks.lifecycle import UNCOUNTED, State, Tie
from tracker.tasks.models import Task
from tracker.tasks.queries import counted, seen_by
from tracker.tasks.sources import overdue

MOST = 4  # tasks that a day of a month shows
_PERIODS = (Kind.BY.value, Kind.PERIOD.value, Kind.YEAR.value)


class Tally(NamedTuple):
    """How many deadlines fall on a day, how many of them are overdue, how many are met."""

    total: int = 0
    late: int = 0
    done: int = 0


class Dated(NamedTuple):
    """A task with the deadline it was given first."""

    task: Stored
    first_due_on: date | None


class Group(NamedTuple):
    """How many deadlines say the same words of a period, and the day they mean."""

    words: str
    day: date
    number: int


def chosen(me: Me, scope: Scope, span: Span, today: date) -> list[ColumnElement[bool]]:
    """Return what a task must meet to stand in this calendar.

    Everything that counts and may be seen; of co-ordinators' parts only those of one's own units.
    """
    own = me.own | me.heads
    own_line = and_(Task.tie == Tie.LINE, Task.state.not_in(UNCOUNTED), within(Task.lead_id, own))
    met = [Task.due_on.between(*span), seen_by(me), or_(counted(), own_line)]
    if scope.mine:
        met.append(within(Task.lead_id, own))
    return [*met, *_narrowed(scope, today)]


def _narrowed(scope: Scope, today: date) -> Iterator[ColumnElement[bool]]:
    if scope.unit:
        yield Task.lead_id.in_(branch(scope.unit))
    if scope.plan:
        yield Task.plan_id == scope.plan
    if scope.late:
        yield overdue(today)
    if scope.words:
        yield Task.due_words == scope.words


def tallies(me: Me, scope: Scope, span: Span, today: date) -> dict[date, Tally]:
    """Return how the deadlines of each day stand, in one query."""
    late = func.sum(case((overdue(today), 1), else_=0))
    done = func.sum(case((Task.state == State.DONE, 1), else_=0))
    counts = select(Task.due_on, func.count(), late, done).where(*chosen(me, scope, span, today))
    return {day: Tally(*numbers) for day, *numbers in rows(counts.group_by(Task.due_on))}


def first_of_days(me: Me, scope: Scope, span: Span, today: date) -> list[Dated]:
    """Return the first few tasks of each day: what is overdue, what is open, what is done."""
    place = func.row_number().over(partition_by=Task.due_on, order_by=_order(today))
    ranked = select(Task.id, place.label("place")).where(*chosen(me, scope, span, today)).subquery()
    return _dated(Task.id.in_(select(ranked.c.id).where(ranked.c.place <= MOST)), today=today)


def _dated(*conditions: ColumnElement[bool], today: date) -> list[Dated]:
    found = stored(*conditions).add_columns(Task.first_due_on)
    ordered = found.order_by(Task.due_on, *_order(today))
    return [Dated(Stored._make(row[:-1]), row[-1]) for row in rows(ordered)]


def _order(today: date) -> tuple[Any, ...]:
    """Put first what presses; a part of another's task comes after whole tasks."""
    presses = case((overdue(today), 0), (Task.state != State.DONE, 1), else_=2)
    return presses, case((Task.tie == Tie.LINE, 1), else_=0), Task.id


def ids(me: Me, scope: Scope, today: date) -> Select[int]:
    """Return the tasks of a span in the order of their days."""
    met = chosen(me, scope, scope.span, today)
    return select(Task.id).where(*met).order_by(Task.due_on, *_order(today))


def by_words(me: Me, scope: Scope, span: Span, today: date) -> list[Group]:
    """Return the deadlines that name a month, a quarter or a year, each in the words it was given."""
    met = [*chosen(me, scope, span, today), Task.due_kind.in_(_PERIODS)]
    found = select(Task.due_words, Task.due_on, func.count()).where(*met)
    grouped: Query = found.group_by(Task.due_words, Task.due_on)
    return sorted(_ending(rows(grouped)), key=lambda group: (group.day, -group.number, group.words))


def _ending(found: Sequence[Any]) -> Iterator[Group]:
    for words, day, count in found:
        if words and day == month_end(day.year, day.month):
            yield Group(words, day, count)
