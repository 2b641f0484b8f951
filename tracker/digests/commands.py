"""The digest from the command line: `flask digests send`."""

from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup

from tracker.clock import ZONE, machine_now
from tracker.db import begin_writing, db
from tracker.digests.actions import make_due
from tracker.mail.messages import domain_of
from tracker.web import clock

digests = AppGroup("digests", help="The digest: send.")


class Instant(click.ParamType):  # type: ignore[type-arg]
    """An ISO instant; without a zone it is Vietnam's."""

    name = "instant"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read what was typed."""
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no ISO instant such as 2018-04-10T07:30+07:00.", param, ctx)
        return instant if instant.tzinfo else instant.replace(tzinfo=ZONE)


@digests.command("send")
@click.option("--at", type=Instant(), help="As if it were this instant; else the clock's own.")
def send(at: datetime | None) -> None:
    """Make what is due; safe to repeat. `flask mail deliver`, or the worker, sends it."""
    domain = domain_of(current_app.extensions["settings"].public_url)
    begin_writing()
    made = make_due(at or clock().now(), clock_at=machine_now(), domain=domain)
    db.session.commit()
    click.echo(f"Digests made due: {made}.")
