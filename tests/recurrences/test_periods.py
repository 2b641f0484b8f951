"""The periods of a duty: they tile time, each has one due day, and it is the one that reading the words gives."""

from datetime import date, timedelta
from itertools import islice, pairwise

from hypothesis import given
from hypothesis import strategies as st

from tracker.deadlines.calendar import Calendar
from tracker.deadlines.phrases import cycle_of, read
from tracker.rules.values import Rules
from tracker.tasks.lifecycle import RestRule
from tracker.tasks.periods import Pattern, begun, periods, running, titled, to_come

WORDS = [
    "hằng tuần",
    "thứ Sáu hằng tuần",
    "trước thứ Hai hằng tuần",
    "17 giờ thứ Sáu hằng tuần",
    "hằng tháng",
    "trước ngày 1 hằng tháng",
    "trước ngày 15 hằng tháng",
    "ngày 31 hằng tháng",
    "2 tháng một lần",
    "hằng quý",
    "ngày 10 tháng đầu quý",
    "trước ngày 1 tháng đầu quý",
    "4 tháng một lần",
    "6 tháng một lần",
    "hằng năm",
    "29-2 hằng năm",
    "trước ngày 1-1 hằng năm",
    "trước quý II hằng năm",
    "monthly by the 10th",
    "quarterly",
]
FAR = date(2090, 12, 31)
ONE_DAY = timedelta(days=1)


@given(
    words=st.sampled_from(WORDS),
    day=st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    exclusive=st.booleans(),
)
def test_periods_tile_time_and_agree_with_what_is_read(words, day, exclusive):
    cycle = cycle_of(words, before_is_exclusive=exclusive)
    assert cycle
    found = list(islice(cycle.rounds_from(day), 3))
    assert found[0].first <= day <= found[0].last
    for one, following in pairwise(found):
        assert one.first <= one.due <= one.last
        assert following.first == one.last + ONE_DAY
        assert cycle.holding(one.due) == cycle.holding(one.last) == one
        for asked in (one.due, one.due + ONE_DAY):
            due = read(words, on=asked, before_is_exclusive=exclusive).due
            assert due == (one.due if asked <= one.due else following.due)


@given(
    words=st.sampled_from(WORDS),
    rest=st.sampled_from(RestRule),
    sent=st.dates(date(2000, 1, 1), date(2050, 1, 1)),
    steps=st.lists(st.integers(0, 90), min_size=1, max_size=6),
)
def test_however_time_is_cut_into_days_each_period_comes_once(words, rest, sent, steps):
    """Sent, then looked after at any intervals: the same periods as in one look at the end."""
    pattern, rules = Pattern(words, sent + timedelta(days=1500), rest), Rules()
    made = running(pattern, sent, rules)
    day = sent
    for step in steps:
        day += timedelta(days=step)
        newest = made[-1].first if made else None
        found = begun(pattern, sent, day, rules)
        made += [one for one in found if newest is None or one.first > newest]
    at_once = [*running(pattern, sent, rules), *begun(pattern, sent, day, rules)]
    assert made == sorted(at_once, key=lambda one: one.first)
    assert len({one.first for one in made}) == len(made)


@given(rest=st.sampled_from(RestRule), day=st.dates(date(2000, 1, 1), date(2050, 1, 1)))
def test_the_rule_for_days_of_rest_moves_the_day_and_never_the_period(rest, day):
    rules = Rules()
    for one in islice(periods(Pattern("ngày 1 hằng tháng", FAR, rest), day, rules), 14):
        assert (one.first.day, one.named_on) == (1, one.first)
        assert rest is RestRule.STAY or rules.calendar.is_working(one.due_on)
        assert one.begins_on <= one.due_on
        is_moved = (one.due_on > one.named_on, one.due_on < one.named_on)
        assert not (rest is not RestRule.AFTER and is_moved[0])
        assert not (rest is not RestRule.BEFORE and is_moved[1])


def due_days(words: str, day: date, count: int = 3, **more) -> list[str]:
    found = to_come(Pattern(words, FAR, **more), day, Rules())
    return [str(one.due_on) for one in islice(found, count)]


