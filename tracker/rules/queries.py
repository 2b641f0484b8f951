"""Reading the organisation's settings."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from zlib import crc32

from sqlalchemy import select

from tracker.clock import Clock
from tracker.db import db
from tracker.deadlines.calendar import Calendar
from tracker.history.memory import remembered
from tracker.history.models import Event, Kind
from tracker.people.models import Person
from tracker.rules.models import Setting, SpecialDay
from tracker.rules.values import OwnDay, Period, Rules

CLOCK = "clock"
DEMONSTRATION = "demonstration"
MAIL_HELD = "mail_held"
WORKER_TICK = "worker_tick"
RULES = "rules"
MOST_EDITS = 100  # of those that the page tells


def clock() -> Clock:
    """Return the domain's clock: anchored where a demonstration set it apart, else the machine's."""
    row = db.session.get(Setting, CLOCK)
    if row is None:
        return Clock()
    return Clock.anchored(
        datetime.fromisoformat(row.value["domain"]), datetime.fromisoformat(row.value["machine"])
    )


def in_force() -> Rules:
    """Return the organisation's rules; each change of them is an event, so they are read once until the next."""
    return remembered("rules", _in_force)


def soon_until(today: date) -> date:
    """Return the last day on which a deadline is near today."""
    return in_force().soon_until(today)


def _in_force() -> Rules:
    # By column: what another process has written meanwhile is not in this session's objects.
    found = db.session.scalar(select(Setting.value).where(Setting.key == RULES))
    said = dict(found or {})
    closing = {Period(name): day for name, day in said.pop("closing", {}).items()}
    return Rules(calendar=own_calendar(), closing=closing, **said)


def own_calendar() -> Calendar:
    """Return the calendar with the organisation's own days off and days worked."""
    days = db.session.execute(select(SpecialDay.on, SpecialDay.is_working)).all()
    off = frozenset(day for day, is_working in days if not is_working)
    return Calendar(off, frozenset(day for day, is_working in days if is_working))


@dataclass(frozen=True)
class Stored:
    """The rules as they are written down now, with the organisation's own days by name, for whoever changes them."""

    rules: Rules
    days: tuple[OwnDay, ...]

    @property
    def version(self) -> int:
        """Return a number that is another one after any change."""
        rules = self.rules
        closing = sorted(rules.closing.items())
        settled = (rules.soon, rules.before_is_exclusive, rules.most_extensions)
        said = (*settled, rules.asks_after_expiry, closing, self.days)
        return crc32(repr(said).encode())


def stored() -> Stored:
    """Return what is written down, past any memory."""
    columns = (SpecialDay.on, SpecialDay.is_working, SpecialDay.name_vi, SpecialDay.name_en)
    days = db.session.execute(select(*columns).order_by(SpecialDay.on))
    return Stored(_in_force(), tuple(OwnDay(*row) for row in days))


class Edit(NamedTuple):
    """One change of the rules, as history tells it."""

    at: datetime
    data: dict[str, Any]
    person: str | None


def edits() -> list[Edit]:
    """Return the newest changes of the rules, the last first."""
    told = select(Event.at, Event.data, Person.name).outerjoin(Person, Person.id == Event.by_id)
    told = told.where(Event.kind == Kind.RULE_EDITED).order_by(Event.id.desc()).limit(MOST_EDITS)
    return [Edit(*row) for row in db.session.execute(told)]


def is_demonstration() -> bool:
    """Tell whether the database holds the demonstration."""
    return db.session.get(Setting, DEMONSTRATION) is not None


def mail_held_since() -> datetime | None:
    """Return since when no mail leaves, by the machine's clock; None where mail is sent."""
    row = db.session.get(Setting, MAIL_HELD)
    return datetime.fromisoformat(row.value["since"]) if row else None


def is_mail_held() -> bool:
    """Tell whether mail is to stay here for now."""
    return mail_held_since() is not None


def last_tick() -> datetime | None:
    """Return when a worker last went to work, by the machine's clock."""
    row = db.session.get(Setting, WORKER_TICK)
    return datetime.fromisoformat(row.value["at"]) if row else None
