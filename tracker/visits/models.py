"""A visit: who went to which unit, on what day if it is stated."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base, Code, Day, Facts, Id, Words


class Visit(Base):
    """One visit, or several of which only the number is stated; `measure_id` counts it, if stated."""

    __tablename__ = "visit"

    id: Mapped[Id]
    code: Mapped[Code | None] = mapped_column(unique=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    visited_on: Mapped[Day | None]
    count: Mapped[int] = mapped_column(default=1)
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id"))
    note: Mapped[Words | None]
    prov: Mapped[Facts]


class Visitor(Base):
    """A unit that took part in a visit."""

    __tablename__ = "visitor"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
