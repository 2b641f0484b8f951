"""Find and check, for the views of extensions: how a task stands towards one, which wish is answered."""

from tracker.letters.door import letter_of
from tracker.requests.limits import Case, Refusal, why_not
from tracker.requests.words import REFUSALS
from tracker.rules.queries import in_force
from tracker.tasks.models import Ask, AskKind, Task
from tracker.web import named, tell, today


def case_for(task: Task, *, is_asked: bool) -> Case:
    """Return how a task stands towards a wish for more time."""
    rules = in_force()
    return Case(
        state=task.state,
        due_on=task.due_on,
        slips=task.slips,
        decides_itself=task.decider_id == task.lead_id,
        is_asked=is_asked,
        most=rules.most_extensions,
        may_be_late=rules.asks_after_expiry,
    )


def wish_of(task: Task, ask_id: int | None = None) -> Ask | None:
    """Return the wish about the task that is meant: the one named, else the one that waits."""
    return letter_of(task, ask_id, {AskKind.EXTENSION})


def refusal(case: Case) -> Refusal | None:
    """Return what keeps the lead from asking today."""
    return why_not(case, today())


def why(refused: Refusal, task: Task) -> str:
    """Say why no more time is asked for, and whom to turn to."""
    return tell(REFUSALS[refused], {"n": task.slips, "assigner": named(decider_of(task))})


def decider_of(task: Task) -> object:
    """Return the unit that decides on the deadline; the task comes from `tasks.queries.find`."""
    return task.assigner if task.decider_id == task.assigner_id else task.verdict_unit
