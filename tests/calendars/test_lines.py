"""Where things stand along a line of time: days in their order, everything inside, arrows from need to next."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.calendars import lines
from tracker.calendars.lines import HEAD, ROW, Facts, Look, Scale
from tracker.calendars.spans import Span, View, beside, months_of, span_of, weeks

days = st.dates(date(2017, 1, 1), date(2020, 12, 31))
maybe = st.none() | days


@st.composite
def many(draw) -> list[Facts]:
    count = draw(st.integers(1, 30))
    return [
        Facts(
            id=number,
            due=draw(days),
            start=draw(maybe),
            first=draw(maybe),
            ended=draw(maybe),
            late_until=draw(maybe),
            is_done=draw(st.booleans()),
            needs=tuple(draw(st.lists(st.integers(0, count - 1), max_size=3, unique=True))),
        )
        for number in range(count)
    ]


@st.composite
def spans(draw) -> Span:
    first = draw(days)
    return Span(first, first + timedelta(days=draw(st.integers(0, 1500))))


@given(spans(), days, days)
def test_a_later_day_never_stands_before_an_earlier_one(span, one, other):
    scale = Scale(span)
    early, late = sorted((one, other))
    assert 0 <= scale.begin(early) <= scale.begin(late) <= 100
    assert scale.begin(early) <= scale.end(early) <= scale.end(late) <= 100
    if early < late and early in span and late in span:
        assert scale.end(early) <= scale.begin(late) < scale.end(late)


@given(spans(), days)
def test_the_line_of_today_stands_in_its_day_or_not_at_all(span, today):
    place = Scale(span).middle(today)
    assert (place is None) == (today not in span)
    if place is not None:
        assert Scale(span).begin(today) < place < Scale(span).end(today)


@settings(max_examples=30)
@given(many(), spans() | st.none(), st.integers(1, 12))
def test_everything_stays_inside_the_box(facts, span, size):
    scale = Scale(span or lines.frame(facts, date(2018, 4, 10)))
    sheets = lines.sheets(facts, scale, size)
    assert [row.id for sheet in sheets for row in sheet.rows] == [one.id for one in facts]
    for sheet in sheets:
        assert len(sheet.rows) <= size
        for row in sheet.rows:
            assert HEAD < row.y < sheet.height
            places = [p for p in (row.due, row.first, row.ended) if p is not None]
            places += [edge for piece in row.pieces for edge in (piece.x, piece.x + piece.width)]
            assert all(-1e-9 <= place <= 100 + 1e-9 for place in places), row
        for arrow in sheet.arrows:
            assert 0 <= min(arrow.x1, arrow.x2) <= max(arrow.x1, arrow.x2) <= 100
            assert HEAD <= min(arrow.y1, arrow.turn, arrow.y2) <= sheet.height


@settings(max_examples=30)
@given(many())
def test_a_whole_plan_shows_every_deadline_and_hides_nothing(facts):
    scale = Scale(lines.frame(facts, date(2018, 4, 10)))
    rows = [row for sheet in lines.sheets(facts, scale, 40) for row in sheet.rows]
    assert all(row.due is not None and row.beyond == 0 for row in rows)
    assert all(row.first is not None for row, one in zip(rows, facts, strict=True) if one.first)
    assert all(row.tail == (one.begins is None) for row, one in zip(rows, facts, strict=True))


@settings(max_examples=30)
@given(many(), st.integers(1, 12))
def test_what_a_task_waits_for_is_an_arrow_or_a_number(facts, size):
    scale = Scale(lines.frame(facts, date(2018, 4, 10)))
    sheets = lines.sheets(facts, scale, size)
    drawn = sum(len(sheet.arrows) + len(sheet.stubs) for sheet in sheets)
    assert drawn == sum(len(one.needs) for one in facts)


@given(spans())
def test_the_parts_of_a_scale_follow_each_other_without_gap(span):
    scale = Scale(span)
    for parts in lines.ticks(scale):
        for one, following in pairwise(parts):
            assert abs(one.x + one.width - following.x) < 1e-9
        if parts:
            assert parts[0].x == 0
            assert abs(parts[-1].x + parts[-1].width - 100) < 1e-9


def test_a_slip_is_hatched_from_the_first_deadline_to_the_present_one():
    year = Scale(span_of(View.YEAR, date(2018, 1, 1)))
    facts = Facts(1, date(2018, 6, 30), date(2018, 1, 1), first=date(2018, 3, 31))
    plan, slip = lines.row(facts, year, 0).pieces
    assert (plan.look, slip.look) == (Look.PLAN, Look.SLIP)
    assert abs(plan.width - 100 * 90 / 365) < 1e-9
    assert abs(slip.x - plan.x - plan.width) < 1e-9
    assert abs(slip.x + slip.width - year.end(date(2018, 6, 30))) < 1e-9


def test_what_is_late_is_drawn_from_the_day_after_the_deadline():
    quarter = Scale(span_of(View.QUARTER, date(2018, 4, 1)))
    facts = Facts(1, date(2018, 3, 31), late_until=date(2018, 4, 10))
    (late,) = lines.row(facts, quarter, 0).pieces
    assert late.look is Look.LATE
    assert (late.x, round(late.width, 6)) == (0, round(100 * 10 / 91, 6))


def test_a_need_is_broken_where_the_next_begins_before_it_is_due():
    need = Facts(1, date(2018, 3, 31))
    next_ = Facts(2, date(2018, 6, 30), date(2018, 3, 31))
    assert lines.is_broken(next_, need)
    assert not lines.is_broken(Facts(2, date(2018, 6, 30), date(2018, 4, 1)), need)
    assert not lines.is_broken(Facts(2, date(2018, 3, 31)), need), "due together, start not known"
    assert lines.is_broken(Facts(2, date(2018, 3, 30)), need)
    assert not lines.is_broken(next_, Facts(1, date(2018, 3, 31), is_done=True))


def test_an_arrow_comes_down_where_the_next_begins_or_where_a_broken_need_ends():
    year = Scale(span_of(View.YEAR, date(2018, 1, 1)))
    facts = [
        Facts(1, date(2018, 3, 31), date(2018, 1, 1)),
        Facts(2, date(2018, 6, 30), date(2018, 4, 15), needs=(1,)),
        Facts(3, date(2018, 6, 30), date(2018, 2, 1), needs=(1,)),
    ]
    kept, broken = lines.sheets(facts, year, 10)[0].arrows
    assert (kept.x1, kept.x2) == (year.end(date(2018, 3, 31)), year.begin(date(2018, 4, 15)))
    assert broken.is_broken
    assert broken.x2 == broken.x1
    assert kept.y1 < kept.turn < kept.y2 < HEAD + 2 * ROW


def test_a_month_stands_in_whole_weeks_from_monday():
    for first in months_of(Span(date(2018, 1, 1), date(2026, 12, 31))):
        span = span_of(View.MONTH, first)
        shown = weeks(span)
        assert all(len(week) == 7 and week[0].weekday() == 0 for week in shown)
        flat = [day for week in shown for day in week]
        assert flat == [flat[0] + timedelta(days=n) for n in range(len(flat))]
        assert {first, span.last} <= set(flat)
        assert flat[6] >= first
        assert flat[-7] <= span.last


@given(st.sampled_from([View.DAY, View.MONTH, View.QUARTER, View.YEAR]), days)
def test_the_spans_before_and_after_touch_this_one(view, day):
    span = span_of(view, day)
    before, after = beside(view, day)
    assert day in span
    assert before is not None
    assert span_of(view, before).last + timedelta(days=1) == span.first
    assert after == span.last + timedelta(days=1)
    assert beside(View.YEAR, date(1990, 5, 1))[0] is None
    assert beside(View.DAY, date(2100, 12, 31))[1] is None
