"""How a task stands to its deadline, by the table officials count with."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.tasks.lifecycle import State
from tracker.tasks.timeliness import Timeliness, days_late, timeliness

DUE = date(2018, 3, 31)
AFTER = date(2018, 4, 10)
days = st.dates(date(2017, 1, 1), date(2019, 12, 31))
maybe = st.none() | days


@pytest.mark.parametrize(
    ("state", "due", "handed_in", "done", "done_by", "expected"),
    [
        (State.IN_PROGRESS, None, None, None, None, Timeliness.NO_DEADLINE),
        (State.DONE, None, None, AFTER, None, Timeliness.NO_DEADLINE),
        (State.IN_PROGRESS, DUE, None, None, None, Timeliness.OVERDUE),
        (State.IN_PROGRESS, AFTER, None, None, None, Timeliness.IN_TIME),
        (State.ON_HOLD, DUE, None, None, None, Timeliness.OVERDUE),
        (State.SUBMITTED, DUE, DUE, None, None, Timeliness.IN_TIME),
        (State.SUBMITTED, DUE, AFTER, None, None, Timeliness.OVERDUE),
        (State.RETURNED, DUE, None, None, None, Timeliness.OVERDUE),
        (State.DONE, DUE, DUE, DUE, None, Timeliness.ON_TIME),
        (State.DONE, DUE, AFTER, AFTER, None, Timeliness.LATE),
        (State.DONE, DUE, None, None, DUE, Timeliness.ON_TIME),
        (State.DONE, DUE, None, None, AFTER, Timeliness.UNDATED),
        (State.DONE, DUE, None, None, None, Timeliness.UNDATED),
    ],
)
def test_each_cell_follows_from_due_day_hand_in_and_completion(
    state, due, handed_in, done, done_by, expected
):
    assert timeliness(state, due, handed_in, done, done_by, today=AFTER) is expected


def test_overdue_begins_the_day_after_the_due_day():
    for offset, expected in ((0, Timeliness.IN_TIME), (1, Timeliness.OVERDUE)):
        today = DUE + timedelta(days=offset)
        assert timeliness(State.ASSIGNED, DUE, None, None, None, today=today) is expected


def test_31_march_is_ten_calendar_days_overdue_on_10_april():
    assert days_late(State.IN_PROGRESS, DUE, None, None, today=AFTER) == 10


@given(st.sampled_from(State), maybe, maybe, maybe, maybe, days)
def test_a_task_is_late_by_days_exactly_when_its_cell_says_so(
    state, due, handed_in, done, done_by, today
):
    cell = timeliness(state, due, handed_in, done, done_by, today=today)
    late = days_late(state, due, handed_in, done, today=today)
    assert (late > 0) == (cell in {Timeliness.OVERDUE, Timeliness.LATE})
