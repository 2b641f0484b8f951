"""The door to people: find them or 404, check passwords, and not too often."""

import functools
import hmac
import re
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import abort, current_app, g, request, session, url_for

from tracker import logs
from tracker.clock import machine_now
from tracker.db import Turn, begin_writing, db, take_turns
from tracker.people import actions, limits, passwords, queries
from tracker.people.models import Invitation, Person, SignIn
from tracker.settings import Settings
from tracker.web import SAFE_METHODS, hold

P = ParamSpec("P")
T = TypeVar("T")


def limited(account: Callable[[], str]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Limit how often a view that reads a password may be posted to, by account and by address.

    The view calls `succeeded` when the password was right; what is not said to be right counts.
    """

    def decorate(view: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            if request.method == "POST":
                g.ticket = _ticket(account())
            return view(*args, **kwargs)

        guarded.limited = True  # type: ignore[attr-defined]
        return guarded

    return decorate


def _ticket(account: str) -> list[int]:
    address = request.remote_addr or ""
    ticket = limits.take_ticket(account, address, machine_now())
    if ticket is None:
        logs.logger().warning("too many tries at a password")
        abort(429)
    return ticket


def succeeded() -> None:
    """Forget the try of this request: it was a good one."""
    limits.give_back(g.pop("ticket"))


def whose(email: str, password: str) -> Person | None:
    """Return the person with this address and password; the same answer, as late, for any mistake.

    Begins a writing transaction only after the check, so that the slow part holds no lock.
    """
    person = queries.by_email(email)
    fits = passwords.fits(password, person.password_hash if person else None)
    write_afresh()
    if person is None or not fits or person.disabled_at is not None:
        logs.logger().warning("sign-in refused")
        return None
    actions.renew_hash(person, password)
    return person


def is_own_password(password: str) -> bool:
    """Tell whether this is the password of the person who asks."""
    fits = passwords.fits(password, g.me.person.password_hash)
    write_afresh()
    return fits


def write_afresh() -> None:
    """End the transaction in which was read, begin one that writes."""
    db.session.rollback()
    begin_writing()


def in_turn() -> None:
    """Let one request after another make and correct accounts: what it looks up holds until it ends."""
    if request.method not in SAFE_METHODS:
        take_turns(Turn.ACCOUNTS)


def person_to_edit(person_id: int) -> Person:
    """Return the person as they stand now, whom nobody else changes before this request ends; else 404."""
    in_turn()
    hold(Person, person_id)
    return queries.person(person_id, afresh=True) or abort(404)


def person_or_404(person_id: int) -> Person:
    """Return the person, or answer that there is none."""
    return queries.person(person_id) or abort(404)


def own_sign_in_or_404(sign_in_id: int) -> SignIn:
    """Return a sign-in of the person who asks, or answer that there is none."""
    return queries.own_sign_in(g.me.person.id, sign_in_id) or abort(404)


def invitation_or_404(token: str) -> Invitation:
    """Return the invitation of a link, used up or not, or answer that there is none."""
    return queries.invitation_by_token(token) or abort(404)


def link_once(person: Person) -> str | None:
    """Return the address of the link made just now for this person, the first time only."""
    made_for, token = session.pop("link", (None, ""))
    if made_for != person.id:
        return None
    settings: Settings = current_app.extensions["settings"]
    return settings.public_url + url_for("people.invitation", token=token)


def is_setup_code(code: str) -> bool:
    """Tell whether this is the code which the server printed, however it was typed."""
    settings: Settings = current_app.extensions["settings"]
    wanted, typed = (re.sub(r"[\W_]", "", c).upper() for c in (settings.setup_code, code))
    return hmac.compare_digest(wanted.encode(), typed.encode())


def is_good(invitation: Invitation) -> bool:
    """Tell whether a link can still be used."""
    return (
        invitation.used_at is None
        and invitation.expires_at > machine_now()
        and invitation.person.disabled_at is None
    )
