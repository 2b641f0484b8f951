"""The pages of documents: what is known and what is not, why, what became of it, who sees it."""

from datetime import date
from typing import Any

import pytest

from tests.pages import choose, client_of, filled, parse
from tests.reading import error_at, rows_of, text_of, vietnamese_unmarked
from tests.worlds import (
    a_child,
    a_document,
    a_draft,
    a_line,
    a_plan,
    a_task,
    a_world,
    follows,
    tasks,
)
from tracker.db import db
from tracker.documents.models import Document
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


def status(client, document):
    return client.get(f"/documents/{document.id}").status_code


def made(client, *args, **fields):
    with client.application.app_context():
        return a_document(*args, **fields)


def words(client, document):
    return text_of(client.get(f"/documents/{document.id}").text)


# --- what is known, and what is not ---


def test_a_date_that_conflicts_with_another_source_shows_both(world, office):
    days = {"issued_on": date(2015, 4, 7), "issued_on_outside": date(2015, 4, 17)}
    document = made(office, "tinh giản biên chế", issuer=world.province, **days)
    assert "bản này ghi 7-4-2015; nơi khác ghi 17-4-2015" in words(office, document)


def test_a_date_says_what_is_known_of_it(world, office):
    known: list[tuple[dict[str, Any], str]] = [
        ({}, "Ngày ban hành chưa nêu"),
        ({"issued_on": date(2015, 4, 7)}, "Ngày ban hành 7-4-2015"),
        ({"issued_on_outside": date(2007, 3, 30)}, "chưa nêu; nơi khác ghi 30-3-2007"),
        ({"year": 2017}, "năm 2017, chưa nêu ngày"),
    ]
    for fields, said in known:
        assert said in words(office, made(office, "việc", issuer=world.province, **fields))


def test_whatever_is_not_stated_says_so(world, office):
    said = words(office, made(office, "việc", issuer=world.province))
    assert "Số chưa nêu" in said
    assert "Số, ký hiệu chưa nêu" in said


def test_a_sourced_value_tells_where_it_comes_from(world, office):
    prov = {"symbol": "assumption", "date": "not_stated"}
    document = made(office, "việc", issuer=world.province, symbol="23-KH/TU", prov=prov)
    page = office.get(f"/documents/{document.id}").text
    assert page.count('class="prov assumption"') == 1
    assert page.count('class="prov not_stated"') == 1


# --- lineage ---


def test_why_and_what_became_of_it(world, app, office):
    with app.app_context():
        above = a_document("chỉ thị gốc", kind="Chỉ thị", issuer=world.province)
        below = a_document("hướng dẫn", kind="Hướng dẫn", issuer=world.province)
        follows(above, world.document)
        follows(world.document, below)
        a_task(world, "Việc theo hướng dẫn", plan_id=None, document_id=below.id)
    said = words(office, world.document)
    assert "Căn cứ ban hành Chỉ thị: chỉ thị gốc" in said
    assert "Việc theo hướng dẫn" in said
    assert "Kế hoạch sắp xếp tổ chức" in said


def test_a_mention_is_not_a_row_so_each_number_opens_exactly_its_tasks(world, app, office):
    with app.app_context():
        below = a_document("hướng dẫn", issuer=world.province)
        follows(world.document, below)
        mentioned = a_task(world, "Việc dưới", plan_id=None, document_id=below.id)
        own = a_task(world, "Việc theo kế hoạch")
        other = a_task(world, "Việc có nguồn riêng", document_id=below.id)
        a_line(world, own, world.district)
    page = office.get(f"/documents/{world.document.id}").text
    assert rows_of(page) == {own.id}
    assert 'data-total="1"' in page
    assert rows_of(office.get(f"/documents/{below.id}").text) == {mentioned.id, other.id}


def test_counts_leave_out_drafts_cancelled_lines_and_fan_out_parents(world, app, office):
    with app.app_context():
        a_draft(world)
        a_task(world, state=State.CANCELLED)
        done = a_task(world, state=State.DONE)
        a_line(world, done, world.district)
        parent = a_task(world, "Việc chung", due=date(2018, 4, 1))
        a_child(world, parent, world.district)
    said = words(office, world.document)
    assert "Hoàn thành 1/2, quá hạn 1/1 nhiệm vụ chưa hoàn thành" in said


