"""Whether a digest says anything new, and what: rows, a day, what was told last and wishes go in."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from tracker.digests.branch import branch_of
from tracker.digests.values import ORDER, Digest, Item, Mark, Row, Scope, Section, Why, Wishes, rung
from tracker.tasks.lifecycle import OPEN, State
from tracker.tasks.timeliness import days_late, measured_on, soon_until


def compose(
    rows: Collection[Row],
    today: date,
    last_told: Mapping[str, Any] | None,
    wishes: Wishes,
    *,
    scope: Scope | None = None,
    covers_from: date | None = None,
) -> Digest | None:
    """Return the digest of one person on a day, or None where it would say nothing new."""
    if wishes.refuse(today):
        return None
    told = last_told or {}
    items = _items(rows, today, told.get("marks") or {}, wishes.off)
    branch = None
    if scope is not None and Section.BRANCH not in wishes.off:
        told_above = {row.task_id for item in items for row in item.rows}
        mine = told_above | {row.task_id for row in rows if _is_own(row)}
        branch = branch_of(scope, mine, told)
    is_news = any(item.news for item in items) or (branch is not None and branch.is_news)
    return Digest(today, items, branch, covers_from) if is_news else None


def _items(
    rows: Iterable[Row], today: date, marks: Mapping[str, Any], off: frozenset[Section]
) -> tuple[Item, ...]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.root_id].append(row)
    found = [
        item
        for root_id, group in groups.items()
        if (item := _item(group, today, _read(marks.get(str(root_id))), off))
    ]
    return tuple(sorted(found, key=_pressing))


def _item(
    group: list[Row], today: date, before: Mark | None, off: frozenset[Section]
) -> Item | None:
    placed = [(section, row) for row in group if (section := _section(row, today, off))]
    if not placed:
        return None
    placed.sort(key=lambda one: (ORDER[one[0]], one[1].due_on or date.max, one[1].task_id))
    shown = [row for _section, row in placed]
    rest = sorted((row for row in group if row not in shown), key=lambda row: row.task_id)
    mark = Mark(
        placed[0][0],
        max(rung(row.due_on, measured_on(row.state, row.handed_in_on, today)) for row in shown),
        max((letter.ask_id for row in group for letter in row.letters), default=0),
        max(row.touched for row in shown),
    )
    reasons = sorted({reason for row in group for reason in row.reasons})
    return Item(
        (*shown, *rest), tuple(reasons), mark, _days_late(shown[0], today), mark.news_since(before)
    )


def _days_late(row: Row, today: date) -> int:
    return days_late(row.state, row.due_on, row.handed_in_on, None, today=today)


def _section(row: Row, today: date, off: frozenset[Section]) -> Section | None:
    """Return the first section that fits and is wanted."""
    is_at_work = _is_own(row) and row.state in OPEN and row.state is not State.SUBMITTED
    due_on = row.due_on or date.max
    fits = {
        Section.URGED: bool(row.letters) and row.state in OPEN,
        Section.WAITING: row.waits_since is not None,
        Section.RETURNED: is_at_work and row.state is State.RETURNED,
        Section.LATE: is_at_work and due_on < today,
        Section.DUE_SOON: is_at_work and today <= due_on <= soon_until(today),
    }
    return next((section for section, holds in fits.items() if holds and section not in off), None)


def _is_own(row: Row) -> bool:
    """Tell whether it is the person's to do, not only to judge."""
    return any(reason.why is not Why.VERDICT for reason in row.reasons)


def _pressing(item: Item) -> tuple[int, date, int]:
    row = item.row
    return ORDER[item.section], row.waits_since or row.due_on or date.max, row.task_id


def _read(kept: Any) -> Mark | None:
    return Mark(Section(kept[0]), *kept[1:]) if kept else None
