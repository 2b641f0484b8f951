"""The gate: strangers sign in first, what they had typed is kept, an empty site leads to its set-up."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from tracker import web
from tracker.clock import machine_now
from tracker.db import begin_writing, db
from tracker.errors import typed
from tracker.forms import Kept
from tracker.people import actions, queries, signing
from tracker.policy import Standing, may

_KEPT = "kept"
_LONGEST_PATH = 500


def init_app(app: Flask) -> None:
    """Close `app` to strangers. To be called after CSRF: only what came from our pages is kept."""
    app.extensions["kept_form"] = kept
    app.before_request(_lead_to_setup)
    app.before_request(_turn_away)
    app.after_request(_forget_what_was_sent)
    app.register_error_handler(Unauthorized, _sign_in_first)


def _lead_to_setup() -> AnyResponse | None:
    """Send every page of an empty site in production to the set-up."""
    extensions = current_app.extensions
    if not extensions["settings"].is_production or extensions.get("has_people"):
        return None
    if queries.is_anybody():
        extensions["has_people"] = True
        return None
    is_let_in = is_open(request.endpoint) and request.endpoint != "people.sign_in"
    return None if is_let_in else web.see_other(url_for("people.setup"))


def _turn_away() -> None:
    """Let strangers in where the verb of the route is everybody's, and nowhere else.

    Here and not only at each view, so that a view that looks before it asks cannot answer 404 to
    somebody whose sign-in has just ended, and lose what they typed.
    """
    if Standing.PERSON in g.me.standings or request.endpoint is None:
        return
    if not is_open(request.endpoint):
        raise Unauthorized


def is_open(endpoint: str | None) -> bool:
    """Tell whether a route is for everybody; one that names no verb is not."""
    if endpoint == "static":
        return True
    verb = getattr(current_app.view_functions.get(endpoint or ""), "verb", None)
    return verb is not None and may(verb, {Standing.ANYONE})


def _sign_in_first(_error: HTTPException) -> AnyResponse | tuple[str, int]:
    if signing.is_poll():
        return "", 204  # the page stays as it is until somebody does something
    ended = "1" if signing.has_run_out() else None
    if request.method in web.SAFE_METHODS:
        return web.see_other(url_for("people.sign_in", next=_page(), ended=ended))
    _keep()
    return web.see_other(url_for("people.sign_in", next=_page(), ended=ended))


# --- what was typed -----------------------------------------------------------------------------------


def _keep() -> None:
    """Keep the fields of this request for the person whose sign-in ended on this browser."""
    last, fields = signing.last_sign_in(), typed()
    if last is None or not fields:
        return
    owner = last.person_id
    db.session.rollback()
    begin_writing()
    if _KEPT in session:
        actions.drop_kept_form(session[_KEPT])
    session[_KEPT] = actions.keep_form(owner, _page(), request.path, fields, machine_now())


def _page() -> str:
    """Return the page the request came from, as a path of this site that can be read."""
    if request.method in web.SAFE_METHODS and not web.is_htmx():
        wish: str | None = request.full_path if request.query_string else request.path
    else:
        wish = _path_on_this_site(request.headers.get("HX-Current-URL") or request.referrer)
    path = web.local_path(wish or request.path) or "/"
    return path if len(path) <= _LONGEST_PATH and _is_readable(path) else _above(request.path)


def _path_on_this_site(address: str | None) -> str | None:
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    if parts.netloc != request.host:
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _is_readable(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path.partition("?")[0], "GET")
    except HTTPException:
        return False
    return True


def _above(path: str) -> str:
    """Return the nearest page above the address of a verb: /tasks/7 for /tasks/7/hand-in."""
    while path and not _is_readable(path):
        path = path.rpartition("/")[0]
    return path if 0 < len(path) <= _LONGEST_PATH else "/"


def kept() -> Kept | None:
    """Return what was kept for the reader and this page; forms fill themselves with it."""
    if _KEPT not in session or g.sign_in is None or request.method not in web.SAFE_METHODS:
        return None
    if "kept_form" not in g:
        g.kept_form = queries.kept_form(session[_KEPT], g.sign_in.person_id)
    row = g.kept_form
    if row is None or row.path.partition("?")[0] != request.path:
        return None
    pairs = [(name, value) for name, values in row.fields.items() for value in values]
    return Kept(row.action, MultiDict(pairs))


def has_kept() -> bool:
    """Tell whether something typed waits for whoever signs in on this browser."""
    return _KEPT in session


def way_on(person_id: int, wish: str | None) -> tuple[str, bool]:
    """Return where to go after signing in, and whether something typed waits there."""
    row = queries.kept_form(session[_KEPT], person_id) if _KEPT in session else None
    if row is not None:
        return row.path, True
    return web.local_path(wish) or "/", False


def _forget_what_was_sent(response: Response) -> Response:
    """Drop what was kept once its form has been answered; in the request's own transaction."""
    token: Any = session.get(_KEPT)
    is_sent = request.method not in web.SAFE_METHODS and response.status_code < 400  # noqa: PLR2004
    if token and is_sent and g.get("sign_in") is not None:
        row = queries.kept_form(token, g.sign_in.person_id)
        if row is None or row.action == request.path:
            actions.drop_kept_form(token)
            session.pop(_KEPT)
    return response
