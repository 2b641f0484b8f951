"""Find and check, for the views of letters: in whose name one writes, which letter is answered."""

from collections.abc import Collection
from datetime import date

from tracker.committees import queries as committees
from tracker.committees.models import Unit, UnitKind
from tracker.committees.queries import Choice
from tracker.db import db
from tracker.history.actions import Doer
from tracker.letters import queries
from tracker.letters.papers import Sheet
from tracker.letters.queries import Letter, Sent
from tracker.letters.rungs import Case, answer_by
from tracker.rules.queries import in_force
from tracker.tasks.door import me
from tracker.tasks.models import DOWNWARD, Ask, AskKind, Task
from tracker.web import lang, named, today


def case_for(task: Task, sent: Collection[Sent | Letter]) -> Case:
    """Return how a task stands towards letters of the reader's."""
    own = queries.own_units(me().seats)
    asks_time = queries.asks_time(task.id)
    return queries.case_of(task, task.lead.kind, sent, own=own, today=today(), asks_time=asks_time)


def sender(task: Task) -> Doer:
    """Return whose hand signs a letter about the task: for its judge or assigner, else for one's branch."""
    asker = me()
    unit_id = asker.unit_for([task.verdict_unit_id, task.assigner_id])
    above = (seat.unit_id for seat in asker.seats if task.lead_id in seat.branch)
    person_id = asker.person.id if asker.person else None
    return Doer(person_id, unit_id or next(above, None))


def sheet(by: Doer, until: date | None = None) -> Sheet:
    """Return what the reader's letters of today have in common; without a day, that of the rule."""
    unit = db.session.get(Unit, by.unit_id) if by.unit_id else None
    name = me().person.name if me().person else ""  # type: ignore[union-attr]
    until = until or answer_by(today(), in_force().calendar)
    contact = f"{name}, {named(unit)}" if unit else name
    return Sheet(today(), until, contact)


def letter_of(task: Task, ask_id: int | None, kinds: Collection[AskKind] = DOWNWARD) -> Ask | None:
    """Return the letter about the task that is answered: the one named, else the newest open one."""
    about = (
        db.select(Ask).where(Ask.task_id == task.id, Ask.kind.in_(kinds)).order_by(Ask.id.desc())
    )
    # An id that was sent may be larger than a column holds: it is looked for among the task's own.
    is_meant = (lambda ask: ask.id == ask_id) if ask_id else (lambda ask: ask.answered_at is None)
    return next(filter(is_meant, db.session.scalars(about)), None)


def leads(task: Task | None = None) -> list[Choice]:
    """Return the units that a task may be passed to: all but groups, and the one that leads it now."""
    groups = set(db.session.scalars(db.select(Unit.id).where(Unit.kind == UnitKind.COLLECTIVE)))
    units = committees.choices(today(), lang())
    kept = groups | ({task.lead_id} if task else set())
    return [unit for unit in units if unit.id not in kept]
