"""Reading the outbox, for administrators: what became of each mail, never what it says."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select

from tracker.db import db
from tracker.mail.models import OPEN_STATES, Mail, MailState

PAGE = 50
# The five places in which a mail can be; every mail is in one.
PLACES: dict[str, tuple[MailState, ...]] = {
    "open": tuple(state for state in OPEN_STATES if state is not MailState.AMBIGUOUS),
    "ambiguous": (MailState.AMBIGUOUS,),
    "dead": (MailState.DEAD,),
    "sent": (MailState.SENT,),
    "skipped": (MailState.SKIPPED,),
}
_SHOWN = (
    Mail.id,
    Mail.person_id,
    Mail.kind,
    Mail.period,
    Mail.covers_from,
    Mail.state,
    Mail.reason,
    Mail.made_at,
    Mail.next_at,
    Mail.attempts,
    Mail.doubts,
    Mail.tried_at,
    Mail.sent_at,
    Mail.reply,
)


class Counts(NamedTuple):
    """How many mails there are, and in which place: `due` is the sum of the others at every instant."""

    due: int
    open: int
    ambiguous: int
    dead: int
    sent: int
    skipped: int


def by_state() -> dict[MailState, int]:
    """Count all mails in one statement."""
    per_state = select(Mail.state, func.count()).group_by(Mail.state)
    found: dict[MailState, int] = dict(db.session.execute(per_state).all())
    return {state: found.get(state, 0) for state in MailState}


def counts() -> Counts:
    """Return how many mails are in each place."""
    found = by_state()
    places = [sum(found[state] for state in states) for states in PLACES.values()]
    return Counts(sum(found.values()), *places)


def listed(place: str | None, page: int) -> Sequence[Any]:
    """Return one page of the mails in a place, or of all, the newest first."""
    rows = select(*_SHOWN).where(*_in(place)).order_by(Mail.id.desc())
    return db.session.execute(rows.limit(PAGE).offset((page - 1) * PAGE)).all()


def _in(place: str | None) -> list[ColumnElement[bool]]:
    return [Mail.state.in_(PLACES[place])] if place in PLACES else []


def mail(mail_id: int) -> Any:
    """Return one mail, or None."""
    return db.session.execute(select(*_SHOWN).where(Mail.id == mail_id)).first()


def place_of(state: MailState) -> str:
    """Return the place of a mail in this state."""
    return next(place for place, states in PLACES.items() if state in states)
