"""When digests are due: once on each working day from half past seven, and for which days one stands."""

from datetime import date, datetime, time

from tracker.clock import ZONE
from tracker.deadlines.calendar import ONE_DAY, Calendar

AT = time(7, 30)  # in Vietnam
MOST_MISSED = 60  # working days without a digest that are written down one by one


def day_due(at: datetime, calendar: Calendar) -> date | None:
    """Return the day whose digests are due at an instant; none before half past seven or on a day of rest.

    What was missed is not sent on a Sunday: the next working day's digest stands for it.
    """
    local = at.astimezone(ZONE)
    is_due = local.time() >= AT and calendar.is_working(local.date())
    return local.date() if is_due else None


def days_missed(last: date | None, day: date, calendar: Calendar) -> list[date]:
    """Return the working days between the last one with digests and `day`, the newest 60 of them."""
    missed: list[date] = []
    before = day - ONE_DAY
    while last is not None and before > last and len(missed) < MOST_MISSED:
        if calendar.is_working(before):
            missed.insert(0, before)
        before -= ONE_DAY
    return missed
