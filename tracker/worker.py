"""The background work, by the clock and by the queue. The queue only wakes it; rows are the truth."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.registry import Message
from huey.serializer import Serializer
from sqlalchemy.exc import SQLAlchemyError

from tracker import logs
from tracker.clock import day_of, machine_now
from tracker.db import begin_writing, db
from tracker.digests.actions import make_due
from tracker.digests.mails import KINDS
from tracker.mail.actions import purge
from tracker.mail.delivery import deliver
from tracker.mail.messages import domain_of
from tracker.mail.posts import post_of
from tracker.people.actions import tidy
from tracker.recurrences.actions import catch_up
from tracker.recurrences.queries import due_today
from tracker.rules.actions import note_tick
from tracker.rules.queries import is_mail_held
from tracker.settings import Settings
from tracker.web import clock

_MINUTE = 60  # seconds
_GRACE = 8  # seconds; whoever supervises us waits ten


class JsonSerializer(Serializer):  # type: ignore[misc]
    """Tasks as JSON: whoever can write to the queue cannot run code here, as pickle would let them."""

    def _serialize(self, data: Any) -> bytes:
        fields = data._asdict() if isinstance(data, Message) else {"value": data}
        return json.dumps(fields, default=lambda day: day.isoformat()).encode()

    def _deserialize(self, data: bytes) -> Any:
        fields = json.loads(data)
        if "value" in fields:
            return fields["value"]
        for name in ("eta", "expires_resolved"):
            if fields.get(name):
                fields[name] = datetime.fromisoformat(fields[name])
        return Message(**fields)


def queue(settings: Settings) -> Huey:
    """Return the queue: in Redis where several machines share the work, else in a file."""
    shared = {"serializer": JsonSerializer(), "results": False, "utc": True}
    if settings.redis_url:
        return RedisHuey("tien-do", url=settings.redis_url, **shared)
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    # Python's own SQLite may have the WAL-reset bug: a rollback journal, one waker needs no more.
    path = settings.instance_path / "queue.db"
    return SqliteHuey("tien-do", filename=str(path), journal_mode="delete", **shared)


def housekeeping(app: Flask) -> None:
    """Remove what nobody needs any longer: ended sign-ins, old attempts, kept forms, texts of old mails."""
    with app.app_context():
        begin_writing()
        tidy(machine_now())
        purge(machine_now())
        db.session.commit()
    logs.logger().info("housekeeping done")


def tick(app: Flask, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Make what is due, then send it; each may be killed anywhere and run again, here and elsewhere at once."""
    settings: Settings = app.extensions["settings"]
    recur(app, is_stopping)
    with app.app_context():
        begin_writing()
        at = machine_now()
        note_tick(at)
        make_due(clock().now(), clock_at=at, domain=domain_of(settings.public_url))
        db.session.commit()
    with app.app_context():
        post = post_of(settings)
        deliver(KINDS, is_mail_held, post, now=machine_now, is_stopping=is_stopping)


def recur(app: Flask, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Make the tasks of recurring duties whose period has begun, each duty by itself: one that fails stops no other."""
    with app.app_context():
        at = clock().now()
        due = due_today(day_of(at))
    for series_id in due:
        if is_stopping():
            return
        with app.app_context():
            _recur(series_id, at)


def _recur(series_id: int, at: datetime) -> None:
    begin_writing()
    try:
        made = catch_up(series_id, at=at)
        db.session.commit()
    except SQLAlchemyError:
        db.session.rollback()
        logs.logger().exception("recurring duty failed", task=series_id)
    else:
        logs.logger().info("recurring duty", task=series_id, made=len(made))


def with_tasks(app: Flask, is_stopping: Callable[[], bool] = lambda: False) -> Huey:
    """Return the queue of `app` with everything that happens by the clock."""
    tasks = queue(app.extensions["settings"])

    @tasks.periodic_task(crontab(minute="17"), name="housekeeping")  # type: ignore[untyped-decorator]
    def every_hour() -> None:
        housekeeping(app)

    # Where one takes longer than a minute, those that have waited meanwhile are not made up for.
    @tasks.periodic_task(crontab(), name="tick", expires=_MINUTE)  # type: ignore[untyped-decorator]
    def every_minute() -> None:
        tick(app, is_stopping)

    return tasks


def run(app: Flask) -> None:
    """Do the background work of `app` until SIGTERM or SIGINT; the mail being sent then is sent to its end."""
    ends: list[Callable[[], bool]] = []
    tasks = with_tasks(app, lambda: any(has_come() for has_come in ends))
    housekeeping(app)
    consumer = tasks.create_consumer(
        workers=1,
        periodic=True,
        worker_type="thread",
        graceful_signal="TERM",
        shutdown_timeout=_GRACE,
    )
    ends.append(consumer.stop_flag.is_set)
    consumer.run()
