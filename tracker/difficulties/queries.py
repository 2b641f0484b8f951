"""What is seen of difficulties: those of a task, those of everything one may see, whose desk comes next."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from tracker.clock import day_of
from tracker.committees.models import Unit
from tracker.committees.queries import with_accounts
from tracker.committees.standings import Forest, Me
from tracker.db import db
from tracker.people.models import Person
from tracker.tasks.models import Ask, AskKind, Task
from tracker.tasks.queries import seen_by

MOST = 200  # of the open ones, and of those answered lately, that one page tells
_ask = aliased(Ask)  # not the asks by which somebody may see a task
_from, _to = aliased(Unit), aliased(Unit)


@dataclass(frozen=True)
class Difficulty:
    """A difficulty on one desk: what is in the way, whose desk, since when, and how it left the desk."""

    id: int
    rung: int
    words: str
    asked_at: datetime
    asked_by: str | None
    from_vi: str
    from_en: str | None
    to_id: int
    to_vi: str
    to_en: str | None
    answered_at: datetime | None
    granted: bool | None
    answer: str | None
    settled_on: date | None
    task_id: int
    title_vi: str
    title_en: str | None

    @property
    def since(self) -> date:
        """Return since which day it has lain on the desk."""
        return day_of(self.asked_at)

    @property
    def left_on(self) -> date | None:
        """Return the day it left the desk."""
        return day_of(self.answered_at) if self.answered_at else None

    @property
    def stand(self) -> str:
        """Return how it stands: open, answered, passed on, over."""
        if self.answered_at is None:
            return "open"
        return {True: "answered", None: "passed", False: "over"}[self.granted]


def _told() -> Select[*tuple[Any, ...]]:
    columns = (_ask.id, _ask.rung, _ask.words, _ask.asked_at, Person.name)
    units = (_from.name_vi, _from.name_en, _ask.to_unit_id, _to.name_vi, _to.name_en)
    answers = (_ask.answered_at, _ask.granted, _ask.answer, _ask.granted_on)
    return (
        select(*columns, *units, *answers, Task.id, Task.title_vi, Task.title_en)
        .join(Task, Task.id == _ask.task_id)
        .join(_from, _from.id == _ask.from_unit_id)
        .join(_to, _to.id == _ask.to_unit_id)
        .outerjoin(Person, Person.id == _ask.asked_by_id)
        .where(_ask.kind == AskKind.DIFFICULTY)
    )


def about(task: Task) -> list[Difficulty]:
    """Return the difficulties of a task, the newest desk first."""
    found = _told().where(_ask.task_id == task.id).order_by(_ask.id.desc())
    return [Difficulty(*row) for row in db.session.execute(found)]


def waiting(me: Me) -> list[Difficulty]:
    """Return what waits for an answer about the tasks that `me` may see, the oldest first."""
    found = _told().where(seen_by(me), _ask.answered_at.is_(None)).order_by(_ask.asked_at, _ask.id)
    return [Difficulty(*row) for row in db.session.execute(found.limit(MOST))]


def count(me: Me) -> int:
    """Return how many wait for an answer about the tasks that `me` may see."""
    found = select(func.count()).select_from(Task).join(_ask, _ask.task_id == Task.id)
    lying = (_ask.kind == AskKind.DIFFICULTY, _ask.answered_at.is_(None))
    return db.session.scalar(found.where(seen_by(me), *lying)) or 0


def answered(me: Me) -> list[Difficulty]:
    """Return what was answered lately about the tasks that `me` may see, the newest first."""
    found = _told().where(seen_by(me), _ask.granted.is_(True))
    newest = found.order_by(_ask.answered_at.desc(), _ask.id.desc()).limit(MOST)
    return [Difficulty(*row) for row in db.session.execute(newest)]


def open_one(task: Task, ask_id: int | None = None) -> Ask | None:
    """Return the difficulty of the task that is meant: the one named, else the one that lies on a desk."""
    found = select(Ask).where(Ask.task_id == task.id, Ask.kind == AskKind.DIFFICULTY)
    if ask_id is not None:
        return db.session.scalar(found.where(Ask.id == ask_id))
    return db.session.scalar(found.where(Ask.answered_at.is_(None)))


def first_level(task: Task, today: date) -> Unit | None:
    """Return the first unit that can decide: the one that decides on the deadline, else one above it with accounts."""
    if task.decider_id != task.lead_id and with_accounts([task.decider_id], today):
        return db.session.get(Unit, task.decider_id)
    return level_above(task.decider_id, today, {task.lead_id})


def level_above(unit_id: int, today: date, passed: set[int] | None = None) -> Unit | None:
    """Return the next unit above in which somebody has an account: the body it acts for, else its parent."""
    uppers = Forest.load().uppers(unit_id)
    known = with_accounts(uppers, today) - (passed or set())
    above = next((upper for upper in uppers if upper in known), None)
    return db.session.get(Unit, above) if above else None
