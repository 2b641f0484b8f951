"""What the figures of tasks show: the last reading, how far it is, the classes of a scale."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from sqlalchemy import select

from tracker.committees.models import Unit
from tracker.db import among, db
from tracker.measures.actions import ReadingFacts
from tracker.measures.models import Direction, Measure, Reading
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Task

_ALL, _HUNDREDTH = Decimal(100), Decimal("0.01")


@dataclass(frozen=True)
class Figure:
    """A measure as a page shows it. `last` is its newest valid reading, `corrected` those put right.

    `classes` are the ranks of a scale that add up into it, `parts` the quotas of units; `ticked` is how many units of
    its list are ticked off (nothing where it has no list).
    """

    measure: Measure
    last: Reading | None
    earlier: Sequence[Reading]
    corrected: Sequence[Reading]
    classes: Sequence["Figure"] = ()
    parts: Sequence["Figure"] = ()
    ticked: int | None = None
    source: Unit | None = None
    target: Unit | None = None

    @property
    def total(self) -> Decimal | None:
        """Return what the classes add up to; nothing where one of them has no figure."""
        return _whole([figure.value for figure in self.classes])

    @property
    def adds_up(self) -> bool:
        """Tell whether the classes add up to the figure itself, as far as both are known."""
        return None in {self.total, self.value} or self.value == self.total

    @property
    def value(self) -> Decimal | None:
        """Return the newest figure of its own; what is handed over counts once it is confirmed."""
        if self.last is None or (is_received(self.measure) and self.last.confirmed_at is None):
            return None
        return self.last.value

    @property
    def reached(self) -> Decimal | None:
        """Return how far it is: what those parts add up to that have a figure, what is ticked off, else its own."""
        if self.parts:
            known = [part.reached for part in self.parts]
            return _whole([value for value in known if value is not None])
        return Decimal(self.ticked) if self.ticked else self.value

    @property
    def told(self) -> int:
        """Return how many of the parts have a figure."""
        return sum(part.reached is not None for part in self.parts)

    @property
    def target_total(self) -> Decimal | None:
        """Return the target; where none is stated what the quotas add up to, if all are known."""
        if self.measure.target is not None:
            return self.measure.target
        return _whole([part.target_total for part in self.parts])

    @property
    def is_summed(self) -> bool:
        """Tell whether the target is only what the quotas add up to."""
        return self.measure.target is None and self.target_total is not None

    @property
    def share(self) -> Decimal | None:
        """Return the part that is reached, 1 for all; nothing is divided by what is not known."""
        if self.reached is not None and self.measure.direction is Direction.DOWN:
            return _gone(self.measure, self.reached)
        if self.reached is not None and self.target_total:
            return self.reached / self.target_total
        stated = self.last.percent_over if self.last is not None and not self.parts else None
        return None if stated is None else stated / 100

    @property
    def percent(self) -> Decimal | None:
        """Return how much of the target is reached, in per cent to two places; of a count down nothing."""
        if self.reached is None or not self.target_total or self._is_down:
            return None
        return (self.reached * 100 / self.target_total).quantize(_HUNDREDTH, ROUND_DOWN)

    @property
    def is_reached(self) -> bool:
        """Tell whether the target is known and reached."""
        if self.target_total is None or self.reached is None:
            return False
        down = self._is_down
        return self.reached <= self.target_total if down else self.reached >= self.target_total

    @property
    def is_exceeded(self) -> bool:
        """Tell whether more is reached than was asked for, as counted or as a source says."""
        if self._is_down:
            return False
        if self.reached is not None and self.target_total is not None:
            return self.reached > self.target_total
        stated = self.last.percent_over if self.last is not None and not self.parts else None
        return stated is not None and stated >= _ALL

    @property
    def _is_down(self) -> bool:
        return self.measure.direction is Direction.DOWN


def _whole(values: Sequence[Decimal | None]) -> Decimal | None:
    """Return the sum where there is something to add up and all of it is known."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal()) if known and len(known) == len(values) else None


def is_received(measure: Measure) -> bool:
    """Tell whether this is what one unit receives of a transfer."""
    return measure.from_unit_id is not None and measure.into_id is not None


def _gone(measure: Measure, left: Decimal) -> Decimal | None:
    """Return how much of the way down is gone; at the goal all of it, whatever the baseline was."""
    if measure.target is None:
        return None
    if left <= measure.target:
        return Decimal(1)
    if measure.baseline is None or measure.baseline == measure.target:
        return None
    return max((measure.baseline - left) / (measure.baseline - measure.target), Decimal())


