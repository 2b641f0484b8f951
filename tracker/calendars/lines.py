"""A plan along a line of time: where its bars, marks and arrows stand.

Across, every place is a share of the width in per cent, so that a picture fits any paper; down, it is pixels.
"""

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from tracker.calendars.spans import Span, View, span_of
from tracker.deadlines.calendar import ONE_DAY

ROW, HEAD, HALF = 34, 40, 7  # pixels: a row, the scale over the rows, half a bar
WHOLE = 100.0
_MONTHS_SHOWN, _QUARTERS_SHOWN = 560, 2_300  # days up to which a scale is cut so finely
_NEAR = timedelta(days=366)  # a line that ends longer ago does not reach today
_TAIL = timedelta(days=20)  # room for a bar whose beginning nobody knows
_NARROW = 2.2  # per cent: narrower parts of a scale go without their name


@dataclass(frozen=True)
class Facts:
    """What of a task is drawn. `first` is its first deadline where the present is another one.

    `ended` is the day on which it was done or handed in, `late_until` the last day on which it was late.
    """

    id: int
    due: date
    start: date | None = None
    first: date | None = None
    ended: date | None = None
    late_until: date | None = None
    is_done: bool = False
    needs: tuple[int, ...] = ()

    @property
    def begins(self) -> date | None:
        """Return the first day of the bar; none where no day before the deadline is known."""
        return self.start if self.start is not None and self.start <= self.due else None

    def days(self) -> Iterator[date]:
        """Yield every day that a picture should reach."""
        known = (self.due, self.begins or self.due - _TAIL, self.first, self.ended, self.late_until)
        yield from (day for day in known if day is not None)


# --- the scale ----------------------------------------------------------------------------------------


def frame(facts: Iterable[Facts], today: date) -> Span:
    """Return whole quarters that hold everything, and today where it is not long ago."""
    days = [day for one in facts for day in one.days()]
    if not days or min(days) - _NEAR <= today <= max(days) + _NEAR:
        days.append(today)
    first, last = span_of(View.QUARTER, min(days)), span_of(View.QUARTER, max(days))
    return Span(first.first, last.last)


class Scale(NamedTuple):
    """Days as places between 0 and 100; what lies outside stands on the edge."""

    span: Span

    def begin(self, day: date) -> float:
        """Return where a day begins."""
        share = (day - self.span.first).days / self.span.days
        return min(max(share, 0.0), 1.0) * WHOLE

    def end(self, day: date) -> float:
        """Return where a day ends."""
        return self.begin(day + ONE_DAY)

    def middle(self, day: date) -> float | None:
        """Return the middle of a day that is in sight."""
        return (self.begin(day) + self.end(day)) / 2 if day in self.span else None


class Tick(NamedTuple):
    """A part of the scale: a month, quarter or year, with its place; narrow ones go without a name."""

    span: Span
    x: float
    width: float

    @property
    def is_named(self) -> bool:
        """Tell whether there is room for a name."""
        return self.width >= _NARROW


def ticks(scale: Scale) -> tuple[list[Tick], list[Tick]]:
    """Return the upper and the lower parts of a scale: quarters and months, or years and quarters, or years."""
    if scale.span.days <= _MONTHS_SHOWN:
        upper, lower = View.QUARTER, View.MONTH
    elif scale.span.days <= _QUARTERS_SHOWN:
        upper, lower = View.YEAR, View.QUARTER
    else:
        upper, lower = View.YEAR, View.YEAR
    return _cut(scale, upper), _cut(scale, lower) if lower is not upper else []


def _cut(scale: Scale, view: View) -> list[Tick]:
    found, day = [], scale.span.first
    while day <= scale.span.last:
        span = span_of(view, day)
        x = scale.begin(span.first)
        found.append(Tick(span, x, scale.end(span.last) - x))
        day = span.last + ONE_DAY
    return found


# --- rows ---------------------------------------------------------------------------------------------


class Look(enum.StrEnum):
    """What a piece of a bar says."""

    PLAN = "plan"  # the time there is
    DONE = "done"  # the time it took
    SLIP = "slip"  # from the first deadline to the present one
    LATE = "late"  # past the deadline


class Piece(NamedTuple):
    """A rectangle of a bar."""

    look: Look
    x: float
    width: float


class Row(NamedTuple):
    """A task as it is drawn: pieces, and the places of its marks; what is out of sight has none.

    `tail`: nobody knows when it began; `beyond` is -1 where everything lies before the picture, 1 where after it.
    """

    id: int
    y: float
    pieces: tuple[Piece, ...]
    due: float | None
    first: float | None
    ended: float | None
    tail: bool
    beyond: int


