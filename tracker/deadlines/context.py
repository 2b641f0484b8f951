"""What a phrase is read with, and the weeks, months and years counted from the day it gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.deadlines.calendar import VIETNAM, Calendar, add_months, monday_of, month_end
from tracker.deadlines.refusals import Trouble

EXAMPLE_YEAR = 2018
MONTHS = 12
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
SUNDAY = timedelta(days=6)
Days = tuple[date, date]


@dataclass(frozen=True)
class Context:
    """What a phrase is read with: the day given, the rest days, the meaning of "before"."""

    on: date | None = None
    lang: str = "vi"
    calendar: Calendar = VIETNAM
    before_is_exclusive: bool = True

    def day(self, unit: str) -> date:
        """The context day, from which a unit is told."""
        if self.on is None:
            raise Trouble("no_context", unit=unit)
        return self.on


@dataclass(frozen=True)
class Shift:
    """A year told from the context: this year, next year."""

    by: int


YearRef = int | Shift | None


def year_of(ref: YearRef, ctx: Context) -> int:
    """The year meant; where none is written, the context's."""
    if isinstance(ref, int):
        return ref
    if ref is None and ctx.on is None:
        raise Trouble("no_year")
    return ctx.day("year").year + (ref.by if ref else 0)


def month_cycle(day: date, months: int, shift: int) -> Days:
    """The cycle of so many months, cut from 1 January, that holds a day; or one further on."""
    first = (day.month - 1) // months * months + 1
    start = add_months(date(day.year, first, 1), shift * months)
    last = add_months(start, months - 1)
    return start, month_end(last.year, last.month)


def running(unit: str, day: date | None) -> Days:
    """The week, month, quarter or year a day lies in; without a day one of the example year."""
    day = day or date(EXAMPLE_YEAR, 3, 31)
    if unit == "week":
        return monday_of(day), monday_of(day) + SUNDAY
    return month_cycle(day, MONTHS_OF[unit], 0)
