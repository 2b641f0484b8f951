"""What is the same for everybody's digest of a day: names of units, who is in charge of what, what is overdue."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import case, func, or_, select

from tracker.committees.models import Unit
from tracker.committees.standings import Me
from tracker.digests.values import Late, Scope
from tracker.history.memory import remembered
from tracker.tasks.glance import Named, rows
from tracker.tasks.lifecycle import OPEN
from tracker.tasks.models import Task
from tracker.tasks.queries import counted
from tracker.tasks.sources import done_with_deadline, measured_on, overdue
from tracker.timing.kinds import NEEDS_NO_DAY
from tracker.timing.queries import lacks_day


class Fallen(NamedTuple):
    """How many tasks between these three units have fallen due."""

    lead_id: int
    assigner_id: int
    verdict_unit_id: int
    number: int


@dataclass(frozen=True)
class Shared:
    """The whole body on a day. `in_charge`: the open tasks of a seat; `late` by lead, and by those who answer.

    `undated`: how many tasks each unit has still to give a deadline.
    """

    names: Mapping[int, Named]
    in_charge: Mapping[int, frozenset[int]]
    late_by_lead: Mapping[int, list[Late]]
    late_by_giver: Mapping[int, list[Late]]
    fallen: tuple[Fallen, ...]
    undated: Mapping[int, int]


def shared(today: date) -> Shared:
    """Return what everybody's digest of a day rests on, worked out once until something happens."""
    return remembered(("digests", today), partial(_shared, today))


def _shared(today: date) -> Shared:
    by_lead: dict[int, list[Late]] = defaultdict(list)
    by_giver: dict[int, list[Late]] = defaultdict(list)
    for task_id, lead_id, assigner_id, verdict_id, due_on, until in rows(_overdue(today)):
        late = Late(task_id, lead_id, due_on, until)
        by_lead[lead_id].append(late)
        for giver_id in {assigner_id, verdict_id}:
            by_giver[giver_id].append(late)
    fallen = tuple(Fallen._make(row) for row in rows(_fallen(today)))
    return Shared(_names(), _in_charge(), by_lead, by_giver, fallen, _undated())


def _names() -> dict[int, Named]:
    named = rows(select(Unit.id, Unit.name_vi, Unit.name_en))
    return {unit_id: Named(vi, en) for unit_id, vi, en in named}


def _in_charge() -> dict[int, frozenset[int]]:
    seats = (Task.leader_seat_id, Task.holder_seat_id)
    held = or_(*(seat.is_not(None) for seat in seats))
    found: dict[int, set[int]] = defaultdict(set)
    for task_id, *seat_ids in rows(select(Task.id, *seats).where(Task.state.in_(OPEN), held)):
        for seat_id in filter(None, seat_ids):
            found[seat_id].add(task_id)
    return {seat_id: frozenset(ids) for seat_id, ids in found.items()}


_UNITS = (Task.lead_id, Task.assigner_id, Task.verdict_unit_id)


def _undated() -> dict[int, int]:
    """Return for each unit of how many open tasks it has still to name the day."""
    decider = case((Task.assigner_id != Task.lead_id, Task.assigner_id), else_=Task.verdict_unit_id)
    unclear = or_(Task.due_kind.is_(None), Task.due_kind.not_in(NEEDS_NO_DAY))
    counts = select(decider, func.count()).where(lacks_day(), unclear).group_by(decider)
    return {row[0]: row[1] for row in rows(counts)}


def undated_of(me: Me, whole: Shared) -> int:
    """Return of how many tasks the units of `me` have still to name the day."""
    return sum(whole.undated.get(unit_id, 0) for unit_id in me.acts)


def _overdue(today: date) -> Any:
    columns = (Task.id, *_UNITS, Task.due_on, measured_on(Task, today))
    return select(*columns).where(overdue(today), counted())


def _fallen(today: date) -> Any:
    fell_due = or_(done_with_deadline(), overdue(today))
    chosen = select(*_UNITS, func.count()).where(fell_due, counted())
    return chosen.group_by(*_UNITS)


def scope_of(me: Me, whole: Shared) -> Scope | None:
    """Return how the units somebody answers for stand; None where that is only their own desk.

    These are the tasks their branch leads, and those which they have assigned or judge anywhere.
    """
    branch, own, acts = me.branch | me.observed, me.own | me.heads, me.acts
    fallen = [
        f
        for f in whole.fallen
        if f.lead_id in branch or f.assigner_id in acts or f.verdict_unit_id in acts
    ]
    if all(f.lead_id in own for f in fallen):
        return None
    late = {*_of(branch, whole.late_by_lead), *_of(acts, whole.late_by_giver)}
    return Scope(tuple(sorted(late)), sum(f.number for f in fallen))


def _of(units: Iterable[int], late: Mapping[int, list[Late]]) -> Iterable[Late]:
    for unit_id in units:
        yield from late.get(unit_id, ())
