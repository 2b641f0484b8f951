"""The words of the board, prepared once: columns and bands, what an empty one waits for, why a move is refused."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from tracker import text
from tracker.committees.standings import Me
from tracker.history.memory import remembered
from tracker.policy import TABLE, Standing, Verb
from tracker.tasks import board
from tracker.tasks.board import Band, Column
from tracker.tasks.filters import DueFilter, Filters, Wrong, plans, units
from tracker.tasks.lifecycle import MOVES, State
from tracker.tasks.words import MOVES as MOVE_WORDS
from tracker.text import N_
from tracker.web import lang

STATES: Mapping[State, str] = {
    State.DRAFT: N_("Draft"),
    State.ASSIGNED: N_("Assigned"),
    State.IN_PROGRESS: N_("In progress"),
    State.SUBMITTED: N_("Awaiting approval"),
    State.RETURNED: N_("Returned"),
    State.DONE: N_("Completed"),
    State.ON_HOLD: N_("On hold"),
    State.CANCELLED: N_("Cancelled"),
}
_BANDS: Mapping[Band, str] = {
    Band.OVERDUE: N_("Overdue"),
    Band.SOON: N_("Due soon"),
    Band.IN_TIME: N_("In time"),
    Band.NO_DEADLINE: N_("No deadline"),
}
_DUES: Mapping[DueFilter, str] = {
    DueFilter.OVERDUE: N_("Overdue"),
    DueFilter.SOON: N_("Due soon"),
    DueFilter.WEEK: N_("Due this week"),
    DueFilter.NONE: N_("No deadline"),
    DueFilter.UNKNOWN: N_("No deadline yet"),
}
_EMPTY: Mapping[State, str] = {
    State.DRAFT: N_("Drafts appear here until they are sent."),
    State.ASSIGNED: N_("Tasks that have been sent appear here until their lead unit starts."),
    State.IN_PROGRESS: N_("Tasks that have been started appear here."),
    State.SUBMITTED: N_("Tasks handed in appear here until they are accepted or returned."),
    State.RETURNED: N_("Returned tasks appear here until work resumes."),
    State.DONE: N_("Completed tasks appear here, the latest first."),
    State.ON_HOLD: N_("Tasks put on hold appear here until they are resumed."),
    State.CANCELLED: N_("Cancelled tasks appear here."),
}
_WRONG: Mapping[Wrong, str] = {
    Wrong.UNKNOWN_PLAN: N_("There is no such plan, or it lies outside what you may see."),
    Wrong.UNKNOWN_UNIT: N_("There is no such unit."),
    Wrong.UNKNOWN_DUE: N_("Choose one from the list."),
    Wrong.TOO_LONG: N_("Search for fewer words."),
    Wrong.UNKNOWN_PAGE: N_("There is no such page of the board."),
}
_WHO: tuple[tuple[frozenset[Standing], str], ...] = (
    (frozenset({Standing.VERDICT}), N_("the unit that judges the hand-in")),
    (frozenset({Standing.ASSIGNER}), N_("the assigning level")),
    (frozenset({Standing.HEAD, Standing.MEMBER}), N_("the lead unit")),
)


class Labels(NamedTuple):
    """Words that are the same on every board of a language."""

    states: Mapping[State, str]
    bands: Mapping[Band, str]
    empty: Mapping[State, str]
    refusals: Mapping[State, str]


@lru_cache(maxsize=4)
def _labels(_lang: str) -> Labels:
    return Labels(
        {state: _(words) for state, words in STATES.items()},
        {band: _(words) for band, words in _BANDS.items()} | {Band.LATEST: ""},
        {state: _(words) for state, words in _EMPTY.items()},
        {state: _refusal(state) for state in State},
    )


def _refusal(state: State) -> str:
    """Say how tasks come into a state: what a card is told that cannot be dropped there."""
    ways = [verb for verb, move in MOVES.items() if move.target is state]
    if not ways:
        return str(_("No task is moved here; it begins here."))
    words = _("This task cannot be moved there now. “{state}” is reached by: {ways}.")
    return str(words).format(state=_(STATES[state]), ways="; ".join(map(_way, ways)))


def _way(verb: Verb) -> str:
    sources = ", ".join(_(STATES[state]) for state in STATES if state in MOVES[verb].sources)
    who = next(words for standings, words in _WHO if standings & TABLE[verb])
    words = _("{move} ({who}, from {states})")
    return str(words).format(move=_(MOVE_WORDS[verb]), who=_(who), states=sources)


class Head(NamedTuple):
    """What stands over a band; hidden where it has no card."""

    band: Band
    words: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """What stands on a column besides its cards. `left` and `more`: how many are on other pages, and where."""

    state: State
    name: str
    refusal: str
    is_open: bool
    total: str
    late: str
    heads: tuple[Head, ...]
    empty: str | None
    left: str | None
    more: str | None


_number = lru_cache(maxsize=4096)(text.number)


class BoardView:
    """What the templates of the board ask for besides its cards."""

    def __init__(self, filters: Filters, columns: Sequence[Column], seen: Filters) -> None:
        self.filters, self.columns = filters, columns
        self.lang = lang()
        self.states, self.bands, self.empty, self.refusals = _labels(self.lang)
        self.sums = board.totals(columns)
        self.refreshes = not filters.column and not filters.all
        self.seen = seen.seen

    @property
    def total(self) -> int:
        """Return how many tasks there are on all pages."""
        return self.sums["total"]

    def number(self, value: int) -> str:
        """Write a number; the language was asked for once."""
        return _number(value, self.lang)

    @cached_property
    def words(self) -> list[ColumnWords]:
        """Return what stands on each column besides its cards; a template that asked for each would take longer."""
        return [self._words(column) for column in self.columns]

    def _words(self, column: Column) -> ColumnWords:
        left = self.left(column)
        return ColumnWords(
            state=column.state,
            name=self.states[column.state],
            refusal=self.refusals[column.state],
            is_open=self.is_open(column),
            total=self.number(column.total),
            late=self.late(column),
            heads=tuple(self._head(column, band) for band in column.bands),
            empty=None if column.total else self.empty[column.state],
            left=self.number(left) if left else None,
            more=self.more(column) if left else None,
        )

    def _head(self, column: Column, band: Band) -> Head:
        count, name = column.counts.get(band, 0), self.bands[band]
        return Head(band, f"{name} · {self.number(count)}", not (count and name))

    @property
    def facts(self) -> Markup:
        """Return the line under the title: how many tasks, how many of them pressing."""
        count = self.total
        words = [ngettext("%(num)d task", "%(num)d tasks", count)]
        if self.sums["late"]:
            words.append(_("%(n)s overdue", n=self.number(self.sums["late"])))
        if self.sums["soon"]:
            words.append(_("%(n)s due soon", n=self.number(self.sums["soon"])))
        return escape(", ".join(words))

    def late(self, column: Column) -> str:
        """Return how many cards of a column are overdue, in words."""
        return str(_("%(n)s overdue", n=self.number(column.late))) if column.late else ""

    def is_open(self, column: Column) -> bool:
        """Tell whether a column stands open at first."""
        return self.filters.column is not None or column.state not in board.FOLDED

    def left(self, column: Column) -> int:
        """Return how many cards are on other pages of the column."""
        return 0 if self.filters.column else max(column.total - board.size(self.filters), 0)

    def more(self, column: Column) -> str:
        """Return the address of the column's second page."""
        return self.filters.address(column=column.state.value, page=2)

    @property
    def pages(self) -> dict[str, Any] | None:
        """Return what the pager of a single column needs."""
        if not self.filters.column or not self.columns:
            return None
        column, number = self.columns[0], self.filters.page
        last = max(-(-column.total // board.size(self.filters)), 1)
        link = {
            n: self.filters.address(column=column.state.value, page=n)
            for n in (number - 1, number + 1)
        }
        return {
            "number": number,
            "last": last,
            "previous": link[number - 1] if number > 1 else None,
            "next": link[number + 1] if number < last else None,
        }


# --- the filters ----------------------------------------------------------------------------------------


class Menu(NamedTuple):
    """The choices of a filter as HTML, and their values."""

    html: Markup
    values: frozenset[int | str]

    def choosing(self, value: int | str | None) -> Markup:
        """Return the choices with one of them chosen."""
        option = _OPTION.format(value)
        return Markup(self.html.replace(option, option + " selected", 1))  # noqa: S704 - our own


_OPTION = Markup('<option value="{}"')


@dataclass(frozen=True)
class Choices:
    """What can be filtered by."""

    plans: Menu
    units: Menu
    dues: Menu

    def unknown(self, filters: Filters) -> set[Wrong]:
        """Return which of the filters name something that is not there for this reader."""
        wanted = (
            (filters.plan, self.plans, Wrong.UNKNOWN_PLAN),
            (filters.unit, self.units, Wrong.UNKNOWN_UNIT),
        )
        return {wrong for wish, menu, wrong in wanted if wish and wish not in menu.values}


def choices(me: Me, filters: Filters) -> Choices:
    """Return what `me` can filter the board by; plans and units as of the newest event."""
    of, chosen = (me.seats, lang()), filters.unit
    return Choices(
        remembered(("board plans", *of), lambda: _menu(plans(me))),
        remembered(("board units", *of, chosen), lambda: _menu(units(me, chosen))),
        _dues(lang()),
    )


@lru_cache(maxsize=4)
def _dues(_lang: str) -> Menu:
    return _menu([(due.value, _(words), _(words)) for due, words in _DUES.items()])


def _menu(rows: Iterable[Sequence[Any]]) -> Menu:
    found = [(row_id, _option(lang(), row_id, vi, en)) for row_id, vi, en in rows]
    html = Markup("").join(option for _id, option in found)
    return Menu(html, frozenset(row_id for row_id, _option in found))


@lru_cache(maxsize=10_000)
def _option(lang: str, value: int | str, vi: str, en: str | None) -> Markup:
    words, is_foreign = (vi, False) if lang == "vi" else (en or vi, not en)
    mark = Markup(' lang="vi"') if is_foreign else ""
    return _OPTION.format(value) + Markup("{}>{}</option>").format(mark, words)


def messages(wrong: Collection[Wrong]) -> dict[str, str]:
    """Return what to say at each filter that leads nowhere."""
    return {w.value: _(_WRONG[w]) for w in wrong}
