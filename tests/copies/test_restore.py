"""A copy put in place: all of it or nothing, brought up to date, nobody signed in, no mail leaves."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import select, text, update

from tests.databases import SECRET, SettingsFor, running, sqlite_url
from tests.pages import client_of
from tests.worlds import a_world
from tracker.clock import machine_now
from tracker.copies import actions, sqlite
from tracker.db import db, sqlite_module
from tracker.mail.models import Mail, MailKind, MailState
from tracker.people.models import Person, SignIn
from tracker.processes import at_work
from tracker.rules.queries import mail_held_since
from tracker.schema import is_current
from tracker.settings import ROOT
from tracker.tasks.models import Task


def run(app: Flask, *arguments: Any) -> tuple[int, str]:
    """Run one command as if it were a process of its own; return its status and what it said."""
    with app.app_context():
        db.engine.dispose()
    result = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])
    with app.app_context():
        db.engine.dispose()
    return result.exit_code, result.output


def a_mail(person_id: int, day: int, state: MailState, **more: Any) -> Mail:
    at = machine_now() - timedelta(hours=1)
    return Mail(
        person_id=person_id,
        kind=MailKind.DIGEST,
        period=f"2018-04-{day}",
        state=state,
        made_at=at,
        next_at=at,
        message_id=f"<digest.{day}@test.local>",
        **more,
    )


@pytest.fixture
def copied(any_app: Flask, tmp_path: Path) -> Path:
    """A copy of a world in which somebody is signed in and mails are under way."""
    taken = {"owner": "a worker", "leased_until": machine_now() + timedelta(minutes=5)}
    with any_app.app_context():
        world = a_world()
        an = world.an.id
        db.session.add_all(
            [
                a_mail(an, 10, MailState.DUE),
                a_mail(an, 11, MailState.LEASED, **taken),
                a_mail(an, 12, MailState.LEASED, attempts=1, **taken),
                a_mail(an, 13, MailState.ATTEMPTING, attempts=1, **taken),
                a_mail(an, 14, MailState.AMBIGUOUS, attempts=1, doubts=1),
                a_mail(an, 15, MailState.SENT, attempts=1),
            ]
        )
        db.session.commit()
        db.session.remove()
    client_of(any_app).sign_in("an@test.local")
    status, said = run(any_app, "backup", tmp_path / "copy")
    assert status == 0, said
    return tmp_path / "copy"


def test_a_copy_is_put_in_place_and_what_was_there_is_kept(
    any_app: Flask, copied: Path, instance: Path
):
    with any_app.app_context():
        db.session.execute(update(Person).values(name="Sau bản sao"))
        db.session.commit()
        db.session.remove()
    status, said = run(any_app, "restore", copied)
    assert (status, "--force" in said) == (1, True)
    status, said = run(any_app, "restore", "--force", copied)
    assert status == 0, said
    kept = next((instance / "backups").iterdir())
    assert str(kept) in said
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with any_app.app_context():
        names = db.session.scalars(select(Person.name)).all()
        assert "Lê Thị An" in names
        assert "Sau bản sao" not in names
        db.session.remove()
    assert run(any_app, "restore", "--force", kept)[0] == 0
    with any_app.app_context():
        assert set(db.session.scalars(select(Person.name))) == {"Sau bản sao"}


def test_nobody_is_signed_in_and_no_mail_leaves_until_it_is_released(
    any_app: Flask, copied: Path, instance: Path
):
    assert run(any_app, "restore", "--force", copied)[0] == 0
    status, said = run(any_app, "mail", "deliver")
    assert (status, "held" in said) == (0, True)
    assert not list(instance.glob("mail/*"))
    with any_app.app_context():
        assert mail_held_since() is not None
        assert not db.session.scalars(select(SignIn).where(SignIn.ended_at.is_(None))).all()
        rows = db.session.execute(select(Mail.period, Mail.state, Mail.reason).order_by(Mail.id))
        assert [(period[-2:], state, reason) for period, state, reason in rows] == [
            ("10", MailState.DUE, None),
            ("11", MailState.DUE, None),
            ("12", MailState.RETRY, None),
            ("13", MailState.AMBIGUOUS, "restored"),
            ("14", MailState.AMBIGUOUS, "restored"),
            ("15", MailState.SENT, None),
        ]
        taken = select(Mail).where((Mail.owner.is_not(None)) | Mail.leased_until.is_not(None))
        assert not db.session.scalars(taken).all()


def test_it_is_refused_while_the_site_runs(any_app: Flask, copied: Path, instance: Path):
    with at_work(instance / actions.SITE_LOCK) as may_work:
        assert may_work
        status, said = run(any_app, "restore", "--force", copied)
    assert (status, "is running" in said) == (1, True)
    assert not (instance / "backups").exists()


def test_it_is_refused_while_anybody_else_is_connected(
    any_app: Flask, settings_for: SettingsFor, copied: Path
):
    with running(settings_for(any_app.extensions["settings"].database_url)) as other:
        with other.app_context():
            connection = db.engine.connect()
        connection.execute(select(Person.id))
        connection.rollback()
        status, said = run(any_app, "restore", "--force", copied)
        connection.close()
    assert (status, "in use" in said) == (1, True)
    with any_app.app_context():
        assert mail_held_since() is None, "nothing has changed"


def test_an_older_copy_is_brought_up_to_date(any_app: Flask, copied: Path, tmp_path: Path):
    with any_app.app_context():
        db.session.execute(text("DELETE FROM mail"))
        db.session.commit()
        db.session.remove()
        downgrade(revision="0002")
    assert run(any_app, "backup", tmp_path / "older")[0] == 0
    status, said = run(any_app, "restore", "--force", tmp_path / "older")
    assert status == 0, said
    with any_app.app_context():
        assert is_current()
        assert mail_held_since() is not None
        assert db.session.scalar(select(Person.id).limit(1))


def test_a_copy_of_a_newer_version_is_refused(any_app: Flask, copied: Path, tmp_path: Path):
    with any_app.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        db.session.commit()
        db.session.remove()
    assert run(any_app, "backup", tmp_path / "newer")[0] == 0
    status, said = run(any_app, "restore", "--force", tmp_path / "newer")
    assert (status, "newer version" in said) == (1, True)


def test_what_is_no_whole_copy_is_refused_and_changes_nothing(
    any_app: Flask, copied: Path, tmp_path: Path
):
    whole = copied.read_bytes()
    (tmp_path / "cut").write_bytes(whole[: len(whole) * 2 // 3])
    (tmp_path / "text").write_text("no database at all")
    (tmp_path / "empty").touch()
    for name in ("cut", "text", "empty", "missing"):
        status, said = run(any_app, "restore", "--force", tmp_path / name)
        assert status == 1, name
        assert "Traceback" not in said
        assert "The database is as it was" in said
    with any_app.app_context():
        assert mail_held_since() is None
        assert db.session.scalar(select(Person.id).limit(1))


def test_it_goes_into_a_new_instance(demo_app: Flask, settings_for: SettingsFor, tmp_path: Path):
    assert run(demo_app, "backup", tmp_path / "copy.db")[0] == 0
    new = tmp_path / "elsewhere" / "tracker.db"
    with running(settings_for(sqlite_url(new))) as app:
        status, said = run(app, "restore", tmp_path / "copy.db")
        assert status == 0, said
        with app.app_context():
            assert len(db.session.scalars(select(Task.id)).all()) == 81
        assert client_of(app).sign_in("office@demo.local").get("/board").status_code == 200
    assert [file.name for file in new.parent.iterdir() if "restoring" in file.name] == []


def test_an_unreadable_database_is_put_aside_and_replaced(
    demo_app: Flask, settings_for: SettingsFor, tmp_path: Path, instance: Path
):
    assert run(demo_app, "backup", tmp_path / "copy.db")[0] == 0
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this was a database " * 1000)
    with running(settings_for(sqlite_url(broken))) as app:
        assert run(app, "restore", tmp_path / "copy.db")[0] == 1
        status, said = run(app, "restore", "--force", tmp_path / "copy.db")
        assert status == 0, said
        with app.app_context():
            assert db.session.scalar(select(Person.id).limit(1))
    kept = next((instance / "backups").iterdir())
    assert kept.read_bytes().startswith(b"this was a database")


def test_a_log_left_behind_by_a_kill_is_not_read_into_the_new_database(
    demo_app: Flask, settings_for: SettingsFor, demo_file: Path, tmp_path: Path
):
    """A writer killed with its log unfinished must not shine through what takes its place."""
    assert run(demo_app, "backup", tmp_path / "copy.db")[0] == 0
    killed = Path(shutil.copyfile(demo_file, tmp_path / "killed.db"))
    write = (
        "import os, signal, sys; from tracker.db import sqlite_module;"
        "c = sqlite_module().connect(sys.argv[1], isolation_level=None);"
        "c.execute('PRAGMA journal_mode=WAL'); c.execute(\"UPDATE person SET name = 'sót lại'\");"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", write, str(killed)], cwd=ROOT, check=False)
    assert killed.with_name("killed.db-wal").stat().st_size > 0
    with running(settings_for(sqlite_url(killed))) as app:
        assert run(app, "restore", "--force", tmp_path / "copy.db")[0] == 0
        with app.app_context():
            assert "sót lại" not in db.session.scalars(select(Person.name)).all()


class Stopped(BaseException):
    """What ends the process in the middle."""


@pytest.mark.parametrize("step", ["_copy", "_bring_up", "check", "flush", "_replace", None])
def test_stopped_at_any_step_either_the_old_or_the_new_is_there(
    demo_app: Flask, demo_file: Path, monkeypatch: pytest.MonkeyPatch, step: str | None
):
    settings = demo_app.extensions["settings"]
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    mark_as_old(file)
    real = getattr(sqlite, step or "_replace")

    def stop(*arguments: Any) -> None:
        real(*arguments)
        raise Stopped

    if step:
        monkeypatch.setattr(sqlite, step, stop)
    with demo_app.app_context(), suppress(Stopped):
        actions.restore(settings, demo_file, machine_now(), force=True)
    assert state_of(file) == ("new" if step in {"_replace", None} else "old")


@pytest.mark.long
def test_killed_at_any_moment_either_the_old_or_the_new_is_there(demo_file: Path, tmp_path: Path):
    copied, instance = tmp_path / "copy.db", tmp_path / "instance"
    shutil.copyfile(demo_file, copied)
    began, found = time.monotonic(), Counter[str]()
    assert killed_after(300, instance, demo_file, copied) == "new"
    whole = time.monotonic() - began  # as long as it takes on this machine
    for number in range(50):
        found[killed_after(whole * (0.2 + number * 0.025), instance, demo_file, copied)] += 1
    sys.stdout.write(f"50 restores killed: {dict(found)}, torn 0, mail held in each new one\n")
    assert set(found) == {"old", "new"}


def killed_after(seconds: float, instance: Path, demo_file: Path, copied: Path) -> str:
    """Begin a restore and kill it unless it has ended by itself; return which database is there."""
    instance.mkdir()
    file = Path(shutil.copyfile(demo_file, instance / "tracker.db"))
    mark_as_old(file)
    kill_after(seconds, instance, copied)
    found = state_of(file)
    shutil.rmtree(instance)
    return found


def mark_as_old(file: Path) -> None:
    """Let the database differ from its copy."""
    with closing(sqlite_module().connect(file)) as connection, connection:
        connection.execute("UPDATE person SET name = 'trước'")


def kill_after(seconds: float, instance: Path, copied: Path) -> None:
    """Begin a restore and kill it, unless it has ended by itself."""
    environment = {
        "PATH": os.environ["PATH"],
        "TRACKER_INSTANCE": str(instance),
        "SECRET_KEY": SECRET,
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "restore", "--force", str(copied)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.send_signal(signal.SIGKILL)


def state_of(file: Path) -> str:
    """Return which database is there, whole and with mail held if it is the new one."""
    with closing(sqlite_module().connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        old = connection.execute("SELECT count(*) FROM person WHERE name = 'trước'").fetchone()[0]
        held = connection.execute("SELECT count(*) FROM setting WHERE key = 'mail_held'").fetchone()
    assert bool(old) != bool(held[0])
    return "old" if old else "new"
