"""The commands `serve` and `worker`: the site on this machine, prepared, started, supervised."""

import gc
import http.client
import os
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from tracker import health, logs, schema
from tracker.clock import machine_now
from tracker.copies.actions import SITE_LOCK, before_upgrade
from tracker.copies.refusal import Refusal
from tracker.db import begin_writing, db
from tracker.demo.commands import demo
from tracker.people.models import Person
from tracker.processes import Child, at_work, follow_parent, supervise
from tracker.rules.queries import is_demonstration
from tracker.settings import Settings

SETUP = (
    "No account exists yet. Open {0.public_url}/setup and enter this code: {0.setup_code}\n"
    "(or: bin/flask people add --admin)"
)
ACCOUNTS = """Accounts of the demonstration, the password of all is {}:
  office@demo.local   the office of the Provincial Party Committee
  leader@demo.local   the Standing Committee
  chair@demo.local    the chair of the steering committee for Resolution 18
  member@demo.local   the District Party Committee of Đắk Mil
  admin@demo.local    the administrator"""
_TRIES = 3
# The server hands its lines to ours instead of writing them in a form of its own.
_AS_ALL_LINES = {
    "handlers": {},
    "loggers": {"_granian": {"handlers": [], "propagate": True}},
}
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what to type to reach them


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--no-worker", is_flag=True, help="Leave the background work to `flask worker`.")
@with_appcontext
def serve(host: str, port: int, workers: int, no_worker: bool) -> None:
    """Bring the database up to date, then run the site and its worker until Ctrl-C."""
    refuse_busy_port(host, port)
    with _at_work(), tempfile.TemporaryDirectory(prefix="tien-do-") as folder:
        os.environ[health.SHARED] = folder  # what each web process counts, all of them show
        run(host, port, workers, no_worker=no_worker)


def run(host: str, port: int, workers: int, *, no_worker: bool) -> None:
    """Prepare the database, then supervise the site and its worker."""
    try:
        welcome = prepare()
    except DatabaseError as error:
        raise click.ClickException(f"The database cannot be used: {error.orig}") from error
    address = address_of(host, port)
    os.environ.setdefault("PUBLIC_URL", address)
    db.engine.dispose()  # children open connections of their own
    site = Child("web", partial(web, host, port, workers))
    background = [] if no_worker else [Child("worker", work)]
    say(f"Starting {address}")
    ready = once_ready(site, host, port, lambda: say(f"{welcome}\nReady: {address}".lstrip()))
    supervise([site, *background], report, ready)


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Run the background work alone, until SIGTERM or Ctrl-C."""
    with _at_work():
        work()


@contextmanager
def _at_work() -> Iterator[None]:
    """Be at work where nobody is putting back a copy of the database."""
    with at_work(_settings().instance_path / SITE_LOCK) as may_work:
        if not may_work:
            raise click.ClickException(
                "A copy of the database is being put back; start again then."
            )
        yield


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def say(text: str) -> None:
    """Tell whoever watches the terminal."""
    click.echo(text)
    sys.stdout.flush()


def report(text: str) -> None:
    """Tell what happened to a process: the terminal in development, the log in production."""
    if _settings().is_production:
        logs.logger().warning(text)
    else:
        say(text)


def address_of(host: str, port: int) -> str:
    """Return what to type to reach the site."""
    name = _EVERYWHERE.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def refuse_busy_port(host: str, port: int) -> None:
    """End in words where somebody already listens."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen()
    except OSError as error:
        raise click.ClickException(
            f"Port {port} of {host} cannot be used: {error.strerror}. "
            f"Stop what uses it, or choose another: bin/run --port {port % 65535 + 1}"
        ) from error


# --- before the first request -----------------------------------------------------------------


def prepare() -> str:
    """Bring the database to the newest migration and fill an empty one; return what to say."""
    settings = _settings()
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    bring_up_to_date(settings)
    try:
        return production(settings) if settings.is_production else demonstration(settings)
    finally:
        db.session.remove()


def bring_up_to_date(settings: Settings) -> None:
    """Migrate the database where it is behind; one that has data is copied first, or nothing starts."""
    heads = schema.heads()
    if schema.is_newest(heads):
        return
    if not schema.is_known(heads):
        raise click.ClickException(
            f"The database was made by a newer version of the product ({', '.join(sorted(heads))}). "
            "Nothing was changed; install that version, or put back a copy from before it."
        )
    try:
        if kept := before_upgrade(settings, machine_now()):
            say(f"Before the upgrade a copy of the database was kept in {kept}")
    except (Refusal, OSError) as why:
        raise click.ClickException(
            f"The database must be upgraded, and no copy of it can be kept before: {why} "
            "Nothing was changed or started."
        ) from why
    upgrade()


def production(settings: Settings) -> str:
    """Return how the first account is made, if there is none."""
    empty = db.session.scalar(select(Person.id).limit(1)) is None
    return SETUP.format(settings) if empty else ""


def demonstration(settings: Settings) -> str:
    """Load the demonstration into an empty database; return its accounts, if it is one."""
    from tracker.demo.load import has_data  # only the start needs what these import
    from tracker.demo.people import PASSWORD

    empty = not has_data()
    db.session.remove()
    if empty:
        say("Loading the demonstration")
        click.get_current_context().invoke(demo)
    start_clock(settings)
    return ACCOUNTS.format(PASSWORD) if is_demonstration() else ""


def start_clock(settings: Settings) -> None:
    """Let a demonstration's clock start again at its hour, never behind the last event."""
    from tracker.demo.load import restart_clock  # only the start needs what it imports

    begin_writing()
    restart_clock(at=settings.now, machine=machine_now())
    db.session.commit()


# --- the web process ------------------------------------------------------------------------------


def once_ready(site: Child, host: str, port: int, tell: Callable[[], None]) -> Callable[[], None]:
    """Return a check that calls `tell` the first time the site answers; it gives up on one that cannot."""
    waiting = [tell]

    def check() -> None:
        if waiting and _answers(_EVERYWHERE.get(host, host), port):
            waiting.pop()()
        elif waiting and site.starts > _TRIES:
            raise click.ClickException("The site does not start; the lines above say why.")

    return check


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _load(parent: int) -> Any:
    """Make the app of one web worker, which ends when its master does."""
    from tracker.app import create_app

    follow_parent(parent)
    app = create_app()
    health.instruments()
    # What start-up made stays: the collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    return app


def web(host: str, port: int, workers: int) -> None:
    """Serve the site until told to stop."""
    from granian import Granian  # only this process needs the server
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=_AS_ALL_LINES,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=8,
    )
    server.serve(target_loader=partial(_load, os.getpid()), wrap_loader=False)


def work() -> None:
    """Do the background work until told to stop."""
    from tracker.app import create_app
    from tracker.worker import run  # the queue's package is slow to import

    run(create_app())
