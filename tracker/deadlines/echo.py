"""What a phrase was understood as, in the reader's words: for the echo under a field and for its error."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from tracker.deadlines import phrases
from tracker.deadlines.phrases import Kind, Reading, Refused
from tracker.text import N_
from tracker.web import day_words, hour_words, tell, weekday

KINDS = {
    Kind.ONGOING: N_("A standing duty: no deadline, never overdue."),
    Kind.ON_DEMAND: N_("On demand: no day until it is called for."),
    Kind.EVENT: N_("Waits for an event: no day yet."),
    Kind.RECURRING: N_("Recurring: no day without a day to count from."),
}
AS_OF = N_("“As of ...” dates a figure; it is no deadline. For a deadline write “end of ...”.")


@dataclass(frozen=True)
class Echo:
    """A phrase as read, or why it was not: `lines` are sentences, `reading` is None where it was refused."""

    lines: tuple[str, ...]
    reading: Reading | None = None
    suggestion: str | None = None

    @property
    def is_read(self) -> bool:
        """Tell whether the phrase was understood."""
        return self.reading is not None


def echo_of(
    phrase: str, *, on: date | None, lang: str, read: Callable[..., Reading] = phrases.read
) -> Echo:
    """Read a phrase and say what it means; `on` is the day it is told from, if there is one.

    `read` reads by the rules of an organisation; without it nothing of one is assumed.
    """
    try:
        return echo_reading(read(phrase, on=on, lang=lang))
    except Refused as refused:
        words = tell(refused.message, dict(refused.values))
        return Echo((words,), suggestion=refused.suggestion)


def echo_reading(reading: Reading) -> Echo:
    """Say what a reading means."""
    return Echo(tuple(_lines(reading)), reading)


def _lines(reading: Reading) -> list[str]:
    lines = []
    if reading.due is not None and reading.kind is not Kind.ASOF:
        lines.append(_last_day(reading, reading.due))
    elif reading.kind in KINDS:
        lines.append(_(KINDS[reading.kind]))
    if reading.kind is Kind.ASOF:
        lines.append(_(AS_OF))
    return lines + [tell(note.message, dict(note.values)) for note in reading.notes]


def _last_day(reading: Reading, due: date) -> str:
    named = {"weekday": weekday(due), "day": day_words(due)}
    if reading.time is None:
        return str(_("Last day: %(weekday)s %(day)s.", **named))
    hour = hour_words(reading.time)
    return str(_("Last day: %(weekday)s %(day)s, %(time)s.", **named, time=hour))
