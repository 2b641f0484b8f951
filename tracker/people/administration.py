"""The administrators' pages of accounts: adding, correcting, inviting, disabling people, and their seats."""

from datetime import timedelta
from functools import partial
from typing import TypeVar

from flask import Blueprint, abort, current_app, g, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from tracker.clock import machine_now
from tracker.committees import actions as seating
from tracker.committees import door as committee_door
from tracker.committees import queries as committees
from tracker.committees.forms import unit_option
from tracker.committees.models import Role
from tracker.committees.names import ROLES
from tracker.errors import Refused
from tracker.feeds import actions as feeds
from tracker.feeds import queries as feeds_read
from tracker.forms import beside, status_of, words
from tracker.history.actions import Doer
from tracker.people import actions, door, queries, signing
from tracker.people.forms import FilterForm, PersonEdit, PersonForm, SeatForm
from tracker.people.models import Person
from tracker.policy import Verb
from tracker.tasks.listing import page_number, pager
from tracker.web import (
    CONFLICT,
    Answer,
    day_words,
    for_verb,
    lang,
    now,
    page,
    say,
    searched,
    see_other,
    today,
)

# The pages of one's own account stand on the same blueprint, in views.
pages = Blueprint("people", __name__)

S = TypeVar("S", bound=SeatForm)


def _doer() -> Doer:
    return Doer(g.me.person.id)


@pages.get("/people")
@for_verb(Verb.KEEP_PEOPLE)
def index() -> Answer:
    """List the people with their seats."""
    form = FilterForm(request.args)
    number = page_number(request.args)
    here = partial(url_for, ".index", q=request.args.get("q") or None)
    found, total = queries.people(searched(), number)
    ids = [person.id for person in found]
    return page(
        "people/index.html",
        form=form,
        people=found,
        total=total,
        pager_at=pager(number, total, queries.PAGE, here),
        tenures=committees.held_by(ids, today()),
        invited=queries.invited(ids, machine_now()),
        roles=ROLES,
    )


@pages.route("/people/new", methods=["GET", "POST"])
@for_verb(Verb.KEEP_PEOPLE)
def new() -> Answer:
    """Add somebody, with a seat and a link by which they set their password."""
    door.in_turn()
    form = _offered(PersonForm())
    if not form.validate_on_submit():
        return page("people/new.html", status_of(form), form=form)
    person = actions.add_person(
        words(form.name), words(form.email), is_admin=form.is_admin.data, by=_doer(), at=now()
    )
    if form.unit.data:
        _seat(person, form)
    return _invite(person)


def _offered(form: S) -> S:
    units = [unit_option(choice) for choice in committees.choices(today(), lang())]
    form.offer(units, [SelectChoice(role.value, _(words)) for role, words in ROLES.items()])
    return form


def _seat(person: Person, form: SeatForm) -> None:
    unit, role = committee_door.find(int(form.unit.data)), Role(form.role.data)
    seating.place(person, unit, role, today(), by=_doer(), at=now())


def _invite(person: Person) -> AnyResponse:
    settings = current_app.extensions["settings"]
    token = actions.invite(person, by=_doer(), at=now(), clock_at=machine_now(), settings=settings)
    session["link"] = [person.id, token]
    return see_other(url_for(".show", person_id=person.id))


@pages.get("/people/<int:person_id>")
@for_verb(Verb.KEEP_PEOPLE)
def show(person_id: int) -> Answer:
    """Show one person's account, and once the link made just now."""
    return _shown(door.person_or_404(person_id), _offered(SeatForm()))


def _shown(person: Person, form: SeatForm) -> Answer:
    return page(
        "people/show.html",
        status_of(form),
        person=person,
        form=form,
        link=door.link_once(person),
        tenures=committees.held_by([person.id], today())[person.id],
        sign_ins=signing.active(person),
        feed=feeds_read.of_person(person.id),
        invited=queries.invited([person.id], machine_now()).get(person.id),
        roles=ROLES,
    )


