"""A real Chromium, with JavaScript and without, that reaches nothing but the site under test."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect

from tests.databases import once, say
from tests.pages import PASSWORD
from tests.servers import Live

# How long anything may take before it counts as missing: machines are loaded, and what comes soon is not waited for.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
CDN = re.compile(r"https://cdn\.jsdelivr\.net/npm/htmx\.org@2\.0\.10/dist/htmx\.min\.js")
# Without these Chromium calls home at every start.
SILENT = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def chromium() -> str:
    """Return the system's browser: the one without windows where it is there, which works a third less."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    assert found, "no Chromium on PATH: bin/test installs it"
    return found


def htmx() -> bytes:
    """Return the very bytes the CDN serves, so that the page's integrity hash is really checked."""
    spec = find_spec("django_htmx")
    assert spec
    assert spec.origin
    files = list(Path(spec.origin).parent.rglob("htmx-2.min.js"))
    return files[0].read_bytes()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's browser; root has no sandbox."""
    arguments = [*SILENT, "--no-sandbox"] if os.geteuid() == 0 else SILENT
    return {"executable_path": chromium(), "args": arguments}


@pytest.fixture(scope="session")
def chrome(browser: Browser, home: Path) -> Browser:
    """The running browser."""
    text = f"Chromium {browser.version}"
    once(home / "version-browser", lambda note: say(note, text))
    return browser


class Watch:
    """What a page must never do, kept until the test ends."""

    def __init__(self, context: BrowserContext, site: str, *, scripts: bool) -> None:
        self.found: list[str] = []
        elsewhere = re.compile(f"^(?!{re.escape(site)})")
        if scripts:
            context.route(elsewhere, self.answer)
        else:  # nobody asks the CDN; what is not intercepted may be cached as in life
            context.on("request", lambda request: self.note(elsewhere, request.url))
        context.on("console", self.read)
        context.on("weberror", lambda error: self.found.append(f"script error: {error.error}"))

    def answer(self, route: Route) -> None:
        """Play the CDN; refuse everybody else."""
        if CDN.fullmatch(route.request.url):
            headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"}
            route.fulfill(body=htmx(), headers=headers)
        else:
            self.found.append(f"request to {route.request.url}")
            route.abort()

    def note(self, elsewhere: re.Pattern[str], url: str) -> None:
        """Note who else was asked; no name but ours is found anyway."""
        if elsewhere.match(url):
            self.found.append(f"request to {url}")

    def read(self, message: ConsoleMessage) -> None:
        """Note violations of the content security policy and of the integrity hash."""
        if re.search("Content Security Policy|integrity|Permissions-Policy", message.text):
            self.found.append(f"{message.location['url']}: {message.text}")


@contextmanager
def visit(browser: Browser, live: Live, *, scripts: bool, **more) -> Iterator[Page]:
    """Open a window of its own; at the end, nothing forbidden may have happened in it."""
    settings: dict[str, Any] = {
        "base_url": live.url,
        "java_script_enabled": scripts,
        "locale": "vi-VN",
    }
    context = browser.new_context(**(settings | more))
    context.set_default_timeout(PATIENCE)
    watch = Watch(context, live.url, scripts=scripts)
    try:
        yield context.new_page()
    finally:
        context.close()
    assert not watch.found, "\n".join(watch.found)


@pytest.fixture(params=["javascript-on", "javascript-off"])
def page(chrome: Browser, live: Live, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window on the demonstration: every journey is made with JavaScript and without."""
    with visit(chrome, live, scripts=request.param == "javascript-on") as page:
        yield page


@pytest.fixture
def scripted_page(chrome: Browser, live: Live) -> Iterator[Page]:
    """A window with JavaScript, for what there is only with it (dragging, swapping, looking)."""
    with visit(chrome, live, scripts=True) as page:
        yield page


@pytest.fixture
def visitors(chrome: Browser, live: Live) -> Iterator[Callable[..., Page]]:
    """`visitors(scripts=True)` opens one more window, with its own cookies, for a second person."""
    with ExitStack() as windows:
        yield lambda *, scripts=True, **more: windows.enter_context(
            visit(chrome, live, scripts=scripts, **more)
        )


def sign_in(page: Page, email: str, password: str = PASSWORD) -> Page:
    """Sign in through the page."""
    page.goto("/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.click("form:has([name=password]) [type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page
