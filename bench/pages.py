"""One connection to each server: signing in, fetching pages, moving a card to and fro."""

import http.client
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from bench.servers import HOST
from bench.world import EMAIL, MOVED, PASSWORD, READ

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_SEEN = re.compile(r'id="board-seen" value="([^"]+)"')
_VERSION = re.compile(rf'data-task="{MOVED}"[^>]*data-version="(\d+)"')
BOARD = "/board?plan=1&lang=vi"


class Connection:
    """A kept connection with its cookies."""

    def __init__(self, port: int) -> None:
        self.http = http.client.HTTPConnection(HOST, port, timeout=30)
        self.cookies: dict[str, str] = {}
        self.tag = ""

    def fetch(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Send one request and return status and body; compressed answers are not asked for."""
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(form) if form else None
        self.http.request(method, path, body, sent | dict(headers or {}))
        answer = self.http.getresponse()
        content = answer.read()
        self.tag = answer.headers.get("ETag", "")
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, content


class Product(Connection):
    """The product, as the office uses it."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        page = self.page("/sign-in")
        form = {"csrf_token": _found(_TOKEN, page), "email": EMAIL, "password": PASSWORD}
        status, _body = self.fetch("POST", "/sign-in", form)
        if status != 303:
            raise SystemExit(f"the office could not sign in: {status}")
        board = self.page(BOARD)
        self.token, self.seen = _found(_TOKEN, board), _found(_SEEN, board).replace("&amp;", "&")
        self.version, self.is_handed_in, self.known = int(_found(_VERSION, board)), False, ""

    def page(self, path: str) -> str:
        """Return a page."""
        status, body = self.fetch("GET", path)
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
        return body.decode()

    def board(self) -> bytes:
        """Fetch the board of a hundred cards."""
        return self.fetch("GET", BOARD)[1]

    def task(self) -> bytes:
        """Fetch the page of one task."""
        return self.fetch("GET", f"/tasks/{READ}")[1]

    def move(self) -> bytes:
        """Move the card as htmx does: handed in, withdrawn, handed in."""
        verb = "withdraw" if self.is_handed_in else "hand-in"
        form = {"csrf_token": self.token, "version": str(self.version), "board": self.seen}
        htmx = {"HX-Request": "true"}
        status, body = self.fetch("POST", f"/tasks/{MOVED}/{verb}", form, htmx)
        if status != 200:
            raise SystemExit(f"{verb} of version {self.version} answered {status}")
        self.version, self.is_handed_in = self.version + 1, not self.is_handed_in
        self.seen = _found(_SEEN, body.decode()).replace("&amp;", "&")
        return body

    def refresh(self) -> bytes:
        """Ask what is new, and be told: nothing."""
        poll = {"HX-Request": "true", "X-Poll": "1", "If-None-Match": self.known}
        status, body = self.fetch("GET", f"/board/changes?{self.seen}", headers=poll)
        if status != 304:
            self.known = self.tag
        return body


class Limit(Connection):
    """The limit app, which knows nobody."""

    def board(self) -> bytes:
        """Fetch the board."""
        return self.fetch("GET", "/board")[1]

    def task(self) -> bytes:
        """Fetch the task."""
        return self.fetch("GET", "/task")[1]

    def move(self) -> bytes:
        """Change the task."""
        return self.fetch("POST", "/move", {"to": "in_progress"})[1]


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    if match is None:
        raise SystemExit(f"the page has no {pattern.pattern}")
    return match[1]
