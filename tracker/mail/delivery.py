"""Sending what is due: each mail leased, composed, frozen, sent, settled, so that a kill anywhere loses none.

No transaction is open while a server talks, and each step sees the database as it is then.
"""

import os
import secrets
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from flask import Flask, current_app
from sqlalchemy.exc import OperationalError

from tracker import logs
from tracker.db import begin_writing, db
from tracker.mail import actions
from tracker.mail.messages import (
    Envelope,
    Frozen,
    Letter,
    MalformedError,
    Skipped,
    envelope,
    freeze,
)
from tracker.mail.models import Mail, MailKind, MailState
from tracker.mail.outcomes import Outcome, Past, Result, after
from tracker.text import N_

__all__ = ["Kinds", "Letter", "Pace", "Renderer", "Skipped", "StillFits", "deliver"]

Renderer = Callable[[Mail], Letter | Skipped]
StillFits = Callable[[Mail], bool]
# How each kind of mail is composed, and whether what was composed may still be sent.
Kinds = Mapping[MailKind, tuple[Renderer, StillFits]]
Reach = Callable[[str], None]
T = TypeVar("T")

NOT_COMPOSED = N_("The mail could not be composed; the log says why.")
_LONGEST_REPLY = 1_000
_PAUSES = (0.1, 0.5, 2, 5)  # seconds


class Post(Protocol):
    """The way out: a server, or a folder."""

    def send(self, parcel: Envelope) -> Outcome:
        """Hand one mail over and return what became of it."""

    def close(self) -> None:
        """Take leave."""


@dataclass(frozen=True)
class Pace:
    """How many mails are leased at once, and for how long: longer than any attempt may take."""

    batch: int = 10
    lease: timedelta = timedelta(minutes=10)


PACE = Pace()


def _nothing(_point: str) -> None:
    """Do nothing at a named point; tests end the process there."""


def deliver(
    kinds: Kinds,
    is_held: Callable[[], bool],
    post: Post,
    *,
    now: Callable[[], datetime],
    pace: Pace = PACE,
    is_stopping: Callable[[], bool] = lambda: False,
    reach: Reach = _nothing,
) -> Counter[str]:
    """Send what is due, until nothing is left or the server is away; return how many ended in which state.

    Needs an application context. Safe to repeat and to run many times at once.
    """
    run = _Run(current_app._get_current_object(), kinds, post, now, pace, reach)  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        run.go(is_held, is_stopping)
    finally:
        post.close()
    if run.tally:
        logs.logger().info("mail delivered", **run.tally)
    return run.tally


def _owner() -> str:
    return f"{socket.gethostname()[:40]} {os.getpid()} {secrets.token_hex(4)}"


