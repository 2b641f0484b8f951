"""The factory: settings, extensions, blueprints, commands."""

from typing import Any

from flask import Flask
from flask_compress import Compress
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from tracker import errors, headers, health, languages, layout, logs, notices, web
from tracker.calendars import views as calendars_views
from tracker.cascades import views as cascades_views
from tracker.committees import views as committees_views
from tracker.committees.commands import committees
from tracker.committees.standings import STRANGER, me_of
from tracker.copies.commands import backup, restore
from tracker.db import db, engine_options, migrate, prepare_engines
from tracker.deadlines import views as deadlines_views
from tracker.deadlines.commands import deadlines
from tracker.demo.commands import demo
from tracker.difficulties import views as difficulties_views
from tracker.digests import views as digests_views
from tracker.digests.commands import digests
from tracker.doctor import doctor
from tracker.documents import views as documents_views
from tracker.drafting import views as drafting_views
from tracker.fanouts import views as fanouts_views
from tracker.feeds import models as _feeds  # noqa: F401
from tracker.feeds import views as feeds_views
from tracker.history import models as _history  # noqa: F401
from tracker.letters import views as letters_views
from tracker.mail import views as mail_views
from tracker.mail.commands import mail
from tracker.measures import figure_views
from tracker.measures import models as _measures  # noqa: F401
from tracker.measures import views as measures_views
from tracker.people import gate, signing
from tracker.people import views as people_views
from tracker.people.commands import people
from tracker.plans import views as plans_views
from tracker.reports import views as reports_views
from tracker.requests import part_views
from tracker.requests import views as requests_views
from tracker.reviews import overdue_views
from tracker.reviews import views as reviews_views
from tracker.rules import queries as rules
from tracker.rules import views as rules_views
from tracker.search import views as search_views
from tracker.seats import views as seats_views
from tracker.settings import ROOT, Settings
from tracker.tasks import board_views
from tracker.tasks import views as tasks_views
from tracker.timing import views as timing_views
from tracker.visits import models as _visits  # noqa: F401

csrf = CSRFProtect()
compress = Compress()

PAGES: tuple[Any, ...] = (
    committees_views.pages,
    seats_views.pages,
    documents_views.pages,
    plans_views.pages,
    deadlines_views.pages,
    people_views.pages,
    tasks_views.pages,
    board_views.pages,
    reviews_views.pages,
    mail_views.pages,
    rules_views.pages,
    notices.pages,
    letters_views.pages,
    requests_views.pages,
    part_views.pages,
    timing_views.pages,
    overdue_views.pages,
    reports_views.pages,
    digests_views.pages,
    calendars_views.pages,
    calendars_views.lines,
    feeds_views.pages,
    fanouts_views.pages,
    difficulties_views.pages,
    search_views.pages,
    cascades_views.pages,
    drafting_views.pages,
    figure_views.pages,
    measures_views.pages,
)
COMMANDS: tuple[Any, ...] = (
    committees,
    deadlines,
    people,
    demo,
    digests,
    mail,
    backup,
    restore,
    doctor,
)


# A mail program that stops the digest (RFC 8058) has no session, so no token of a form: its link proves enough.
WITHOUT_TOKEN = ("tracker.digests.views.off",)


class Id(IntegerConverter):
    """An id as its column can hold it; a larger number is the address of nothing."""

    def __init__(self, url_map: Map, **more: Any) -> None:
        super().__init__(url_map, **{"max": 2**31 - 1} | more)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for `settings`, or for those of the environment."""
    settings = settings or Settings.load()
    app = Flask("tracker", root_path=str(ROOT), instance_path=str(settings.instance_path))
    app.config.from_mapping(_config(settings))
    app.extensions["settings"] = settings
    app.extensions["read_clock"] = rules.clock
    app.url_map.converters["int"] = Id
    _extend(app)
    for pages in PAGES:
        app.register_blueprint(pages)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app


def _config(settings: Settings) -> dict[str, Any]:
    cookie = {
        "NAME": settings.cookie("session"),
        "PATH": "/",
        "HTTPONLY": True,
        "SAMESITE": "Lax",
        "SECURE": settings.is_secure,
    }
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url)
        | {
            "hide_parameters": settings.is_production
        },  # an error is logged without what it was about
        "MAX_CONTENT_LENGTH": settings.max_content_length,
        "MAX_FORM_MEMORY_SIZE": settings.max_content_length,
        "WTF_CSRF_TIME_LIMIT": None,  # the sign-in's own end is the limit
        "COMPRESS_LEVEL": 1,
        "COMPRESS_ALGORITHM": ["gzip"],
        "SEND_FILE_MAX_AGE_DEFAULT": 0,
        **{f"SESSION_COOKIE_{name}": value for name, value in cookie.items()},
    }


def _extend(app: Flask) -> None:
    logs.init_app(app)
    db.init_app(app)
    migrate.init_app(app)
    with app.app_context():
        prepare_engines()
    hops = app.extensions["settings"].trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    compress.init_app(app)
    headers.init_app(app)
    languages.init_app(app)
    web.init_app(app)
    signing.init_app(app, me_of, STRANGER)
    health.init_app(app)
    layout.init_app(app)
    csrf.init_app(app)
    for view in WITHOUT_TOKEN:
        csrf.exempt(view)
    gate.init_app(app)
    errors.init_app(app)
