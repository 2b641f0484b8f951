"""The rungs of urging: which letter may go out about a task now, by when it asks, which receipts are missed."""

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tracker.deadlines.calendar import ONE_DAY, Calendar
from tracker.policy import Verb
from tracker.tasks.lifecycle import OPEN, WORKING, State

FIRST, SECOND = 1, 2
ANSWER_WITHIN = 5  # working days, unless whoever signs says otherwise
SEEN_WITHIN = 2  # working days in which an assignment is to be acknowledged


class Refusal(enum.StrEnum):
    """Why a letter does not go out, or a lead is not changed."""

    UNSEEN = "unseen"
    NOT_ALLOWED = "not-allowed"
    CHANGED = "changed"
    OWN_UNIT = "own-unit"
    NOT_OVERDUE = "not-overdue"
    HANDED_IN = "handed-in"
    ON_HOLD = "on-hold"
    COLLECTIVE = "collective"
    SENT_ALREADY = "sent-already"
    URGED_TWICE = "urged-twice"
    ASKED_ALREADY = "asked-already"
    MORE_TIME_ASKED = "more-time-asked"
    FINISHED = "finished"
    ANSWERED = "answered"
    LEADS_ALREADY = "leads-already"
    CO_ORDINATES = "co-ordinates"
    HAS_PART = "has-part"
    SERIES = "series"
    NEEDS_REASON = "needs-reason"
    SAME_DAY = "same-day"
    BEYOND_PARENT = "beyond-parent"
    BELOW_BEYOND = "below-beyond"


class Refused(Exception):
    """What was asked for does not fit the task as it stands; `why` says in which respect."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Case:
    """A task as far as it decides on letters. `rungs`: the urgings its lead had since the deadline passed.

    `is_own`: whoever asks would write to a unit of their own. `is_asked`: an explanation is still owed.
    `asks_time`: the lead has asked for more time, and has no answer yet.
    """

    state: State
    is_overdue: bool
    is_own: bool = False
    is_collective: bool = False
    rungs: frozenset[int] = frozenset()
    is_asked: bool = False
    asks_time: bool = False


def next_rung(rungs: Collection[int]) -> int | None:
    """Return which urging comes next; none after the second, when the way is an explanation."""
    return next((rung for rung in (FIRST, SECOND) if rung not in rungs), None)


def why_not(verb: Verb, case: Case) -> Refusal | None:
    """Return what keeps a letter from going out, or the lead from being changed; nothing where it fits."""
    if verb is Verb.REASSIGN:
        return _why_not_passed_on(case)
    if verb is Verb.SET_DEADLINE:
        return _why_not_dated(case)
    common = _why_no_letter(case)
    if common:
        return common
    if verb is Verb.URGE:
        return _why_not_urged(case)
    return Refusal.ASKED_ALREADY if case.is_asked else None


def _why_no_letter(case: Case) -> Refusal | None:
    if case.is_own:
        return Refusal.OWN_UNIT
    if not case.is_overdue:
        return Refusal.NOT_OVERDUE
    if case.state is State.ON_HOLD:
        return Refusal.ON_HOLD
    return Refusal.COLLECTIVE if case.is_collective else None


def _why_not_urged(case: Case) -> Refusal | None:
    if case.state not in WORKING:
        return Refusal.HANDED_IN
    if case.asks_time:
        return Refusal.MORE_TIME_ASKED
    return None if next_rung(case.rungs) else Refusal.URGED_TWICE


def _why_not_passed_on(case: Case) -> Refusal | None:
    if case.state is State.SUBMITTED:
        return Refusal.HANDED_IN
    return None if case.state in OPEN else Refusal.FINISHED


def _why_not_dated(case: Case) -> Refusal | None:
    if case.state not in OPEN:
        return Refusal.FINISHED
    return Refusal.MORE_TIME_ASKED if case.asks_time else None


def answer_by(today: date, calendar: Calendar) -> date:
    """Return the day by which a letter of today asks for an answer."""
    return calendar.add_working(today, ANSWER_WITHIN)


def missed_since(today: date, calendar: Calendar) -> date:
    """Return the last day of sending after which more than two working days have passed without a receipt.

    The day of sending is not counted: what was sent on a Thursday is missed from the Tuesday after.
    """
    return calendar.add_working(today + ONE_DAY, -SEEN_WITHIN - 1) - ONE_DAY
