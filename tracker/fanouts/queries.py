"""What a fan-out rests on: units to choose from, those that have their part, the measures to share out."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select

from tracker.committees.models import Level, Unit, UnitKind, UnitMember
from tracker.committees.names import LEVEL_ORDER
from tracker.committees.queries import Choice, choices, valid
from tracker.db import db, within
from tracker.measures.models import Measure
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Task


def taken(parent_id: int) -> set[int]:
    """Return the units that have their part of a task already; whoever was withdrawn has none."""
    children = select(Task.lead_id).where(Task.parent_id == parent_id, Task.tie == Tie.FANOUT)
    return set(db.session.scalars(children.where(Task.state != State.CANCELLED)))


def units_of(ids: Collection[int]) -> dict[int, Unit]:
    """Return units by id."""
    found = db.session.scalars(select(Unit).where(within(Unit.id, ids)))
    return {unit.id: unit for unit in found}


def wholes_of(task_id: int) -> list[tuple[Measure, list[Decimal | None]]]:
    """Return the measures of a task that units may share, each with the quotas that are given out already."""
    wholes = select(Measure).where(
        Measure.task_id == task_id,
        Measure.rank.is_(None),
        Measure.over_id.is_(None),
        Measure.is_dropped.is_(False),
    )
    found = list(db.session.scalars(wholes.order_by(Measure.id)))
    part = select(Measure.into_id, Measure.target).join(Task, Task.id == Measure.task_id)
    part = part.where(within(Measure.into_id, [whole.id for whole in found]))
    given = db.session.execute(part.where(Task.state != State.CANCELLED)).all()
    return [(whole, [target for i, target in given if i == whole.id]) for whole in found]


# --- choosing ------------------------------------------------------------------------------------------


class Sets(NamedTuple):
    """Ways to choose many units at once: the branch below a unit, a level, those that a group lists."""

    branches: list[Choice]
    levels: list[Level]
    groups: list[Choice]


def offered(on: date, lang: str) -> list[Choice]:
    """Return the units to which a task may be given: all that exist but groups, in which nobody sits."""
    groups = set(db.session.scalars(select(Unit.id).where(Unit.kind == UnitKind.COLLECTIVE)))
    return [choice for choice in choices(on, lang) if choice.id not in groups]


def sets(units: Collection[Choice], on: date, lang: str) -> Sets:
    """Return the ways to choose many units at once."""
    parents = set(db.session.scalars(select(Unit.parent_id).where(Unit.parent_id.is_not(None))))
    levels = sorted({choice.group for choice in units}, key=LEVEL_ORDER.__getitem__)
    groups = choices(on, lang, UnitKind.COLLECTIVE)
    return Sets([choice for choice in units if choice.id in parents], levels, groups)


def below(unit_id: int, on: date) -> set[int]:
    """Return the units right below a unit."""
    return set(db.session.scalars(select(Unit.id).where(Unit.parent_id == unit_id, valid(on))))


def on_level(level: Level, on: date) -> set[int]:
    """Return the units of a level."""
    return set(db.session.scalars(select(Unit.id).where(Unit.level == level, valid(on))))


def listed(group_id: int) -> set[int]:
    """Return the units that a group lists."""
    members = select(UnitMember.unit_id).where(UnitMember.collective_id == group_id)
    return set(db.session.scalars(members))
