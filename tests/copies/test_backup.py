"""A copy is whole, is one commit boundary, takes no name that is taken, and is for nobody else's eyes."""

import itertools
import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from tests.databases import SettingsFor, running, sqlite_url
from tracker.copies import actions, postgresql
from tracker.copies.refusal import Refusal
from tracker.db import db, sqlite_module
from tracker.rules.actions import put
from tracker.settings import ROOT


@contextmanager
def somebody_writing(url: str) -> Iterator[None]:
    """Let another process commit as fast as it can."""
    command = [sys.executable, "-m", "tests.copies.writer", url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"writing\n"
        yield
        assert process.poll() is None, "it wrote all the time"
        process.kill()


def backed_up(app: Flask, target: Path) -> Path:
    with app.app_context():
        actions.back_up(app.extensions["settings"], target)
    return target


def both_counts(copied: Path) -> tuple[int, int]:
    """Return what each of the two places counted."""
    with closing(sqlite_module().connect(copied)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        value = connection.execute("SELECT value FROM setting WHERE key = 'copies'").fetchone()
        rows = connection.execute("SELECT count(*) FROM attempt WHERE key = 'copies'").fetchone()
    return json.loads(value[0])["n"], rows[0]


@pytest.mark.parametrize("count", [20, pytest.param(100, marks=pytest.mark.long)])
def test_each_copy_under_load_is_one_commit_boundary(demo_app: Flask, tmp_path: Path, count: int):
    with demo_app.app_context():
        put("copies", {"n": 0})
        db.session.commit()
    seen = []
    with somebody_writing(demo_app.extensions["settings"].database_url):
        for number in itertools.count():
            one, other = both_counts(backed_up(demo_app, tmp_path / f"{number}.db"))
            assert one == other
            seen.append(one)
            if number + 1 >= count and one > seen[0]:  # it was written meanwhile
                break
            assert number < count * 50, "nothing is written"
    assert seen == sorted(seen)


@pytest.mark.postgresql
def test_each_copy_of_postgresql_under_load_is_one_commit_boundary(
    settings_for: SettingsFor,
    postgresql_database: str,
    postgresql,
    migrated_template: str,
    tmp_path: Path,
):
    with running(settings_for(postgresql_database)) as app:
        with app.app_context():
            put("copies", {"n": 0})
            db.session.commit()
        with somebody_writing(app.extensions["settings"].database_url):
            copies = [backed_up(app, tmp_path / f"{number}.dump") for number in range(3)]
    for copied in copies:
        with postgresql.copy("template0") as url:
            postgresql_of(url, copied)
            engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
            with engine.connect() as connection:
                one = connection.execute(text("SELECT value FROM setting WHERE key = 'copies'"))
                other = connection.execute(text("SELECT count(*) FROM attempt"))
                assert one.scalar_one()["n"] == other.scalar_one() > 0
            engine.dispose()


def postgresql_of(url: str, copied: Path) -> None:
    """Load a copy as somebody without our command would."""
    postgresql._run("pg_restore", "--no-owner", str(copied), url=url)


def test_the_command_says_what_it_wrote_and_nobody_else_may_read_it(
    demo_app: Flask, tmp_path: Path
):
    result = demo_app.test_cli_runner().invoke(args=["backup", str(tmp_path / "copy.db")])
    assert result.exit_code == 0, result.output
    assert "MB, read through, at migration" in result.output
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.glob("*copy*")] == ["copy.db"], "one file, no draft"


def test_nothing_is_ever_overwritten(app: Flask, tmp_path: Path):
    (tmp_path / "taken.db").write_text("something else")
    result = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "taken.db")])
    assert result.exit_code == 1
    assert "exists already" in result.output
    assert (tmp_path / "taken.db").read_text() == "something else"


def test_a_folder_that_is_not_there_and_a_database_that_is_not_are_said_in_words(
    settings_for: SettingsFor, tmp_path: Path
):
    missing = sqlite_url(tmp_path / "nowhere.db")
    with running(settings_for(missing)) as app:
        runner = app.test_cli_runner()
        result = runner.invoke(args=["backup", str(tmp_path / "copy.db")])
        assert (result.exit_code, "no database" in result.output) == (1, True)
        result = runner.invoke(args=["backup", str(tmp_path / "no" / "copy.db")])
        assert (result.exit_code, "no folder" in result.output) == (1, True)
    assert not list(tmp_path.glob("*.db"))


def test_a_damaged_database_gives_no_copy(demo_app: Flask, tmp_path: Path):
    file = Path(demo_app.extensions["settings"].database_url.removeprefix("sqlite:///"))
    size = file.stat().st_size
    with file.open("r+b") as pages:
        pages.seek(size // 3)
        pages.write(b"\xff" * (size // 3))
    result = demo_app.test_cli_runner().invoke(args=["backup", str(tmp_path / "copy.db")])
    assert result.exit_code == 1
    assert "damaged" in result.output or "cannot be copied" in result.output
    assert not list(tmp_path.glob("*copy*"))


def test_without_postgresqls_programs_it_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refusal, match=r"pg_dump is not on PATH. Install"):
        postgresql.copy("postgresql+psycopg://a:b@localhost/c", tmp_path / "copy")


def test_a_password_stands_in_no_list_of_processes():
    url = "postgresql+psycopg://tien_do:bi%20mat@db.example:5433/tien_do?sslmode=require"
    where, secret = postgresql._address(url)
    assert where == ["--dbname=postgresql://tien_do@db.example:5433/tien_do?sslmode=require"]
    assert secret == {"PGPASSWORD": "bi mat"}
