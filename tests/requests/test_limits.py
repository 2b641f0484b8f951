"""When more time may be asked for, case by case."""

from dataclasses import replace

from tests.cases import for_each
from tests.worlds import TODAY
from tracker.deadlines.calendar import ONE_DAY
from tracker.requests.limits import Case, Refusal, why_not
from tracker.tasks.lifecycle import State

FITS = Case(State.IN_PROGRESS, TODAY, slips=1, most=2)
LATE = replace(FITS, due_on=TODAY - ONE_DAY)
CASES = [
    (FITS, None),
    (replace(FITS, state=State.ASSIGNED), None),
    (replace(FITS, state=State.RETURNED), None),
    (replace(FITS, state=State.ON_HOLD), None),
    (replace(FITS, state=State.DRAFT), Refusal.DRAFT),
    (replace(FITS, state=State.SUBMITTED), Refusal.HANDED_IN),
    (replace(FITS, state=State.DONE), Refusal.FINISHED),
    (replace(FITS, state=State.CANCELLED), Refusal.FINISHED),
    (replace(FITS, due_on=None), Refusal.NO_DAY),
    (replace(FITS, decides_itself=True), Refusal.DECIDES_ITSELF),
    (replace(FITS, is_asked=True, slips=9), Refusal.ASKED_ALREADY),
    (replace(FITS, slips=2), Refusal.TOO_OFTEN),
    (replace(FITS, slips=2, most=3), None),
    (replace(FITS, slips=99, most=None), None),
    (replace(FITS, slips=0, most=0), Refusal.NEVER),
    (LATE, None),
    (replace(LATE, may_be_late=False), Refusal.TOO_LATE),
    (replace(FITS, may_be_late=False), None),
    (replace(LATE, may_be_late=False, slips=2), Refusal.TOO_OFTEN),
]


@for_each(CASES)
def test_more_time_is_asked_for_within_the_limits(case):
    given, refused = case
    assert why_not(given, TODAY) is refused
