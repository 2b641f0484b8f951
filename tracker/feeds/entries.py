"""Deadlines as a calendar file (RFC 5545): entries that are already in words become what any calendar program reads."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from icalendar import Calendar, Timezone, TimezoneStandard, vText, vUri
from icalendar import Event as Appointment

from tracker.clock import ZONE
from tracker.deadlines.calendar import ONE_DAY
from tracker.text import clean

AGAIN_AFTER = timedelta(hours=1)  # how often a program is asked to look
_KEPT = 20_000  # entries written before; most are the same at the next look
_LINE_ENDS = re.compile("[\u2028\u2029]")  # which some programs take for the end of a property


@dataclass(frozen=True)
class Entry:
    """One deadline: `day` is the last one, `hour` where it names one; `version` counts the task's changes."""

    uid: str
    day: date
    hour: time | None
    summary: str
    description: str
    url: str
    category: str
    is_firm: bool
    version: int
    changed_at: datetime


def write(name: str, about: str, entries: Iterable[Entry]) -> bytes:
    """Return the calendar file of these entries."""
    calendar = Calendar()
    calendar.add("prodid", "-//Tien Do//Deadlines//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for key in ("name", "x-wr-calname"):
        calendar.add(key, _line(name))
    for key in ("description", "x-wr-caldesc"):
        calendar.add(key, _line(about))
    calendar.add("x-wr-timezone", ZONE.key)
    for key in ("refresh-interval", "x-published-ttl"):
        calendar.add(key, AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add_component(_zone())
    head, end = calendar.to_ical().rsplit(b"END:VCALENDAR", 1)
    return b"".join((head, *map(_event, entries), b"END:VCALENDAR", end))


def _zone() -> Timezone:
    """Return the zone of the deadlines: seven hours ahead, winter and summer."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", ZONE.key)
    ahead = timedelta(hours=7)
    standard.add("dtstart", datetime(1976, 1, 1))  # noqa: DTZ001 - local by definition
    standard.add("tzoffsetfrom", ahead)
    standard.add("tzoffsetto", ahead)
    standard.add("tzname", "+07")
    zone.add_component(standard)
    return zone


@lru_cache(maxsize=_KEPT)
def _event(entry: Entry) -> bytes:
    event = Appointment()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.version)
    _place(event, entry)
    event.add("summary", _line(entry.summary))
    event.add("description", vText(_lines(entry.description)))
    event.add("url", vUri(entry.url))
    event.add("categories", [_line(entry.category)])
    event.add("status", "CONFIRMED" if entry.is_firm else "TENTATIVE")
    event.add("transp", "TRANSPARENT")  # a deadline keeps nobody from meeting others
    return bytes(event.to_ical())


def _place(event: Appointment, entry: Entry) -> None:
    """Put an entry on its whole day, or at its hour: a moment, which has no end of its own."""
    if entry.hour is None:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + ONE_DAY)
    else:
        event.add("dtstart", datetime.combine(entry.day, entry.hour, ZONE))


def _line(words: str) -> vText:
    return vText(" ".join(_lines(words).split()))


def _lines(words: str) -> str:
    """Return words in which a line ends in one way only, and which hold nothing that is not to be read."""
    return clean(_LINE_ENDS.sub("\n", words))