def row(facts: Facts, scale: Scale, number: int) -> Row:
    """Return the `number`th row of a picture."""
    span = scale.span
    pieces = tuple(piece for piece in _pieces(facts, scale) if piece.width > 0)
    return Row(
        id=facts.id,
        y=HEAD + ROW * (number + 0.5),
        pieces=pieces,
        due=scale.end(facts.due) if facts.due in span else None,
        first=scale.end(facts.first) if facts.first is not None and facts.first in span else None,
        ended=scale.middle(facts.ended) if facts.ended else None,
        tail=facts.begins is None and facts.due in span,
        beyond=_beyond(facts, span) if not pieces else 0,
    )


def _beyond(facts: Facts, span: Span) -> int:
    if facts.due in span:
        return 0
    return -1 if facts.due < span.first else 1


def _pieces(facts: Facts, scale: Scale) -> Iterator[Piece]:
    slipped = facts.first is not None and facts.first < facts.due
    agreed = facts.first if slipped and facts.first else facts.due
    if facts.begins is not None:
        yield _piece(Look.PLAN, facts.begins, agreed, scale)
    if slipped:
        after = max(agreed + ONE_DAY, facts.begins or agreed)
        yield _piece(Look.SLIP, after, facts.due, scale)
    if facts.begins is not None and facts.is_done and facts.ended is not None:
        yield _piece(Look.DONE, facts.begins, min(facts.ended, facts.due), scale)
    if facts.late_until is not None:
        yield _piece(Look.LATE, facts.due + ONE_DAY, facts.late_until, scale)


def _piece(look: Look, first: date, last: date, scale: Scale) -> Piece:
    x = scale.begin(first)
    return Piece(look, x, scale.end(last) - x if first <= last else 0.0)


# --- what waits for what ------------------------------------------------------------------------------


class Arrow(NamedTuple):
    """From the end of one task down or up to a turn, across, and on to the task that waits for it."""

    x1: float
    y1: float
    turn: float
    x2: float
    y2: float
    is_broken: bool


class Stub(NamedTuple):
    """The task waits for one of another sheet: its number stands for the arrow."""

    x: float
    y: float
    number: int
    is_broken: bool


def is_broken(facts: Facts, need: Facts) -> bool:
    """Tell whether a task begins, or even ends, before what it waits for is due; what is done keeps nobody waiting."""
    if need.is_done:
        return False
    return facts.begins <= need.due if facts.begins else facts.due < need.due


class Sheet(NamedTuple):
    """So many rows of a picture, as a paper holds them."""

    start: int
    rows: list[Row]
    arrows: list[Arrow]
    stubs: list[Stub]

    @property
    def height(self) -> int:
        """Return the height in pixels."""
        return HEAD + ROW * len(self.rows)


def sheets(facts: Sequence[Facts], scale: Scale, size: int) -> list[Sheet]:
    """Return the rows in sheets of at most `size`."""
    places = {one.id: number for number, one in enumerate(facts)}
    return [
        _sheet(facts, scale, places, range(start, min(start + size, len(facts))))
        for start in range(0, len(facts), size)
    ]


def _sheet(
    facts: Sequence[Facts], scale: Scale, places: Mapping[int, int], numbers: range
) -> Sheet:
    rows = [row(facts[number], scale, number - numbers.start) for number in numbers]
    sheet = Sheet(numbers.start, rows, [], [])
    for drawn, number in zip(rows, numbers, strict=True):
        for place in sorted(places[need] for need in facts[number].needs if need in places):
            _tie(sheet, drawn, facts[number], facts[place], place, scale)
    return sheet


def _tie(sheet: Sheet, drawn: Row, facts: Facts, need: Facts, place: int, scale: Scale) -> None:
    """Tie a row in sight to what it waits for: by an arrow on the same sheet, else by a number."""
    if drawn.beyond:
        return
    broken = is_broken(facts, need)
    x2 = scale.begin(facts.begins) if facts.begins else scale.end(facts.due)
    if not 0 <= place - sheet.start < len(sheet.rows):
        sheet.stubs.append(Stub(x2, drawn.y, place + 1, broken))
        return
    x1, y1 = scale.end(need.due), sheet.rows[place - sheet.start].y
    down = 1 if y1 < drawn.y else -1
    # Where the bar has begun already, the arrow meets it where the other one ends.
    meets = min(max(x1, x2), scale.end(facts.due)) if broken else x2
    turn, y2 = drawn.y - down * ROW / 2, drawn.y - down * HALF
    sheet.arrows.append(Arrow(x1, y1, turn, meets, y2, broken))
