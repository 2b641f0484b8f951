"""Tasks as far as a digest tells them, read as plain rows."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, select

from tracker.clock import day_of
from tracker.tasks.glance import rows
from tracker.tasks.lifecycle import State, Tie, deciding_unit
from tracker.tasks.models import Task
from tracker.tasks.timeliness import review_is_due

MOST = 1_000  # tasks read of one desk


class Known(NamedTuple):
    """A task as far as a digest tells it."""

    id: int
    title_vi: str
    title_en: str | None
    tie: Tie | None
    parent_id: int | None
    state: State
    lead_id: int
    assigner_id: int
    verdict_unit_id: int
    holder_seat_id: int | None
    leader_seat_id: int | None
    product_vi: str | None
    product_en: str | None
    due_words: str | None
    due_on: date | None
    first_due_on: date | None
    slips: int
    handed_in_on: date | None
    moved_at: datetime
    review_days: int | None
    repeats_until_on: date | None

    @property
    def moved_on(self) -> date:
        """Return the day of the last word on it."""
        return day_of(self.moved_at)

    @property
    def decider_id(self) -> int:
        """Return the unit that decides on the deadline."""
        return deciding_unit(self.lead_id, self.assigner_id, self.verdict_unit_id)

    def cycles(self, today: date) -> int:
        """Return how often a word was due since the last one."""
        about = (self.state, self.due_on, self.review_days, self.moved_on)
        if not review_is_due(*about, today=today):
            return 0
        return (today - self.moved_on).days // max(self.review_days or 0, 1)


# Statements are made once: to put one together costs more than to run it.
_KNOWN = (
    select(*(Task.__table__.c[name] for name in Known._fields))
    .order_by(Task.due_on.asc().nulls_last(), Task.id)
    .limit(MOST)
)


def known(*conditions: ColumnElement[bool]) -> dict[int, Known]:
    """Return the tasks that meet the conditions; whoever asks has seen to it that they may be seen."""
    return {row[0]: Known._make(row) for row in rows(_KNOWN.where(*conditions))}
