"""The address under which a person's calendar program reads their deadlines."""

import enum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base, Id, Instant, choice


class Covers(enum.StrEnum):
    """Which tasks a feed holds: those of one's own units, or of the whole branch one answers for."""

    OWN = "own"
    BRANCH = "branch"


class Feed(Base):
    """One address; only the hash of its token is kept. A person has one at a time, an ended one is gone for ever."""

    __tablename__ = "feed"
    __table_args__ = (
        Index(
            "uq_feed_person_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    covers: Mapped[Covers] = mapped_column(choice(Covers))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    lang: Mapped[str] = mapped_column(String(2))
    made_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
