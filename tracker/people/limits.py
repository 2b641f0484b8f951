"""How often somebody may try a password: counted in the database, so that it holds without Redis."""

import ipaddress
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from tracker.db import db
from tracker.people.models import Attempt
from tracker.people.queries import digest

WINDOW = timedelta(minutes=5)
MOST = 10  # failed tries within the window, for an account and for an address
MOST_OF_ALL = 300  # for the whole site: each try costs 19 MB and a slice of a processor


def take_ticket(account: str, address: str, at: datetime) -> list[int] | None:
    """Write down one more try and return its rows, or None where there were too many.

    Commits: a refused request is rolled back, and what it cost must be remembered all the same.
    The try is written before it is counted, so that many at once cannot slip through together,
    and before the password is read, so that nobody waits for a lock while it is checked.
    """
    limits = _limits(account, address)
    rows = [Attempt(key=key, at=at) for key in limits]
    db.session.add_all(rows)
    db.session.commit()
    ticket = [row.id for row in rows]
    counted = _count(list(limits), at - WINDOW)
    db.session.rollback()  # whatever the view does next begins its own transaction
    if any(tries > limits[key] for key, tries in counted):
        give_back(ticket)  # what was not even looked at makes nobody wait longer
        db.session.commit()
        return None
    return ticket


def give_back(ticket: list[int]) -> None:
    """Forget a try: it succeeded, or was not looked at."""
    db.session.execute(delete(Attempt).where(Attempt.id.in_(ticket)))


def _limits(account: str, address: str) -> dict[str, int]:
    return {
        f"account:{digest(account)}": MOST,
        f"address:{_network(address)}": MOST,
        "all": MOST_OF_ALL,
    }


def _count(keys: list[str], since: datetime) -> list[tuple[str, int]]:
    rows = db.session.execute(
        select(Attempt.key, func.count())
        .where(Attempt.key.in_(keys), Attempt.at > since)
        .group_by(Attempt.key)
    )
    return [(row[0], row[1]) for row in rows]


def _network(address: str) -> str:
    """Return what one sender owns: an IPv4 address, or the 64 bits of an IPv6 network."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is None:
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(getattr(known, "ipv4_mapped", None) or known)
