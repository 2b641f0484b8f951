"""What the form of a task puts on offer: units, plans, documents, tasks it may be a part of, seats."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from tracker.committees import queries as committees
from tracker.committees.forms import id_or_none
from tracker.committees.names import ROLES
from tracker.committees.queries import Choice
from tracker.committees.standings import Me
from tracker.db import db, within
from tracker.documents import queries as documents
from tracker.documents.labels import label_of
from tracker.plans.models import Plan
from tracker.tasks.forms import Offer
from tracker.tasks.lifecycle import OPEN, State
from tracker.tasks.models import Task
from tracker.tasks.queries import lines_of, needs_of, no_line, visible_to
from tracker.tasks.sources import documents_for, plans_for
from tracker.web import lang, named

Option = tuple[int, str, bool]


def offer(me: Me, today: date, task: Task | None = None) -> Offer:
    """Return what the task form puts on offer to whoever drafts."""
    units = committees.choices(today, lang())
    return Offer(
        assigners=_assigners(me, units),
        units=units,
        plans=[
            _option(p, "title") for p in db.session.scalars(plans_for(me).order_by(Plan.sort_key))
        ],
        documents=[_document(d) for d in documents.choices(documents_for(me))],
        parents=_parents(me, task),
        seats=_seats(today),
    )


def _option(row: Any, field: str) -> Option:
    return row.id, named(row, field), lang() == "en" and not getattr(row, f"{field}_en")


def _document(document: Any) -> Option:
    return document.id, label_of(document), lang() == "en" and not document.kind_en


def _assigners(me: Me, units: list[Choice]) -> list[Choice]:
    """Return the units in whose name the person may assign, the own ones first."""
    allowed = [unit for unit in units if unit.id in me.acts]
    return sorted(allowed, key=lambda unit: unit.id not in me.own)


def _parents(me: Me, task: Task | None) -> list[Option]:
    """Return the open tasks which this one may be a part of: those the person assigns or leads."""
    own = me.acts | me.heads
    query = visible_to(me).where(no_line(), Task.state.in_(OPEN | {State.DRAFT}))
    query = query.where(within(Task.lead_id, own) | within(Task.assigner_id, own))
    found = db.session.scalars(query.order_by(Task.id)).all()
    return [_option(t, "title") for t in found if task is None or t.id != task.id]


def _seats(today: date) -> list[Option]:
    """Return every seat that somebody holds: the unit, the role, the person."""
    return [
        (
            held.seat.id,
            f"{named(held.seat.unit)}: {_(ROLES[held.seat.role])}, {held.person.name}",
            lang() == "en" and not held.seat.unit.name_en,
        )
        for held in committees.seats_held(today)
        if held.person is not None
    ]


def wished(args: Mapping[str, str]) -> dict[str, Any]:
    """Return what the address already says of a new task: its plan, document, parent or lead."""
    names = ("plan_id", "document_id", "parent_id", "lead_id")
    found = {name: args.get(name.removesuffix("_id"), "") for name in names}
    ids = {name: id_or_none(value) for name, value in found.items()}
    return {name: value for name, value in ids.items() if isinstance(value, int)}


def coordinators_of(task: Task) -> list[int]:
    """Return the units that have a line of the task."""
    return [line.lead_id for line in lines_of(task) if line.state is not State.CANCELLED]


def open_lines(task: Task) -> list[Task]:
    """Return the lines that are still open."""
    return [line for line in lines_of(task) if line.state in OPEN]


def open_needs(me: Me, task: Task) -> list[Task]:
    """Return the tasks this one still waits for, as far as `me` may know of them."""
    return [need for need in needs_of(task, visible_to(me)) if need.state is not State.DONE]
