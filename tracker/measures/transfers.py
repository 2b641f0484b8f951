"""What is handed over by one unit to many: each receiver's part is stated, confirmed, and summed up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select

from tracker.committees.models import Unit
from tracker.db import db
from tracker.history.actions import Doer, record
from tracker.history.models import Kind
from tracker.measures.actions import ReadingFacts, correct, enter, set_quotas
from tracker.measures.models import Measure, Reading
from tracker.tasks.lifecycle import UNCOUNTED, Tie
from tracker.tasks.models import Task
from tracker.tasks.moves import image_of

_NONE = Decimal()


class NotTheWhole(Exception):
    """The parts add up to more than there is to be handed over, or all of them together to less."""

    def __init__(self, total: Decimal, whole: Decimal) -> None:
        super().__init__(total, whole)
        self.total, self.whole = total, whole


class Overtaken(Exception):
    """What was to be confirmed is confirmed already, or has been put right since."""


class Receiver(NamedTuple):
    """A unit that receives: its task, its part (where one is set), and what was handed over last."""

    task: Task
    name_vi: str
    name_en: str | None
    part: Measure | None
    handed: Reading | None

    @property
    def value(self) -> Decimal | None:
        """Return what was handed over, confirmed or not."""
        return self.handed.value if self.handed else None

    @property
    def is_confirmed(self) -> bool:
        """Tell whether it counts as received."""
        return self.handed is not None and self.handed.confirmed_at is not None


@dataclass(frozen=True)
class Transfer:
    """A transfer: how much there is to be handed over (empty: not stated), and who receives what."""

    whole: Decimal | None
    receivers: Sequence[Receiver]

    @property
    def handed(self) -> Decimal | None:
        """Return how much has been handed over, confirmed or not; nothing where no part is stated."""
        return _sum([r.value for r in self.receivers])

    @property
    def received(self) -> Decimal | None:
        """Return how much is confirmed as received."""
        return _sum([r.value for r in self.receivers if r.is_confirmed])

    @property
    def left(self) -> Decimal | None:
        """Return how much is still to be handed over; unknown where the whole is."""
        return None if self.whole is None else self.whole - (self.handed or _NONE)

    @property
    def waiting(self) -> int:
        """Return how many receivers have still to confirm."""
        return sum(r.handed is not None and not r.is_confirmed for r in self.receivers)


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, _NONE) if known else None


def is_whole(measure: Measure) -> bool:
    """Tell whether this is what is handed over as a whole, to be parted among those that receive."""
    return measure.from_unit_id is not None and measure.into_id is None


def is_part(measure: Measure) -> bool:
    """Tell whether this is what one unit receives: it counts once that unit has confirmed it."""
    return measure.from_unit_id is not None and measure.into_id is not None


def transfer_of(whole: Measure) -> Transfer:
    """Return who receives what of a transfer. Two queries."""
    part = select(Measure).where(Measure.into_id == whole.id, Measure.is_dropped.is_(False))
    of_part = part.with_only_columns(Measure.id)
    readings = select(Reading).where(Reading.measure_id.in_(of_part)).order_by(Reading.id)
    last = _last(db.session.scalars(readings).all())
    parts = {m.task_id: m for m in db.session.scalars(part)}
    return Transfer(
        whole.target,
        [
            Receiver(task, vi, en, own := parts.get(task.id), last.get(own.id) if own else None)
            for task, vi, en in _children(whole.task_id)
            if task.state not in UNCOUNTED or last.get(getattr(parts.get(task.id), "id", 0))
        ],
    )


def _children(task_id: int) -> Sequence[Any]:
    """Return the tasks of those that receive, with the names of their units."""
    found = (
        select(Task, Unit.name_vi, Unit.name_en)
        .join(Unit, Unit.id == Task.lead_id)
        .where(Task.parent_id == task_id, Task.tie == Tie.FANOUT)
    )
    return db.session.execute(found.order_by(Unit.sort_key, Task.id)).all()


def _last(readings: Sequence[Reading]) -> dict[int, Reading]:
    put_right = {reading.corrects_id for reading in readings}
    return {reading.measure_id: reading for reading in readings if reading.id not in put_right}


# --- handing over, confirming ---------------------------------------------------------------------


@dataclass(frozen=True)
class Parts:
    """What is handed over to whom: amounts by the receiver's task; on which day, by which paper."""

    values: Mapping[int, Decimal]
    on: date | None
    source: str | None = None


def hand_over(whole: Measure, parts: Parts, *, given: Transfer, by: Doer, at: datetime) -> None:
    """State the parts that change; each waits for its receiver. Raises NotTheWhole with nothing written."""
    check_sum(given, parts.values)
    for receiver in given.receivers:
        value = parts.values.get(receiver.task.id)
        if value is not None and value != receiver.value:
            _hand(whole, receiver, value, parts, by=by, at=at)


def check_sum(given: Transfer, values: Mapping[int, Decimal]) -> None:
    """Raise NotTheWhole where the parts, with those that stay, cannot add up to the whole any more."""
    if given.whole is None:
        return
    parts = [values.get(r.task.id, r.value) for r in given.receivers]
    total = _sum(parts) or _NONE
    if total > given.whole or (None not in parts and total != given.whole):
        raise NotTheWhole(total, given.whole)


def _hand(
    whole: Measure, receiver: Receiver, value: Decimal, parts: Parts, *, by: Doer, at: datetime
) -> None:
    """Write one part down: a first one, or another for what was stated before."""
    task, old = receiver.task, receiver.handed
    part = receiver.part or set_quotas(whole, {task.id: None})[0]
    part.to_unit_id = task.lead_id
    facts = ReadingFacts(value=value, as_of_on=parts.on, source=parts.source)
    if old is None:
        enter(part, task, facts, by=by, at=at)
    else:
        correct(old, part, task, facts, by=by, at=at)


def confirm(reading: Reading, task: Task, *, by: Doer, at: datetime) -> None:
    """Confirm that what was handed over has come. Raises Overtaken where it no longer waits for that."""
    if reading.confirmed_at is not None or _is_put_right(reading.id):
        raise Overtaken(reading.id)
    reading.confirmed_at, reading.confirmed_by_id = at, by.person_id
    data = {"measure": reading.measure_id}
    record(Kind.FIGURE_CONFIRMED, by=by, at=at, image=image_of(task), data=data)


def _is_put_right(reading_id: int) -> bool:
    later = select(Reading.id).where(Reading.corrects_id == reading_id)
    return db.session.scalar(later.limit(1)) is not None
