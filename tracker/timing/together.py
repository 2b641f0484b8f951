"""One deadline for many tasks at once: each within its own bounds, what does not fit is refused with the reason."""

from datetime import date, datetime

from tracker.history.actions import Doer
from tracker.letters.rungs import Refusal, Refused
from tracker.tasks.actions import Due
from tracker.tasks.models import Task
from tracker.timing.actions import AskedFirst, held_below, set_deadline
from tracker.timing.bounds import Below, Bound, OutOfBounds, hanging

_REFUSALS = {
    Bound.FINISHED: Refusal.FINISHED,
    Bound.SERIES: Refusal.SERIES,
    Bound.SAME: Refusal.SAME_DAY,
    Bound.BEYOND_PARENT: Refusal.BEYOND_PARENT,
    Bound.BELOW_BEYOND: Refusal.BELOW_BEYOND,
}


def set_one(task: Task, due: Due, *, by: Doer, at: datetime, words: str | None = None) -> None:
    """Set the deadline of one of many; what shares it follows. Raises Refused.

    A task that came to this very day with the one above it is done. Where something with a day of its own would lie
    beyond, the task is to be looked at by itself.
    """
    if task.due_on == due.on:
        return
    if task.due_on and not words:
        raise Refused(Refusal.NEEDS_REASON)
    hung = hanging(task, held_below(task))
    if any(one in hung.others for one in hung.beyond(due.on or date.max)):
        raise Refused(Refusal.BELOW_BEYOND)
    try:
        set_deadline(task, due, below=Below.FOLLOW, by=by, at=at, words=words)
    except AskedFirst:
        raise Refused(Refusal.MORE_TIME_ASKED) from None
    except OutOfBounds as bound:
        raise Refused(_REFUSALS[bound.why]) from None