_KEPT = select(Measure).where(Measure.is_dropped.is_(False)).order_by(Measure.id)
_OF_TASKS = _KEPT.where(among(Measure.task_id))
_PARTS = _KEPT.join(Task, Task.id == Measure.task_id).where(
    among(Measure.into_id), Measure.rank.is_(None), Task.state != State.CANCELLED
)
_CLASSES = _KEPT.where(among(Measure.into_id), Measure.rank.is_not(None)).order_by(Measure.rank)
_TWICE = timedelta(minutes=1)
_OF_MEASURES = (
    select(Reading)
    .where(among(Reading.measure_id))
    .order_by(Reading.as_of_on.is_not(None), Reading.as_of_on, Reading.id)
)


def measures_of(task_ids: Collection[int]) -> list[Figure]:
    """Return the figures of the tasks in the order of entry, at most four queries in all."""
    measures = list(db.session.scalars(_OF_TASKS, {"ids": task_ids}))
    if not measures:
        return []
    ids = {measure.id for measure in measures}
    parts = list(db.session.scalars(_PARTS, {"ids": ids}))
    gathered = _Gathered([*measures, *parts])
    classes = _grouped(m for m in measures if _is_class(m, ids))
    quotas = _grouped(parts)
    return [
        gathered.figure(measure, classes[measure.id], quotas[measure.id])
        for measure in measures
        if not _is_class(measure, ids)
    ]


def by_task(task_ids: Collection[int]) -> dict[int, list[Figure]]:
    """Return the same, task by task."""
    found: dict[int, list[Figure]] = defaultdict(list)
    for figure in measures_of(task_ids):
        found[figure.measure.task_id].append(figure)
    return dict(found)


def _is_class(measure: Measure, ids: Collection[int]) -> bool:
    return measure.rank is not None and measure.into_id in ids


def _grouped(measures: Iterable[Measure]) -> dict[int | None, list[Measure]]:
    """Return measures by what they add up into, those of a scale by their rank."""
    found: dict[int | None, list[Measure]] = defaultdict(list)
    for measure in sorted(measures, key=lambda m: (m.rank or 0, m.id)):
        found[measure.into_id].append(measure)
    return found


class _Gathered:
    """The readings and units of measures, a query each."""

    def __init__(self, measures: Sequence[Measure]) -> None:
        unit_ids = {u for m in measures for u in (m.from_unit_id, m.to_unit_id) if u}
        self.readings: dict[int, list[Reading]] = defaultdict(list)
        for reading in db.session.scalars(_OF_MEASURES, {"ids": {m.id for m in measures}}):
            self.readings[reading.measure_id].append(reading)
        units = db.session.scalars(select(Unit).where(Unit.id.in_(unit_ids))) if unit_ids else ()
        self.units: dict[int | None, Unit] = {unit.id: unit for unit in units}

    def figure(
        self, measure: Measure, classes: Iterable[Measure] = (), parts: Iterable[Measure] = ()
    ) -> Figure:
        """Return a measure with all that hangs on it."""
        readings = self.readings[measure.id]
        put_right = {reading.corrects_id for reading in readings}
        valid = [reading for reading in readings if reading.id not in put_right]
        own = [reading for reading in valid if reading.unit_id is None]
        return Figure(
            measure,
            last=own[-1] if own else None,
            earlier=own[:-1],
            corrected=[r for r in readings if r.id in put_right and r.unit_id is None],
            classes=[self.figure(one) for one in classes],
            parts=[self.figure(one) for one in parts],
            ticked=_ticked(valid) if measure.over_id else None,
            source=self.units.get(measure.from_unit_id),
            target=self.units.get(measure.to_unit_id),
        )


def _ticked(valid: Iterable[Reading]) -> int:
    """Return how many units of a list stand ticked off."""
    return len({r.unit_id for r in valid if r.unit_id is not None and r.value})


def figure_of(measure: Measure) -> Figure:
    """Return the figure of a measure, or of a class of a scale, followed or not."""
    ids = {"ids": {measure.id}}
    parts, classes = list(db.session.scalars(_PARTS, ids)), list(db.session.scalars(_CLASSES, ids))
    return _Gathered([measure, *parts, *classes]).figure(measure, classes, parts)


def is_put_right(reading_id: int) -> bool:
    """Tell whether another figure stands in place of this one."""
    later = select(Reading.id).where(Reading.corrects_id == reading_id).limit(1)
    return db.session.scalar(later) is not None


def is_entered(measure: Measure, facts: ReadingFacts, by_id: int | None, at: datetime) -> bool:
    """Tell whether the same person entered the very same a moment ago: a button pressed twice."""
    newest = select(Reading).where(Reading.measure_id == measure.id).order_by(Reading.id.desc())
    last = db.session.scalar(newest.limit(1))
    if last is None or last.entered_by_id != by_id or at - last.entered_at > _TWICE:
        return False
    return all(getattr(last, name) == value for name, value in asdict(facts).items())
