"""Where somebody last looked."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base, Instant


class Look(Base):
    """Up to which event a person has seen one status page; `scope` is its address without the day."""

    __tablename__ = "look"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(String(64), primary_key=True)
    event_id: Mapped[int]
    at: Mapped[Instant]
