"""The ways through the site: the entries of the navigation, and this page's own address."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from flask import current_app, g, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from tracker.committees.standings import STRANGER, Me
from tracker.policy import Verb, may
from tracker.text import N_
from tracker.web import SAFE_METHODS


@dataclass(frozen=True)
class Way:
    """One entry of the navigation. `rooms` are the blueprints whose pages lie behind it."""

    label: str
    endpoint: str
    icon: str
    rooms: tuple[str, ...]
    verb: Verb = Verb.SEE_OWN


_AT_A_TASK = ("board", "tasks", "letters", "drafting", "fanouts", "parts", "requests")

_WAYS: tuple[tuple[str, tuple[Way, ...]], ...] = (
    (
        N_("Tasks"),
        (
            Way(N_("My work"), "reviews.my_work", "my-work", ("reviews",)),
            Way(N_("Board"), "board.index", "board", _AT_A_TASK),
            Way(N_("Calendar"), "calendar.index", "calendar", ("calendar",)),
        ),
    ),
    (
        N_("Sources"),
        (
            Way(N_("Documents"), "documents.index", "document", ("documents", "cascades")),
            Way(N_("Plans"), "plans.index", "plan", ("plans", "timeline")),
            Way(N_("Units"), "committees.index", "unit", ("committees", "seats")),
        ),
    ),
    (
        N_("Leaders"),
        (
            Way(N_("Overdue"), "overdue.index", "overdue", ("overdue",)),
            Way(N_("No deadline yet"), "timing.undated", "unknown", ()),
            Way(N_("Difficulties raised"), "difficulties.index", "warn", ("difficulties",)),
            Way(N_("Measures"), "figures.index", "measure", ("figures", "measures")),
            Way(N_("Status"), "status.index", "chart", ("status",)),
        ),
    ),
    (
        N_("Administration"),
        (
            Way(N_("Accounts"), "people.index", "person", ("admin",), Verb.KEEP_PEOPLE),
            Way(N_("Outbox"), "mail.index", "mail", ("mail",), Verb.KEEP_MAIL),
            Way(N_("Working calendar"), "rules.index", "calendar", ("rules",), Verb.KEEP_RULES),
        ),
    ),
)


def me() -> Me:
    """Return who reads; a stranger where the request failed before that was known."""
    return g.get("me") or STRANGER


def nav_items() -> list[dict[str, Any]]:
    """Return the groups of the navigation with the entries built and open to the reader; a page asks twice."""
    if "nav_items" not in g:
        g.nav_items = _nav_items()
    return g.nav_items  # type: ignore[no-any-return]


def tabs() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the four entries under the thumb and the others; who answers for a branch has what leaders ask first."""
    entries = [entry for group in nav_items() for entry in group["entries"]]
    if me().branch:
        entries.sort(key=lambda entry: entry["url"] not in _first_addresses())
    return entries[:4], entries[4:]


@cache
def _first_addresses() -> frozenset[str]:
    rooms = {"reviews", "board", "overdue", "status"}
    return frozenset(
        address(way.endpoint)
        for _heading, ways in _WAYS
        for way in ways
        if rooms & set(way.rooms) and has_page(way.endpoint)
    )


def _nav_items() -> list[dict[str, Any]]:
    groups = [(heading, [_entry(way) for way in ways if _is_open(way)]) for heading, ways in _WAYS]
    return [{"heading": _(heading), "entries": entries} for heading, entries in groups if entries]


def _is_open(way: Way) -> bool:
    return way.endpoint in current_app.view_functions and may(way.verb, me().standings)


def _entry(way: Way) -> dict[str, Any]:
    is_page = request.endpoint == way.endpoint
    is_room = request.blueprint in way.rooms
    return {
        "label": _(way.label),
        "url": address(way.endpoint),
        "icon": way.icon,
        "current": "page" if is_page else "true" if is_room else None,
        "count": g.get("overdue") if way.endpoint == "overdue.index" else None,
    }


@cache
def address(endpoint: str) -> str:
    """Return the address of a page that takes no arguments: always the same."""
    return url_for(endpoint)


def has_page(endpoint: str) -> bool:
    """Tell whether a page is built yet, so that nothing links to one that is not."""
    return endpoint in current_app.view_functions


def here() -> str:
    """Return this page's address, or the first page's where this one can only be posted to."""
    path = "/" + quote(request.path.lstrip("/"))
    if request.method in SAFE_METHODS:
        return path + ("?" + _query({}) if request.args else "")
    try:
        current_app.url_map.bind("").match(request.path, "GET")
    except HTTPException:
        return "/"
    return path


def in_language(code: str) -> str:
    """Return the address of this page in another language."""
    path = here().partition("?")[0]
    return f"{path}?{_query({'lang': [code]})}"


def _query(changes: dict[str, list[str]]) -> str:
    kept = {key: values for key, values in request.args.lists() if key != "lang"}
    return urlencode({**kept, **changes}, doseq=True)
