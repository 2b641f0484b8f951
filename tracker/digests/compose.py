"""Whether a digest says anything new, and what: rows, a day, what was told last and wishes go in."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from tracker.digests.branch import branch_of
from tracker.digests.values import (
    DECIDING,
    ONCE,
    ORDER,
    Digest,
    Item,
    Mark,
    News,
    Row,
    Scope,
    Section,
    Wishes,
    rung,
)
from tracker.rules.values import Rules
from tracker.tasks.lifecycle import OPEN, State
from tracker.tasks.timeliness import days_late, measured_on

_RECENT = timedelta(days=7)  # answers told to somebody who gets their first digest


def compose(
    rows: Collection[Row],
    today: date,
    last_told: Mapping[str, Any] | None,
    wishes: Wishes,
    *,
    rules: Rules = Rules(),  # noqa: B008 - a value that nobody can change
    scope: Scope | None = None,
    covers_from: date | None = None,
) -> Digest | None:
    """Return the digest of one person on a day, or None where it would say nothing new."""
    if wishes.refuse(today):
        return None
    told = last_told or {}
    frame = _Frame(today, wishes.off, rules, told, rules.soon_until(today))
    items = _items(rows, told.get("marks") or {}, frame)
    branch = None
    if scope is not None and Section.BRANCH not in wishes.off:
        told_above = {row.task_id for item in items for row in item.rows}
        mine = told_above | {row.task_id for row in rows if _is_own(row)}
        branch = branch_of(scope, mine, told, rules.calendar)
    is_news = any(item.news for item in items) or (branch is not None and branch.is_news)
    if not is_news:
        return None
    return Digest(today, items, branch, covers_from, rules, _cycles(rows, items, told))


class _Frame(NamedTuple):
    """On which day rows are placed, in which sections not, by whose rules, after what was told last."""

    today: date
    off: frozenset[Section]
    rules: Rules
    told: Mapping[str, Any]
    soon: date

    def is_told(self, row: Row) -> bool:
        """Tell whether an answer was told before: what came before the last digest's day was, or was never news."""
        since = self.told.get("on")
        first = date.fromisoformat(since) if since else self.today - _RECENT
        told = self.told.get("answers") or ()
        return row.answer is None or row.answer.on < first or row.answer.ask_id in told

    def is_idle(self, row: Row) -> bool:
        """Tell whether another cycle has passed without a word since that was told."""
        told: Mapping[str, int] = self.told.get("cycles") or {}
        return row.cycles > told.get(str(row.task_id), 0)


def _items(rows: Iterable[Row], marks: Mapping[str, Any], frame: _Frame) -> tuple[Item, ...]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        is_told = row.answer is not None and frame.is_told(row)
        groups[row.root_id].append(replace(row, answer=None) if is_told else row)
    found = [
        item
        for root_id, group in groups.items()
        if (item := _item(group, _read(marks.get(str(root_id))), frame))
    ]
    return tuple(sorted(found, key=_pressing))


def _item(group: list[Row], before: Mark | None, frame: _Frame) -> Item | None:
    today, calendar = frame.today, frame.rules.calendar
    placed = [(section, row) for row in group if (section := _section(row, frame))]
    if not placed:
        return None
    placed.sort(key=lambda one: (ORDER[one[0]], one[1].due_on or date.max, one[1].task_id))
    shown = [row for _section, row in placed]
    rest = sorted((row for row in group if row not in shown), key=lambda row: row.task_id)
    mark = Mark(
        placed[0][0],
        max(
            rung(row.due_on, measured_on(row.state, row.handed_in_on, today), calendar)
            for row in shown
        ),
        max((letter.ask_id for row in group for letter in row.letters), default=0),
        max(row.touched for row in shown),
    )
    reasons = sorted({reason for row in group for reason in row.reasons})
    answered = tuple(row.task_id for row in group if row.answer)
    news = News.ENTERED if mark.section in ONCE else mark.news_since(before)
    if answered and news is None:
        news = News.CHANGED
    days = _days_late(shown[0], today)
    return Item((*shown, *rest), tuple(reasons), mark, days, news, answered)


def _cycles(rows: Iterable[Row], items: Iterable[Item], told: Mapping[str, Any]) -> dict[str, int]:
    """Return how often it has been told now that a word is due, as long as it is."""
    before = told.get("cycles") or {}
    told_now = {row.task_id for i in items if i.section is Section.IDLE for row in i.rows}
    found = {}
    for row in rows:
        number = row.cycles if row.task_id in told_now else before.get(str(row.task_id), 0)
        if row.cycles and number:
            found[str(row.task_id)] = number
    return found


def _days_late(row: Row, today: date) -> int:
    return days_late(row.state, row.due_on, row.handed_in_on, None, today=today)


def _section(row: Row, frame: _Frame) -> Section | None:
    """Return the first section that fits and is wanted."""
    is_at_work = _is_own(row) and row.state in OPEN and row.state is not State.SUBMITTED
    today, due_on = frame.today, row.due_on or date.max
    fits = {
        Section.URGED: bool(row.letters) and row.state in OPEN,
        Section.WAITING: row.waits_since is not None,
        Section.RETURNED: is_at_work and row.state is State.RETURNED,
        Section.LATE: is_at_work and due_on < today,
        Section.DUE_SOON: is_at_work and today <= due_on <= frame.soon,
        Section.ANSWERED: is_at_work and row.answer is not None,
        Section.IDLE: is_at_work and frame.is_idle(row),
    }
    return next(
        (section for section, holds in fits.items() if holds and section not in frame.off), None
    )


def _is_own(row: Row) -> bool:
    """Tell whether it is the person's to do, not only to judge."""
    return any(reason.why not in DECIDING for reason in row.reasons)


def _pressing(item: Item) -> tuple[int, date, int]:
    row = item.row
    return ORDER[item.section], row.waits_since or row.due_on or date.max, row.task_id


def _read(kept: Any) -> Mark | None:
    return Mark(Section(kept[0]), *kept[1:]) if kept else None
