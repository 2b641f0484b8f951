"""How a task stands to its deadline: derived from days, never stored, never typed."""

import enum
from datetime import date

from tracker.tasks.lifecycle import OPEN, State


class Timeliness(enum.StrEnum):
    """The six cells: three for what is done, two for what is not, one for what has no deadline."""

    ON_TIME = "on-time"
    LATE = "late"
    UNDATED = "undated"
    IN_TIME = "in-time"
    OVERDUE = "overdue"
    NO_DEADLINE = "no-deadline"


def timeliness(
    state: State,
    due_on: date | None,
    handed_in_on: date | None,
    done_on: date | None,
    done_by_on: date | None,
    *,
    today: date,
) -> Timeliness:
    """Return the cell a task belongs to on the day `today`.

    A task handed in is measured by the day of its hand-in; a done one whose day is not stated counts as on time where
    its last possible day is within the deadline, and is otherwise done without a day.
    """
    if due_on is None:
        return Timeliness.NO_DEADLINE
    if state is State.DONE:
        return _of_done(due_on, done_on, done_by_on)
    is_late = measured_on(state, handed_in_on, today) > due_on
    return Timeliness.OVERDUE if is_late else Timeliness.IN_TIME


def measured_on(state: State, handed_in_on: date | None, today: date) -> date:
    """Return the day by which a task that is not done is measured: a hand-in stops the clock."""
    return handed_in_on if state is State.SUBMITTED and handed_in_on else today


def _of_done(due_on: date, done_on: date | None, done_by_on: date | None) -> Timeliness:
    if done_on is not None:
        return Timeliness.ON_TIME if done_on <= due_on else Timeliness.LATE
    if done_by_on is not None and done_by_on <= due_on:
        return Timeliness.ON_TIME
    return Timeliness.UNDATED


def review_is_due(
    state: State, due_on: date | None, review_days: int | None, last_word: date, *, today: date
) -> bool:
    """Tell whether an open task without a deadline has lain for its review cycle without a word."""
    if review_days is None or due_on is not None or state not in OPEN:
        return False
    return (today - last_word).days >= review_days


def days_late(
    state: State,
    due_on: date | None,
    handed_in_on: date | None,
    done_on: date | None,
    *,
    today: date,
) -> int:
    """Return by how many calendar days a task is late, or was when it was done; 0 where it is not."""
    if due_on is None:
        return 0
    is_done = state is State.DONE
    until = (done_on or due_on) if is_done else measured_on(state, handed_in_on, today)
    return max((until - due_on).days, 0)
