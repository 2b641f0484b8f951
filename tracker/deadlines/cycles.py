"""The rounds of a duty that comes round: each a period with the one day in it on which it falls due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from tracker.deadlines.calendar import ONE_DAY
from tracker.deadlines.context import Context
from tracker.deadlines.recurrences import Every


@dataclass(frozen=True)
class Round:
    """One period, its first and last day, and the day in it on which the duty falls due."""

    first: date
    last: date
    due: date
    hour: time | None = None


@dataclass(frozen=True)
class Cycle:
    """A duty that comes round, without a day to count from.

    Its rounds tile time. A day told by "before" may lie in front of the cycle it is told from ("trước ngày 1 hằng
    tháng"): it closes the round before, the one in which it lies.
    """

    duty: Every
    ctx: Context

    @property
    def step(self) -> int | str:
        """The number of months in a round, or "week"."""
        return self.duty.step

    def holding(self, day: date) -> Round:
        """The round in which a day lies."""
        first, last = self.duty.cycle(day)
        days = (self.duty.occurrence(day, shift, self.ctx)[1] for shift in (0, 1))
        due = next(due for due in days if first <= due <= last)
        return Round(first, last, due, self.duty.anchor.hour)

    def rounds_from(self, day: date) -> Iterator[Round]:
        """The rounds one after another, from the one in which a day lies."""
        while True:
            found = self.holding(day)
            yield found
            day = found.last + ONE_DAY
