"""Reading the organisation's settings."""

from datetime import datetime

from tracker.clock import Clock
from tracker.db import db
from tracker.rules.models import Setting

CLOCK = "clock"
DEMONSTRATION = "demonstration"


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
