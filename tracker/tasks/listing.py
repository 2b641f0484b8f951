"""Lists in pages, and lists of tasks as rows: each with its depth below the first of its tree."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from sqlalchemy import Select, func, select
from werkzeug.datastructures import MultiDict

from tracker.committees.standings import Me
from tracker.db import db, within
from tracker.rules.queries import soon_until
from tracker.tasks.cards import Card, card
from tracker.tasks.glance import glances, stored
from tracker.tasks.lifecycle import Tie
from tracker.tasks.models import Task

PAGE, ALL = 100, 1_000  # rows of a page; with `all=1`
LAST = 10_000  # pages: no list is longer, and a database refuses what lies far beyond
T = TypeVar("T")


@dataclass(frozen=True)
class Listed(Generic[T]):
    """One page of a list: what is on it, how many there are in all, where the other pages are."""

    found: Sequence[T]
    total: int
    number: int
    last: int
    previous: str | None
    next: str | None


class Entry(NamedTuple):
    """A task in a list. `is_line`: it is a co-ordinator's own part of another."""

    card: Card
    is_line: bool
    depth: int


def page_of(chosen: Select[T], args: Mapping[str, str]) -> Listed[T]:
    """Return the page asked for in the address; the order must be whole. Two queries."""
    counting = select(func.count()).select_from(chosen.order_by(None).subquery())
    start, size, listed = _cut(db.session.scalar(counting) or 0, args)
    return listed(db.session.scalars(chosen.offset(start).limit(size)).all())


def page_of_ids(ids: Sequence[int], args: Mapping[str, str]) -> Listed[int]:
    """Return the page asked for of ids already in order."""
    start, size, listed = _cut(len(ids), args)
    return listed(ids[start : start + size])


def page_number(args: MultiDict[str, str]) -> int:
    """Return which page an address asks for, where the list is cut by a query of its own."""
    return min(max(1, args.get("page", 1, type=int)), LAST)


def pager(number: int, total: int, size: int, address: Callable[..., str]) -> dict[str, Any]:
    """Return what stands under one page of a list: `address` gives that of another."""
    last = -(-total // size)
    return {
        "number": number,
        "last": last,
        "previous": address(page=number - 1) if number > 1 else None,
        "next": address(page=number + 1) if number < last else None,
    }


def entries(
    me: Me, ids: Sequence[int], today: date, depths: Mapping[int, int] | None = None
) -> list[Entry]:
    """Return tasks already found to be visible as rows, in the order of their ids."""
    found = {glance.task.id: glance for glance in glances(me, stored(within(Task.id, ids)), today)}
    soon = soon_until(today)
    return [
        Entry(
            card(found[task_id], today, soon),
            found[task_id].task.tie is Tie.LINE,
            (depths or {}).get(task_id, 0),
        )
        for task_id in ids
    ]


def _cut(
    total: int, args: Mapping[str, str]
) -> tuple[int, int, Callable[[Sequence[Any]], Listed[Any]]]:
    size = ALL if args.get("all") == "1" else PAGE
    last = max(-(-total // size), 1)
    wanted = args.get("page", "")[:9]
    number = min(max(int(wanted), 1), last) if wanted.isdecimal() else 1
    around = [_address(args, n) if 1 <= n <= last else None for n in (number - 1, number + 1)]
    return (number - 1) * size, size, lambda found: Listed(found, total, number, last, *around)


def _address(args: Mapping[str, str], number: int) -> str:
    return "?" + urlencode({**args, "page": number})