def test_what_follows_and_may_not_be_seen_is_left_out_but_not_what_lies_beyond_it(
    world, app, office
):
    with app.app_context():
        dead_end = a_document("dự thảo kín", issuer=world.elsewhere)
        between = a_document("kế hoạch kín", issuer=world.elsewhere)
        beyond = a_document("hướng dẫn xem được", issuer=world.province)
        follows(world.document, dead_end)
        follows(world.document, between)
        follows(between, beyond)
    said = words(office, world.document)
    assert "kín" not in said
    assert "hướng dẫn xem được" in said


def test_the_grounds_of_a_document_are_named_without_a_link_where_they_may_not_be_seen(
    world, app, client
):
    with app.app_context():
        hidden = a_document("nghị quyết nơi khác", issuer=world.elsewhere)
        follows(hidden, world.document)
    client.sign_in(world.binh.email)
    page = client.get(f"/documents/{world.document.id}").text
    assert "nghị quyết nơi khác" in page
    assert f'href="/documents/{hidden.id}"' not in page
    assert status(client, hidden) == 404


# --- who sees it ---


def test_a_document_without_tasks_is_seen_by_setters_of_its_branch(world, app):
    document = made(client_of(app), "việc", issuer=world.province)
    for who, expected in [
        ("binh", 200),
        ("dung", 200),
        ("an", 404),
        ("chi", 404),
        ("giang", 404),
        ("ha", 404),
    ]:
        assert status(signed(app, getattr(world, who)), document) == expected, who


@pytest.mark.parametrize("role", ["issuer_id", "approver_id", "receiver_id"])
def test_issuing_approving_and_receiving_branches_see_it(world, client, role):
    with client.application.app_context():
        document = a_document("việc")
        setattr(document, role, world.division.id)
        db.session.commit()
    client.sign_in(world.an.email)  # chair of the commission, above the division
    assert status(client, document) == 200


def test_whoever_sees_one_task_of_it_sees_the_document(world, app):
    with app.app_context():
        direct = a_document("trực tiếp", issuer=world.elsewhere)
        through = a_document("qua kế hoạch", issuer=world.elsewhere)
        product = a_document("sản phẩm", issuer=world.elsewhere)
        plan = a_plan("kế hoạch", world.elsewhere, document=through)
        task = a_task(world, plan_id=plan.id, document_id=direct.id)
        task.product_document_id = product.id
        db.session.add(task)
        a_line(world, task, world.district)
        db.session.commit()
    for who in (world.chi, world.nam, world.giang):
        client = signed(app, who)
        assert [status(client, d) for d in (direct, through, product)] == [200, 200, 200]


def test_a_draft_gives_sight_of_its_document_to_those_who_draft_only(world, app, client):
    document = made(client, "việc", issuer=world.elsewhere)
    with app.app_context():
        a_draft(world, document_id=document.id)
    assert status(signed(app, world.chi), document) == 404
    assert status(signed(app, world.binh), document) == 200


def test_the_list_holds_what_may_be_seen_and_nothing_else(world, app):
    with app.app_context():
        a_document("chuyện nơi khác", issuer=world.elsewhere)
    assert "chuyện nơi khác" not in signed(app, world.binh).get("/documents").text
    page = text_of(signed(app, world.ha).get("/documents").text)
    assert "chuyện nơi khác" in page
    assert "sắp xếp" not in page


def test_the_administrator_sees_no_documents(world, client):
    client.sign_in(world.khanh.email)
    assert status(client, world.document) == 404
    assert client.get("/documents").status_code == 200


def test_documents_are_found_without_accents(world, office):
    assert "sắp xếp tổ chức" in text_of(office.get("/documents?q=sap xep").text)
    assert "Không tìm thấy" in text_of(office.get("/documents?q=khong co").text)


# --- what is typed ---


def test_the_office_enters_a_document_from_above_and_sees_it_at_once(world, app, office):
    with app.app_context():
        central = a_document("x")
    answer = office.submit(
        "/documents/new", kind_vi="Chỉ thị", symbol="10-CT/TW", subject_vi="về sinh hoạt chi bộ"
    )
    assert answer.status_code == 303
    assert "Chỉ thị 10-CT/TW" in text_of(office.get(answer.location).text)
    assert status(office, central) == 404


def test_who_may_enter_a_document(world, app):
    for who, code in [("an", 200), ("dung", 200), ("chi", 403), ("khanh", 403)]:
        client = signed(app, getattr(world, who))
        assert client.get("/documents/new").status_code == code, who


