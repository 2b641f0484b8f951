"""What the figures of tasks show: the last reading, how far it is, the classes of a scale."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from tracker.committees.models import Unit
from tracker.db import among, db
from tracker.measures.models import Direction, Measure, Reading


@dataclass(frozen=True)
class Figure:
    """A measure as a page shows it. `last` is its newest valid reading, `corrected` those put right.

    `classes` are the ranks of a scale that add up into it.
    """

    measure: Measure
    last: Reading | None
    earlier: Sequence[Reading]
    corrected: Sequence[Reading]
    classes: Sequence["Figure"] = ()
    source: Unit | None = None
    target: Unit | None = None

    @property
    def total(self) -> Decimal | None:
        """Return what the classes add up to; nothing where one of them has no figure."""
        values = [figure.last.value for figure in self.classes if figure.last is not None]
        return sum(values, Decimal()) if values and len(values) == len(self.classes) else None

    @property
    def adds_up(self) -> bool:
        """Tell whether the classes add up to the figure itself, as far as both are known."""
        return None in {self.total, self.last} or self.last.value == self.total  # type: ignore[union-attr]

    @property
    def share(self) -> Decimal | None:
        """Return the part that is reached, 1 for all; nothing is divided by what is not known."""
        if self.last is None:
            return None
        if self.last.percent_over is not None:
            return self.last.percent_over / 100
        if self.last.value is None:
            return None
        if self.measure.direction is Direction.DOWN:
            return _gone(self.measure, self.last.value)
        target = self.measure.target
        return self.last.value / target if target else None

    @property
    def is_reached(self) -> bool:
        """Tell whether the target is known and reached."""
        target = self.measure.target
        if target is None or self.last is None:
            return False
        down = self.measure.direction is Direction.DOWN
        return self.last.value <= target if down else self.last.value >= target


def _gone(measure: Measure, left: Decimal) -> Decimal | None:
    """Return how much of the way down is gone; at the goal all of it, whatever the baseline was."""
    if measure.target is None:
        return None
    if left <= measure.target:
        return Decimal(1)
    if measure.baseline is None or measure.baseline == measure.target:
        return None
    return max((measure.baseline - left) / (measure.baseline - measure.target), Decimal())


_OF_TASKS = select(Measure).where(among(Measure.task_id)).order_by(Measure.id)


def measures_of(task_ids: Collection[int]) -> list[Figure]:
    """Return the figures of the tasks in the order of entry, at most three queries in all."""
    measures = list(db.session.scalars(_OF_TASKS, {"ids": task_ids}))
    if not measures:
        return []
    readings = _readings([measure.id for measure in measures])
    units = _units({u for m in measures for u in (m.from_unit_id, m.to_unit_id) if u})
    ids = {measure.id for measure in measures}
    ranked: dict[int, list[Figure]] = defaultdict(list)
    for measure in sorted(measures, key=lambda m: (m.rank or 0, m.id)):
        if _is_class(measure, ids):
            ranked[measure.into_id or 0].append(_figure(measure, readings[measure.id], units))
    return [
        _figure(measure, readings[measure.id], units, ranked[measure.id])
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


def _figure(
    measure: Measure,
    readings: Sequence[Reading],
    units: Mapping[int | None, Unit],
    classes: Sequence[Figure] = (),
) -> Figure:
    put_right = {reading.corrects_id for reading in readings}
    valid = [reading for reading in readings if reading.id not in put_right]
    return Figure(
        measure,
        last=valid[-1] if valid else None,
        earlier=valid[:-1],
        corrected=[reading for reading in readings if reading.id in put_right],
        classes=classes,
        source=units.get(measure.from_unit_id),
        target=units.get(measure.to_unit_id),
    )


def _readings(measure_ids: Collection[int]) -> dict[int, list[Reading]]:
    """Return the readings of each measure, undated ones first, then by day, then as entered."""
    chosen = select(Reading).where(Reading.measure_id.in_(measure_ids))
    dated = chosen.order_by(Reading.as_of_on.is_not(None), Reading.as_of_on, Reading.id)
    found: dict[int, list[Reading]] = defaultdict(list)
    for reading in db.session.scalars(dated):
        found[reading.measure_id].append(reading)
    return found


def _units(ids: Collection[int]) -> dict[int | None, Unit]:
    return {unit.id: unit for unit in db.session.scalars(select(Unit).where(Unit.id.in_(ids)))}
