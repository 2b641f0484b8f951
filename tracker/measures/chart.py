"""The picture of a measure: its figures along time against its target; what was put right stays, apart."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from tracker.measures.series import Point

# Lengths are in the picture's own units.
WIDTH, HEIGHT = 640, 240
LEFT, RIGHT = 56.0, 624.0
_TOP, _BASE = 30.0, 204.0
_APART = 52.0  # between two figures that are written out
_DAYS_APART = 84.0
_STEPS = tuple(
    Decimal(base) * Decimal(10) ** power for power in range(-3, 15) for base in (1, 2, 5)
)


class Aim(NamedTuple):
    """What the figures are held against: the target, or only what it is below; where a count down began."""

    goal: Decimal | None = None
    below: Decimal | None = None
    start: Decimal | None = None
    is_down: bool = False


class Dot(NamedTuple):
    """A figure: where it stands, whether it is beyond the target or put right, whether it is written out."""

    point: Point
    x: float
    y: float
    kind: str
    is_named: bool


class Line(NamedTuple):
    """A value across the picture."""

    value: Decimal
    y: float


class Day(NamedTuple):
    """A day below the picture, and where its words begin or end."""

    on: date
    x: float
    anchor: str


class Chart(NamedTuple):
    """A picture of the figures: dots, the way between them, the scale, the target (or its bound), days."""

    dots: tuple[Dot, ...]
    path: str
    lines: tuple[Line, ...]
    goal: Line | None
    bound: Line | None
    days: tuple[Day, ...]


class _Scale(NamedTuple):
    """How days and values become lengths."""

    first: date
    span: int
    top: Decimal

    def x(self, on: date) -> float:
        """Return where a day stands; a single one in the middle."""
        if not self.span:
            return (LEFT + RIGHT) / 2
        return LEFT + (RIGHT - LEFT) * (on - self.first).days / self.span

    def y(self, value: Decimal) -> float:
        """Return how high a value stands; what was entered by mistake may lie far above, and ends at the top."""
        return _BASE - (_BASE - _TOP) * float(min(value / self.top, Decimal(1)))


def chart(points: Sequence[Point], aim: Aim) -> Chart | None:
    """Return the picture of figures in the order of their days, none where there is nothing to draw."""
    if not points:
        return None
    valid = [point.value for point in points if not point.is_struck]
    step, top = _steps(valid or [point.value for point in points], aim)
    first, last = min(p.on for p in points), max(p.on for p in points)
    scale = _Scale(first, (last - first).days, top)
    dots = tuple(_dots(points, aim, scale))
    return Chart(
        dots,
        " ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in dots if dot.kind != "struck"),
        tuple(_lines(step, scale)),
        _line(aim.goal, scale),
        _line(aim.below if aim.goal is None else None, scale),
        tuple(_days({p.on for p in points}, scale)),
    )


def _steps(values: Collection[Decimal], aim: Aim) -> tuple[Decimal, Decimal]:
    """Return the step of a scale of at most five lines, and its top: the highest figure, target or start."""
    most = max([*values, *filter(None, (aim.goal, aim.below, aim.start))])
    step = next((step for step in _STEPS if step * 4 >= most), most)
    if all(value == value.to_integral_value() for value in values):
        step = max(step, Decimal(1))
    number = (most / step).to_integral_value(ROUND_CEILING) if step else Decimal(1)
    return step, step * max(number, Decimal(1))


def _lines(step: Decimal, scale: _Scale) -> Iterator[Line]:
    for number in range(int(scale.top / step) + 1):
        yield Line(number * step, scale.y(number * step))


def _line(value: Decimal | None, scale: _Scale) -> Line | None:
    return None if value is None else Line(value, scale.y(value))


def _dots(points: Sequence[Point], aim: Aim, scale: _Scale) -> Iterator[Dot]:
    named = _named(points, scale)
    for number, point in enumerate(points):
        x, y = scale.x(point.on), scale.y(point.value)
        yield Dot(point, x, y, _kind(point, aim), number in named)


def _kind(point: Point, aim: Aim) -> str:
    if point.is_struck:
        return "struck"
    is_beyond = aim.goal is not None and not aim.is_down and point.value > aim.goal
    return "beyond" if is_beyond else "told"


def _named(points: Sequence[Point], scale: _Scale) -> set[int]:
    """Choose the figures that are written out: the last that holds, and others as far as there is room."""
    valid = [number for number, point in enumerate(points) if not point.is_struck]
    return _spread(valid[::-1], [scale.x(point.on) for point in points], _APART)


def _days(days: Collection[date], scale: _Scale) -> Iterator[Day]:
    ordered = sorted(days)
    places = [scale.x(day) for day in ordered]
    # The last day first, then the first, so that both ends are named where there is room for two.
    numbers = [*range(len(ordered))]
    chosen = _spread([*numbers[-1:], *numbers[:-1]], places, _DAYS_APART)
    for number in sorted(chosen):
        yield Day(ordered[number], places[number], _anchor(places[number]))


def _anchor(x: float) -> str:
    """Keep the words of the days at both ends within the picture."""
    return "start" if x <= LEFT else "end" if x >= RIGHT else "middle"


def _spread(numbers: Sequence[int], places: Sequence[float], apart: float) -> set[int]:
    """Take those of the numbers, in their order, whose places lie far enough from all taken before."""
    taken: set[int] = set()
    for number in numbers:
        if all(abs(places[number] - places[other]) >= apart for other in taken):
            taken.add(number)
    return taken
