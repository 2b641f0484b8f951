"""The picture of a measure: what holds is joined, what was put right stays apart, nothing runs out of the frame."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.cases import for_each
from tracker.measures.chart import HEIGHT, LEFT, RIGHT, WIDTH, Aim, chart
from tracker.measures.series import Point, rolled_up

DAY = date(2018, 1, 1)


def on(days: int, value: int, *, is_struck: bool = False) -> Point:
    return Point(DAY + timedelta(days=days), Decimal(value), is_struck)


def test_without_a_figure_there_is_no_picture():
    assert chart([], Aim(goal=Decimal(5))) is None


def test_a_single_figure_stands_in_the_middle():
    drawn = chart([on(0, 3)], Aim())
    assert drawn
    assert [dot.x for dot in drawn.dots] == [(LEFT + RIGHT) / 2]
    assert drawn.goal is drawn.bound is None


def test_figures_stand_where_their_days_stand():
    drawn = chart([on(0, 0), on(10, 5), on(40, 10)], Aim())
    assert drawn
    first, second, last = (dot.x for dot in drawn.dots)
    assert (first, last) == (LEFT, RIGHT)
    assert second - first == (last - first) / 4


def test_beyond_the_target_is_another_kind_and_the_scale_has_room_for_it():
    drawn = chart([on(0, 550), on(49, 1395)], Aim(goal=Decimal(1125)))
    assert drawn
    assert drawn.goal
    assert [dot.kind for dot in drawn.dots] == ["told", "beyond"]
    assert [int(line.value) for line in drawn.lines] == [0, 500, 1000, 1500]
    assert drawn.dots[1].y < drawn.goal.y < drawn.dots[0].y


def test_a_count_down_is_never_beyond():
    drawn = chart([on(0, 9), on(5, 3)], Aim(goal=Decimal(0), is_down=True))
    assert drawn
    assert {dot.kind for dot in drawn.dots} == {"told"}


def test_what_is_only_known_to_lie_below_is_a_bound_and_no_target():
    drawn = chart([on(0, 1395)], Aim(below=Decimal(1125)))
    assert drawn
    assert drawn.goal is None
    assert drawn.bound
    assert drawn.bound.value == 1125


def test_a_figure_put_right_is_not_joined_and_does_not_stretch_the_scale():
    drawn = chart([on(0, 40), on(9, 95000, is_struck=True), on(9, 95)], Aim())
    assert drawn
    assert [dot.kind for dot in drawn.dots] == ["told", "struck", "told"]
    assert len(drawn.path.split()) == 2
    assert max(line.value for line in drawn.lines) == 100
    assert min(dot.y for dot in drawn.dots) == drawn.dots[1].y > 0


def test_the_last_figure_and_both_ends_are_always_named():
    drawn = chart([on(day, day) for day in range(120)], Aim())
    assert drawn
    assert drawn.dots[-1].is_named
    assert sum(dot.is_named for dot in drawn.dots) < 13
    days = [day.on for day in drawn.days]
    assert (days[0], days[-1]) == (DAY, DAY + timedelta(days=119))
    assert (drawn.days[0].anchor, drawn.days[-1].anchor) == ("start", "end")


@for_each([(0, 1), (1, 1), (4, 4), (5, 6), (9, 10), (1395, 1500), (10**11, 10**11)])
def test_the_scale_is_of_round_steps_and_at_most_five_lines(case):
    most, top = case
    drawn = chart([on(0, most)], Aim())
    assert drawn
    assert (max(line.value for line in drawn.lines), len(drawn.lines) <= 5) == (top, True)


@given(
    st.lists(
        st.tuples(st.integers(0, 4000), st.integers(0, 10**12 - 1), st.booleans()), min_size=1
    ),
    st.one_of(st.none(), st.integers(0, 10**12 - 1)),
)
def test_nothing_is_drawn_outside_the_frame(told, goal):
    points = [on(days, value, is_struck=struck) for days, value, struck in sorted(told)]
    drawn = chart(points, Aim(goal=None if goal is None else Decimal(goal)))
    assert drawn
    places = [(dot.x, dot.y) for dot in drawn.dots] + [(LEFT, line.y) for line in drawn.lines]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
    assert len(drawn.lines) <= 6


def test_parts_add_up_as_each_of_their_days_ends():
    first, second = [on(0, 10), on(5, 20)], [on(5, 7), on(9, 9)]
    sums = [((s.on - DAY).days, int(s.value), s.known) for s in rolled_up([first, second, []])]
    assert sums == [(0, 10, 1), (5, 27, 2), (9, 29, 2)]


def test_of_a_part_the_last_word_of_a_day_counts_and_what_was_put_right_does_not():
    part = [on(0, 10), on(0, 12), on(3, 99, is_struck=True)]
    assert [(int(s.value), s.known) for s in rolled_up([part])] == [(12, 1)]
