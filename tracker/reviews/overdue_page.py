"""Everything the overdue list shows: groups with their rows, totals, late lines, missed receipts."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup, escape

from tracker.committees.standings import HeldSeat, Me
from tracker.fields import read_id
from tracker.history.memory import mark
from tracker.letters import queries as letters
from tracker.letters.slips import Slip, slips
from tracker.reviews import overdue, rows
from tracker.reviews.overdue import Account, By, Group, Listing, Totals
from tracker.rules.queries import soon_until
from tracker.tasks.cards import Due, cell_of, due_of
from tracker.tasks.glance import Named, Stored
from tracker.tasks.listing import Listed, page_of_ids
from tracker.web import lang, named_html

_KEPT = 100  # pages of each worker, up to 250 kB each
_MENTIONED = 10  # late lines named under the list of tasks


@dataclass(frozen=True)
class Asked:
    """What an address asks for; `only` is one unit or plan."""

    by: By = By.UNIT
    account: Account = Account.TASKS
    only: int | None = None
    place: tuple[tuple[str, str], ...] = ()
    ticks_all: bool = False

    def address(self, **changes: str | int | None) -> str:
        """Return the address of this list, some of it changed."""
        wanted = dict(self.place) | changes
        query = urlencode({name: value for name, value in wanted.items() if value is not None})
        return f"/overdue?{query}" if query else "/overdue"


_NAMES = ("by", "of", "unit", "plan", "page", "all")


def read(args: Mapping[str, str]) -> Asked:
    """Return what an address asks for; what it does not know it leaves out."""
    by = By.PLAN if args.get("by") == By.PLAN else By.UNIT
    account = Account.LINES if args.get("of") == Account.LINES else Account.TASKS
    kept = tuple((name, args[name]) for name in _NAMES if args.get(name))
    return Asked(by, account, read_id(args.get(by.value, "")), kept, args.get("tick") == "all")


class Part(NamedTuple):
    """The rows of one group on this page, with its name, its number and the address of it alone."""

    name: Markup
    total: int
    url: str
    rows: list[Markup]


class Mention(NamedTuple):
    """A task named in a sentence: by whom it is led, how late it is."""

    id: int
    title: Markup
    lead: Markup
    due: Due | None


@dataclass(frozen=True)
class OverduePage:
    """The page of the overdue list."""

    asked: Asked
    listed: Listed[int]
    parts: list[Part]
    totals: Totals
    lines: list[Mention]
    missed: list[Slip]
    soon: int
    has_ticks: bool


class Drawn(NamedTuple):
    """The same as HTML, with the figures that stand above it."""

    totals: Totals
    total: int
    soon: int
    inside: Markup
    after: Markup


def kept(me: Me, asked: Asked, today: date) -> Drawn:
    """Return the page as it stays until the next event, for all who hold the same seats."""
    pages = current_app.extensions.setdefault("overdue", lru_cache(maxsize=_KEPT)(_kept))
    found: Drawn = pages(mark(), me.seats, asked, today, lang())
    return found


def _kept(_mark: Any, seats: tuple[HeldSeat, ...], asked: Asked, today: date, _lang: str) -> Drawn:
    return draw(gather(Me(seats=seats), asked, today))


def draw(shown: OverduePage) -> Drawn:
    """Return the page as HTML; it holds nothing of a session."""
    macros: Any = current_app.jinja_env.get_template("overdue/_list.html").module
    inside, after = macros.inside(shown, shown.asked), macros.after(shown, shown.asked)
    return Drawn(shown.totals, shown.listed.total, shown.soon, Markup(inside), Markup(after))  # noqa: S704


def gather(me: Me, asked: Asked, today: date, ticked: Collection[str] = ()) -> OverduePage:
    """Return the page that `asked` is about, with the ticks kept that were set."""
    listing = overdue.listing(me, today, asked.by, asked.account).of(asked.only)
    listed = page_of_ids(listing.ids, dict(asked.place))
    found = overdue.read(me, listed.found, today)
    frame, own = rows.frame(asked.by, asked.address(), today), letters.own_units(me.seats)
    drawn = [_draw(row, frame, own, ticked, all_ticked=asked.ticks_all) for row in found]
    is_first = listed.number == 1 and asked.account is Account.TASKS and asked.only is None
    return OverduePage(
        asked=asked,
        listed=listed,
        parts=list(_parts(asked, listing, listed, found, drawn)),
        totals=overdue.totals(me, today),
        lines=_late_lines(me, today) if is_first else [],
        missed=slips(letters.missed(me, today), ()) if is_first else [],
        soon=0 if listing.ids else overdue.soon(me, today),
        has_ticks=any('name="row"' in html for html in drawn),
    )


def _draw(
    row: overdue.Row,
    frame: rows.Frame,
    own: Collection[int],
    ticked: Collection[str],
    *,
    all_ticked: bool,
) -> Markup:
    task = row.glance.task
    is_ticked = all_ticked or any(value.startswith(f"{task.id}.") for value in ticked)
    return rows.html(row, frame, is_own=task.lead_id in own, is_ticked=is_ticked)


def _parts(
    asked: Asked,
    listing: Listing,
    listed: Listed[int],
    found: Sequence[overdue.Row],
    drawn: Sequence[Markup],
) -> Iterator[Part]:
    by_id = {row.glance.task.id: (row, html) for row, html in zip(found, drawn, strict=True)}
    ids = list(listed.found)
    first = listing.ids.index(ids[0]) if ids else 0
    for group in listing.groups:
        start, end = group.start - first, group.start + group.count - first
        here = [by_id[i] for i in ids[max(start, 0) : max(end, 0)] if i in by_id]
        if here:
            name = _name(here[0][0], asked.by)
            yield Part(name, group.count, _alone(asked, group), [html for _row, html in here])


def _name(row: overdue.Row, by: By) -> Markup:
    task = row.glance.task
    if by is By.UNIT:
        return named_html(Named(task.lead_vi, task.lead_en))
    if task.plan_vi is None:
        return escape(_("Without a plan"))
    return named_html(Named(task.plan_vi, task.plan_en))


def _alone(asked: Asked, group: Group) -> str:
    kept = Asked(asked.by, asked.account, place=_place(asked))
    return kept.address(**{asked.by.value: group.key})


def _place(asked: Asked) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in asked.place if name in {"by", "of"})


def _late_lines(me: Me, today: date) -> list[Mention]:
    listing = overdue.listing(me, today, By.UNIT, Account.LINES)
    worst = overdue.mentions(listing.ids[:_MENTIONED])
    return [_mention(task, today) for task in worst]


def _mention(task: Stored, today: date) -> Mention:
    title, lead = Named(task.title_vi, task.title_en), Named(task.lead_vi, task.lead_en)
    due = due_of(task, cell_of(task, today), today, soon_until(today))
    return Mention(task.id, named_html(title), named_html(lead), due)


def refused(me: Me, told: Sequence[tuple[int, str]], words: Mapping[Any, str]) -> list[Markup]:
    """Say which tasks were refused, and why; what the reader may not see has no name."""
    names = overdue.titles(me, [task_id for task_id, _why in told]) if told else {}
    return [_refused(names.get(task_id), task_id, _(words[why])) for task_id, why in told]


def _refused(row: Any, task_id: int, why: str) -> Markup:
    if row is None:
        name = escape(_("Task %(n)s", n=task_id))
    else:
        name = Markup('<a href="/tasks/{}">{}</a>').format(task_id, named_html(row, "title"))
    return Markup("{}: {}").format(name, why)
