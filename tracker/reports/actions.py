"""Marking that somebody has looked."""

from datetime import datetime

from tracker.db import db
from tracker.reports.models import Look


def look(person_id: int, scope: str, *, event_id: int, at: datetime) -> Look:
    """Remember up to which event a person has seen the figures of a scope."""
    seen = db.session.merge(Look(person_id=person_id, scope=scope, event_id=event_id, at=at))
    db.session.flush()
    return seen
