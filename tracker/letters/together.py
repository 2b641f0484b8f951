"""One step for many tasks at once: what does not fit is named with the reason, the rest is done."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.committees.standings import Me
from tracker.db import db, within
from tracker.fields import read_id
from tracker.letters.queries import Sent, case_of, own_units, sent_about
from tracker.letters.rungs import Case, Refusal, Refused, next_rung, why_not
from tracker.plans.models import Plan
from tracker.policy import Verb
from tracker.tasks.glance import Glance, Stored, by_id, glances, stored
from tracker.tasks.models import Task
from tracker.tasks.queries import seen_by

MOST = 1_000  # rows of one step, as many as stand on one page
_FORBIDDEN = frozenset({Refusal.UNSEEN, Refusal.NOT_ALLOWED})


class Row(NamedTuple):
    """A task as it was ticked: in which version, and which letter was to be the next."""

    task_id: int
    version: int | None = None
    rung: int | None = None


class Look(NamedTuple):
    """A ticked task as it stands now, and why the step does not fit it, if so."""

    row: Row
    task: Stored | None
    case: Case | None
    sent: Sequence[Sent]
    refusal: Refusal | None

    @property
    def rung(self) -> int:
        """Return which urging comes next, 0 for none."""
        return (next_rung(self.case.rungs) or 0) if self.case else 0


def ticked(values: Iterable[str]) -> list[Row]:
    """Read what was ticked, `task.version.rung` each, every task once."""
    found = (tuple(map(read_id, value.split(".")[:3])) for value in values)
    rows = {parts[0]: Row(*parts) for parts in found if parts[0]}  # type: ignore[arg-type]
    return list(rows.values())[:MOST]


def look(me: Me, rows: Sequence[Row], verb: Verb, today: date) -> list[Look]:
    """Return how the ticked tasks stand now towards a step of `me`, in a fixed number of queries."""
    ids = [row.task_id for row in rows]
    found = by_id(glances(me, stored(seen_by(me), within(Task.id, ids)), today))
    sent, own = sent_about(ids), own_units(me.seats)
    looks = []
    for row in rows:
        letters, glance = sent.get(row.task_id, ()), found.get(row.task_id)
        task = glance.task if glance else None
        case = glance and _case(glance, letters, own, today)
        looks.append(Look(row, task, case, letters, _refusal(row, glance, case, verb)))
    return looks


def _case(glance: Glance, sent: Sequence[Sent], own: Collection[int], today: date) -> Case:
    task = glance.task
    return case_of(task, task.lead_kind, sent, own=own, today=today, asks_time=glance.asks_time)


def _refusal(row: Row, glance: Glance | None, case: Case | None, verb: Verb) -> Refusal | None:
    if glance is None or case is None:
        return Refusal.UNSEEN
    why = why_not(verb, case)
    if verb not in glance.verbs and why not in {Refusal.NOT_OVERDUE, Refusal.FINISHED}:
        return Refusal.NOT_ALLOWED
    if why:
        return why
    if verb is Verb.URGE and row.rung and row.rung != next_rung(case.rungs):
        return Refusal.SENT_ALREADY
    return Refusal.CHANGED if row.version and row.version != glance.task.version else None


def is_forbidden(looks: Iterable[Look]) -> bool:
    """Tell whether the step is nobody's right on any of them."""
    return all(look.refusal in _FORBIDDEN for look in looks)


def is_unseen(looks: Iterable[Look]) -> bool:
    """Tell whether none of them exists for the reader."""
    return all(look.refusal is Refusal.UNSEEN for look in looks)


def hold(rows: Iterable[Row]) -> None:
    """Let nobody else change the tasks meanwhile, always in the same order."""
    ids = [row.task_id for row in rows]
    held = select(Task.id).where(within(Task.id, ids)).order_by(Task.id)
    db.session.execute(held.with_for_update(key_share=True))


def do(
    looks: Sequence[Look], step: Callable[[Task, Look], object]
) -> tuple[list[int], list[tuple[int, Refusal]]]:
    """Make the step where it fits; return the tasks it was made of, and those refused with the reason."""
    fitting = [look for look in looks if look.refusal is None]
    refused = [(look.row.task_id, look.refusal) for look in looks if look.refusal]
    tasks, done = _load(look.row.task_id for look in fitting), []
    for one in fitting:
        try:
            step(tasks[one.row.task_id], one)
            done.append(one.row.task_id)
        except Refused as reason:
            refused.append((one.row.task_id, reason.why))
    return done, refused


def _load(task_ids: Iterable[int]) -> dict[int, Task]:
    """Return the tasks with what a letter names."""
    chosen = select(Task).where(within(Task.id, list(task_ids)))
    brings = (
        joinedload(Task.lead),
        joinedload(Task.document),
        joinedload(Task.plan).joinedload(Plan.document),
    )
    return {task.id: task for task in db.session.scalars(chosen.options(*brings))}
