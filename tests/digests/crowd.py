"""Schedulers and deliverers in a crowd: `python -m tests.digests.crowd INSTANT` makes and sends digests, all at once.

Two processes make what is due, then four deliver it, then all of it once more; each is a fork with its own connections.
"""

import os
import sys
from collections.abc import Callable
from datetime import datetime

from tracker.app import create_app
from tracker.clock import machine_now
from tracker.db import begin_writing, db
from tracker.digests.actions import make_due
from tracker.digests.mails import KINDS
from tracker.mail.delivery import Pace, deliver
from tracker.mail.posts import post_of
from tracker.settings import Settings


def main(at: str) -> None:
    """Let them all loose, twice."""
    settings = Settings.from_environment(os.environ)
    app = create_app(settings)

    def schedule() -> None:
        begin_writing()
        make_due(datetime.fromisoformat(at), clock_at=machine_now(), domain="viec.test.local")
        db.session.commit()

    def send() -> None:
        deliver(KINDS, lambda: False, post_of(settings), now=machine_now, pace=Pace(batch=3))

    for _again in range(2):
        for count, job in ((2, schedule), (4, send)):
            children = [fork(app, job) for _ in range(count)]
            if any(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children):
                sys.exit("one of them failed")


def fork(app: object, job: Callable[[], None]) -> int:
    """Do a job in a process of its own; return its id."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        with app.app_context():  # type: ignore[attr-defined]
            job()
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
