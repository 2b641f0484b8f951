"""The pages on which a seat changes hands."""

from collections.abc import Sequence

from flask import Blueprint, abort, g, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from tracker.committees.door import doer, office_branch
from tracker.committees.names import ROLES
from tracker.errors import Refused
from tracker.forms import status_of
from tracker.policy import Verb
from tracker.seats import actions, door, queries
from tracker.seats.forms import HandoverForm, SeatForm, SubstituteForm
from tracker.web import CONFLICT, Answer, day_words, now, page, say, see_other, stands_for, today

pages = Blueprint("seats", __name__, url_prefix="/seats/<int:seat_id>")


@pages.route("/handover", methods=["GET", "POST"])
@stands_for(Verb.KEEP_SEATS)
def hand_over(seat_id: int) -> Answer:
    """Hand a seat over to somebody from a day on."""
    desk = door.find_for(Verb.KEEP_SEATS, seat_id)
    form = HandoverForm(desk, g.me.person)
    if form.is_submitted() and form.is_outdated:
        return _outdated("seats/hand_over.html", form)
    if desk.promised or not form.validate_on_submit() or form.taker is None:
        return _page("seats/hand_over.html", form)
    actions.hand_over(desk.seat, form.taker, form.day, by=doer([desk.seat.unit_id]), at=now())
    say(_("%(name)s holds the seat from %(day)s.", name=form.taker.name, day=day_words(form.day)))
    return _back(desk)


@pages.post("/handover/calling-off")
@stands_for(Verb.KEEP_SEATS)
def call_off(seat_id: int) -> Answer:
    """Take back a handing over whose day has not come."""
    desk = door.find_for(Verb.KEEP_SEATS, seat_id)
    if desk.promised is None:
        raise Refused(CONFLICT, _("Nobody is to take this seat over any more."))
    actions.call_off(desk.seat, desk.promised, by=doer([desk.seat.unit_id]), at=now())
    say(_("The seat is not handed over."))
    return _back(desk)


@pages.route("/substitute", methods=["GET", "POST"])
@stands_for(Verb.NAME_SUBSTITUTE)
def name_substitute(seat_id: int) -> Answer:
    """Name who stands in for the holder of a seat for a time."""
    desk = door.find_for(Verb.NAME_SUBSTITUTE, seat_id)
    form = SubstituteForm(desk, g.me.person)
    if form.is_submitted() and form.is_outdated:
        return _outdated("seats/substitute.html", form)
    if desk.holder is None or not form.validate_on_submit() or form.taker is None:
        return _page("seats/substitute.html", form)
    by = doer([desk.seat.unit_id])
    span = form.span()
    actions.stand_in(desk, form.taker, span, by=by, at=now())
    days = {"first": day_words(span.from_on), "last": day_words(span.to_on)}
    name = form.taker.name
    say(_("%(name)s stands in from %(first)s to %(last)s.", name=name, **days))
    return _back(desk)


@pages.post("/substitutes/<int:tenure_id>/end")
@stands_for(Verb.NAME_SUBSTITUTE)
def end_substitute(seat_id: int, tenure_id: int) -> Answer:
    """Let somebody no longer stand in."""
    desk = door.find_for(Verb.NAME_SUBSTITUTE, seat_id)
    tenure = next((t for t in desk.substitutes if t.id == tenure_id), None) or abort(404)
    by = doer([desk.seat.unit_id])
    actions.end_substitute(desk.seat, tenure, today(), by=by, at=now())
    say(_("The time of the substitute has ended."))
    return see_other(url_for(".name_substitute", seat_id=seat_id))


def _page(template: str, form: SeatForm, *, is_outdated: bool = False) -> Answer:
    told = {"desk": form.desk, "roles": ROLES, "offered": _offered(form.desk)}
    status = CONFLICT if is_outdated else status_of(form)
    return page(template, status, form=form, is_outdated=is_outdated, **told)


def _outdated(template: str, form: SeatForm) -> Answer:
    form.refresh()
    return _page(template, form, is_outdated=True)


def _offered(desk: queries.Desk) -> Sequence[str]:
    """Return the names a field suggests: of the reader's branches, and of the unit itself."""
    return queries.offered(office_branch(g.me) | g.me.scope | {desk.seat.unit_id}, today())


def _back(desk: queries.Desk) -> AnyResponse:
    return see_other(url_for("committees.show", unit_id=desk.seat.unit_id, _anchor="s-seats"))
