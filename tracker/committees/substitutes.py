"""Who acted on whose behalf: read from the tenures of those who stood in, of whatever day."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from tracker.committees.models import Seat, Tenure
from tracker.db import db
from tracker.history.memory import remembered
from tracker.people.models import Person


class _Held(NamedTuple):
    """A time in which somebody held a seat of a unit; `name` is whose it was, nothing where it was their own."""

    unit_id: int
    from_on: date
    to_on: date | None
    name: str

    def lasts(self, unit_id: int, on: date) -> bool:
        """Tell whether the seat was one of the unit, held on the day."""
        is_begun = self.from_on <= on
        return self.unit_id == unit_id and is_begun and (self.to_on is None or on <= self.to_on)


def instead_of(person_id: int | None, unit_id: int | None, on: date) -> str:
    """Return for whom somebody acted in a unit on a day, nothing where a seat of their own allowed it."""
    held = remembered(("substitutes",), _load).get(person_id or 0, ())
    here = [one for one in held if one.lasts(unit_id or 0, on)]
    return here[0].name if here and all(one.name for one in here) else ""


def _load() -> dict[int, list[_Held]]:
    """Return every seat of those who have ever stood in for somebody; there are few of them."""
    instead, holder = aliased(Tenure), aliased(Person)
    stood_in = select(Tenure.person_id).where(Tenure.stands_in_for_id.is_not(None))
    rows = db.session.connection().execute(
        select(Tenure.person_id, Seat.unit_id, Tenure.from_on, Tenure.to_on, holder.name)
        .join(Seat, Seat.id == Tenure.seat_id)
        .outerjoin(instead, instead.id == Tenure.stands_in_for_id)
        .outerjoin(holder, holder.id == instead.person_id)
        .where(Tenure.person_id.in_(stood_in))
        .order_by(Tenure.id)
    )
    found = defaultdict(list)
    for person_id, unit_id, from_on, to_on, name in rows:
        found[person_id].append(_Held(unit_id, from_on, to_on, name or ""))
    return dict(found)
