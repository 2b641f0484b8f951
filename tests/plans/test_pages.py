"""The pages of plans: a state nobody types, tasks below their parents, who sees it."""

from datetime import date
from decimal import Decimal

import pytest

from tests.pages import choose, client_of, filled, parse
from tests.reading import error_at, rows_of, text_of, vietnamese_unmarked
from tests.worlds import (
    a_child,
    a_document,
    a_draft,
    a_line,
    a_measure,
    a_plan,
    a_task,
    a_world,
    tasks,
)
from tracker.db import db
from tracker.plans.models import Plan
from tracker.tasks.lifecycle import State


@pytest.fixture
def world(app):
    with app.app_context():
        return a_world()


@pytest.fixture
def office(world, client):
    return client.sign_in(world.binh.email)


def signed(app, person):
    return client_of(app).sign_in(person.email)


def typed(client, path):
    return filled(choose(parse(client.get(path).text)[0], path, {}))


def words(client, plan):
    return text_of(client.get(f"/plans/{plan.id}").text)


# --- its state ---


def test_the_state_is_computed_from_the_tasks_that_count(world, app, office):
    for states, said in [
        ([], "Chưa có nhiệm vụ"),
        ([State.DRAFT, State.CANCELLED], "Chưa có nhiệm vụ"),
        ([State.ASSIGNED, State.ASSIGNED], "Chưa thực hiện"),
        ([State.ASSIGNED, State.DONE], "Đang thực hiện"),
        ([State.IN_PROGRESS], "Đang thực hiện"),
        ([State.RETURNED, State.DONE], "Đang thực hiện"),
        ([State.ON_HOLD, State.DONE], "Tạm dừng"),
        ([State.DONE, State.DONE, State.CANCELLED], "Đã hoàn thành"),
    ]:
        with app.app_context():
            plan = a_plan("kế hoạch", world.province)
            for state in states:
                a_task(world, state=state, plan_id=plan.id)
        assert f"tình trạng {said}".lower() in words(office, plan).lower(), states


def test_every_figure_is_printed_with_what_it_is_a_part_of(world, app, office):
    with app.app_context():
        a_task(world, state=State.DONE)
        a_task(world, due=date(2018, 4, 9))
        a_task(world, due=date(2018, 4, 10))
        a_task(world, state=State.SUBMITTED, due=date(2018, 4, 9))
    assert "Hoàn thành 1/4, quá hạn 1/3 nhiệm vụ chưa hoàn thành" in words(office, world.plan)
    assert "Hoàn thành 1/4" in text_of(office.get("/plans").text)


def test_figures_are_those_one_may_see_and_say_so(world, app):
    with app.app_context():
        a_task(world, lead=world.district)
        a_task(world, lead=world.town, state=State.DONE)
    said = words(signed(app, world.mai), world.plan)
    assert "Hoàn thành 0/1" in said
    assert "tính từ các nhiệm vụ trong phạm vi được xem" in said


# --- its tasks ---


def test_children_and_lines_stand_below_their_task(world, app, office):
    with app.app_context():
        parent = a_task(world, "Việc chung")
        other = a_task(world, "Việc khác")
        line = a_line(world, parent, world.district)
        child = a_child(world, parent, world.town)
    page = office.get(f"/plans/{world.plan.id}").text
    order = [page.index(f'id="task-{t.id}"') for t in (parent, line, child, other)]
    assert order == sorted(order)
    assert page.count('class="depth-1"') == 2


def test_the_number_of_tasks_opens_exactly_those_on_the_board(world, app, office):
    with app.app_context():
        task = a_task(world)
        a_line(world, task, world.district)
        a_draft(world)
        a_task(world, state=State.CANCELLED)
    page = office.get(f"/plans/{world.plan.id}").text
    assert 'data-count="3"' in page
    board = office.get(f"/board?plan={world.plan.id}")
    assert 'data-total="3"' in board.text
    assert len(rows_of(board.text)) == 3


