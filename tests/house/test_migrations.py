"""The migrations make exactly the tables which the models describe, forwards and backwards."""

from pathlib import Path

import pytest
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect, text

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


WORLD = """
INSERT INTO unit (id, name_vi, kind, level, path, outside, as_written, prov, sort_key, search_key, version)
VALUES (1, 'Tỉnh ủy', 'committee', 'province', '/1/', false, '{}', '{}', 'a', 'tinh uy', 1);
INSERT INTO task (id, title_vi, lead_id, assigner_id, verdict_unit_id, state, state_stated, slips, prov, moved_at,
  created_at, search_key, version, tie)
VALUES (1, 'Kết nạp', 1, 1, 1, 'assigned', true, 0, '{}', '2018-04-10', '2018-04-10', 'ket nap', 1, 'own');
INSERT INTO measure (id, task_id, name_vi, unit_vi, direction, prov, percent_words, percent_over)
VALUES (1, 1, 'Đảng viên', 'người', 'up', '{}', 'trên 124%', 124);
INSERT INTO reading (id, measure_id, value, entered_at, prov)
VALUES (1, 1, 900, '2018-04-10', '{}'), (2, 1, 1395, '2018-04-10', '{}');
"""


def rows(statement: str) -> list[tuple[object, ...]]:
    found = [tuple(row) for row in db.session.execute(text(statement))]
    db.session.remove()
    return found


def test_a_percentage_moves_to_the_newest_reading_and_back(empty: str, tmp_path: Path):
    """Revision 0006; what says nothing but a percentage has no place in 0005, and is never made a nought."""
    with running(settings_at(tmp_path, empty)) as app, app.app_context():
        upgrade(revision="0005")
        for statement in WORLD.split(";\n")[:4]:
            db.session.execute(text(statement))
        db.session.commit()
        upgrade(revision="0006")
        told = "SELECT id, value, percent_words, percent_over FROM reading ORDER BY id"
        assert rows(told) == [(1, 900, None, None), (2, 1395, "trên 124%", 124)]
        insert = "INSERT INTO reading (id, measure_id, entered_at, prov, on_behalf, percent_words)"
        db.session.execute(text(f"{insert} VALUES (3, 1, '2018-04-11', '{{}}', false, 'trên 90%')"))
        db.session.commit()
        downgrade(revision="0005")
        assert rows("SELECT percent_words, percent_over FROM measure") == [("trên 90%", None)]
        assert rows("SELECT id, value FROM reading ORDER BY id") == [(1, 900), (2, 1395)]
