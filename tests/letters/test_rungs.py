"""The rungs of urging: which letter fits a task, by when it asks, when a receipt is missed."""

from datetime import date

import pytest

from tracker.deadlines.calendar import VIETNAM
from tracker.letters.rungs import (
    FIRST,
    SECOND,
    Case,
    Refusal,
    answer_by,
    missed_since,
    next_rung,
    why_not,
)
from tracker.policy import Verb
from tracker.tasks.lifecycle import State

LATE = Case(State.IN_PROGRESS, is_overdue=True)


@pytest.mark.parametrize(
    ("verb", "case", "why"),
    [
        (Verb.URGE, LATE, None),
        (Verb.URGE, Case(State.IN_PROGRESS, is_overdue=False), Refusal.NOT_OVERDUE),
        (Verb.URGE, Case(State.IN_PROGRESS, is_overdue=True, is_own=True), Refusal.OWN_UNIT),
        (Verb.URGE, Case(State.SUBMITTED, is_overdue=True), Refusal.HANDED_IN),
        (Verb.URGE, Case(State.ON_HOLD, is_overdue=True), Refusal.ON_HOLD),
        (Verb.URGE, Case(State.RETURNED, is_overdue=True, rungs=frozenset({FIRST})), None),
        (
            Verb.URGE,
            Case(State.ASSIGNED, is_overdue=True, rungs=frozenset({FIRST, SECOND})),
            Refusal.URGED_TWICE,
        ),
        (
            Verb.URGE,
            Case(State.ASSIGNED, is_overdue=True, is_collective=True),
            Refusal.COLLECTIVE,
        ),
        (Verb.ASK_EXPLANATION, LATE, None),
        (Verb.ASK_EXPLANATION, Case(State.SUBMITTED, is_overdue=True), None),
        (
            Verb.ASK_EXPLANATION,
            Case(State.ASSIGNED, is_overdue=True, is_asked=True),
            Refusal.ASKED_ALREADY,
        ),
        (Verb.ASK_EXPLANATION, Case(State.DONE, is_overdue=False), Refusal.NOT_OVERDUE),
        (Verb.REASSIGN, Case(State.ASSIGNED, is_overdue=False), None),
        (Verb.REASSIGN, Case(State.ON_HOLD, is_overdue=True, is_own=True), None),
        (Verb.REASSIGN, Case(State.SUBMITTED, is_overdue=True), Refusal.HANDED_IN),
        (Verb.REASSIGN, Case(State.DONE, is_overdue=False), Refusal.FINISHED),
        (Verb.REASSIGN, Case(State.DRAFT, is_overdue=False), Refusal.FINISHED),
    ],
)
def test_what_fits_a_task(verb, case, why):
    assert why_not(verb, case) is why


def test_after_the_second_urging_none_comes():
    assert [next_rung(used) for used in ((), {FIRST}, {FIRST, SECOND})] == [FIRST, SECOND, None]


def test_an_answer_is_asked_for_within_five_working_days():
    assert answer_by(date(2018, 4, 10), VIETNAM) == date(2018, 4, 17)
    assert answer_by(date(2018, 2, 12), VIETNAM) == date(2018, 2, 26)  # Tết lies between


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2018, 4, 10), date(2018, 4, 5)),  # Tuesday: Thursday's, with Friday and Monday gone
        (date(2018, 4, 12), date(2018, 4, 9)),  # Thursday: Monday's
        (date(2018, 4, 14), date(2018, 4, 10)),  # on a Saturday nothing more is missed
        (date(2018, 4, 11), date(2018, 4, 8)),  # Wednesday: what was sent until Sunday
        (date(2018, 2, 22), date(2018, 2, 12)),  # after Tết: the 13th, the 21st and the 22nd count
    ],
)
def test_a_receipt_is_missed_when_two_working_days_have_passed(today, last):
    assert missed_since(today, VIETNAM) == last
