"""The only writer of events."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from tracker.db import Turn, db, take_turns
from tracker.history import memory
from tracker.history.models import Event, EventText, Kind


@dataclass(frozen=True)
class Doer:
    """Whose hand it was, and in the name of which unit; both empty for the machine itself."""

    person_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class Image:
    """A task as it stands after an event, as far as any past day is counted from it."""

    task_id: int
    state: str
    lead_id: int
    plan_id: int | None
    document_id: int | None
    due_on: date | None
    first_due_on: date | None
    handed_in_on: date | None
    done_on: date | None
    done_by_on: date | None
    slips: int
    counted: bool


def record(
    kind: Kind,
    *,
    by: Doer,
    at: datetime,
    image: Image | None = None,
    subject_id: int | None = None,
    words: str | None = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """Write down what happened: to a task (`image`), or to the document, plan, unit or person `subject_id`.

    `words` are a person's own; `data` holds ids, states and ISO days only. Events are committed in the order of their
    ids, so that whoever knows the newest knows that nothing older is still to come.
    """
    take_turns(Turn.HISTORY)
    event = Event(
        kind=kind,
        at=at,
        by_id=by.person_id,
        unit_id=by.unit_id,
        subject_id=subject_id,
        data=data or {},
        **(asdict(image) if image else {}),
    )
    db.session.add(event)
    db.session.flush()
    memory.note(event.id)
    if words:
        db.session.add(EventText(event_id=event.id, words=words))
        db.session.flush()
    return event


def record_alike(
    kind: Kind, images: Iterable[Image], *, by: Doer, at: datetime, data: dict[str, Any]
) -> None:
    """Write down that the same happened to many tasks at once: as many statements as for one."""
    take_turns(Turn.HISTORY)
    events = [
        Event(
            kind=kind,
            at=at,
            by_id=by.person_id,
            unit_id=by.unit_id,
            data=dict(data),
            **asdict(image),
        )
        for image in images
    ]
    db.session.add_all(events)
    db.session.flush()
    for event in events[-1:]:
        memory.note(event.id)
