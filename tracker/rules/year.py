"""The days of a year on which offices are otherwise than the weekday says: public holidays and own days."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from tracker.deadlines.calendar import ONE_DAY, Calendar, vietnam_holidays
from tracker.rules.queries import Stored
from tracker.rules.values import OwnDay


class Group(NamedTuple):
    """Own days that are one thing: of one sort and name, with nothing but days of rest between them."""

    first: date
    last: date
    number: int
    is_working: bool
    name_vi: str | None
    name_en: str | None


def groups(days: Iterable[OwnDay], calendar: Calendar) -> list[Group]:
    """Return own days as they are read: those that follow each other together."""
    found: list[list[OwnDay]] = []
    for day in days:
        if found and _goes_on(found[-1][-1], day, calendar):
            found[-1].append(day)
        else:
            found.append([day])
    return [Group(part[0].on, part[-1].on, len(part), *part[0][1:]) for part in found]


def _goes_on(before: OwnDay, day: OwnDay, calendar: Calendar) -> bool:
    if before[1:] != day[1:] or day.is_working:
        return False
    return calendar.next_working(before.on + ONE_DAY) > day.on


class Row(NamedTuple):
    """One line of the year: from which day to which, how it is called; `own`: the organisation's own days."""

    first: date
    last: date
    name: str | None
    own: Group | None = None


def rows(year: int, stored: Stored, name_of: Callable[[date], str | None]) -> list[Row]:
    """Return the lines of a year in their order; `name_of` names a public holiday."""
    calendar = stored.rules.calendar
    days = [day for day in stored.days if day.on.year == year]
    own = [Row(one.first, one.last, None, one) for one in groups(days, calendar)]
    taken = {day.on for day in days}
    public = [day for day in sorted(vietnam_holidays(year)) if day not in taken]
    return sorted([*own, *_public(public, name_of)], key=lambda row: row.first)


def _public(days: Iterable[date], name_of: Callable[[date], str | None]) -> list[Row]:
    found: list[Row] = []
    for day in days:
        name = name_of(day)
        before = found[-1] if found else None
        if before and before.name == name and before.last + ONE_DAY == day:
            found[-1] = before._replace(last=day)
        else:
            found.append(Row(day, day, name))
    return found


def working_days(year: int, calendar: Calendar) -> int:
    """Return on how many days of a year offices are open."""
    return calendar.working_days_between(date(year - 1, 12, 31), date(year, 12, 31))
