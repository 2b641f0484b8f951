"""Runs migrations through the application's own engine, one transaction for all of them."""

from typing import Any, Literal

from alembic import context
from flask import current_app

from tracker.db import UtcDateTime, db


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column kinds as the plain ones they are, so that a migration imports nothing of ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Migrate; on SQLite the write lock is taken first, so that two that start together take turns."""
    with db.engine.connect().execution_options(writing=True) as connection:
        if connection.dialect.name == "sqlite":
            # A table made anew for a change must not take the rows that point to it along.
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        arguments = current_app.extensions["migrate"].configure_args
        context.configure(
            connection=connection, target_metadata=db.metadata, render_item=render, **arguments
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "sqlite":
            connection.connection.execute("PRAGMA foreign_keys=ON")


run()
