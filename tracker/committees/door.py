"""Finding a unit and checking what may be done to it."""

from collections.abc import Iterable

from flask import abort, g, request

from tracker.committees import queries
from tracker.committees.models import Role, Unit
from tracker.committees.queries import Choice
from tracker.committees.standings import Me
from tracker.db import Turn, take_turns
from tracker.history.actions import Doer
from tracker.policy import Standing, Verb, may
from tracker.web import SAFE_METHODS, hold, lang, require, today


def find(unit_id: int) -> Unit:
    """Return the unit; 404 where there is none."""
    return queries.one(unit_id) or abort(404)


def find_for(verb: Verb, unit_id: int) -> Unit:
    """Return the unit if the policy allows the verb; strangers are sent to sign in."""
    require(Verb.SEE_OWN, g.me.standings)
    if request.method not in SAFE_METHODS:
        take_turns(Turn.FOREST)  # before the unit is held and read: who moves another holds both
    hold(Unit, unit_id)
    unit = find(unit_id)
    require(verb, standings(g.me, unit))
    return unit


def standings(me: Me, unit: Unit) -> frozenset[Standing]:
    """Return how `me` stands towards a unit: its owner is the office of a branch that holds its parent."""
    owned = unit.parent_id in office_branch(me)
    return me.standings | ({Standing.OWNER} if owned else set())


def office_branch(me: Me) -> frozenset[int]:
    """Return the units of the branches for which `me` keeps an office."""
    offices = (seat.branch for seat in me.seats if seat.role is Role.OFFICE)
    return frozenset().union(*offices)


def may_edit(unit: Unit) -> bool:
    """Tell whether the reader may correct the unit."""
    return may(Verb.EDIT_UNIT, standings(g.me, unit))


def doer(units: Iterable[int | None] = ()) -> Doer:
    """Return whose hand it is, in the name of whichever own unit has to do with `units`, else the first."""
    person = g.me.person
    unit_id = g.me.unit_for(unit for unit in units if unit is not None)
    first = next((seat.unit_id for seat in g.me.seats), None)
    return Doer(person.id if person else None, unit_id or first)


def uppers() -> list[Choice]:
    """Return the units below which the reader may put one: any for the administrator, else the own branch."""
    choices = queries.choices(today(), lang())
    if Standing.ADMIN in g.me.standings:
        return choices
    branch = office_branch(g.me)
    return [choice for choice in choices if choice.id in branch]
