"""Grammar: what may be said of days and periods, from "hết quý I" to "3 tháng một lần"."""

from __future__ import annotations

from datetime import time

from tracker.deadlines import counting, naming_days, rounds
from tracker.deadlines.context import MONTHS, YearRef
from tracker.deadlines.grammar import GRAMMAR
from tracker.deadlines.naming_periods import month, quarter
from tracker.deadlines.periods import Day, Week, When
from tracker.deadlines.readings import Kind
from tracker.deadlines.statements import (
    Clause,
    Hopeless,
    Span,
    Standing,
    Statement,
    from_today,
    same_sort,
    with_hour,
)

# The grammar is complete once these rooms have declared their rules.
PARTS = (naming_days, counting, rounds)
ROOT = "phrase"
rule = GRAMMAR.rule


# --- under a bound -------------------------------------------------------------------------------


@rule("bound", "BY", "LIMIT")
@rule("bounds", "bound", "bound IN", "bound bound=more", "bound bound=more bound=most")
def _bounds(bound: str = "by", more: str = "", most: str = "") -> str:
    del more, most
    return bound


@rule("limit", "bounds")
def _by(bounds: str) -> str:
    return bounds


@rule("limit", "BEFORE", "bounds BEFORE")
def _before(bounds: str = "") -> str:
    del bounds
    return "before"


@rule("clause", "when")
def _plain(when: When) -> Clause | None:
    return Clause("", when)


@rule("clause", "IN when", "IN thisyear=when")
def _in(when: When) -> Clause:
    return Clause("in", when)


@rule("bounded", "limit when")
@rule("clause", "limit when", "limit thisyear=when")
def _bounded(limit: str, when: When) -> Clause:
    return Clause(limit, when)


@rule("clause", "timed=when limit hour")
def _hour_after_its_day(when: When, limit: str, hour: time) -> Clause | None:
    timed = with_hour(when, hour)
    return Clause(limit, timed) if timed else None


@rule("clause", "when LATEST")
def _at_the_latest(when: When) -> Clause:
    return Clause("by", when)


@rule("clause", "ASOF when", "ASOF bounds when", "ASOF bounds thisyear=when")
def _as_of(when: When, bounds: str = "") -> Clause:
    del bounds
    return Clause("asof", when)


# --- from one end to another ---------------------------------------------------------------------


@rule("end", "when", "limit when", "limit thisyear=when")
def _end(when: When, limit: str = "") -> Clause:
    return Clause("before" if limit == "before" else "", when)


@rule("range", "FROM when TO end", "FROM bareday=when TO end", "BETWEEN when AND end")
@rule("range", "BETWEEN bareday=when AND end")
def _range(when: When, end: Clause) -> Span | None:
    bare_end = isinstance(when, Day) and when.month is None and not isinstance(end.when, Day)
    return None if bare_end else Span(when, end)


@rule("range", "FROM now TO end", "now TO end")
def _range_from_now(now: int, end: Clause) -> Span:
    del now
    return from_today(end)


@rule("range", "when=first DASH when=last", "bareday=first DASH when=last")
@rule("range", "FROM when=first DASH when=last", "FROM bareday=first DASH when=last")
@rule("range", "when=first TO when=last", "bareday=first TO when=last")
def _joined(first: When, last: When) -> Span | None:
    return Span(first, Clause("", last)) if same_sort(first, last) else None


@rule("joint", "TO")
def _joint() -> str:
    return "to"


@rule("joint", "DASH")
def _dash() -> str:
    return "-"


@rule("range", "MONTH m=first joint MONTH? m=last y=year?", "monthname=first joint m=last y=year")
@rule("range", "FROM MONTH m=first joint MONTH? m=last y=year?")
def _month_range(first: int, last: int, joint: str, year: YearRef = None) -> Span | None:
    if joint == "-" and year is None and last > MONTHS:
        return None
    ends = month(first, year), month(last, year)
    return Span(ends[0], Clause("", ends[1]))


