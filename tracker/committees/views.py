"""The pages of units: the forest, one unit, its form."""

from typing import Any

from flask import Blueprint, g, request, url_for
from flask_babel import gettext as _

from tracker.committees import actions, door, names, queries, stories
from tracker.committees.forms import UnitEdit, UnitForm
from tracker.committees.models import Unit
from tracker.committees.stories import UNIT_KINDS
from tracker.forms import beside, labels_of, status_of
from tracker.history.memory import remembered
from tracker.policy import Standing, Verb
from tracker.reports import queries as reports
from tracker.reports.grid import Rate, RateKind, added, rate
from tracker.reports.scopes import Scope
from tracker.seats import door as seats_door
from tracker.seats import queries as seats
from tracker.tasks import listing, sources
from tracker.visits import queries as visits
from tracker.web import Answer, for_verb, lang, now, page, say, see_other, stands_for, today

pages = Blueprint("committees", __name__, url_prefix="/committees")


@pages.get("")
@for_verb(Verb.SEE_OWN)
def index() -> Answer:
    """Show the forest of units."""
    groups = queries.by_level(queries.forest())
    return page("committees/index.html", names=names, groups=groups, visits=visits.nowhere())


@pages.get("/<int:unit_id>")
@for_verb(Verb.SEE_OWN)
def show(unit_id: int) -> Answer:
    """Show one unit with all that belongs to it."""
    unit = door.find(unit_id)
    return page("committees/show.html", unit=unit, **_around(unit))


@pages.route("/new", methods=["GET", "POST"])
@for_verb(Verb.ADD_UNIT)
def new() -> Answer:
    """Enter a unit."""
    form = _offered(UnitForm())
    if not form.validate_on_submit():
        return page("committees/edit.html", status_of(form), form=form, unit=None)
    facts = form.facts()
    unit = actions.add_unit(facts, by=door.doer([facts.parent_id]), at=now())
    say(_("The unit is entered."))
    return see_other(url_for(".show", unit_id=unit.id))


@pages.route("/<int:unit_id>/edit", methods=["GET", "POST"])
@stands_for(Verb.EDIT_UNIT)
def edit(unit_id: int) -> Answer:
    """Correct a unit."""
    unit = door.find_for(Verb.EDIT_UNIT, unit_id)
    form = _offered(UnitEdit(unit, queries.listed_ids(unit.id)))
    if form.is_submitted() and form.is_stale(unit):
        return _conflict(unit, form)
    if not form.validate_on_submit():
        return page("committees/edit.html", status_of(form), form=form, unit=unit)
    actions.edit_unit(unit, form.facts(), by=door.doer([unit.parent_id]), at=now())
    say(_("The unit is saved."))
    return see_other(url_for(".show", unit_id=unit.id))


def _offered(form: UnitForm) -> UnitForm:
    everybody = queries.choices(today(), lang())
    return form.offer(door.uppers(), everybody, roots=Standing.ADMIN in g.me.standings)


def _conflict(unit: Unit, form: UnitEdit) -> Answer:
    form.refresh(unit)
    stored = _offered(UnitEdit(unit, queries.listed_ids(unit.id), formdata=None))
    last = stories.story(UNIT_KINDS, unit.id)[:1]
    rows = beside(form, stored)
    return page("committees/edit.html", 409, form=form, unit=unit, stored=rows, last=last)


def _around(unit: Unit) -> dict[str, Any]:
    successor, predecessors = queries.related(unit)
    listed = listing.page_of(sources.of_unit(g.me, unit.id), request.args)
    return {
        "listed": listed,
        "entries": listing.entries(g.me, listed.found, today()),
        "names": names,
        "may_edit": door.may_edit(unit),
        "below": queries.below(unit.id),
        "members": queries.members(unit.id),
        "listing": queries.listing(unit.id),
        "acting": queries.acting_for(unit.id),
        "successor": successor,
        "predecessors": predecessors,
        "desks": _desks(unit),
        "visits": visits.of_unit(unit.id),
        "rates": _rates(Scope(unit=unit.id, alone=True)),
        "story": stories.story(UNIT_KINDS, unit.id, labels_of(UnitForm)),
    }


def _desks(unit: Unit) -> dict[str, Any]:
    """Return who holds the seats of a unit, who is to, and whether the reader may hand them over."""
    holders, coming = queries.holders(unit.id, today()), seats.coming(unit.id, today())
    return {"holders": holders, "coming": coming, "may_keep": seats_door.may_keep(unit.id)}


def _rates(scope: Scope) -> dict[str, Any]:
    """Return how often the unit itself was on time with its tasks, and apart from them with its parts of others'."""
    found = remembered(("rates", g.me.seats, scope, today()), lambda: _worked_out(scope))
    return {"scope": scope, "lead": found[0], "co": found[1]}


def _worked_out(scope: Scope) -> tuple[Rate, Rate]:
    counts = reports.counts(g.me, scope, today())
    grids = (added(counts.by_lead.values()), added(counts.lines.values()))
    as_lead, as_co_ordinator = (rate(grid, RateKind.ON_TIME) for grid in grids)
    return as_lead, as_co_ordinator
