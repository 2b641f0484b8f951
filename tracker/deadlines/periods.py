"""Days and periods as a phrase names them, and the calendar days they stand for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from tracker.deadlines.calendar import (
    Month,
    Weekday,
    add_months,
    monday_of,
    month_end,
    month_length,
)
from tracker.deadlines.context import (
    MONTHS,
    MONTHS_OF,
    SUNDAY,
    Context,
    Days,
    Shift,
    YearRef,
    month_cycle,
    running,
    year_of,
)
from tracker.deadlines.refusals import Trouble

LEAP_DAY = 29
MIDDLE_OF_MONTH = 15


class When:
    """Something that stands for one day or for the days of a period."""

    @property
    def sort(self) -> str:
        return "period"

    @property
    def year(self) -> YearRef:
        return None

    @property
    def hour(self) -> time | None:
        return None

    @property
    def told_from_context(self) -> bool:
        return False

    def days(self, ctx: Context) -> Days:
        raise NotImplementedError


@dataclass(frozen=True)
class Today(When):
    """A day told from the context: today, tomorrow."""

    shift: int
    hour: time | None = None
    sort = "day"
    told_from_context = True

    def days(self, ctx: Context) -> Days:
        day = ctx.day("day") + timedelta(days=self.shift)
        return day, day


@dataclass(frozen=True)
class Near(When):
    """A week, month or quarter told from the context: this one, the next, the last."""

    unit: str
    shift: int
    told_from_context = True

    @property
    def sort(self) -> str:
        return self.unit

    def days(self, ctx: Context) -> Days:
        if self.unit == "week":
            monday = monday_of(ctx.day("week")) + timedelta(weeks=self.shift)
            return monday, monday + SUNDAY
        return month_cycle(ctx.day(self.unit), MONTHS_OF[self.unit], self.shift)


@dataclass(frozen=True)
class Months(When):
    """Whole months of a calendar year: a month, a quarter, a half, the first nine months."""

    unit: str
    first: int
    last: int
    year: YearRef = None

    @property
    def sort(self) -> str:
        return self.unit

    @property
    def told_from_context(self) -> bool:
        return isinstance(self.year, Shift)

    def days(self, ctx: Context) -> Days:
        if not 1 <= self.last <= MONTHS:
            if self.unit == "quarter":
                raise Trouble("quarter")
            raise Trouble("month", n=self.last)
        year = year_of(self.year, ctx)
        return date(year, self.first, 1), month_end(year, self.last)


@dataclass(frozen=True)
class MonthOf(When):
    """The first, second or last month of a quarter told from the context."""

    place: int
    of: Near
    sort = "month"
    told_from_context = True

    def days(self, ctx: Context) -> Days:
        first = add_months(self.of.days(ctx)[0], self.place - 1)
        return first, month_end(first.year, first.month)


@dataclass(frozen=True)
class Week(When):
    """An ISO week, Monday to Sunday."""

    number: int
    year: YearRef = None
    sort = "week"

    def days(self, ctx: Context) -> Days:
        year = year_of(self.year, ctx)
        weeks = date(year, 12, 28).isocalendar().week
        if not 1 <= self.number <= weeks:
            raise Trouble("week", year=year, n=weeks)
        monday = date.fromisocalendar(year, self.number, 1)
        return monday, monday + SUNDAY


@dataclass(frozen=True)
class Year(When):
    """A calendar year."""

    year: YearRef = None
    sort = "year"

    @property
    def told_from_context(self) -> bool:
        return isinstance(self.year, Shift)

    def days(self, ctx: Context) -> Days:
        year = year_of(self.year, ctx)
        return date(year, 1, 1), date(year, 12, 31)


@dataclass(frozen=True)
class Day(When):
    """A day of a month, perhaps with its weekday and an hour."""

    day: int
    month: int | When | None = None
    year: YearRef = None
    weekday: int | None = None
    hour: time | None = None
    sort = "day"

    @property
    def told_from_context(self) -> bool:
        return isinstance(self.month, When) or isinstance(self.year, Shift)

    def days(self, ctx: Context) -> Days:
        year, month = self.year_and_month(ctx)
        found = existing_day(year, month, self.day)
        if self.weekday is not None and self.weekday != found.weekday():
            right, wrong = Weekday(found.weekday()), Weekday(self.weekday)
            raise Trouble("weekday", day=found, right=right, wrong=wrong)
        return found, found

    def year_and_month(self, ctx: Context) -> tuple[int, int]:
        if isinstance(self.month, When):
            start = self.month.days(ctx)[0]
            return start.year, start.month
        if self.month is None:
            raise Trouble("no_day", period=running("month", ctx.on))
        if not 1 <= self.month <= MONTHS:
            raise Trouble("month", n=self.month)
        return year_of(self.year, ctx), self.month

    def in_any_year(self, year: int, ctx: Context) -> date:
        """The day of a year, the last of February where there is no 29th (art. 148.3)."""
        month = replace(self, year=year).year_and_month(ctx)[1]
        if (month, self.day) == (Month.FEBRUARY, LEAP_DAY):
            return month_end(year, month)
        return existing_day(year, month, self.day)


def existing_day(year: int, month: int, day: int) -> date:
    """That day; a trouble where the month has no such day."""
    length = month_length(year, month)
    if 1 <= day <= length:
        return date(year, month, day)
    if (month, day) == (Month.FEBRUARY, LEAP_DAY):
        raise Trouble("leap", year=year)
    raise Trouble("day", month=Month(month), year=year, n=length)


@dataclass(frozen=True)
class WeekdayOf(When):
    """A weekday of a week told from the context."""

    weekday: int
    of: Near
    hour: time | None = None
    sort = "day"
    told_from_context = True

    def days(self, ctx: Context) -> Days:
        day = self.of.days(ctx)[0] + timedelta(days=self.weekday)
        return day, day
