"""`bin/bench`: makes worlds, serves each by the product and by the limit app, measures all in turns, keeps a table."""

import argparse
import json
import platform
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask_migrate import upgrade

from bench import world
from bench.pages import Limit, Product
from bench.recorded import statements
from bench.servers import cpu_ms, serving
from tracker.app import create_app
from tracker.db import db
from tracker.settings import ROOT, Settings

FIRST_PORT = 8151
# The choices of plan and unit, which the limit app reads and writes as the product does.
_OPTIONS = re.compile(
    r'(?<=name="plan">).*?(?=</select>)|(?<=name="unit">).*?(?=</select>)', re.DOTALL
)
RECORDED = ("overdue", "task", "status")  # pages whose limit is their statements and bytes alone
ROUNDS = 7
REQUESTS = 40  # of each page in a round


@dataclass
class Measured:
    """What one page cost, round by round: CPU ms a request of the server's processes, its bytes, each wait in ms."""

    words: str
    own: Callable[[], bytes]
    other: Callable[[], bytes] | None = None
    less: "Measured | None" = None  # what is fetched along with it, and taken off
    product: list[float] = field(default_factory=list)
    limit: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @property
    def cpu(self) -> float:
        """Return the product's cost."""
        return statistics.median(self.product)

    @property
    def ratio(self) -> float | None:
        """Return the product's cost over the limit's, in the same rounds."""
        pairs = zip(self.product, self.limit, strict=True)
        return statistics.median(mine / theirs for mine, theirs in pairs) if self.limit else None

    def forget(self) -> None:
        """Drop what has been measured: the first round warms up."""
        for figures in (self.product, self.limit, self.sizes, self.waits):
            figures.clear()


@dataclass
class Served:
    """A world with its two servers and the pages they are asked for."""

    size: int
    product_pid: int
    limit_pid: int
    pages: list[Measured]


def main() -> None:
    """Measure worlds of the sizes asked for, or what `bin/bench digests` or `bin/bench fan-out` asks for."""
    if sys.argv[1:2] == ["digests"]:
        from bench import digests  # its mail server is not needed here

        digests.main(sys.argv[2:])
        return
    if sys.argv[1:2] == ["fan-out"]:
        from bench import fanouts

        fanouts.main(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000], help="numbers of tasks")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    with ExitStack() as stack:
        worlds = [
            stack.enter_context(served(size, FIRST_PORT + 2 * place))
            for place, size in enumerate(asked.sizes)
        ]
        for number in range(asked.rounds + 1):
            measure(worlds)
            if number == 0:
                forget(worlds)
    report = [table(world) for world in worlds] + ([growth(worlds)] if len(worlds) > 1 else [])
    print("\n".join(report))
    write(report, " ".join(["bin/bench", *sys.argv[1:]]))


# --- worlds and servers ---------------------------------------------------------------------------


@contextmanager
def served(size: int, port: int) -> Iterator[Served]:
    """Make a world and run both servers on it until the block ends."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tien-do-bench-"))
        environment = prepare(Path(folder), size)
        command = ["-m", "flask", "--app", "wsgi", "serve", "--no-worker", "--port", str(port)]
        mine = stack.enter_context(serving(command, port, environment))
        user = Product(port, world.words(size))
        environment |= shells(Path(folder), user, environment)
        limit = ["-m", "bench.servers", str(port + 1)]
        theirs = stack.enter_context(serving(limit, port + 1, environment))
        yield Served(size, mine, theirs, pages(user, Limit(port + 1)))


def prepare(folder: Path, size: int) -> dict[str, str]:
    """Make the database and return the environment in which both servers run."""
    environment = {
        "DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
        "TRACKER_INSTANCE": str(folder),
        "TRACKER_ENV": "production",
        "PUBLIC_URL": "https://bench.local",
        "SECRET_KEY": "for-measuring-only-0123456789-abcdefghij",
        "TRACKER_IDLE_MINUTES": "1440",
        "TRACKER_HTMX": "local",
    }
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        upgrade()
        world.make(size)
        db.session.remove()
        db.engine.dispose()
    return environment


def shells(folder: Path, user: Product, environment: dict[str, str]) -> dict[str, str]:
    """Keep what stands around the product's content and what it asks, so that the limit app does the same."""
    app = create_app(Settings.from_environment(environment))
    recorded = {
        name: {
            "page": user.fetched(name).decode(),
            "statements": statements(app, user.header, user.paths[name]),
        }
        for name in RECORDED
    }
    parts = {
        "boards": {name: _around(user.fetched(name).decode()) for name in ("board", "search")},
        "recorded": recorded,
        "move": user.move().decode(),
    }
    path = folder / "shells.json"
    path.write_text(json.dumps(parts), encoding="utf-8")
    verbs = "accept return close hold cancel reopen resume restore"
    return {"BENCH_SHELLS": str(path), "BENCH_VERBS": verbs, "BENCH_WORDS": user.words}


