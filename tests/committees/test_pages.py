"""The pages of units: the forest for everybody, tasks for whoever may see them, forms for the office."""

import pytest

from tests.pages import choose, client_of, filled, parse
from tests.reading import error_at, rows_of, text_of, vietnamese_unmarked
from tests.worlds import a_collective, a_line, a_seat, a_task, a_unit, a_world, tasks
from tracker.committees.models import Role, Unit, UnitKind
from tracker.db import db


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


# --- what is seen ---


def test_everybody_who_signed_in_reads_the_whole_forest(world, app):
    for who in (world.an, world.chi, world.ha, world.khanh):
        words = text_of(signed(app, who).get("/committees").text)
        assert "Tỉnh ủy Hải Sơn" in words
        assert "Tỉnh ủy Tây Hà" in words


def test_strangers_are_sent_to_sign_in(world, client):
    for path in ("/committees", f"/committees/{world.town.id}", "/committees/new"):
        assert client.get(path).status_code == 303


def test_a_unit_that_is_not_there_is_not_found(office):
    assert office.get("/committees/99999").status_code == 404
    assert office.get("/committees/99999/edit").status_code == 404


def test_temporary_outside_and_ended_units_are_marked(world, office):
    with office.application.app_context():
        a_unit("Công ty lâm nghiệp", outside=True)
        a_unit("Tổ khảo sát", kind=UnitKind.TEMPORARY)
    words = text_of(office.get("/committees").text)
    assert "Công ty lâm nghiệp ngoài hệ thống" in words
    assert "Tổ khảo sát Tổ chức lâm thời" in words


def test_a_group_lists_its_members_and_says_when_their_number_is_not_stated(world, office):
    with office.application.app_context():
        group = a_collective("các huyện ủy, thị ủy", [world.district, world.town])
        counted = a_unit("17 doanh nghiệp", kind=UnitKind.COLLECTIVE, members_count=17)
    words = text_of(office.get(f"/committees/{group.id}").text)
    assert "số thành viên: chưa nêu" in words
    assert "Huyện ủy Suối Đá" in words
    assert "số thành viên: 17" in text_of(office.get(f"/committees/{counted.id}").text)
    assert "Gồm 2 đơn vị" in text_of(office.get("/committees").text)


def test_a_unit_shows_its_tasks_to_whoever_may_see_them_and_to_nobody_else(world, app, client):
    with app.app_context():
        led = a_task(world, "Việc của ban")
        shared = a_task(world, "Việc chung", lead=world.district)
        line = a_line(world, shared, world.commission)
        hidden = a_task(world, "Việc nơi khác", lead=world.elsewhere, assigner=world.elsewhere)
    client.sign_in(world.an.email)
    page = client.get(f"/committees/{world.commission.id}").text
    assert rows_of(page) == {led.id, line.id}
    assert 'data-total="2"' in page
    page = client.get(f"/committees/{world.elsewhere.id}").text
    assert (rows_of(page), "nơi khác" in page) == (set(), False)
    assert hidden.id


def test_seats_are_shown_with_whoever_holds_them(world, office):
    with office.application.app_context():
        a_seat(world.team, Role.LEADER)
    assert world.an.name in text_of(office.get(f"/committees/{world.commission.id}").text)
    assert "vị trí" in text_of(office.get(f"/committees/{world.team.id}").text).lower()


def test_a_list_of_many_tasks_comes_in_pages_and_whole_on_demand(world, app, client):
    with app.app_context():
        made = {task.id for task in tasks(world, 130)}
    client.sign_in(world.an.email)
    path = f"/committees/{world.commission.id}"
    first, second = client.get(path).text, client.get(f"{path}?page=2").text
    assert (len(rows_of(first)), len(rows_of(second))) == (100, 30)
    assert rows_of(first) | rows_of(second) == made == rows_of(client.get(f"{path}?all=1").text)
    for wrong in ("0", "-1", "x", "99999999999999999999"):
        assert client.get(f"{path}?page={wrong}").status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_rows(world, app, client, queries):
    client.sign_in(world.an.email)
    counts = []
    for more in (1, 60):
        with app.app_context():
            tasks(world, more)
        client.get(f"/committees/{world.commission.id}")
        with queries.counting():
            client.get(f"/committees/{world.commission.id}")
            client.get("/committees")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_english_pages_mark_what_is_vietnamese(world, office):
    for path in ("/committees", f"/committees/{world.commission.id}", "/committees/new"):
        assert vietnamese_unmarked(office.get(f"{path}?lang=en").text) == []


# --- what is typed ---


def test_the_office_enters_a_unit_below_one_of_its_branch(world, office):
    answer = office.submit(
        "/committees/new", name_vi="Ban Dân vận", parent_id=str(world.province.id)
    )
    assert answer.status_code == 303
    page = text_of(office.get(answer.location).text)
    assert "Ban Dân vận" in page
    assert "đã thêm đơn vị" in page.lower()
    assert world.binh.name in page


