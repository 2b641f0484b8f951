"""Errors: each a page in the reader's language, with a reference number that is found in the log."""

from contextlib import suppress

from flask import Flask, g, request, session
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError

from tracker import logs
from tracker.db import db
from tracker.text import N_
from tracker.web import page

UNAVAILABLE = 503

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


def _known(error: HTTPException) -> tuple[str, int, list[tuple[str, str]]]:
    kept = [header for header in error.get_headers() if header[0] != "Content-Type"]
    return *_answer(error.code or 500, getattr(error, "why", None)), kept


def _no_token(_error: CSRFError) -> tuple[str, int]:
    return _answer(400, _("The form had expired. Open the page again; nothing was changed."))


def _unknown(error: InternalServerError) -> tuple[str, int]:
    original = error.original_exception
    code = UNAVAILABLE if isinstance(original, OperationalError) else 500
    logs.logger().error(
        "request failed", reference=g.get("reference"), path=request.path, exc_info=original
    )
    _undo(original)
    return _answer(code)


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


def _answer(code: int, why: str | None = None) -> tuple[str, int]:
    title, advice = _WORDS.get(code, _WORDS[500 if code >= 500 else 400])  # noqa: PLR2004 - 5xx
    return page(
        "error.html",
        code,
        code=code,
        title=_(title),
        advice=why or _(advice),
        reference=g.get("reference"),
    )
