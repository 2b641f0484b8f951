"""The nouns of a digest: rows and wishes that go in, items and figures that come out."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from tracker.deadlines.calendar import Calendar
from tracker.rules.values import Rules
from tracker.tasks.lifecycle import State

RUNGS = (1, 3, 7, 15)  # working days late at which a task is told again
MOST = 10  # tasks named in one section: some mail programs cut off what is longer than 100 kB
MOST_OF_BRANCH = 20


class Section(enum.StrEnum):
    """The parts of a digest, in the order in which they press. A task stands in the first that fits."""

    URGED = "urged"
    WAITING = "waiting"
    RETURNED = "returned"
    LATE = "late"
    DUE_SOON = "due_soon"
    ANSWERED = "answered"
    IDLE = "idle"
    BRANCH = "branch"


ONCE = frozenset({Section.ANSWERED, Section.IDLE})  # told when it is news, and not again
ORDER: Mapping[Section, int] = {section: place for place, section in enumerate(Section)}


class Why(enum.StrEnum):
    """Why a task is told to somebody; all but what they decide on make it their own."""

    LEAD = "lead"
    CO_ORDINATE = "co_ordinate"
    LEADER = "leader"
    HOLDER = "holder"
    VERDICT = "verdict"
    DECIDER = "decider"
    DESK = "desk"


DECIDING = frozenset({Why.VERDICT, Why.DECIDER, Why.DESK})


class News(enum.StrEnum):
    """What is new about a task since it was told last."""

    ENTERED = "entered"
    RUNG = "rung"
    CHANGED = "changed"


class Reason(NamedTuple):
    """One "why you": through which unit, and for whom somebody stands in until when."""

    why: Why
    unit_id: int
    instead_of: str = ""
    until: str = ""


class Answer(NamedTuple):
    """That a wish for more time was answered on a day."""

    ask_id: int
    on: date


class Letter(NamedTuple):
    """What has come down to a unit about a task and still waits for its word."""

    ask_id: int
    kind: str
    rung: int
    from_unit_id: int
    asked_on: date
    words: str | None
    answer_by_on: date | None


@dataclass(frozen=True)
class Row:
    """A task as it concerns somebody. `root_id` is the task a line belongs to, else its own.

    `touched` is the newest event by anybody else; `waits_since` the day of a hand-in, a wish for more time or a
    difficulty that waits for their answer. `answer` is the newest to a wish of their own; `cycles`: so often a word was
    due since the last.
    """

    task_id: int
    root_id: int
    state: State
    due_on: date | None
    reasons: tuple[Reason, ...]
    handed_in_on: date | None = None
    touched: int = 0
    letters: tuple[Letter, ...] = ()
    waits_since: date | None = None
    answer: Answer | None = None
    cycles: int = 0


class Late(NamedTuple):
    """An overdue task of a branch, measured on a day: today, or that of its hand-in."""

    task_id: int
    lead_id: int
    due_on: date
    on: date


@dataclass(frozen=True)
class Scope:
    """How the units somebody answers for stand: what is overdue of how many that have fallen due."""

    overdue: tuple[Late, ...]
    fell_due: int


@dataclass(frozen=True)
class Wishes:
    """What somebody wants of the digest; `quiet_days` are ISO weekdays."""

    is_off: bool = False
    off: frozenset[Section] = frozenset()
    quiet_days: frozenset[int] = frozenset()

    def refuse(self, day: date) -> str | None:
        """Return why nothing is wanted on a day; None where the digest is."""
        if self.is_off:
            return "off"
        return "quiet" if day.isoweekday() in self.quiet_days else None


class Mark(NamedTuple):
    """How a task was told: what decides whether it is news the next time."""

    section: Section
    rung: int
    letter: int
    touched: int

    def news_since(self, before: "Mark | None") -> News | None:
        """Return what is new; that something presses less than before is not."""
        if before is None:
            return News.ENTERED
        if self.rung > before.rung:
            return News.RUNG
        presses_more = ORDER[self.section] < ORDER[before.section]
        is_changed = self.letter > before.letter or self.touched > before.touched
        return News.CHANGED if presses_more or is_changed else None


@dataclass(frozen=True)
class Item:
    """A task of the digest, once, with every reason for it; `rows`: the most pressing of its lines first.

    `answered`: of which of these tasks it tells how the wish for more time was answered.
    """

    rows: tuple[Row, ...]
    reasons: tuple[Reason, ...]
    mark: Mark
    days_late: int
    news: News | None
    answered: tuple[int, ...] = ()

    @property
    def row(self) -> Row:
        """Return the row it is told by."""
        return self.rows[0]

    @property
    def section(self) -> Section:
        """Return where it stands."""
        return self.mark.section


@dataclass(frozen=True)
class Branch:
    """The figures of a branch, its worst tasks, how many more there are in which units."""

    overdue: int
    fell_due: int
    named: tuple[Late, ...]
    news: Mapping[int, News]
    more: tuple[tuple[int, int], ...]
    is_news: bool


@dataclass(frozen=True)
class Digest:
    """What is told to one person on one day; `rules` are those it was composed by.

    `cycles`: of each task on which a word is overdue, how often that has been told, in this digest or before.
    """

    day: date
    items: tuple[Item, ...]
    branch: Branch | None = None
    covers_from: date | None = None
    rules: Rules = field(default_factory=Rules)
    cycles: Mapping[str, int] = field(default_factory=dict)

    def part(self, section: Section) -> tuple[Item, ...]:
        """Return the items of a section."""
        return tuple(item for item in self.items if item.section is section)

    @property
    def late(self) -> tuple[Item, ...]:
        """Return what is overdue on the person's own desk, in whatever section it stands."""
        return tuple(i for i in self.items if i.days_late and i.section is not Section.WAITING)

    @property
    def news(self) -> int:
        """Return how many tasks have something new about them."""
        return sum(item.news is not None for item in self.items) + len(
            self.branch.news if self.branch else ()
        )

    def named(self) -> list[int]:
        """Return every task whose title the digest shows."""
        shown = [item for section in Section for item in self.part(section)[:MOST]]
        ids = {row.task_id for item in shown for row in item.rows}
        return sorted(ids | {late.task_id for late in (self.branch.named if self.branch else ())})

    def told(self) -> dict[str, Any]:
        """Return what the next digest is to know of this one."""
        branch = self.branch and {
            "named": [late.task_id for late in self.branch.named],
            "rest": sum(count for _unit, count in self.branch.more),
        }
        answers = {row.answer.ask_id for i in self.items for row in i.rows if row.answer}
        return {
            "on": self.day.isoformat(),
            "answers": sorted(answers),
            "cycles": dict(self.cycles),
            "marks": {str(item.row.root_id): list(item.mark) for item in self.items},
            "branch": branch,
            "named": self.named(),
        }


@lru_cache(maxsize=8192)
def rung(due_on: date | None, on: date, calendar: Calendar) -> int:
    """Return the last of 1, 3, 7, 15 working days late that was passed by a day; 0 before the first."""
    if due_on is None or on <= due_on:
        return 0
    return max((step for step in RUNGS if calendar.add_working(due_on, step) <= on), default=0)
