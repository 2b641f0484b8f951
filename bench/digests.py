"""`bin/bench digests`: a thousand people's digests made, composed and handed to an SMTP server on this machine."""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from flask_migrate import upgrade
from sqlalchemy import func, insert, select

from bench import world
from tracker.app import create_app
from tracker.committees.models import Role, Seat, Tenure
from tracker.db import db
from tracker.mail.models import Mail
from tracker.people.models import Person
from tracker.settings import ROOT, Settings
from tracker.text import fold, sort_key

PEOPLE = 1_000
AT = "2018-04-10T07:30+07:00"
PORT = 8121
DELIVERERS = 2
# Of those in one unit: who answers for it, who works in it.
_ROLES = (Role.CHAIR, Role.OFFICE, Role.LEADER, *[Role.MEMBER] * 17)


_HEAD = """| tasks | people | mails | skipped | kB a mail | made, s | delivered, s | CPU s of it | largest process, MB |
|---|---|---|---|---|---|---|---|---|"""


class Sink:
    """Takes every mail and keeps none."""

    def __init__(self) -> None:
        self.mails, self.bytes = 0, 0
        self.lock = threading.Lock()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        with self.lock:
            self.mails, self.bytes = self.mails + 1, self.bytes + len(envelope.content)
        return "250 taken"


def main(arguments: list[str]) -> None:
    """Measure worlds of the sizes asked for."""
    parser = argparse.ArgumentParser(prog="bin/bench digests", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000])
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--deliverers", type=int, default=DELIVERERS)
    asked = parser.parse_args(arguments)
    print(_HEAD)
    for size in asked.sizes:
        print(measured(size, asked.people, asked.deliverers))


def measured(size: int, people: int, deliverers: int) -> str:
    """Return one row of the table."""
    sink = Sink()
    server = Controller(sink, hostname="127.0.0.1", port=PORT)
    with tempfile.TemporaryDirectory(prefix="tien-do-bench-") as folder:
        environment = prepare(Path(folder), size, people)
        server.start()
        try:
            made, _ = timed([["digests", "send", "--at", AT]], environment)
            sent, cpu = timed([["mail", "deliver"]] * deliverers, environment)
        finally:
            server.stop()
        states = counted(environment)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    weight = sink.bytes / max(sink.mails, 1) / 1000
    assert states.get("sent", 0) == sink.mails, states
    cells = (size, people, sink.mails, states.get("skipped", 0), f"{weight:.1f}")
    return (
        "| "
        + " | ".join(
            map(str, (*cells, f"{made:.1f}", f"{sent:.1f}", f"{cpu:.1f}", f"{memory:.0f}"))
        )
        + " |"
    )


def prepare(folder: Path, size: int, people: int) -> dict[str, str]:
    """Make the database and return the environment of the commands."""
    environment = {
        "DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
        "TRACKER_INSTANCE": str(folder),
        "TRACKER_ENV": "production",
        "PUBLIC_URL": "https://bench.local",
        "SECRET_KEY": "for-measuring-only-0123456789-abcdefghij",
        "SMTP_URL": f"smtp://127.0.0.1:{PORT}",
        "MAIL_FROM": "bench@bench.local",
    }
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        upgrade()
        world.make(size)
        _seat(people)
        db.session.commit()
    return environment


def _seat(people: int) -> None:
    """Seat so many people, twenty in a unit, from the second unit on."""
    first_person = (db.session.scalar(select(func.max(Person.id))) or 0) + 1
    first_seat = (db.session.scalar(select(func.max(Seat.id))) or 0) + 1
    persons, seats, tenures = [], [], []
    for number in range(people):
        name, email = f"Phan Văn Số {number}", f"person{number}@bench.local"
        keys = {"sort_key": sort_key(name), "search_key": fold(name), "email_key": email}
        persons.append(
            {"id": first_person + number, "name": name, "email": email, "is_admin": False}
            | {"created_at": world.NOW, "version": 1}
            | keys
        )
        role = _ROLES[number // world.UNITS % len(_ROLES)]
        seats.append(
            {"id": first_seat + number, "unit_id": number % world.UNITS + 1, "role": role}
            | {"is_head": role is Role.CHAIR}
        )
        tenures.append(
            {"seat_id": first_seat + number, "person_id": first_person + number}
            | {"from_on": world.TODAY.replace(month=1)}
        )
    for table, rows in ((Person, persons), (Seat, seats), (Tenure, tenures)):
        db.session.execute(insert(table), rows)


def timed(commands: list[list[str]], environment: dict[str, str]) -> tuple[float, float]:
    """Return how many seconds the commands took, all at once, and how many of CPU."""
    begun, spent = time.monotonic(), _cpu()
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    running = [
        subprocess.Popen(
            [*flask, *command],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for command in commands
    ]
    assert not any(process.wait() for process in running)
    return time.monotonic() - begun, _cpu() - spent


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def counted(environment: dict[str, str]) -> dict[str, int]:
    """Return how many mails ended in which state."""
    with create_app(Settings.from_environment(environment)).app_context():
        rows = db.session.execute(select(Mail.state, func.count()).group_by(Mail.state))
        return {state.value: number for state, number in rows}


if __name__ == "__main__":
    main(sys.argv[1:])
