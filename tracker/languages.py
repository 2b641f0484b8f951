"""Which language an answer is in, and the catalogue it is written from."""

import os
import tempfile
from pathlib import Path
from typing import Any, TypeVar

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response, current_app, g, request
from flask_babel import Babel
from werkzeug.wrappers import Response as AnyResponse

from tracker.web import LANGUAGES, lang

T = TypeVar("T", bound=AnyResponse)

CATALOGUES = Path(__file__).parent / "translations"
COOKIE = "lang"
_YEAR = 365 * 24 * 3600  # seconds


def chosen() -> str:
    """Return the language asked for: in the address, by the cookie, by the person, by the browser; else Vietnamese."""
    person = g.me.person if "me" in g else None
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE), person and person.lang):
        if wish in LANGUAGES:
            return wish
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def compile_stale() -> None:
    """Compile each catalogue that is newer than what was compiled from it; safe when several processes do."""
    for source in CATALOGUES.glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            _compile(source, target)


def _compile(source: Path, target: Path) -> None:
    with source.open("rb") as lines:
        catalogue = read_po(lines, locale=source.parent.parent.name)
    handle, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as made:
        write_mo(made, catalogue)
    Path(name).replace(target)


def with_cookies(response: T, **wishes: str | None) -> T:
    """Let this browser remember a language or colours, and forget those that are left to the device."""
    secure = current_app.extensions["settings"].is_secure
    for name, wish in wishes.items():
        kind: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": secure}
        if wish is None:
            response.delete_cookie(name, **kind)
        else:
            response.set_cookie(name, wish, max_age=_YEAR, **kind)
    return response


def init_app(app: Flask) -> None:
    """Let `app` answer in the reader's language and remember a choice made in the address."""
    compile_stale()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    app.config["BABEL_DEFAULT_LOCALE"] = LANGUAGES[0]
    Babel(app, locale_selector=chosen)

    app.after_request(_remember)


def _remember(response: Response) -> Response:
    wish = request.args.get("lang")
    if wish in LANGUAGES and request.cookies.get(COOKIE) != wish:
        with_cookies(response, lang=wish)
    response.headers["Content-Language"] = lang()
    response.vary.update(("Accept-Language", "Cookie"))
    return response
