"""What every view needs: who asks, what day it is, the verb of a route, answers, filters, the one commit."""

import functools
import hashlib
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
)
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from tracker import text
from tracker.clock import ZONE, Clock, day_of
from tracker.db import begin_writing, db, lock
from tracker.policy import Standing, Verb, may
from tracker.text import N_

LANGUAGES = ("vi", "en")
LONGEST_SEARCH = 200  # characters; a database refuses patterns of many thousands
CONFLICT, INVALID = 409, 422  # somebody else was faster; what was sent needs correcting
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

P = ParamSpec("P")
T = TypeVar("T")
Answer = str | Response | AnyResponse | tuple[str, int]


class Asker(Protocol):
    """Whoever sends the request, as far as the web needs to know."""

    @property
    def standings(self) -> frozenset[Standing]:
        """How they stand towards the site as a whole."""


# --- who, when, in which language -------------------------------------------------------------


def now() -> datetime:
    """Return the domain's instant, the same all through one request."""
    if "now" not in g:
        g.now = clock().now()
    return g.now  # type: ignore[no-any-return]


def today() -> date:
    """Return the domain's day in Vietnam."""
    return day_of(now())


def clock() -> Clock:
    """Return the domain's clock, read from the database once per process."""
    extensions = current_app.extensions
    if "clock" not in extensions:
        extensions["clock"] = extensions["read_clock"]()
    return extensions["clock"]  # type: ignore[no-any-return]


def lang() -> str:
    """Return the language of the answer, `vi` or `en`."""
    locale = get_locale()
    return locale.language if locale is not None else LANGUAGES[0]


# --- routes and their verbs ---------------------------------------------------------------------


def for_verb(verb: Verb) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Say which verb a view stands for, and let in only those whose standing to the site allows it."""

    def decorate(view: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            require(verb, g.me.standings)
            return view(*args, **kwargs)

        return stands_for(verb)(guarded)

    return decorate


def stands_for(verb: Verb, *more: Verb) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Mark a view with its verb; the check needs the thing itself and is made by the package's door.

    A view that serves a whole table of moves names each of their verbs.
    """

    def decorate(view: Callable[P, T]) -> Callable[P, T]:
        view.verb = verb  # type: ignore[attr-defined]
        view.verbs = (verb, *more)  # type: ignore[attr-defined]
        return view

    return decorate


def require(verb: Verb, standings: frozenset[Standing] | set[Standing]) -> None:
    """Let pass whom the policy lets pass; send strangers to sign in, refuse everybody else."""
    if may(verb, standings):
        return
    if Standing.PERSON not in g.me.standings:
        abort(401)
    abort(403)


# --- answers ----------------------------------------------------------------------------------------


def see_other(location: str) -> AnyResponse:
    """Answer a POST with the page to read next."""
    return redirect(location, code=303)


def say(message: str, kind: str = "done") -> None:
    """Put one sentence on the next page the reader sees."""
    flash(message, kind)


def page(template: str, status: int = 200, **context: Any) -> tuple[str, int]:
    """Render a whole page."""
    return render_template(template, **context), status


def is_htmx() -> bool:
    """Tell whether a script of the page asks for a part; it changes the shape of an answer, never a right."""
    return request.headers.get("HX-Request") == "true"


def local_path(target: str | None) -> str | None:
    """Return `target` if it is a path of this very site, else None."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    return None if any(c in target for c in "\\\r\n\t\0") else target


def searched() -> str:
    """Return what the address asks to search for: clean, and no longer than anything that is found."""
    return " ".join(text.clean(request.args.get("q", "")).split())[:LONGEST_SEARCH]


# --- words, days, numbers in the reader's language ------------------------------------------------

_WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: date) -> str:
    """Write a day as officials do: vi 31-3-2018, en 31 Mar 2018."""
    if lang() == "vi":
        return f"{day.day}-{day.month}-{day.year}"
    return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"


def day_html(day: date) -> Markup:
    """Write a day that does not break at its hyphens and that a machine can read."""
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), day_words(day))


def weekday(day: date) -> str:
    """Return the name of the day of the week."""
    return str(_(_WEEKDAYS[day.weekday()]))


def moment_words(at: datetime) -> str:
    """Write an instant in local time: vi 8 giờ 05, 10-4-2018; en 08:05, 10 Apr 2018."""
    local = at.astimezone(ZONE)
    return f"{hour_words(local.time())}, {day_words(local.date())}"


def hour_words(at: time) -> str:
    """Write a time of day: vi 8 giờ 05; en 08:05."""
    return f"{at.hour} giờ {at.minute:02d}" if lang() == "vi" else f"{at:%H:%M}"


def moment_html(at: datetime) -> Markup:
    """Write an instant that a machine can read."""
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), moment_words(at))


def number_words(value: Decimal | int) -> str:
    """Write a number as the language does."""
    return text.number(value, lang())


def named(row: Any, field: str = "name") -> str:
    """Return a row's text in the reader's language where there is one, else in Vietnamese."""
    english = getattr(row, f"{field}_en") if lang() == "en" else None
    return english or getattr(row, f"{field}_vi") or ""


def named_html(row: Any, field: str = "name") -> Markup:
    """Return the same for a page: Vietnamese on an English page is marked as such."""
    words = named(row, field)
    if lang() == "en" and words and not getattr(row, f"{field}_en"):
        return vietnamese(words)
    return escape(words)


def vietnamese(words: str) -> Markup:
    """Mark words kept as somebody wrote them, in Vietnamese, on a page in another language."""
    return Markup('<span lang="vi">{}</span>').format(words) if lang() != "vi" else escape(words)


def tell(message: str, values: dict[str, Any] | None = None) -> str:
    """Translate a sentence a pure rule left untranslated; days and numbers among its values become words."""
    return str(_(message)).format(
        **{name: _spoken(value) for name, value in (values or {}).items()}
    )


def _spoken(value: Any) -> str:
    if isinstance(value, datetime):
        return moment_words(value)
    if isinstance(value, date):
        return day_words(value)
    return str(value)


# --- static files -----------------------------------------------------------------------------------


def static_url(filename: str) -> str:
    """Return the address of a static file with a digest of its content, so that it may be kept for ever."""
    return f"{current_app.static_url_path}/{filename}?v={_digest(filename)}"


@functools.cache
def _digest(filename: str) -> str:
    path = Path(current_app.static_folder or "") / filename
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


# --- the edge ---------------------------------------------------------------------------------------


def _open_edge() -> None:
    if request.method not in SAFE_METHODS:
        begin_writing()


def hold(kind: type[Any], row_id: int) -> None:
    """Let nobody else change a row while this request may; on SQLite the edge holds the whole database."""
    if request.method not in SAFE_METHODS:
        lock(kind, row_id)


def _close_edge(response: Response) -> Response:
    """Commit what an answered request did, roll back what was refused."""
    if response.status_code < 400:  # noqa: PLR2004 - the border between answered and refused
        db.session.commit()
    else:
        db.session.rollback()
    return response


def init_app(app: Flask) -> None:
    """Give `app` the edge and the words for its templates."""
    app.before_request(_open_edge)
    app.after_request(_close_edge)
    app.jinja_env.filters.update(
        day=day_html,
        day_words=day_words,
        weekday=weekday,
        hour=hour_words,
        moment=moment_html,
        number=number_words,
        named=named_html,
        named_words=named,
        vietnamese=vietnamese,
    )
    app.jinja_env.globals.update(
        lang=lang, today=today, now=now, static_url=static_url, tell=tell, Verb=Verb, may=may
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
