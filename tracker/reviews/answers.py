"""How wishes for more time of one's own units were answered lately, each as a line."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from flask_babel import gettext as _
from markupsafe import Markup, escape

from tracker.clock import ZONE
from tracker.committees.standings import Me
from tracker.requests.words import ANSWERED_NO, ANSWERED_OTHER, ANSWERED_UNTIL
from tracker.reviews.asked import Asked, answered_to
from tracker.reviews.overdue import titles
from tracker.web import day_html, named_html

_LATELY = timedelta(days=14)


class Answered(NamedTuple):
    """An answer: about which task, in which words, why."""

    task_id: int
    title: Markup
    words: Markup
    is_refusal: bool
    on: date | None
    reason: str | None


def lately(me: Me, today: date) -> list[Answered]:
    """Return the answers of the last two weeks to wishes of the units of `me`, the newest first."""
    since = datetime.combine(today - _LATELY, time(), ZONE)
    found = answered_to(me.own | me.heads, since, me.person.id if me.person else 0)
    if not found:
        return []
    names = titles(me, found.keys())
    newest = sorted(found.values(), key=lambda asked: (asked.answered_at, asked.id), reverse=True)
    return [_line(asked, names) for asked in newest if asked.task_id in names]


def _line(asked: Asked, names: Mapping[int, Any]) -> Answered:
    return Answered(
        asked.task_id,
        named_html(names[asked.task_id], "title"),
        _words(asked),
        not asked.granted,
        asked.answered_on,
        asked.answer,
    )


def _words(asked: Asked) -> Markup:
    if not asked.granted:
        return escape(_(ANSWERED_NO))
    day = day_html(asked.granted_on) if asked.granted_on else ""
    if asked.is_as_asked or asked.proposed_on is None:
        return escape(_(ANSWERED_UNTIL)).format(day=day)
    return escape(_(ANSWERED_OTHER)).format(day=day, asked=day_html(asked.proposed_on))
