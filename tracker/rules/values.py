"""The organisation's rules as a value: its calendar, when a deadline is near, how often one may be moved."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from tracker.deadlines import phrases
from tracker.deadlines.calendar import ONE_DAY, VIETNAM, Calendar
from tracker.deadlines.phrases import Reading


class Period(enum.StrEnum):
    """For what reports are made."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    NINE_MONTHS = "nine_months"
    YEAR = "year"


class OwnDay(NamedTuple):
    """A day off of the organisation's own, or one worked in place of another, as it is called."""

    on: date
    is_working: bool
    name_vi: str | None = None
    name_en: str | None = None


class Difference(NamedTuple):
    """One rule that is another in other rules: its name, the value here and there, of which period a closing day."""

    rule: str
    old: int | None
    new: int | None
    period: Period | None = None


@dataclass(frozen=True)
class Rules:
    """What an organisation has settled for itself.

    `soon` counts working days; `most_extensions` is None where there is no limit; `closing` is the day of its last
    month on which a reporting period closes, nothing where it closes with the month.
    """

    calendar: Calendar = VIETNAM
    soon: int = 3
    before_is_exclusive: bool = True
    most_extensions: int | None = 2
    asks_after_expiry: bool = True
    closing: Mapping[Period, int] = field(default_factory=dict, hash=False)

    def soon_until(self, today: date) -> date:
        """Return the last day at most so many working days ahead: what falls due by then is due soon."""
        return self.calendar.add_working(today, self.soon + 1) - ONE_DAY

    def differences(self, other: "Rules") -> list[Difference]:
        """Return what besides the calendar is another in other rules."""
        names = ("soon", "before_is_exclusive", "most_extensions", "asks_after_expiry")
        found = [Difference(name, getattr(self, name), getattr(other, name)) for name in names]
        found += [
            Difference("closing", self.closing.get(period), other.closing.get(period), period)
            for period in Period
        ]
        return [one for one in found if one.old != one.new]

    def with_days(self, days: Iterable[date], *, is_working: bool) -> "Rules":
        """Return the rules with some days more off, or worked."""
        days, calendar = frozenset(days), self.calendar
        if is_working:
            return replace(
                self, calendar=replace(calendar, working_days=calendar.working_days | days)
            )
        return replace(self, calendar=replace(calendar, days_off=calendar.days_off | days))

    def without_days(self, days: Iterable[date]) -> "Rules":
        """Return the rules without some of the organisation's own days."""
        days, calendar = frozenset(days), self.calendar
        left = Calendar(calendar.days_off - days, calendar.working_days - days)
        return replace(self, calendar=left)

    def read(self, phrase: str, *, on: date | None = None, lang: str = "vi") -> Reading:
        """Read a deadline with this calendar and this meaning of "before"; raises Refused."""
        return phrases.read(
            phrase,
            on=on,
            lang=lang,
            calendar=self.calendar,
            before_is_exclusive=self.before_is_exclusive,
        )
