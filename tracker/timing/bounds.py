"""Within which days a deadline may be moved, and what of that which hangs below a task moves with it."""

import enum
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from tracker.tasks.lifecycle import OPEN

T = TypeVar("T", bound=Any)  # a task: an entity or a row


class Below(enum.StrEnum):
    """What becomes of the deadlines of lines and children where that of the whole is moved."""

    KEEP = "keep"
    FOLLOW = "follow"


class Bound(enum.StrEnum):
    """What keeps a deadline from being moved to a day."""

    FINISHED = "finished"
    SERIES = "series"
    NO_DAY = "no-day"
    PAST = "past"
    SAME = "same"
    NOT_LATER = "not-later"
    BEYOND_PARENT = "beyond-parent"
    BELOW_BEYOND = "below-beyond"


class OutOfBounds(Exception):
    """A deadline may not be moved there. `day` is the bound that was passed, `below` the tasks that lie beyond."""

    def __init__(self, why: Bound, day: date | None = None, below: Sequence[Any] = ()) -> None:
        super().__init__(why)
        self.why, self.day, self.below = why, day, tuple(below)


def check_day(
    new: date | None,
    *,
    current: date | None,
    parent: date | None,
    today: date,
    must_be_later: bool = False,
) -> date:
    """Return the day a deadline may be moved to, whatever hangs below. Raises OutOfBounds.

    `parent` is the deadline of the nearest task above that has one; asking for more time asks for a later day.
    """
    if new is None:
        raise OutOfBounds(Bound.NO_DAY)
    if new < today:
        raise OutOfBounds(Bound.PAST, today)
    if must_be_later and current and new <= current:
        raise OutOfBounds(Bound.NOT_LATER, current)
    if new == current:
        raise OutOfBounds(Bound.SAME, current)
    if parent and new > parent:
        raise OutOfBounds(Bound.BEYOND_PARENT, parent)
    return new


def kept_start(start: date | None, old: date | None, new: date | None) -> date | None:
    """Return the first day which a task keeps when its last day is moved; none that was only the day itself."""
    is_begun = start is not None and start != old
    return start if is_begun and start is not None and new is not None and start <= new else None


@dataclass(frozen=True)
class Hanging(Generic[T]):
    """What hangs open below a task: those that share its deadline, those that have another day.

    A task that shares it carries its own along; one without a day binds nothing, so that what hangs below it is
    bounded by the nearest task above that has one. What is finished stays as it is, with all below it.
    """

    sharing: list[T] = field(default_factory=list)
    others: list[T] = field(default_factory=list)

    def beyond(self, new: date) -> list[T]:
        """Return all that would lie behind the new day."""
        return [one for one in (*self.sharing, *self.others) if one.due_on and one.due_on > new]

    def moving(self, new: date) -> list[T]:
        """Return what follows to the new day: what shares the deadline, and what would lie behind it."""
        late = [one for one in self.others if one.due_on and one.due_on > new]
        return [*self.sharing, *late]

    def staying(self, new: date) -> list[T]:
        """Return what keeps its own day whatever is chosen."""
        return [one for one in self.others if one.due_on and one.due_on <= new]


def hanging(task: Any, below: Iterable[T]) -> Hanging[T]:
    """Sort all that hangs below a task, at whatever depth, by its deadline."""
    children: dict[int | None, list[T]] = defaultdict(list)
    for one in below:
        children[one.parent_id].append(one)
    found: Hanging[T] = Hanging()
    queue: list[tuple[int, bool]] = [(task.id, True)]
    while queue:
        above, shares_all = queue.pop(0)
        for one in children.get(above, ()):
            if one.state not in OPEN:
                continue
            shares = shares_all and _shares(one, task)
            (found.sharing if shares else found.others).append(one)
            queue.append((one.id, shares or (shares_all and one.due_on is None)))
    return found


def _shares(one: Any, task: Any) -> bool:
    """Tell whether it has the very deadline: the same day, or the same words where there is none yet.

    A recurring duty never has a day of its own, whatever its words.
    """
    if task.due_on is None:
        is_same = one.due_on is None and one.due_words == task.due_words
        return bool(is_same and one.repeats_until_on is None)
    return bool(one.due_on == task.due_on)
