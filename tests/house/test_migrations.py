"""The migrations make exactly the tables which the models describe, forwards and backwards."""

from pathlib import Path

import pytest
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from tests.databases import EACH_DATABASE, PostgreSQL, running, settings_at, sqlite_url
from tracker.db import db


@pytest.fixture(params=EACH_DATABASE)
def empty(request, tmp_path: Path):
    """The URL of a database without any table."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "empty.db")
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        with server.copy("template0") as url:
            yield url


def tables() -> set[str]:
    names = set(inspect(db.engine).get_table_names())
    db.session.remove()
    return names - {"alembic_version"}


def test_upgrade_check_downgrade_upgrade(empty: str, tmp_path: Path, caplog):
    """Fix: bin/flask db migrate -m "what changes", read what it wrote, run this again."""
    with running(settings_at(tmp_path, empty)) as app, app.app_context():
        upgrade()
        assert tables() == set(db.metadata.tables)
        try:
            check()
        except SystemExit:
            pytest.fail(caplog.messages[-1])
        downgrade(revision="base")
        assert not tables()
        upgrade()
        assert tables() == set(db.metadata.tables)
