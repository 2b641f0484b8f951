"""What was asked about one task: every wish for more time with its answer, and what shares the deadline."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from tracker.committees.models import Unit
from tracker.history.models import Event, Kind
from tracker.people.models import Person
from tracker.tasks.glance import Query, rows
from tracker.tasks.lifecycle import OPEN
from tracker.tasks.models import Ask, AskKind, Task

MOST = 20  # wishes read of one task; the history has them all


class Wish(NamedTuple):
    """A wish for more time with the names it needs. `was_withdrawn`: by the lead itself."""

    id: int
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
    lead_vi: str
    lead_en: str | None
    desk_vi: str
    desk_en: str | None
    asked_by: str | None
    answered_by: str | None
    was_withdrawn: bool

    @property
    def is_open(self) -> bool:
        """Tell whether it still waits for its answer."""
        return self.answered_at is None


_lead, _desk, _asker, _answerer = aliased(Unit), aliased(Unit), aliased(Person), aliased(Person)
_withdrawn = exists().where(
    Event.task_id == Ask.task_id,
    Event.kind == Kind.EXTENSION_WITHDRAWN,
    Event.at == Ask.answered_at,
)
_task_id = bindparam("task_id", type_=Task.id.type)
# Made once: to put a statement together costs more than to run it.
_WISHES: Query = (
    select(
        *(getattr(Ask, name) for name in Wish._fields if hasattr(Ask, name)),
        _lead.name_vi,
        _lead.name_en,
        _desk.name_vi,
        _desk.name_en,
        _asker.name,
        _answerer.name,
        _withdrawn,
    )
    .join(_lead, _lead.id == Ask.from_unit_id)
    .join(_desk, _desk.id == Ask.to_unit_id)
    .outerjoin(_asker, _asker.id == Ask.asked_by_id)
    .outerjoin(_answerer, _answerer.id == Ask.answered_by_id)
    .where(Ask.task_id == _task_id, Ask.kind == AskKind.EXTENSION)
    .order_by(Ask.id.desc())
    .limit(MOST)
)


def wishes_of(task_id: int) -> list[Wish]:
    """Return the wishes for more time about a task, the newest first."""
    return [Wish._make(row) for row in rows(_WISHES, {"task_id": task_id})]


_SHARING = (
    select(Task.id)
    .where(
        Task.parent_id == _task_id,
        Task.state.in_(OPEN),
        Task.due_on == bindparam("due_on", type_=Task.due_on.type),
    )
    .limit(1)
)


def is_shared(task: Task) -> bool:
    """Tell whether open lines or children have the very deadline of the task."""
    return bool(rows(_SHARING, {"task_id": task.id, "due_on": task.due_on}))
