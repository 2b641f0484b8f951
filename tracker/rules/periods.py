"""Reporting periods: in which one a day lies, what it is called, on which day its report closes.

A report may close before the period is over ("quý I" on the 14th of March); a deadline told by the period
("hết quý I") ends with it all the same. The two never meet here: nothing of this decides on lateness.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from tracker.deadlines.calendar import ONE_DAY, add_months, clipped
from tracker.deadlines.context import MONTHS, month_cycle
from tracker.deadlines.writing import write_period
from tracker.rules.values import Period

LAST_DAY = 31
_LENGTHS: Mapping[Period, int] = {
    Period.MONTH: 1,
    Period.QUARTER: 3,
    Period.HALF: 6,
    Period.NINE_MONTHS: 9,
    Period.YEAR: MONTHS,
}
Closings = Mapping[Period, int]


class Reported(NamedTuple):
    """One reporting period, both days included."""

    period: Period
    first: date
    last: date

    def label(self, lang: str) -> str:
        """Return what it is called: quý I-2018, 6 tháng đầu năm 2018; Q1 2018."""
        return write_period(self.first, self.last, lang)

    def closes_on(self, closing: Closings) -> date:
        """Return the day its report closes: that of its last month, or the month's end where it has no such day."""
        return clipped(self.last.year, self.last.month, closing.get(self.period, LAST_DAY))

    def counts_from(self, closing: Closings) -> date:
        """Return the first day of which its report tells: the one after the period before was closed."""
        before = self.first - ONE_DAY
        day = closing.get(self.period, LAST_DAY)
        return clipped(before.year, before.month, day) + ONE_DAY


class Closing(NamedTuple):
    """A day on which reports close, and of which periods, the shortest first."""

    on: date
    reported: tuple[Reported, ...]


def period_of(period: Period, day: date) -> Reported | None:
    """Return the period of a kind in which a day lies; no nine months hold a day of the last quarter."""
    length = _LENGTHS[period]
    if period is Period.NINE_MONTHS and day.month > length:
        return None
    return Reported(period, *month_cycle(day, length, 0))


def closings(first: date, last: date, closing: Closings) -> list[Closing]:
    """Return the days on which reports close from one day to another, in their order."""
    found: dict[date, list[Reported]] = defaultdict(list)
    for reported in _ending(first, last):
        on = reported.closes_on(closing)
        if first <= on <= last:
            found[on].append(reported)
    return [Closing(on, tuple(found[on])) for on in sorted(found)]


def _ending(first: date, last: date) -> Iterator[Reported]:
    """Yield the periods that end in a month of a span."""
    month = first.replace(day=1)
    while month <= last:
        for period in Period:
            reported = period_of(period, month)
            if reported and (reported.last.year, reported.last.month) == (month.year, month.month):
                yield reported
        month = add_months(month, 1)


def next_closings(day: date, closing: Closings, count: int) -> list[Closing]:
    """Return the next days on which reports close, from a day on; each month has one at least."""
    return closings(day, add_months(day, count + 1), closing)[:count]


def last_closings(day: date, closing: Closings, count: int) -> list[Closing]:
    """Return the last days before a day on which reports closed, the newest first."""
    return closings(add_months(day, -count - 1), day - ONE_DAY, closing)[: -count - 1 : -1]


def next_closing_of(period: Period, day: date, closing: Closings) -> date:
    """Return the next day, from a day on, on which the report of such a period closes."""
    days = closings(day, add_months(day, 2 * MONTHS), closing)
    return next(c.on for c in days if any(one.period is period for one in c.reported))
