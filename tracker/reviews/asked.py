"""Wishes for more time about many tasks: those that wait for an answer, and those answered lately."""

from collections.abc import Collection
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select

from tracker.clock import day_of
from tracker.db import UtcDateTime, among
from tracker.tasks.glance import Query, rows
from tracker.tasks.models import Ask, AskKind

MOST = 100  # answers read of one desk; the tasks' own pages have them all


class Asked(NamedTuple):
    """A wish for more time, with its answer if there is one."""

    id: int
    task_id: int
    from_unit_id: int
    to_unit_id: int
    asked_at: datetime
    words: str | None
    result: str | None
    proposed_words: str | None
    proposed_on: date | None
    answered_at: datetime | None
    granted: bool | None
    answer: str | None
    granted_words: str | None
    granted_on: date | None

    @property
    def asked_on(self) -> date:
        """Return the day it was asked."""
        return day_of(self.asked_at)

    @property
    def answered_on(self) -> date | None:
        """Return the day it was answered."""
        return day_of(self.answered_at) if self.answered_at else None

    @property
    def is_as_asked(self) -> bool:
        """Tell whether the very day was granted that had been asked for."""
        return bool(self.granted) and self.granted_on == self.proposed_on


_ASKED = select(*(getattr(Ask, name) for name in Asked._fields)).where(
    Ask.kind == AskKind.EXTENSION
)


def open_about(task_ids: Collection[int]) -> dict[int, Asked]:
    """Return the wish about each of the tasks that waits for an answer, in one query."""
    found = [Asked._make(row) for row in rows(_open(), {"ids": task_ids})]
    return {asked.task_id: asked for asked in found}


@lru_cache(maxsize=1)
def _open() -> Query:
    return _ASKED.where(Ask.answered_at.is_(None), among(Ask.task_id)).order_by(Ask.id)


def answered_to(unit_ids: Collection[int], since: datetime, but: int) -> dict[int, Asked]:
    """Return the newest answer about each task to a wish of these units, but what this person answered.

    What lapsed or was withdrawn has neither been granted nor been given a reason: nobody answered it.
    """
    given = {"ids": unit_ids, "since": since, "but": but}
    found = [Asked._make(row) for row in rows(_answered(), given)]
    return {asked.task_id: asked for asked in reversed(found)}


@lru_cache(maxsize=1)
def _answered() -> Query:
    told = _ASKED.where(
        among(Ask.from_unit_id),
        Ask.answered_at >= bindparam("since", type_=UtcDateTime),
        or_(Ask.granted.is_(True), Ask.answer.is_not(None)),
        or_(Ask.answered_by_id.is_(None), Ask.answered_by_id != bindparam("but")),
    )
    return told.order_by(Ask.answered_at.desc(), Ask.id.desc()).limit(MOST)