def test_a_task_whose_parent_cannot_be_seen_stands_on_top(world, app):
    with app.app_context():
        parent = a_task(world, "Việc chung kín")
        child = a_child(world, parent, world.town)
        child.title_vi = "Việc của thị"
        db.session.add(child)
        db.session.commit()
    page = signed(app, world.oanh).get(f"/plans/{world.plan.id}").text
    assert rows_of(page) == {child.id}
    assert 'class="depth-0"' in page
    assert "Việc chung kín" not in page


def test_figures_of_its_tasks_are_shown_and_an_unknown_one_is_not_zero(world, app, office):
    with app.app_context():
        task = a_task(world)
        a_measure(task, readings=[(1395, date(2017, 12, 31))], percentage=("trên 124%", 124))
        a_measure(task, "số thôn", target=Decimal(16))
    said = words(office, world.plan)
    assert "1.395 xã, trên 124% (tính đến ngày 31-12-2017)" in said
    assert "số thôn: chưa nêu" in said


# --- who sees it ---


def test_a_plan_without_tasks_is_seen_by_setters_of_its_owners_branch(world, app):
    for who, code in [
        ("binh", 200),
        ("dung", 200),
        ("an", 404),
        ("giang", 404),
        ("ha", 404),
        ("khanh", 404),
    ]:
        client = signed(app, getattr(world, who))
        assert client.get(f"/plans/{world.plan.id}").status_code == code, who
        assert ("sắp xếp" in text_of(client.get("/plans").text)) == (code == 200)


def test_whoever_sees_one_task_of_it_sees_the_plan(world, app):
    with app.app_context():
        task = a_task(world)
        a_line(world, task, world.district)
    for who, code in [("chi", 200), ("nam", 200), ("giang", 200), ("oanh", 404), ("ha", 404)]:
        client = signed(app, getattr(world, who))
        assert client.get(f"/plans/{world.plan.id}").status_code == code


def test_a_source_one_may_not_see_is_named_without_a_link(world, app, office):
    with app.app_context():
        hidden = a_document("nghị quyết kín", issuer=world.elsewhere)
        plan = a_plan("kế hoạch", world.province, document=hidden)
    page = office.get(f"/plans/{plan.id}").text
    assert "nghị quyết kín" in page
    assert f'href="/documents/{hidden.id}"' not in page


# --- what is typed ---


def test_the_office_enters_a_plan_with_a_deadline_in_the_words_of_officials(world, app, office):
    answer = office.submit(
        f"/plans/new?document={world.document.id}",
        "/plans/new",
        title_vi="Kế hoạch khảo sát",
        owner_id=str(world.province.id),
        due_words="hết quý II-2018",
    )
    assert answer.status_code == 303
    said = text_of(office.get(answer.location).text)
    assert "hết quý II-2018 (30-6-2018)" in said
    assert "Nghị quyết số 7" in said
    with app.app_context():
        plan = db.session.query(Plan).filter_by(title_vi="Kế hoạch khảo sát").one()
        assert plan.due_on == date(2018, 6, 30)


def test_a_deadline_nobody_can_read_is_refused_at_the_field(world, office):
    path = f"/plans/{world.plan.id}/edit"
    answer = office.post(path, data=typed(office, path) | {"due_words": "hết quý VI-2018"})
    assert answer.status_code == 422
    assert "quý" in error_at(answer.text, "due_words")
    assert "hết quý VI-2018" in answer.text


def test_the_deadline_alone_can_be_checked_without_saving(world, app, office):
    path = f"/plans/{world.plan.id}/edit"
    data = typed(office, path) | {
        "due_words": "hết quý I-2018",
        "title_vi": "",
        "check": "due_words",
    }
    answer = office.post(path, data=data)
    assert answer.status_code == 200
    assert "31-3-2018" in answer.text
    assert not error_at(answer.text, "title_vi")
    with app.app_context():
        assert db.session.get_one(Plan, world.plan.id).due_words is None


