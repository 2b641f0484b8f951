"""Duties that come round: every week, month, quarter, half or year, with or without a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from tracker.deadlines.calendar import ONE_DAY, Month, add_months, clipped, monday_of
from tracker.deadlines.context import EXAMPLE_YEAR, MONTHS, SUNDAY, Context, month_cycle
from tracker.deadlines.edges import Edge, year_written
from tracker.deadlines.periods import Day, Months, When
from tracker.deadlines.readings import Finding, Kind
from tracker.deadlines.refusals import Trouble
from tracker.deadlines.statements import Standing, Statement, with_hour

FRIDAY = timedelta(days=4)
LONGEST_MONTH = 31
LONGEST_HALF = 184
CYCLES_AHEAD = range(4)


class Anchor:
    """The day or days meant within one cycle."""

    @property
    def hour(self) -> time | None:
        return None

    @property
    def needs(self) -> int | str | None:
        """The cycle the day belongs to, None where any will do."""
        return None

    @property
    def is_first(self) -> bool:
        return False

    @property
    def is_day(self) -> bool:
        return True

    def within(self, start: date, end: date, ctx: Context) -> tuple[date, date]:
        raise NotImplementedError


@dataclass(frozen=True)
class CycleEnd(Anchor):
    """No day named: the last day of the cycle, Friday of a week."""

    is_day = False

    def within(self, start: date, end: date, ctx: Context) -> tuple[date, date]:
        del ctx
        weekly = end - start == SUNDAY
        return start, start + FRIDAY if weekly else end


@dataclass(frozen=True)
class CycleEdge(Anchor):
    """The first, middle or last day of the cycle."""

    part: str
    named: bool = False

    @property
    def is_first(self) -> bool:
        return self.part == "first" and not self.named

    def within(self, start: date, end: date, ctx: Context) -> tuple[date, date]:
        return Edge(self.part, _Fixed(start, end), named=self.named).days(ctx)


@dataclass(frozen=True)
class _Fixed(When):
    """A cycle already placed in time."""

    start: date
    end: date

    @property
    def sort(self) -> str:
        length = (self.end - self.start).days
        return (
            "year"
            if length > LONGEST_HALF
            else "month"
            if SUNDAY.days < length < LONGEST_MONTH
            else "cycle"
        )

    def days(self, ctx: Context) -> tuple[date, date]:
        del ctx
        return self.start, self.end


@dataclass(frozen=True)
class DayOfMonth(Anchor):
    """A day of each month, the last where the month is shorter; of one month in each quarter."""

    day: int
    month: int = 1
    needs: int | str | None = 1
    hour: time | None = None

    def within(self, start: date, end: date, ctx: Context) -> tuple[date, date]:
        del end, ctx
        if not 1 <= self.day <= LONGEST_MONTH:
            raise Trouble("day", month=Month(start.month), year=start.year, n=LONGEST_MONTH)
        month = add_months(start, self.month - 1)
        found = clipped(month.year, month.month, self.day)
        return found, found


@dataclass(frozen=True)
class MonthOfQuarter(Anchor):
    """One month of each quarter."""

    month: int
    needs: int | str | None = 3
    is_day = False

    def within(self, start: date, end: date, ctx: Context) -> tuple[date, date]:
        del end, ctx
        return month_cycle(add_months(start, self.month - 1), 1, 0)


@dataclass(frozen=True)
class DayOfWeek(Anchor):
    """A weekday of each week."""

    weekday: int
    needs: int | str | None = "week"
    hour: time | None = None

    def within(self, start: date, end: date, ctx: Context) -> tuple[date, date]:
        del end, ctx
        found = start + timedelta(days=self.weekday)
        return found, found


@dataclass(frozen=True)
class DayOfYear(Anchor):
    """A day or period of each year."""

    when: When
    needs: int | str | None = 12

    @property
    def hour(self) -> time | None:
        return self.when.hour

    @property
    def is_day(self) -> bool:
        return self.when.sort == "day"

    @property
    def is_first(self) -> bool:
        return isinstance(self.when, Edge) and self.when.part == "first"

    def within(self, start: date, end: date, ctx: Context) -> tuple[date, date]:
        del end
        if isinstance(self.when, Day):
            found = self.when.in_any_year(start.year, ctx)
            return found, found
        return self.when.days(replace(ctx, on=start))


@dataclass(frozen=True)
class Every(Statement):
    """A cycle of months or a week, and the day meant in it."""

    step: int | str
    anchor: Anchor = CycleEnd()
    before: bool = False

    def find(self, ctx: Context) -> Finding:
        if self.step == "day":
            return Standing(Kind.ONGOING).find(ctx)
        if ctx.on is None:
            self.occurrence(date(EXAMPLE_YEAR, 1, 1), 0, ctx)
            return Finding(Kind.RECURRING, hour=self.anchor.hour)
        return self._next(ctx.on, ctx)

    def _next(self, day: date, ctx: Context) -> Finding:
        found = (self.occurrence(day, shift, ctx) for shift in CYCLES_AHEAD)
        start, due = next((start, due) for start, due in found if due >= day)
        return Finding(
            Kind.RECURRING,
            None,
            due,
            self.anchor.hour,
            first=due if self.anchor.is_first and not self.before else None,
            excluded=start if due < start else None,
        )

    def occurrence(self, day: date, shift: int, ctx: Context) -> tuple[date, date]:
        """The first and the last day meant in the cycle that holds a day, or so many cycles further on."""
        start, end = self.anchor.within(*self.cycle(day, shift), ctx)
        if (
            not self.before
            or self.anchor.hour
            or (self.anchor.is_day and not ctx.before_is_exclusive)
        ):
            return start, end
        return start, start - ONE_DAY

    def cycle(self, day: date, shift: int = 0) -> tuple[date, date]:
        """The first and last day of the cycle that holds a day, or of one so many cycles further on."""
        if isinstance(self.step, int):
            return month_cycle(day, self.step, shift)
        monday = monday_of(day) + timedelta(weeks=shift)
        return monday, monday + SUNDAY


def every(step: int | str, anchor: Anchor, *, before: bool = False) -> Every | None:
    """A recurring duty; None where the day named does not belong to the cycle."""
    fits = anchor.needs is None or anchor.needs == step
    return Every(step, anchor, before) if fits else None


def at_hour(duty: Every, hour: time) -> Every | None:
    """The duty at an hour of its day; None where it has no day, or an hour already."""
    anchor = duty.anchor
    if anchor.hour:
        return None
    if isinstance(anchor, (DayOfMonth, DayOfWeek)):
        return replace(duty, anchor=replace(anchor, hour=hour))
    when = with_hour(anchor.when, hour) if isinstance(anchor, DayOfYear) else None
    return replace(duty, anchor=DayOfYear(when)) if when else None


def yearly(when: When) -> DayOfYear | None:
    """A day or period of every year; None where a year is written with it."""
    plain = year_written(when) is None and not when.told_from_context
    inner = when.of if isinstance(when, Edge) else when
    of_a_year = isinstance(inner, (Months, Day)) or inner.sort == "year"
    return DayOfYear(when) if plain and of_a_year else None


def repeats(count: int, step: int | str) -> int | str | None:
    """The cycle of so many weeks, months or years; None where it does not fit in a year."""
    if isinstance(step, str):
        return step if count == 1 else None
    months = count * step
    return months if months and MONTHS % months == 0 else None