@dataclass
class _Run:
    """One run of one deliverer."""

    app: Flask
    kinds: Kinds
    post: Post
    now: Callable[[], datetime]
    pace: Pace
    reach: Reach
    owner: str = field(default_factory=_owner)
    tally: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def step(self, *, writing: bool = False) -> Iterator[None]:
        """Do one thing in a transaction and a context of its own, so that nothing is remembered from the last."""
        with self.app.app_context():
            if writing:
                begin_writing()
            yield
            if writing:
                db.session.commit()

    def written(self, do: Callable[[], T]) -> T:
        """Do something that writes, again after a while where the database is busy or away for a moment.

        Above all, what a server has taken over must be written down, or it is sent twice.
        """
        pauses = iter(_PAUSES)
        while True:
            try:
                with self.step(writing=True):
                    return do()
            except OperationalError:
                pause = next(pauses, None)
                if pause is None:
                    raise
                time.sleep(pause)

    def go(self, is_held: Callable[[], bool], is_stopping: Callable[[], bool]) -> None:
        """Send until there is nothing more to do."""
        self.written(lambda: actions.recover(self.now()))
        while not is_stopping() and (ids := self.lease(is_held)):
            self.reach("leased")
            for place, mail_id in enumerate(ids):
                outcome = None if is_stopping() else self.one(mail_id)
                if is_stopping() or (outcome and outcome.is_away):
                    self.release(ids[place:])
                    return

    def lease(self, is_held: Callable[[], bool]) -> list[int]:
        """Take the next mails, unless mail is held."""

        def take() -> list[int]:
            at = self.now()
            until = at + self.pace.lease
            return [] if is_held() else actions.lease(self.owner, at, until, self.pace.batch)

        return self.written(take)

    def release(self, ids: list[int]) -> None:
        """Give back what was leased."""
        self.written(lambda: actions.release(ids, self.owner))

    # --- one mail -----------------------------------------------------------------------------------

    def one(self, mail_id: int) -> Outcome | None:
        """Take one mail as far as it goes; None where nothing was sent."""
        with self.step():
            mail = db.session.get(Mail, mail_id)
            if mail is None or (mail.state, mail.owner) != (MailState.LEASED, self.owner):
                return None  # it took so long that somebody else has it
            letter = self.letter_of(mail)
        self.reach("composed")
        if isinstance(letter, Letter | Frozen):
            return self.attempt(mail, letter)
        self.end(mail, letter)
        return None

    def letter_of(self, mail: Mail) -> Letter | Frozen | Skipped | Exception:
        """Return what to send: the same once more after an attempt in doubt, else composed as things stand now."""
        render, still_fits = self.kinds[mail.kind]
        try:
            if not mail.doubts:
                return render(mail)
            return _as_frozen(mail) if still_fits(mail) else Skipped("changed")
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one must not keep the others
            logs.logger().error("mail not composed", mail=mail.id, exc_info=error)
            return error

    def end(self, mail: Mail, why: Skipped | Exception) -> None:
        """Write down why nothing is sent, or that it could not be composed."""
        if isinstance(why, Exception):
            state = self.written(lambda: self.put_off(mail, why))
        elif mail.doubts:
            state = self.written(lambda: actions.withhold(mail, why.reason))
        else:
            state = self.written(lambda: actions.skip(mail, why.reason))
        self.tally[state.value] += 1

    def put_off(self, mail: Mail, error: Exception) -> MailState:
        """Write down that there is nothing that could be sent."""
        at, is_malformed = self.now(), isinstance(error, MalformedError)
        fate = after(Result.REFUSED if is_malformed else Result.DEFERRED, _past(mail, at), at)
        actions.put_off(mail, fate, str(error) if is_malformed else NOT_COMPOSED, at)
        return fate.state

    def attempt(self, mail: Mail, letter: Letter | Frozen) -> Outcome | None:
        """Fix the text, send it, and write down what became of it."""
        at = self.now()
        try:
            frozen = self.frozen(mail, letter, at)
            parcel = envelope(frozen)
        except ValueError as error:  # the mail library's own refusals are such, too
            self.end(mail, error)
            return None
        if not self.begin(mail, letter, frozen, at):
            return None
        self.reach("frozen")
        outcome = self.sent(parcel)
        self.reach("answered")
        self.settle(mail, outcome, _past(mail, at))
        self.reach("settled")
        return outcome

    def frozen(self, mail: Mail, letter: Letter | Frozen, at: datetime) -> Frozen:
        """Return the text as it leaves, now and if need be once more. Raises MalformedError."""
        if isinstance(letter, Frozen):
            return letter
        sender: str = self.app.extensions["settings"].mail_from
        return freeze(letter, mail.message_id, sender, at)

    def begin(self, mail: Mail, letter: Letter | Frozen, frozen: Frozen, at: datetime) -> bool:
        """Commit that the mail is being sent; False where somebody else has it."""
        until = at + self.pace.lease
        if isinstance(letter, Frozen):
            return self.written(lambda: actions.repeat(mail, at=at, until=until))
        told = letter.told
        return self.written(lambda: actions.freeze(mail, frozen, told, at=at, until=until))

    def sent(self, parcel: Envelope) -> Outcome:
        """Hand the mail over; whatever goes wrong in a way nobody foresaw leaves it in doubt."""
        try:
            return self.post.send(parcel)
        except Exception as error:  # noqa: BLE001
            logs.logger().error("mail in doubt", message_id=parcel.message_id, exc_info=error)
            return Outcome(Result.UNKNOWN, type(error).__name__)

    def settle(self, mail: Mail, outcome: Outcome, past: Past) -> None:
        """Write down what became of the attempt."""
        at = self.now()
        fate, reply = after(outcome.result, past, at), outcome.reply[:_LONGEST_REPLY]
        is_ours = self.written(lambda: actions.settle(mail, fate, reply, at))
        self.tally[fate.state.value if is_ours else "lost"] += 1


def _past(mail: Mail, at: datetime) -> Past:
    """Return what the mail has been through with the attempt of `at`."""
    return Past(mail.first_tried_at or at, mail.attempts + 1, mail.doubts, mail.message_id)


def _as_frozen(mail: Mail) -> Frozen:
    return Frozen(
        mail.message_id,
        mail.address or "",
        mail.subject or "",
        mail.body_text or "",
        mail.body_html or "",
        mail.headers or {},
    )
