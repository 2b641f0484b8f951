"""The periods of a recurring duty: when the task of each is made, when it falls due, what it is called."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from itertools import takewhile
from typing import Protocol

from tracker.deadlines.calendar import Calendar, add_months
from tracker.deadlines.phrases import Cycle, Round, cycle_of
from tracker.deadlines.writing import month_name, write_day, write_period
from tracker.rules.values import Rules
from tracker.tasks.lifecycle import WORKING, RestRule, State

LONGEST_YEARS = 10  # how far ahead a duty may end
_LONGEST_TITLE = 1000
_DAYS_OF_WEEK = 7
_UNNAMED = frozenset({2, 4})  # months of a period that has no name of its own


@dataclass(frozen=True)
class Pattern:
    """What a duty says of its periods: its words, its end, what becomes of a day of rest, its parent's deadline."""

    words: str
    until: date
    rest: RestRule = RestRule.STAY
    bound: date | None = None

    @property
    def end(self) -> date:
        """The last day on which a period may fall due."""
        return min(self.until, self.bound) if self.bound else self.until


@dataclass(frozen=True)
class Period:
    """One period. `named_on` is the day the words name, `due_on` where the rule for days of rest puts it."""

    first: date
    last: date
    named_on: date
    due_on: date
    hour: time | None = None

    @property
    def begins_on(self) -> date:
        """The day on which its task is made: the first of the period, or the day it is due where that comes before."""
        return min(self.first, self.due_on)

    def label(self, lang: str) -> str:
        """What it is called: tháng 4-2018, quý II-2018, tuần từ 9-4-2018."""
        if (self.last - self.first).days < _DAYS_OF_WEEK:
            week = "tuần từ" if lang == "vi" else "week of"
            return f"{week} {write_day(self.first, lang)}"
        if self.last.month - self.first.month + 1 in _UNNAMED:
            return _months(self.first, self.last, lang)
        return write_period(self.first, self.last, lang)


def _months(first: date, last: date, lang: str) -> str:
    if lang == "vi":
        return f"tháng {first.month} đến tháng {last.month}-{last.year}"
    return f"{month_name(first.month)} to {month_name(last.month)} {last.year}"


def titled(title: str, period: Period, lang: str) -> str:
    """Return the title of the task of a period; one that would be too long loses the end of the duty's own."""
    label = f" – {period.label(lang)}"
    room = _LONGEST_TITLE - len(label)
    return (title if len(title) <= room else f"{title[: room - 1]}…") + label


def recurs(words: str | None) -> bool:
    """Tell whether words are those of a duty that comes round."""
    return _cycle(words or "", before_is_exclusive=True) is not None


@lru_cache(maxsize=4096)
def _cycle(words: str, *, before_is_exclusive: bool) -> Cycle | None:
    return cycle_of(words, before_is_exclusive=before_is_exclusive)


def periods(pattern: Pattern, since: date, rules: Rules) -> Iterator[Period]:
    """Return the periods from the one in which a day lies to the last that falls due before the end."""
    cycle = _cycle(pattern.words, before_is_exclusive=rules.before_is_exclusive)
    rounds = cycle.rounds_from(since) if cycle else iter(())
    wanted = takewhile(lambda one: one.due <= pattern.end, rounds)
    return (_period(one, pattern, rules.calendar) for one in wanted)


def to_come(pattern: Pattern, today: date, rules: Rules) -> Iterator[Period]:
    """Return the periods from today's on which do not fall due before today."""
    return (one for one in periods(pattern, today, rules) if one.due_on >= today)


class Repeating(Protocol):
    """A task as far as its periods go: an entity or a row."""

    @property
    def state(self) -> State: ...
    @property
    def due_words(self) -> str | None: ...
    @property
    def repeats_until_on(self) -> date | None: ...
    @property
    def rest_rule(self) -> RestRule | None: ...


def pattern_of(task: Repeating, bound: date | None = None) -> Pattern | None:
    """Return what a task says of its periods; None where it is no recurring duty."""
    if task.repeats_until_on is None or not task.due_words:
        return None
    rest = task.rest_rule or RestRule.STAY
    return Pattern(task.due_words, task.repeats_until_on, rest, bound)


def next_due(task: Repeating, today: date, rules: Rules) -> date | None:
    """Return the next day on which a duty falls due; none where it rests, or has come to its end."""
    pattern = pattern_of(task) if task.state in WORKING or task.state is State.DRAFT else None
    found = to_come(pattern, today, rules) if pattern else iter(())
    return next((one.due_on for one in found), None)


def period_at(pattern: Pattern, first: date, rules: Rules) -> Period | None:
    """Return the period that holds a day, whatever the end."""
    cycle = _cycle(pattern.words, before_is_exclusive=rules.before_is_exclusive)
    return _period(cycle.holding(first), pattern, rules.calendar) if cycle else None


def _period(one: Round, pattern: Pattern, calendar: Calendar) -> Period:
    due = _settled(one.due, pattern.rest, calendar)
    due = min(due, pattern.bound) if pattern.bound else due
    return Period(one.first, one.last, one.due, due, one.hour)


def _settled(day: date, rest: RestRule, calendar: Calendar) -> date:
    if rest is RestRule.BEFORE:
        return calendar.previous_working(day)
    return calendar.next_working(day) if rest is RestRule.AFTER else day


def running(pattern: Pattern, today: date, rules: Rules) -> list[Period]:
    """Return the periods which have begun and whose day has not passed: one, as a rule."""
    return [one for one in _near(to_come(pattern, today, rules), today) if one.begins_on <= today]


def begun(pattern: Pattern, since: date, today: date, rules: Rules) -> list[Period]:
    """Return the periods whose task is to be made after the day `since`, up to today."""
    near = _near(periods(pattern, since, rules), today)
    return [one for one in near if since < one.begins_on <= today]


def _near(found: Iterator[Period], today: date) -> Iterator[Period]:
    """Look a month ahead: a rule for days of rest may bring a period's task forward, never by so much."""
    horizon = add_months(today, 1)
    return takewhile(lambda one: one.first <= horizon, found)


def latest_end(today: date) -> date:
    """Return the last day on which a duty may end."""
    return add_months(today, 12 * LONGEST_YEARS)
