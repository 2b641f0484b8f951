"""The background work, by the clock and by the queue. The queue only wakes it; rows are the truth."""

import json
from datetime import datetime
from typing import Any

from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.registry import Message
from huey.serializer import Serializer

from tracker import logs
from tracker.clock import machine_now
from tracker.db import begin_writing, db
from tracker.people.actions import tidy
from tracker.settings import Settings


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
    """Remove what nobody needs any longer: ended sign-ins, old attempts, kept forms."""
    with app.app_context():
        begin_writing()
        tidy(machine_now())
        db.session.commit()
    logs.logger().info("housekeeping done")


def with_tasks(app: Flask) -> Huey:
    """Return the queue of `app` with everything that happens by the clock."""
    tasks = queue(app.extensions["settings"])

    @tasks.periodic_task(crontab(minute="17"), name="housekeeping")  # type: ignore[untyped-decorator]
    def every_hour() -> None:
        housekeeping(app)

    return tasks


def run(app: Flask) -> None:
    """Do the background work of `app` until SIGTERM or SIGINT."""
    tasks = with_tasks(app)
    housekeeping(app)
    tasks.create_consumer(workers=1, periodic=True, worker_type="thread").run()
