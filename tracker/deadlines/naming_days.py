"""Grammar: how numbers, years, hours and days are named."""

from __future__ import annotations

from datetime import time

from tracker.deadlines.context import Shift, YearRef
from tracker.deadlines.grammar import GRAMMAR
from tracker.deadlines.periods import Day, Months, Near, Today, WeekdayOf, When, Year
from tracker.deadlines.statements import with_hour

rule = GRAMMAR.rule
FIRST_WEEKDAY, LAST_WEEKDAY = 2, 7
NOON = 12
MIDNIGHT = 24
LAST_MINUTE = time(23, 59)


# --- numbers -------------------------------------------------------------------------------------


@rule("numword", "unitword=units", "tenword=tens", "tenword=tens lastword=units")
@rule("numword", "unitword=n tens=ten", "unitword=n tens=ten lastword=units")
def _number_word(units: int = 0, tens: int = 0, n: int = 0, ten: int = 0) -> int:
    return n * ten + tens + units


@rule("card", "digits=n", "numword=n")
@rule("m", "digits=n", "numword=n", "fourthword=n", "roman=n", "monthname=n")
@rule("mslot", "digits=n", "roman=n", "monthname=n")
@rule("q", "digits=n", "numword=n", "roman=n", "THU numword=n", "THU digits=n", "nth=n")
@rule("q", "fourthword=n", "THU fourthword=n")
@rule("d", "digits=n", "digits=n ORDINAL", "EARLY digits=n", "EARLY numword=n", "numword=n")
def _number(n: int) -> int:
    return n


@rule("card", "digits=n numword=again")
def _number_said_twice(n: int, again: int) -> int | None:
    """10 (mười), as papers write a number that matters."""
    return n if n == again else None


# --- years ---------------------------------------------------------------------------------------


@rule("y", "SEP? YEAR? year4=year")
def _written_year(year: int) -> int:
    return year


@rule("y", "SEP? YEAR near=by", "which=by YEAR")
def _near_year(by: int) -> Shift:
    return Shift(by)


@rule("year", "YEAR? year4=year")
@rule("thisyear", "YEAR")
def _year(year: int | None = None) -> Year:
    return Year(year)


@rule("year", "YEAR near=by", "which=by YEAR")
def _year_told(by: int) -> Year:
    return Year(Shift(by))


# --- hours and days ------------------------------------------------------------------------------


@rule("hour", "card=hour HOUR digits=minute? MINUTE? halfday?")
@rule("hour", "digits=hour COLON digits=minute HOUR? halfday?", "digits=hour halfday")
def _hour(hour: int, minute: int = 0, halfday: str = "") -> time | None:
    if halfday == "pm" and hour < NOON:
        hour += NOON
    if halfday == "am" and hour == NOON:
        hour = 0
    if (hour, minute) == (MIDNIGHT, 0):
        return LAST_MINUTE
    return time(hour, minute) if hour < MIDNIGHT and minute < 60 else None  # noqa: PLR2004


@rule("weekday", "dayname=n")
def _weekday_name(n: int) -> int:
    return n


@rule("weekday", "THU card=n", "THU fourthword=n")
def _weekday_number(n: int) -> int | None:
    return n - FIRST_WEEKDAY if FIRST_WEEKDAY <= n <= LAST_WEEKDAY else None


@rule("date", "DAY? d=day SEP mslot=month y=year?", "year4=year SEP digits=month SEP digits=day")
@rule("date", "DAY? d=day MONTH m=month y=year?")
@rule("date", "DAY? d=day monthname=month y=year?", "monthname=month d=day y=year?")
def _date(day: int, month: int, year: YearRef = None) -> Day:
    return Day(day, month, year)


@rule("date", "DAY? d=day MONTH near=by", "DAY? d=day which=by MONTH")
def _date_of_near_month(day: int, by: int) -> Day:
    return Day(day, Near("month", by))


@rule("date", "DAY? d=day nearmonth=month", "DAY? d=day quartermonth=month")
def _date_of_month_told(day: int, month: When) -> Day:
    if isinstance(month, Months):
        return Day(day, month.first, month.year)
    return Day(day, month)


@rule("dated", "DAY d=day", "digits=day ORDINAL", "EARLY digits=day")
@rule("bareday", "DAY? d=day")
def _bare_day(day: int) -> Day:
    return Day(day)


@rule("weekdate", "weekday date", "date weekday", "date")
def _weekdate(date: Day, weekday: int | None = None) -> Day:
    return Day(date.day, date.month, date.year, weekday)


@rule("near_day", "DAY? today=shift")
def _near_day(shift: int) -> Today:
    return Today(shift)


@rule("timed", "weekdate=day", "near_day=day", "hour weekdate=day", "weekdate=day hour")
@rule("timed", "hour near_day=day", "near_day=day hour")
def _timed(day: When, hour: time | None = None) -> When | None:
    return with_hour(day, hour)


@rule("timed", "weekday WEEK near=by hour?", "weekday which=by WEEK hour?")
@rule("timed", "hour weekday WEEK near=by", "hour weekday which=by WEEK")
def _weekday_of_week(weekday: int, by: int, hour: time | None = None) -> WeekdayOf:
    return WeekdayOf(weekday, Near("week", by), hour)
