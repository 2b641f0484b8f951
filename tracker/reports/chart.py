"""A trend: the days it looks back to, and its bars as a picture has them."""

import enum
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tracker.deadlines.calendar import add_months, month_end
from tracker.reports.grid import Grid, Part

_QUARTER = 3  # months


class Step(enum.StrEnum):
    """What a trend goes by."""

    MONTH = "month"
    QUARTER = "quarter"


_BACK = {Step.MONTH: 5, Step.QUARTER: 4}  # how many ends a trend shows before the day itself


def ends_before(day: date, step: Step) -> list[date]:
    """Return the last days of the months or quarters that were over before `day`, the earliest first."""
    size = 1 if step is Step.MONTH else _QUARTER
    first = date(day.year, day.month - (day.month - 1) % size, 1)
    starts = (add_months(first, -size * n) for n in range(1, _BACK[step] + 1))
    ends = [add_months(start, size - 1) for start in starts]
    return [month_end(last.year, last.month) for last in reversed(ends)]


class Point(NamedTuple):
    """How everything stood at the end of a day."""

    day: date
    grid: Grid


# --- the picture; lengths are in its own units -----------------------------------------------------------

WIDTH, HEIGHT = 640, 232
_TOP, _BASE, _LEFT, _RIGHT = 24.0, 200.0, 44.0, 630.0
_GAP = 2.0
_WIDEST = 56.0


class Piece(NamedTuple):
    """One rectangle of a bar."""

    kind: str
    x: float
    y: float
    width: float
    height: float


class Bar(NamedTuple):
    """The pieces of one day, its middle, and where its topmost word stands."""

    point: Point
    middle: float
    top: float
    pieces: tuple[Piece, ...]


class Line(NamedTuple):
    """A line of the scale."""

    value: int
    y: float


class Chart(NamedTuple):
    """A picture of a trend: stacked bars of what is done, in time and overdue, against a scale."""

    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]


_KINDS = (("done", Part.DONE), ("open", Part.IN_TIME), ("late", Part.OVERDUE))


def chart(points: Sequence[Point]) -> Chart:
    """Return the picture of a trend; what has no deadline is not in it."""
    most = max((_height(point.grid) for point in points), default=0)
    step = _scale(most)
    scale = (_BASE - _TOP) / max(step * -(-most // step), 1)
    lines = tuple(Line(n * step, _BASE - n * step * scale) for n in range(-(-most // step) + 1))
    room = (_RIGHT - _LEFT) / max(len(points), 1)
    middles = [_LEFT + room * (n + 0.5) for n in range(len(points))]
    width = min(room * 0.6, _WIDEST)
    bars = zip(points, middles, strict=True)
    return Chart(tuple(_bar(point, middle, width, scale) for point, middle in bars), lines)


def _height(grid: Grid) -> int:
    return sum(grid.part(part) for _kind, part in _KINDS)


def _bar(point: Point, middle: float, width: float, scale: float) -> Bar:
    pieces: list[Piece] = []
    top = _BASE
    for kind, part in _KINDS:
        if height := point.grid.part(part) * scale:
            top -= height
            shown = max(height - (_GAP if pieces else 0), 1.5)
            pieces.append(_piece(kind, middle, top, width, shown))
    return Bar(point, middle, top - 6, tuple(pieces))


def _piece(kind: str, middle: float, top: float, width: float, height: float) -> Piece:
    # What is overdue stands out a little on both sides, so that it is seen without its colour.
    wide = width + 8.0 if kind == "late" else width
    return Piece(kind, middle - wide / 2, top, wide, height)


def _scale(most: int) -> int:
    """Return the step of a scale of at most five lines: 1, 2 or 5 and noughts."""
    steps = (base * 10**power for power in range(9) for base in (1, 2, 5))
    return next((step for step in steps if step * 4 >= most), most)
