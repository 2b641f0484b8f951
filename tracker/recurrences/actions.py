"""Making the tasks of a recurring duty: at once when it is set going, later as each period begins."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tracker.clock import day_of
from tracker.committees.models import Unit
from tracker.db import db, lock
from tracker.history.actions import Doer, record
from tracker.history.changes import apply
from tracker.history.models import Kind
from tracker.letters import actions as letters
from tracker.policy import Verb
from tracker.recurrences import queries
from tracker.rules.queries import in_force
from tracker.tasks import actions as tasks
from tracker.tasks.actions import Draft, Due, search_key_of
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Task
from tracker.tasks.moves import image_of
from tracker.tasks.periods import Period, pattern_of, running, titled

MACHINE = Doer()
_GO_ON = frozenset({Verb.SEND, Verb.RESUME, Verb.REOPEN, Verb.RESTORE})
# What every task of a duty takes over as it stands when the period begins.
_TAKEN_OVER = (
    "plan_id",
    "document_id",
    "clause_id",
    "lead_id",
    "assigner_id",
    "verdict_unit_id",
    "holder_seat_id",
    "leader_seat_id",
    "product_vi",
    "product_en",
    "product_document_id",
)


def catch_up(series_id: int, *, at: datetime) -> list[Task]:
    """Make the tasks of all periods that have begun since the duty was set going and have none yet.

    Safe to repeat and to run in several processes at once: whoever comes second waits, and finds them made.
    """
    lock(Task, series_id)
    series = db.session.get_one(Task, series_id, populate_existing=True)
    return _make(series, queries.waiting(series, day_of(at)), by=MACHINE, at=at)


def before(task: Task, verb: Verb, *, at: datetime) -> None:
    """Before a duty is put on hold, make what was missed while nobody looked: it began while the duty was going."""
    if verb is Verb.HOLD and task.is_series:
        catch_up(task.id, at=at)


def follow(task: Task, verb: Verb, *, by: Doer, at: datetime) -> None:
    """Let the task of the running period be made where a move sets a duty going, or going again."""
    if verb in _GO_ON:
        set_going(task, by=by, at=at)


def set_going(task: Task, *, by: Doer, at: datetime) -> list[Task]:
    """Make the task of the running period, unless its day has passed or it has been made."""
    pattern = pattern_of(task, queries.bound_of(task))
    if pattern is None or not queries.is_going(task):
        return []
    lock(Task, task.id)
    return _make(task, running(pattern, day_of(at), in_force()), by=by, at=at)


def edit(task: Task, said: Draft, *, by: Doer, at: datetime) -> None:
    """Correct a task; a duty with another end goes on from here, and owes nothing for the time between."""
    if not queries.is_going(task):
        tasks.edit(task, said, by=by, at=at)
        return
    catch_up(task.id, at=at)
    until = task.repeats_until_on
    tasks.edit(task, said, by=by, at=at)
    if task.repeats_until_on != until:
        set_going(task, by=by, at=at)


def _make(series: Task, periods: Iterable[Period], *, by: Doer, at: datetime) -> list[Task]:
    periods = list(periods)
    made = queries.made_for(series, periods) if periods else set()
    return [_occurrence(series, one, by=by, at=at) for one in periods if one.first not in made]


def _occurrence(series: Task, period: Period, *, by: Doer, at: datetime) -> Task:
    """Make the task of one period with its lines, ask for receipts, and tell it of all and of the duty."""
    task = _task(series, period, at=at, parent_id=series.id, **_taken_over(series))
    lines = [_line(task, series, period, unit, at=at) for unit in queries.co_ordinators(series)]
    made = [task, *lines]
    for one in made:
        _tell(one, period, by=by, at=at, series=series.id)
    letters.assign([one.id for one in made], by=by, at=at)
    _tell(series, period, by=by, at=at, occurrence=task.id)
    return task


def _tell(task: Task, period: Period, *, by: Doer, at: datetime, **which: int) -> None:
    data = which | {"period": period.first.isoformat()}
    record(Kind.RECURRED, by=by, at=at, image=image_of(task), data=data)


def _taken_over(series: Task) -> dict[str, Any]:
    values = {name: getattr(series, name) for name in _TAKEN_OVER}
    return values | {"tie": Tie.OCCURRENCE}


def _line(task: Task, series: Task, period: Period, unit: Unit, *, at: datetime) -> Task:
    """Make a co-ordinator's part, which answers to the lead."""
    units = {"lead_id": unit.id, "assigner_id": task.lead_id, "verdict_unit_id": task.lead_id}
    whole: dict[str, int | None] = {
        "parent_id": task.id,
        "plan_id": task.plan_id,
        "document_id": task.document_id,
    }
    whole["clause_id"] = task.clause_id
    return _task(series, period, at=at, tie=Tie.LINE, **units, **whole)


def _task(series: Task, period: Period, *, at: datetime, **values: Any) -> Task:
    task = Task(state=State.ASSIGNED, state_stated=True, slips=0, prov={}, created_at=at, **values)
    task.moved_at = at
    task.title_vi = titled(series.title_vi, period, "vi")
    if series.title_en:
        task.title_en = titled(series.title_en, period, "en")
    task.period_on = None if task.is_line else period.first
    task.search_key = search_key_of(task)
    due = _due(series, period)
    task.first_due_words, task.first_due_on = due.words, due.on
    apply(task, due.columns())
    db.session.add(task)
    db.session.flush()
    return task


def _due(series: Task, period: Period) -> Due:
    """A period's own day, in the words of the duty."""
    starts_on = period.first if period.first < period.due_on else None
    return Due("date", series.due_words, starts_on, period.due_on, period.hour)
