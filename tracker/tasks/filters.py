"""What the address of the board asks for: read, checked, and turned into conditions."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Integer, and_, bindparam, or_, select

from tracker.committees.models import Unit
from tracker.committees.standings import HeldSeat, Me
from tracker.db import among
from tracker.fields import read_id
from tracker.plans.models import Plan
from tracker.tasks.cards import UNCLEAR
from tracker.tasks.glance import Query, rows
from tracker.tasks.lifecycle import OPEN, State
from tracker.tasks.models import Task
from tracker.tasks.queries import no_line, seen_by
from tracker.tasks.sources import overdue, plans_for
from tracker.text import clean, fold

LONGEST_WORDS = 200  # characters of what is searched for
SUNDAY = 6


class DueFilter(enum.StrEnum):
    """Which deadlines are looked for."""

    OVERDUE = "overdue"
    SOON = "soon"
    WEEK = "week"
    NONE = "none"
    UNKNOWN = "unknown"


class Wrong(enum.StrEnum):
    """What can be wrong with a filter."""

    UNKNOWN_PLAN = "plan"
    UNKNOWN_UNIT = "unit"
    UNKNOWN_DUE = "due"
    TOO_LONG = "q"
    UNKNOWN_PAGE = "page"


@dataclass(frozen=True)
class Filters:
    """What is looked for; `since` and `day` are what a page that refreshes itself has already seen."""

    plan: int | None = None
    unit: int | None = None
    due: DueFilter | None = None
    q: str = ""
    column: State | None = None
    page: int = 1
    all: bool = False
    since: int | None = None
    day: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.plan or self.unit or self.due or self.q)

    @property
    def bare(self) -> "Filters":
        """Return what is looked for, without what a page has seen."""
        return replace(self, since=None, day="")

    @property
    def seen(self) -> str:
        """Return what a page that refreshes itself has to send along."""
        return self._query(since=self.since, day=self.day)

    def address(self, **changes: Any) -> str:
        """Return the address of the board with these filters, some of them changed."""
        query = self._query(**changes)
        return f"/board?{query}" if query else "/board"

    def _query(self, **more: Any) -> str:
        values = {"plan": self.plan, "unit": self.unit, "due": self.due, "q": self.q} | more
        given = {name: str(value) for name, value in values.items() if value not in {None, ""}}
        return urlencode(given)


def read(args: Mapping[str, str]) -> tuple[Filters, set[Wrong]]:
    """Return the filters of an address and which of them cannot be understood."""
    wrong: set[Wrong] = set()
    words = " ".join(clean(args.get("q", "")).split())
    if len(words) > LONGEST_WORDS:
        wrong.add(Wrong.TOO_LONG)
    filters = Filters(
        plan=_id(args, Wrong.UNKNOWN_PLAN, wrong),
        unit=_id(args, Wrong.UNKNOWN_UNIT, wrong),
        due=_one_of(DueFilter, args.get("due"), Wrong.UNKNOWN_DUE, wrong),
        q=words,
        column=_one_of(State, args.get("column"), Wrong.UNKNOWN_PAGE, wrong),
        page=_id(args, Wrong.UNKNOWN_PAGE, wrong) or 1,
        all=args.get("all") == "1",
        since=read_id(args.get("since", "")),
        day=args.get("day", ""),
    )
    return filters, wrong


def _id(args: Mapping[str, str], name: Wrong, wrong: set[Wrong]) -> int | None:
    text = args.get(name.value, "").strip()
    if not text:
        return None
    number = read_id(text)
    if not number:
        wrong.add(name)
    return number


def _one_of(kind: Any, word: str | None, name: Wrong, wrong: set[Wrong]) -> Any:
    if not word:
        return None
    try:
        return kind(word)
    except ValueError:
        wrong.add(name)
        return None


# --- as conditions -----------------------------------------------------------------------------------


def conditions(me: Me, filters: Filters, today: date, soon: date) -> list[ColumnElement[bool]]:
    """Return what a task must meet to be on this board: seen, no line of another, and not left out.

    `soon` is the last day on which a deadline is near.
    """
    met = [seen_by(me), no_line()]
    if filters.plan:
        met.append(Task.plan_id == filters.plan)
    if filters.unit:
        met.append(Task.lead_id.in_(branch(filters.unit)))
    if filters.due:
        met.append(_due(filters.due, today, soon))
    return met + [
        Task.search_key.contains(word, autoescape=True) for word in _rarest_first(filters.q)
    ]


def _rarest_first(q: str) -> list[str]:
    """Return the words looked for, numbers and long ones first: what they leave out is not looked at again."""
    return sorted(fold(q).split(), key=lambda word: (word.isalpha(), -len(word)))


def branch(unit_id: int) -> Any:
    """Return the ids of a unit and all below it."""
    return select(Unit.id).where(Unit.path.contains(f"/{unit_id}/"))


def _due(wanted: DueFilter, today: date, soon: date) -> ColumnElement[bool]:
    is_open = Task.state.in_(OPEN | {State.DRAFT})
    if wanted is DueFilter.OVERDUE:
        return overdue(today)
    if wanted is DueFilter.SOON:
        return and_(is_open, Task.due_on.between(today, soon))
    if wanted is DueFilter.WEEK:
        return and_(is_open, Task.due_on.between(today, end_of_week(today)))
    unclear = or_(Task.due_kind.is_(None), Task.due_kind.in_(UNCLEAR - {None}))
    return and_(Task.due_on.is_(None), unclear if wanted is DueFilter.UNKNOWN else ~unclear)


def end_of_week(today: date) -> date:
    """Return the Sunday of this week."""
    return today + timedelta(days=SUNDAY - today.weekday())


# --- what can be filtered by ----------------------------------------------------------------------


def plans(me: Me) -> list[Any]:
    """Return id and title of the plans `me` may see."""
    return list(rows(plans_query(me.seats)))


@lru_cache(maxsize=512)
def plans_query(seats: tuple[HeldSeat, ...]) -> Query:
    seen = plans_for(Me(seats=seats)).with_only_columns(Plan.id, Plan.title_vi, Plan.title_en)
    return seen.order_by(Plan.sort_key, Plan.id)


def units(me: Me, chosen: int | None) -> list[Any]:
    """Return id and name of the units that lead something `me` may see, and of those above them."""
    paths = rows(_leads(me.seats), {"chosen": chosen})
    ids = {int(part) for (path,) in paths for part in path.split("/") if part}
    return list(rows(_names(), {"ids": ids}))


@lru_cache(maxsize=512)
def _leads(seats: tuple[HeldSeat, ...]) -> Query:
    leading = select(Task.id).where(Task.lead_id == Unit.id, seen_by(Me(seats=seats))).exists()
    return select(Unit.path).where(or_(Unit.id == bindparam("chosen", type_=Integer), leading))


@lru_cache(maxsize=1)
def _names() -> Query:
    named = select(Unit.id, Unit.name_vi, Unit.name_en).where(among(Unit.id))
    return named.order_by(Unit.sort_key, Unit.id)
