"""Acknowledging all assignments at once, and the answers to wishes for more time, on My work."""

from datetime import date, timedelta

from tests.digests.desks import a_letter
from tests.digests.test_more_time import grant, refuse, wish
from tests.reading import text_of
from tests.worlds import AT, TODAY, a_task, doer
from tracker.db import db
from tracker.letters import actions
from tracker.tasks.models import Ask, AskKind

LATER = TODAY + timedelta(days=10)


def assignments(world, number: int) -> list[Ask]:
    return [
        a_letter(a_task(world, f"Việc {n}"), AskKind.ASSIGNMENT, sender=world.province)
        for n in range(1, number + 1)
    ]


def test_one_press_acknowledges_every_assignment_on_the_page(world, signed_in):
    asks = assignments(world, 3)
    member = signed_in(world.chi)
    assert "Tiếp nhận cả 3 nhiệm vụ" in text_of(member.get("/").text)
    answer = member.submit("/", "/acknowledgements")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "Đã tiếp nhận 3 nhiệm vụ." in text_of(member.get("/").text)
    db.session.expire_all()
    assert all(db.session.get_one(Ask, ask.id).granted for ask in asks)


def test_a_single_assignment_needs_no_button_for_all(world, signed_in):
    assignments(world, 1)
    assert "/acknowledgements" not in signed_in(world.chi).get("/").text


def test_what_somebody_else_acknowledged_meanwhile_is_named_and_the_rest_is_done(world, signed_in):
    first, second = assignments(world, 2)
    chair = signed_in(world.an)
    page = chair.get("/").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    task = a_task(world, "Của huyện", lead=world.district)
    foreign = a_letter(task, AskKind.ASSIGNMENT, sender=world.province)
    own = db.session.get_one(type(task), first.task_id)
    actions.acknowledge(first, own, by=doer(world.chi), at=AT)
    db.session.commit()
    ids = [first.id, second.id, foreign.id, "x", "9" * 30]
    answer = chair.post("/acknowledgements", data={"csrf_token": token, "ask": ids})
    assert answer.status_code == 303
    text = text_of(chair.get("/").text)
    assert "Đã tiếp nhận 1 nhiệm vụ." in text
    assert "Việc 1: Nhiệm vụ đã được tiếp nhận trước đó." in text
    assert "Của huyện" not in text
    db.session.expire_all()
    assert db.session.get_one(Ask, second.id).granted
    assert db.session.get_one(Ask, foreign.id).answered_at is None


def test_what_is_not_there_for_anybody_is_404_and_what_is_not_ones_own_403(world, signed_in):
    foreign = assignments(world, 1)[0]
    for person, status in ((world.ha, 404), (world.giang, 403)):
        client = signed_in(person)
        token = client.get("/").text.partition('name="csrf_token" value="')[2].partition('"')[0]
        answer = client.post("/acknowledgements", data={"csrf_token": token, "ask": [foreign.id]})
        assert answer.status_code == status


def test_the_answers_of_the_last_two_weeks_are_noted(world, signed_in):
    kept, moved, other, old = (
        a_task(world, title, due=LATER) for title in ("Một", "Hai", "Ba", "Bốn")
    )
    refuse(world, wish(world, kept), kept)
    grant(world, wish(world, moved), moved)
    grant(world, wish(world, other, date(2018, 6, 30)), other, date(2018, 5, 20))
    refuse(world, wish(world, old, at=AT - timedelta(days=30)), old, AT - timedelta(days=29))
    text = text_of(signed_in(world.an).get("/").text).partition("Đề nghị gia hạn đã được trả lời")[
        2
    ]
    assert "Một không đồng ý gia hạn 10-4-2018 Giữ thời hạn để kịp báo cáo" in text
    assert "Hai đồng ý gia hạn đến 15-5-2018" in text
    assert "Ba đồng ý gia hạn đến 20-5-2018, không phải 30-6-2018" in text
    assert "Bốn" not in text
    assert "Đề nghị gia hạn đã được trả lời" not in text_of(signed_in(world.oanh).get("/").text)


def test_a_wish_stands_with_what_waits_for_me_and_its_own_side_sees_where_it_lies(world, signed_in):
    task = a_task(world, due=LATER)
    wish(world, task)
    office, chair = (signed_in(person).get("/").text for person in (world.binh, world.an))
    assert f"/tasks/{task.id}/extension?" in office
    assert "Chờ tôi xử lý" in text_of(office)
    assert "đang chờ tại Tỉnh ủy Hải Sơn từ ngày 10-4-2018" in text_of(chair)