def test_who_may_enter_a_unit(world, app):
    for who, status in [("khanh", 200), ("an", 403), ("chi", 403), ("ha", 403)]:
        client = signed(app, getattr(world, who))
        assert client.get("/committees/new").status_code == status, who


def test_who_may_correct_a_unit(world, app):
    for who, unit, status in [
        ("binh", "commission", 200),
        ("binh", "division", 200),
        ("binh", "elsewhere", 403),
        ("khanh", "elsewhere", 200),
        ("an", "division", 403),
        ("giang", "commission", 403),
    ]:
        path = f"/committees/{getattr(world, unit).id}/edit"
        assert signed(app, getattr(world, who)).get(path).status_code == status, (who, unit)


def test_the_office_cannot_put_a_unit_into_another_branch(world, office):
    for field in ("parent_id", "acts_for_id"):
        data = typed(office, "/committees/new") | {"name_vi": "Ban lạ", field: world.elsewhere.id}
        answer = office.post("/committees/new", data=data)
        assert answer.status_code == 422
        assert error_at(answer.text, field)
        assert "Ban lạ" in answer.text


def test_only_the_administrator_plants_a_tree_of_its_own(world, app, client):
    client.sign_in(world.khanh.email)
    answer = client.submit("/committees/new", name_vi="Trung ương", kind="organ", level="central")
    assert answer.status_code == 303
    with app.app_context():
        assert db.session.query(Unit).filter_by(name_vi="Trung ương", parent_id=None).count() == 1


def test_a_circle_is_refused_at_its_field_and_the_typed_text_stays(world, app, office):
    path = f"/committees/{world.commission.id}/edit"
    data = typed(office, path) | {"name_vi": "Tên mới", "parent_id": world.division.id}
    answer = office.post(path, data=data)
    assert answer.status_code == 422
    assert "cấp trên của chính" in error_at(answer.text, "parent_id")
    assert "Tên mới" in answer.text
    with app.app_context():
        assert (
            db.session.get_one(Unit, world.commission.id).name_vi == "Ban Tổ chức Tỉnh ủy Hải Sơn"
        )


def test_a_group_that_would_contain_itself_is_refused_at_its_field(world, app, office):
    with app.app_context():
        group = a_collective("các huyện ủy", [world.district], world.province)
    path = f"/committees/{group.id}/edit"
    answer = office.post(path, data=typed(office, path) | {"members": [group.id]})
    assert (answer.status_code, bool(error_at(answer.text, "members"))) == (422, True)


WRONG = [
    ("name_vi", ""),
    ("name_vi", "x" * 1001),
    ("kind", "kingdom"),
    ("level", ""),
    ("valid_from", "31-2-2018"),
    ("members_count", "-1"),
    ("members_count", "nhiều"),
    ("parent_id", "x"),
    ("parent_id", "999999"),
]


def test_a_wrong_field_is_refused_where_it_stands(world, office):
    path = f"/committees/{world.team.id}/edit"
    right = typed(office, path)
    for field, value in WRONG:
        answer = office.post(path, data=right | {field: value})
        assert answer.status_code == 422, (field, value)
        assert error_at(answer.text, field), (field, value)


def test_a_unit_does_not_end_before_it_begins(world, office):
    path = f"/committees/{world.team.id}/edit"
    days = {"valid_from": "2018-03-01", "valid_to": "1-2-2018"}
    answer = office.post(path, data=typed(office, path) | days)
    assert (answer.status_code, bool(error_at(answer.text, "valid_to"))) == (422, True)


def test_whoever_comes_second_sees_both_versions_and_keeps_what_was_typed(world, office):
    path = f"/committees/{world.team.id}/edit"
    first, second = (typed(office, path) for _ in range(2))
    assert office.post(path, data=first | {"purpose": "Bản thứ nhất"}).status_code == 303
    answer = office.post(path, data=second | {"purpose": "Bản thứ hai"})
    assert answer.status_code == 409
    assert "Bản thứ nhất" in answer.text
    assert "Bản thứ hai" in answer.text
    again = filled(choose(parse(answer.text)[0], path, {}))
    assert office.post(path, data=again).status_code == 303
    assert "Bản thứ hai" in office.get(f"/committees/{world.team.id}").text


def test_fields_that_the_form_does_not_have_are_ignored(world, app, office):
    path = f"/committees/{world.team.id}/edit"
    office.post(path, data=typed(office, path) | {"path": "/1/", "code": "x", "successor_id": "1"})
    with app.app_context():
        team = db.session.get_one(Unit, world.team.id)
        assert (team.path, team.code, team.successor_id) == (world.team.path, None, None)


def test_the_story_names_what_was_changed_and_keeps_the_old_name(world, office):
    path = f"/committees/{world.team.id}/edit"
    office.post(path, data=typed(office, path) | {"name_vi": "Tổ mới", "valid_to": "2018-12-31"})
    words = text_of(office.get(f"/committees/{world.team.id}").text)
    assert "Tổ giúp việc Hải Sơn → Tổ mới" in words
    assert "Hoạt động đến ngày" in words
