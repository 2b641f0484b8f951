"""Reporting periods and their closing days: named as officials do, never mixed up with deadlines."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.cases import for_each
from tracker.deadlines.calendar import ONE_DAY
from tracker.rules.periods import (
    Reported,
    closings,
    last_closings,
    next_closing_of,
    next_closings,
    period_of,
)
from tracker.rules.values import Period, Rules

USUAL = dict.fromkeys(Period, 14)
CASES = [
    (Period.MONTH, date(2018, 2, 14), "tháng 2-2018", "February 2018", date(2018, 1, 15)),
    (Period.QUARTER, date(2018, 3, 14), "quý I-2018", "Q1 2018", date(2017, 12, 15)),
    (Period.HALF, date(2018, 6, 14), "6 tháng đầu năm 2018", "first 6 months of 2018", None),
    (Period.HALF, date(2018, 12, 14), "6 tháng cuối năm 2018", "last 6 months of 2018", None),
    (Period.NINE_MONTHS, date(2018, 9, 14), "9 tháng đầu năm 2018", None, date(2017, 12, 15)),
    (Period.YEAR, date(2018, 12, 14), "năm 2018", "2018", date(2017, 12, 15)),
]


@for_each(CASES)
def test_periods_are_named_and_close_as_officials_say(case):
    kind, closes, vi, en, counts_from = case
    reported = period_of(kind, closes)
    assert reported
    assert reported.closes_on(USUAL) == closes
    assert reported.label("vi") == vi
    assert en is None or reported.label("en") == en
    assert counts_from is None or reported.counts_from(USUAL) == counts_from


def test_a_closing_day_the_month_does_not_have_is_its_last():
    february = period_of(Period.MONTH, date(2018, 2, 1))
    assert february
    assert february.closes_on({Period.MONTH: 30}) == date(2018, 2, 28)
    assert february.closes_on({}) == date(2018, 2, 28)


def test_no_nine_months_hold_a_day_of_the_last_quarter():
    assert period_of(Period.NINE_MONTHS, date(2018, 10, 1)) is None
    assert period_of(Period.NINE_MONTHS, date(2018, 9, 30)) is not None


def test_the_report_of_a_quarter_closes_before_its_deadline_which_does_not_move():
    early = Rules(closing={Period.QUARTER: 14})
    assert next_closing_of(Period.QUARTER, date(2018, 3, 1), early.closing) == date(2018, 3, 14)
    assert early.read("hết quý I-2018").due == date(2018, 3, 31)


def test_the_last_closings_are_told_newest_first_with_all_that_closed():
    found = last_closings(date(2018, 4, 10), {}, 3)
    assert [closing.on for closing in found] == [
        date(2018, 3, 31),
        date(2018, 2, 28),
        date(2018, 1, 31),
    ]
    assert [one.period for one in found[0].reported] == [Period.MONTH, Period.QUARTER]
    assert next_closings(date(2018, 4, 30), {}, 1)[0].on == date(2018, 4, 30)


days = st.dates(date(1995, 1, 1), date(2090, 12, 31))
settled = st.dictionaries(st.sampled_from(Period), st.integers(1, 31))


@given(days, settled, st.integers(0, 500))
def test_closings_are_what_looking_at_each_day_finds(first, closing, length):
    last = first + timedelta(days=length)
    found = {(c.on, one) for c in closings(first, last, closing) for one in c.reported}
    naive = set()
    for n in range(length + 1):
        day = first + timedelta(days=n)
        naive |= {(day, one) for one in _closing_on(day, closing)}
    assert found == naive


def _closing_on(day: date, closing: dict[Period, int]) -> set[Reported]:
    """By the words of the setting: the so-manieth of the period's last month, its last day where there is none."""
    month_ends = (day + ONE_DAY).day == 1
    ends = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF: 6, Period.YEAR: 12}
    closed = {period for period, months in ends.items() if day.month % months == 0}
    closed |= {Period.NINE_MONTHS} if day.month == 9 else set()
    due = {
        period
        for period in closed
        if day.day == closing.get(period, 31) or (month_ends and closing.get(period, 31) > day.day)
    }
    return {one for period in due if (one := period_of(period, day))}
