"""What is seen of units: the forest, one unit and what belongs to it, the choices of every form."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, contains_eager, joinedload

from tracker.committees.models import Level, Role, Seat, Tenure, Unit, UnitKind, UnitMember
from tracker.committees.names import LEVEL_ORDER
from tracker.committees.standings import is_held
from tracker.db import db
from tracker.people.models import Person

_PAIRS = select(UnitMember.collective_id, UnitMember.unit_id)


class Choice(NamedTuple):
    """A unit as a form offers it: under the heading of its level, in Vietnamese where it must be."""

    id: int
    label: str
    group: Level
    vietnamese: bool = False

    @classmethod
    def of(cls, row: Any, lang: str) -> "Choice":
        """Return a unit's row as a choice in the reader's language."""
        english = row.name_en if lang == "en" else None
        return cls(row.id, english or row.name_vi, row.level, lang == "en" and not english)


@dataclass(frozen=True)
class Node:
    """A unit in the forest with what stands below it, and the units it lists as a collective."""

    unit: Unit
    below: list["Node"] = field(default_factory=list)
    members: Sequence[Unit] = ()


class Holder(NamedTuple):
    """A seat and who holds it on the day asked for, if anybody does."""

    seat: Seat
    tenure: Tenure | None
    person: Person | None


def visible() -> Select[Unit]:
    """Return every unit: their names are no secret to whoever has signed in."""
    return select(Unit)


def one(unit_id: int) -> Unit | None:
    """Return a unit with its parent and the body it acts for."""
    brings = (joinedload(Unit.parent), joinedload(Unit.acts_for))
    return db.session.scalar(visible().where(Unit.id == unit_id).options(*brings))


def by_code(wanted: str) -> Unit | None:
    """Return the unit with this code, or with this number."""
    units = select(Unit).where(Unit.code == wanted)
    if wanted.isdecimal() and len(wanted) < 10:  # noqa: PLR2004 - what an id's column holds
        units = select(Unit).where(or_(Unit.code == wanted, Unit.id == int(wanted)))
    return db.session.scalars(units.order_by(Unit.id).limit(1)).first()


def forest() -> list[Node]:
    """Return the roots of the forest, the highest level first, each with all that stands below."""
    units = sorted(db.session.scalars(visible()), key=_order)
    listed = _listed({unit.id: unit for unit in units})
    nodes = {unit.id: Node(unit, members=listed.get(unit.id, ())) for unit in units}
    for unit in units:
        if unit.parent_id is not None:
            nodes[unit.parent_id].below.append(nodes[unit.id])
    return [nodes[unit.id] for unit in units if unit.parent_id is None]


def by_level(nodes: Sequence[Node]) -> list[tuple[Level, list[Node]]]:
    """Return the nodes in groups of one level, in the order they come in."""
    return [(level, list(group)) for level, group in groupby(nodes, lambda node: node.unit.level)]


def _listed(units: Mapping[int, Unit]) -> dict[int, list[Unit]]:
    found = defaultdict(list)
    for collective_id, unit_id in db.session.execute(_PAIRS):
        found[collective_id].append(units[unit_id])
    return {key: sorted(members, key=_order) for key, members in found.items()}


def _order(unit: Unit) -> tuple[int, str]:
    return LEVEL_ORDER[unit.level], unit.sort_key


def choices(on: date, lang: str = "vi", kind: UnitKind | None = None) -> list[Choice]:
    """Return the units that exist on the day `on`, or those of a kind, level by level, as every form offers them."""
    named = select(Unit.id, Unit.name_vi, Unit.name_en, Unit.level, Unit.sort_key).where(valid(on))
    if kind is not None:
        named = named.where(Unit.kind == kind)
    rows = sorted(db.session.execute(named), key=lambda u: (LEVEL_ORDER[u.level], u.sort_key))
    return [Choice.of(row, lang) for row in rows]


def valid(on: date) -> Any:
    """Return the condition that a unit exists on the day `on`; an unknown day is no bound."""
    begun = or_(Unit.valid_from.is_(None), Unit.valid_from <= on)
    return begun & or_(Unit.valid_to.is_(None), Unit.valid_to >= on)


# --- what belongs to one unit ---


def below(unit_id: int) -> list[Unit]:
    """Return the units right below one."""
    return sorted(db.session.scalars(select(Unit).where(Unit.parent_id == unit_id)), key=_order)


def listed_ids(collective_id: int) -> set[int]:
    """Return the ids of the units a collective lists."""
    listed = select(UnitMember.unit_id).where(UnitMember.collective_id == collective_id)
    return set(db.session.scalars(listed))


def members(collective_id: int) -> list[Unit]:
    """Return the units a collective lists."""
    listed = select(Unit).join(UnitMember, UnitMember.unit_id == Unit.id)
    found = db.session.scalars(listed.where(UnitMember.collective_id == collective_id))
    return sorted(found, key=_order)


def listing(unit_id: int) -> list[Unit]:
    """Return the collectives in which a unit is listed."""
    lists = select(Unit).join(UnitMember, UnitMember.collective_id == Unit.id)
    return sorted(db.session.scalars(lists.where(UnitMember.unit_id == unit_id)), key=_order)


def acting_for(unit_id: int) -> list[Unit]:
    """Return the bodies that act for a unit."""
    return sorted(db.session.scalars(select(Unit).where(Unit.acts_for_id == unit_id)), key=_order)


def related(unit: Unit) -> tuple[Unit | None, list[Unit]]:
    """Return the unit that came after this one, and those before it."""
    either = or_(Unit.id == unit.successor_id, Unit.successor_id == unit.id)
    found = list(db.session.scalars(select(Unit).where(either).order_by(Unit.sort_key)))
    after = next((u for u in found if u.id == unit.successor_id), None)
    return after, [u for u in found if u.successor_id == unit.id]


def holders(unit_id: int, on: date) -> list[Holder]:
    """Return the seats of a unit with whoever holds each on the day `on`, substitutes included."""
    held = aliased(Tenure)
    rows = db.session.execute(
        select(Seat, held, Person)
        .outerjoin(held, (held.seat_id == Seat.id) & is_held(held, on))
        .outerjoin(Person, Person.id == held.person_id)
        .where(Seat.unit_id == unit_id)
        .order_by(Seat.is_head.desc(), Seat.id, held.id)
    )
    return [Holder(*row) for row in rows]


def seats_held(on: date, ids: Collection[int] | None = None) -> list[Holder]:
    """Return seats with their units and whoever holds each on the day `on`: those of `ids`, else all."""
    held = aliased(Tenure)
    seats = (
        select(Seat, held, Person)
        .join(Unit, Unit.id == Seat.unit_id)
        .outerjoin(held, (held.seat_id == Seat.id) & is_held(held, on))
        .outerjoin(Person, Person.id == held.person_id)
        .options(contains_eager(Seat.unit))
        .order_by(Unit.sort_key, Seat.id, held.id)
    )
    rows = seats if ids is None else seats.where(Seat.id.in_(ids))
    return [Holder(*row) for row in db.session.execute(rows)]


def held_by(person_ids: Iterable[int], on: date) -> dict[int, list[Tenure]]:
    """Return what each of these people holds on the day `on`, with seat and unit."""
    brings = joinedload(Tenure.seat).joinedload(Seat.unit)
    held = select(Tenure).where(Tenure.person_id.in_(list(person_ids)), is_held(Tenure, on))
    found = defaultdict(list)
    for tenure in db.session.scalars(held.options(brings).order_by(Tenure.id)):
        found[tenure.person_id].append(tenure)
    return found


def free_seat(unit_id: int, role: Role, on: date) -> Seat | None:
    """Return a seat of the unit which nobody holds on the day `on` or later."""
    held = select(Tenure.id).where(
        Tenure.seat_id == Seat.id, or_(Tenure.to_on.is_(None), Tenure.to_on >= on)
    )
    seats = select(Seat).where(Seat.unit_id == unit_id, Seat.role == role, ~held.exists())
    return db.session.scalars(seats.order_by(Seat.id).limit(1)).first()


def has_head(unit_id: int) -> bool:
    """Tell whether a seat of the unit answers for it already."""
    heads = select(Seat.id).where(Seat.unit_id == unit_id, Seat.is_head)
    return db.session.execute(heads.limit(1)).first() is not None


def has_account(unit_id: int, on: date) -> bool:
    """Tell whether somebody with an account in use holds a working seat of the unit on the day `on`."""
    return bool(with_accounts([unit_id], on))


def with_accounts(unit_ids: Collection[int], on: date) -> set[int]:
    """Return those of the units in which somebody with an account in use holds a working seat on the day `on`."""
    if not unit_ids:
        return set()
    held = (
        select(Seat.unit_id)
        .join(Tenure, Tenure.seat_id == Seat.id)
        .join(Person, Person.id == Tenure.person_id)
        .where(Seat.unit_id.in_(unit_ids), Seat.role != Role.OBSERVER, is_held(Tenure, on))
    )
    return set(db.session.scalars(held.where(Person.disabled_at.is_(None)).distinct()))


# --- circles ---


def is_circle(unit_id: int, upper_id: int | None, *, by: InstrumentedAttribute[int | None]) -> bool:
    """Tell whether the unit would stand above itself with `upper_id` right above it in column `by`."""
    if upper_id is None:
        return False
    uppers = {row[0]: row[1] for row in db.session.execute(select(Unit.id, by))}
    passed: set[int] = set()
    while upper_id is not None and upper_id not in passed:
        passed.add(upper_id)
        upper_id = uppers.get(upper_id)
    return unit_id in passed


def circling_members(unit_id: int, wanted: Iterable[int]) -> set[int]:
    """Return those of the wanted members that are the collective itself, or contain it."""
    wanted = set(wanted)
    if not wanted:
        return set()
    listed = defaultdict(set)
    for collective_id, member_id in db.session.execute(_PAIRS):
        listed[collective_id].add(member_id)
    return {member for member in wanted if unit_id in _reached(member, listed)}


def _reached(start: int, listed: Mapping[int, set[int]]) -> set[int]:
    found, waiting = {start}, [start]
    while waiting:
        fresh = listed.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found
