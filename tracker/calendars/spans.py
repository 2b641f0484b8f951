"""Days, months, quarters and years as spans of days, and the weeks in which a month is drawn."""

import enum
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from tracker.deadlines.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    ONE_DAY,
    add_months,
    monday_of,
    month_end,
)

WEEK = 7  # days


class View(enum.StrEnum):
    """How much of a calendar is looked at."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS = {View.MONTH: 1, View.QUARTER: 3, View.YEAR: 12}


class Span(NamedTuple):
    """From a first to a last day, both inside."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        """Tell whether a day lies inside."""
        return isinstance(day, date) and self.first <= day <= self.last

    @property
    def days(self) -> int:
        """Return how many days there are."""
        return (self.last - self.first).days + 1


def span_of(view: View, on: date) -> Span:
    """Return the day, month, quarter or year in which a day lies."""
    if view is View.DAY:
        return Span(on, on)
    size = MONTHS[view]
    first = date(on.year, on.month - (on.month - 1) % size, 1)
    last = add_months(first, size - 1)
    return Span(first, month_end(last.year, last.month))


def beside(view: View, on: date) -> tuple[date | None, date | None]:
    """Return the first days of the spans before and after; none where the years of the product end."""
    span = span_of(view, on)
    before, after = span_of(view, span.first - ONE_DAY).first, span.last + ONE_DAY
    return before if is_known(before) else None, after if is_known(after) else None


def is_known(day: date) -> bool:
    """Tell whether a day lies in the years for which there is a calendar."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def months_of(span: Span) -> list[date]:
    """Return the first day of each month of a span."""
    first = span.first.replace(day=1)
    count = (span.last.year - first.year) * 12 + span.last.month - first.month + 1
    return [add_months(first, number) for number in range(count)]


def weeks(span: Span) -> list[list[date]]:
    """Return the whole weeks a span touches, from Monday to Sunday."""
    start = monday_of(span.first)
    count = ((span.last - start).days // WEEK) + 1
    return [[start + timedelta(days=WEEK * n + i) for i in range(WEEK)] for n in range(count)]


def days_of(span: Span) -> Iterator[date]:
    """Yield every day of a span."""
    return (span.first + timedelta(days=number) for number in range(span.days))
