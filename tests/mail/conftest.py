"""What tests of the outbox ask for: a mail server, and apps that send there, on each database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask

from tests.databases import EACH_DATABASE, SECRET, SettingsFor, running
from tests.mail.deliverer import Order, nursery
from tests.mail.servers import Sink, sink

__all__ = ["any_url", "order", "place", "sink", "site"]


@pytest.fixture(params=EACH_DATABASE)
def any_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database, once for each kind."""
    return str(request.getfixturevalue(f"{request.param}_database"))


class Place:
    """An app, and the variables by which another process makes the same one."""

    def __init__(self, app: Flask, variables: dict[str, str]) -> None:
        self.app, self.variables = app, variables


@pytest.fixture
def place(
    any_url: str, settings_for: SettingsFor, instance: Path
) -> Iterator[Callable[..., Place]]:
    """`place(SMTP_URL=...)`: a place to deliver from, on each kind of database."""
    with ExitStack() as stack:

        def make(**variables: str) -> Place:
            app = stack.enter_context(running(settings_for(any_url, **variables)))
            own = {"DATABASE_URL": any_url, "SECRET_KEY": SECRET, "TRACKER_INSTANCE": str(instance)}
            return Place(app, own | variables)

        yield make


@pytest.fixture(scope="session")
def order() -> Iterator[Order]:
    """`order(spot, do="deliver", end_at="frozen")`: a deliverer that is a process, and may be killed."""
    with nursery() as carry_out:
        yield carry_out


@pytest.fixture
def site(settings_for: SettingsFor, sqlite_database: str, sink: Sink) -> Iterator[Flask]:
    """The app on SQLite that sends to `sink`."""
    with running(settings_for(sqlite_database, **sink.variables)) as app:
        yield app
