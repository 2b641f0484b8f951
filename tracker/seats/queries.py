"""Who holds a seat, who will, who stands in; whom a name means."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from tracker.committees.models import Seat, Tenure, Unit
from tracker.committees.standings import is_held
from tracker.db import db, within
from tracker.people.models import Person
from tracker.people.queries import by_email
from tracker.text import fold

OFFERED = 300  # names that a form suggests
_BRINGS = joinedload(Tenure.person)


@dataclass(frozen=True)
class Desk:
    """A seat with who holds it today, who takes it over later, and who stands in now or later."""

    seat: Seat
    holder: Tenure | None
    promised: Tenure | None
    substitutes: Sequence[Tenure]


def find(seat_id: int) -> Seat | None:
    """Return a seat with its unit."""
    return db.session.scalar(select(Seat).where(Seat.id == seat_id).options(joinedload(Seat.unit)))


def desk(seat: Seat, today: date) -> Desk:
    """Return everything that is settled of a seat from today on."""
    held = tenures(seat.id, today)
    holder = next((tenure for tenure in held if tenure.from_on <= today), None)
    promised = next((tenure for tenure in held if tenure.from_on > today), None)
    return Desk(seat, holder, promised, substitutes_of(holder.id, today) if holder else ())


def tenures(seat_id: int, on: date) -> Sequence[Tenure]:
    """Return who holds the seat on a day or later, substitutes apart, in the order of their days."""
    lasts = or_(Tenure.to_on.is_(None), Tenure.to_on >= on)
    own = Tenure.stands_in_for_id.is_(None)
    found = select(Tenure).where(Tenure.seat_id == seat_id, own, lasts).options(_BRINGS)
    return db.session.scalars(found.order_by(Tenure.from_on, Tenure.id)).all()


def coming(unit_id: int, today: date) -> Sequence[Tenure]:
    """Return who is to hold a seat of the unit from a later day on, as its own holder or instead of one."""
    brings = (_BRINGS, joinedload(Tenure.seat))
    of_unit = select(Tenure).join(Seat, Seat.id == Tenure.seat_id).where(Seat.unit_id == unit_id)
    found = of_unit.where(Tenure.from_on > today).options(*brings)
    return db.session.scalars(found.order_by(Tenure.from_on, Tenure.id)).all()


def ending_on(seat_id: int, on: date) -> Sequence[Tenure]:
    """Return who leaves the seat with the end of a day, substitutes apart."""
    own = Tenure.stands_in_for_id.is_(None)
    found = select(Tenure).where(Tenure.seat_id == seat_id, own, Tenure.to_on == on)
    return db.session.scalars(found).all()


def substitutes_of(tenure_id: int, on: date) -> Sequence[Tenure]:
    """Return who stands in for a holder on a day or later."""
    lasts = or_(Tenure.to_on.is_(None), Tenure.to_on >= on)
    found = select(Tenure).where(Tenure.stands_in_for_id == tenure_id, lasts).options(_BRINGS)
    return db.session.scalars(found.order_by(Tenure.from_on, Tenure.id)).all()


# --- whom a name means --------------------------------------------------------------------------------


def called(words: str, on: date) -> dict[Person, str]:
    """Return the people with an account in use whom a name or an address means, each with a unit to tell them by.

    A name may be followed by a unit: "Lê Thị Chi, Huyện ủy Đắk Mil".
    """
    if "@" in words:
        found = by_email(words)
        return {found: ""} if found and found.disabled_at is None else {}
    name, _comma, unit = words.partition(",")
    named = {p: unit_name for p, unit_name in _of_name(name, on) if fold(p.name) == fold(name)}
    of_unit = {p: u for p, u in named.items() if unit and fold(u) == fold(unit)}
    return of_unit or named


def _of_name(name: str, on: date) -> list[tuple[Person, str]]:
    found = select(Person).where(Person.disabled_at.is_(None))
    for word in fold(name).split():
        found = found.where(Person.search_key.contains(word, autoescape=True))
    people = db.session.scalars(found.order_by(Person.sort_key, Person.id).limit(OFFERED)).all()
    units = _units_of([person.id for person in people], on)
    return [(person, units.get(person.id, "")) for person in people]


def _units_of(person_ids: Sequence[int], on: date) -> dict[int, str]:
    held = (
        select(Tenure.person_id, Unit.name_vi)
        .join(Seat, Seat.id == Tenure.seat_id)
        .join(Unit, Unit.id == Seat.unit_id)
        .where(within(Tenure.person_id, person_ids), is_held(Tenure, on))
        .order_by(Tenure.id.desc())
    )
    return dict(db.session.execute(held).all())


def offered(unit_ids: frozenset[int], on: date) -> list[str]:
    """Return the names of those who hold a seat in one of the units, each with the unit, as a field suggests them."""
    held = (
        select(Person.name, Unit.name_vi)
        .join(Tenure, Tenure.person_id == Person.id)
        .join(Seat, Seat.id == Tenure.seat_id)
        .join(Unit, Unit.id == Seat.unit_id)
        .where(within(Seat.unit_id, unit_ids), is_held(Tenure, on), Person.disabled_at.is_(None))
        .order_by(Person.sort_key, Unit.sort_key)
        .limit(OFFERED)
    )
    return list(dict.fromkeys(f"{name}, {unit}" for name, unit in db.session.execute(held)))
