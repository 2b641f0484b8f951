"""Reading the organisation's settings."""

from datetime import datetime

from tracker.clock import Clock
from tracker.db import db
from tracker.rules.models import Setting

CLOCK = "clock"
DEMONSTRATION = "demonstration"
MAIL_HELD = "mail_held"
WORKER_TICK = "worker_tick"


def clock() -> Clock:
    """Return the domain's clock: anchored where a demonstration set it apart, else the machine's."""
    row = db.session.get(Setting, CLOCK)
    if row is None:
        return Clock()
    return Clock.anchored(
        datetime.fromisoformat(row.value["domain"]), datetime.fromisoformat(row.value["machine"])
    )


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
