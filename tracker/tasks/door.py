"""Find and check, for the views of tasks: unseen is 404, seen but not allowed is 403."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from flask import abort, g

from tracker.committees.standings import Me
from tracker.db import begin_writing, db
from tracker.history.actions import Doer
from tracker.policy import TABLE, Standing, Verb
from tracker.tasks.models import Task
from tracker.tasks.queries import find, place_of
from tracker.tasks.standings import standings
from tracker.web import hold, require, stands_for

P = ParamSpec("P")
T = TypeVar("T")


def me() -> Me:
    """Return who asks."""
    return g.me  # type: ignore[no-any-return]


def on_task(verb: Verb) -> Callable[[Callable[Concatenate[Task, P], T]], Callable[P, T]]:
    """Hand the view its task instead of the id in the address, to those whom the policy lets do `verb` to it."""

    def decorate(view: Callable[Concatenate[Task, P], T]) -> Callable[P, T]:
        @functools.wraps(view)
        def found(*args: P.args, task_id: int, **kwargs: P.kwargs) -> T:  # type: ignore[valid-type]
            return view(task_for(task_id, verb), *args, **kwargs)

        return stands_for(verb)(found)  # type: ignore[arg-type]

    return decorate


def task_for(task_id: int, verb: Verb) -> Task:
    """Return the task, or answer 404 to whom it does not exist for, 403 to whom the verb is not allowed."""
    if Standing.PERSON not in me().standings:
        abort(401)
    hold(Task, task_id)
    task = find(me(), task_id)
    if task is None:
        abort(404)
    require(verb, standings(me(), place_of(task)))
    return task


def afresh(task_id: int, verb: Verb) -> Task:
    """Return a task again which somebody else changed in the same moment; what was begun is taken back."""
    db.session.rollback()
    begin_writing()
    return task_for(task_id, verb)


_BY_LEAD = frozenset({Standing.MEMBER, Standing.HEAD})


def hand(task: Task, verb: Verb) -> Doer:
    """Return whose hand does this, in the name of which of their units."""
    allowed = TABLE[verb]
    unit_id = task.assigner_id
    if Standing.VERDICT in allowed:
        unit_id = task.verdict_unit_id
    if Standing.GIVER in allowed and task.lead_id in me().acts:
        unit_id = task.lead_id
    if Standing.DECIDER in allowed:
        unit_id = task.decider_id
    if allowed & _BY_LEAD and (task.lead_id in me().own or task.lead_id in me().heads):
        unit_id = task.lead_id
    person = me().person
    return Doer(person.id if person else None, me().unit_for([unit_id]))
