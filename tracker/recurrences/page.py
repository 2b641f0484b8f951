"""What a page shows of periods: of a duty all of them, the newest first; of one task its place among the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from tracker.committees.models import Unit
from tracker.committees.standings import Me
from tracker.recurrences import queries
from tracker.rules.queries import in_force
from tracker.tasks.cards import Due, cell_of, due_of
from tracker.tasks.glance import Query, Stored, rows, stored
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Task
from tracker.tasks.periods import Pattern, Period, pattern_of, period_at, periods
from tracker.tasks.queries import is_visible, seen_by
from tracker.tasks.repeating import REST_RULES
from tracker.tasks.timeliness import Timeliness
from tracker.web import lang

MOST = 24  # periods on a page, unless all are asked for
FELL_DUE = frozenset({Timeliness.ON_TIME, Timeliness.LATE, Timeliness.UNDATED, Timeliness.OVERDUE})


@dataclass(frozen=True)
class Occurrence:
    """The task of one period, with how it stands to its deadline."""

    task: Stored
    first: date
    label: str
    timeliness: Timeliness
    due: Due | None


@dataclass(frozen=True)
class Duty:
    """A recurring duty: its rules, the tasks of its periods, what comes next."""

    until: date
    rest: str
    units: Sequence[Unit]
    found: Sequence[Occurrence]
    shown: Sequence[Occurrence]
    following: Period | None
    is_going: bool
    left: int

    @property
    def on_time(self) -> int:
        """The number of periods that were done on time."""
        return self._cells().count(Timeliness.ON_TIME)

    @property
    def fell_due(self) -> int:
        """The number of periods that are done or should be, the cancelled apart."""
        return sum(cell in FELL_DUE for cell in self._cells())

    def _cells(self) -> list[Timeliness]:
        return [one.timeliness for one in self.found if one.task.state is not State.CANCELLED]


@dataclass(frozen=True)
class Place:
    """One task among those of its duty."""

    label: str
    sees_duty: bool
    earlier: Occurrence | None
    later: Occurrence | None


def about(me: Me, task: Task, today: date, *, whole: bool) -> dict[str, Duty | Place | None]:
    """Return what the page of a task shows of periods, under the names its template knows."""
    return {"duty": duty_of(me, task, today, whole=whole), "place": place_of(me, task, today)}


def duty_of(me: Me, task: Task, today: date, *, whole: bool = False) -> Duty | None:
    """Return what a page shows of a recurring duty; None where the task is none."""
    pattern = pattern_of(task, queries.bound_of(task)) if task.is_series else None
    if pattern is None or task.repeats_until_on is None:
        return None
    found = _occurrences(me, task.id, pattern, today)
    to_come = _to_come(task, pattern, found, today)
    return Duty(
        until=task.repeats_until_on,
        rest=str(REST_RULES[pattern.rest]),
        units=queries.co_ordinators(task),
        found=found,
        shown=found if whole else found[:MOST],
        following=to_come[0] if to_come else None,
        is_going=queries.is_going(task),
        left=len(to_come),
    )


def _to_come(
    task: Task, pattern: Pattern, found: Sequence[Occurrence], today: date
) -> list[Period]:
    """Return the periods that are still to begin; of a draft the running one, too."""
    made = {one.task.period_on for one in found}
    ahead = islice(periods(pattern, today, in_force()), 1_000)
    is_draft = task.state is State.DRAFT
    return [
        one
        for one in ahead
        if one.first not in made and (one.begins_on > today or (is_draft and one.due_on >= today))
    ]


def place_of(me: Me, task: Task, today: date) -> Place | None:
    """Return where a task stands among those of its duty; None where it has none. `task.parent` must be loaded."""
    duty, first = task.parent, task.period_on
    pattern = pattern_of(duty) if duty is not None and task.tie is Tie.OCCURRENCE else None
    if duty is None or pattern is None or first is None:
        return None
    found = _occurrences(me, duty.id, pattern, today)
    earlier = [one for one in found if one.first < first]
    later = [one for one in found if one.first > first]
    sees_duty = is_visible(me, duty.id)
    return Place(_label(pattern, first), sees_duty, _first(earlier), _first(later[::-1]))


def _first(found: list[Occurrence]) -> Occurrence | None:
    return next(iter(found), None)


def _occurrences(me: Me, duty_id: int, pattern: Pattern, today: date) -> list[Occurrence]:
    soon = in_force().soon_until(today)
    found = (Stored._make(row) for row in rows(_of_duty(me, duty_id)))
    return [_occurrence(task, pattern, today, soon) for task in found]


def _of_duty(me: Me, duty_id: int) -> Query:
    own = stored(Task.parent_id == duty_id, Task.tie == Tie.OCCURRENCE, seen_by(me))
    return own.order_by(Task.period_on.desc(), Task.id.desc())


def _occurrence(task: Stored, pattern: Pattern, today: date, soon: date) -> Occurrence:
    cell = cell_of(task, today)
    first = task.period_on or date.min
    return Occurrence(task, first, _label(pattern, first), cell, due_of(task, cell, today, soon))


def _label(pattern: Pattern, first: date) -> str:
    found = period_at(pattern, first, in_force())
    return found.label(lang()) if found else ""
