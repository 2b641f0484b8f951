"""What stands around every page: the ways through the site, who reads, the notices, htmx."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, current_app, g, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from tracker.committees.models import Unit
from tracker.committees.standings import STRANGER, Me
from tracker.db import among, db
from tracker.headers import HTMX_HASH, HTMX_URL, KEPT
from tracker.languages import cookie
from tracker.policy import Verb, may
from tracker.rules.queries import is_demonstration
from tracker.text import N_
from tracker.web import SAFE_METHODS, lang, named_html, now, stands_for, static_url

THEMES = ("light", "dark")
HTMX_VERSION = "2.0.10"


@dataclass(frozen=True)
class Way:
    """One entry of the navigation. `rooms` are the blueprints whose pages lie behind it."""

    label: str
    endpoint: str
    icon: str
    rooms: tuple[str, ...]
    verb: Verb = Verb.SEE_OWN


_WAYS: tuple[tuple[str, tuple[Way, ...]], ...] = (
    (
        N_("Tasks"),
        (
            Way(N_("My work"), "reviews.my_work", "my-work", ("reviews",)),
            Way(N_("Board"), "board.index", "board", ("board", "tasks", "letters")),
            Way(N_("Calendar"), "calendar.index", "calendar", ("calendar",)),
        ),
    ),
    (
        N_("Sources"),
        (
            Way(N_("Documents"), "documents.index", "document", ("documents",)),
            Way(N_("Plans"), "plans.index", "plan", ("plans", "timeline")),
            Way(N_("Units"), "committees.index", "unit", ("committees",)),
        ),
    ),
    (
        N_("Leaders"),
        (
            Way(N_("Overdue"), "overdue.index", "overdue", ("overdue",)),
            Way(N_("No deadline yet"), "timing.undated", "unknown", ()),
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


# --- the ways through the site ------------------------------------------------------------------


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


# --- who reads, and what they are told ----------------------------------------------------------


def me() -> Me:
    """Return who reads; a stranger where the request failed before that was known."""
    return g.get("me") or STRANGER


def theme() -> str | None:
    """Return the theme chosen in this browser, else by the person, else none: the machine's own."""
    person = me().person
    for wish in (cookie("theme"), person and person.theme):
        if wish in THEMES:
            return wish
    return None


_NAMES = select(Unit.name_vi, Unit.name_en).where(among(Unit.id)).order_by(Unit.id)


def own_units() -> list[Markup]:
    """Return the names of the units in which the reader holds a seat today."""
    ids = {seat.unit_id for seat in me().seats}
    if not ids:
        return []
    return [named_html(row) for row in db.session.connection().execute(_NAMES, {"ids": ids})]


def _around() -> dict[str, Any]:
    """Return what the layout shows; an error page must come even where the database is gone."""
    try:
        return {
            "theme": theme(),
            "demonstration": _demonstration(),
            "own_units": own_units(),
            "as_at": now(),
        }
    except SQLAlchemyError:
        db.session.rollback()
        return {"theme": None, "demonstration": False, "own_units": [], "as_at": None}


def _demonstration() -> bool:
    """Tell whether this is the demonstration; once it is, it stays so, and production never is."""
    extensions = current_app.extensions
    if extensions["settings"].is_production:
        return False
    if not extensions.get("demonstration"):
        extensions["demonstration"] = is_demonstration()
    return bool(extensions["demonstration"])


# --- words that stay on one line ----------------------------------------------------------------

_WHOLE = re.compile(
    r"\b\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{4})?\b|\b[Qq]uý [IVX1-4]+(?:[-/]\d{4})?|\b\d{1,2}[-/]\d{4}\b"
)


def unbroken(words: str) -> Markup:
    """Keep the days and quarters in `words` from breaking at their hyphens."""
    parts, at = [], 0
    for found in _WHOLE.finditer(words):
        parts += [
            Markup.escape(words[at : found.start()]),
            Markup('<span class="nb">{}</span>').format(found[0]),
        ]
        at = found.end()
    return Markup("").join([*parts, Markup.escape(words[at:])])


def kept(words: str | None) -> Markup:
    """Show words as somebody wrote them: marked as Vietnamese on other pages, days unbroken."""
    whole = unbroken(words or "")
    return Markup('<span lang="vi">{}</span>').format(whole) if lang() != "vi" and words else whole


@cache
def icon(name: str) -> Markup:
    """Return an icon of the sprite; a page draws dozens, all alike."""
    drawn = Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}" /></svg>')
    return drawn.format(static_url("icons.svg"), name)


def dom_id(kind: str, row_id: int) -> str:
    """Return the id of the element that shows a row: `task-7`."""
    return f"{kind}-{row_id}"


# --- htmx ---------------------------------------------------------------------------------------


@stands_for(Verb.OPEN_DOOR)
def htmx_file() -> Response:
    """Serve htmx from the package it is installed with, for networks that cannot reach the CDN."""
    response = Response(_htmx_path().read_bytes(), mimetype="text/javascript")
    response.headers["Cache-Control"] = KEPT
    return response


def _htmx_path() -> Path:
    package = find_spec("django_htmx")
    if package is None or package.origin is None:
        raise FileNotFoundError("django_htmx")
    return Path(package.origin).parent / "static" / "django_htmx" / "htmx-2.min.js"


def _htmx() -> dict[str, str | None]:
    return _scripts(current_app.extensions["settings"].htmx)


@cache
def _scripts(first: str) -> dict[str, str | None]:
    local = url_for("htmx_file", v=HTMX_VERSION)
    if first == "local":
        return {"url": local, "hash": None, "local": local}
    return {"url": HTMX_URL, "hash": HTMX_HASH, "local": local}


def init_app(app: Flask) -> None:
    """Give the templates of `app` what stands around a page."""
    app.add_url_rule("/static-packages/htmx-2.min.js", "htmx_file", htmx_file)
    app.context_processor(_around)
    app.jinja_env.filters.update(unbroken=unbroken, kept=kept)
    app.jinja_env.globals.update(
        nav_items=nav_items,
        tabs=tabs,
        has_page=has_page,
        here=here,
        in_language=in_language,
        me=me,
        dom_id=dom_id,
        drawn=icon,
        htmx=_htmx,
    )
