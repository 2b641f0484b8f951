"""What a phrase says of its days: bounds, ranges, counted periods, standing duties."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import NoReturn

from tracker.deadlines.calendar import ONE_DAY, add_months
from tracker.deadlines.context import MONTHS_OF, Context, Days
from tracker.deadlines.edges import Edge, lending
from tracker.deadlines.periods import Day, Today, WeekdayOf, When, Year
from tracker.deadlines.readings import Finding, Kind
from tracker.deadlines.refusals import Trouble


class Statement:
    """A whole phrase, understood but not yet worked out."""

    def find(self, ctx: Context) -> Finding:
        raise NotImplementedError


@dataclass(frozen=True)
class Clause(Statement):
    """A day or period under a bound: by, before, in, as of, or none."""

    bound: str
    when: When

    def find(self, ctx: Context) -> Finding:
        start, due = self.when.days(ctx)
        first = due if isinstance(self.when, Edge) and self.when.part == "first" else None
        excluded = excluded_day(self, (start, due), ctx)
        if excluded:
            due = excluded - ONE_DAY
        opening = start if self._names_its_start else None
        return Finding(self._kind, opening, due, self.when.hour, first, excluded)

    @property
    def _names_its_start(self) -> bool:
        loose_edge = isinstance(self.when, Edge) and not self.when.named
        return self.bound in {"", "in"} and not loose_edge

    @property
    def _kind(self) -> Kind:
        if self.bound == "asof":
            return Kind.ASOF
        if self.when.told_from_context:
            return Kind.RELATIVE
        if self.bound == "before":
            return Kind.BEFORE
        return self._plain_kind if self._names_its_start else Kind.BY

    @property
    def _plain_kind(self) -> Kind:
        if self.when.sort == "day":
            return Kind.DATE
        return Kind.YEAR if isinstance(self.when, Year) else Kind.PERIOD


def excluded_day(clause: Clause, days: Days, ctx: Context) -> date | None:
    """The first day that "before" leaves out, None where it leaves out none."""
    if clause.bound != "before" or clause.when.hour:
        return None
    if clause.when.sort == "day" and not ctx.before_is_exclusive:
        return None
    return days[0]


@dataclass(frozen=True)
class Span(Statement):
    """From one day or period to another, both included unless the end is told by "before"."""

    first: When
    last: Clause
    bounded: bool = False

    def find(self, ctx: Context) -> Finding:
        first, last = lending(self.first, self.last.when), lending(self.last.when, self.first)
        clause = Clause(self.last.bound, last)
        start, end = first.days(ctx)[0], clause.find(ctx)
        if end.due is None or end.due < start:
            raise Trouble("reversed", start=start, end=end.due)
        opening = None if self.bounded else start
        return Finding(self._kind, opening, end.due, end.hour, end.first, end.excluded)

    @property
    def _kind(self) -> Kind:
        if self.first.told_from_context or self.last.when.told_from_context:
            return Kind.RELATIVE
        return Kind.BY if self.bounded else Kind.RANGE


@dataclass(frozen=True)
class Counted(Statement):
    """So many days, weeks or months from a written day, which is not counted (art. 147.2)."""

    count: int
    unit: str
    start: When

    def find(self, ctx: Context) -> Finding:
        origin = self.start.days(ctx)[0]
        if self.count == 0:
            raise Trouble("other")
        if self.unit == "workday":
            opening = ctx.calendar.add_working(origin, 1)
            return Finding(Kind.RELATIVE, opening, ctx.calendar.add_working(origin, self.count))
        due = ctx.calendar.next_working(self._end(origin))
        return Finding(Kind.RELATIVE, origin + ONE_DAY, due)

    def _end(self, origin: date) -> date:
        if self.unit in MONTHS_OF:
            return add_months(origin, self.count * MONTHS_OF[self.unit])
        return origin + timedelta(days=self.count * (7 if self.unit == "week" else 1))


@dataclass(frozen=True)
class Standing(Statement):
    """A phrase that sets no day: a standing duty, on demand, an event, or mere urgency."""

    kind: Kind
    hour: time | None = None

    def find(self, ctx: Context) -> Finding:
        del ctx
        return Finding(self.kind, hour=self.hour)


@dataclass(frozen=True)
class Hopeless(Statement):
    """Words understood well enough to say why they set no deadline."""

    key: str
    when: When | None = None

    def find(self, ctx: Context) -> NoReturn:
        if self.when is None:
            raise Trouble(self.key)
        start, end = self.when.days(ctx)
        raise Trouble(self.key, day=start if self.key == "from" else end)


def from_today(last: Clause) -> Span:
    """From the context day to a day or period."""
    return Span(Today(0), last)


def same_sort(first: When, last: When) -> bool:
    """Whether two ends may be joined by a dash: two days, two quarters, two years."""
    bare_day = isinstance(last, Day) and last.month is None
    return first.sort == last.sort and not bare_day


def with_hour(when: When, hour: time | None) -> When | None:
    """A day at an hour; None where it cannot carry one."""
    if not isinstance(when, (Day, Today, WeekdayOf)) or when.hour:
        return None
    return replace(when, hour=hour)
