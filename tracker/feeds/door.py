"""The door to feeds: whose calendar an address is, as rights are today; and one's own address, for its page."""

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, current_app, g, request, session, url_for
from flask_babel import force_locale

from tracker.clock import machine_now
from tracker.committees.standings import Me, me_of
from tracker.db import db
from tracker.feeds import entries, limits, queries, words
from tracker.feeds.forms import FeedForm
from tracker.feeds.models import Covers, Feed
from tracker.people.models import Person
from tracker.people.queries import digest
from tracker.rules.queries import in_force
from tracker.settings import Settings
from tracker.web import lang, today

_MADE = "feed"  # the token of an address made just now, in the session until it has been shown


def find(token: str) -> tuple[Feed, Me]:
    """Return the feed of a token and whoever reads it, as they stand today.

    404, and nothing else told, where it is unknown or has ended, where its owner is disabled or holds no seat.
    """
    feed = queries.by_hash(digest(token))
    reader = _reader(feed) if feed is not None else None
    if limits.is_too_often(_counted(feed if reader else None), machine_now()):
        abort(429)
    if feed is None or reader is None:
        abort(404)
    return feed, reader


def _counted(feed: Feed | None) -> str:
    return f"feed:{feed.id}" if feed is not None else f"from:{request.remote_addr}"


def _reader(feed: Feed) -> Me | None:
    person = db.session.get_one(Person, feed.person_id)
    if person.disabled_at is not None:
        return None
    me = me_of(person, today())
    return me if me.seats else None


def calendar(feed: Feed, me: Me) -> bytes:
    """Return the calendar as its reader may see it today, in the language they chose for it."""
    settings: Settings = current_app.extensions["settings"]
    tasks = queries.dated(me, feed.covers, today())
    teller = words.Teller(today(), in_force(), settings.public_url)
    with force_locale(feed.lang):
        told = words.name_of(feed.covers), words.about(len(tasks), today())
        return entries.write(*told, map(teller.entry, tasks))


def answer(body: bytes, language: str) -> Response:
    """Return the file; a program that has it already is told so, and nobody in between keeps it."""
    response = Response(body, mimetype="text/calendar")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="tien-do.ics"'
    response.headers["Content-Language"] = language
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


# --- on the page of one's account -------------------------------------------------------------------


@dataclass(frozen=True)
class Own:
    """One's own address: what is known of it, the form for another, and once the address itself."""

    feed: Feed | None
    form: FeedForm
    address: str | None
    has_seat: bool


def form_of(me: Me, feed: Feed | None = None, **more: Any) -> FeedForm:
    """Return the form by which `me` makes an address, with the branch on offer where there is one."""
    covers, spoken = (feed.covers, feed.lang) if feed else (Covers.OWN, lang())
    return FeedForm(has_branch=bool(queries.wider(me)), covers=covers, lang=spoken, **more)


def own() -> Own:
    """Return what the page of one's account shows of the calendar."""
    feed = queries.of_person(g.me.person.id)
    return Own(feed, form_of(g.me, feed, formdata=None), _address_once(), bool(g.me.seats))


def show_once(token: str) -> None:
    """Let the next page of the account show the address of a token."""
    session[_MADE] = token


def _address_once() -> str | None:
    token = session.pop(_MADE, None)
    settings: Settings = current_app.extensions["settings"]
    return settings.public_url + url_for("feeds.read", token=token) if token else None
