"""The outbox in figures, for whoever watches the machine: no person, no address, no word of a mail."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from tracker.db import db
from tracker.mail.models import Mail, MailState

OPEN = (
    MailState.DUE,
    MailState.LEASED,
    MailState.ATTEMPTING,
    MailState.RETRY,
    MailState.AMBIGUOUS,
)


@dataclass(frozen=True)
class Outbox:
    """How many mails are in each state, and when the oldest that is still to leave was made."""

    by_state: dict[MailState, int]
    oldest_open_at: datetime | None

    @property
    def is_open(self) -> int:
        """Return how many are still to leave."""
        return sum(self.by_state[state] for state in OPEN)


def outbox() -> Outbox:
    """Count the outbox."""
    counted = db.session.execute(select(Mail.state, func.count()).group_by(Mail.state))
    found = {row[0]: row[1] for row in counted}
    oldest = select(func.min(Mail.made_at)).where(Mail.state.in_(OPEN))
    return Outbox(
        {state: found.get(state, 0) for state in MailState}, db.session.execute(oldest).scalar()
    )
