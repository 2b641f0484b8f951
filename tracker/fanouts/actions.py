"""Giving a task on to many units at once: a child for each, its quotas and its letter, in one."""

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from tracker.committees.models import Unit, UnitKind
from tracker.db import db
from tracker.fanouts.queries import taken, units_of, wholes_of
from tracker.history.actions import Doer, record, record_alike
from tracker.history.models import Kind
from tracker.letters import actions as letters
from tracker.measures import actions as measures
from tracker.tasks.actions import (
    SHARED,
    Due,
    facts_of_part,
    giver_id,
    search_key_of,
    verdict_unit,
)
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Task
from tracker.tasks.moves import image_of
from tracker.timing.actions import bound_above

MOST = 1_000  # units at once
# In these states a task can be given on.
GIVES_ON = frozenset({State.DRAFT, State.ASSIGNED, State.IN_PROGRESS, State.RETURNED})


class Misfit(enum.StrEnum):
    """Why a unit cannot be given its part."""

    TWICE = "twice"
    TAKEN = "taken"
    COLLECTIVE = "collective"
    OUTLIVED = "outlived"  # it ends before the part falls due
    LATE = "late"  # later than what stands above allows


class CannotGive(Exception):
    """Some parts do not fit, by the unit's id; nothing was written."""

    def __init__(self, misfits: Mapping[int, Misfit], bound: date | None = None) -> None:
        super().__init__(misfits)
        self.misfits, self.bound = misfits, bound


@dataclass(frozen=True)
class PartFacts:
    """What one unit is given: its deadline, its quota of each measure of the whole (None: not stated), added words."""

    unit_id: int
    due: Due = field(default_factory=Due)
    quotas: Mapping[int, Decimal | None] = field(default_factory=dict)
    words: str | None = None


def fits(task: Task) -> bool:
    """Tell whether a task can be given on: not yet handed in or ended, no line, no recurring duty."""
    return task.state in GIVES_ON and not task.is_line and not task.is_series


def fan_out(parent: Task, parts: Sequence[PartFacts], *, by: Doer, at: datetime) -> list[Task]:
    """Give each unit a task of its own; below a draft they are drafts, sent with it, else they are sent at once.

    The parent is held by the caller. Raises CannotGive, PartsDoNotSum.
    """
    _check(parent, parts)
    children = _made(parent, parts, at=at)
    _set_quotas(parent, parts, children)
    _tell(parent, children, by=by, at=at)
    if parent.state is not State.DRAFT:
        letters.assign([child.id for child in children], by=by, at=at)
    return children


def _check(parent: Task, parts: Sequence[PartFacts]) -> None:
    bound = parent.due_on or bound_above(parent)
    units = units_of([part.unit_id for part in parts])
    open_already = taken(parent.id)
    found: dict[int, Misfit] = {}
    seen: set[int] = set()
    for part in parts:
        unit = units[part.unit_id]
        why = Misfit.TWICE if unit.id in seen else _misfit(part, unit, bound, open_already)
        if why:
            found[unit.id] = why
        seen.add(unit.id)
    if found:
        raise CannotGive(found, bound)


def _misfit(
    part: PartFacts, unit: Unit, bound: date | None, open_already: Collection[int]
) -> Misfit | None:
    due = part.due.on
    if unit.id in open_already:
        return Misfit.TAKEN
    if unit.kind is UnitKind.COLLECTIVE:
        return Misfit.COLLECTIVE
    if due and unit.valid_to and unit.valid_to < due:
        return Misfit.OUTLIVED
    return Misfit.LATE if due and bound and due > bound else None


def _made(parent: Task, parts: Sequence[PartFacts], *, at: datetime) -> list[Task]:
    giver = giver_id(parent)
    children = [_child(parent, part, giver, at=at) for part in parts]
    db.session.add_all(children)
    db.session.flush()
    return children


def _child(parent: Task, part: PartFacts, giver: int, *, at: datetime) -> Task:
    child = Task(
        parent_id=parent.id,
        tie=Tie.FANOUT,
        lead_id=part.unit_id,
        assigner_id=giver,
        verdict_unit_id=verdict_unit(part.unit_id, giver),
        state=State.DRAFT if parent.state is State.DRAFT else State.ASSIGNED,
        state_stated=True,
        slips=0,
        first_due_words=part.due.words,
        first_due_on=part.due.on,
        note=part.words,
        prov={},
        created_at=at,
        moved_at=at,
        **{name: getattr(parent, name) for name in SHARED},
        **part.due.columns(),
    )
    child.search_key = search_key_of(child)
    return child


def _set_quotas(parent: Task, parts: Sequence[PartFacts], children: Sequence[Task]) -> None:
    pairs = list(zip(parts, children, strict=True))
    for whole, known in wholes_of(parent.id):
        quotas = {c.id: p.quotas.get(whole.id) for p, c in pairs if whole.id in p.quotas}
        if quotas:
            measures.check_sum(whole, [*known, *quotas.values()])
            measures.set_quotas(whole, quotas)


def _tell(parent: Task, children: Sequence[Task], *, by: Doer, at: datetime) -> None:
    """Tell it of the whole, which counts no longer, and of each part."""
    ids = [child.id for child in children]
    event = record(Kind.FANNED_OUT, by=by, at=at, image=image_of(parent), data={"children": ids})
    images = [image_of(child, facts_of_part(child)) for child in children]
    kind = Kind.DRAFTED if parent.state is State.DRAFT else Kind.SEND
    record_alike(kind, images, by=by, at=at, data={"through": event.id})
