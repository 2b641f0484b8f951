"""What is done to units and seats: entering, correcting and moving a unit; taking and leaving a seat."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from tracker.committees.models import Level, Role, Seat, Tenure, Unit, UnitKind, UnitMember
from tracker.committees.queries import (
    circling_members,
    free_seat,
    has_head,
    held_by,
    is_circle,
    listed_ids,
)
from tracker.db import Turn, db, lock, take_turns
from tracker.history.actions import Doer, record
from tracker.history.changes import Changes, apply, without
from tracker.history.models import Kind
from tracker.people.models import Person
from tracker.text import fold, sort_key

# Column -> the key under which `prov` vouches for it.
_PROV_KEYS = {
    "name_vi": "name",
    "name_en": "name",
    "parent_id": "parent",
    "acts_for_id": "acts_for",
}


class CircleError(ValueError):
    """A unit would stand above itself, act for itself or be its own member."""


class SeatHeldError(ValueError):
    """The seat is held by somebody on the day from which it is to be taken."""


@dataclass(frozen=True, kw_only=True)
class UnitFacts:
    """What the office states of a unit; what only a source can say is set on the row by its loader."""

    name_vi: str
    name_en: str | None = None
    kind: UnitKind
    level: Level
    parent_id: int | None = None
    acts_for_id: int | None = None
    outside: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    purpose: str | None = None
    territory: str | None = None
    members_count: int | None = None
    note: str | None = None
    members: frozenset[int] = frozenset()

    def columns(self) -> dict[str, Any]:
        """Return the values by column, with the keys by which the unit is sorted and found."""
        found = asdict(self)
        del found["members"]
        names = f"{self.name_vi} {self.name_en or ''}"
        return found | {"sort_key": sort_key(self.name_vi), "search_key": fold(names)}


def add_unit(facts: UnitFacts, *, by: Doer, at: datetime) -> Unit:
    """Add a unit below its parent, or as a root."""
    take_turns(Turn.FOREST)  # whoever moves the parent changes the path this one begins with
    unit = Unit(path="", as_written=[], prov={}, **facts.columns())
    db.session.add(unit)
    db.session.flush()
    unit.path = _path_below(facts.parent_id, unit.id)
    _list_members(unit, facts.members)
    record(Kind.UNIT_ADDED, by=by, at=at, subject_id=unit.id)
    return unit


def edit_unit(unit: Unit, facts: UnitFacts, *, by: Doer, at: datetime) -> Unit:
    """Correct a unit in place, and take along everything below where it moves.

    What makes a successor instead, so that seats and open tasks pass on with it, is a reorganisation
    and no correction; it has no room yet. Old and new values stand in the event. Raises CircleError
    where the forest would no longer be one.
    """
    take_turns(Turn.FOREST)  # two moves at once could close a circle which neither of them sees
    db.session.refresh(unit, ["path"])
    _refuse_circles(unit, facts)
    made = apply(unit, facts.columns())
    unit.prov = without(unit.prov, made.fields, _PROV_KEYS)
    if "parent_id" in made.fields:
        _move(unit)
    members = _list_members(unit, facts.members)
    _tell_edit(unit, made, members, by=by, at=at)
    return unit


def _refuse_circles(unit: Unit, facts: UnitFacts) -> None:
    above = {Unit.parent_id: facts.parent_id, Unit.acts_for_id: facts.acts_for_id}
    if any(is_circle(unit.id, upper_id, by=column) for column, upper_id in above.items()):
        raise CircleError(unit.id)
    if circling_members(unit.id, facts.members):
        raise CircleError(unit.id)


def _tell_edit(
    unit: Unit, made: Changes, members: dict[str, list[int]], *, by: Doer, at: datetime
) -> None:
    if not made.fields and not any(members.values()):
        return
    data = made.data | {key: ids for key, ids in members.items() if ids}
    record(Kind.UNIT_EDITED, by=by, at=at, subject_id=unit.id, words=made.words, data=data)


def _path_below(parent_id: int | None, unit_id: int) -> str:
    if parent_id is None:
        return f"/{unit_id}/"
    parent = db.session.execute(select(Unit.path).where(Unit.id == parent_id)).scalar_one()
    return f"{parent}{unit_id}/"


def _move(unit: Unit) -> None:
    old, new = unit.path, _path_below(unit.parent_id, unit.id)
    unit.path = new
    db.session.flush()
    # Below the moved unit only the path changes, which nobody edits: their versions stay.
    db.session.execute(
        update(Unit)
        .where(Unit.path.startswith(old, autoescape=True), Unit.id != unit.id)
        .values(path=new + func.substr(Unit.path, len(old) + 1))
        .execution_options(synchronize_session="fetch")
    )


def _list_members(unit: Unit, wanted: Iterable[int]) -> dict[str, list[int]]:
    """List exactly the wanted units in a collective, none in any other; return who joined and left."""
    listed = listed_ids(unit.id)
    wanted = set(wanted) if unit.kind is UnitKind.COLLECTIVE else set()
    left, joined = listed - wanted, wanted - listed
    if left:
        of_unit = UnitMember.collective_id == unit.id
        db.session.execute(delete(UnitMember).where(of_unit, UnitMember.unit_id.in_(left)))
    db.session.add_all(UnitMember(collective_id=unit.id, unit_id=i, prov={}) for i in joined)
    db.session.flush()
    return {"joined": sorted(joined), "left": sorted(left)}


# --- seats ---


def open_seat(unit: Unit, role: Role, *, is_head: bool = False, by: Doer, at: datetime) -> Seat:
    """Open a seat in a unit; nobody holds it yet."""
    seat = Seat(unit_id=unit.id, role=role, is_head=is_head)
    db.session.add(seat)
    db.session.flush()
    data = {"seat_id": seat.id, "role": role.value, "is_head": is_head}
    record(Kind.UNIT_EDITED, by=by, at=at, subject_id=unit.id, data=data)
    return seat


def seat_person(seat: Seat, person: Person, from_on: date, *, by: Doer, at: datetime) -> Tenure:
    """Let a person hold a seat from a day on; raises SeatHeldError where it is held on or after it."""
    held = select(Tenure.id).where(
        Tenure.seat_id == seat.id,
        Tenure.stands_in_for_id.is_(None),
        or_(Tenure.to_on.is_(None), Tenure.to_on >= from_on),
    )
    if db.session.execute(held.limit(1)).first():
        raise SeatHeldError(seat.id)
    tenure = Tenure(seat_id=seat.id, person_id=person.id, from_on=from_on)
    db.session.add(tenure)
    db.session.flush()
    data = {"seat_id": seat.id, "unit_id": seat.unit_id, "role": seat.role.value}
    data |= {"from_on": from_on.isoformat()}
    record(Kind.SEAT_TAKEN, by=by, at=at, subject_id=person.id, data=data)
    return tenure


def leave_seat(tenure: Tenure, to_on: date, *, by: Doer, at: datetime) -> Tenure:
    """End a tenure with its last day `to_on`; raises ValueError where that is before its first."""
    if to_on < tenure.from_on:
        raise ValueError(f"a tenure from {tenure.from_on} cannot end on {to_on}")
    tenure.to_on = to_on
    data = {"seat_id": tenure.seat_id, "to_on": to_on.isoformat()}
    record(Kind.SEAT_LEFT, by=by, at=at, subject_id=tenure.person_id, data=data)
    return tenure


def place(
    person: Person, unit: Unit, role: Role, from_on: date, *, by: Doer, at: datetime
) -> Tenure:
    """Let a person hold a seat of a role in a unit, one that is free or else a new one.

    Raises SeatHeldError where the person holds such a seat already.
    """
    lock(Unit, unit.id)  # of two who are placed at once, each gets a seat of their own
    held = held_by([person.id], from_on)[person.id]
    if any(t.seat.unit_id == unit.id and t.seat.role is role for t in held):
        raise SeatHeldError(unit.id)
    seat = free_seat(unit.id, role, from_on)
    if seat is None:
        is_head = role is Role.CHAIR and not has_head(unit.id)
        seat = open_seat(unit, role, is_head=is_head, by=by, at=at)
    return seat_person(seat, person, from_on, by=by, at=at)
