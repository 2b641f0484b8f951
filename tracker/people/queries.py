"""Finding people, their sign-ins, invitations and what was kept for them."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload

from tracker import text
from tracker.db import db
from tracker.people.models import Invitation, KeptForm, Person, SignIn

PAGE = 100


def digest(token: str) -> str:
    """Return what is stored of a token: a hash is enough, the tokens are 256 bits of chance."""
    return hashlib.sha256(token.encode()).hexdigest()


def email_key(email: str) -> str:
    """Return the form in which two spellings of one address are the same."""
    return text.clean(email).casefold()


def is_anybody() -> bool:
    """Tell whether the database knows a single person."""
    return db.session.execute(select(Person.id).limit(1)).first() is not None


def by_email(email: str) -> Person | None:
    """Return the person with this address."""
    return db.session.scalar(select(Person).where(Person.email_key == email_key(email)))


def person(person_id: int, *, afresh: bool = False) -> Person | None:
    """Return one person; `afresh` even where the row has been read in this transaction."""
    return db.session.get(Person, person_id, populate_existing=afresh)


def people(words: str = "", page: int = 1) -> tuple[Sequence[Person], int]:
    """Return one page of the people whose name or address holds the words, and how many there are."""
    found = _matching(words)
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    ordered = found.order_by(Person.sort_key, Person.id)
    return db.session.scalars(ordered.limit(PAGE).offset((page - 1) * PAGE)).all(), total


def everybody() -> Sequence[Person]:
    """Return all people in the order of names."""
    return db.session.scalars(select(Person).order_by(Person.sort_key, Person.id)).all()


def names(ids: Collection[int]) -> dict[int, str]:
    """Return the names of people by id."""
    named = select(Person.id, Person.name).where(Person.id.in_(ids))
    return dict(db.session.execute(named).all())


def _matching(words: str) -> Select[Person]:
    found = select(Person)
    for word in text.fold(words).split():
        found = found.where(Person.search_key.contains(word, autoescape=True))
    return found


def admins_left(without: Person) -> int:
    """Return how many people keep accounts when `without` does not; whoever else asks so waits for the answer."""
    keepers = select(Person.id).where(Person.is_admin, Person.disabled_at.is_(None))
    locked = keepers.order_by(Person.id).with_for_update(key_share=True)
    return len(set(db.session.scalars(locked)) - {without.id})


# --- sign-ins ---------------------------------------------------------------------------------------


# Asked at every request, so made once.
_BY_TOKEN = (
    select(SignIn)
    .join(SignIn.person)
    .options(contains_eager(SignIn.person))
    .where(SignIn.token_hash == bindparam("token_hash"))
)


def sign_in_by_token(token: str) -> SignIn | None:
    """Return the sign-in of this token with its person, ended or not."""
    return db.session.scalar(_BY_TOKEN, {"token_hash": digest(token)})


def sign_ins_of(person_id: int, seen_since: datetime, begun_since: datetime) -> Sequence[SignIn]:
    """Return the sign-ins that still hold, the latest first."""
    return db.session.scalars(
        select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
        .where(SignIn.last_seen_at > seen_since, SignIn.started_at > begun_since)
        .order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())
    ).all()


def own_sign_in(person_id: int, sign_in_id: int) -> SignIn | None:
    """Return a sign-in if it is this person's."""
    return db.session.scalar(
        select(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == person_id)
    )


# --- invitations, kept forms ------------------------------------------------------------------------


def invitation_by_token(token: str) -> Invitation | None:
    """Return the invitation of this link with the invited person, used or not."""
    return db.session.scalar(
        select(Invitation)
        .options(joinedload(Invitation.person))
        .where(Invitation.token_hash == digest(token))
    )


def invited(person_ids: Sequence[int], at: datetime) -> dict[int, datetime]:
    """Return until when each of these people's open invitation holds."""
    rows = db.session.execute(
        select(Invitation.person_id, func.max(Invitation.expires_at))
        .where(Invitation.person_id.in_(person_ids))
        .where(Invitation.used_at.is_(None), Invitation.expires_at > at)
        .group_by(Invitation.person_id)
    )
    return {row[0]: row[1] for row in rows}


def kept_form(token: str, person_id: int) -> KeptForm | None:
    """Return what was kept under this token for this person, and for nobody else."""
    return db.session.scalar(
        select(KeptForm).where(
            KeptForm.token_hash == digest(token), KeptForm.person_id == person_id
        )
    )
