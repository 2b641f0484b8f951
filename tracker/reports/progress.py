"""How far a plan should be and how far it is: shares of the weight of its tasks, today and as each month ends."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from tracker.deadlines.calendar import add_months, month_end

_TENTH = Decimal("0.1")
MOST_POINTS = 60  # months that are drawn


class Item(NamedTuple):
    """A task as far as a plan's progress rests on it. `done_on`: the day, or the last possible one."""

    weight: int
    due_on: date | None
    is_done: bool
    done_on: date | None


class Progress(NamedTuple):
    """Weights: of everything, of what has fallen due, of what is done, of what has no deadline or no known day."""

    whole: int
    due: int
    done: int
    undated: int
    unknown_day: int

    @property
    def expected(self) -> Decimal | None:
        """Return the share in per cent that should be done; nothing where no deadline is stated."""
        return None if self.whole == self.undated else _percent(self.due, self.whole)

    @property
    def actual(self) -> Decimal | None:
        """Return the share in per cent that is done; nothing of nothing."""
        return _percent(self.done, self.whole)

    @property
    def behind(self) -> Decimal | None:
        """Return by how many points less is done than should be; below nought it is ahead."""
        if self.expected is None or self.actual is None:
            return None
        return self.expected - self.actual


class Point(NamedTuple):
    """What should be, and was, done at the end of a day, in per cent; `actual` is nothing for days to come."""

    on: date
    expected: Decimal
    actual: Decimal | None


def progress(items: Iterable[Item], on: date) -> Progress:
    """Return how far everything is on a day; what falls due that day has still until its end."""
    found = list(items)
    return Progress(
        whole=sum(item.weight for item in found),
        due=sum(item.weight for item in found if item.due_on and item.due_on < on),
        done=sum(item.weight for item in found if item.is_done),
        undated=sum(item.weight for item in found if item.due_on is None),
        unknown_day=sum(item.weight for item in found if item.is_done and item.done_on is None),
    )


def curve(items: Sequence[Item], today: date) -> list[Point]:
    """Return the points of an S-curve: each month's end from the first day known to the last, and today.

    What is done on a day nobody stated counts from the beginning, for it was done before it was told.
    """
    days = [day for item in items for day in (item.due_on, item.done_on) if day]
    whole = sum(item.weight for item in items)
    if not days or not whole:
        return []
    ends = _ends(min(days), max(*days, today))
    return [_point(items, day, today, whole) for day in sorted({*ends, today})]


def _ends(first: date, last: date) -> list[date]:
    """Return the last days of the months from the one before the first day on; the latest where there are too many."""
    start = add_months(date(first.year, first.month, 1), -1)
    ends = [month_end(start.year, start.month)]
    while ends[-1] < last:
        after = add_months(date(ends[-1].year, ends[-1].month, 1), 1)
        ends.append(month_end(after.year, after.month))
    return ends[-MOST_POINTS:]


def _point(items: Sequence[Item], on: date, today: date, whole: int) -> Point:
    due = sum(item.weight for item in items if item.due_on and item.due_on <= on)
    expected = _percent(due, whole) or Decimal()
    if on > today:
        return Point(on, expected, None)
    done = sum(i.weight for i in items if i.is_done and (i.done_on is None or i.done_on <= on))
    return Point(on, expected, _percent(done, whole))


def _percent(part: int, whole: int) -> Decimal | None:
    return (Decimal(part * 100) / whole).quantize(_TENTH, ROUND_HALF_UP) if whole else None


# --- the picture; lengths are in its own units -----------------------------------------------------------

WIDTH, HEIGHT = 640, 240
_TOP, _BASE, _LEFT, _RIGHT = 16.0, 200.0, 44.0, 620.0
_MARKS = 6  # days named below the picture


class Mark(NamedTuple):
    """A day named below the picture."""

    on: date
    x: float


class Curve(NamedTuple):
    """The picture of an S-curve: two lines, where today is, the scale, the days below."""

    expected: str
    actual: str
    today: float | None
    lines: tuple[tuple[int, float], ...]
    marks: tuple[Mark, ...]


def drawn(points: Sequence[Point], today: date) -> Curve | None:
    """Return the picture of the points, nothing where there are too few for a line."""
    if len(points) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    first, last = points[0].on, points[-1].on
    xs = {p.on: _x(p.on, first, last) for p in points}
    told = [(xs[p.on], p.actual) for p in points if p.actual is not None]
    every = max(1, -(-len(points) // _MARKS))
    return Curve(
        expected=_line((xs[p.on], p.expected) for p in points),
        actual=_line(told),
        today=xs.get(today),
        lines=tuple((percent, _y(Decimal(percent))) for percent in (0, 25, 50, 75, 100)),
        marks=tuple(Mark(p.on, xs[p.on]) for p in points[::every]),
    )


def _x(on: date, first: date, last: date) -> float:
    return round(_LEFT + (on - first).days / (last - first).days * (_RIGHT - _LEFT), 1)


def _y(percent: Decimal) -> float:
    return round(_BASE - float(percent) / 100 * (_BASE - _TOP), 1)


def _line(points: Iterable[tuple[float, Decimal]]) -> str:
    return " ".join(f"{x},{_y(percent)}" for x, percent in points)
