"""One real site for all journeys: each begins with the demonstration as it was, and with people already signed in."""

import functools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import update

from tests.browsers import visit
from tests.databases import SECRET, running, settings_at, sqlite_url
from tests.journeys.looking import WIDE
from tests.pages import Client, client_of
from tests.servers import Live, free_port, wait_for
from tracker.clock import machine_now
from tracker.db import db, sqlite_module
from tracker.people.models import Person, SignIn
from tracker.settings import ROOT

Become = Callable[[Page, str], Page]
Other = Callable[[str], Page]


class Site(Live):
    """The site under journey. `as_it_was()` brings every row back to where it was at first."""

    def __init__(self, app: Flask, url: str, file: Path) -> None:
        super().__init__(app, url)
        self.file, self.first = file, file.with_name("first.db")
        self.passes: dict[str, str] = {}
        self.clients: dict[str, Client] = {}

    def sign_everybody_in(self) -> None:
        """Sign the people of the journeys in through the page, once, and keep that as the beginning."""
        accounts = "office leader chair member admin ban-to-chuc dak-mil gia-nghia"
        for name in accounts.split():
            client = client_of(self.app).sign_in(f"{name}@demo.local")
            cookie = client.get_cookie("session")
            assert cookie is not None
            self.passes[name], self.clients[name] = cookie.value, client
        self.copy(self.file, self.first)

    def as_it_was(self) -> None:
        """Bring the rows back, under the running site's feet."""
        self.copy(self.first, self.file)

    def copy(self, source: Path, target: Path) -> None:
        """Copy a database in one transaction of SQLite's own."""
        connect = sqlite_module().connect
        with closing(connect(source)) as here, closing(connect(target)) as there:
            here.backup(there)

    def let_in(self, page: Page, name: str, url: str | None = None) -> Page:
        """Give a window the sign-in of somebody, for this site or for another one on its rows."""
        if name != "nobody":
            cookie = {"name": "session", "value": self.passes[name], "url": url or self.url}
            page.context.add_cookies([cookie])  # type: ignore[list-item]
        return page

    def end_sign_ins(self, name: str) -> None:
        """End what somebody is signed in with, as an administrator or the clock would."""
        with self.app.app_context():
            person = db.session.scalars(db.select(Person).filter_by(email=f"{name}@demo.local"))
            whose = update(SignIn).where(SignIn.person_id == person.one().id)
            db.session.execute(whose.values(ended_at=machine_now()))
            db.session.commit()
            db.session.remove()


@contextmanager
def serving(file: Path, port: int, **variables: str) -> Iterator[None]:
    """Run `flask serve` on a database."""
    environment = {"PATH": os.environ["PATH"], "TRACKER_INSTANCE": str(file.parent)} | variables
    arguments = ["serve", "--port", str(port), "--workers", "1", "--no-worker"]
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    with (file.parent / "serve.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/sign-in"))
        yield
    finally:
        process.terminate()
        process.wait(60)


def answers(url: str) -> bool:
    """Tell whether the site is there, whatever it says."""
    try:
        urlopen(url, timeout=60).close()
    except HTTPError as refused:
        refused.close()
    return True


@pytest.fixture(scope="session")
def site(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration served by the real command, for the whole run."""
    file, port = tmp_path_factory.mktemp("journeys") / "tracker.db", free_port()
    url = f"http://127.0.0.1:{port}"
    settings = settings_at(file.parent, sqlite_url(file), PUBLIC_URL=url)
    with running(settings) as app:
        site = Site(app, url, file)
        site.copy(demo_file, file)
        site.sign_everybody_in()
        with serving(file, port, SECRET_KEY=SECRET, PUBLIC_URL=url):
            yield site


@pytest.fixture
def live(site: Site) -> Site:
    """The site as it was at first; the windows of tests.browsers open on it."""
    site.as_it_was()
    return site


@pytest.fixture
def become(live: Site) -> Become:
    """`become(page, "office")`: the window is signed in as office@demo.local."""
    return live.let_in


@pytest.fixture(scope="session")
def windows(chrome: Browser, site: Site) -> Iterator[Callable[[str, bool], Page]]:
    """`windows("leader", True)`: a window of the leader's, opened once: opening costs more than a journey."""
    with ExitStack() as opened:

        @functools.cache
        def window(_whose: str, scripts: bool) -> Page:
            return opened.enter_context(visit(chrome, site, scripts=scripts))

        yield lambda whose, scripts: on_a_desk(window(whose, scripts))


def on_a_desk(page: Page) -> Page:
    """Give a window the size of a desk again: the journey before may have left it a phone's."""
    page.set_viewport_size(WIDE)
    return page


@pytest.fixture(params=["javascript-on", "javascript-off"])
def page(live: Site, windows, request: pytest.FixtureRequest) -> Page:
    """A window in which nobody is signed in and nothing was chosen: each journey is made in both kinds."""
    page: Page = windows("first", request.param == "javascript-on")
    page.context.clear_cookies()
    return page


@pytest.fixture
def other(become: Become, windows, page: Page, request: pytest.FixtureRequest) -> Other:
    """`other("leader")`: a window of somebody else, with JavaScript exactly if the first has it."""
    scripts = "javascript-on" in request.node.name
    return lambda name: become(windows(name, scripts), name)
