"""Deliverers as processes that may be killed: one nursery makes the app, and a fork of it for each order.

An order is a line of JSON on standard input, the answer a line of JSON on standard output: how each child ended and at
which point of which mail it was last. Children have their own connections; the nursery has none, and no threads.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from tracker.settings import ROOT

KILLED = -signal.SIGKILL


class Noted:
    """The points a child reaches, written down before it goes on; it ends itself at the one it was told."""

    def __init__(self, note: int, end_at: str | None, end_after: int | None) -> None:
        self.note, self.end_at, self.end_after, self.count = note, end_at, end_after, 0
        self.mail = ""

    def __call__(self, point: str) -> None:
        """Note the point."""
        self.count += 1
        os.write(self.note, f"{self.mail} {point}\n".encode())
        if point == self.end_at or self.count == self.end_after:
            os.kill(os.getpid(), signal.SIGKILL)


def _deliver(app: Any, order: dict[str, Any], note: int) -> None:
    from tests.mail.letters import kinds
    from tracker.clock import machine_now
    from tracker.mail.delivery import deliver
    from tracker.mail.posts import post_of

    reach = Noted(note, order.get("end_at"), order.get("end_after"))
    post = post_of(app.extensions["settings"], reach=reach)
    send = post.send

    def sending(parcel: Any) -> Any:
        reach.mail = parcel.message_id
        return send(parcel)

    post.send = sending  # type: ignore[method-assign]
    ahead = timedelta(minutes=order.get("ahead", 0))
    with app.app_context():
        deliver(kinds(), lambda: False, post, now=lambda: machine_now() + ahead, reach=reach)


def _claim(app: Any, order: dict[str, Any], note: int) -> None:
    """Take mails, a few at a time, until there are none left."""
    from tests.mail.letters import kinds
    from tracker.clock import machine_now
    from tracker.mail.delivery import Pace, _Run
    from tracker.mail.posts import post_of

    post, pace = post_of(app.extensions["settings"]), Pace(batch=order["most"])
    run = _Run(app, kinds(), post, machine_now, pace, lambda _point: None)
    while ids := run.lease(lambda: False):
        os.write(note, b"".join(b"%d claimed\n" % mail_id for mail_id in ids))


_ORDERS = {"deliver": _deliver, "claim": _claim}


def _child(app: Any, order: dict[str, Any]) -> tuple[int, int]:
    """Fork a child at work; return its pid and where its notes come out."""
    out, note = os.pipe()
    pid = os.fork()
    if pid:
        os.close(note)
        return pid, out
    status = 1
    try:
        _ORDERS[order["do"]](app, order, note)
        status = 0
    except BaseException as error:  # noqa: BLE001 - a fork must not run on as its parent
        os.write(2, f"{error!r}\n".encode())
    os._exit(status)


def _end(pid: int, out: int) -> dict[str, Any]:
    notes = []
    with os.fdopen(out) as lines:
        notes = lines.read().splitlines()
    _, status = os.waitpid(pid, 0)
    return {"status": os.waitstatus_to_exitcode(status), "notes": notes}


def _nursery() -> None:
    from sqlalchemy.orm import configure_mappers

    import tests.mail.letters  # noqa: F401 - once, rather than in each child
    from tracker.app import create_app
    from tracker.settings import Settings

    apps: dict[str, Any] = {}
    configure_mappers()
    _say("ready")
    for line in sys.stdin:
        place, order = json.loads(line)
        settings = Settings.from_environment(place)
        app = apps.setdefault(json.dumps(place), None) or create_app(settings)
        apps[json.dumps(place)] = app
        _say(json.dumps(_carried_out(app, order)))


def _carried_out(app: Any, order: dict[str, Any]) -> list[dict[str, Any]]:
    children = [_child(app, order) for _ in range(order.get("children", 1))]
    if delay := order.get("kill_after"):
        time.sleep(delay)
        for pid, _ in children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    return [_end(pid, out) for pid, out in children]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


Order = Callable[..., list[dict[str, Any]]]


@contextmanager
def nursery() -> Iterator[Order]:
    """Give a function that has an order carried out at a place: `order(place, do="deliver", children=2)`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.mail.deliverer"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        answers, orders = process.stdout, process.stdin
        assert answers
        assert orders
        assert answers.readline() == "ready\n"

        def carry_out(place: Any, **order: Any) -> list[dict[str, Any]]:
            orders.write(f"{json.dumps([place.variables, order])}\n")
            orders.flush()
            answer: list[dict[str, Any]] = json.loads(answers.readline())
            return answer

        yield carry_out
        orders.close()


def last_points(ended: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the mail and the point at which each killed child was last."""
    killed = [child["notes"][-1] for child in ended if child["status"] == KILLED and child["notes"]]
    return [(mail, point) for mail, _, point in (note.rpartition(" ") for note in killed)]


if __name__ == "__main__":
    _nursery()
