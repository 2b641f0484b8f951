"""What is overdue, as far as somebody sees it: by unit or by plan, worst first, with what was said and written."""

import enum
from array import array
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, select

from tracker.committees.standings import HeldSeat, Me
from tracker.db import among, db, within
from tracker.history.memory import remembered
from tracker.history.models import Event, EventText, Kind
from tracker.letters.queries import Sent, sent_about
from tracker.rules.queries import soon_until
from tracker.tasks.filters import DueFilter, Filters, conditions
from tracker.tasks.glance import Glance, Query, Stored, glances, rows, stored
from tracker.tasks.lifecycle import Tie
from tracker.tasks.models import Task
from tracker.tasks.queries import counted, seen_by
from tracker.tasks.sources import done_with_deadline, overdue
from tracker.tasks.spoken import LastWord, by_lead, is_behalf
from tracker.tasks.timeliness import days_late


class By(enum.StrEnum):
    """What the list is grouped by."""

    UNIT = "unit"
    PLAN = "plan"


class Account(enum.StrEnum):
    """Whose lateness it is: the lead's with its task, or a co-ordinator's with its own part."""

    TASKS = "tasks"
    LINES = "lines"


@dataclass(frozen=True)
class Group:
    """The overdue tasks of one unit or plan: where in the list they start, how many, how late the worst is."""

    key: int
    start: int
    count: int
    worst: int


@dataclass(frozen=True)
class Listing:
    """Everything overdue in its order, group after group."""

    ids: "array[int]"
    groups: tuple[Group, ...]

    def of(self, key: int | None) -> "Listing":
        """Return one group alone; all where no key is given, nothing where there is no such group."""
        if key is None:
            return self
        group = next((g for g in self.groups if g.key == key), Group(key, 0, 0, 0))
        ids = self.ids[group.start : group.start + group.count]
        return Listing(ids, (Group(key, 0, group.count, group.worst),) if group.count else ())


# --- which tasks, in which order --------------------------------------------------------------------


def listing(me: Me, today: date, by: By = By.UNIT, account: Account = Account.TASKS) -> Listing:
    """Return what is overdue and `me` may see, kept until something happens."""
    return remembered(
        ("overdue", me.seats, today, by, account), lambda: _listing(me, today, by, account)
    )


def _listing(me: Me, today: date, by: By, account: Account) -> Listing:
    groups: dict[int, list[tuple[int, date, int]]] = defaultdict(list)
    for task_id, lead_id, plan_id, state, due_on, handed_in_on in rows(
        _overdue(me.seats, today, account)
    ):
        late = days_late(state, due_on, handed_in_on, None, today=today)
        key = lead_id if by is By.UNIT else plan_id or 0
        groups[key].append((-late, due_on, task_id))
    return _ordered(groups)


def _ordered(groups: Mapping[int, list[tuple[int, date, int]]]) -> Listing:
    """The worst task first, the group with the worst task first; of two alike, the one with more."""
    ids, found = array("q"), []
    for tasks in groups.values():
        tasks.sort()
    for key in sorted(groups, key=lambda key: (groups[key][0][0], -len(groups[key]), key)):
        tasks = groups[key]
        found.append(Group(key, len(ids), len(tasks), -tasks[0][0]))
        ids.extend(task_id for _late, _due, task_id in tasks)
    return Listing(ids, tuple(found))


@lru_cache(maxsize=512)
def _overdue(seats: tuple[HeldSeat, ...], today: date, account: Account) -> Query:
    columns = (Task.id, Task.lead_id, Task.plan_id, Task.state, Task.due_on, Task.handed_in_on)
    return select(*columns).where(*is_overdue(Me(seats=seats), today, account))


