"""The outbox in figures, for whoever watches the machine: no person, no address, no word of a mail."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from tracker.db import db
from tracker.mail.models import OPEN_STATES, Mail, MailState
from tracker.mail.queries import by_state


@dataclass(frozen=True)
class Outbox:
    """How many mails are in each state, and when the oldest that is still to leave was made."""

    by_state: dict[MailState, int]
    oldest_open_at: datetime | None

    @property
    def is_open(self) -> int:
        """Return how many are still to leave."""
        return sum(self.by_state[state] for state in OPEN_STATES)


def outbox() -> Outbox:
    """Count the outbox."""
    oldest = select(func.min(Mail.made_at)).where(Mail.state.in_(OPEN_STATES))
    return Outbox(by_state(), db.session.scalar(oldest))
