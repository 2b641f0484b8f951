"""Who gets a digest, what they want of it, and what they were told before."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select

from tracker.committees.models import Tenure
from tracker.committees.standings import Me, is_held
from tracker.db import db, within
from tracker.digests.models import Preference
from tracker.digests.values import Section, Wishes
from tracker.mail.models import Mail, MailKind, MailState
from tracker.people.models import Person
from tracker.tasks.glance import rows
from tracker.tasks.models import Task
from tracker.tasks.queries import seen_by

_AHEAD = 7  # days; digests of later ones were made under a clock that was wrong

# Asked for each mail, so made once.
_WISHES = select(Preference.is_off, Preference.off, Preference.quiet_days).where(
    Preference.person_id == bindparam("person_id")
)
_TOLD = (
    select(Mail.told)
    .where(Mail.person_id == bindparam("person_id"), Mail.kind == MailKind.DIGEST)
    .where(Mail.state.in_((MailState.SENT, MailState.AMBIGUOUS)), Mail.period < bindparam("before"))
    .order_by(Mail.period.desc())
    .limit(1)
)
_NEWER = (
    select(Mail.id)
    .where(Mail.person_id == bindparam("person_id"), Mail.kind == MailKind.DIGEST)
    .where(Mail.period > bindparam("period"), Mail.period <= bindparam("until"))
    .limit(1)
)


def wishes_of(person_id: int) -> Wishes:
    """Return what somebody wants; without a row: everything."""
    row = rows(_WISHES, {"person_id": person_id})
    if not row:
        return Wishes()
    is_off, off, quiet_days = row[0]
    return Wishes(is_off, frozenset(map(Section, off)), frozenset(quiet_days))


def last_told(person_id: int, before: str) -> dict[str, Any] | None:
    """Return what the newest digest before a period told, as far as it left or may have left."""
    found = rows(_TOLD, {"person_id": person_id, "before": before})
    return found[0][0] if found else None


def is_overtaken(mail: Mail, today: date) -> bool:
    """Tell whether a newer digest stands for this one."""
    given = {"person_id": mail.person_id, "period": mail.period, "until": _latest(today)}
    return bool(rows(_NEWER, given))


def recipients(on: date) -> list[int]:
    """Return the people who may get a digest on a day: active, seated, with an address."""
    seated = select(Tenure.id).where(Tenure.person_id == Person.id, is_held(Tenure, on)).exists()
    people = select(Person.id).where(Person.disabled_at.is_(None), Person.email != "", seated)
    return list(db.session.scalars(people.order_by(Person.id)))


def _latest(today: date) -> str:
    """Return the last period that counts: a clock set back a little makes none twice, one far ahead stops none."""
    return date.fromordinal(min(today.toordinal() + _AHEAD, date.max.toordinal())).isoformat()


def newest_period(today: date) -> str | None:
    """Return the last day for which digests were made, as far as it can be meant."""
    made = select(func.max(Mail.period)).where(Mail.kind == MailKind.DIGEST)
    return db.session.scalar(made.where(Mail.period <= _latest(today)))


def waiting_since(before: str) -> dict[int, date]:
    """Return for each person whose earlier digest still waits the first day it stands for."""
    waiting = select(Mail.person_id, Mail.period, Mail.covers_from).where(
        Mail.kind == MailKind.DIGEST,
        Mail.period < before,
        Mail.state.in_((MailState.DUE, MailState.RETRY)),
    )
    found: dict[int, date] = {}
    for person_id, period, covers_from in db.session.execute(waiting):
        day = covers_from or date.fromisoformat(period)
        found[person_id] = min(day, found.get(person_id, day))
    return found


def may_all_be_seen(me: Me, task_ids: Collection[int]) -> bool:
    """Tell whether somebody may see every one of the tasks."""
    seen = select(func.count()).select_from(Task).where(within(Task.id, task_ids), seen_by(me))
    return db.session.scalar(seen) == len(set(task_ids))
