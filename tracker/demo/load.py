"""Loading the demonstration, all or nothing, and setting its clock."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from tracker.committees.models import Unit
from tracker.db import db
from tracker.demo.documents import load_documents
from tracker.demo.measures import load_measures
from tracker.demo.people import load_people
from tracker.demo.plans import load_plans
from tracker.demo.source import PATH, Rows, Unfit, read
from tracker.demo.tasks import load_tasks, record_tasks
from tracker.demo.units import load_units
from tracker.demo.visits import load_visits
from tracker.history.models import Event
from tracker.people.models import Person
from tracker.rules.actions import anchor_clock, put
from tracker.rules.queries import DEMONSTRATION, is_demonstration
from tracker.settings import ZONE
from tracker.tasks.models import Task

STARTS_AT = datetime(2018, 4, 10, 8, 0, tzinfo=ZONE)
_NOT_EMPTY = "This database already has data; the demonstration is loaded into an empty one only."


def load(*, at: datetime, machine: datetime, source: Path = PATH) -> Rows:
    """Load the file into an empty database, whose clock then shows `at` from the machine's `machine` on.

    Flushes only: whoever calls commits all of it or nothing. Raises Unfit.
    """
    if has_data():
        raise Unfit(_NOT_EMPTY)
    content, rows = read(source), Rows()
    load_units(content, rows)
    load_documents(content, rows)
    load_plans(content, rows)
    load_tasks(content, rows)
    load_measures(content, rows)
    load_visits(content, rows)
    load_people(rows)
    record_tasks(rows)
    put(DEMONSTRATION, {"loaded_at": machine.isoformat()})
    restart_clock(at=at, machine=machine)
    return rows


def has_data() -> bool:
    """Tell whether anybody has put a person, a unit or a task into the database."""
    firsts = (select(row.id).limit(1) for row in (Person, Unit, Task))
    return any(db.session.scalar(first) is not None for first in firsts)


def restart_clock(*, at: datetime | None, machine: datetime) -> None:
    """Let the domain's clock start again at `at`, by default the demonstration's own hour.

    It never goes back behind the last event. Where neither `at` nor a demonstration asks for a clock
    apart, the machine's stays.
    """
    if at is None and not is_demonstration():
        return
    last = db.session.scalar(select(func.max(Event.at)))
    starts = at or STARTS_AT
    anchor_clock(max(starts, last) if last else starts, machine)
