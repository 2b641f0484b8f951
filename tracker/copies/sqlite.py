"""A copy of an SQLite database: its own online copying, and a new file put in the place of the old in one step."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import make_url

from tracker.copies.refusal import Refusal
from tracker.copies.settling import settling
from tracker.db import begin_writing, db, engine_options, migrate, prepare_engines, sqlite_module

SUFFIX = ".db"
FIRST_BYTES = b"SQLite format 3\0"
_BESIDE = ("-wal", "-shm", "-journal")
_PATIENCE = 5_000  # ms in which a running transaction may end


def path_of(url: str) -> Path:
    """Return the file of the database."""
    return Path(make_url(url).database or "")


@contextmanager
def _open(path: Path, mode: str) -> Iterator[Any]:
    """Open a file that is there; nothing is made by looking."""
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    with closing(sqlite_module().connect(uri, uri=True, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA busy_timeout={_PATIENCE}")
        yield connection


# --- taking a copy ------------------------------------------------------------------------------------


def copy(url: str, draft: Path) -> None:
    """Copy the database as it is between two commits; whoever writes goes on writing. Raises Refusal."""
    source = path_of(url)
    if not source.exists():
        raise Refusal(f"There is no database at {source} yet.")
    _copy(source, draft, "rw")


def _copy(source: Path, draft: Path, mode: str) -> None:
    try:
        with _open(source, mode) as here, _open(draft, "rw") as there:
            # Not the finished file yet: whoever is interrupted here starts anew.
            there.execute("PRAGMA journal_mode=OFF")
            there.execute("PRAGMA synchronous=OFF")
            here.backup(there)
            there.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    except sqlite_module().Error as error:
        raise Refusal(f"{source} cannot be copied: {error}.") from error


def check(copied: Path) -> frozenset[str]:
    """Read a copy through and return the migrations at which it stands. Raises Refusal."""
    try:
        with _open(copied, "ro") as connection:
            said = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            if said != ["ok"]:
                raise Refusal(f"{copied} is damaged: {'; '.join(said)}.")
            rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite_module().Error as error:
        raise Refusal(f"{copied} is no copy of this product: {error}.") from error
    return frozenset(row[0] for row in rows)


# --- putting one in place -----------------------------------------------------------------------------


def restore(url: str, copied: Path, at: str) -> None:
    """Put a copy, brought up to date and with mail held, in the place of the database. Raises Refusal.

    All is done to a draft beside it; one renaming makes it the database.
    """
    target = path_of(url)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.restoring")
    _remove(draft)
    try:
        draft.touch(mode=0o600)
        _copy(copied, draft, "ro")
        _bring_up(draft, at)
        check(draft)
        _like(target, draft)
        flush(draft)
        _replace(target, draft)
        flush(target.parent)
    finally:
        _remove(draft)


def _bring_up(draft: Path, at: str) -> None:
    """Migrate the draft and settle what must not go on where it stopped; its log is closed with it."""
    url = f"sqlite:///{draft}"
    app = Flask(__name__)
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=engine_options(url))
    db.init_app(app)
    migrate.init_app(app)
    with app.app_context():
        prepare_engines()
        upgrade()
        begin_writing()
        for statement in settling(at):
            db.session.connection().exec_driver_sql(statement)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    with _open(draft, "rw") as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _replace(target: Path, draft: Path) -> None:
    """Rename the draft while nobody has the old file open; its log must be gone, or it would be read into the new."""
    if not target.exists():
        _remove_beside(target)
        draft.replace(target)
        return
    try:
        with _open(target, "rw") as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            draft.replace(target)
    except sqlite_module().OperationalError as error:
        raise Refusal(f"{target} is in use; stop the site first ({error}).") from error
    except sqlite_module().DatabaseError:  # no database at all: its files were put aside before
        _remove_beside(target)
        draft.replace(target)


def put_aside(url: str, folder: Path, name: str) -> Path:
    """Keep the files of a database that cannot be read, as they are; return the first of them."""
    source = path_of(url)
    kept = folder / f"{name}.unreadable"
    for suffix in ("", *_BESIDE):
        file = source.with_name(source.name + suffix)
        if file.exists():
            shutil.copyfile(file, kept.with_name(kept.name + suffix))
            kept.with_name(kept.name + suffix).chmod(0o600)
    return kept


def is_readable(url: str) -> bool:
    """Tell whether the file is a database that can be read at all."""
    try:
        with _open(path_of(url), "rw") as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite_module().Error:
        return False
    return True


def has_data(url: str) -> bool:
    """Tell whether there is anything in the database that somebody would miss."""
    source = path_of(url)
    if not source.exists() or source.stat().st_size == 0:
        return False
    try:
        with _open(source, "rw") as connection:
            return _any(lambda sql: connection.execute(sql).fetchone())
    except sqlite_module().Error as error:
        return "no such table" not in str(error)  # damaged or in use, but somebody's


def _any(ask: Callable[[str], Any]) -> bool:
    return any(ask(f"SELECT 1 FROM {table} LIMIT 1") for table in ("person", "unit", "task"))  # noqa: S608


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _like(target: Path, draft: Path) -> None:
    """Give the draft the owner and rights of what it replaces: root may restore what another user serves."""
    model = target if target.exists() else target.parent
    if os.geteuid() == 0:
        os.chown(draft, model.stat().st_uid, model.stat().st_gid)
    if target.exists():
        draft.chmod(target.stat().st_mode & 0o777)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _remove_beside(path)


def _remove_beside(path: Path) -> None:
    for suffix in _BESIDE:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
