"""Working days, public holidays and counted periods of the Vietnamese calendar."""

from __future__ import annotations

import calendar as gregorian
import enum
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

FIRST_YEAR = 1990
LAST_YEAR = 2100
ONE_DAY = timedelta(days=1)
SATURDAY = 5


class Weekday(enum.IntEnum):
    """Days of the week, numbered as `date.weekday()` does."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


class Month(enum.IntEnum):
    """Months of the year."""

    JANUARY = 1
    FEBRUARY = 2
    MARCH = 3
    APRIL = 4
    MAY = 5
    JUNE = 6
    JULY = 7
    AUGUST = 8
    SEPTEMBER = 9
    OCTOBER = 10
    NOVEMBER = 11
    DECEMBER = 12


@lru_cache(maxsize=256)
def _named_holidays(year: int) -> dict[date, str]:
    found = holidays.country_holidays("VN", years=year, language="en_US")
    return dict(found.items())


@lru_cache(maxsize=256)
def vietnam_holidays(year: int) -> frozenset[date]:
    """Public holidays of one calendar year, with the days granted for those on a weekend."""
    return frozenset(_named_holidays(year))


def lunar_new_year(year: int) -> date:
    """The first day of the lunar year, from which the Tết holiday is counted."""
    named = _named_holidays(year)
    return min(day for day, name in named.items() if name == "Lunar New Year")


def month_length(year: int, month: int) -> int:
    """The number of days of a month."""
    return gregorian.monthrange(year, month)[1]


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, month_length(year, month))


def clipped(year: int, month: int, day: int) -> date:
    """That day, or the month's last where the month has no such day (Civil Code art. 148.3)."""
    return date(year, month, min(day, month_length(year, month)))


def add_months(day: date, months: int) -> date:
    """The corresponding day so many months later, clipped to the month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return clipped(year, month + 1, day.day)


def monday_of(day: date) -> date:
    """The Monday of the ISO week a day lies in."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class Calendar:
    """Vietnamese public holidays plus an organisation's own days off and make-up working days."""

    days_off: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether offices are open; a make-up day counts even on a weekend or a holiday."""
        if day in self.working_days:
            return True
        rest = day.weekday() >= SATURDAY or day in self.days_off
        return not rest and day not in vietnam_holidays(day.year)

    def next_working(self, day: date) -> date:
        """That day, or the first working day after it (Civil Code art. 148.5)."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def previous_working(self, day: date) -> date:
        """That day, or the last working day before it."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def add_working(self, day: date, n: int) -> date:
        """The n-th working day after a day, which itself is not counted; before it for n < 0."""
        step = ONE_DAY if n > 0 else -ONE_DAY
        for _ in range(abs(n)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after start up to and including end; 0 where end is not later."""
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.is_working(day) for day in days)

    def last_working_before_tet(self, year: int) -> date:
        """The last working day before the Tết holiday of a year."""
        day = lunar_new_year(year) - ONE_DAY
        while day in vietnam_holidays(day.year):
            day -= ONE_DAY
        return self.previous_working(day)


VIETNAM = Calendar()
