"""What the figures of a task show: nothing is divided by what is not known, nothing is lost."""

from datetime import date
from decimal import Decimal

import pytest

from tests.worlds import a_measure, a_task, a_world
from tracker.db import db
from tracker.measures.models import Direction, Reading
from tracker.measures.queries import by_task, measures_of
from tracker.text import number


@pytest.fixture
def task(session):
    return a_task(a_world())


def only(task):
    (figure,) = measures_of([task.id])
    return figure


def test_without_a_target_there_is_no_share(task):
    a_measure(task, readings=[(19, date(2017, 12, 31))])
    assert (only(task).last.value, only(task).share, only(task).is_reached) == (19, None, False)


def test_without_a_figure_there_is_no_share_either(task):
    a_measure(task, target=Decimal(16))
    assert (only(task).last, only(task).share) == (None, None)


def test_counting_up_past_the_target_is_not_capped(task):
    a_measure(task, target=Decimal(1125), readings=[(1395, date(2018, 3, 31))])
    assert only(task).share == Decimal("1.24")
    assert only(task).is_reached


def test_a_target_of_nothing_divides_nothing(task):
    a_measure(task, target=Decimal(0), readings=[(3, None)])
    assert only(task).share is None


def test_a_percentage_in_words_gives_its_own_bound(task):
    a_measure(task, readings=[(1395, None)], percentage=("trên 124%", 124))
    assert only(task).share == Decimal("1.24")
    assert only(task).measure.target is None


@pytest.mark.parametrize(
    ("baseline", "left", "share"),
    [(None, 3, None), (None, 0, 1), (6, 6, 0), (6, 3, Decimal("0.5")), (6, 0, 1), (6, 9, 0)],
)
def test_counting_down_is_done_at_the_goal_whatever_the_baseline(task, baseline, left, share):
    start, readings = baseline and Decimal(baseline), [(left, None)]
    down, goal = Direction.DOWN, Decimal(0)
    a_measure(task, direction=down, target=goal, baseline=start, readings=readings)
    assert only(task).share == share
    assert only(task).is_reached == (left == 0)


def test_the_newest_day_counts_and_an_undated_reading_comes_first(task):
    a_measure(task, readings=[(5, date(2018, 3, 1)), (4, date(2018, 2, 1)), (9, None)])
    assert only(task).last.value == 5
    assert [reading.value for reading in only(task).earlier] == [9, 4]


def test_a_corrected_reading_is_kept_and_does_not_count(task):
    measure = a_measure(task, readings=[(5, date(2018, 3, 1))])
    wrong = only(task).last
    right = Reading(measure_id=measure.id, value=Decimal(6), as_of_on=date(2018, 3, 1), prov={})
    right.corrects_id, right.entered_at = wrong.id, wrong.entered_at
    db.session.add(right)
    db.session.flush()
    assert only(task).last.value == 6
    assert [reading.value for reading in only(task).corrected] == [5]


def test_the_classes_of_a_scale_stand_by_rank_below_their_total(task):
    total = a_measure(task, "tổng số", readings=[(389, None)])
    for rank, count in ((4, 6), (1, 206), (3, 43), (2, 134)):
        a_measure(task, f"mức {rank}", into_id=total.id, rank=rank, readings=[(count, None)])
    figure = only(task)
    assert [c.measure.rank for c in figure.classes] == [1, 2, 3, 4]
    assert (figure.total, figure.adds_up) == (389, True)


def test_classes_that_do_not_add_up_say_so(task):
    total = a_measure(task, "tổng số", readings=[(390, None)])
    a_measure(task, "mức 1", into_id=total.id, rank=1, readings=[(389, None)])
    assert not only(task).adds_up


def test_a_class_without_a_figure_leaves_the_sum_unknown(task):
    total = a_measure(task, "tổng số", readings=[(389, None)])
    a_measure(task, "mức 1", into_id=total.id, rank=1, readings=[(206, None)])
    a_measure(task, "mức 2", into_id=total.id, rank=2)
    assert (only(task).total, only(task).adds_up) == (None, True)


def test_many_tasks_take_as_many_queries_as_one(session, queries):
    world = a_world()
    made = [a_task(world) for _ in range(20)]
    for task in made:
        a_measure(task, readings=[(1, None)])
    counts = []
    for chosen in (made[:1], made):
        with queries.counting():
            found = by_task([task.id for task in chosen])
        assert set(found) == {task.id for task in chosen}
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_stored_figure_is_written_without_empty_decimals():
    assert number(Decimal("19.000"), "vi") == "19"
    assert number(Decimal("1395.000"), "vi") == "1.395"
    assert number(Decimal("124.500"), "vi") == "124,5"
    assert number(Decimal(1200000), "en") == "1,200,000"
