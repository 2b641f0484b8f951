"""What is done to mails: making them due, and everything by which their state changes.

Every change of state is one conditional UPDATE, so that of two who try only one succeeds. Instants are the machine's.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Select,
    Update,
    case,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from tracker.db import db
from tracker.mail.messages import Frozen, message_id
from tracker.mail.models import OPEN, Mail, MailKind, MailState
from tracker.mail.outcomes import Fate

KEPT_FOR = timedelta(days=30)
_WAITING = (MailState.DUE, MailState.RETRY)
_ENDED = (MailState.DEAD, MailState.AMBIGUOUS)  # and yet perhaps not with the recipient
# What holds a person's words or a link, and goes when it is no longer needed.
_TEXT: dict[str, Any] = {"subject": None, "body_text": None, "body_html": None, "headers": null()}
_FREE: dict[str, Any] = {"owner": None, "leased_until": None}


def put(
    person_id: int,
    kind: MailKind,
    period: str,
    *,
    made_at: datetime,
    next_at: datetime,
    domain: str,
    covers_from: date | None = None,
) -> bool:
    """Make a mail due at `next_at`; False where it has been made before. `domain` ends its Message-ID."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    new = dialect.insert(Mail).values(
        person_id=person_id,
        kind=kind,
        period=period,
        covers_from=covers_from,
        state=MailState.DUE,
        made_at=made_at,
        next_at=next_at,
        attempts=0,
        doubts=0,
        message_id=message_id(kind, period, person_id, domain),
    )
    made = new.on_conflict_do_nothing().returning(Mail.id)
    return db.session.execute(made).first() is not None


def merge_older(person_id: int, kind: MailKind, before_period: str) -> int:
    """Skip a person's mails of earlier periods that still wait: the one of `before_period` stands for them."""
    older = (Mail.person_id == person_id, Mail.kind == kind, Mail.period < before_period)
    waiting = update(Mail).where(*older, Mail.state.in_(_WAITING))
    return _count(waiting.values(state=MailState.SKIPPED, reason="merged", **_TEXT))


# --- the lease --------------------------------------------------------------------------------------


def lease(owner: str, at: datetime, until: datetime, most: int) -> list[int]:
    """Take up to `most` mails whose time has come, and return their ids; nobody else takes them before `until`."""
    ids = list(db.session.scalars(_claimable(at, most)))
    taken = (
        update(Mail)
        .where(Mail.id.in_(ids), _is_claimable(at))
        .values(state=MailState.LEASED, owner=owner, leased_until=until)
        .returning(Mail.id)
    )
    return sorted(db.session.scalars(taken), key=ids.index)


def _claimable(at: datetime, most: int) -> Select[int]:
    due = select(Mail.id).where(OPEN, _is_claimable(at)).order_by(Mail.next_at, Mail.id)
    return due.limit(most).with_for_update(skip_locked=True)


def _is_claimable(at: datetime) -> ColumnElement[bool]:
    waits = Mail.state.in_((*_WAITING, MailState.AMBIGUOUS))
    return waits & Mail.reason.is_(None) & (Mail.next_at <= at)


def recover(at: datetime) -> int:
    """Free what a deliverer that is gone had taken; what it was sending is in doubt from now on."""
    out = update(Mail).where(OPEN, Mail.leased_until <= at)
    freed = out.where(Mail.state == MailState.LEASED).values(state=_before_lease(), **_FREE)
    doubted = out.where(Mail.state == MailState.ATTEMPTING).values(
        state=MailState.AMBIGUOUS,
        doubts=Mail.doubts + 1,
        reason=case((Mail.doubts > 0, "doubted")),
        next_at=at,
        **_FREE,
    )
    return _count(freed) + _count(doubted)


def _before_lease() -> ColumnElement[Any]:
    return case(
        (Mail.doubts > 0, MailState.AMBIGUOUS),
        (Mail.attempts > 0, MailState.RETRY),
        else_=MailState.DUE,
    )


def release(ids: Collection[int], owner: str) -> None:
    """Give back what was leased and not tried."""
    _count(_leased(ids, owner).values(state=_before_lease(), **_FREE))


def _leased(ids: Collection[int], owner: str) -> Update:
    own = (Mail.id.in_(ids), Mail.owner == owner, Mail.state == MailState.LEASED)
    return update(Mail).where(*own)


# --- an attempt -------------------------------------------------------------------------------------


def freeze(
    mail: Mail, frozen: Frozen, told: dict[str, Any], *, at: datetime, until: datetime
) -> bool:
    """Fix the text and say that it is being sent, before its first byte leaves; False where the lease was lost."""
    text = {"subject": frozen.subject, "body_text": frozen.text, "body_html": frozen.html}
    whom = {"address": frozen.address, "headers": dict(frozen.headers), "told": told}
    return _attempt(mail, at, until, **text, **whom)


def repeat(mail: Mail, *, at: datetime, until: datetime) -> bool:
    """Say that the same text is being sent once more; False where the lease was lost."""
    return _attempt(mail, at, until)


