"""The limits of extensions: whether more time may be asked for a task as it stands, and why not."""

import enum
from dataclasses import dataclass
from datetime import date

from tracker.tasks.lifecycle import WORKING, State

# A task that is handed in waits for its answer, and one that is finished needs no more time.
MAY_ASK = WORKING | {State.ON_HOLD}


class Refusal(enum.StrEnum):
    """Why more time is not asked for."""

    DRAFT = "draft"
    HANDED_IN = "handed-in"
    FINISHED = "finished"
    NO_DAY = "no-day"
    DECIDES_ITSELF = "decides-itself"
    ASKED_ALREADY = "asked-already"
    NEVER = "never"
    TOO_OFTEN = "too-often"
    TOO_LATE = "too-late"


class Refused(Exception):
    """The request does not fit the task as it stands; `why` says in which respect."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Case:
    """A task as far as it decides on a wish for more time. `slips`: how often its deadline was moved to a later day.

    `decides_itself`: no level above the lead decides on its deadline. `is_asked`: a wish waits for its answer.
    `most` extensions are allowed by the organisation, any number where it is None; `may_be_late`: asked after expiry.
    """

    state: State
    due_on: date | None
    slips: int = 0
    decides_itself: bool = False
    is_asked: bool = False
    most: int | None = None
    may_be_late: bool = True


def why_not(case: Case, today: date) -> Refusal | None:
    """Return what keeps the lead from asking for more time; nothing where it may."""
    if case.state not in MAY_ASK:
        return _OVER.get(case.state, Refusal.FINISHED)
    if case.due_on is None:
        return Refusal.NO_DAY
    if case.decides_itself:
        return Refusal.DECIDES_ITSELF
    return Refusal.ASKED_ALREADY if case.is_asked else _limit(case, today)


_OVER = {State.DRAFT: Refusal.DRAFT, State.SUBMITTED: Refusal.HANDED_IN}


def _limit(case: Case, today: date) -> Refusal | None:
    """Return the limit of the organisation that has been reached."""
    if case.most is not None and case.slips >= case.most:
        return Refusal.TOO_OFTEN if case.most else Refusal.NEVER
    is_late = is_after_expiry(case.due_on, today)
    return Refusal.TOO_LATE if is_late and not case.may_be_late else None


def is_after_expiry(due_on: date | None, today: date) -> bool:
    """Tell whether a wish of today comes after the deadline: the task stays overdue until it is answered."""
    return due_on is not None and due_on < today
