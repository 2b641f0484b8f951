"""The outbox from the command line: `flask mail deliver`."""

import click
from flask import current_app
from flask.cli import AppGroup

from tracker.clock import machine_now
from tracker.mail.delivery import deliver
from tracker.mail.posts import post_of
from tracker.rules.queries import is_mail_held

HELD = "Mail is held: nothing leaves until an administrator releases it on /admin/mail."

mail = AppGroup("mail", help="The outbox: deliver.")


@mail.command("deliver")
def deliver_now() -> None:
    """Send what is due; safe to repeat, and to run many times at once."""
    from tracker.digests.mails import KINDS  # composing needs half the product

    post = post_of(current_app.extensions["settings"])
    tally = deliver(KINDS, is_mail_held, post, now=machine_now)
    for state, count in sorted(tally.items()):
        click.echo(f"{state}: {count}")
    if not tally:
        click.echo(HELD if is_mail_held() else "Nothing is due.")
