"""A new version copies a database that has data, migrates it, or starts nothing and says why."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import select, text

from tests.worlds import a_world
from tracker import schema, serve
from tracker.copies import actions, postgresql, sqlite
from tracker.copies.refusal import Refusal
from tracker.db import db
from tracker.people.models import Person

EVENING, SECOND = datetime(2026, 11, 23, 20, 0, tzinfo=UTC), timedelta(seconds=1)


@pytest.fixture
def behind(any_app: Flask) -> Flask:
    """A site with data, at the migration before the last."""
    with any_app.app_context():
        a_world()
        db.session.remove()
        downgrade(revision="-1")
    return any_app


def start(app: Flask) -> None:
    with app.app_context():
        serve.bring_up_to_date(app.extensions["settings"])
        db.session.remove()


def test_a_database_that_has_data_is_copied_before_it_is_migrated(behind: Flask, instance: Path):
    with behind.app_context():
        old = schema.heads()
    start(behind)
    (kept,) = (instance / "backups").iterdir()
    with behind.app_context():
        assert schema.is_current()
        assert db.session.scalar(select(Person.id).limit(1))
        db.session.remove()
        kind = sqlite if kept.suffix == sqlite.SUFFIX else postgresql
        assert kind.check(kept) == old
    start(behind)
    assert list((instance / "backups").iterdir()) == [kept], "what is up to date needs no copy"


def test_without_a_copy_nothing_is_changed_or_started(
    behind: Flask, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_arguments: object) -> None:
        raise Refusal("The disk is full.")

    monkeypatch.setattr(actions, "back_up", refuse)
    with pytest.raises(click.ClickException, match=r"no copy of it can be kept .* disk is full"):
        start(behind)
    with behind.app_context():
        assert not schema.is_current()


def test_the_newest_five_copies_stay(demo_app: Flask, instance: Path):
    settings = demo_app.extensions["settings"]
    with demo_app.app_context():
        made = [actions.before("upgrade", settings, EVENING + n * SECOND) for n in range(7)]
    assert sorted((instance / "backups").iterdir()) == made[2:]


def test_an_empty_database_is_migrated_without_a_copy(any_app: Flask, instance: Path):
    with any_app.app_context():
        downgrade(revision="-1")
    start(any_app)
    assert not (instance / "backups").exists()


def test_a_database_of_a_newer_version_is_left_alone(any_app: Flask, instance: Path):
    with any_app.app_context():
        a_world()
        db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        db.session.commit()
        db.session.remove()
    with pytest.raises(click.ClickException, match="newer version"):
        start(any_app)
    assert not (instance / "backups").exists()
