"""What is done to seats that somebody holds: handing one over from a day, standing in for a time."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from tracker.committees import actions as seating
from tracker.committees.models import Seat, Tenure
from tracker.db import db
from tracker.history.actions import Doer, record
from tracker.history.models import Kind
from tracker.people.models import Person
from tracker.seats import queries

_DAY = timedelta(days=1)


class Span(NamedTuple):
    """From a day until a day, both included."""

    from_on: date
    to_on: date


def hand_over(seat: Seat, person: Person, from_on: date, *, by: Doer, at: datetime) -> Tenure:
    """Let a person hold the seat from the beginning of a day; who holds it leaves with the end of the day before.

    Whoever stands in for the holder ends with them. What lies on the desk stays with the seat: nothing is reassigned.
    Raises SeatHeldError where the seat is promised to somebody already, or was taken on that day or later.
    """
    held = queries.tenures(seat.id, from_on)
    if len(held) > 1 or any(tenure.from_on >= from_on for tenure in held):
        raise seating.SeatHeldError(seat.id)
    for tenure in held:
        seating.leave_seat(tenure, from_on - _DAY, by=by, at=at)
        _end_substitutes(tenure, from_on - _DAY)
    db.session.flush()
    taken = seating.seat_person(seat, person, from_on, by=by, at=at)
    data: dict[str, Any] = {"seat": seat.id, "role": seat.role.value, "on": from_on.isoformat()}
    data |= {"takes": person.id}
    data |= {"leaves": held[0].person_id} if held else {}
    record(Kind.SEAT_HANDED_OVER, by=by, at=at, subject_id=seat.unit_id, data=data)
    return taken


def call_off(seat: Seat, promised: Tenure, *, by: Doer, at: datetime) -> None:
    """Take back a handing over whose day has not come: who holds the seat keeps it."""
    for tenure in queries.ending_on(seat.id, promised.from_on - _DAY):
        tenure.to_on = None
    data: dict[str, Any] = {"seat": seat.id, "role": seat.role.value, "takes": promised.person_id}
    data |= {"on": promised.from_on.isoformat()}
    db.session.delete(promised)
    record(Kind.HANDOVER_CALLED_OFF, by=by, at=at, subject_id=seat.unit_id, data=data)


def stand_in(desk: queries.Desk, person: Person, span: Span, *, by: Doer, at: datetime) -> Tenure:
    """Let a person hold a seat beside its holder for a time; what they do there is done on the holder's behalf.

    Raises ValueError where nobody holds the seat.
    """
    seat, holder = desk.seat, desk.holder
    if holder is None:
        raise ValueError(f"nobody holds seat {seat.id}")
    own = {"seat_id": seat.id, "person_id": person.id, "stands_in_for_id": holder.id}
    tenure = Tenure(**own, **span._asdict())
    db.session.add(tenure)
    db.session.flush()
    data = _told(seat, tenure) | {"takes": person.id, "leaves": holder.person_id}
    record(Kind.SUBSTITUTE_NAMED, by=by, at=at, subject_id=seat.unit_id, data=data)
    return tenure


def end_substitute(seat: Seat, tenure: Tenure, today: date, *, by: Doer, at: datetime) -> None:
    """Let somebody no longer stand in, from today on; one who has not begun yet never did."""
    data = _told(seat, tenure) | {"takes": tenure.person_id}
    _cut(tenure, today - _DAY)
    record(Kind.SUBSTITUTE_ENDED, by=by, at=at, subject_id=seat.unit_id, data=data)


def _end_substitutes(holder: Tenure, last: date) -> None:
    for tenure in queries.substitutes_of(holder.id, last):
        _cut(tenure, last)


def _cut(tenure: Tenure, last: date) -> None:
    if tenure.from_on > last:
        db.session.delete(tenure)
    else:
        tenure.to_on = last
    db.session.flush()


def _told(seat: Seat, tenure: Tenure) -> dict[str, Any]:
    days = {"on": tenure.from_on.isoformat(), "until": (tenure.to_on or tenure.from_on).isoformat()}
    return {"seat": seat.id, "role": seat.role.value} | days