def test_who_may_correct_a_document(world, app):
    with app.app_context():
        a_task(world)
    for who, code in [("binh", 200), ("dung", 200), ("an", 403), ("ha", 404)]:
        client = signed(app, getattr(world, who))
        assert client.get(f"/documents/{world.document.id}/edit").status_code == code, who


def test_parents_are_chosen_and_a_circle_is_refused_at_the_field(world, app, office):
    with app.app_context():
        below = a_document("hướng dẫn", issuer=world.province)
        follows(world.document, below)
    path = f"/documents/{world.document.id}/edit"
    data = typed(office, path) | {"subject_vi": "Trích yếu mới", "parents": [below.id]}
    answer = office.post(path, data=data)
    assert answer.status_code == 422
    assert "chính văn bản đó" in error_at(answer.text, "parents")
    assert "Trích yếu mới" in answer.text


def test_a_parent_one_may_not_see_cannot_be_chosen_but_stays_where_it_stands(world, app, office):
    with app.app_context():
        hidden = a_document("nghị quyết nơi khác", issuer=world.elsewhere)
        stands = a_document("chỉ thị nơi khác", issuer=world.elsewhere)
        follows(stands, world.document)
    path = f"/documents/{world.document.id}/edit"
    data = typed(office, path)
    assert data["parents"] == str(stands.id)
    assert office.post(path, data=data | {"parents": [hidden.id]}).status_code == 422
    assert office.post(path, data=data).status_code == 303
    assert "chỉ thị nơi khác" in words(office, world.document)


WRONG = [
    ("kind_vi", ""),
    ("kind_vi", "x" * 101),
    ("subject_vi", ""),
    ("number", "1" * 41),
    ("issued_on", "31-2-2018"),
    ("year", "17"),
    ("issuer_id", "99999"),
    ("parents", "abc"),
    ("subject_vi", "tÃªn sai"),
]


def test_a_wrong_field_is_refused_where_it_stands(world, office):
    path = f"/documents/{world.document.id}/edit"
    right = typed(office, path)
    for field, value in WRONG:
        answer = office.post(path, data=right | {field: value})
        assert answer.status_code == 422, (field, value)
        assert error_at(answer.text, field), (field, value)


def test_a_year_that_contradicts_the_day_is_refused(world, office):
    path = f"/documents/{world.document.id}/edit"
    data = typed(office, path) | {"issued_on": "2018-01-02", "year": "2017"}
    assert error_at(office.post(path, data=data).text, "year")


def test_text_is_brought_to_one_form(world, app, office):
    path = f"/documents/{world.document.id}/edit"
    data = typed(office, path) | {"subject_vi": "Tie\u0302\u0309u ban  sa\u0306\u0301p"}
    assert office.post(path, data=data).status_code == 303
    with app.app_context():
        assert db.session.get_one(Document, world.document.id).subject_vi == "Tiểu ban sắp"


def test_whoever_comes_second_sees_both_versions(world, office):
    path = f"/documents/{world.document.id}/edit"
    first, second = typed(office, path), typed(office, path)
    assert office.post(path, data=first | {"note": "Bản thứ nhất"}).status_code == 303
    answer = office.post(path, data=second | {"note": "Bản thứ hai"})
    assert answer.status_code == 409
    assert "Bản thứ nhất" in answer.text
    assert "Bản thứ hai" in answer.text


# --- languages, size ---


def test_english_pages_mark_what_is_vietnamese(world, app, office):
    with app.app_context():
        below = a_document("hướng dẫn", issuer=world.province, note="ghi chú")
        follows(world.document, below)
        a_task(world, due=date(2018, 4, 1))
    path = f"/documents/{world.document.id}"
    for page in ("/documents", path, f"{path}/edit", "/documents/new", f"/documents/{below.id}"):
        assert vietnamese_unmarked(office.get(f"{page}?lang=en").text) == [], page


def test_the_number_of_queries_does_not_grow_with_the_rows(world, app, office, queries):
    counts = []
    for more in (1, 60):
        with app.app_context():
            below = [a_document(f"d{n}", issuer=world.province) for n in range(more)]
            for document in below:
                follows(world.document, document)
                a_plan("kế hoạch", world.province, document=document)
            tasks(world, more, document_id=below[0].id)
            tasks(world, more)
        office.get(f"/documents/{world.document.id}")
        with queries.counting():
            office.get(f"/documents/{world.document.id}")
            office.get("/documents")
        counts.append(len(queries))
    assert counts[0] == counts[1]
