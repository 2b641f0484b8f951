"""What stands around every page: who reads, the notices, words that stay on one line, htmx."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from tracker.committees.models import Unit
from tracker.db import among, db
from tracker.headers import HTMX_HASH, HTMX_URL, KEPT
from tracker.languages import cookie
from tracker.navigation import has_page, here, in_language, me, nav_items, tabs
from tracker.policy import Verb
from tracker.rules.queries import is_demonstration
from tracker.web import lang, named_html, now, stands_for, static_url

THEMES = ("light", "dark")
HTMX_VERSION = "2.0.10"


def theme() -> str | None:
    """Return the theme chosen in this browser, else by the person, else none: the machine's own."""
    person = me().person
    for wish in (cookie("theme"), person and person.theme):
        if wish in THEMES:
            return wish
    return None


def acts_on_keys() -> bool:
    """Tell whether a single key may act in this browser; its owner may have switched that off."""
    return cookie("keys") != "off"


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
        acts_on_keys=acts_on_keys,
        dom_id=dom_id,
        drawn=icon,
        htmx=_htmx,
    )
