"""One connection to each server: signing in, fetching pages, moving cards to and fro."""

import http.client
import itertools
import re
from collections.abc import Mapping
from urllib.parse import quote_plus, urlencode

from bench.servers import HOST
from bench.world import EMAIL, MOVED, PASSWORD, READ

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_SEEN = re.compile(r'id="board-seen" value="([^"]+)"')
_VERSION = r'data-task="{}"[^>]*data-version="(\d+)"'


class Connection:
    """A kept connection with its cookies."""

    def __init__(self, port: int) -> None:
        self.http = http.client.HTTPConnection(HOST, port, timeout=30)
        self.cookies: dict[str, str] = {}
        self.tag = ""

    @property
    def header(self) -> str:
        """Return the cookies as they are sent."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def fetch(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Send one request and return status and body; compressed answers are not asked for."""
        sent = {"Cookie": self.header}
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

    def __init__(self, port: int, words: str) -> None:
        super().__init__(port)
        self.words = words
        self.paths = {
            "board": "/board?plan=1&lang=vi",
            "search": f"/board?q={quote_plus(words)}&lang=vi",
            "overdue": "/overdue",
            "task": f"/tasks/{READ}",
            "status": "/status",
        }
        form = {"csrf_token": _found(_TOKEN, self.page("/sign-in")), "email": EMAIL}
        status, _body = self.fetch("POST", "/sign-in", form | {"password": PASSWORD})
        if status != 303:
            raise SystemExit(f"the office could not sign in: {status}")
        board = self.page(self.paths["board"])
        self.token, self.seen, self.known = _found(_TOKEN, board), _seen(board), ""
        self.versions = {n: int(_found(re.compile(_VERSION.format(n)), board)) for n in MOVED}
        self.steps = ((verb, n) for verb in itertools.cycle(("hand-in", "withdraw")) for n in MOVED)

    def page(self, path: str) -> str:
        """Return a page."""
        status, body = self.fetch("GET", path)
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
        return body.decode()

    def fetched(self, name: str) -> bytes:
        """Fetch one of the pages."""
        return self.fetch("GET", self.paths[name])[1]

    def board(self) -> bytes:
        """Fetch the board of a hundred cards."""
        return self.fetched("board")

    def overdue(self) -> bytes:
        """Fetch what is overdue."""
        return self.fetched("overdue")

    def task(self) -> bytes:
        """Fetch the page of one task."""
        return self.fetched("task")

    def status(self) -> bytes:
        """Fetch how the work stands."""
        return self.fetched("status")

    def search(self) -> bytes:
        """Search all tasks for words, on the board."""
        return self.fetched("search")

    def move(self) -> bytes:
        """Move the next card as htmx does: all of them handed in, all of them withdrawn."""
        verb, number = next(self.steps)
        version = self.versions[number]
        form = {"csrf_token": self.token, "version": str(version), "board": self.seen}
        status, body = self.fetch("POST", f"/tasks/{number}/{verb}", form, {"HX-Request": "true"})
        if status != 200:
            raise SystemExit(f"{verb} of version {version} answered {status}")
        self.versions[number], self.seen = version + 1, _seen(body.decode())
        return body

    def board_after_a_move(self) -> bytes:
        """Fetch the board when something has just happened, so that nothing about it is remembered."""
        self.move()
        return self.board()

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
        return self.fetch("GET", "/boards/board")[1]

    def search(self) -> bytes:
        """Fetch what a search finds."""
        return self.fetch("GET", "/boards/search")[1]

    def overdue(self) -> bytes:
        """Fetch what is overdue."""
        return self.fetch("GET", "/recorded/overdue")[1]

    def task(self) -> bytes:
        """Fetch the task."""
        return self.fetch("GET", "/recorded/task")[1]

    def status(self) -> bytes:
        """Fetch how the work stands."""
        return self.fetch("GET", "/recorded/status")[1]

    def move(self) -> bytes:
        """Change the task."""
        return self.fetch("POST", "/move", {"to": "in_progress"})[1]


def _seen(page: str) -> str:
    return _found(_SEEN, page).replace("&amp;", "&")


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    if match is None:
        raise SystemExit(f"the page has no {pattern.pattern}")
    return match[1]
