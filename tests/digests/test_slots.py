"""When a digest is due, and which days one stands for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.clock import ZONE
from tracker.deadlines.calendar import VIETNAM
from tracker.digests.slots import MOST_MISSED, day_due, days_missed

TUESDAY = date(2018, 4, 10)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2018, 4, 10, 7, 29, 59, tzinfo=ZONE), None),
        (datetime(2018, 4, 10, 7, 30, tzinfo=ZONE), TUESDAY),
        (datetime(2018, 4, 10, 0, 30, tzinfo=UTC), TUESDAY),  # half past seven in Vietnam
        (datetime(2018, 4, 10, 16, 59, tzinfo=UTC), TUESDAY),
        (
            datetime(2018, 4, 10, 17, tzinfo=UTC),
            None,
        ),  # midnight in Vietnam: the next day's is not due yet
        (datetime(2018, 4, 14, 12, tzinfo=ZONE), None),  # a Saturday
        (datetime(2018, 2, 16, 12, tzinfo=ZONE), None),  # Tết
        (datetime(2018, 4, 25, 12, tzinfo=ZONE), None),  # the anniversary of the Hùng kings
    ],
)
def test_digests_are_due_on_working_days_from_half_past_seven(at, day):
    assert day_due(at, VIETNAM) == day


def test_every_working_day_of_a_year_has_its_digest_whatever_the_minute_of_the_tick():
    """Also where the machine counts in a zone with summer time: an instant is an instant."""
    ticks = [datetime(2018, 1, 1, tzinfo=UTC) + timedelta(minutes=37 * n) for n in range(14_200)]
    made = {day for at in ticks if (day := day_due(at, VIETNAM))}
    year = [date(2018, 1, 1) + timedelta(days=n) for n in range(365)]
    assert made == {day for day in year if VIETNAM.is_working(day)}


def test_what_was_missed_are_the_working_days_in_between():
    assert days_missed(None, TUESDAY, VIETNAM) == []
    assert days_missed(date(2018, 4, 9), TUESDAY, VIETNAM) == []
    assert days_missed(date(2018, 4, 6), TUESDAY, VIETNAM) == [date(2018, 4, 9)]
    over_tet = days_missed(date(2018, 2, 12), date(2018, 2, 22), VIETNAM)
    assert over_tet == [date(2018, 2, 13), date(2018, 2, 21)]


def test_after_years_only_the_newest_are_written_down():
    missed = days_missed(date(2010, 1, 4), TUESDAY, VIETNAM)
    assert len(missed) == MOST_MISSED
    assert missed[-1] == date(2018, 4, 9)
