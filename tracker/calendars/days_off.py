"""Why offices are closed on a day, or open on a day of rest: public holidays and the organisation's own days, named."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import holidays
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.calendars.spans import Span
from tracker.db import db
from tracker.deadlines.calendar import Calendar
from tracker.rules.models import SpecialDay
from tracker.tasks.glance import Named
from tracker.text import N_
from tracker.web import named_html, vietnamese

_TET = N_("Lunar New Year")
# By what the library of holidays calls them in English; one it comes to know later keeps its own name.
_NAMES: Mapping[str, str] = {
    "New Year's Day": N_("New Year's Day"),
    "29 of Lunar New Year": _TET,
    "Lunar New Year's Eve": _TET,
    "Lunar New Year": _TET,
    "Second Day of Lunar New Year": _TET,
    "Third Day of Lunar New Year": _TET,
    "Fourth Day of Lunar New Year": _TET,
    "Fifth Day of Lunar New Year": _TET,
    "Hung Kings' Commemoration Day": N_("Hung Kings' Commemoration Day"),
    "Liberation Day/Reunification Day": N_("Reunification Day"),
    "International Labor Day": N_("International Labour Day"),
    "National Day": N_("National Day"),
    "Vietnam Cultural Day": N_("Vietnam Cultural Day"),
}
_IN_LIEU, _MOVED = " (observed)", "Day off"


class Rest(NamedTuple):
    """Whether offices are closed on a day, and why a day is otherwise than its weekday says."""

    is_off: bool
    name: str | None
    is_make_up: bool = False


def rests(calendar: Calendar, span: Span) -> dict[date, str | None]:
    """Return the organisation's own days within a span with their names, in one query."""
    if not any(day in span for day in calendar.days_off | calendar.working_days):
        return {}
    known = select(SpecialDay.on, SpecialDay.name_vi, SpecialDay.name_en)
    found = db.session.execute(known.where(SpecialDay.on.between(*span)))
    return {on: named_html(Named(vi, en)) if vi else None for on, vi, en in found}


def rest_on(day: date, calendar: Calendar, own: Mapping[date, str | None]) -> Rest:
    """Return how a day stands in the organisation's calendar."""
    if day in calendar.working_days:
        return Rest(is_off=False, name=own.get(day) or _("Make-up working day"), is_make_up=True)
    name = own.get(day) or holiday(day)
    return Rest(not calendar.is_working(day), name or (_day_off(day, calendar)))


def _day_off(day: date, calendar: Calendar) -> str | None:
    return _("Day off") if day in calendar.days_off else None


def holiday(day: date) -> str | None:
    """Return the name of a public holiday in the reader's language."""
    known = _holidays(day.year, "en_US").get(day)
    if known is None:
        return None
    if known.startswith(_MOVED):
        return str(_("Day off in lieu"))
    plain = known.removesuffix(_IN_LIEU)
    name = _(_NAMES[plain]) if plain in _NAMES else vietnamese(_holidays(day.year, "vi")[day])
    return str(_("%(holiday)s (in lieu)", holiday=name)) if known != plain else str(name)


@lru_cache(maxsize=64)
def _holidays(year: int, lang: str) -> dict[date, str]:
    return dict(holidays.country_holidays("VN", years=year, language=lang).items())
