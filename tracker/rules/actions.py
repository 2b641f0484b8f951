"""Changing the organisation's settings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from tracker.db import db
from tracker.history.actions import Doer, record
from tracker.history.models import Kind
from tracker.rules.models import Setting, SpecialDay
from tracker.rules.queries import CLOCK, MAIL_HELD, RULES, WORKER_TICK, stored
from tracker.rules.values import OwnDay, Rules


def put(key: str, value: dict[str, Any]) -> None:
    """Store a setting, whether or not it was there before."""
    db.session.merge(Setting(key=key, value=value))
    db.session.flush()


def anchor_clock(domain: datetime, machine: datetime) -> None:
    """Let the domain's clock show `domain` from the machine's `machine` on."""
    put(CLOCK, {"domain": domain.isoformat(), "machine": machine.isoformat()})


# --- the organisation's rules: every change is one event, which says what was before and what is now ----------


def add_days(days: Sequence[OwnDay], *, by: Doer, at: datetime) -> None:
    """Enter days off, or a day worked; they are alike but for their dates."""
    db.session.add_all(SpecialDay(**day._asdict()) for day in days)
    db.session.flush()
    _tell("days", None, _sort(days), {"days": [day.on.isoformat() for day in days]}, by=by, at=at)


def remove_days(days: Sequence[OwnDay], *, by: Doer, at: datetime) -> None:
    """Take days off, or days worked, out of the calendar again."""
    gone = [day.on for day in days]
    db.session.execute(delete(SpecialDay).where(SpecialDay.on.in_(gone)))
    _tell("days", _sort(days), None, {"days": [day.isoformat() for day in gone]}, by=by, at=at)


def _sort(days: Sequence[OwnDay]) -> str:
    return "worked" if days[0].is_working else "off"


def settle(rules: Rules, *, by: Doer, at: datetime) -> None:
    """Write down the rules besides the calendar; each that has become another is told."""
    differences = stored().rules.differences(rules)
    put(RULES, _settings(rules))
    for rule, old, new, period in differences:
        more = {"period": period.value} if period else {}
        _tell(rule, old, new, more, by=by, at=at)


def _settings(rules: Rules) -> dict[str, Any]:
    return {
        "soon": rules.soon,
        "before_is_exclusive": rules.before_is_exclusive,
        "most_extensions": rules.most_extensions,
        "asks_after_expiry": rules.asks_after_expiry,
        "closing": {period.value: day for period, day in rules.closing.items()},
    }


def _tell(rule: str, old: Any, new: Any, more: dict[str, Any], *, by: Doer, at: datetime) -> None:
    record(Kind.RULE_EDITED, by=by, at=at, data={"rule": rule, "old": old, "new": new} | more)


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
