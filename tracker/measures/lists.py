"""Lists of units that are ticked off, one by one, each with its day; how many there are may be unknown."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select

from tracker.committees.models import Unit, UnitMember
from tracker.db import db
from tracker.history.actions import Doer, record
from tracker.history.models import Kind
from tracker.measures.models import Measure, Reading
from tracker.tasks.models import Task
from tracker.tasks.moves import image_of

_DONE, _UNDONE = Decimal(1), Decimal(0)


class Item(NamedTuple):
    """A unit of the list, and the tick that stands for it, if it has one."""

    unit_id: int
    name_vi: str
    name_en: str | None
    tick: Reading | None
    is_listed: bool = True


class Count(NamedTuple):
    """How far a list is: units done, units it names, how many there are to be; empty where nobody states it."""

    done: int | None
    named: int
    whole: int | None

    @property
    def words(self) -> str:
        """Return how far the list is: 5/16, 5/8 + ? where more may come, 5/? where none is named."""
        done = "?" if self.done is None else self.done
        if self.whole is not None:
            return f"{done}/{self.whole}"
        return f"{done}/{self.named} + ?" if self.named else f"{done}/?"

    @property
    def share(self) -> Decimal | None:
        """Return the part that is done; nothing is divided by a number nobody states."""
        return Decimal(self.done) / self.whole if self.whole and self.done is not None else None

    @property
    def unnamed(self) -> int:
        """Return how many there are to be that the list does not name."""
        return max((self.whole or 0) - self.named, 0)


@dataclass(frozen=True)
class Roll:
    """A list: how far it is, its units in order, all that was ever read of it."""

    count: Count
    items: Sequence[Item]
    readings: Sequence[Reading]

    @property
    def ticks(self) -> dict[int, Reading]:
        """Return the ticks that stand, by unit."""
        return {item.unit_id: item.tick for item in self.items if item.tick is not None}


def standing(readings: Iterable[Reading]) -> dict[int, Reading]:
    """Return the tick that stands for each unit, of readings in the order of their entry."""
    last = {r.unit_id: r for r in _valid(readings) if r.unit_id is not None}
    return {unit_id: tick for unit_id, tick in last.items() if unit_id and tick.value == _DONE}


def _valid(readings: Iterable[Reading]) -> list[Reading]:
    read = list(readings)
    put_right = {reading.corrects_id for reading in read}
    return [reading for reading in read if reading.id not in put_right]


def roll_of(measure: Measure) -> Roll:
    """Return the list of a measure. Four queries."""
    readings = _readings([measure.id])[measure.id]
    count = counts_of([measure])[measure.id]
    return Roll(count, _items(measure.over_id, standing(readings)), readings)


def counts_of(measures: Collection[Measure]) -> dict[int, Count]:
    """Return how far each of the lists is. Two queries, however many they are."""
    groups = {m.id: m.over_id for m in measures if m.over_id is not None}
    if not groups:
        return {}
    sizes, read = _sizes(set(groups.values())), _readings(list(groups))
    lists = (measure for measure in measures if measure.id in groups)
    return {m.id: _count(m, read[m.id], *sizes[groups[m.id]]) for m in lists}


def _sizes(group_ids: Collection[int]) -> dict[int, tuple[int | None, int]]:
    """Return of each collective how many members are stated, and how many are named."""
    named = func.count(UnitMember.unit_id)
    sizes = select(Unit.id, Unit.members_count, named).where(Unit.id.in_(group_ids))
    joined = sizes.outerjoin(UnitMember, UnitMember.collective_id == Unit.id)
    rows = db.session.execute(joined.group_by(Unit.id, Unit.members_count))
    return {group_id: (stated, named) for group_id, stated, named in rows}


def _count(measure: Measure, readings: Sequence[Reading], stated: int | None, named: int) -> Count:
    """Count what is ticked; while nothing is, and nobody named, how many are said to be done."""
    ticked = len(standing(readings))
    told = [r.value for r in _valid(readings) if r.unit_id is None and r.value is not None]
    done: int | None = ticked
    if not ticked:
        done = int(told[-1]) if told else (0 if named else None)
    whole = stated if measure.target is None else int(measure.target)
    return Count(done, named, whole)


def _readings(measure_ids: Collection[int]) -> dict[int, list[Reading]]:
    found: dict[int, list[Reading]] = defaultdict(list)
    chosen = select(Reading).where(Reading.measure_id.in_(measure_ids)).order_by(Reading.id)
    for reading in db.session.scalars(chosen):
        found[reading.measure_id].append(reading)
    return found


def _items(over_id: int | None, ticks: Mapping[int, Reading]) -> list[Item]:
    """Return the units of the list, and those ticked off while they still were in it."""
    member = select(UnitMember.unit_id).where(UnitMember.collective_id == over_id)
    listed = Unit.id.in_(member)
    named = select(Unit.id, Unit.name_vi, Unit.name_en, listed).where(
        or_(listed, Unit.id.in_(list(ticks)))
    )
    rows = db.session.execute(named.order_by(Unit.sort_key, Unit.id))
    return [Item(i, vi, en, ticks.get(i), bool(is_in)) for i, vi, en, is_in in rows]


# --- ticking ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Changes:
    """What becomes of the ticks of a list: units done on a day (empty: not stated), and those that are not."""

    done: Mapping[int, date | None]
    undone: Collection[int] = ()
    source: str | None = None
    on_behalf: bool = False

    @property
    def days(self) -> dict[int, date | None]:
        """Return the day of each tick that is written: one that is taken back has none."""
        return dict(self.done) | dict.fromkeys(self.undone)

    def __bool__(self) -> bool:
        """Tell whether anything changes."""
        return bool(self.done or self.undone)


def tick(
    measure: Measure, task: Task, changes: Changes, *, roll: Roll, by: Doer, at: datetime
) -> None:
    """Tick units off, move their days, take ticks back; what stood before is kept. One event for all."""
    days, stood = changes.days, roll.ticks
    read: dict[str, Any] = {"entered_at": at, "entered_by_id": by.person_id, "prov": {}}
    told = {"source": changes.source, "on_behalf": changes.on_behalf}
    for unit_id, day in days.items():
        value = _UNDONE if unit_id in changes.undone else _DONE
        ticked = Reading(measure_id=measure.id, unit_id=unit_id, value=value, **read, **told)
        ticked.as_of_on, old = day, stood.get(unit_id)
        ticked.corrects_id = old.id if old else None
        db.session.add(ticked)
    db.session.flush()
    kind = Kind.FIGURE_CORRECTED if days.keys() <= stood.keys() else Kind.FIGURE_ENTERED
    record(kind, by=by, at=at, image=image_of(task), data=_told(measure, task, changes))


def _told(measure: Measure, task: Task, changes: Changes) -> dict[str, Any]:
    told = {"measure": measure.id, "done": [*changes.done], "undone": [*changes.undone]}
    return told | ({"for": task.lead_id} if changes.on_behalf else {})