@pages.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
@for_verb(Verb.KEEP_PEOPLE)
def edit(person_id: int) -> Answer:
    """Correct somebody's name or address."""
    person = door.person_to_edit(person_id)
    form = PersonEdit(person)
    if form.is_submitted() and form.is_stale(person):
        return _conflict(person, form)
    if not form.validate_on_submit():
        return page("people/edit.html", status_of(form), form=form, person=person)
    called = words(form.name), words(form.email)
    actions.edit_person(person, *called, by=_doer(), at=now(), clock_at=machine_now())
    say(_("The account is saved."))
    return see_other(url_for(".show", person_id=person.id))


def _conflict(person: Person, form: PersonEdit) -> Answer:
    form.refresh(person)
    stored = beside(form, PersonEdit(person, formdata=None))
    return page("people/edit.html", CONFLICT, form=form, person=person, stored=stored)


@pages.post("/people/<int:person_id>/invitation")
@for_verb(Verb.KEEP_PEOPLE)
def invite(person_id: int) -> Answer:
    """Make a link by which somebody sets a first or forgotten password."""
    person = door.person_or_404(person_id)
    if person.disabled_at is not None:
        raise Refused(409, _("This account is disabled. Enable it first."))
    return _invite(person)


@pages.post("/people/<int:person_id>/disabling")
@for_verb(Verb.KEEP_PEOPLE)
def disable(person_id: int) -> Answer:
    """Close an account at once."""
    person = door.person_or_404(person_id)
    if not queries.admins_left(without=person):
        raise Refused(409, _("This is the last administrator. Make another one first."))
    actions.disable(person, by=_doer(), at=now(), clock_at=machine_now())
    feeds.end(person, by=_doer(), at=now(), clock_at=machine_now())
    say(_("The account is disabled and its sign-ins have ended."))
    return see_other(url_for(".show", person_id=person.id))


@pages.post("/people/<int:person_id>/enabling")
@for_verb(Verb.KEEP_PEOPLE)
def enable(person_id: int) -> Answer:
    """Open a closed account again."""
    person = door.person_or_404(person_id)
    actions.enable(person, by=_doer(), at=now())
    say(_("The account is enabled."))
    return see_other(url_for(".show", person_id=person.id))


@pages.post("/people/<int:person_id>/sign-ins/end")
@for_verb(Verb.KEEP_PEOPLE)
def end_all(person_id: int) -> Answer:
    """End somebody's sign-ins, and the calendar that may be on the same lost phone."""
    person = door.person_or_404(person_id)
    actions.end_sign_ins(person, machine_now())
    if feeds.end(person, by=_doer(), at=now(), clock_at=machine_now()):
        say(_("The calendar address has been ended."))
    say(_("All sign-ins of this account have ended."))
    return see_other(url_for(".show", person_id=person.id))


@pages.post("/people/<int:person_id>/seats")
@for_verb(Verb.KEEP_PEOPLE)
def seat(person_id: int) -> Answer:
    """Give somebody a seat."""
    person, form = door.person_or_404(person_id), _offered(SeatForm())
    if not form.validate_on_submit():
        return _shown(person, form)
    try:
        _seat(person, form)
    except seating.SeatHeldError:
        form.unit.errors = [_("This person already holds this seat.")]
        return _shown(person, form)
    say(_("The seat has been given."))
    return see_other(url_for(".show", person_id=person.id))


@pages.post("/people/<int:person_id>/seats/<int:tenure_id>/end")
@for_verb(Verb.KEEP_PEOPLE)
def unseat(person_id: int, tenure_id: int) -> Answer:
    """Let somebody leave a seat: from now on, or with the end of the day on which it was taken."""
    tenures = committees.held_by([person_id], today())[person_id]
    tenure = next((t for t in tenures if t.id == tenure_id), None) or abort(404)
    last = max(tenure.from_on, today() - timedelta(days=1))
    seating.leave_seat(tenure, last, by=_doer(), at=now())
    say(_("The seat has ended; its last day was %(day)s.", day=day_words(last)))
    return see_other(url_for(".show", person_id=person_id))
