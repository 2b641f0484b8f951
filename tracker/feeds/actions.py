"""Making and ending the address under which somebody's calendar program reads; only the hash of its token is kept."""

from datetime import datetime

from tracker.db import db
from tracker.feeds import queries
from tracker.feeds.models import Covers, Feed
from tracker.history.actions import Doer, record
from tracker.history.models import Kind
from tracker.people.actions import new_token
from tracker.people.models import Person
from tracker.people.queries import digest


def make(
    person: Person, covers: Covers, lang: str, *, by: Doer, at: datetime, clock_at: datetime
) -> str:
    """Make an address and end the one before; return its token, to be shown once and kept nowhere."""
    end(person, by=by, at=at, clock_at=clock_at)
    token = new_token()
    feed = Feed(
        person_id=person.id,
        covers=covers,
        lang=lang,
        token_hash=digest(token),
        made_at=clock_at,
    )
    db.session.add(feed)
    db.session.flush()
    record(
        Kind.FEED_MADE, by=by, at=at, subject_id=person.id, data={"covers": covers, "feed": feed.id}
    )
    return token


def end(person: Person, *, by: Doer, at: datetime, clock_at: datetime) -> bool:
    """End somebody's address for ever; tell whether there was one."""
    feed = queries.of_person(person.id)
    if feed is None:
        return False
    feed.ended_at = clock_at
    db.session.flush()
    record(Kind.FEED_ENDED, by=by, at=at, subject_id=person.id, data={"feed": feed.id})
    return True
