"""What is done to measures: setting, correcting and dropping them, entering figures, quotas of a whole."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tracker.db import db
from tracker.history.actions import Doer, record
from tracker.history.changes import apply, without
from tracker.history.models import Kind
from tracker.measures.models import Direction, Measure, Reading
from tracker.tasks.models import Task
from tracker.tasks.moves import image_of

# Column -> the key under which `prov` vouches for it.
_PROV_KEYS = {"target_under": "target", "name_vi": "name", "name_en": "name"}


class PartsDoNotSum(ValueError):
    """The targets of the parts add up to something else than the whole's."""

    def __init__(self, total: Decimal, target: Decimal) -> None:
        super().__init__(total, target)
        self.total, self.target = total, target


@dataclass(frozen=True, kw_only=True)
class MeasureFacts:
    """What is stated of a measure; what is empty is not stated."""

    name_vi: str
    unit_vi: str
    direction: Direction = Direction.UP
    name_en: str | None = None
    unit_en: str | None = None
    baseline: Decimal | None = None
    target: Decimal | None = None
    target_under: Decimal | None = None
    over_id: int | None = None
    from_unit_id: int | None = None
    to_unit_id: int | None = None
    must_sum: bool = False
    year: int | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReadingFacts:
    """What is stated of a figure; a percentage in words may stand alone. `unit_id`: a unit of a list."""

    value: Decimal | None = None
    percent_words: str | None = None
    percent_over: Decimal | None = None
    percent_under: Decimal | None = None
    as_of_on: date | None = None
    source: str | None = None
    unit_id: int | None = None
    on_behalf: bool = False


def set_measure(
    task: Task, facts: MeasureFacts, *, by: Doer, at: datetime, into: Measure | None = None
) -> Measure:
    """Follow a task by a measure, or by its part of the measure `into`."""
    measure = Measure(task_id=task.id, into_id=into.id if into else None, prov={}, **asdict(facts))
    db.session.add(measure)
    db.session.flush()
    data = {"measure": measure.id}
    record(Kind.MEASURE_SET, by=by, at=at, image=image_of(task), words=facts.name_vi, data=data)
    return measure


def edit_measure(
    measure: Measure, task: Task, facts: MeasureFacts, *, by: Doer, at: datetime
) -> None:
    """Correct a measure in place; old and new values stand in the event."""
    made = apply(measure, asdict(facts))
    measure.prov = without(measure.prov, made.fields, _PROV_KEYS)
    db.session.flush()
    if made.fields:
        data = made.data | {"measure": measure.id}
        image = image_of(task)
        record(Kind.MEASURE_EDITED, by=by, at=at, image=image, words=made.words, data=data)


def drop(measure: Measure, task: Task, words: str | None, *, by: Doer, at: datetime) -> None:
    """Follow a measure no longer; its figures are kept."""
    measure.is_dropped = True
    db.session.flush()
    data = {"measure": measure.id}
    record(Kind.MEASURE_DROPPED, by=by, at=at, image=image_of(task), words=words, data=data)


# --- figures ------------------------------------------------------------------------------------------


def enter(measure: Measure, task: Task, facts: ReadingFacts, *, by: Doer, at: datetime) -> Reading:
    """Write down a figure."""
    return _read(Kind.FIGURE_ENTERED, measure, task, facts, None, by=by, at=at)


def correct(
    reading: Reading, measure: Measure, task: Task, facts: ReadingFacts, *, by: Doer, at: datetime
) -> Reading:
    """Put a figure right; the old one is kept."""
    return _read(Kind.FIGURE_CORRECTED, measure, task, facts, reading.id, by=by, at=at)


def _read(
    kind: Kind,
    measure: Measure,
    task: Task,
    facts: ReadingFacts,
    corrects_id: int | None,
    *,
    by: Doer,
    at: datetime,
) -> Reading:
    told: dict[str, Any] = {"entered_at": at, "entered_by_id": by.person_id, "prov": {}}
    reading = Reading(measure_id=measure.id, corrects_id=corrects_id, **told, **asdict(facts))
    db.session.add(reading)
    db.session.flush()
    data = {"measure": measure.id, "reading": reading.id} | _behalf(task, facts)
    record(kind, by=by, at=at, image=image_of(task), data=data)
    return reading


def _behalf(task: Task, facts: ReadingFacts) -> dict[str, Any]:
    return {"for": task.lead_id} if facts.on_behalf else {}


# --- quotas -------------------------------------------------------------------------------------------


def check_sum(whole: Measure, parts: Iterable[Decimal | None]) -> None:
    """Raise PartsDoNotSum where the quotas of all units have to make the whole and do not; unknown ones may."""
    known = list(parts)
    if not whole.must_sum or whole.target is None or None in known:
        return
    total = sum((part for part in known if part is not None), Decimal())
    if total != whole.target:
        raise PartsDoNotSum(total, whole.target)


def set_quotas(whole: Measure, quotas: Mapping[int, Decimal | None]) -> list[Measure]:
    """Give each task its part of the whole, in one statement; whoever gives the tasks tells the story.

    `quotas` is by the task's id; a unit without a number has a part whose target is not stated.
    """
    parts = [_quota(whole, task_id, target) for task_id, target in quotas.items()]
    db.session.add_all(parts)
    db.session.flush()
    return parts


def _quota(whole: Measure, task_id: int, target: Decimal | None) -> Measure:
    shared = ("name_vi", "name_en", "unit_vi", "unit_en", "direction", "from_unit_id", "year")
    fields = {name: getattr(whole, name) for name in shared}
    return Measure(task_id=task_id, into_id=whole.id, target=target, prov={}, **fields)
