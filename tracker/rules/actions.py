"""Changing the organisation's settings."""

from datetime import datetime
from typing import Any

from tracker.db import db
from tracker.rules.models import Setting
from tracker.rules.queries import CLOCK


def put(key: str, value: dict[str, Any]) -> None:
    """Store a setting, whether or not it was there before."""
    db.session.merge(Setting(key=key, value=value))
    db.session.flush()


def anchor_clock(domain: datetime, machine: datetime) -> None:
    """Let the domain's clock show `domain` from the machine's `machine` on."""
    put(CLOCK, {"domain": domain.isoformat(), "machine": machine.isoformat()})
