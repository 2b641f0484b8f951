"""What is done to people: adding, correcting, inviting, disabling them, their passwords and sign-ins.

`at` is the domain's instant, told in history; `clock_at` the machine's, by which links and sign-ins
run out.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from tracker.db import db, lock
from tracker.history.actions import Doer, record
from tracker.history.changes import apply
from tracker.history.models import Kind
from tracker.mail import actions as mail
from tracker.mail.messages import domain_of
from tracker.mail.models import MailKind
from tracker.people import passwords
from tracker.people.models import Attempt, Invitation, KeptForm, Person, SignIn
from tracker.people.queries import digest, email_key
from tracker.settings import Settings
from tracker.text import clean, fold, person_sort_key

INVITED_FOR = timedelta(days=7)
_KEPT = timedelta(days=30)
_DAY = timedelta(days=1)


def new_token() -> str:
    """Return a token nobody can guess."""
    return secrets.token_urlsafe(32)


def add_person(name: str, email: str, *, is_admin: bool = False, by: Doer, at: datetime) -> Person:
    """Add an account without a password: its owner sets one through an invitation."""
    person = Person(**_called(name, email), is_admin=is_admin, created_at=at)
    db.session.add(person)
    db.session.flush()
    record(Kind.PERSON_ADDED, by=by, at=at, subject_id=person.id, data={"is_admin": is_admin})
    return person


def edit_person(
    person: Person, name: str, email: str, *, by: Doer, at: datetime, clock_at: datetime
) -> None:
    """Correct a name or an address; with another address the open links end, they were for the old one."""
    made = apply(person, _called(name, email))
    if not made.fields:
        return
    db.session.flush()
    if "email" in made.fields:
        _void_invitations(person, clock_at)
    told: dict[str, Any] = {"words": made.words, "data": made.data}
    record(Kind.PERSON_EDITED, by=by, at=at, subject_id=person.id, **told)


def _called(name: str, email: str) -> dict[str, str]:
    """Return name and address by column, with the keys by which somebody is sorted and found."""
    return {
        "name": name,
        "sort_key": person_sort_key(name),
        "search_key": fold(f"{name} {email}"),
        "email": clean(email),
        "email_key": email_key(email),
    }


def invite(
    person: Person, *, by: Doer, at: datetime, clock_at: datetime, settings: Settings
) -> str:
    """Make a link by which the person sets a password, void the earlier ones, put a mail with it into the outbox.

    Returns the token, to be shown once. It is kept nowhere: whoever has the row and the key can work it out again.
    """
    _void_invitations(person, clock_at)
    invitation = _invitation(person, by, clock_at)
    token = token_of(invitation, settings)
    invitation.token_hash = digest(token)
    db.session.flush()
    record(Kind.PERSON_INVITED, by=by, at=at, subject_id=person.id)
    key = (person.id, MailKind.INVITATION, str(invitation.id))
    domain = domain_of(settings.public_url)
    mail.put(*key, made_at=clock_at, next_at=clock_at, domain=domain)
    return token


def _invitation(person: Person, by: Doer, clock_at: datetime) -> Invitation:
    """Return a new row, with a token of nothing for a moment: its own is made from the row's id."""
    invitation = Invitation(
        person_id=person.id,
        token_hash=new_token(),
        made_by_id=by.person_id,
        made_at=clock_at,
        expires_at=clock_at + INVITED_FOR,
    )
    db.session.add(invitation)
    db.session.flush()
    return invitation


def token_of(invitation: Invitation, settings: Settings) -> str:
    """Return the token of an invitation; not its number alone, which might be given again one day."""
    made_at = invitation.made_at.astimezone(UTC).isoformat()
    return settings.seal("invitation", f"{invitation.id}.{invitation.person_id}.{made_at}")


def accept(invitation: Invitation, password: str, clock_at: datetime) -> bool:
    """Use the link up and set the password; False where somebody else was faster, or it ran out."""
    # The person first, as whoever corrects or disables them does.
    lock(Person, invitation.person_id)
    taken = db.session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id)
        .where(Invitation.used_at.is_(None), Invitation.expires_at > clock_at)
        .values(used_at=clock_at)
        .returning(Invitation.id)
    ).first()
    if taken is None:
        return False
    set_password(invitation.person, password, clock_at)
    return True


def set_password(person: Person, password: str, clock_at: datetime) -> None:
    """Set a first or forgotten password: every sign-in ends and no other link works any more."""
    person.password_hash = passwords.hash_password(password)
    _void_invitations(person, clock_at)
    end_sign_ins(person, clock_at)
    db.session.flush()


