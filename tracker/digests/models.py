"""What a person wants of the digest."""

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base, Versioned


class Preference(Versioned, Base):
    """A person's wishes; without a row: every section, every working day.

    `off` names the sections not wanted, `quiet_days` the ISO weekdays (1 Monday) on which nothing is sent.
    """

    __tablename__ = "digest_preference"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    is_off: Mapped[bool] = mapped_column(default=False)
    off: Mapped[list[str]] = mapped_column(JSON, default=list)
    quiet_days: Mapped[list[int]] = mapped_column(JSON, default=list)
