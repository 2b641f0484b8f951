"""People who sign in: a world of committees, and clients of its site."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from tests.pages import Client, client_of
from tests.worlds import World, a_world
from tracker.db import db

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def through_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here signing in is what is tested."""
    monkeypatch.setattr(Client, "is_quick", False)


@pytest.fixture
def time():
    """The machine's clock, which stands still until `time.shift(seconds)`."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(app: Flask, time) -> World:
    """Units and people, on SQLite."""
    with app.app_context():
        return a_world()


@pytest.fixture
def any_world(any_app: Flask, time) -> World:
    """Units and people, once on each kind of database."""
    with any_app.app_context():
        return a_world()


@pytest.fixture
def other(app: Flask) -> Client:
    """Another browser on the same site."""
    return client_of(app)


@pytest.fixture
def any_other(any_app: Flask) -> Client:
    """Another browser on the same site."""
    return client_of(any_app)


def in_the_middle(
    app: Flask, words: str, first: Callable[[], TestResponse], second: Callable[[], TestResponse]
) -> list[TestResponse]:
    """Send `second` when `first` has come to a statement with these words, and let it go on in a while."""
    sent: list[Future[TestResponse]] = []

    def send(_conn, _cursor, statement, *_more) -> None:
        if words in statement and not sent:
            sent.append(pool.submit(second))
            wait(sent, timeout=0.5)  # it waits for the first, or else is through by now

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", send)
    with ThreadPoolExecutor(1) as pool:
        answers = [first(), sent[0].result()]
    event.remove(engine, "before_cursor_execute", send)
    return answers
