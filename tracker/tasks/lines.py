"""The parts of the co-ordinating units on a task's page: the reader's own first, then who is late and holds it up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import bindparam

from tracker.committees.standings import Me
from tracker.policy import Verb
from tracker.tasks.cards import Due, cell_of, due_of
from tracker.tasks.glance import Glance, Query, Stored, glances, rows, stored
from tracker.tasks.lifecycle import OPEN, State, Tie
from tracker.tasks.models import Task
from tracker.tasks.spoken import LastWord, last_words
from tracker.tasks.timeliness import Timeliness

# What the reader may do to a part without leaving the page of the task, each by one press.
_IN_PLACE = (Verb.START, Verb.REWORK, Verb.FINISH)


@dataclass(frozen=True)
class Line:
    """A co-ordinator's part: how it stands, what its unit said last, what the reader may do to it."""

    task: Stored
    timeliness: Timeliness
    due: Due | None
    is_own: bool
    is_behalf: bool
    last: LastWord | None
    verbs: frozenset[Verb]

    @property
    def is_late(self) -> bool:
        """Tell whether the part holds up the task: it is open and overdue, on its own unit's account."""
        return self.timeliness is Timeliness.OVERDUE and self.task.state in OPEN

    @property
    def in_place(self) -> tuple[Verb, ...]:
        """Return the moves that need but one press."""
        return tuple(verb for verb in _IN_PLACE if verb in self.verbs)


@dataclass(frozen=True)
class Lines:
    """The parts of a task: those that stand, in the order in which they press, and those withdrawn."""

    standing: Sequence[Line] = ()
    withdrawn: Sequence[Line] = ()

    @property
    def late(self) -> list[Line]:
        """Return the parts that hold the task up, the longest overdue first."""
        late = [line for line in self.standing if line.is_late]
        return sorted(late, key=lambda line: (line.task.due_on or date.max, line.task.id))

    @property
    def done(self) -> int:
        """Return how many parts are done."""
        return sum(line.task.state is State.DONE for line in self.standing)

    def __bool__(self) -> bool:
        return bool(self.standing or self.withdrawn)


def lines_on_page(me: Me, task: Task, today: date, soon: date) -> Lines:
    """Return the parts of a task which `me` may see, in a number of queries that does not grow with them."""
    query = _of_task().params(task_id=task.id)
    if not rows(query):
        return Lines()
    found = glances(me, query, today)
    said = last_words([glance.task.id for glance in found])
    lines = [_line(me, glance, said.get(glance.task.id), today, soon) for glance in found]
    is_over = [line.task.state is State.CANCELLED for line in lines]
    standing = [line for line, over in zip(lines, is_over, strict=True) if not over]
    withdrawn = [line for line, over in zip(lines, is_over, strict=True) if over]
    return Lines(sorted(standing, key=_pressing), withdrawn)


@lru_cache(maxsize=1)
def _of_task() -> Query:
    this = bindparam("task_id", type_=Task.id.type)
    return stored(Task.parent_id == this, Task.tie == Tie.LINE).order_by(Task.id)


def _line(me: Me, glance: Glance, last: LastWord | None, today: date, soon: date) -> Line:
    task, cell = glance.task, cell_of(glance.task, today)
    return Line(
        task=task,
        timeliness=cell,
        due=due_of(task, cell, today, soon),
        is_own=task.lead_id in me.own,
        is_behalf=glance.is_behalf,
        last=last,
        verbs=frozenset(glance.verbs),
    )


def _pressing(line: Line) -> tuple[bool, bool, bool, date, int]:
    """One's own first, then what is late, what is open, what is done; each by its day."""
    task = line.task
    is_done = task.state is State.DONE
    return not line.is_own, not line.is_late, is_done, task.due_on or date.max, task.id
