"""What became of an attempt, and what becomes of the mail: the retry schedule and the rules of doubt."""

import enum
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.mail.models import MailState

_DELAYS = (1, 5, 15)  # minutes after the first attempts, then always:
_HOURLY = 60
_SPREAD = 0.25  # of a delay may be added, so that not all come back in the same second
GIVES_UP_AFTER = timedelta(hours=24)
_DOUBTS = 2  # attempts with unknown end after which only a person sends again


class Result(enum.StrEnum):
    """How an attempt ended."""

    ACCEPTED = "accepted"  # the server took it over
    REFUSED = "refused"  # the server will never take it
    DEFERRED = "deferred"  # certainly not taken, perhaps later
    UNKNOWN = "unknown"  # the end of the text had left, no answer came


@dataclass(frozen=True)
class Outcome:
    """The end of an attempt in the server's words; `is_away`: nothing else need be tried now."""

    result: Result
    reply: str
    is_away: bool = False


@dataclass(frozen=True)
class Past:
    """What a mail has been through, the attempt just made included; `key` spreads the retries."""

    first_tried_at: datetime
    attempts: int
    doubts: int
    key: str


@dataclass(frozen=True)
class Fate:
    """What a mail is after an attempt. `reason` is set where the machine does nothing more."""

    state: MailState
    next_at: datetime
    doubts: int
    reason: str | None = None


def next_try(past: Past, at: datetime) -> datetime | None:
    """Return when to try again after an attempt that ended at `at`, None when it is time to give up."""
    minutes = (*_DELAYS, _HOURLY)[min(past.attempts, len(_DELAYS) + 1) - 1]
    chance = zlib.crc32(f"{past.key} {past.attempts}".encode()) / 2**32
    when = at + timedelta(minutes=minutes * (1 + _SPREAD * chance))
    return when if when <= past.first_tried_at + GIVES_UP_AFTER else None


def after(result: Result, past: Past, at: datetime) -> Fate:
    """Return what a mail is after an attempt that ended so at `at`."""
    if result is Result.ACCEPTED:
        return Fate(MailState.SENT, at, past.doubts)
    if result is Result.REFUSED:
        return Fate(MailState.DEAD, at, past.doubts, "refused")
    doubts = past.doubts + (result is Result.UNKNOWN)
    if doubts >= _DOUBTS:
        return Fate(MailState.AMBIGUOUS, at, doubts, "doubted")
    when = next_try(past, at)
    if when is not None:
        return Fate(MailState.AMBIGUOUS if doubts else MailState.RETRY, when, doubts)
    return Fate(MailState.AMBIGUOUS if doubts else MailState.DEAD, at, doubts, "given_up")
