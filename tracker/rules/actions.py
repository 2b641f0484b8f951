"""Changing the organisation's settings."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete

from tracker.db import db
from tracker.history.actions import Doer, record
from tracker.history.models import Kind
from tracker.rules.models import Setting
from tracker.rules.queries import CLOCK, MAIL_HELD, WORKER_TICK


def put(key: str, value: dict[str, Any]) -> None:
    """Store a setting, whether or not it was there before."""
    db.session.merge(Setting(key=key, value=value))
    db.session.flush()


def anchor_clock(domain: datetime, machine: datetime) -> None:
    """Let the domain's clock show `domain` from the machine's `machine` on."""
    put(CLOCK, {"domain": domain.isoformat(), "machine": machine.isoformat()})


def note_tick(at: datetime) -> None:
    """Write down that a worker is at work: health and `flask doctor` miss it when it is not."""
    put(WORKER_TICK, {"at": at.isoformat()})


def hold_mail(*, by: Doer, at: datetime, clock_at: datetime) -> None:
    """Let no mail leave from now on; what becomes due waits."""
    put(MAIL_HELD, {"since": clock_at.isoformat()})
    record(Kind.MAIL_HELD, by=by, at=at)


def release_mail(*, by: Doer, at: datetime) -> None:
    """Let mail leave again."""
    db.session.execute(delete(Setting).where(Setting.key == MAIL_HELD))
    record(Kind.MAIL_RELEASED, by=by, at=at)
