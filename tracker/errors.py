"""Errors: each a page in the reader's language, with a reference number that is found in the log.

Where the database was away the request is answered once more, if that does nothing twice; else the page brings what
was typed.
"""

import io
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, validate_csrf
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError
from wtforms import ValidationError

from tracker import logs
from tracker.db import db
from tracker.text import N_
from tracker.web import SAFE_METHODS, local_path, page

UNAVAILABLE = 503
_MOST = 200_000  # characters kept of one form
_NEVER_KEPT = frozenset({"csrf_token", "password", "again", "current", "code"})
_LAST_TRY = "tracker.last_try"
Typed = dict[str, Any] | None  # a form by which what was typed is sent again

_WORDS = {
    400: (N_("This request was not understood"), N_("Open the page again and repeat the step.")),
    403: (
        N_("This account may not do that"),
        N_("If it should, contact the office that keeps the accounts."),
    ),
    404: (N_("Not found"), N_("Not found, or outside what you may see.")),
    405: (N_("This request was not understood"), N_("Open the page again and repeat the step.")),
    409: (
        N_("Someone else has just changed this"),
        N_("Nothing of yours was lost: go back, compare, and save again."),
    ),
    413: (
        N_("The text is too large"),
        N_("Go back: what you typed is still there. Shorten it and send it again."),
    ),
    422: (N_("Needs correcting"), N_("Go back and correct what you entered.")),
    429: (
        N_("Too many attempts"),
        N_("Wait five minutes and try again."),
    ),
    500: (
        N_("Something went wrong here"),
        N_("Nothing was saved in part. Try again; if it happens again, report the number below."),
    ),
    503: (
        N_("The system cannot answer just now"),
        N_("Nothing was saved in part. Wait a minute, then send it again."),
    ),
}


class _OnceMore(Exception):
    """The request is to be answered from its beginning again."""


class Refused(HTTPException):
    """A refusal that says why in a sentence of its own; `code` is the status."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


def init_app(app: Flask) -> None:
    """Answer every error of `app` with a page."""
    app.register_error_handler(HTTPException, _known)
    app.register_error_handler(StaleDataError, lambda _error: _answer(409))
    app.register_error_handler(CSRFError, _no_token)
    app.register_error_handler(InternalServerError, _unknown)
    app.wsgi_app = partial(_twice, app, app.wsgi_app)  # type: ignore[method-assign]


def _known(error: HTTPException) -> tuple[str, int, list[tuple[str, str]]]:
    kept = [header for header in error.get_headers() if header[0] != "Content-Type"]
    return *_answer(error.code or 500, getattr(error, "why", None)), kept


def _no_token(_error: CSRFError) -> tuple[str, int]:
    return _answer(400, _("The form had expired. Open the page again; nothing was changed."))


def _unknown(error: InternalServerError) -> tuple[str, int]:
    original = error.original_exception
    is_away = _is_away(original)
    if is_away and _may_be_repeated():
        _note(original, "request begun again")
        raise _OnceMore
    _note(original, "request failed")
    return _answer(UNAVAILABLE, again=_again()) if is_away else _answer(500)


def _note(error: BaseException | None, what: str) -> None:
    """Log what was not expected, and take back what was done up to it."""
    numbers = {"reference": g.get("reference"), "rule": logs.rule_of(request)}
    logs.logger().error(what, exc_info=error, **numbers)
    _undo(error)


def _is_away(error: BaseException | None) -> bool:
    """Tell whether the database could not be asked: locked, gone, full, or in a knot with another request."""
    if isinstance(error, OperationalError | InterfaceError | NoConnectionError):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _undo(error: BaseException | None) -> None:
    """Take back what was done and said; where the database failed, the page asks it for nothing more.

    Whoever asked is then forgotten, too: their row has expired and cannot be read again.
    """
    session.pop("_flashes", None)
    with suppress(SQLAlchemyError):
        db.session.rollback()
    if isinstance(error, SQLAlchemyError):
        g.pop("me", None)
        g.pop("sign_in", None)


def _answer(code: int, why: str | None = None, again: Typed = None) -> tuple[str, int]:
    title, advice = _WORDS.get(code, _WORDS[500 if code >= 500 else 400])  # noqa: PLR2004 - 5xx
    return page(
        "error.html",
        code,
        code=code,
        title=_(title),
        advice=why or _(advice),
        again=again,
        reference=g.get("reference"),
    )


# --- once more --------------------------------------------------------------------------------------


def _twice(
    app: Flask, inner: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """Answer a request, and once more from its beginning where the first try asks for it."""
    body = _body(app, environ)
    if body is None:
        return inner({**environ, _LAST_TRY: True}, start_response)
    with suppress(_OnceMore):
        return inner({**environ, "wsgi.input": io.BytesIO(body)}, start_response)
    again = {"wsgi.input": io.BytesIO(body), _LAST_TRY: True}
    return inner({**environ, **again}, start_response)


def _body(app: Flask, environ: WSGIEnvironment) -> bytes | None:
    """Return what was sent, to be read twice; None where it is too long for that, or of unknown length."""
    size = environ.get("CONTENT_LENGTH") or "0"
    if not size.isdecimal() or "HTTP_TRANSFER_ENCODING" in environ:
        return None
    return _read(environ, int(size)) if int(size) <= app.config["MAX_CONTENT_LENGTH"] else None


def _read(environ: WSGIEnvironment, size: int) -> bytes:
    return bytes(environ["wsgi.input"].read(size)) if size else b""


@event.listens_for(db.session, "before_commit")
def _note_commit(_session: object) -> None:
    """What may have been committed must not be done again."""
    if has_request_context():
        g.has_committed = True


def _may_be_repeated() -> bool:
    if request.environ.get(_LAST_TRY):
        return False
    return request.method in SAFE_METHODS or not g.get("has_committed")


# --- what was typed ---------------------------------------------------------------------------------


def typed() -> dict[str, list[str]]:
    """Return what was typed into the form of this request; nothing where a password is asked for."""
    if hasattr(current_app.view_functions.get(request.endpoint or ""), "limited"):
        return {}
    fields = {name: v for name, v in request.form.lists() if name not in _NEVER_KEPT}
    size = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    return fields if size <= _MOST else {}


def _again() -> Typed:
    """Return the form by which it is sent again; none where it did not come from a page of ours."""
    action = request.full_path if request.query_string else request.path
    if request.method != "POST" or request.endpoint is None or not local_path(action):
        return None
    with suppress(HTTPException, ValidationError):
        validate_csrf(request.form.get("csrf_token"))
        return {"action": action, "fields": typed()} if typed() else None
    return None
