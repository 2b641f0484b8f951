"""Measures, their readings, and the classes of a yearly scale (ranked measures that roll up into one)."""

import enum
from decimal import Decimal
from typing import Annotated

from sqlalchemy import ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base, Code, Day, Facts, Id, Instant, Title, Versioned, Words, choice

Figure = Annotated[Decimal, mapped_column(Numeric(18, 3, asdecimal=True))]


class Direction(enum.StrEnum):
    """Whether a measure counts up to a target, down to a goal, or covers a stated number of units."""

    UP = "up"
    DOWN = "down"
    COVER = "cover"


class Measure(Versioned, Base):
    """A figure a task is followed by. `target_under`: the target is not stated but below this (exclusive).

    `into_id` is the measure it adds up into: as a class of a scale (`rank` is its place there), else as the quota of
    one unit; with `must_sum` the targets of the parts have to add up to the target exactly. What covers a list of
    units names the collective that lists them (`over_id`). A transfer names `from_unit` and, where one receives,
    `to_unit`. `is_dropped`: entered by mistake, or no longer followed.
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
    over_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    must_sum: Mapped[bool] = mapped_column(default=False)
    is_dropped: Mapped[bool] = mapped_column(default=False)
    from_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    to_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    year: Mapped[int | None]
    note: Mapped[Words | None]
    prov: Mapped[Facts]


class Reading(Base):
    """A figure with the day it was counted on (empty: not stated). A correction points to what it corrects.

    A percentage is kept as its source printed it (`percent_words`), with its bounds, exclusive: "over 124%" is
    `percent_over` 124; then the figure itself may be unknown. Of a list, `unit` is the unit that is ticked off (1) or
    no longer (0). What a transfer hands over counts as received once `confirmed_at` is set.
    """

    __tablename__ = "reading"

    id: Mapped[Id]
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    value: Mapped[Figure | None]
    percent_words: Mapped[Words | None]
    percent_over: Mapped[Figure | None]
    percent_under: Mapped[Figure | None]
    as_of_on: Mapped[Day | None]
    source: Mapped[Words | None]
    on_behalf: Mapped[bool] = mapped_column(default=False)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("reading.id"))
    entered_at: Mapped[Instant]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[Instant | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    prov: Mapped[Facts]
