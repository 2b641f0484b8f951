"""The command `doctor`: looks at everything the product stands on and says in words what is wrong with it."""

import enum
import os
import shutil
import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError

from tracker import schema
from tracker.clock import ZONE, machine_now
from tracker.db import SAFE_WAL, db, sqlite_module
from tracker.history.models import Event
from tracker.mail.figures import outbox
from tracker.mail.models import MailState
from tracker.mail.smtp import AwayError, Patience, connect
from tracker.rules.queries import clock, last_tick, mail_held_since
from tracker.settings import Settings

_ROOM = 500_000_000  # bytes
_MAIL_WAITS = timedelta(hours=2)
_TICKS = timedelta(minutes=5)
_DRIFT = timedelta(seconds=5)
_SOON = Patience(connection=5, answer=5)


class Mark(enum.StrEnum):
    """How a finding is marked, and whether it lets the command fail."""

    SHOWN = ""
    GOOD = "ok"
    NOTE = "note"
    WRONG = "WRONG"


class Finding(NamedTuple):
    """One sentence about one thing."""

    mark: Mark
    words: str


Findings = Iterator[Finding]


def good(words: str) -> Finding:
    """Return what is as it should be."""
    return Finding(Mark.GOOD, words)


def note(words: str) -> Finding:
    """Return what somebody may want to know."""
    return Finding(Mark.NOTE, words)


def wrong(words: str) -> Finding:
    """Return what keeps the product from doing its work, with what to do about it."""
    return Finding(Mark.WRONG, words)


# --- settings ---------------------------------------------------------------------------------------


def of_settings(settings: Settings) -> Findings:
    """Each setting with its source; what cannot be served at all has ended the command before."""
    for name, value, source in settings.shown():
        yield Finding(Mark.SHOWN, f"{name} = {value} ({source})")
    if settings.is_production and not settings.smtp_url:
        folder = settings.instance_path / "mail"
        yield wrong(
            f"SMTP_URL is not set: mails are written to {folder}, and nobody receives them."
        )
    if settings.is_production and settings.mail_from.rstrip(">").endswith("@localhost"):
        yield wrong("MAIL_FROM is not set: mail servers refuse a sender at localhost.")
    if not settings.is_production:
        yield note("This is development: passwords are published. TRACKER_ENV=production for work.")


# --- database -----------------------------------------------------------------------------------------


def of_database(settings: Settings) -> Findings:
    """Whether it answers, is whole, and has room to grow."""
    try:
        if file := _file_of(settings):
            yield from _of_sqlite(file)
        else:
            version = db.session.execute(text("SHOW server_version")).scalar_one()
            yield good(f"PostgreSQL {version} answers.")
    except OperationalError as error:
        yield wrong(f"The database does not answer: {error.orig}")
    except DatabaseError as error:
        yield _damaged(str(error.orig))
    yield from _of_disk(settings.instance_path)


def _file_of(settings: Settings) -> Path | None:
    """Return the file of an SQLite database."""
    url = make_url(settings.database_url)
    return Path(url.database or "") if url.drivername == "sqlite" else None


def _of_sqlite(file: Path) -> Findings:
    version = sqlite_module().sqlite_version_info
    number = ".".join(map(str, version))
    if version >= SAFE_WAL:
        yield good(f"SQLite {number} keeps its log safe.")
    else:
        yield note(
            f"SQLite {number} may lose a write-ahead log, so a rollback journal is used: safe, but slower."
        )
    said = db.session.execute(text("PRAGMA integrity_check(3)")).scalars().all()
    strays = db.session.execute(text("PRAGMA foreign_key_check")).all()
    if list(said) == ["ok"] and not strays:
        yield good(f"{file} is whole ({file.stat().st_size / 1_000_000:.1f} MB).")
    else:
        what = "; ".join(said) if list(said) != ["ok"] else f"{len(strays)} rows point to nothing"
        yield _damaged(what)
    if file.parent != current_app.extensions["settings"].instance_path:
        yield from _of_disk(file.parent)


def _damaged(how: str) -> Finding:
    return wrong(f"The database is damaged ({how}). Put back the last copy: flask restore PATH.")


def _of_disk(folder: Path) -> Findings:
    if not folder.is_dir():
        yield note(f"There is no folder {folder} yet: bin/run makes it.")
        return
    if not os.access(folder, os.W_OK):
        yield wrong(f"{folder} cannot be written by this user.")
    free = shutil.disk_usage(folder).free
    words = f"{free / 1_000_000_000:.1f} GB are free in {folder}."
    yield good(words) if free >= _ROOM else wrong(f"Only {words} A backup needs more; make room.")


def of_migrations(_settings: Settings) -> Findings:
    """Whether the database is at the version of the program."""
    heads = schema.heads()
    names = ", ".join(sorted(heads)) or "none"
    if schema.is_newest(heads):
        yield good(f"The database is at the newest migration ({names}).")
    elif schema.is_known(heads):
        yield wrong(f"The database is behind (migration: {names}); bin/run brings it up to date.")
    else:
        yield wrong(f"A newer version made the database (migration {names}); install that version.")


# --- mail, queue, clock, worker -------------------------------------------------------------------------


