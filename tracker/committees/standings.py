"""Who somebody is here: their seats, the units they act for, the branches they look into."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from tracker.committees.models import Role, Seat, Tenure, Unit
from tracker.db import db
from tracker.history.memory import remembered
from tracker.people.models import Person
from tracker.policy import Standing

SETTERS = frozenset({Role.CHAIR, Role.LEADER, Role.OFFICE})
HEADS = frozenset({Role.CHAIR, Role.OFFICE})


@dataclass(frozen=True)
class HeldSeat:
    """A seat somebody holds today, with every unit in whose name it acts (`acts`) and looks into (`branch`)."""

    seat_id: int
    unit_id: int
    role: Role
    acts: frozenset[int]
    branch: frozenset[int]


@dataclass(frozen=True)
class Me:
    """The person who asks, with the seats they hold today. `person` is None for a stranger."""

    person: Person | None = None
    seats: tuple[HeldSeat, ...] = ()
    standings: frozenset[Standing] = field(default=frozenset({Standing.ANYONE}))

    @property
    def own(self) -> frozenset[int]:
        """Return the units in which the person holds a working seat."""
        return frozenset(s.unit_id for s in self.seats if s.role is not Role.OBSERVER)

    @property
    def acts(self) -> frozenset[int]:
        """Return the units in whose name the person may assign and judge."""
        return frozenset().union(*(s.acts for s in self.seats if s.role in SETTERS))

    @property
    def heads(self) -> frozenset[int]:
        """Return the units for which the person hands in and finishes."""
        return frozenset().union(*(s.acts for s in self.seats if s.role in HEADS))

    @property
    def offices(self) -> frozenset[int]:
        """Return the units of the branches for which the person keeps an office."""
        kept = (s.acts | s.branch for s in self.seats if s.role is Role.OFFICE)
        return frozenset().union(*kept)

    @property
    def branch(self) -> frozenset[int]:
        """Return the units of the branches the person answers for."""
        return frozenset().union(*(s.branch for s in self.seats if s.role in SETTERS))

    @property
    def observed(self) -> frozenset[int]:
        """Return the units of the branches the person may only read."""
        return frozenset().union(*(s.branch for s in self.seats if s.role is Role.OBSERVER))

    @property
    def working_scope(self) -> frozenset[int]:
        """Return the units whose drafts the person may see, too."""
        return self.own | self.branch | self.acts

    @property
    def scope(self) -> frozenset[int]:
        """Return every unit the person looks into."""
        return self.working_scope | self.observed

    def unit_for(self, units: Iterable[int]) -> int | None:
        """Return the unit of the person's own in whose name they act towards one of `units`."""
        wanted = set(units)
        ordered = sorted(self.seats, key=lambda s: s.unit_id not in wanted)
        return next((s.unit_id for s in ordered if wanted & (s.acts | {s.unit_id})), None)


STRANGER = Me()


def is_held(tenure: type[Tenure], on: Any) -> ColumnElement[bool]:
    """Return the condition that a tenure, or an alias of it, lasts on a day."""
    return and_(tenure.from_on <= on, or_(tenure.to_on.is_(None), tenure.to_on >= on))


# Asked at every request, so made once.
_HELD = (
    select(Seat.id, Seat.role, Seat.unit_id)
    .join(Tenure, Tenure.seat_id == Seat.id)
    .where(Tenure.person_id == bindparam("person_id"), is_held(Tenure, bindparam("on")))
    .order_by(Seat.id)
)
_SHAPE = select(Unit.id, Unit.path, Unit.acts_for_id)


def me_of(person: Person, on: date) -> Me:
    """Return `person` with the seats held on the day `on`, as of the newest event: each change of a seat is one."""
    seats = remembered(("seats", person.id, on), partial(_seats, person.id, on))
    return Me(person, seats, _standings(person, seats))


def _seats(person_id: int, on: date) -> tuple[HeldSeat, ...]:
    held = db.session.connection().execute(_HELD, {"person_id": person_id, "on": on}).all()
    forest = Forest.load() if held else Forest({}, {})
    return tuple(forest.seat(seat_id, unit_id, role) for seat_id, role, unit_id in held)


def _standings(person: Person, seats: tuple[HeldSeat, ...]) -> frozenset[Standing]:
    found = {Standing.ANYONE, Standing.PERSON}
    if person.is_admin:
        found.add(Standing.ADMIN)
    if any(s.role in SETTERS for s in seats):
        found.add(Standing.SETTER)
    if any(s.role is Role.OFFICE for s in seats):
        found.add(Standing.OFFICE)
    return frozenset(found)


@dataclass(frozen=True)
class Forest:
    """The shape of the units: each unit's path and the unit it acts for."""

    paths: dict[int, str]
    acts_for: dict[int, int]

    @classmethod
    def load(cls) -> "Forest":
        """Read the shape in one query."""
        rows = db.session.connection().execute(_SHAPE).all()
        return cls(
            {unit_id: path for unit_id, path, _above in rows},
            {unit_id: above for unit_id, _path, above in rows if above is not None},
        )

    def seat(self, seat_id: int, unit_id: int, role: Role) -> HeldSeat:
        """Return a seat with what it acts for and looks into."""
        chain = self.chain(unit_id)
        acts = frozenset(chain)
        if role is Role.OFFICE:
            acts |= self.acting_for(unit_id)
        branch = frozenset() if role is Role.MEMBER else self.branch(chain[-1])
        return HeldSeat(seat_id, unit_id, role, acts, branch)

    def chain(self, unit_id: int) -> list[int]:
        """Return the unit, the one it acts for, the one that acts for, and so on."""
        chain = [unit_id]
        while (above := self.acts_for.get(chain[-1])) is not None and above not in chain:
            chain.append(above)
        return chain

    def uppers(self, unit_id: int) -> list[int]:
        """Return the units above one, the nearest first: of each the body it acts for, else its parent."""
        found: list[int] = []
        upper = self._upper(unit_id)
        while upper is not None and upper not in {unit_id, *found}:
            found.append(upper)
            upper = self._upper(upper)
        return found

    def _upper(self, unit_id: int) -> int | None:
        above = self.paths[unit_id].strip("/").split("/")[:-1]
        return self.acts_for.get(unit_id) or (int(above[-1]) if above else None)

    def acting_for(self, unit_id: int) -> frozenset[int]:
        """Return the bodies that act for the unit, at one or more removes."""
        return frozenset(u for u in self.acts_for if unit_id in self.chain(u)) - {unit_id}

    def branch(self, root_id: int) -> frozenset[int]:
        """Return the unit with everything below it."""
        return frozenset(u for u, path in self.paths.items() if f"/{root_id}/" in path)
