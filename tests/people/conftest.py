"""People who sign in: a world of committees, and clients of its site."""

from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from tests.pages import Client, client_of
from tests.worlds import World, a_world

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


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
