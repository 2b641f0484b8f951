"""Signing in: Flask-Login on a row per sign-in, checked on every request.

The cookie holds a token, the database its hash. Sign-ins run by the machine's clock, the seats
somebody holds by the domain's.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from tracker import logs, web
from tracker.clock import machine_now
from tracker.db import begin_writing, db
from tracker.people import actions, queries
from tracker.people.models import Person, SignIn
from tracker.people.preferences import browser
from tracker.settings import Settings

MeOf = Callable[[Person, date], web.Asker]

_TOKEN = "_user_id"  # noqa: S105 - the key under which Flask-Login keeps what names a user
_ENDED = "ended"
_CARRIED = ("csrf_token", "kept")
_SEEN_EVERY = timedelta(minutes=5)
_NOBODYS = frozenset(
    {"static", "healthz", "readyz", "feeds.read"}
)  # whoever asks, the answer is the same

manager = LoginManager()
# No fingerprint of address and browser: telephones change their address all day.
manager.session_protection = None


class Signed(UserMixin):  # type: ignore[misc]
    """A valid sign-in, as Flask-Login wants to see it: the token stands for the person."""

    def __init__(self, sign_in: SignIn, token: str) -> None:
        self.sign_in, self.token = sign_in, token

    def get_id(self) -> str:
        """Return what the cookie keeps."""
        return self.token


def init_app(app: Flask, me_of: MeOf, stranger: web.Asker) -> None:
    """Let every request of `app` know who asks: `g.me` and `g.sign_in`.

    `me_of` finds the seats a person holds on a day; the units are known further up the ladder.
    """
    manager.init_app(app, add_context_processor=False)  # an error page must not ask who reads
    app.before_request(partial(_recognise, me_of, stranger))
    app.teardown_request(_note_use)
    app.jinja_env.filters["browser"] = browser


def lifetimes() -> tuple[timedelta, timedelta]:
    """Return after how long a sign-in ends unused, and in any case."""
    settings: Settings = current_app.extensions["settings"]
    return timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.absolute_hours)


def _recognise(me_of: MeOf, stranger: web.Asker) -> None:
    g.me, g.sign_in = stranger, None
    if request.endpoint in _NOBODYS or _TOKEN not in session:
        return
    if current_user.is_authenticated:
        g.sign_in = current_user.sign_in
        g.me = me_of(g.sign_in.person, web.today())


@manager.user_loader  # type: ignore[untyped-decorator, unused-ignore]
def _load(token: str) -> Signed | None:
    sign_in = queries.sign_in_by_token(token)
    return Signed(sign_in, token) if sign_in and is_valid(sign_in, machine_now()) else None


def is_valid(sign_in: SignIn, clock_at: datetime) -> bool:
    """Tell whether a sign-in still holds: not ended, not too long unused, not too old, not disabled."""
    idle, absolute = lifetimes()
    return (
        sign_in.ended_at is None
        and sign_in.person.disabled_at is None
        and clock_at - sign_in.last_seen_at < idle
        and clock_at - sign_in.started_at < absolute
    )


def active(person: Person) -> list[SignIn]:
    """Return the sign-ins of a person that still hold."""
    clock_at, (idle, absolute) = machine_now(), lifetimes()
    return list(queries.sign_ins_of(person.id, clock_at - idle, clock_at - absolute))


# --- the one write in a GET -------------------------------------------------------------------------


def is_poll() -> bool:
    """Tell whether a page asks by itself for what is new; that keeps no sign-in alive."""
    return web.is_htmx() and "X-Poll" in request.headers


def _note_use(_error: BaseException | None) -> None:
    """Write down that the sign-in is in use, after the answer, in a short transaction of its own."""
    sign_in: SignIn | None = g.get("sign_in")
    if sign_in is None or is_poll() or request.endpoint in logs.MACHINES:
        return
    try:
        _see(sign_in, machine_now())
    except SQLAlchemyError:
        # The answer stands; the next request tries again.
        logs.logger().warning("sign-in not marked as used", exc_info=True)
        with suppress(SQLAlchemyError):
            db.session.rollback()


def _see(sign_in: SignIn, clock_at: datetime) -> None:
    if clock_at - sign_in.last_seen_at >= _seen_every():
        db.session.rollback()
        begin_writing()
        actions.see(sign_in.id, clock_at)
        db.session.commit()


def _seen_every() -> timedelta:
    return min(_SEEN_EVERY, lifetimes()[0] / 6)


# --- beginning and ending ---------------------------------------------------------------------------


def begin(person: Person) -> None:
    """Sign `person` in on this browser with a new token; whoever was signed in on it no longer is.

    What the same person left behind is carried over: pages open in other windows go on working.
    """
    before = last_sign_in()
    is_same = before is not None and before.person_id == person.id
    carried = {key: session[key] for key in _CARRIED if is_same and key in session}
    if before is not None:
        actions.end_sign_in(before, machine_now())
    session.clear()
    session.update(carried)
    agent = request.user_agent.string
    address = request.remote_addr or ""
    sign_in, token = actions.begin_sign_in(person, address, agent, machine_now())
    login_user(Signed(sign_in, token))
    g.sign_in = sign_in
    logs.logger().info("signed in", person=person.id, sign_in=sign_in.id)


def end() -> None:
    """Sign out on this browser; the token stays, worthless, to know whose forms may still come."""
    sign_in: SignIn | None = g.sign_in
    if sign_in is None:
        return
    actions.end_sign_in(sign_in, machine_now())
    session[_ENDED] = session[_TOKEN]
    logout_user()
    g.sign_in = None
    logs.logger().info("signed out", person=sign_in.person_id, sign_in=sign_in.id)


def last_sign_in() -> SignIn | None:
    """Return this browser's latest sign-in, whether or not it still holds."""
    token = session.get(_TOKEN) or session.get(_ENDED)
    return queries.sign_in_by_token(token) if token else None


def has_run_out() -> bool:
    """Tell whether this browser was signed in and did not sign out."""
    return g.sign_in is None and _TOKEN in session
