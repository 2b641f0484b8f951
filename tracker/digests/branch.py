"""The overdue tasks of the units somebody answers for: figures, the worst by name, what is new about them."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from tracker.deadlines.calendar import Calendar
from tracker.digests.values import MOST_OF_BRANCH, Branch, Late, News, Scope, rung


def branch_of(
    scope: Scope, mine: Collection[int], told: Mapping[str, Any], calendar: Calendar
) -> Branch | None:
    """Return the branch as a digest tells it, `mine` left out: those stand on the person's own desk."""
    others = sorted((late for late in scope.overdue if late.task_id not in mine), key=_worst)
    if not scope.overdue:
        return None
    last = told.get("branch") or {"named": [], "rest": 0}
    marked = map(int, told.get("marks") or ())
    known = None if last["rest"] else frozenset((*last["named"], *marked))
    since = date.fromisoformat(told["on"]) if told else None
    news = {late.task_id: new for late in others if (new := _news_of(late, since, known, calendar))}
    named, rest = others[:MOST_OF_BRANCH], others[MOST_OF_BRANCH:]
    counts = Counter(late.lead_id for late in rest)
    return Branch(
        overdue=len(scope.overdue),
        fell_due=scope.fell_due,
        named=tuple(named),
        news={late.task_id: news[late.task_id] for late in named if late.task_id in news},
        more=tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))),
        is_news=bool(news),
    )


def _worst(late: Late) -> tuple[int, date, int]:
    return -(late.on - late.due_on).days, late.due_on, late.task_id


def _news_of(
    late: Late, since: date | None, known: frozenset[int] | None, calendar: Calendar
) -> News | None:
    """A task of the branch is news when it enters or passes a rung, not at every word written to it.

    `known` are those named last time, where they were all; else days alone tell what has entered.
    """
    if since is None or (known is not None and late.task_id not in known):
        return News.ENTERED
    days = (min(since, late.on), late.on)
    before, now = (rung(late.due_on, day, calendar) for day in days)
    if now <= before:
        return None
    return News.RUNG if before else News.ENTERED
