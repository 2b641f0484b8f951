"""The first, middle and last days of periods, and periods that name no day at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time
from typing import TypeVar

from tracker.deadlines.context import Context, Days, YearRef, running
from tracker.deadlines.periods import Day, Months, Week, When, Year
from tracker.deadlines.refusals import Trouble

MIDDLE_OF_MONTH = 15
W = TypeVar("W", bound=When)


@dataclass(frozen=True)
class Edge(When):
    """The first, middle or last day of a period (Civil Code art. 146); `named` where "day" is said."""

    part: str
    of: When
    named: bool = False
    working: bool = False
    sort = "day"

    @property
    def told_from_context(self) -> bool:
        return self.of.told_from_context

    @property
    def hour(self) -> time | None:
        return self.of.hour

    def days(self, ctx: Context) -> Days:
        start, end = self.of.days(ctx)
        day = self._day(start, end)
        if self.working:
            near = (
                ctx.calendar.previous_working if self.part == "last" else ctx.calendar.next_working
            )
            day = near(day)
        return day, day

    def _day(self, start: date, end: date) -> date:
        if self.part == "last":
            return end
        if self.part == "first" and (self.named or self.of.sort in {"month", "year"}):
            return start
        if self.part == "middle" and self.of.sort in {"month", "year"}:
            return middle(start, end)
        raise Trouble("no_day", period=(start, end))


def middle(start: date, end: date) -> date:
    """The middle day the Civil Code gives a month (the 15th) and a year (30 June)."""
    one_month = start.month == end.month
    return start.replace(day=MIDDLE_OF_MONTH) if one_month else date(start.year, 6, 30)


@dataclass(frozen=True)
class NoDay(When):
    """Words that name no fixed days: a week of a month, half a month."""

    of: When

    def days(self, ctx: Context) -> Days:
        raise Trouble("no_day", period=self.of.days(ctx))


@dataclass(frozen=True)
class Unnumbered(When):
    """A quarter, month or week that is not told from any other."""

    unit: str
    year: YearRef = None

    def days(self, ctx: Context) -> Days:
        if self.unit == "quarter":
            raise Trouble("no_quarter")
        raise Trouble("no_day", period=running(self.unit, ctx.on))


def lending(when: W, other: When) -> W:
    """The one end of a range with the month and the year it leaves to the other."""
    if isinstance(when, (Edge, NoDay)):
        return replace(when, of=lending(when.of, other))
    if isinstance(when, Day) and when.month is None and isinstance(other, Day):
        when = replace(when, month=other.month)
    if isinstance(when, (Day, Months, Week, Year)) and when.year is None:
        return replace(when, year=year_written(other))
    return when


def year_written(when: When) -> YearRef:
    """The year a phrase writes for a day or period, None where it leaves it out."""
    return year_written(when.of) if isinstance(when, (Edge, NoDay)) else when.year
