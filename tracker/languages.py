"""Which language an answer is in, and the catalogue it is written from."""

import os
import tempfile
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, current_app, g, request
from flask_babel import Babel, Domain
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from tracker.logs import MACHINES
from tracker.web import LANGUAGES, lang

T = TypeVar("T", bound=AnyResponse)

CATALOGUES = Path(__file__).parent / "translations"
COOKIE = "lang"
_PROGRAMS = MACHINES | {"feeds.read"}  # which remember nothing
_YEAR = 365 * 24 * 3600  # seconds
_KEPT = 8_192  # sentences; the product has some two thousand


def chosen() -> str:
    """Return the language asked for: in the address, by the cookie, by the person, by the browser; else Vietnamese."""
    person = g.me.person if "me" in g else None
    for wish in (request.args.get("lang"), cookie(COOKIE), person and person.lang):
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


# --- words, looked up once: a page asks for some seventy -------------------------------------------


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(str(CATALOGUES), [language])


class _OneCatalogue(Domain):  # type: ignore[misc]
    """The product's one catalogue, found without looking for others."""

    def get_translations(self) -> NullTranslations:
        """Return the catalogue of the answer's language."""
        return _catalogue(lang())


@lru_cache(maxsize=_KEPT)
def _words(language: str, message: str, is_html: bool) -> str:
    words = str(_catalogue(language).gettext(message))
    return Markup(words) if is_html else words  # noqa: S704 - written by us, as the templates are


@lru_cache(maxsize=_KEPT)
def _bare(language: str, message: str, is_html: bool) -> str:
    return _words(language, message, is_html) % {}


@pass_eval_context
def translate(context: EvalContext, message: str, **values: Any) -> str:
    """Translate for a template; on a page the values are escaped."""
    if not values:
        return _bare(lang(), message, context.autoescape)
    return _words(lang(), message, context.autoescape) % values


# --- what a browser remembers ----------------------------------------------------------------------


def cookie(name: str) -> str | None:
    """Return what this browser remembers under a name."""
    return request.cookies.get(current_app.extensions["settings"].cookie(name))


def with_cookies(response: T, **wishes: str | None) -> T:
    """Let this browser remember a language, colours or other wishes, and forget those that are left to the device."""
    settings = current_app.extensions["settings"]
    kind: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": settings.is_secure}
    for name, wish in wishes.items():
        if wish is None:
            response.delete_cookie(settings.cookie(name), **kind)
        else:
            response.set_cookie(settings.cookie(name), wish, max_age=_YEAR, **kind)
    return response


def init_app(app: Flask) -> None:
    """Let `app` answer in the reader's language and remember a choice made in the address."""
    compile_stale()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    app.config["BABEL_DEFAULT_LOCALE"] = LANGUAGES[0]
    babel = Babel(app, locale_selector=chosen)
    babel.domain_instance = _OneCatalogue()
    app.jinja_env.globals.update(_=translate, gettext=translate)
    app.after_request(_remember)


def _remember(response: Response) -> Response:
    wish = request.args.get("lang") if request.endpoint not in _PROGRAMS else None
    if wish in LANGUAGES and cookie(COOKIE) != wish:
        with_cookies(response, lang=wish)
    response.headers.setdefault("Content-Language", lang())
    response.vary.update(("Accept-Language", "Cookie"))
    return response
