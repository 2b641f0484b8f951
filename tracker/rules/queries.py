"""Reading the organisation's settings."""

from datetime import datetime

from sqlalchemy import select

from tracker.clock import Clock
from tracker.db import db
from tracker.deadlines.calendar import Calendar
from tracker.history.memory import remembered
from tracker.rules.models import Setting, SpecialDay
from tracker.rules.values import Period, Rules

CLOCK = "clock"
DEMONSTRATION = "demonstration"
MAIL_HELD = "mail_held"
WORKER_TICK = "worker_tick"
RULES = "rules"


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


def _in_force() -> Rules:
    row = db.session.get(Setting, RULES)
    said = dict(row.value) if row else {}
    closing = {Period(name): day for name, day in said.pop("closing", {}).items()}
    return Rules(calendar=own_calendar(), closing=closing, **said)


def own_calendar() -> Calendar:
    """Return the calendar with the organisation's own days off and days worked."""
    days = db.session.execute(select(SpecialDay.on, SpecialDay.is_working)).all()
    off = frozenset(day for day, is_working in days if not is_working)
    return Calendar(off, frozenset(day for day, is_working in days if is_working))


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
