"""What happened to a unit, a document, a plan or a task, told in the reader's language, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import aliased

from tracker.clock import ZONE
from tracker.committees.models import Role, Unit
from tracker.committees.names import ROLES
from tracker.committees.substitutes import instead_of
from tracker.db import among, db
from tracker.history.models import Event, EventText, Kind
from tracker.history.sentences import (
    BEHALF,
    BEHALF_BY,
    JOINED,
    MARKED,
    SAID_ON,
    SEAT,
    SEAT_ALONE,
    THROUGH,
    sentence,
)
from tracker.people.models import Person
from tracker.web import day_html, named_html, vietnamese

UNIT_KINDS = frozenset(
    {
        Kind.UNIT_ADDED,
        Kind.UNIT_EDITED,
        Kind.SEAT_HANDED_OVER,
        Kind.HANDOVER_CALLED_OFF,
        Kind.SUBSTITUTE_NAMED,
        Kind.SUBSTITUTE_ENDED,
    }
)
DOCUMENT_KINDS = frozenset(
    {
        Kind.DOCUMENT_ADDED,
        Kind.DOCUMENT_EDITED,
        Kind.CLAUSES_ADDED,
        Kind.CLAUSE_EDITED,
        Kind.CLAUSE_REMOVED,
    }
)
PLAN_KINDS = frozenset({Kind.PLAN_ADDED, Kind.PLAN_EDITED})
_lead = aliased(Unit)


@dataclass(frozen=True)
class Told:
    """One event as a page shows it."""

    at: datetime
    who: Markup
    sentence: Markup
    words: str | None
    bead: str = ""


def story(
    kinds: frozenset[Kind], subject_id: int, labels: Mapping[str, Any] | None = None
) -> list[Told]:
    """Return the story of one thing, newest first; `labels` name the fields that an edit may have changed."""
    return _told(_of_subject(kinds), subject_id, labels or {})


def story_of_task(task_id: int, labels: Mapping[str, Any]) -> list[Told]:
    """Return the story of one task, newest first; its lead is the one of that time."""
    return _told(_OF_TASK, task_id, labels)


# Made once: to put a statement together costs more than to run it.
_EVENTS = (
    select(
        Event.at,
        Event.by_id,
        Event.unit_id,
        Event.kind,
        Event.data,
        EventText.words,
        Person.name.label("person"),
        Unit.name_vi.label("unit_vi"),
        Unit.name_en.label("unit_en"),
        _lead.name_vi.label("lead_vi"),
        _lead.name_en.label("lead_en"),
    )
    .outerjoin(Person, Person.id == Event.by_id)
    .outerjoin(Unit, Unit.id == Event.unit_id)
    .outerjoin(_lead, _lead.id == Event.lead_id)
    .outerjoin(EventText, EventText.event_id == Event.id)
    .order_by(Event.id.desc())
)
_OF_TASK = _EVENTS.where(Event.task_id == bindparam("about"))


@lru_cache(maxsize=8)
def _of_subject(kinds: frozenset[Kind]) -> Select[*tuple[Any, ...]]:
    return _EVENTS.where(Event.subject_id == bindparam("about"), Event.kind.in_(kinds))


def _told(events: Select[*tuple[Any, ...]], about: int, labels: Mapping[str, Any]) -> list[Told]:
    found = db.session.connection().execute(events, {"about": about}).all()
    units, people = _units_of(found), _people_of(found)
    return [_one(event, labels, units, people) for event in found]


def _one(
    event: Any, labels: Mapping[str, Any], units: Mapping[int, Markup], people: Mapping[int, str]
) -> Told:
    who = _who(event)
    telling = _sentence(event, who, labels) + _other_unit(event.data, units) + _seat(event, people)
    return Told(event.at, who, telling, event.words, "bad" if event.kind in MARKED else "")


_NAMES = select(Unit.id, Unit.name_vi, Unit.name_en).where(among(Unit.id))


def _units_of(events: Sequence[Any]) -> dict[int, Markup]:
    """Return the names of the units that events name besides lead and doer; mostly there are none."""
    ids = {e.data[key] for e in events for key in ("for", "joined") if e.data.get(key)}
    found = db.session.connection().execute(_NAMES, {"ids": ids}) if ids else ()
    return {row.id: named_html(row) for row in found}


def _people_of(events: Sequence[Any]) -> dict[int, str]:
    """Return the names of those who take or leave a seat; mostly there are none."""
    ids = {e.data[key] for e in events for key in ("takes", "leaves") if e.data.get(key)}
    named = select(Person.id, Person.name).where(Person.id.in_(ids))
    return dict(db.session.connection().execute(named).all()) if ids else {}


def _seat(event: Any, people: Mapping[int, str]) -> Markup:
    """Say which seat changes hands between whom."""
    data = event.data
    if "takes" not in data and "leaves" not in data:
        return Markup("")
    words = SEAT.get(event.kind, SEAT_ALONE) if "leaves" in data else SEAT_ALONE
    names = {key: vietnamese(people.get(data.get(key), "")) for key in ("takes", "leaves")}
    told = escape(_(words)).format(role=_(ROLES[Role(data["role"])]), **names)
    return Markup(" {}").format(told)


def _other_unit(data: Mapping[str, Any], units: Mapping[int, Markup]) -> Markup:
    """Say for which unit somebody else wrote this down, and by which way; which unit was called in."""
    said = Markup("")
    if data.get("joined") in units:
        said += Markup(" ") + escape(_(JOINED)).format(unit=units[data["joined"]])
    if data.get("for") in units:
        words = escape(_(BEHALF_BY.get(data.get("way", ""), BEHALF)))
        said += Markup(' <b class="behalf">{}</b>').format(words.format(unit=units[data["for"]]))
    if isinstance(data.get("said_on"), str):
        day = day_html(date.fromisoformat(data["said_on"]))
        said += Markup(" ") + escape(_(SAID_ON)).format(day=day)
    return said


def _sentence(event: Any, who: Markup, labels: Mapping[str, Any]) -> Markup:
    """Say by whom, in the name of which unit, and what an edit changed."""
    names = {"who": who, "lead": named_html(event, "lead")}
    days = _days(event.data)
    telling = escape(_(sentence(event.kind, event.data.get("rung"), days)))
    telling = telling.format(**names, **days)
    if days and event.data.get("through"):
        telling += Markup(" {}").format(_(THROUGH))
    changed = [str(labels[name]) for name in event.data.get("changed", ()) if name in labels]
    if changed:
        telling += Markup(" {}").format(_("Changed: %(fields)s.", fields=", ".join(changed)))
    return telling


def _days(data: Mapping[str, Any]) -> dict[str, Markup]:
    """Return the days an event names: from which to which a deadline was moved, or a period's first."""
    named = {name: data.get(name) for name in ("old", "new", "on", "until", "period")}
    return {
        name: day_html(date.fromisoformat(day))
        for name, day in named.items()
        if isinstance(day, str)
    }


def _who(event: Any) -> Markup:
    if event.person is None:
        return escape(_("The system"))
    if event.unit_vi is None:
        return Markup("<b>{}</b>").format(vietnamese(event.person))
    person = vietnamese(event.person)
    holder = instead_of(event.by_id, event.unit_id, event.at.astimezone(ZONE).date())
    if holder:
        person = escape(_("{name}, on behalf of {holder}")).format(
            name=person, holder=vietnamese(holder)
        )
    return Markup("<b>{}</b> ({})").format(named_html(event, "unit"), person)
