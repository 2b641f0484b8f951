"""The pages of a duty: drafted in words, refused at the place, sent, followed from period to period."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.pages import parse
from tests.reading import error_at, text_of
from tests.recurrences.duties import a_duty, daily, move, occurrences, tick
from tests.worlds import TODAY, a_task
from tracker.db import db
from tracker.history.models import Event, Kind
from tracker.policy import Verb
from tracker.tasks.lifecycle import RestRule, State, Tie
from tracker.tasks.models import Task

UNTIL = "repeats_until_on"


def draft(client, world, **fields):
    said = {"title_vi": "Báo cáo giao ban", "lead_id": str(world.commission.id)}
    said |= {"due_words": "trước ngày 15 hằng tháng"}
    return client.submit("/tasks/new", "/tasks/new", **(said | fields))


def drafted() -> list[Task]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Task).where(Task.tie.is_(None)).order_by(Task.id)))


def value_of(html: str, name: str) -> str | None:
    found = [e for e in parse(html)[0].iter("input") if e.get("name") == name]
    return found[0].get("value")


def is_shown(html: str) -> bool:
    boxes = [e for e in parse(html)[0].iter("fieldset") if e.get("data-repeating") is not None]
    return boxes[0].get("disabled") is None


def test_the_end_is_asked_for_where_the_words_come_round_and_nowhere_else(signed_in, world):
    office = signed_in(world.binh)
    assert not is_shown(office.get("/tasks/new").text)
    once = draft(office, world, due_words="hết quý II-2018")
    assert once.status_code == 303
    assert drafted()[0].repeats_until_on is None
    asked = draft(office, world, **{UNTIL: None, "rest_rule": None})
    assert (asked.status_code, is_shown(asked.text)) == (422, True)
    assert value_of(asked.text, UNTIL) == "31-12-2018"
    assert "Nhập ngày kết thúc" in error_at(asked.text, UNTIL)
    assert len(drafted()) == 1


def test_check_shows_the_next_days_and_how_many_there_will_be(signed_in, world):
    page = draft(signed_in(world.binh), world, check="due_words", **{UNTIL: None})
    words = text_of(page.text)
    assert page.status_code == 200
    assert "Tất cả 9 kỳ:" in words
    assert "tháng 4-2018: thứ Bảy 14-4-2018" in words
    moved = draft(
        signed_in(world.binh), world, check=UNTIL, rest_rule="before", **{UNTIL: "30-6-2018"}
    )
    words = text_of(moved.text)
    assert "Tất cả 3 kỳ:" in words
    assert "tháng 4-2018: thứ Sáu 13-4-2018" in words
    assert drafted() == []


BAD = {
    "": "Thời hạn này lặp lại định kỳ. Nhập ngày kết thúc lặp lại.",
    "abc": "Không có ngày này. Nhập lại, ví dụ 10-4-2018.",
    "9-4-2018": "Ngày này đã qua.",
    "11-4-2028": "Nhiệm vụ định kỳ lặp lại không quá mười năm: ghi ngày không muộn hơn 10-4-2028.",
    "13-4-2018": "Đến ngày này chưa có kỳ nào đến hạn: kỳ đầu tiên đến hạn ngày 14-4-2018.",
}


def test_a_bad_end_is_refused_at_the_field_and_what_was_typed_stays(signed_in, world):
    office, told = signed_in(world.binh), {}
    for typed in BAD:
        page = draft(office, world, **{UNTIL: typed})
        assert (page.status_code, value_of(page.text, UNTIL)) == (422, typed)
        assert value_of(page.text, "title_vi") == "Báo cáo giao ban"
        told[typed] = error_at(page.text, UNTIL)
    assert told == BAD
    assert drafted() == []


def test_a_rule_nobody_offers_is_refused(signed_in, world):
    page = draft(signed_in(world.binh), world, rest_rule="never", **{UNTIL: "31-12-2018"})
    assert page.status_code == 422
    assert drafted() == []


def test_the_end_stays_within_the_task_it_is_a_part_of(signed_in, world):
    whole = a_task(world, due=date(2018, 6, 30))
    page = draft(signed_in(world.binh), world, parent_id=str(whole.id), **{UNTIL: "31-12-2018"})
    assert "30-6-2018" in error_at(page.text, UNTIL)


def test_a_duty_is_drafted_without_a_day_and_sent_with_its_first_task(signed_in, world):
    office = signed_in(world.binh)
    saved = draft(
        office,
        world,
        coordinators=[str(world.district.id)],
        rest_rule="before",
        **{UNTIL: "31-12-2018"},
    )
    assert saved.status_code == 303
    (duty,) = drafted()
    assert (duty.due_on, duty.due_kind, duty.first_due_on) == (None, "recurring", None)
    assert (str(duty.repeats_until_on), duty.rest_rule) == ("2018-12-31", RestRule.BEFORE)
    assert "Nhiệm vụ của kỳ đầu được lập khi giao" in text_of(office.get(f"/tasks/{duty.id}").text)
    office.submit(f"/tasks/{duty.id}/send", f"/tasks/{duty.id}/send", words="Theo quy chế.")
    (one,) = occurrences(duty)
    assert str(one.due_on) == "2018-04-13"
    edited = office.submit(
        f"/tasks/{duty.id}/edit", f"/tasks/{duty.id}/edit", **{UNTIL: "30-9-2018"}
    )
    assert edited.status_code == 303
    db.session.rollback()
    assert (
        str(db.session.get_one(Task, duty.id, populate_existing=True).repeats_until_on)
        == "2018-09-30"
    )
    assert "Nội dung sửa: Lặp lại đến hết ngày." in text_of(office.get(f"/tasks/{duty.id}").text)


def test_words_that_no_longer_come_round_have_no_end(signed_in, world):
    office = signed_in(world.binh)
    duty = a_duty(world)
    address = f"/tasks/{duty.id}/edit"
    assert is_shown(office.get(address).text)
    saved = office.submit(address, address, due_words="hết quý II-2018")
    assert saved.status_code == 303, text_of(saved.text)
    (task,) = drafted()
    assert (task.repeats_until_on, task.rest_rule, str(task.due_on)) == (None, None, "2018-06-30")


@pytest.fixture
def lived(world):
    """A duty of four periods: one done on time, one late, one cancelled, one open."""
    duty = a_duty(world, on=date(2018, 1, 10), coordinators=[world.district])
    daily(date(2018, 1, 10), TODAY)
    january, february, march, _april = occurrences(duty)
    for one, day in ((january, date(2018, 1, 30)), (february, date(2018, 3, 6))):
        one.state, one.handed_in_on, one.done_on = State.DONE, day, day
    march.state = State.CANCELLED
    db.session.commit()
    return duty


def periods_on(html: str) -> list[tuple[str, str]]:
    rows = [e for e in parse(html)[0].iter("tr") if e.get("data-task")]
    return [(r.get("data-state", ""), r.get("data-timeliness", "")) for r in rows]


def test_the_page_of_a_duty_tells_how_it_goes_and_what_comes_next(signed_in, world, lived):
    page = signed_in(world.an).get(f"/tasks/{lived.id}").text
    words = text_of(page)
    assert periods_on(page) == [
        ("assigned", "in-time"), ("cancelled", "overdue"), ("done", "late"), ("done", "on-time"),
    ]  # fmt: skip
    assert "1/2 kỳ đúng hạn" in words
    assert (
        "Kỳ tới: tháng 5-2018, thời hạn 31-5-2018; nhiệm vụ của kỳ được lập ngày 1-5-2018." in words
    )
    assert "Đơn vị phối hợp của từng kỳ" in words
    assert "Huyện ủy Suối Đá" in words
    assert "Nộp kết quả" not in words
    english = text_of(signed_in(world.an).get(f"/tasks/{lived.id}?lang=en").text)
    assert "Next period: May 2018, due 31 May 2018; its task is made on 1 May 2018." in english


def test_from_period_to_period_there_is_a_way(signed_in, world, lived):
    january, february, march, _april = occurrences(lived)
    page = signed_in(world.an).get(f"/tasks/{february.id}").text
    links = {e.get("rel"): e.get("href") for e in parse(page)[0].iter("a") if e.get("rel")}
    assert links == {"prev": f"/tasks/{january.id}", "next": f"/tasks/{march.id}"}
    duty = [e.get("href") for e in parse(page)[0].iter("a") if e.get("data-duty")]
    assert duty == [f"/tasks/{lived.id}"]


def test_cards_say_when_the_next_period_falls_due_and_call_no_period_a_unit(
    signed_in, world, lived
):
    page = signed_in(world.binh).get("/board").text
    card = next(e for e in parse(page)[0].iter("article") if e.get("id") == f"task-{lived.id}")
    assert "kỳ tới 30-4-2018" in " ".join(card.itertext())
    assert "đơn vị xong" not in page


def test_closing_names_what_is_still_open_and_cancelling_what_goes_along(signed_in, world, lived):
    office = signed_in(world.binh)
    closing = text_of(office.get(f"/tasks/{lived.id}/close").text)
    assert "Các kỳ sau chưa hoàn thành." in closing
    assert "Báo cáo định kỳ – tháng 4-2018" in closing
    assert "tháng 1-2018" not in closing
    assert "cũng hủy theo" in text_of(office.get(f"/tasks/{lived.id}/cancel").text)


def test_a_co_ordinator_sees_the_duty_and_works_in_its_periods(signed_in, world):
    duty = a_duty(world, on=TODAY, coordinators=[world.district])
    mai = signed_in(world.mai)
    assert mai.get(f"/tasks/{duty.id}").status_code == 200
    (one,) = occurrences(duty)
    line = db.session.scalars(select(Task).where(Task.parent_id == one.id)).one()
    pattern = db.session.scalars(
        select(Task).where(Task.parent_id == duty.id, Task.tie == Tie.LINE)
    ).one()
    home = mai.get("/").text
    assert f'data-task="{line.id}"' in home
    assert f'data-task="{pattern.id}"' not in home
    assert mai.get(f"/tasks/{pattern.id}").status_code == 404


def test_long_duties_show_their_newest_periods_first_and_all_on_request(signed_in, world):
    duty = a_duty(world, "hằng tuần", on=date(2017, 8, 1))
    tick(TODAY)
    an = signed_in(world.an)
    assert len(periods_on(an.get(f"/tasks/{duty.id}").text)) == 24
    assert len(periods_on(an.get(f"/tasks/{duty.id}?all=1").text)) == len(occurrences(duty)) == 37


def test_an_ended_or_resting_duty_says_so(signed_in, world):
    over = a_duty(world, until=date(2018, 4, 30), on=TODAY)
    resting = a_duty(world, on=TODAY)
    move(world, resting, Verb.HOLD)
    office = signed_in(world.binh)
    assert "Đã lập nhiệm vụ của kỳ cuối." in text_of(office.get(f"/tasks/{over.id}").text)
    assert "Đang tạm dừng" in text_of(office.get(f"/tasks/{resting.id}").text)
    told = db.session.scalars(select(Event.kind).where(Event.task_id == over.id)).all()
    assert Kind.RECURRED in told