@rule("range", "QUARTER q=first joint QUARTER? q=last y=year?")
@rule("range", "FROM QUARTER q=first joint QUARTER? q=last y=year?")
def _quarter_range(first: int, last: int, joint: str, year: YearRef = None) -> Span | None:
    if joint == "-" and year is None and last > MONTHS:
        return None
    ends = quarter(first, year), quarter(last, year)
    return Span(ends[0], Clause("", ends[1]))


@rule("range", "WEEK digits=first joint digits=last y=year?")
def _week_range(first: int, last: int, joint: str, year: YearRef = None) -> Span:
    del joint
    return Span(Week(first, year), Clause("", Week(last, year)))


@rule("range", "monthname=month d=first joint d=last y=year?")
def _days_of_named_month(
    month: int, first: int, last: int, joint: str, year: YearRef = None
) -> Span:
    del joint
    return Span(Day(first, month, year), Clause("", Day(last, month, year)))


@rule("span", "range", "PHASE range", "IN range", "IN PHASE range", "LIMIT range")
def _span_of(range: Span) -> Span:  # noqa: A002 - the symbol's name
    return range


@rule("span", "bounds PHASE range", "bounds range")
def _bounded_span(bounds: str, range: Span) -> Span:  # noqa: A002 - the symbol's name
    del bounds
    return Span(range.first, range.last, bounded=True)


# --- without a day -------------------------------------------------------------------------------


@rule("stand", "standing", "IN standing", "LIMIT standing")
def _standing(standing: str) -> Standing:
    return Standing(Kind(standing))


@rule("stand", "EVERY cycle=step", "adverb=step")
def _daily(step: int | str) -> Standing | None:
    return Standing(Kind.ONGOING) if step == "day" else None


@rule("stands", "stand=first", "stand=first AND? stands=others")
def _standing_words(first: Standing, others: Standing | None = None) -> Standing | None:
    return first if others in {None, first} else None


@rule("stands", "IN? FEW unit near", "IN? FEW which=near unit")
def _some_time(unit: str, near: int) -> Standing:
    del unit, near
    return Standing(Kind.VAGUE)


@rule("stands", "ASKED OF? HAPPENING")
def _on_demand_of() -> Standing:
    return Standing(Kind.ON_DEMAND)


@rule("stands", "standing=first event")
def _on_demand_when(first: str, event: Standing) -> Standing | None:
    del event
    return Standing(Kind.ON_DEMAND) if first == "on_demand" else None


@rule("event", "WHEN HAPPENING", "LATER HAPPENING", "WHEN NOISE")
def _event() -> Standing:
    return Standing(Kind.EVENT)


# --- understood, and refused ---------------------------------------------------------------------


@rule("hopeless", "AFTER when", "LATER when")
def _after(when: When) -> Hopeless:
    return Hopeless("after", when)


@rule("hopeless", "FROM when", "LIMIT FROM when")
def _open_range(when: When) -> Hopeless:
    return Hopeless("from", when)


@rule("hopeless", "lead? amount", "lead? amount near", "lead? which=near amount")
@rule("hopeless", "lead? amount SINCE REST", "lead? amount AFTER REST", "lead? amount WHEN REST")
@rule("hopeless", "SINCE REST", "WHEN COUNTING", "AFTER COUNTING")
def _without_origin(**said: object) -> Hopeless:
    del said
    return Hopeless("count_from")


@rule("hopeless", "ASOF", "ASOF REST")
def _as_of_nothing() -> Hopeless:
    return Hopeless("as_of")


@rule("hopeless", "limit? bareday=when", "limit? bareday=when MONTH")
def _day_of_no_month(when: When, limit: str = "") -> Hopeless | None:
    del limit
    return Hopeless("other", when)


@rule(
    ROOT,
    "stands=s",
    "recurring=s",
    "recurring_at=s",
    "counted=s",
    "span=s",
    "clause=s",
    "event=s",
    "hopeless=s",
)
def _phrase(s: Statement) -> Statement:
    return s
