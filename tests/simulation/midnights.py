"""What is told of deadlines at a moment, as plain values: for other processes to tell it, too."""

from datetime import date, datetime
from typing import Any

from tracker.clock import ZONE, day_of
from tracker.deadlines.calendar import ONE_DAY
from tracker.digests.slots import day_due
from tracker.rules.values import Rules
from tracker.tasks.lifecycle import State
from tracker.tasks.timeliness import days_late, timeliness

RULES = Rules()  # of an organisation that has settled nothing
# The last days of a year, of a quarter that ends on a Saturday, before, in and after the Tết of 2018 and of 2026.
DAYS = (
    date(2017, 12, 31),
    date(2018, 2, 13),
    date(2018, 2, 16),
    date(2018, 2, 21),
    date(2018, 3, 31),
    date(2018, 4, 10),
    date(2018, 12, 31),
    date(2026, 2, 13),
    date(2026, 2, 17),
    date(2026, 2, 23),
    date(2026, 12, 31),
)
MOMENTS = ((0, 0, 1), (0, 1, 0), (12, 0, 0), (23, 59, 0), (23, 59, 59))


def facts(moments: list[datetime]) -> list[Any]:
    """Return what is told at these moments of deadlines around each, as plain values."""
    return [facts_at(moment) for moment in moments]


def facts_at(at: datetime) -> list[Any]:
    today = day_of(at)
    found: list[Any] = [today.isoformat(), RULES.soon_until(today).isoformat()]
    slot = day_due(at, RULES.calendar)
    found.append(slot.isoformat() if slot else None)
    for days in (-10, -1, 0, 1, 3):
        due = today + days * ONE_DAY
        cell = timeliness(State.IN_PROGRESS, due, None, None, None, today=today)
        late = days_late(State.IN_PROGRESS, due, None, None, today=today)
        found.append([cell.value, late, RULES.calendar.working_days_between(due, today)])
    return found


def all_moments() -> list[datetime]:
    return [datetime(d.year, d.month, d.day, *m, tzinfo=ZONE) for d in DAYS for m in MOMENTS]
