"""Everything a calendar shows: each day with its rest, its closings and its deadlines, in the reader's language."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from markupsafe import Markup, escape

from tracker.calendars import queries
from tracker.calendars.days_off import Rest, rest_on, rests
from tracker.calendars.queries import Dated, Group, Tally
from tracker.calendars.scopes import Scope
from tracker.calendars.spans import WEEK, Span, View, days_of, months_of, span_of, weeks
from tracker.calendars.words import SHORT
from tracker.committees.standings import Me
from tracker.deadlines.writing import write_period
from tracker.rules.periods import closings
from tracker.rules.queries import in_force
from tracker.rules.values import Rules
from tracker.tasks.cards import Due, cell_of, due_of
from tracker.tasks.glance import Named
from tracker.tasks.lifecycle import State, Tie
from tracker.web import day_html, day_words, lang, named_html, weekday

NONE = Tally()
MONDAY = date(2018, 1, 1)


@dataclass(frozen=True, slots=True)
class Slip:
    """One deadline on its day: a card in little."""

    id: int
    url: str
    title: Markup
    lead: Markup
    state: str
    timeliness: str
    version: int
    due: Due | None
    is_line: bool
    moved: Markup | None

    @property
    def is_quiet(self) -> bool:
        """Tell whether nothing is left to be done about it."""
        return self.state == State.DONE.value


class Day(NamedTuple):
    """A day: where it stands, how many deadlines fall on it, which of them are shown, what closes."""

    on: date
    rest: Rest
    tally: Tally
    slips: tuple[Slip, ...]
    closings: tuple[str, ...]

    @property
    def more(self) -> int:
        """Return how many deadlines are not shown."""
        return self.tally.total - len(self.slips)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to say about the day."""
        return not (self.tally.total or self.closings or self.rest.name)


class Month(NamedTuple):
    """A month of a quarter or year: its weeks, how many deadlines it holds, those that name a period, what closes."""

    span: Span
    title: str
    weeks: list[list[Day]]
    tally: Tally
    groups: list[Group]

    @property
    def closings(self) -> list[Day]:
        """Return the days of the month on which a report closes."""
        return [day for week in self.weeks for day in week if day.closings and day.on in self.span]


class Page(NamedTuple):
    """A calendar: the months looked at, and all of it together."""

    scope: Scope
    title: str
    months: list[Month]
    tally: Tally


class _Days:
    """What is known of the days of a span, gathered in a few queries."""

    def __init__(self, me: Me, scope: Scope, span: Span, today: date) -> None:
        self.rules: Rules = in_force()
        self.own = rests(self.rules.calendar, span)
        self.tallies = queries.tallies(me, scope, span, today)
        self.closings = _closings(self.rules, span)
        self.slips: Mapping[date, list[Slip]] = {}
        if scope.view is View.MONTH:
            self.slips = _by_day(
                queries.first_of_days(me, scope, span, today), today, self.rules.soon_until(today)
            )

    def day(self, on: date) -> Day:
        """Return one day."""
        return Day(
            on,
            rest_on(on, self.rules.calendar, self.own),
            self.tallies.get(on, NONE),
            tuple(self.slips.get(on, ())),
            self.closings.get(on, ()),
        )


def _closings(rules: Rules, span: Span) -> Mapping[date, tuple[str, ...]]:
    """Return what closes on which days; a report that closes with its period goes unsaid."""
    return {
        closing.on: tuple(
            _("Report closes: %(period)s", period=reported.label(lang()))
            for reported in closing.reported
            if reported.period in rules.closing
        )
        for closing in closings(*span, rules.closing)
    }


def page_of(me: Me, scope: Scope, today: date) -> Page:
    """Return the calendar asked for; a month stands in whole weeks."""
    shown = weeks(scope.span)
    days = _Days(me, scope, Span(shown[0][0], shown[-1][-1]), today)
    groups = [] if scope.view is View.MONTH else queries.by_words(me, scope, scope.span, today)
    months = [_month(first, days, groups) for first in months_of(scope.span)]
    return Page(scope, title_of(scope.span), months, _sum(month.tally for month in months))


def _month(first: date, days: _Days, groups: Iterable[Group]) -> Month:
    span = span_of(View.MONTH, first)
    rows = [[days.day(on) for on in week] for week in weeks(span)]
    tally = _sum(days.tallies.get(on, NONE) for on in days_of(span))
    own = [group for group in groups if group.day in span]
    return Month(span, title_of(span), rows, tally, own)


def _sum(tallies: Iterable[Tally]) -> Tally:
    return Tally(*map(sum, zip(NONE, *tallies, strict=True)))


def title_of(span: Span) -> str:
    """Return what a span is called: Tháng 4-2018, Quý II-2018, Năm 2018; a day by itself."""
    if span.days == 1:
        return f"{weekday(span.first)}, {day_words(span.first)}"
    words = write_period(*span, lang())
    return words[:1].upper() + words[1:]


def short_day(day: date) -> str:
    """Return a day without its year: 31-3, 31 Mar."""
    return day_words(day)[: -len("-2018")]


def weekday_names() -> list[tuple[str, str]]:
    """Return the days of the week, Monday first, each with its letters over a small month."""
    letters = SHORT[lang()]
    names = [weekday(MONDAY + timedelta(days=number)) for number in range(WEEK)]
    return [(name[:1].upper() + name[1:], few) for name, few in zip(names, letters, strict=True)]


def _by_day(found: Iterable[Dated], today: date, soon: date) -> Mapping[date, list[Slip]]:
    by_day: dict[date, list[Slip]] = defaultdict(list)
    for dated in found:
        if dated.task.due_on:
            by_day[dated.task.due_on].append(_slip(dated, today, soon))
    return by_day


def _slip(dated: Dated, today: date, soon: date) -> Slip:
    task = dated.task
    cell = cell_of(task, today)
    return Slip(
        id=task.id,
        url=f"/tasks/{task.id}",
        title=named_html(Named(task.title_vi, task.title_en)),
        lead=named_html(Named(task.lead_vi, task.lead_en)),
        state=task.state.value,
        timeliness=cell.value,
        version=task.version,
        due=due_of(task, cell, today, soon),
        is_line=task.tie is Tie.LINE,
        moved=_moved(dated),
    )


def _moved(dated: Dated) -> Markup | None:
    """Say from which day a deadline was moved here: it stands on its present day alone."""
    first = dated.first_due_on
    if first is None or first == dated.task.due_on:
        return None
    words = _("extended from {day}") if dated.task.slips else _("moved from {day}")
    return escape(words).format(day=day_html(first))
