"""Making digests due, and what people want of them."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from functools import partial

from tracker.db import db
from tracker.digests import queries
from tracker.digests.models import Preference
from tracker.digests.slots import day_due, days_missed
from tracker.digests.values import Section
from tracker.mail import actions as mail
from tracker.mail.models import MailKind
from tracker.rules.queries import in_force

Put = Callable[..., bool]


def make_due(at: datetime, *, clock_at: datetime, domain: str) -> int:
    """Make the digests due that are due at the domain's instant `at`; return how many are new.

    Safe to repeat, and to run in several processes at once: a person has one row for a day. Days on which nothing
    was made, and digests that still wait, are merged into the one of today. `clock_at` is the machine's instant.
    """
    calendar = in_force().calendar
    day = day_due(at, calendar)
    newest = queries.newest_period(day) if day else None
    if day is None or (newest is not None and newest >= day.isoformat()):
        return 0
    missed = days_missed(date.fromisoformat(newest) if newest else None, day, calendar)
    waiting = queries.waiting_since(day.isoformat())
    put = partial(_put, clock_at=clock_at, domain=domain)
    return sum(
        _make(put, person_id, day, missed, waiting.get(person_id))
        for person_id in queries.recipients(day)
    )


def _make(
    put: Put, person_id: int, day: date, missed: list[date], waits_since: date | None
) -> bool:
    """Make one digest due; it stands for the days missed and for what still waits."""
    for earlier in missed:
        put(person_id, earlier)
    earliest = min([*missed[:1], *filter(None, [waits_since])], default=None)
    is_new = put(person_id, day, covers_from=earliest)
    if earliest:
        mail.merge_older(person_id, MailKind.DIGEST, day.isoformat())
    return is_new


def _put(
    person_id: int, day: date, *, clock_at: datetime, domain: str, covers_from: date | None = None
) -> bool:
    return mail.put(
        person_id,
        MailKind.DIGEST,
        day.isoformat(),
        made_at=clock_at,
        next_at=clock_at,
        domain=domain,
        covers_from=covers_from,
    )


# --- wishes -----------------------------------------------------------------------------------------


def prefer(
    person_id: int, *, is_off: bool, off: Collection[Section], quiet_days: Collection[int]
) -> None:
    """Remember what somebody wants of the digest."""
    row = _row(person_id)
    row.is_off = is_off
    row.off = [section.value for section in Section if section in off]
    row.quiet_days = sorted(quiet_days)
    db.session.flush()


def turn_off(person_id: int, section: Section | None) -> None:
    """Send a section no more, or nothing at all; whoever asks twice has asked once."""
    row = _row(person_id)
    if section is None:
        row.is_off = True
    elif section.value not in row.off:
        row.off = [*row.off, section.value]
    db.session.flush()


def _row(person_id: int) -> Preference:
    row = db.session.get(Preference, person_id)
    if row is None:
        row = Preference(person_id=person_id, is_off=False, off=[], quiet_days=[])
        db.session.add(row)
    return row
