"""One row for each mail: its key says that it is due, its state how far it has come."""

import enum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base, Day, Id, Instant, Words, choice


class MailKind(enum.StrEnum):
    """What is sent. A digest's period is its ISO day, an invitation's the id of the invitation."""

    DIGEST = "digest"
    INVITATION = "invitation"


class MailState(enum.StrEnum):
    """How far a mail has come; `attempting` is committed before the first byte of its text leaves."""

    DUE = "due"
    LEASED = "leased"
    ATTEMPTING = "attempting"
    RETRY = "retry"
    AMBIGUOUS = "ambiguous"
    SENT = "sent"
    DEAD = "dead"
    SKIPPED = "skipped"


OPEN_STATES = (
    MailState.DUE,
    MailState.LEASED,
    MailState.ATTEMPTING,
    MailState.RETRY,
    MailState.AMBIGUOUS,
)
# The condition of the index of open mails, word for word where it is asked, or no database would use it.
_IS_OPEN = f"state IN ({', '.join(repr(state.value) for state in OPEN_STATES)})"
OPEN = text(f"mail.{_IS_OPEN}")


class Mail(Base):
    """One mail to one person for one period.

    `next_at`, `leased_until`, `*tried_at` and `sent_at` are the machine's instants; a digest's `period` is the domain's
    day. Text, address and headers are frozen at the first attempt. `told` holds which tasks it names and how they
    stood; `covers_from` the first day it stands for where earlier digests were merged into it. `doubts` counts the
    attempts whose outcome nobody knows, `reply` is what the server said last, `reason` why nothing more is done with
    it: a mail in doubt without one is sent once more, one with it is left to the administrators.
    """

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "period"),
        Index("ix_mail_kind_period", "kind", "period"),
        Index(
            "ix_mail_open",
            "next_at",
            sqlite_where=text(_IS_OPEN),
            postgresql_where=text(_IS_OPEN),
        ),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[MailKind] = mapped_column(choice(MailKind))
    period: Mapped[str] = mapped_column(String(40))
    covers_from: Mapped[Day | None]
    state: Mapped[MailState] = mapped_column(choice(MailState), default=MailState.DUE)
    reason: Mapped[str | None] = mapped_column(String(24))
    made_at: Mapped[Instant]
    next_at: Mapped[Instant]
    owner: Mapped[str | None] = mapped_column(String(64))
    leased_until: Mapped[Instant | None]
    attempts: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)
    first_tried_at: Mapped[Instant | None]
    tried_at: Mapped[Instant | None]
    sent_at: Mapped[Instant | None]
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    address: Mapped[str | None] = mapped_column(String(254))
    subject: Mapped[Words | None]
    body_text: Mapped[Words | None]
    body_html: Mapped[Words | None]
    headers: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    told: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    reply: Mapped[Words | None]
