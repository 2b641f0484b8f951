"""What happened to a unit, a document, a plan or a task, told in the reader's language, newest first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy import ColumnElement, select

from tracker.committees.models import Unit
from tracker.db import db
from tracker.history.models import Event, EventText, Kind
from tracker.history.sentences import MARKED, sentence
from tracker.people.models import Person
from tracker.web import named_html

UNIT_KINDS = frozenset({Kind.UNIT_ADDED, Kind.UNIT_EDITED})
DOCUMENT_KINDS = frozenset({Kind.DOCUMENT_ADDED, Kind.DOCUMENT_EDITED})
PLAN_KINDS = frozenset({Kind.PLAN_ADDED, Kind.PLAN_EDITED})
_NOBODY = Markup()


@dataclass(frozen=True)
class Told:
    """One event as a page shows it."""

    at: datetime
    who: Markup
    sentence: Markup
    words: str | None
    bead: str = ""


def story(
    kinds: Collection[Kind], subject_id: int, labels: Mapping[str, Any] | None = None
) -> list[Told]:
    """Return the story of one thing; `labels` name the fields that an edit may have changed."""
    return told(Event.subject_id == subject_id, Event.kind.in_(kinds), labels=labels)


def told(
    *about: ColumnElement[bool], labels: Mapping[str, Any] | None = None, lead: Markup = _NOBODY
) -> list[Told]:
    """Return the events that meet the conditions, newest first; `lead` is the lead unit of the task they tell of."""
    rows = db.session.execute(
        select(Event, Person.name, Unit, EventText.words)
        .outerjoin(Person, Person.id == Event.by_id)
        .outerjoin(Unit, Unit.id == Event.unit_id)
        .outerjoin(EventText, EventText.event_id == Event.id)
        .where(*about)
        .order_by(Event.id.desc())
    )
    return [
        Told(
            event.at,
            who := _who(person, unit),
            _sentence(event, who, lead, labels or {}),
            words,
            "bad" if event.kind in MARKED else "",
        )
        for event, person, unit, words in rows
    ]


def _sentence(event: Event, who: Markup, lead: Markup, labels: Mapping[str, Any]) -> Markup:
    """Say by whom, in the name of which unit, and what an edit changed."""
    telling = escape(_(sentence(event.kind))).format(who=who, lead=lead)
    changed = [str(labels[name]) for name in event.data.get("changed", ()) if name in labels]
    if changed:
        telling += Markup(" {}").format(_("Changed: %(fields)s.", fields=", ".join(changed)))
    return telling


def _who(person: str | None, unit: Unit | None) -> Markup:
    if person is None:
        return escape(_("The system"))
    if unit is None:
        return Markup("<b>{}</b>").format(person)
    return Markup("<b>{}</b> ({})").format(named_html(unit), person)