def _around(board: str) -> dict[str, str]:
    start, end = board.index('<details class="column"'), board.rindex("</details>") + 10
    head, between, before = _OPTIONS.split(board[:start])
    return {"head": head, "between": between, "before": before, "after": board[end:]}


# --- measuring ------------------------------------------------------------------------------------


def pages(user: Product, plain: Limit) -> list[Measured]:
    """Return what is measured of a world."""
    moved = Measured("A card moved (htmx)", user.move, plain.move)
    return [
        Measured("Board of 100 cards", user.board, plain.board),
        moved,
        Measured("Board after somebody's move", user.board_after_a_move, plain.board, less=moved),
        Measured("Overdue", user.overdue, plain.overdue),
        Measured("Page of a task", user.task, plain.task),
        Measured("Status", user.status, plain.status),
        Measured("Search on the board", user.search, plain.search),
        Measured("Live refresh, nothing new", user.refresh),
    ]


def measure(worlds: list[Served]) -> None:
    """Fetch each page of every world from both servers, one after another."""
    for place in range(len(worlds[0].pages)):
        for found in worlds:
            page = found.pages[place]
            page.sizes.clear()
            own = cost(found.product_pid, page.own, page)
            page.product.append(own - page.less.product[-1] if page.less else own)
            if page.other:
                page.limit.append(cost(found.limit_pid, page.other, page))


def cost(pid: int, fetch: Callable[[], bytes], page: Measured) -> float:
    """Return the CPU ms which one request cost the server, on average of many."""
    before, size = cpu_ms(pid), 0
    for _ in range(REQUESTS):
        began = time.perf_counter()
        size = len(fetch())
        if fetch is page.own:
            page.waits.append((time.perf_counter() - began) * 1000)
    page.sizes.append(size)
    return (cpu_ms(pid) - before) / REQUESTS


def forget(worlds: list[Served]) -> None:
    """Drop the first round."""
    for found in worlds:
        for page in found.pages:
            page.forget()


# --- telling --------------------------------------------------------------------------------------


def table(found: Served) -> str:
    """Return the figures of one world as a table."""
    lines = [
        f"| {found.size:,} tasks | CPU ms | limit app | ratio | median ms | p95 ms | a second | bytes |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for page in found.pages:
        limit = f"{statistics.median(page.limit):.2f}" if page.limit else ""
        ratio = f"{page.ratio:.2f}" if page.ratio else ""
        sizes = " / ".join(f"{size:,}" for size in page.sizes)
        lines.append(
            f"| {page.words} | {page.cpu:.2f} | {limit} | {ratio} | {_waits(page)} | {sizes} |"
        )
    return "\n".join([*lines, ""])


def _waits(page: Measured) -> str:
    if page.less:
        return " |  | "
    middle, p95 = statistics.median(page.waits), statistics.quantiles(page.waits, n=20)[-1]
    return f"{middle:.1f} | {p95:.1f} | {1000 / statistics.mean(page.waits):,.0f}"


def growth(worlds: list[Served]) -> str:
    """Return by how much each page costs more in the larger worlds, in the same rounds."""
    first, *others = worlds
    lines = [
        "| CPU, times that of " + " | ".join([f"{first.size:,} tasks", *_sizes(others)]) + " |",
        "|---|" + "---:|" * len(others),
    ]
    for place, page in enumerate(first.pages):
        times = [f"{other.pages[place].cpu / page.cpu:.2f}" for other in others]
        lines.append("| " + " | ".join([page.words, *times]) + " |")
    return "\n".join([*lines, ""])


def _sizes(worlds: list[Served]) -> list[str]:
    return [f"{found.size:,}" for found in worlds]


def write(report: list[str], command: str) -> None:
    """Put the figures into docs/performance.md, between its marks."""
    path = ROOT / "docs" / "performance.md"
    if not path.exists():
        return
    before, _, rest = path.read_text(encoding="utf-8").partition("<!-- figures -->\n")
    _, _, after = rest.partition("<!-- end of figures -->")
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    figures = "\n".join([f"`{command}` on {machine}, SQLite, two workers.", "", *report])
    text = f"{before}<!-- figures -->\n{figures}\n<!-- end of figures -->{after}"
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
