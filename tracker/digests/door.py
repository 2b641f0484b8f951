"""Find and check, for the views of the digest."""

from flask import current_app, g
from flask_babel import gettext as _

from tracker.db import db
from tracker.digests import links
from tracker.digests.links import Stop
from tracker.digests.models import Preference
from tracker.errors import Refused
from tracker.people.models import Person
from tracker.web import hold


def stop_or_404(token: str) -> Stop:
    """Return what the link of a mail stops, or say that it is none of ours."""
    stop = links.read(token, current_app.extensions["settings"])
    if stop is None or db.session.get(Person, stop.person_id) is None:
        raise Refused(404, _("This link is incomplete or not one of ours; nothing was changed."))
    hold(Person, stop.person_id)
    return stop


def own_wishes() -> Preference | None:
    """Return the row of one's own wishes, if there is one yet."""
    person_id = g.me.person.id
    hold(Person, person_id)
    return db.session.get(Preference, person_id)
