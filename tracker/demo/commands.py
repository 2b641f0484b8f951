"""The command `demo`."""

import click
from flask import current_app
from flask.cli import with_appcontext

from tracker.clock import machine_now
from tracker.db import begin_writing, db
from tracker.settings import Settings


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Load the demonstration into an empty database."""
    from tracker.demo.load import STARTS_AT, load  # only this command needs the file's readers
    from tracker.demo.source import Unfit

    settings: Settings = current_app.extensions["settings"]
    if settings.is_production:
        raise click.ClickException("Production has no demonstration: its password is published.")
    begin_writing()
    try:
        rows = load(at=settings.now or STARTS_AT, machine=machine_now())
    except Unfit as why:
        db.session.rollback()
        raise click.ClickException(str(why)) from why
    db.session.commit()
    click.echo(f"Loaded: {len(rows.units)} units, {len(rows.tasks)} tasks.")
