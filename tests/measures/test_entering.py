"""Measures in the browser: set, entered, corrected, summed up over units, dropped; what nobody stated stays unknown."""

from datetime import date

import pytest

from tests.agreeing import history_agrees
from tests.cases import for_each
from tests.reading import error_at, text_of
from tests.worlds import TODAY, a_child, a_measure, a_task
from tracker.db import db
from tracker.measures.models import Measure, Reading

NEW = {"name_vi": "đảng viên mới kết nạp", "unit_vi": "đảng viên", "direction": "up"}


@pytest.fixture
def task(world):
    return a_task(world)


def only() -> Measure:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(db.select(Measure)).one()


def readings() -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count(Reading.id))) or 0


def test_a_target_that_nobody_stated_is_set_and_stays_unknown(world, task, signed_in):
    client, path = signed_in(world.binh), f"/tasks/{task.id}/measures/new"
    client.submit(path, path, **NEW)
    assert (only().target, only().baseline) == (None, None)
    page = text_of(client.get(f"/measures/{only().id}").text)
    assert "chưa nêu" in page
    assert "0%" not in page


def test_a_figure_is_entered_once_though_the_button_is_pressed_twice(world, task, signed_in):
    measure = a_measure(task, target=1125)
    client, path = signed_in(world.an), f"/measures/{measure.id}/readings"
    for _press in range(2):
        answer = client.submit(path, path, value="1.395", as_of_on="31-12-2017", source="Báo cáo")
        assert answer.status_code == 303
    reading = db.session.scalars(db.select(Reading)).one()
    assert (reading.value, reading.as_of_on) == (1395, date(2017, 12, 31))
    page = text_of(client.get(f"/measures/{measure.id}").text)
    assert "124%" in page
    assert "vượt chỉ tiêu" in page
    history_agrees()


def test_a_figure_is_corrected_once_and_the_old_one_is_kept(world, task, signed_in):
    measure = a_measure(task, readings=[(1400, TODAY)])
    old = db.session.scalars(db.select(Reading)).one()
    client, path = signed_in(world.an), f"/readings/{old.id}/correction"
    client.submit(path, path, value="1.395", as_of_on="10-4-2018")
    page = client.get(f"/measures/{measure.id}").text
    assert "<s>1.400" in "".join(page.split())
    stale = client.get(path).text
    assert "Người khác vừa đính chính" in text_of(stale)
    assert readings() == 2


def test_the_figures_of_units_add_up_uncapped_and_the_whole_takes_none(world, task, signed_in):
    """1,395 of 1,125 in a test world; the file never states the quota."""
    whole = a_measure(task, target=1125)
    for unit, quota, done in ((world.district, 600, 700), (world.town, 525, 695)):
        child = a_child(world, task, unit)
        a_measure(child, into_id=whole.id, target=quota, readings=[(done, TODAY)])
    client = signed_in(world.an)
    assert "124%" in text_of(client.get(f"/measures/{whole.id}").text)
    refused = text_of(client.get(f"/measures/{whole.id}/readings").text)
    assert "tổng số liệu các đơn vị" in refused


BAD = [
    ({"value": "1.5"}, "value", "1,5"),
    ({"value": "nhiều"}, "value", "nhiều"),
    ({"value": ""}, "value", "tỷ lệ"),
    ({"value": "5", "as_of_on": "11-4-2018"}, "as_of_on", "10-4-2018"),
    ({"value": "5", "percentage": "rất cao"}, "percentage", "rất cao"),
    ({"value": "9" * 30}, "value", "lớn"),
]


def test_what_is_no_figure_is_refused_at_its_field_with_what_was_typed(world, task, signed_in):
    measure, client = a_measure(task), signed_in(world.an)
    path = f"/measures/{measure.id}/readings"

    @for_each(BAD)
    def refused(case) -> None:
        typed, field, says = case
        answer = client.submit(path, path, **typed)
        assert answer.status_code == 422
        assert says in error_at(answer.text, field)
        assert all(not words or words in answer.text for words in typed.values())

    refused()
    assert readings() == 0


WORDS = [
    ("trên 124%", 124, None),
    ("gần 90%", None, 90),
    ("dưới 50%", None, 50),
    ("khoảng 80%", None, None),
    ("95,5%", None, None),
]


def test_a_percentage_is_kept_in_its_words_with_what_bounds_it_states(world, task, signed_in):
    measure, client = a_measure(task), signed_in(world.an)
    path = f"/measures/{measure.id}/readings"

    @for_each(WORDS)
    def kept(case) -> None:
        words = case[0]
        client.submit(path, path, percentage=words)
        db.session.rollback()
        newest = db.session.scalars(db.select(Reading).order_by(Reading.id.desc())).first()
        assert newest is not None
        assert (newest.percent_words, newest.percent_over, newest.percent_under) == case
        assert newest.value is None
        assert words in text_of(client.get(f"/measures/{measure.id}").text)

    kept()


def test_of_two_who_correct_a_target_the_second_is_shown_the_first(world, task, signed_in):
    measure = a_measure(task, target=5)
    path = f"/measures/{measure.id}/edit"
    stale = {"version": str(measure.version), **NEW, "target": "7"}
    client = signed_in(world.binh)
    client.submit(path, path, target="6")
    answer = client.submit(path, path, **stale)
    assert answer.status_code == 409
    assert only().target == 6


def test_a_target_is_dropped_with_a_reason_and_its_figures_are_kept(world, task, signed_in):
    measure = a_measure(task, readings=[(3, TODAY)])
    client, path = signed_in(world.binh), f"/measures/{measure.id}/removal"
    assert client.submit(path, path, words="").status_code == 422
    client.submit(path, path, words="Nhập nhầm nhiệm vụ.")
    assert only().is_dropped
    assert "xã đã khảo sát" not in text_of(client.get(f"/tasks/{task.id}").text).split("Lịch sử")[0]
    assert client.get(f"/measures/{measure.id}").status_code == 200


def test_who_may_not_set_targets_or_enter_figures_is_refused(world, task, signed_in):
    measure = a_measure(task)
    paths = {
        f"/tasks/{task.id}/measures/new": {"binh": 200, "an": 403, "ha": 404},
        f"/measures/{measure.id}/edit": {"binh": 200, "an": 403, "ha": 404},
        f"/measures/{measure.id}/readings": {"an": 200, "chi": 200, "ha": 404, "giang": 403},
    }
    for path, answers in paths.items():
        for name, status in answers.items():
            answer = signed_in(getattr(world, name)).get(path)
            assert answer.status_code == status, (path, name)
