"""Which migration the database stands at, and which ones this program knows."""

import functools
from collections.abc import Iterable

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from tracker.db import db
from tracker.settings import ROOT


@functools.cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(ROOT / "tracker/migrations"))


def heads_of(connection: Connection) -> frozenset[str]:
    """Return the migrations at which a database stands: none before the first."""
    return frozenset(MigrationContext.configure(connection).get_current_heads())


def is_newest(heads: Iterable[str]) -> bool:
    """Tell whether a database that stands there needs no migration."""
    return set(heads) == set(_scripts().get_heads())


def is_known(heads: Iterable[str]) -> bool:
    """Tell whether this program can migrate from there; a newer one made what it does not know."""
    return set(heads) <= {script.revision for script in _scripts().walk_revisions()}


def heads() -> frozenset[str]:
    """Return the migrations at which the database stands."""
    with db.engine.connect() as connection:
        return heads_of(connection)


def is_current() -> bool:
    """Tell whether the database stands at the newest migration."""
    return is_newest(heads())