def _attempt(mail: Mail, at: datetime, until: datetime, **fields: Any) -> bool:
    begun = _leased([mail.id], mail.owner or "").values(
        state=MailState.ATTEMPTING,
        leased_until=until,
        attempts=Mail.attempts + 1,
        first_tried_at=func.coalesce(Mail.first_tried_at, at),
        tried_at=at,
        **fields,
    )
    return _count(begun) == 1


def settle(mail: Mail, fate: Fate, reply: str, at: datetime) -> bool:
    """Write down what became of an attempt; False where somebody else is sending the mail meanwhile."""
    values: dict[str, Any] = {"state": fate.state, "next_at": fate.next_at, "doubts": fate.doubts}
    values |= {"reason": fate.reason, "reply": reply} | _FREE
    if fate.state is MailState.SENT:
        values["sent_at"] = at
    if not _is_text_kept(mail, fate):
        values |= _TEXT
    return (
        _count(update(Mail).where(Mail.id == mail.id, _may_settle(mail, fate)).values(**values))
        == 1
    )


def _may_settle(mail: Mail, fate: Fate) -> ColumnElement[bool]:
    own = (Mail.state == MailState.ATTEMPTING) & (Mail.owner == mail.owner)
    if fate.state is not MailState.SENT:
        return own
    # It took so long that the lease ran out: what is certain ends the doubt, before a second copy leaves.
    return or_(own, Mail.state.in_((MailState.AMBIGUOUS, MailState.LEASED)))


def _is_text_kept(mail: Mail, fate: Fate) -> bool:
    """Keep what may have to be sent once more; an invitation's link, which opens an account, no longer than that."""
    if fate.state is MailState.RETRY:
        return False  # it is composed anew
    return mail.kind is MailKind.DIGEST or (fate.state is MailState.AMBIGUOUS and not fate.reason)


def put_off(mail: Mail, fate: Fate, reply: str, at: datetime) -> None:
    """Write down that a mail could not even be composed."""
    tried: dict[str, Any] = {"attempts": Mail.attempts + 1, "tried_at": at}
    tried["first_tried_at"] = mail.first_tried_at or at
    _end_lease(
        mail, state=fate.state, next_at=fate.next_at, reason=fate.reason, reply=reply, **tried
    )


def skip(mail: Mail, reason: str) -> MailState:
    """Write down why nothing is sent."""
    _end_lease(mail, state=MailState.SKIPPED, reason=reason, **_TEXT)
    return MailState.SKIPPED


def withhold(mail: Mail, reason: str) -> MailState:
    """Leave a mail in doubt to the administrators, and send nothing."""
    _end_lease(mail, state=MailState.AMBIGUOUS, reason=reason)
    return MailState.AMBIGUOUS


def _end_lease(mail: Mail, **values: Any) -> None:
    _count(_leased([mail.id], mail.owner or "").values(**_FREE, **values))


# --- by hand, and in time ---------------------------------------------------------------------------


def send_again(state: MailState, at: datetime, mail_id: int | None = None) -> int:
    """Make a mail that nobody will send any more due again, or all in that state: they are composed anew."""
    ended = (Mail.state.in_(_ENDED), Mail.state == state, Mail.reason.is_not(None))
    one = () if mail_id is None else (Mail.id == mail_id,)
    fresh: dict[str, Any] = {"state": MailState.DUE, "next_at": at, "attempts": 0, "doubts": 0}
    fresh |= {"first_tried_at": None, "reason": None, "reply": None} | _TEXT
    return _count(update(Mail).where(*ended, *one).values(**fresh))


def set_aside(reason: str) -> int:
    """Send nothing of what waits; what was being sent is left to the administrators."""
    waiting = (*_WAITING, MailState.LEASED)
    skipped = update(Mail).where(OPEN, Mail.state.in_(waiting), Mail.doubts == 0)
    doubted = update(Mail).where(OPEN, Mail.reason.is_(None))
    doubts = case((Mail.state == MailState.ATTEMPTING, Mail.doubts + 1), else_=Mail.doubts)
    count = _count(skipped.values(state=MailState.SKIPPED, reason=reason, **_FREE, **_TEXT))
    return count + _count(
        doubted.values(state=MailState.AMBIGUOUS, reason=reason, doubts=doubts, **_FREE)
    )


def purge(at: datetime) -> int:
    """Remove texts that are no longer needed: of digests after 30 days, of invitations that have ended at once."""
    ended = or_(
        Mail.state.in_((MailState.SENT, MailState.DEAD, MailState.SKIPPED)),
        (Mail.state == MailState.AMBIGUOUS) & Mail.reason.is_not(None),
    )
    old = or_(Mail.kind == MailKind.INVITATION, Mail.tried_at <= at - KEPT_FOR)
    return _count(update(Mail).where(Mail.body_text.is_not(None), ended, old).values(**_TEXT))


def _count(statement: Any) -> int:
    # Past the session's own objects: nobody holds these rows as such, so there is nothing to bring up to date.
    db.session.flush()
    return cast("CursorResult[Any]", db.session.connection().execute(statement)).rowcount