def change_password(person: Person, password: str, keep: SignIn, clock_at: datetime) -> None:
    """Change a password of which the old one was given: all sign-ins end but the present one."""
    person.password_hash = passwords.hash_password(password)
    _void_invitations(person, clock_at)
    end_sign_ins(person, clock_at, keep=keep)
    db.session.flush()


def renew_hash(person: Person, password: str) -> None:
    """Keep the password by today's parameters where those it was kept by are older."""
    if person.password_hash and passwords.is_dated(person.password_hash):
        person.password_hash = passwords.hash_password(password)
        db.session.flush()


def _void_invitations(person: Person, clock_at: datetime) -> None:
    db.session.execute(
        update(Invitation)
        .where(Invitation.person_id == person.id, Invitation.used_at.is_(None))
        .values(used_at=clock_at)
    )


def disable(person: Person, *, by: Doer, at: datetime, clock_at: datetime) -> None:
    """Close an account: its sign-ins end at once, its links stop working."""
    person.disabled_at = at
    _void_invitations(person, clock_at)
    end_sign_ins(person, clock_at)
    record(Kind.PERSON_DISABLED, by=by, at=at, subject_id=person.id)


def enable(person: Person, *, by: Doer, at: datetime) -> None:
    """Open a closed account again; its sign-ins stay ended."""
    person.disabled_at = None
    record(Kind.PERSON_ENABLED, by=by, at=at, subject_id=person.id)


def prefer(person: Person, lang: str | None, theme: str | None) -> None:
    """Remember the language and the colours somebody chose; None leaves it to their browser."""
    person.lang, person.theme = lang, theme
    db.session.flush()


# --- sign-ins ---------------------------------------------------------------------------------------


def begin_sign_in(
    person: Person, address: str, agent: str, clock_at: datetime
) -> tuple[SignIn, str]:
    """Begin a sign-in; return it with its token, of which only the hash is kept."""
    token = new_token()
    sign_in = SignIn(
        person_id=person.id,
        person=person,
        token_hash=digest(token),
        started_at=clock_at,
        last_seen_at=clock_at,
        address=address[:64],
        agent=clean(agent)[:255],
    )
    db.session.add(sign_in)
    db.session.flush()
    return sign_in, token


def see(sign_in_id: int, clock_at: datetime) -> None:
    """Write down that a sign-in is in use."""
    db.session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.last_seen_at < clock_at)
        .values(last_seen_at=clock_at)
        .execution_options(synchronize_session=False)
    )


def end_sign_in(sign_in: SignIn, clock_at: datetime) -> None:
    """End one sign-in."""
    if sign_in.ended_at is None:
        sign_in.ended_at = clock_at
        db.session.flush()


def end_sign_ins(person: Person, clock_at: datetime, *, keep: SignIn | None = None) -> None:
    """End every sign-in of a person, or every other one."""
    ended = update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    if keep is not None:
        ended = ended.where(SignIn.id != keep.id)
    db.session.execute(ended.values(ended_at=clock_at))


# --- what was typed when a sign-in ended ------------------------------------------------------------


def keep_form(
    person_id: int, path: str, action: str, fields: dict[str, list[str]], clock_at: datetime
) -> str:
    """Keep what somebody had typed; return the token under which it is found again."""
    token = new_token()
    kept = KeptForm(
        token_hash=digest(token),
        person_id=person_id,
        path=path,
        action=action,
        fields=fields,
        kept_at=clock_at,
    )
    db.session.add(kept)
    db.session.flush()
    return token


def drop_kept_form(token: str) -> None:
    """Forget what was kept: it has been sent."""
    db.session.execute(delete(KeptForm).where(KeptForm.token_hash == digest(token)))


# --- what nobody needs any more ---------------------------------------------------------------------


def tidy(clock_at: datetime) -> None:
    """Remove what ran out long ago; no sign-in lives for a month."""
    month_ago, day_ago = clock_at - _KEPT, clock_at - _DAY
    over = (
        delete(SignIn).where((SignIn.ended_at < month_ago) | (SignIn.started_at < month_ago)),
        delete(Attempt).where(Attempt.at < day_ago),
        delete(KeptForm).where(KeptForm.kept_at < day_ago),
        # The newest stays, or SQLite would give its number to the next, whose mail would seem to be sent already.
        delete(Invitation).where(
            Invitation.id < select(func.max(Invitation.id)).scalar_subquery(),
            (Invitation.used_at < month_ago) | (Invitation.expires_at < month_ago),
        ),
    )
    for statement in over:
        db.session.execute(statement)
