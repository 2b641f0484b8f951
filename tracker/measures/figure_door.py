"""Find and check, for the views of figures: who sees a task sees its measures; whose figures are asked for."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from flask import abort, g
from flask_babel import gettext as _
from markupsafe import Markup, escape

from tracker.committees import queries as committees
from tracker.db import db
from tracker.measures.models import Measure, Reading
from tracker.measures.overview import Asked
from tracker.plans import queries as plans
from tracker.policy import Standing, Verb
from tracker.tasks import sources
from tracker.tasks.door import task_for
from tracker.tasks.lifecycle import UNCOUNTED
from tracker.tasks.models import Task
from tracker.tasks.queries import place_of
from tracker.tasks.standings import standings
from tracker.text import N_
from tracker.web import hold, named, named_html, require, stands_for, tell, today

P = ParamSpec("P")
T = TypeVar("T")


def on_measure(
    verb: Verb,
) -> Callable[[Callable[Concatenate[Measure, Task, P], T]], Callable[P, T]]:
    """Hand the view its measure and the measure's task, to those whom the policy lets do `verb` to the task."""

    def decorate(view: Callable[Concatenate[Measure, Task, P], T]) -> Callable[P, T]:
        @functools.wraps(view)
        def found(*args: P.args, measure_id: int, **kwargs: P.kwargs) -> T:  # type: ignore[valid-type]
            return view(*find(measure_id, verb), *args, **kwargs)

        return stands_for(verb)(found)  # type: ignore[arg-type]

    return decorate


def on_reading(
    verb: Verb,
) -> Callable[[Callable[Concatenate[Reading, Measure, Task, P], T]], Callable[P, T]]:
    """Hand the view its reading as well."""

    def decorate(view: Callable[Concatenate[Reading, Measure, Task, P], T]) -> Callable[P, T]:
        @functools.wraps(view)
        def found(*args: P.args, reading_id: int, **kwargs: P.kwargs) -> T:  # type: ignore[valid-type]
            require(Verb.SEE_OWN, g.me.standings)
            of = db.select(Reading.measure_id).where(Reading.id == reading_id)
            measure, task = find(db.session.scalar(of) or 0, verb)
            reading = db.session.get_one(Reading, reading_id)
            return view(reading, measure, task, *args, **kwargs)

        return stands_for(verb)(found)  # type: ignore[arg-type]

    return decorate


def find(measure_id: int, verb: Verb) -> tuple[Measure, Task]:
    """Return a measure and its task; 404 where the task is not to be seen, 403 where the verb is not allowed.

    The task is held before the measure is read, so that of two who change its figures one comes first.
    """
    require(Verb.SEE_OWN, g.me.standings)
    of = db.select(Measure.task_id).where(Measure.id == measure_id)
    task = task_for(db.session.scalar(of) or 0, verb)
    hold(Measure, measure_id)
    return db.session.get_one(Measure, measure_id), task


def whose(asked: Asked) -> Markup:
    """Return whose measures are asked for; 404 where the plan or unit is not there, or not to be seen."""
    return Markup(" · ").join(name for name in (_plan(asked.plan), _unit(asked.unit)) if name)


def _plan(plan_id: int | None) -> Markup | None:
    if plan_id is None:
        return None
    plan = plans.find(sources.plans_for(g.me), plan_id) or abort(404)
    return named_html(plan, "title")


def _unit(unit_id: int | None) -> Markup | None:
    if unit_id is None:
        return None
    unit = committees.one(unit_id) or abort(404)
    return escape(_("{unit} and the units below it")).format(unit=named_html(unit))


# --- who enters ------------------------------------------------------------------------------------

ONLY_LEAD = N_("The figures of this list are entered by the lead unit, {unit}.")
HAS_ACCOUNT = N_("{unit} has accounts of its own and enters its figures itself.")
NOT_SENT = N_("Figures are entered once the task has been sent, and not after it was cancelled.")


def is_on_behalf(task: Task) -> bool:
    """Tell whether the reader writes down what the lead unit says."""
    return task.lead_id not in g.me.own | g.me.heads


def why_not(task: Task) -> str:
    """Say what keeps the reader from entering figures for the lead unit, nothing where they may."""
    if task.state in UNCOUNTED:
        return str(_(NOT_SENT))
    if not is_on_behalf(task):
        return ""
    unit = {"unit": named(task.lead)}
    if Standing.SCRIBE not in standings(g.me, place_of(task)):
        return tell(ONLY_LEAD, unit)
    return tell(HAS_ACCOUNT, unit) if committees.has_account(task.lead_id, today()) else ""
