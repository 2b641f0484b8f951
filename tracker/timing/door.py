"""Find and check, for the views of deadlines: what stands above a task is locked before it."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from tracker.db import db
from tracker.policy import Verb
from tracker.tasks.door import on_task
from tracker.tasks.models import Task
from tracker.timing.queries import ids_above
from tracker.web import hold, stands_for

P = ParamSpec("P")
T = TypeVar("T")


def on_deadline(
    verb: Verb,
) -> Callable[[Callable[Concatenate[Task, P], T]], Callable[P, T]]:
    """Hand the view its task as `on_task` does, with all that bounds its deadline held first."""

    def decorate(view: Callable[Concatenate[Task, P], T]) -> Callable[P, T]:
        found = on_task(verb)(view)

        @functools.wraps(view)
        def held(*args: P.args, task_id: int, **kwargs: P.kwargs) -> T:  # type: ignore[valid-type]
            hold_above(task_id)
            return found(*args, task_id=task_id, **kwargs)  # type: ignore[arg-type]

        return stands_for(verb)(held)  # type: ignore[arg-type]

    return decorate


def hold_above(task_id: int) -> None:
    """Let nobody else change what stands above a task while this request may, from the top downwards."""
    for above in reversed(ids_above(_parent_id(task_id))):
        hold(Task, above)


def _parent_id(task_id: int) -> int | None:
    found: int | None = db.session.scalar(db.select(Task.parent_id).where(Task.id == task_id))
    return found
