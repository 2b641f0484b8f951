"""The log of production: one JSON object a line, from web, worker and commands; nobody's data, no secret in it."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from tests.databases import SECRET, SettingsFor, running
from tests.pages import PASSWORD, client_of
from tests.worlds import a_world
from tracker import logs
from tracker.db import db
from tracker.people.models import Person
from tracker.settings import ROOT

PRODUCTION = {"TRACKER_ENV": "production", "PUBLIC_URL": "https://localhost"}
HTTPS = {"X-Forwarded-Proto": "https"}


def lines_of(text: str) -> list[dict[str, Any]]:
    """Return the objects of a log; any other line fails."""
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def said() -> io.StringIO:
    """What the site of this test writes to standard error."""
    return io.StringIO()


@pytest.fixture
def in_production(
    said: io.StringIO, settings_for: SettingsFor, postgresql_database: str
) -> Iterator[Flask]:
    """A site in production with a world in it; what it does besides is up to the test."""
    settings = settings_for(postgresql_database, TRUSTED_PROXIES="1", **PRODUCTION)
    with redirect_stderr(said), running(settings) as app:
        app.config["TESTING"] = False
        with app.app_context():
            a_world()
        yield app
    logs.configure(json=False)


def test_an_error_is_told_without_anybodys_data_and_found_by_its_number(
    in_production: Flask, said: io.StringIO
):
    def fail(token: str) -> str:
        with db.session.no_autoflush:
            an = db.session.scalars(db.select(Person).filter_by(email="an@test.local")).one()
            binh = db.session.scalars(db.select(Person).filter_by(email="binh@test.local")).one()
            binh.email_key = an.email_key
        db.session.flush()
        return token

    fail.verb = "open_door"  # type: ignore[attr-defined]
    in_production.add_url_rule("/fail/<token>", "fail", fail)
    client = client_of(in_production)
    answer = client.get("/fail/bi-mat-cua-toi?q=nguoi-nay\n{}", headers=HTTPS)
    assert answer.status_code == 500
    found = lines_of(said.getvalue())
    failed = next(line for line in found if line["event"] == "request failed")
    assert failed["reference"] in answer.text
    assert failed["rule"] == "/fail/<token>"
    assert IntegrityError.__name__ in failed["exception"]
    assert "uq_person_email_key" in failed["exception"], "what broke is told"
    assert not re.search(r"bi-mat|nguoi-nay|@test\.local", said.getvalue()), "whose it was is not"


def test_signing_in_is_told_by_numbers_alone(in_production: Flask, said: io.StringIO):
    client = client_of(in_production)
    token = client.get("/sign-in", headers=HTTPS).text.split('name="csrf_token" value="')[1]
    fields = {"csrf_token": token.split('"')[0], "email": "an@test.local", "password": PASSWORD}
    more: dict[str, Any] = {
        "headers": HTTPS | {"Referer": "https://localhost/sign-in", "X-Forwarded-For": "192.0.2.77"}
    }
    client.post("/sign-in", data=fields | {"password": "sai-mat-khau-roi"}, **more)
    assert client.post("/sign-in", data=fields, **more).status_code == 303
    events = [line["event"] for line in lines_of(said.getvalue())]
    assert "sign-in refused" in events
    assert "signed in" in events
    assert not re.search(rf"test\.local|192\.0\.2|Lê|{PASSWORD}|sai-mat|{SECRET}", said.getvalue())


@pytest.mark.parametrize("words", ['a"b', "two\nlines", "\r\n{}", "\x1b[31m", "\u2028", "ngã ba"])
def test_no_words_make_a_second_line(words: str, capsys: pytest.CaptureFixture[str]):
    logs.configure(json=True)
    try:
        logs.logger().warning(words, more=words, raw=words.encode())
    finally:
        logs.configure(json=False)
    lines = capsys.readouterr().err.split("\n")
    assert len(lines) == 2
    assert json.loads(lines[0])["event"] == json.loads(lines[0])["more"] == words
    assert "\x1b" not in lines[0]


def test_a_command_that_breaks_down_logs_json_with_a_number(tmp_path: Path):
    """A database that is none breaks `people list`; nobody catches that."""
    (tmp_path / "tracker.db").write_bytes(b"this is no database " * 100)
    result = command(tmp_path, "people", "list")
    assert result.returncode == 1
    (line,) = lines_of(result.stderr)
    assert line["event"] == "ended by an error"
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", line["reference"])
    assert "file is not a database" in line["exception"]


def command(instance: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "TRACKER_INSTANCE": str(instance),
        "SECRET_KEY": SECRET,
        **PRODUCTION,
    }
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_development_stays_readable(app: Flask, capsys: pytest.CaptureFixture[str]):
    logs.configure(json=False)
    app.test_client().get("/privacy")
    said = re.sub(r"\x1b\[\d+m", "", capsys.readouterr().err)
    assert "[info     ] request" in said
    assert "rule=/privacy" in said
