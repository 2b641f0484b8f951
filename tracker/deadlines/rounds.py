"""Grammar: duties that come round, from "hằng tháng" to "trước ngày 10 tháng đầu quý"."""

from __future__ import annotations

from datetime import time

from tracker.deadlines.grammar import GRAMMAR
from tracker.deadlines.periods import Day, When
from tracker.deadlines.readings import Kind
from tracker.deadlines.recurrences import (
    Anchor,
    CycleEdge,
    DayOfMonth,
    DayOfWeek,
    Every,
    MonthOfQuarter,
    at_hour,
    every,
    repeats,
    yearly,
)
from tracker.deadlines.statements import Standing

rule = GRAMMAR.rule


@rule("round", "EVERY cycle=step", "EVERY cycle=step ONCE", "adverb=step", "cycle=step ONCE")
@rule("round", "ONCE SLASH? cycle=step", "ONCEA cycle=step", "REGULARLY round=step")
@rule("round", "EVERY adverb=step", "ONCE EVERY cycle=step")
def _round(step: int | str) -> int | str:
    return step


@rule("round", "EVERY card=count cycle=step", "EVERY card=count cycle=step ONCE")
@rule("round", "card=count cycle=step SLASH? ONCE", "ONCEA card=count cycle=step")
@rule("round", "ONCE EVERY card=count cycle=step")
def _counted_round(count: int, step: int | str) -> int | str | None:
    return repeats(count, step)


@rule("recurring", "LIMIT? round=step")
def _every(step: int | str) -> Every:
    return Every(step)


@rule("recurring", "REGULARLY recurring=duty")
def _regularly(duty: Every | Standing) -> Every | Standing:
    return duty


@rule("recurring", "limit? anchor round=step", "round=step limit? anchor")
def _every_anchored(anchor: Anchor, step: int | str, limit: str = "") -> Every | None:
    return every(step, anchor, before=limit == "before")


@rule("recurring", "limit? hour round=step", "round=step limit? hour")
def _daily_at_an_hour(hour: time, step: int | str, limit: str = "") -> Standing | None:
    del limit
    return Standing(Kind.ONGOING, hour) if step == "day" else None


@rule("recurring", "limit? part round=step", "limit? part cycle round=step")
@rule("recurring", "round=step limit? part cycle")
def _every_edge(
    part: str, step: int | str, limit: str = "", cycle: int | str | None = None
) -> Every | None:
    if cycle not in {None, step}:
        return None
    return Every(step, CycleEdge(part), before=limit == "before")


@rule("recurring", "limit? DAY side round=step", "limit? side DAY round=step")
@rule("recurring", "limit? DAY side cycle round=step", "round=step limit? DAY side cycle")
@rule("recurring", "round=step limit? side DAY")
def _every_named_edge(
    side: str, step: int | str, limit: str = "", cycle: int | str | None = None
) -> Every | None:
    if cycle not in {None, step}:
        return None
    return Every(step, CycleEdge(side, named=True), before=limit == "before")


@rule("recurring", "limit round=step")
def _every_bounded(limit: str, step: int | str) -> Every:
    return Every(step, before=limit == "before")


@rule("recurring", "limit? anchor_of_quarter=anchor")
@rule("recurring", "limit? anchor_of_quarter=anchor round=step")
@rule("recurring", "round=step limit? anchor_of_quarter=anchor FOLLOWING?")
def _every_quarter(anchor: Anchor, limit: str = "", step: int | str = 3) -> Every | None:
    return Every(3, anchor, before=limit == "before") if step in {3, 12} else None


@rule("recurring", "EVERY weekday", "hour EVERY weekday")
def _every_weekday(weekday: int, hour: time | None = None) -> Every:
    return Every("week", DayOfWeek(weekday, hour=hour))


@rule("recurring", "EVERY date", "hour EVERY date")
def _every_date(date: Day, hour: time | None = None) -> Every | None:
    anchor = yearly(Day(date.day, date.month, date.year, hour=hour))
    return Every(12, anchor) if anchor else None


@rule("recurring_at", "recurring=duty limit? hour")
def _at_an_hour(duty: Every | Standing, hour: time, limit: str = "") -> Every | None:
    del limit
    return at_hour(duty, hour) if isinstance(duty, Every) else None


@rule("anchor", "dated=day", "dated=day MONTH FOLLOWING", "hour dated=day")
@rule("anchor", "dated=day FOLLOWING MONTH", "dated=day hour")
def _day_of_month(day: Day, hour: time | None = None) -> DayOfMonth:
    return DayOfMonth(day.day, hour=hour)


@rule("recurring", "limit? digits=day EVERY cycle")
def _every_number(day: int, cycle: int | str, limit: str = "") -> Every | None:
    return every(cycle, DayOfMonth(day), before=limit == "before")


@rule("anchor", "weekday", "hour weekday", "weekday hour")
def _day_of_week(weekday: int, hour: time | None = None) -> DayOfWeek:
    return DayOfWeek(weekday, hour=hour)


@rule("anchor", "period=when", "edge=when", "timed=when")
def _day_of_year(when: When) -> Anchor | None:
    return yearly(when)


@rule("quarterly_month", "MONTH place QUARTER", "MONTH place EVERY QUARTER")
@rule("quarterly_month", "place MONTH QUARTER", "place MONTH EVERY QUARTER")
def _quarterly_month(place: int) -> int:
    return place


@rule("anchor_of_quarter", "quarterly_month=month")
def _month_of_quarter(month: int) -> MonthOfQuarter:
    return MonthOfQuarter(month)


@rule("anchor_of_quarter", "bareday=day quarterly_month=month")
@rule("anchor_of_quarter", "hour bareday=day quarterly_month=month")
def _day_of_quarter(day: Day, month: int, hour: time | None = None) -> DayOfMonth:
    return DayOfMonth(day.day, month, 3, hour)
