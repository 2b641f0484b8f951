"""A plan's progress from its tasks: what should be done against what is, weighted or not, and along time."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.agreeing import history_agrees
from tests.reading import text_of
from tests.worlds import TODAY, a_child, a_line, a_plan, a_task, tasks
from tracker.db import db
from tracker.reports.progress import Item, curve, drawn, progress
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Task

PAST, LATER = TODAY - timedelta(days=20), TODAY + timedelta(days=20)
days = st.none() | st.integers(-400, 400).map(lambda n: TODAY + timedelta(days=n))
items = st.builds(
    Item, st.integers(1, 9), days, st.booleans(), days.filter(lambda d: d is None or d <= TODAY)
)


def test_what_should_be_done_and_what_is_are_shares_of_the_weight():
    found = progress(
        [Item(3, PAST, True, PAST), Item(1, PAST, False, None), Item(4, LATER, False, None)], TODAY
    )
    assert (found.expected, found.actual, found.behind) == (
        Decimal(50),
        Decimal("37.5"),
        Decimal("12.5"),
    )


def test_a_deadline_that_has_until_tonight_is_not_expected_yet():
    assert progress([Item(1, TODAY, False, None)], TODAY).expected == 0


def test_where_no_deadline_is_stated_nothing_is_expected():
    found = progress([Item(1, None, True, None)], TODAY)
    assert (found.expected, found.behind, found.undated, found.unknown_day) == (None, None, 1, 1)
    assert progress([], TODAY).actual is None


@given(st.lists(items, max_size=12))
def test_the_curve_never_falls_and_ends_with_what_is_today(found):
    points = curve(found, TODAY)
    for name in ("expected", "actual"):
        values = [v for v in (getattr(p, name) for p in points) if v is not None]
        assert values == sorted(values)
        assert all(0 <= value <= 100 for value in values)
    now = [point for point in points if point.on == TODAY]
    assert all(point.actual == progress(found, TODAY).actual for point in now)
    picture = drawn(points, TODAY)
    assert picture is None or picture.expected.count(",") == len(points)


def test_the_page_counts_what_counts_and_names_what_has_no_deadline(world, signed_in):
    plan = a_plan("Kế hoạch rà soát", world.province)
    a_task(world, "Việc đã xong", plan_id=plan.id, due=PAST, state=State.DONE)
    a_task(world, "Việc quá hạn", plan_id=plan.id, due=PAST)
    a_task(world, "Việc chưa nêu hạn", plan_id=plan.id)
    whole = a_task(world, "Việc chung", plan_id=plan.id, due=LATER)
    a_line(world, whole, world.town)
    a_child(world, whole, world.district)
    a_task(world, "Dự thảo", plan_id=plan.id, state=State.DRAFT)
    page = text_of(signed_in(world.binh).get(f"/plans/{plan.id}/progress").text)
    assert "Phải hoàn thành50%" in page
    assert "Đã hoàn thành25%" in page
    assert "Chưa nêu thời hạn: 1" in page
    assert "Dự thảo" not in page


def test_weights_are_set_together_and_of_two_the_second_is_told(world, signed_in):
    plan = a_plan("Kế hoạch", world.province)
    first = a_task(world, plan_id=plan.id, due=PAST, state=State.DONE)
    second = a_task(world, plan_id=plan.id, due=LATER)
    client, path = signed_in(world.binh), f"/plans/{plan.id}/weights"
    client.submit(path, path, **{f"weight-{first.id}": "3"})
    assert "75%" in text_of(client.get(f"/plans/{plan.id}/progress").text)
    refused = client.submit(path, path, **{f"weight-{second.id}": "0"})
    assert refused.status_code == 422
    stale = {f"weight-{first.id}": "5", f"was-{first.id}": ""}
    answer = client.submit(path, path, **stale)
    assert answer.status_code == 409
    assert "là 3" in text_of(answer.text)
    db.session.rollback()
    assert db.session.get_one(Task, first.id, populate_existing=True).weight == 3
    history_agrees()


def test_the_list_and_the_page_cost_the_same_with_one_task_and_with_many(world, signed_in, queries):
    plan, client = a_plan("Kế hoạch", world.province), signed_in(world.binh)
    costs = []
    for _round in range(2):
        tasks(world, 30, plan_id=plan.id, due=PAST)
        for path in ("/plans", f"/plans/{plan.id}/progress"):
            client.get(path)
            with queries.counting():
                client.get(path)
            costs.append((path, len(queries)))
    assert costs[:2] == costs[2:]
