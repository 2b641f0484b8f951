"""The address under which a calendar program reads deadlines, and the steps that make and end it."""

from flask import Blueprint, abort, g, url_for
from flask_babel import gettext as _

from tracker.clock import machine_now
from tracker.db import lock
from tracker.errors import Refused
from tracker.feeds import actions, door
from tracker.feeds.models import Covers
from tracker.history.actions import Doer
from tracker.people.models import Person
from tracker.policy import Verb
from tracker.web import Answer, for_verb, now, say, see_other

pages = Blueprint("feeds", __name__)


@pages.get("/calendar/<token>.ics")
@for_verb(Verb.OPEN_DOOR)
def read(token: str) -> Answer:
    """Give the deadlines to whoever has the address; a calendar program cannot sign in."""
    feed, me = door.find(token)
    return door.answer(door.calendar(feed, me), feed.lang)


@pages.post("/people/me/calendar")
@for_verb(Verb.KEEP_ACCOUNT)
def make() -> Answer:
    """Make an address, or another in its place: the one before is gone at once."""
    form = door.form_of(g.me)
    if not g.me.seats:
        raise Refused(409, _("This account holds no seat, so it has no deadlines to follow."))
    if not form.validate_on_submit():
        abort(422)
    lock(Person, g.me.person.id)
    wish = Covers(form.covers.data), str(form.lang.data)
    by = Doer(g.me.person.id)
    token = actions.make(g.me.person, *wish, by=by, at=now(), clock_at=machine_now())
    door.show_once(token)
    say(_("The address is made. Copy it now: it is shown only once."))
    return see_other(url_for("people.me", _anchor="calendar"))


@pages.post("/people/me/calendar/end")
@for_verb(Verb.KEEP_ACCOUNT)
def end() -> Answer:
    """End one's address: whoever reads it finds nothing there from now on."""
    lock(Person, g.me.person.id)
    if actions.end(g.me.person, by=Doer(g.me.person.id), at=now(), clock_at=machine_now()):
        say(_("The calendar address has been ended."))
    return see_other(url_for("people.me", _anchor="calendar"))