def test_named_days_come_out_as_officials_count():
    found = {
        "31st": due_days("ngày 31 hằng tháng", date(2018, 1, 15), 4),
        "leap": due_days("29-2 hằng năm", date(2019, 1, 1)),
        "before the 1st": due_days("trước ngày 1 hằng tháng", date(2018, 4, 10), 2),
        "weekly over the year": due_days("hằng tuần", date(2018, 12, 27)),
        "Tết": due_days("ngày 16 hằng tháng", date(2018, 2, 1), 1, rest=RestRule.BEFORE),
        "after Tết": due_days("ngày 16 hằng tháng", date(2018, 2, 1), 1, rest=RestRule.AFTER),
        "new year": due_days("ngày 1 tháng đầu quý", date(2018, 12, 20), 1, rest=RestRule.AFTER),
    }
    assert found == {
        "31st": ["2018-01-31", "2018-02-28", "2018-03-31", "2018-04-30"],
        "leap": ["2019-02-28", "2020-02-29", "2021-02-28"],
        "before the 1st": ["2018-04-30", "2018-05-31"],
        "weekly over the year": ["2018-12-28", "2019-01-04", "2019-01-11"],
        "Tết": ["2018-02-13"],
        "after Tết": ["2018-02-21"],
        "new year": ["2019-01-02"],
    }


def test_a_task_brought_forward_over_the_border_is_made_on_its_day_not_after_it():
    """1-4-2018 is a Sunday: due on Friday, 30-3, the April task cannot wait for April."""
    pattern = Pattern("ngày 1 hằng tháng", FAR, RestRule.BEFORE)
    thursday, friday = date(2018, 3, 29), date(2018, 3, 30)
    assert begun(pattern, date(2018, 3, 15), thursday, Rules()) == []
    april = begun(pattern, date(2018, 3, 15), friday, Rules())
    assert [(one.first, one.due_on) for one in april] == [(date(2018, 4, 1), friday)]


def test_the_end_looks_at_the_day_the_words_name():
    """31-12-2022 is a Saturday: put off to January, it is still the last of 2022."""
    pattern = Pattern("hằng tháng", date(2022, 12, 31), RestRule.AFTER)
    found = list(periods(pattern, date(2022, 11, 1), Rules()))
    assert [str(one.due_on) for one in found] == ["2022-11-30", "2023-01-03"]


def test_own_days_off_and_the_meaning_of_before_are_the_organisations():
    off = Rules(calendar=Calendar(days_off=frozenset({date(2018, 4, 30)})))
    own = Rules(before_is_exclusive=False)
    friday = next(to_come(Pattern("hằng tháng", FAR, RestRule.BEFORE), date(2018, 4, 10), off))
    first = next(to_come(Pattern("trước ngày 15 hằng tháng", FAR), date(2018, 4, 10), own))
    assert (friday.due_on, first.due_on) == (date(2018, 4, 27), date(2018, 4, 15))


def test_a_period_has_a_name_in_both_languages():
    day, found = date(2018, 4, 10), {}
    for words in ("hằng tuần", "hằng tháng", "2 tháng một lần", "hằng quý", "6 tháng một lần", "hằng năm"):  # fmt: skip
        one = next(periods(Pattern(words, FAR), day, Rules()))
        found[words] = (one.label("vi"), one.label("en"))
    assert found == {
        "hằng tuần": ("tuần từ 9-4-2018", "week of 9 April 2018"),
        "hằng tháng": ("tháng 4-2018", "April 2018"),
        "2 tháng một lần": ("tháng 3 đến tháng 4-2018", "March to April 2018"),
        "hằng quý": ("quý II-2018", "Q2 2018"),
        "6 tháng một lần": ("6 tháng đầu năm 2018", "first 6 months of 2018"),
        "hằng năm": ("năm 2018", "2018"),
    }


def test_a_title_keeps_the_period_however_long_it_is():
    one = next(periods(Pattern("hằng tháng", FAR), date(2018, 4, 10), Rules()))
    long = titled("Báo cáo " * 125, one, "vi")
    assert titled("Báo cáo", one, "vi") == "Báo cáo – tháng 4-2018"
    assert len(long) == 1000
    assert long.endswith("… – tháng 4-2018")


def test_a_deadline_that_does_not_come_round_has_no_cycle():
    words = ["", "hết quý II-2018", "thường xuyên", "hằng ngày", "khi có hướng dẫn", "hằng", "abc"]
    assert [cycle_of(one) for one in words] == [None] * len(words)
