"""Measures, their readings, and the classes of a yearly scale (ranked measures that roll up into one)."""

import enum
from decimal import Decimal
from typing import Annotated

from sqlalchemy import ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base, Code, Day, Facts, Id, Instant, Title, Words, choice

Figure = Annotated[Decimal, mapped_column(Numeric(18, 3, asdecimal=True))]


class Direction(enum.StrEnum):
    """Whether a measure counts up to a target, down to a goal, or covers a stated number of units."""

    UP = "up"
    DOWN = "down"
    COVER = "cover"


class Measure(Base):
    """A figure a task is followed by. `target_under`: the target is not stated but below this (exclusive).

    `percent_words` keeps a percentage as a source printed it, `percent_over` its lower bound (exclusive).
    `into_id` is the measure it adds up into, `rank` its place on a scale of classes.
    """

    __tablename__ = "measure"

    id: Mapped[Id]
    code: Mapped[Code | None] = mapped_column(unique=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    into_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id"), index=True)
    rank: Mapped[int | None]
    name_vi: Mapped[Title]
    name_en: Mapped[Title | None]
    unit_vi: Mapped[Title]
    unit_en: Mapped[Title | None]
    direction: Mapped[Direction] = mapped_column(choice(Direction))
    baseline: Mapped[Figure | None]
    target: Mapped[Figure | None]
    target_under: Mapped[Figure | None]
    percent_words: Mapped[Words | None]
    percent_over: Mapped[Figure | None]
    from_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    to_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    year: Mapped[int | None]
    note: Mapped[Words | None]
    prov: Mapped[Facts]


class Reading(Base):
    """A figure with the day it was counted on (empty: not stated). A correction points to what it corrects."""

    __tablename__ = "reading"

    id: Mapped[Id]
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    value: Mapped[Figure]
    as_of_on: Mapped[Day | None]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("reading.id"))
    entered_at: Mapped[Instant]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    prov: Mapped[Facts]