def test_a_day_the_source_gave_without_words_stays_when_something_else_is_corrected(
    world, app, office
):
    with app.app_context():
        plan = a_plan("kế hoạch", world.province, due_on=date(2018, 3, 31))
    path = f"/plans/{plan.id}/edit"
    assert office.post(path, data=typed(office, path) | {"note": "x"}).status_code == 303
    with app.app_context():
        assert db.session.get_one(Plan, plan.id).due_on == date(2018, 3, 31)


def test_who_may_enter_a_plan(world, app):
    for who, code in [("an", 200), ("dung", 200), ("chi", 403), ("khanh", 403)]:
        client = signed(app, getattr(world, who))
        assert client.get("/plans/new").status_code == code, who


def test_who_may_correct_a_plan(world, app):
    with app.app_context():
        a_task(world)
    for who, code in [("binh", 200), ("dung", 200), ("an", 403), ("ha", 404)]:
        client = signed(app, getattr(world, who))
        assert client.get(f"/plans/{world.plan.id}/edit").status_code == code, who


def test_a_plan_is_entered_for_a_unit_of_ones_own_branch_only(world, client):
    client.sign_in(world.an.email)
    data = typed(client, "/plans/new") | {"title_vi": "Kế hoạch", "owner_id": world.district.id}
    answer = client.post("/plans/new", data=data)
    assert (answer.status_code, bool(error_at(answer.text, "owner_id"))) == (422, True)
    data |= {"owner_id": world.division.id}
    assert client.post("/plans/new", data=data).status_code == 303


WRONG = [
    ("title_vi", ""),
    ("title_vi", "x" * 1001),
    ("owner_id", ""),
    ("document_id", "99999"),
    ("starts_on", "32-1-2018"),
    ("due_words", "tính đến 31-12-2017"),
    ("year", "18"),
]


def test_a_wrong_field_is_refused_where_it_stands(world, office):
    path = f"/plans/{world.plan.id}/edit"
    right = typed(office, path)
    for field, value in WRONG:
        answer = office.post(path, data=right | {field: value})
        assert answer.status_code == 422, (field, value)
        assert error_at(answer.text, field), (field, value)


def test_a_plan_does_not_end_before_it_begins(world, office):
    path = f"/plans/{world.plan.id}/edit"
    days = {"starts_on": "2018-05-01", "due_words": "hết quý I-2018"}
    answer = office.post(path, data=typed(office, path) | days)
    assert (answer.status_code, bool(error_at(answer.text, "due_words"))) == (422, True)


def test_whoever_comes_second_sees_both_versions(world, office):
    path = f"/plans/{world.plan.id}/edit"
    first, second = typed(office, path), typed(office, path)
    assert office.post(path, data=first | {"note": "Bản thứ nhất"}).status_code == 303
    answer = office.post(path, data=second | {"note": "Bản thứ hai"})
    assert answer.status_code == 409
    assert "Bản thứ nhất" in answer.text
    assert "Bản thứ hai" in answer.text
    said = words(office, world.plan)
    assert "Bản thứ nhất" in said
    assert "Nội dung sửa: Ghi chú" in said


# --- languages, size ---


def test_english_pages_mark_what_is_vietnamese(world, app, office):
    with app.app_context():
        task = a_task(world, due=date(2018, 4, 1))
        a_line(world, task, world.district)
        a_measure(task, readings=[(3, None)])
    path = f"/plans/{world.plan.id}"
    for page in ("/plans", path, f"{path}/edit", "/plans/new"):
        assert vietnamese_unmarked(office.get(f"{page}?lang=en").text) == [], page


def test_the_number_of_queries_does_not_grow_with_the_rows(world, app, office, queries):
    counts = []
    for more in (1, 60):
        with app.app_context():
            for task in tasks(world, more):
                a_measure(task, readings=[(1, None)])
            for n in range(more):
                a_plan(f"kế hoạch {n}", world.province, document=world.document)
        office.get(f"/plans/{world.plan.id}")
        with queries.counting():
            office.get(f"/plans/{world.plan.id}")
            office.get("/plans")
        counts.append(len(queries))
    assert counts[0] == counts[1]
