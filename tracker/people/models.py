"""People and their sign-ins; what a person may do comes from the seats they hold, not from here."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base, Id, Instant, Key, Title, Versioned
from tracker.text import fold


def _search_key(context: DefaultExecutionContext) -> str:
    row: dict[str, Any] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return fold(f"{row['name']} {row['email']}")


class Person(Versioned, Base):
    """An account. `email` is kept as typed, `email_key` folded and unique."""

    __tablename__ = "person"

    id: Mapped[Id]
    name: Mapped[Title]
    sort_key: Mapped[Key]
    search_key: Mapped[Key] = mapped_column(default=_search_key)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    is_admin: Mapped[bool] = mapped_column(default=False)
    lang: Mapped[str | None] = mapped_column(String(2))
    theme: Mapped[str | None] = mapped_column(String(5))
    created_at: Mapped[Instant]
    disabled_at: Mapped[Instant | None]


class SignIn(Base):
    """One signed-in browser: the token's hash, revocable, checked on every request."""

    __tablename__ = "sign_in"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    address: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(255))

    person: Mapped[Person] = relationship(lazy="raise")


class Attempt(Base):
    """One failed try at a password, counted by account and by address."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_key_at", "key", "at"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(80))
    at: Mapped[Instant]


class Invitation(Base):
    """A single-use link by which a person sets a first password; only the hash of its token is kept."""

    __tablename__ = "invitation"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])


class KeptForm(Base):
    """What somebody had typed when their sign-in ended; handed back to the same person after signing in.

    `path` is the page the form stood on, `action` the path it was posted to.
    """

    __tablename__ = "kept_form"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    path: Mapped[str] = mapped_column(String(500))
    action: Mapped[str] = mapped_column(String(500))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    kept_at: Mapped[Instant]