def of_mail(settings: Settings) -> Findings:
    """Whether mail can leave, and what does not."""
    if settings.smtp_url:
        yield _of_server(settings.smtp_url, settings.public_url)
    held, mails, now = mail_held_since(), outbox(), machine_now()
    if held:
        yield wrong(
            f"Mail is held since {held.astimezone(ZONE):%Y-%m-%d %H:%M}: nothing leaves until an "
            "administrator releases it on the page /admin/mail."
        )
    if dead := mails.by_state[MailState.DEAD]:
        yield wrong(f"{dead} mails could not be sent; the page /admin/mail says why.")
    if doubted := mails.by_state[MailState.AMBIGUOUS]:
        yield note(f"Of {doubted} mails nobody knows whether they arrived: see /admin/mail.")
    waits = now - mails.oldest_open_at if mails.oldest_open_at else timedelta()
    if waits > _MAIL_WAITS:
        yield wrong(f"The oldest mail has waited for {waits}, {mails.is_open} wait in all.")
    else:
        yield good(f"{mails.is_open} mails wait to be sent.")


def _of_server(url: str, public_url: str) -> Finding:
    parts = urlsplit(url)
    server = f"The mail server {parts.hostname}"
    try:
        connect(parts, urlsplit(public_url).hostname or "localhost", _SOON).quit()
    except (AwayError, OSError, ssl.SSLError) as error:
        return wrong(f"{server} cannot be used: {error}. Check SMTP_URL.")
    return good(f"{server} answers and lets us in.")


def of_queue(settings: Settings) -> Findings:
    """Whether the queue that wakes the worker can be reached."""
    if not settings.redis_url:
        yield good(
            "The worker is woken by a file in the instance folder; one machine needs no more."
        )
        return
    from redis import Redis, RedisError

    try:
        with Redis.from_url(settings.redis_url, socket_timeout=5) as redis:
            redis.ping()
    except (RedisError, OSError) as error:
        yield wrong(
            f"Redis cannot be reached ({error}). The site works, mails leave a little later."
        )
    else:
        yield good("Redis answers.")


def of_clock(settings: Settings) -> Findings:
    """Whether the clocks agree: the domain's, the machine's, the database's, and the last event."""
    domain, machine = clock(), machine_now()
    shown = f"{domain.now().astimezone(ZONE):%Y-%m-%d %H:%M}"
    if not domain.ahead:
        yield good(f"The clock is the machine's: in Vietnam it is {shown}.")
    elif settings.is_production:
        yield wrong(f"The clock shows {shown}, apart from the machine's: this is a demonstration.")
    else:
        yield note(f"The demonstration's clock shows {shown} in Vietnam.")
    last = db.session.scalar(select(func.max(Event.at)))
    if last and last > domain.now() + _DRIFT:
        yield wrong(
            f"The last event is of {last:%Y-%m-%d %H:%M} UTC, later than now: set the clock."
        )
    if db.engine.dialect.name == "postgresql":
        drift = abs(db.session.execute(select(func.clock_timestamp())).scalar_one() - machine)
        words = f"The clocks of database and machine are {drift.total_seconds():.0f} s apart."
        yield good(words) if drift < _DRIFT else wrong(f"{words} Let both follow a time server.")


def of_worker(_settings: Settings) -> Findings:
    """Whether a worker has been at work lately."""
    ticked = last_tick()
    if ticked is None:
        yield wrong("No worker has been at work yet; bin/run starts one (`flask worker` alone).")
    elif machine_now() - ticked > _TICKS:
        since = f"{ticked.astimezone(ZONE):%Y-%m-%d %H:%M}"
        yield wrong(f"No worker has been at work since {since}: no mail leaves. Start the site.")
    else:
        yield good("A worker is at work.")


# --- the command ----------------------------------------------------------------------------------------

_PARTS: dict[str, Callable[[Settings], Findings]] = {
    "Settings": of_settings,
    "Database": of_database,
    "Migrations": of_migrations,
    "Mail": of_mail,
    "Queue": of_queue,
    "Clock": of_clock,
    "Worker": of_worker,
}


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Look at settings, database, migrations, mail, queue, clock and worker; exit 1 if anything is wrong."""
    settings: Settings = current_app.extensions["settings"]
    count = 0
    for name, look in _parts(settings).items():
        click.echo(name)
        for mark, words in _findings(look, settings):
            click.echo(f"  {mark:<5}  {words}")
            count += mark is Mark.WRONG
    if count:
        raise click.ClickException(
            f"{count} things are wrong." if count > 1 else "One thing is wrong."
        )
    click.echo("Nothing is wrong.")


def _parts(settings: Settings) -> dict[str, Callable[[Settings], Findings]]:
    """Return what can be looked at; looking must not make a database where there is none."""
    file = _file_of(settings)
    if file is None or file.exists():
        return _PARTS
    return {name: _PARTS[name] for name in ("Settings", "Queue")} | {"Database": _no_database}


def _no_database(settings: Settings) -> Findings:
    yield wrong(f"There is no database at {_file_of(settings)} yet: bin/run makes it.")


def _findings(look: Callable[[Settings], Findings], settings: Settings) -> Findings:
    """Yield what a look finds; where the database keeps it from looking, that is what it finds."""
    try:
        yield from look(settings)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        yield wrong(f"The database cannot say: {reason}")
    finally:
        db.session.remove()
