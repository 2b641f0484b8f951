"""Grammar: how months, quarters, halves, weeks and their first and last days are named."""

from __future__ import annotations

from tracker.deadlines.context import YearRef
from tracker.deadlines.edges import Edge, NoDay, Unnumbered
from tracker.deadlines.grammar import GRAMMAR
from tracker.deadlines.periods import MonthOf, Months, Near, Week, When, Year

rule = GRAMMAR.rule
REPORTED = {6, 9}


# --- months, quarters, halves, weeks -------------------------------------------------------------


@rule("month", "MONTH m=n y=year?", "T SEP? digits=n y=year", "digits=n SEP year4=year")
@rule("month", "monthname=n y=year?", "roman=n SEP year4=year", "YEAR year4=year MONTH m=n")
def month(n: int, year: YearRef = None) -> Months:
    return Months("month", n, n, year)


@rule("quarter", "QUARTER SEP? q=n y=year?", "romanq=n y=year?", "digits=n QUARTER y=year?")
@rule("quarter", "nth=n QUARTER y=year?", "nth=n QUARTER YEAR")
@rule("quarter", "YEAR? year4=year SEP? QUARTER q=n", "YEAR? year4=year SEP? digits=n QUARTER")
@rule("quarter", "YEAR? year4=year SEP? romanq=n")
def quarter(n: int, year: YearRef = None) -> Months:
    last = 3 * n
    return Months("quarter", last - 2, last, year)


@rule("months", "card=count block side YEAR", "card=count block side y=year")
@rule("months", "side card=count block YEAR", "side card=count block y=year")
def _months_at_a_side(side: str, count: int, block: int, year: YearRef = None) -> Months | None:
    return _first_or_last(side, count * block, year)


@rule("quarter", "QUARTER side YEAR", "QUARTER side y=year")
def _outer_quarter(side: str, year: YearRef = None) -> Months:
    return quarter(1 if side == "first" else 4, year)


@rule("month", "MONTH side YEAR", "MONTH side y=year")
def _outer_month(side: str, year: YearRef = None) -> Months:
    return month(1 if side == "first" else 12, year)


def _first_or_last(side: str, months: int, year: YearRef) -> Months | None:
    if not 0 < months <= 12:  # noqa: PLR2004 - a year's months
        return None
    first = 1 if side == "first" else 13 - months
    return Months("months", first, first + months - 1, year)


@rule("reported", "card=count MONTH YEAR year4=year")
def _months_reported(count: int, year: int) -> Months | None:
    return Months("months", 1, count, year) if count in REPORTED else None


@rule("half", "HALF side YEAR", "HALF side y=year", "HALFYEAR side YEAR?", "HALFYEAR side y=year")
@rule("half", "side HALF YEAR", "side HALF y=year")
def _half(side: str, year: YearRef = None) -> Months | None:
    return _first_or_last(side, 6, year)


@rule("half", "HALF digits=n y=year?", "digits=n HALF y=year", "year4=year SEP? HALF digits=n")
@rule("half", "nth=n HALF y=year", "nth=n HALF YEAR", "year4=year SEP? digits=n HALF")
def _numbered_half(n: int, year: YearRef = None) -> Months | None:
    return _first_or_last("first" if n == 1 else "last", 6, year) if n in {1, 2} else None


@rule("half", "HALF FOLLOWING y=year", "HALF FOLLOWING YEAR")
def _latter_half(year: YearRef = None) -> Months | None:
    return _first_or_last("last", 6, year)


@rule("quartermonth", "MONTH place quarter", "place MONTH quarter")
def _month_of_quarter(place: int, quarter: Months) -> Months:
    n = quarter.first + place - 1
    return Months("month", n, n, quarter.year)


@rule("nearmonth", "MONTH place QUARTER near=by", "place MONTH which=by QUARTER")
def _month_of_near_quarter(place: int, by: int) -> MonthOf:
    return MonthOf(place, Near("quarter", by))


@rule("week", "WEEK digits=number y=year?", "year4=year SEP? WEEK digits=number")
@rule("week", "WEEK numword=number y=year", "WEEK fourthword=number y=year")
def _week(number: int, year: YearRef = None) -> Week:
    return Week(number, year)


@rule("near_period", "nearunit=unit near=shift", "which=shift nearunit=unit")
def _near_period(unit: str, shift: int) -> Near:
    return Near(unit, shift)


@rule("weekplace", "side=n", "place=n", "card=n", "THU card=n", "THU fourthword=n", "nth=n")
def _week_place(n: object) -> object:
    return n


@rule("dayless", "WEEK weekplace wide", "nth WEEK wide", "side WEEK wide", "HALF side month")
def _no_day(wide: When | None = None, month: When | None = None, **said: object) -> NoDay | None:
    del said
    named = wide or month
    return NoDay(named) if named else None


@rule("unnumbered", "QUARTER y=year?")
def _unnumbered_quarter(year: YearRef = None) -> Unnumbered:
    return Unnumbered("quarter", year)


@rule("unnumbered", "MONTH")
def _unnumbered_month() -> Unnumbered:
    return Unnumbered("month")


@rule("unnumbered", "WEEK")
def _unnumbered_week() -> Unnumbered:
    return Unnumbered("week")


# --- first, middle and last ----------------------------------------------------------------------


@rule("edge", "part SEP? period=of", "part thisyear=of")
def _edge(part: str, of: When) -> Edge:
    return Edge(part, of)


@rule("edge", "YEAREND", "YEAREND y=year")
def _year_end(year: YearRef = None) -> Edge:
    return Edge("last", Year(year))


@rule("edge", "part timed=of", "part DAY timed=of")
def _end_of_day(part: str, of: When) -> Edge | None:
    return Edge("last", of) if part == "last" else None


@rule("edge", "DAY side period=of", "side DAY period=of", "DAY side thisyear=of")
def _named_edge(side: str, of: When) -> Edge:
    return Edge(side, of, named=True)


@rule("edge", "DAY WORKING side period=of", "side WORKING DAY period=of")
def _working_edge(side: str, of: When) -> Edge:
    return Edge(side, of, named=True, working=True)


# --- anything that names days --------------------------------------------------------------------


@rule("wide", "month=w", "quarter=w", "half=w", "months=w", "year=w", "near_period=w", "thisyear=w")
@rule("period", "reported=w", "near_period=w", "quarter=w", "quartermonth=w", "nearmonth=w")
@rule("period", "month=w", "half=w", "months=w", "week=w", "year=w")
@rule("period", "dayless=w", "unnumbered=w")
@rule("when", "period=w", "edge=w", "timed=w", "weekalone=w")
def _any(w: When) -> When:
    return w


@rule("weekalone", "weekday")
def _weekday_alone(weekday: int) -> Unnumbered:
    del weekday
    return Unnumbered("week")
