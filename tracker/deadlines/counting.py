"""Grammar: so many days, weeks or months counted from a written day."""

from __future__ import annotations

from tracker.deadlines.grammar import GRAMMAR
from tracker.deadlines.periods import Today, When
from tracker.deadlines.statements import Counted

rule = GRAMMAR.rule


@rule("amount", "card=count unit")
def _amount(count: int, unit: str) -> tuple[int, str]:
    return count, unit


@rule("amount", "HALFYEAR")
def _half_year() -> tuple[int, str]:
    return 6, "month"


@rule("amount", "HALF MONTH")
def _half_month() -> tuple[int, str]:
    return 15, "day"


@rule("origin", "timed=day")
def _origin(day: When) -> When:
    return day


@rule("origin", "now", "DAY now")
def _from_now(now: int) -> Today:
    return Today(now)


@rule("lead", "bounds", "bounds IN", "IN", "bounds AFTER")
def _lead(bounds: str = "") -> str:
    return bounds or "in"


@rule("counted", "lead? amount SINCE origin", "SINCE origin lead? amount")
@rule("counted", "lead? amount AFTER origin")
def _counted(amount: tuple[int, str], origin: When, lead: str = "") -> Counted:
    del lead
    return Counted(amount[0], amount[1], origin)
