"""What the form of a task puts on offer: units, plans, documents, tasks it may be a part of, seats."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, or_

from tracker.committees import queries as committees
from tracker.committees.names import ROLES
from tracker.committees.queries import Choice, Holder
from tracker.committees.standings import Me
from tracker.db import db, within
from tracker.documents import clauses
from tracker.documents import queries as documents
from tracker.documents.labels import label_of
from tracker.fields import id_or_none
from tracker.plans.models import Plan
from tracker.tasks.forms import Offer
from tracker.tasks.lifecycle import OPEN, State
from tracker.tasks.models import Task
from tracker.tasks.queries import no_line, visible_to
from tracker.tasks.sources import documents_for, plans_for
from tracker.web import lang, named

Option = tuple[int, str, bool]


def offer(me: Me, today: date, task: Task | None = None, document_id: int | None = None) -> Offer:
    """Return what the task form puts on offer to whoever drafts; the clauses are those of one document."""
    units = committees.choices(today, lang())
    return Offer(
        assigners=assigners(me, units),
        units=units,
        plans=plans(me),
        documents=[_document(d) for d in documents.choices(documents_for(me))],
        parents=_parents(me, task),
        seats=_seats(today, task),
        clauses=_clauses(me, document_id),
    )


def _clauses(me: Me, document_id: int | None) -> list[Option]:
    """Return the clauses of a document that `me` may see."""
    if not document_id or not documents.visible_ids(documents_for(me), [document_id]):
        return []
    own = clauses.of_document(document_id)
    return [(clause.id, clauses.called(clause), lang() == "en") for clause in own]


def _option(row: Any, field: str) -> Option:
    return row.id, named(row, field), lang() == "en" and not getattr(row, f"{field}_en")


def _document(document: Any) -> Option:
    return document.id, label_of(document), lang() == "en" and not document.kind_en


def plans(me: Me) -> list[Option]:
    """Return the plans to which the person may add a task."""
    found = db.session.scalars(plans_for(me).order_by(Plan.sort_key))
    return [_option(plan, "title") for plan in found]


def assigners(me: Me, units: list[Choice]) -> list[Choice]:
    """Return the units in whose name the person may assign, the own ones first."""
    allowed = [unit for unit in units if unit.id in me.acts]
    return sorted(allowed, key=lambda unit: unit.id not in me.own)


def _parents(me: Me, task: Task | None) -> list[Option]:
    """Return the open tasks which this one may be a part of: those the person assigns or leads, and its own parent."""
    own = me.acts | me.heads
    given_or_led = within(Task.lead_id, own) | within(Task.assigner_id, own)
    may_be = and_(no_line(), Task.state.in_(OPEN | {State.DRAFT}), given_or_led)
    if task is not None:
        may_be = or_(and_(may_be, Task.id != task.id), Task.id == task.parent_id)
    query = visible_to(me).where(may_be).order_by(Task.id)
    return [_option(found, "title") for found in db.session.scalars(query)]


def _seats(today: date, task: Task | None) -> list[Option]:
    """Return every seat that somebody holds, and those the task names, held or not."""
    named_now = {task.holder_seat_id, task.leader_seat_id} if task is not None else set()
    return [
        (held.seat.id, _seat_words(held), lang() == "en" and not held.seat.unit.name_en)
        for held in committees.seats_held(today)
        if held.person is not None or held.seat.id in named_now
    ]


def _seat_words(held: Holder) -> str:
    name = held.person.name if held.person else _("vacant seat")
    return f"{named(held.seat.unit)}: {_(ROLES[held.seat.role])}, {name}"


def wished(args: Mapping[str, str]) -> dict[str, Any]:
    """Return what the address already says of a new task: its plan, document, parent or lead."""
    names = ("plan_id", "document_id", "clause_id", "parent_id", "lead_id")
    found = {name: args.get(name.removesuffix("_id"), "") for name in names}
    ids = {name: id_or_none(value) for name, value in found.items()}
    return {name: value for name, value in ids.items() if isinstance(value, int)}


def source_of(sent: Mapping[str, str], otherwise: int | None) -> int | None:
    """Return the document that was chosen in the form, whose clauses are on offer; before that, the one there is."""
    if "document_id" not in sent:
        return otherwise
    found = id_or_none(sent["document_id"])
    return found if isinstance(found, int) else None
