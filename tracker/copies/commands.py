"""The commands `backup` and `restore`."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from tracker.clock import machine_now
from tracker.copies import actions
from tracker.copies.refusal import Refusal

_HELD = (
    "Mail is held: nothing leaves until an administrator releases it on the page /admin/mail. "
    "Everybody signs in anew."
)


@click.command("backup")
@click.argument("path", type=click.Path(path_type=Path))
@with_appcontext
def backup(path: Path) -> None:
    """Write one consistent copy of the database to PATH; the site may go on working."""
    try:
        heads = actions.back_up(current_app.extensions["settings"], path)
    except Refusal as why:
        raise click.ClickException(str(why)) from why
    size = path.stat().st_size / 1_000_000
    click.echo(f"{path}: {size:.1f} MB, read through, at migration {', '.join(sorted(heads))}.")


@click.command("restore")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--force", is_flag=True, help="Replace a database that has data; a copy of it is kept."
)
@with_appcontext
def restore(path: Path, *, force: bool) -> None:
    """Put the copy in PATH in the place of the database; the site must be stopped."""
    try:
        settings = current_app.extensions["settings"]
        kept = actions.restore(settings, path, machine_now(), force=force)
    except Refusal as why:
        raise click.ClickException(f"{why} The database is as it was.") from why
    if kept:
        click.echo(f"What was there before is kept in {kept}.")
    click.echo(f"Restored from {path}. {_HELD}")
