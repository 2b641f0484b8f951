"""`bin/bench`: makes a world, serves it by the product and by the limit app, measures both in turns, keeps a table."""

import argparse
import json
import platform
import re
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask_migrate import upgrade

from bench import world
from bench.pages import Limit, Product
from bench.servers import cpu_ms, serving
from tracker.app import create_app
from tracker.db import db
from tracker.settings import ROOT, Settings

PORTS = (8151, 8152)
# The choices of plan and unit, which the limit app reads and writes as the product does.
_OPTIONS = re.compile(
    r'(?<=name="plan">).*?(?=</select>)|(?<=name="unit">).*?(?=</select>)', re.DOTALL
)
ROUNDS = 7
REQUESTS = 100  # of each page in a round


@dataclass
class Measured:
    """What one page cost, round by round: CPU ms a request of the server's processes, and its bytes."""

    words: str
    product: list[float] = field(default_factory=list)
    limit: list[float] = field(default_factory=list)
    sizes: dict[int, int] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Return the product's cost over the limit's, in the same rounds."""
        pairs = zip(self.product, self.limit, strict=True)
        return statistics.median(mine / theirs for mine, theirs in pairs) if self.limit else None


def main() -> None:
    """Measure worlds of the sizes asked for."""
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000], help="numbers of tasks")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    tables = {size: bench(size, asked.rounds) for size in asked.sizes}
    print("\n".join(table(size, pages) for size, pages in tables.items()))
    write(tables)


def bench(size: int, rounds: int) -> list[Measured]:
    """Measure one world."""
    with tempfile.TemporaryDirectory(prefix="tien-do-bench-") as folder:
        environment = prepare(Path(folder), size)
        product, limit = PORTS
        served = ["-m", "flask", "--app", "wsgi", "serve", "--no-worker", "--port", str(product)]
        with serving(served, product, environment) as mine:
            user = Product(product)
            environment |= shells(Path(folder), user)
            with serving(["-m", "bench.servers", str(limit)], limit, environment) as theirs:
                return measure(user, Limit(limit), mine, theirs, rounds)


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


def shells(folder: Path, user: Product) -> dict[str, str]:
    """Keep what stands around the product's content, so that the limit app sends the same bytes."""
    board, task = user.board().decode(), user.task().decode()
    start, end = board.index('<details class="column"'), board.rindex("</details>") + 10
    head, between, before = _OPTIONS.split(board[:start])
    parts = {
        "board": {"head": head, "between": between, "before": before, "after": board[end:]},
        "task": {"before": task[:-600], "after": ""},
        "move": {"before": user.move().decode()},
    }
    user.move()
    path = folder / "shells.json"
    path.write_text(json.dumps(parts), encoding="utf-8")
    verbs = "accept return close hold cancel reopen resume restore"
    return {"BENCH_SHELLS": str(path), "BENCH_VERBS": verbs}


def measure(user: Product, plain: Limit, mine: int, theirs: int, rounds: int) -> list[Measured]:
    """Fetch each page of both in turns, after a round that is not counted."""
    pages = [
        (Measured("Board of 100 cards"), user.board, plain.board),
        (Measured("Page of a task"), user.task, plain.task),
        (Measured("A card moved (htmx)"), user.move, plain.move),
        (Measured("Live refresh, nothing new"), user.refresh, None),
    ]
    for number in range(rounds + 1):
        for found, own, other in pages:
            found.sizes = {}
            own_cost = cost(mine, own, found.sizes)
            other_cost = cost(theirs, other, found.sizes) if other else None
            if number:
                found.product.append(own_cost)
                found.limit += [other_cost] if other_cost else []
    return [found for found, _own, _other in pages]


def cost(pid: int, fetch: Callable[[], bytes], sizes: dict[int, int]) -> float:
    """Return the CPU ms which one request cost the server, on average of many."""
    before = cpu_ms(pid)
    for _ in range(REQUESTS):
        sizes[pid] = len(fetch())
    return (cpu_ms(pid) - before) / REQUESTS


def table(size: int, pages: list[Measured]) -> str:
    """Return the figures of one world as a table."""
    lines = [
        f"| {size:,} tasks | CPU ms | limit app | ratio | bytes |",
        "|---|---:|---:|---:|---:|",
    ]
    for page in pages:
        limit = f"{statistics.median(page.limit):.2f}" if page.limit else ""
        ratio = f"{page.ratio:.2f}" if page.ratio else ""
        sizes = " / ".join(f"{size:,}" for size in page.sizes.values())
        mine = statistics.median(page.product)
        lines.append(f"| {page.words} | {mine:.2f} | {limit} | {ratio} | {sizes} |")
    return "\n".join([*lines, ""])


def write(tables: dict[int, list[Measured]]) -> None:
    """Put the figures into docs/performance.md, between its marks."""
    path = ROOT / "docs" / "performance.md"
    if not path.exists():
        return
    before, _, rest = path.read_text(encoding="utf-8").partition("<!-- figures -->\n")
    _, _, after = rest.partition("<!-- end of figures -->")
    machine = (
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, SQLite."
    )
    figures = "\n".join([machine, "", *(table(size, pages) for size, pages in tables.items())])
    text = f"{before}<!-- figures -->\n{figures}\n<!-- end of figures -->{after}"
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
