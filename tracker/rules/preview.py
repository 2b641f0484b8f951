"""What a change of the rules would move, told in numbers before it is made. Agreed days never move."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.deadlines.calendar import Calendar
from tracker.deadlines.phrases import Refused
from tracker.rules.periods import next_closing_of
from tracker.rules.values import Period, Rules

NextDue = Callable[[Rules], date | None]


class Late(NamedTuple):
    """Overdue tasks that fell due on one day and are measured on another (today, or that of the hand-in)."""

    due_on: date
    on: date
    number: int


@dataclass(frozen=True)
class Reckoned:
    """Whatever is worked out by the rules, as numbers and days: no name or text of a task but drafted deadlines.

    `due`: how many open tasks fall due on each day to come. `drafts`: how many drafts have a deadline in which words.
    `series`: of each recurring duty, how its next due day follows from rules.
    """

    due: Mapping[date, int]
    late: Sequence[Late]
    drafts: Mapping[str, int]
    series: Sequence[NextDue]


class Digests(NamedTuple):
    """When digests are made. `rungs`: after how many working days late a task is told again.

    `is_past`: those of today have been made, or are no longer made.
    """

    rungs: Sequence[int]
    is_past: bool


class Shift(NamedTuple):
    """A closing day that would be another."""

    period: Period
    old: date
    new: date


@dataclass(frozen=True)
class Moved:
    """What would be otherwise."""

    soon: int  # tasks that come to be due soon
    not_soon: int
    further: int  # overdue tasks that pass a rung
    less_far: int
    rung_sooner: int  # overdue tasks that will pass their next rung on an earlier day
    rung_later: int
    digests_more: tuple[date, ...]
    digests_less: tuple[date, ...]
    drafts: int
    series: int
    closings: tuple[Shift, ...]

    @property
    def is_nothing(self) -> bool:
        """Tell whether all would stay as it is."""
        return not any(getattr(self, name) for name in self.__dataclass_fields__)


def moved(old: Rules, new: Rules, facts: Reckoned, today: date, digests: Digests) -> Moved:
    """Return what would be otherwise by the new rules."""
    soon, not_soon = _soon(old, new, facts.due, today)
    calendars = (old.calendar, new.calendar)
    further, less_far = _passed(facts.late, digests.rungs, *calendars)
    sooner, later = _next_rungs(facts.late, digests.rungs, *calendars)
    more, less = _days(*calendars, today, is_past=digests.is_past)
    return Moved(
        soon=soon,
        not_soon=not_soon,
        further=further,
        less_far=less_far,
        rung_sooner=sooner,
        rung_later=later,
        digests_more=more,
        digests_less=less,
        drafts=_otherwise_read(facts.drafts, old, new, today),
        series=sum(next_due(old) != next_due(new) for next_due in facts.series),
        closings=tuple(_closings(old, new, today)),
    )


def _soon(old: Rules, new: Rules, due: Mapping[date, int], today: date) -> tuple[int, int]:
    before, after = old.soon_until(today), new.soon_until(today)
    gained = sum(number for day, number in due.items() if before < day <= after)
    return gained, sum(number for day, number in due.items() if after < day <= before)


# --- rungs ------------------------------------------------------------------------------------------


def _passed(
    late: Iterable[Late], rungs: Sequence[int], old: Calendar, new: Calendar
) -> tuple[int, int]:
    further = less_far = 0
    for one in late:
        before, after = (_rungs_passed(one, rungs, calendar) for calendar in (old, new))
        further += one.number if after > before else 0
        less_far += one.number if after < before else 0
    return further, less_far


def _rungs_passed(late: Late, rungs: Sequence[int], calendar: Calendar) -> int:
    return sum(calendar.add_working(late.due_on, step) <= late.on for step in rungs)


def _next_rungs(
    late: Iterable[Late], rungs: Sequence[int], old: Calendar, new: Calendar
) -> tuple[int, int]:
    """Count those whose next rung, by the days as they are now, would come on another day."""
    sooner = later = 0
    for one in late:
        step = next((s for s in rungs if old.add_working(one.due_on, s) > one.on), None)
        if step is not None:
            before, after = (calendar.add_working(one.due_on, step) for calendar in (old, new))
            sooner += one.number if after < before else 0
            later += one.number if after > before else 0
    return sooner, later


# --- days, words ------------------------------------------------------------------------------------


def _days(
    old: Calendar, new: Calendar, today: date, *, is_past: bool
) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Return the days that come to have a digest, and those that have none any more."""
    own = old.days_off | old.working_days | new.days_off | new.working_days
    days = [day for day in sorted(own) if day >= today]
    more = (day for day in days if new.is_working(day) and not old.is_working(day))
    less = (day for day in days if old.is_working(day) and not new.is_working(day))
    return tuple(more), tuple(day for day in less if day > today or not is_past)


def _otherwise_read(drafts: Mapping[str, int], old: Rules, new: Rules, today: date) -> int:
    """Count the drafts whose deadline would be read as another day if it were read today."""
    return sum(
        number
        for words, number in drafts.items()
        if _day_of(words, old, today) != _day_of(words, new, today)
    )


def _day_of(words: str, rules: Rules, today: date) -> date | None:
    try:
        return rules.read(words, on=today).due
    except Refused:
        return None


def _closings(old: Rules, new: Rules, today: date) -> Iterable[Shift]:
    for period in Period:
        before, after = (next_closing_of(period, today, r.closing) for r in (old, new))
        if old.closing.get(period) != new.closing.get(period):
            yield Shift(period, before, after)
