"""`bin/bench fan-out`: one task given on to many units through its page, with a deadline and words of its own each."""

import argparse
import http.client
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from flask_migrate import upgrade
from sqlalchemy import insert, select, update

from bench import world
from bench.pages import Product
from bench.servers import cpu_ms, serving
from tracker.app import create_app
from tracker.committees.models import Level, Unit, UnitKind
from tracker.db import db
from tracker.settings import Settings
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Task
from tracker.text import fold, sort_key

PORT = 8161
UNITS = 200
TIMES = 7
SEE_OTHER = 303


def main(arguments: list[str]) -> None:
    """Give tasks of worlds of the sizes asked for to so many units each; print how long each took."""
    parser = argparse.ArgumentParser(prog="bin/bench fan-out", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000])
    parser.add_argument("--units", type=int, default=UNITS)
    asked = parser.parse_args(arguments)
    print("| tasks | units | given, ms | slowest, ms | CPU ms | the whole's page, ms | its bytes |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for size in asked.sizes:
        print(measured(size, asked.units))


def measured(size: int, count: int) -> str:
    """Return one row of the table."""
    with served(size, count) as (pid, user, tasks, units):
        before = cpu_ms(pid)
        given = [timed(partial(give, user, task, units)) for task in tasks]
        cpu = (cpu_ms(pid) - before) / len(tasks)
        size_of_page = len(show(user, tasks[0]))
        shown = [timed(partial(show, user, task)) for task in tasks]
    cells = (
        f"{size:,}",
        count,
        f"{statistics.median(given):.0f}",
        f"{max(given):.0f}",
        f"{cpu:.0f}",
        f"{statistics.median(shown):.1f}",
        f"{size_of_page:,}",
    )
    return "| " + " | ".join(map(str, cells)) + " |"


def timed(step: Callable[[], object]) -> float:
    """Return how many milliseconds a step took."""
    began = time.perf_counter()
    step()
    return (time.perf_counter() - began) * 1000


def give(user: Product, task: int, units: list[int]) -> None:
    """Give a task to all units, each with a deadline and words of its own."""
    form = [("csrf_token", user.token), ("step", "make"), ("set_name", "")]
    for unit in units:
        form += [("unit", str(unit)), (f"due-{unit}", "30-6-2018"), (f"words-{unit}", "Báo cáo.")]
    status, body = post(user, f"/tasks/{task}/fan-out", form)
    assert status == SEE_OTHER, body[:2000]


def post(user: Product, path: str, form: list[tuple[str, str]]) -> tuple[int, bytes]:
    """Send a form in which a field stands more than once."""
    sent = {"Cookie": user.header, "Content-Type": "application/x-www-form-urlencoded"}
    connection: http.client.HTTPConnection = user.http
    connection.request("POST", path, urlencode(form), sent)
    answer = connection.getresponse()
    return answer.status, answer.read()


def show(user: Product, task: int) -> bytes:
    """Fetch the page of the whole."""
    return user.fetch("GET", f"/tasks/{task}?lang=vi")[1]


@contextmanager
def served(size: int, count: int) -> Iterator[tuple[int, Product, list[int], list[int]]]:
    """Make a world with so many units more, serve it, and sign in."""
    with tempfile.TemporaryDirectory(prefix="tien-do-bench-") as folder:
        environment = settings(Path(folder))
        app = create_app(Settings.from_environment(environment))
        with app.app_context():
            upgrade()
            world.make(size)
            units, tasks = more_units(count), to_be_given()
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
        command = ["-m", "flask", "--app", "wsgi", "serve", "--no-worker", "--port", str(PORT)]
        with serving(command, PORT, environment) as pid:
            yield pid, Product(PORT, world.words(size)), tasks, units


def settings(folder: Path) -> dict[str, str]:
    """Return the environment of the server."""
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
        "TRACKER_INSTANCE": str(folder),
        "TRACKER_ENV": "production",
        "PUBLIC_URL": "https://bench.local",
        "SECRET_KEY": "for-measuring-only-0123456789-abcdefghij",
        "TRACKER_IDLE_MINUTES": "1440",
        "TRACKER_HTMX": "local",
    }


def more_units(count: int) -> list[int]:
    """Make so many units more."""
    first = world.UNITS + 1
    for number in range(first, first + count):
        name = f"Đảng ủy xã Suối Đá {number}"
        keys = {"sort_key": sort_key(name), "search_key": fold(name), "path": f"/1/{number}/"}
        told = {"kind": UnitKind.PARTY_COMMITTEE, "level": Level.COMMUNE, "outside": False}
        row = {"id": number, "name_vi": name, "parent_id": 1, "as_written": [], "prov": {}}
        db.session.execute(insert(Unit), [row | told | keys | {"version": 1}])
    return list(range(first, first + count))


def to_be_given() -> list[int]:
    """Return tasks which the province leads itself, without a deadline before the parts'."""
    own = select(Task.id).where(Task.lead_id == 1, Task.state == State.IN_PROGRESS)
    tasks = list(db.session.scalars(own.where(Task.tie.is_(None)).order_by(Task.id).limit(TIMES)))
    db.session.execute(update(Task).where(Task.id.in_(tasks)).values(due_on=None))
    return tasks
