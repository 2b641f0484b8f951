"""The mail that invites somebody; its link is worked out anew when it is written, and stored nowhere."""

from typing import Any

from flask import current_app
from flask_babel import force_locale

from tracker.clock import machine_now
from tracker.db import db
from tracker.mail.messages import Letter, Skipped
from tracker.mail.models import Mail
from tracker.mail.parts import parts_of
from tracker.people.actions import token_of
from tracker.people.models import Invitation, Person
from tracker.people.queries import digest
from tracker.web import LANGUAGES


def render(mail: Mail) -> Letter | Skipped:
    """Write the invitation as things stand now; say why where its link no longer works."""
    person, invitation = _both(mail)
    if invitation is None or (refusal := _refusal(invitation, person)):
        return Skipped("gone" if invitation is None else refusal)
    token = token_of(invitation, current_app.extensions["settings"])
    if digest(token) != invitation.token_hash:
        return Skipped("other_key")  # made under another SECRET_KEY, so nobody can tell its link
    with force_locale(person.lang or LANGUAGES[0]):
        return _letter(person, invitation, token)


def still_fits(mail: Mail) -> bool:
    """Tell whether the link of a mail written before still works."""
    person, invitation = _both(mail)
    return invitation is not None and not _refusal(invitation, person)


def _both(mail: Mail) -> tuple[Person, Invitation | None]:
    person = db.session.get_one(Person, mail.person_id)
    return person, db.session.get(Invitation, int(mail.period))


def _refusal(invitation: Invitation, person: Person) -> str:
    """Return why nothing is sent, empty where there is no reason not to."""
    if person.disabled_at is not None or invitation.person_id != person.id:
        return "disabled"
    if not person.email:
        return "no_address"
    if invitation.used_at is not None:
        return "used"
    return "expired" if invitation.expires_at <= machine_now() else ""


def _letter(person: Person, invitation: Invitation, token: str) -> Letter:
    path: Any = current_app.url_map.bind("").build("people.invitation", {"token": token})
    rendered = parts_of("invitation", person=person, invitation=invitation, path=path)
    return Letter(address=person.email, name=" ".join(person.name.split()), **rendered)
