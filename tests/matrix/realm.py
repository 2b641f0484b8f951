"""The realm behind the running site, asked over HTTP as each who is in it; what is written can be taken back."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from tests.matrix.grounds import EVERYBODY, build
from tests.pages import PASSWORD
from tracker.clock import machine_now
from tracker.db import db, sqlite_module
from tracker.people.models import SignIn
from tracker.tasks.lifecycle import State


@dataclass
class Realm:
    """The realm behind the running app: who is signed in with which cookie, and how it all began."""

    app: Flask
    names: dict[str, int]
    path: Path
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    own_sign_ins: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sign everybody in through the page, disable whom that befalls, remember the beginning."""
        for account, email in EVERYBODY.items():
            self._sign_in(account, email)
        self.ask("admin", "POST", f"/people/{self.names['person_quang']}/disabling")
        with self.app.app_context():
            # The one write in a GET, that a sign-in is in use, is another test's: it is not due here.
            db.session.execute(
                update(SignIn).values(last_seen_at=machine_now() + timedelta(days=1))
            )
            db.session.commit()
        sqlite = sqlite_module()
        self.watcher = sqlite.connect(self.path)
        self.beginning = sqlite.connect(":memory:")
        self.watcher.backup(self.beginning)
        self.version = self._version()
        rows = self.watcher.execute(
            "SELECT p.email, s.id, t.id, t.seat_id FROM sign_in s JOIN person p ON p.id = s.person_id"
            " LEFT JOIN tenure t ON t.person_id = p.id ORDER BY s.id"
        ).fetchall()
        accounts = {email: account for account, email in EVERYBODY.items()}
        for email, sign_in, tenure, seat in rows:
            self.own_sign_ins[accounts[email]] = sign_in
            key = email.partition("@")[0]
            self.names |= {f"sign_in_{key}": sign_in, f"tenure_{key}": tenure or 0}
            self.names[f"seat_{key}"] = seat or 0

    def _sign_in(self, account: str, email: str | None) -> None:
        client = self.app.test_client()
        self.tokens[account] = _token(client.get("/sign-in?lang=en"))
        if email is not None:
            fields = {"email": email, "password": PASSWORD, "csrf_token": self.tokens[account]}
            assert client.post("/sign-in", data=fields).status_code == 303
            self.tokens[account] = _token(client.get("/people/me"))
        cookie = client.get_cookie("session")
        self.cookies[account] = cookie.value if cookie else ""

    def ask(
        self, account: str, method: str, path: str, data: Any = None, **more: Any
    ) -> TestResponse:
        """Send one request as somebody, with the token of their forms; paths speak of rows by name."""
        client: FlaskClient = self.app.test_client()
        more.setdefault("environ_base", {"REMOTE_ADDR": "192.0.2.7"})  # this machine may see more
        client.set_cookie("session", self.cookies[account])
        client.set_cookie("lang", more.pop("lang", "en"))
        if method == "POST":
            more["data"] = {"csrf_token": self.tokens[account]} | filled(data or {}, self.names)
        return client.open(named(path, self.names), method=method, buffered=True, **more)

    def for_account(
        self, account: str, path: str, data: Mapping[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        """Return a request with what differs from one account to the next: its sign-in, the row's version."""
        names = {"sign_in_own": self.own_sign_ins.get(account, 0)}
        names["version"] = self._version_of(path)
        path = path.replace("{sign_in_own}", str(names["sign_in_own"]))
        return path, {k: str(names["version"]) if v == "{version}" else v for k, v in data.items()}

    def _version_of(self, path: str) -> int:
        found = re.match(r"/(tasks|documents|plans|committees|people)/([{}\w]+)", path)
        if not found or found[2] in {"new", "me", "quick"}:
            return 0
        kind = {"committees": "unit", "people": "person"}.get(found[1], found[1][:-1])
        sql = f"SELECT version FROM {kind} WHERE id = ?"
        return int(self.one(sql, int(named(found[2], self.names))) or 0)

    def _version(self) -> int:
        """Return a number that changes with whatever anybody else commits."""
        return int(self.watcher.execute("PRAGMA data_version").fetchone()[0])

    def has_written(self) -> bool:
        """Tell whether anything was written since the last beginning."""
        return self._version() != self.version

    def begin_again(self) -> None:
        """Bring the database back to how it all began."""
        self.beginning.backup(self.watcher)
        self.version = self._version()

    def count_rows(self) -> dict[str, int]:
        """Return how many rows each table has."""
        named = "SELECT name FROM sqlite_master WHERE type = 'table'"
        tables = [row[0] for row in self.watcher.execute(named)]
        counts = [self.watcher.execute(f'SELECT count(*) FROM "{t}"').fetchone() for t in tables]
        return dict(zip(tables, chain.from_iterable(counts), strict=True))

    def one(self, sql: str, *values: Any) -> Any:
        """Return one value of the database, names of rows filled in."""
        row = self.watcher.execute(named(sql, self.names), values).fetchone()
        return row and row[0]

    def close(self) -> None:
        """Let go of the database."""
        self.watcher.close()
        self.beginning.close()


def named(text: str, names: Mapping[str, int]) -> str:
    """Return the text with the ids of the rows it names; any other braces stay."""
    return re.sub(r"\{(\w+)\}", lambda found: str(names.get(found[1], found[0])), text)


def filled(data: Mapping[str, Any], names: Mapping[str, int]) -> dict[str, Any]:
    """Return the fields of a form with the ids of the rows they name."""
    return {
        named(key, names): [named(word, names) for word in value]
        if isinstance(value, list)
        else named(str(value), names)
        for key, value in data.items()
    }


def _token(response: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', response.text)
    assert found, response.text[:2000]
    return found[1]


@contextmanager
def asking(app: Flask, path: Path, states: tuple[State, ...]) -> Iterator[Realm]:
    """Build a realm in the empty database of `app` at `path` and give it."""
    with app.app_context():
        names = build(states)
    realm = Realm(app, names, path)
    try:
        yield realm
    finally:
        realm.close()


def outcome(response: TestResponse) -> str:
    """Return the status; `door` where somebody is asked to sign in first."""
    to_door = response.status_code == 303 and response.location.startswith("/sign-in")
    return "door" if to_door else str(response.status_code)
