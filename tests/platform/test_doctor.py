"""`flask doctor` says in words what is wrong, fails exactly then, and tells no secret."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from tests.databases import SECRET, SettingsFor, running, sqlite_url
from tests.servers import free_port
from tests.worlds import a_world
from tracker.clock import machine_now
from tracker.db import db
from tracker.mail.models import Mail, MailKind, MailState
from tracker.rules.actions import anchor_clock, note_tick, put
from tracker.rules.queries import MAIL_HELD


def examined(app: Flask) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["doctor"])
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def at_work() -> None:
    """Let a worker have been at work just now."""
    note_tick(machine_now())
    db.session.commit()
    db.session.remove()


def test_nothing_is_wrong_with_a_site_at_work(any_app: Flask):
    with any_app.app_context():
        at_work()
    status, said = examined(any_app)
    assert (status, "WRONG" in said) == (0, False), said
    assert "Nothing is wrong." in said
    for part in ("Settings", "Database", "Migrations", "Mail", "Queue", "Clock", "Worker"):
        assert f"\n{part}\n" in f"\n{said}"


def test_each_setting_stands_with_its_source_and_no_secret(settings_for: SettingsFor, tmp_path):
    secrets = {
        "SMTP_URL": "smtp://u:bi-mat-1@127.0.0.1:1",
        "REDIS_URL": "redis://:bi-mat-2@127.0.0.1:1",
    }
    with running(settings_for("postgresql://a:bi-mat-3@127.0.0.1:1/b", **secrets)) as app:
        status, said = examined(app)
    assert status == 1
    assert "SMTP_URL = smtp://u:***@127.0.0.1:1 (environment)" in said
    assert "TRACKER_ENV = development (default)" in said
    assert SECRET not in said
    assert "bi-mat" not in said
    for what in ("The mail server 127.0.0.1 cannot be used", "Redis cannot be reached"):
        assert f"WRONG  {what}" in said
    assert "The database does not answer" in said


def test_without_a_database_it_says_so_and_makes_none(settings_for: SettingsFor, tmp_path: Path):
    with running(settings_for(sqlite_url(tmp_path / "none.db"))) as app:
        status, said = examined(app)
    assert (status, "There is no database at" in said) == (1, True)
    assert not (tmp_path / "none.db").exists()


def wrongs(said: str) -> list[str]:
    return re.findall(r"WRONG +(.*)", said)


def test_each_thing_that_is_wrong_is_a_sentence(any_app: Flask):
    with any_app.app_context():
        world, now = a_world(), machine_now()
        anchor_clock(now - timedelta(days=900), now)
        for number, state in enumerate((MailState.DUE, MailState.DEAD)):
            db.session.add(
                Mail(
                    person_id=world.an.id,
                    kind=MailKind.DIGEST,
                    period=f"2018-04-1{number}",
                    state=state,
                    made_at=now - timedelta(hours=3),
                    next_at=now,
                    message_id=f"<{number}@test.local>",
                )
            )
        put(MAIL_HELD, {"since": now.isoformat()})
        note_tick(now - timedelta(hours=1))
        db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        db.session.commit()
        db.session.remove()
    status, said = examined(any_app)
    assert status == 1
    found = "\n".join(wrongs(said))
    for sentence in (
        "The database is behind",
        "Mail is held since",
        "1 mails could not be sent",
        "The oldest mail has waited",
        "No worker has been at work since",
    ):
        assert sentence in found
    assert f"{len(wrongs(said))} things are wrong" in said


def test_a_newer_database_and_a_damaged_one_are_told_apart(demo_app: Flask):
    with demo_app.app_context():
        at_work()
        db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        db.session.commit()
    assert "A newer version made the database" in "\n".join(wrongs(examined(demo_app)[1]))
    file = Path(demo_app.extensions["settings"].database_url.removeprefix("sqlite:///"))
    with demo_app.app_context():
        db.engine.dispose()
    size = file.stat().st_size
    with file.open("r+b") as pages:
        pages.seek(size // 2)
        pages.write(b"\xff" * (size // 4))
    assert "damaged" in "\n".join(wrongs(examined(demo_app)[1]))


@contextmanager
def a_mail_server(port: int) -> Iterator[None]:
    """Answer one caller as a mail server does."""
    import socket

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as talk:
            talk.write(b"220 here\r\n")
            talk.flush()
            for line in talk:
                talk.write(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 here\r\n")
                talk.flush()

    with socket.create_server(("127.0.0.1", port)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield
        thread.join(60)


def test_the_mail_server_and_redis_are_really_asked(
    settings_for: SettingsFor, sqlite_database: str, redis_url: str
):
    port = free_port()
    settings = settings_for(
        sqlite_database, SMTP_URL=f"smtp://127.0.0.1:{port}", REDIS_URL=redis_url
    )
    with running(settings) as app, a_mail_server(port):
        with app.app_context():
            at_work()
        status, said = examined(app)
    assert (status, wrongs(said)) == (0, []), said
    assert "The mail server 127.0.0.1 answers" in said
    assert "Redis answers." in said


@pytest.mark.parametrize("variable", ["SMTP_URL", "MAIL_FROM"])
def test_production_needs_a_way_out_for_its_mail(
    settings_for: SettingsFor, sqlite_database: str, variable: str
):
    production = {"TRACKER_ENV": "production", "PUBLIC_URL": "https://tien-do.example"}
    with running(settings_for(sqlite_database, **production)) as app:
        assert f"{variable} is not set" in "\n".join(wrongs(examined(app)[1]))
