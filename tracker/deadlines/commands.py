"""`flask deadlines read`: what the product understands of a phrase, as one JSON object."""

import json
import sys
from datetime import date, datetime

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from tracker.deadlines.echo import echo_of
from tracker.deadlines.phrases import Reading

deadlines = AppGroup("deadlines", help="Deadlines in the words of officials.")
REFUSED = 2


@deadlines.command("read")
@click.argument("phrase")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day it is told from.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", help="Language of answers.")
def read_phrase(phrase: str, on: datetime | None, lang: str) -> None:
    """Print what PHRASE means; refuse it with exit code 2 and the reason on stderr."""
    with force_locale(lang):
        echo = echo_of(phrase, on=on.date() if on else None, lang=lang)
    if echo.reading is None:
        click.echo(" ".join(echo.lines), err=True)
        sys.exit(REFUSED)
    click.echo(json.dumps(_fields(echo.reading, echo.lines), ensure_ascii=False))


def _fields(reading: Reading, lines: tuple[str, ...]) -> dict[str, str | None]:
    return {
        "phrase": reading.phrase,
        "kind": reading.kind.value,
        "start": _iso(reading.start),
        "due": _iso(reading.due),
        "time": reading.time.isoformat("minutes") if reading.time else None,
        "note": " ".join(lines) or None,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