def is_overdue(me: Me, today: date, account: Account) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a task stands in the list of an account."""
    # A hand-in is never of a later day than today: the day alone lets the index find them.
    late = and_(Task.due_on < today, overdue(today))
    whose = counted() if account is Account.TASKS else Task.tie == Tie.LINE
    return late, whose, seen_by(me)


# --- totals -----------------------------------------------------------------------------------------


class Totals(NamedTuple):
    """How many are overdue of how many that fell due: done with a deadline, or overdue."""

    overdue: int
    fell_due: int
    lines: int


def totals(me: Me, today: date) -> Totals:
    """Return the figures above the list; they are those of the status page."""
    late = len(listing(me, today).ids)
    lines = len(listing(me, today, By.UNIT, Account.LINES).ids)
    done = remembered(("overdue, done", me.seats), lambda: _done(me))
    return Totals(late, late + done, lines)


def _done(me: Me) -> int:
    """Count what is done and had a deadline: on time, late, or on a day not stated."""
    done = select(func.count()).select_from(Task)
    chosen = done.where(done_with_deadline(), counted(), seen_by(me))
    return int(db.session.scalar(chosen) or 0)


# --- one page of it -----------------------------------------------------------------------------------


class Row(NamedTuple):
    """An overdue task with everything its row says, as values: two that are equal look the same.

    `since`: when it came to the lead's desk, by being sent, returned, passed on or let go on.
    """

    glance: Glance
    sent: tuple[Sent, ...]
    last: LastWord | None
    since: datetime | None


def read(me: Me, ids: Sequence[int], today: date) -> list[Row]:
    """Return the rows of one page in the order of their ids, in a fixed number of queries."""
    found = {g.task.id: g for g in glances(me, _among().params(ids=ids), today)}
    newest = {row[0]: (row[1], row[2]) for row in rows(_newest(), {"ids": ids})}
    told = _told([event_id for pair in newest.values() for event_id in pair if event_id])
    sent = sent_about(ids)
    return [
        Row(found[i], tuple(sent.get(i, ())), *_said(newest.get(i), told))
        for i in ids
        if i in found
    ]


@lru_cache(maxsize=1)
def _among() -> Query:
    return stored(among(Task.id))


Newest = tuple[int | None, int | None]
Told = Mapping[int, LastWord]


def _said(newest: Newest | None, told: Told) -> tuple[LastWord | None, datetime | None]:
    said_id, came_id = newest or (None, None)
    said, came = told.get(said_id or 0), told.get(came_id or 0)
    return said if said and said.words else None, came.at if came else None


_CAME = (
    Kind.LOADED,
    Kind.SEND,
    Kind.RETURN,
    Kind.WITHDRAW,
    Kind.RESUME,
    Kind.REOPEN,
    Kind.RESTORE,
    Kind.REASSIGNED,
)


@lru_cache(maxsize=1)
def _newest() -> Query:
    """By task the newest event with words of its present lead, and the newest that laid it on their desk."""
    said = and_(by_lead(), EventText.event_id.is_not(None))
    ids = (case((met, Event.id)) for met in (said, Event.kind.in_(_CAME)))
    newest = select(Event.task_id, *map(func.max, ids)).join(Task, Task.id == Event.task_id)
    newest = newest.outerjoin(EventText, EventText.event_id == Event.id)
    return newest.where(among(Event.task_id)).group_by(Event.task_id)


def _told(event_ids: Sequence[int]) -> Told:
    found = rows(_events(), {"ids": event_ids})
    return {event_id: LastWord(at, words, bool(other)) for event_id, at, words, other in found}


@lru_cache(maxsize=1)
def _events() -> Query:
    words = select(Event.id, Event.at, EventText.words, is_behalf())
    return words.outerjoin(EventText, EventText.event_id == Event.id).where(among(Event.id))


def soon(me: Me, today: date) -> int:
    """Return how many tasks on the board fall due soon."""
    met = conditions(me, Filters(due=DueFilter.SOON), today, soon_until(today))
    return int(db.session.scalar(select(func.count()).select_from(Task).where(*met)) or 0)


def mentions(ids: Sequence[int]) -> list[Stored]:
    """Return tasks already found to be visible by their bare facts, in the order of their ids."""
    found = {row[0]: Stored._make(row) for row in rows(_among(), {"ids": ids})}
    return [found[i] for i in ids if i in found]


def titles(me: Me, ids: Collection[int]) -> dict[int, Any]:
    """Return the titles of those of the tasks that `me` may see."""
    columns = (Task.id, Task.title_vi, Task.title_en)
    chosen = select(*columns).where(within(Task.id, ids), seen_by(me))
    return {row.id: row for row in db.session.execute(chosen)}
