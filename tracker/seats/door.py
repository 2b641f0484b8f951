"""Finding a seat and checking what may be done to it."""

from flask import abort, g, request

from tracker.committees import door as committees
from tracker.committees.models import Seat
from tracker.committees.standings import Me
from tracker.policy import Standing, Verb, may
from tracker.seats import queries
from tracker.web import SAFE_METHODS, hold, require, today


def find_for(verb: Verb, seat_id: int) -> queries.Desk:
    """Return the seat with whoever holds it, if the policy allows the verb; strangers are sent to sign in."""
    require(Verb.SEE_OWN, g.me.standings)
    if request.method not in SAFE_METHODS:
        hold(Seat, seat_id)
    seat = queries.find(seat_id) or abort(404)
    desk = queries.desk(seat, today())
    require(verb, standings(g.me, desk))
    return desk


def standings(me: Me, desk: queries.Desk) -> frozenset[Standing]:
    """Return how `me` stands towards a seat: the office of its branch owns it, its holder may name a substitute."""
    found = set(me.standings)
    if desk.seat.unit_id in committees.office_branch(me):
        found.add(Standing.OWNER)
    if me.person and desk.holder and desk.holder.person_id == me.person.id:
        found.add(Standing.HOLDER)
    return frozenset(found)


def may_keep(unit_id: int) -> bool:
    """Tell whether the reader may hand over the seats of a unit, and name who stands in for whoever holds them."""
    owned = {Standing.OWNER} if unit_id in committees.office_branch(g.me) else set()
    return may(Verb.KEEP_SEATS, g.me.standings | owned)
