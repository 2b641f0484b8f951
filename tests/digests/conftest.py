"""Digests in tests: a world with something in every section, and what its people are sent."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.digests.desks import START, a_full_desk
from tests.mail.servers import sink
from tests.worlds import World, a_world

__all__ = ["sink"]


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    """The machine's clock, which stands still until `time.shift(seconds)`."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(app: Flask, time) -> World:
    """Units and people, on SQLite; no task yet."""
    with app.app_context():
        return a_world()


@pytest.fixture
def full(app: Flask, world: World) -> World:
    """The same with something in every section."""
    with app.app_context():
        a_full_desk(world)
    return world
