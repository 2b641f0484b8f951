"""The pages of deadlines: set, adjusted, started by an event, listed where there is none; stale and impossible."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from tests.reading import error_at, text_of
from tests.worlds import AT, a_child, a_line, a_task, waits_for
from tracker.db import db
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Ask, AskKind, Task

MAY, LATER = date(2018, 5, 31), date(2018, 6, 15)
VAGUE: dict[str, Any] = {"due_kind": "vague", "due_words": "sớm", "first_due_words": "sớm"}
EVENT: dict[str, Any] = {
    "due_kind": "event",
    "due_words": "khi có hướng dẫn",
    "first_due_words": "khi có hướng dẫn",
}


def now_of(task) -> Task:
    db.session.rollback()
    return db.session.scalars(
        select(Task).where(Task.id == task.id).execution_options(populate_existing=True)
    ).one()


def token(client, path) -> str:
    return client.get(path).text.partition('name="csrf_token" value="')[2].partition('"')[0]


def page_of(task, path="deadline") -> str:
    return f"/tasks/{task.id}/{path}"


def test_an_agreed_day_is_adjusted_with_its_reason_and_told_from_day_to_day(signed_in, world):
    task = a_task(world, due=MAY)
    a_line(world, task, world.district)
    office = signed_in(world.binh)
    shown = text_of(office.get(page_of(task)).text)
    assert "Huyện ủy Suối Đá (31-5-2018)" in shown
    answer = office.submit(
        page_of(task), page_of(task), due_words="15-6-2018", words="Chờ kinh phí"
    )
    assert answer.status_code == 303
    assert now_of(task).due_on == LATER
    told = text_of(office.get(f"/tasks/{task.id}").text)
    assert "điều chỉnh thời hạn từ 31-5-2018 thành 15-6-2018" in told
    assert "Chờ kinh phí" in told
    assert "Thời hạn ban đầu: 31-5-2018" in told
    line = db.session.scalars(select(Task).where(Task.parent_id == task.id)).one()
    assert line.due_on == LATER
    assert "cùng nhiệm vụ chung" in text_of(office.get(f"/tasks/{line.id}").text)


def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(signed_in, world):
    top = a_task(world, due=MAY)
    task = a_child(world, top, world.district, tie=Tie.PART, assigner=world.province, due=MAY)
    deep = a_line(world, task, world.town)
    office, found = signed_in(world.binh), {}
    assert "31-5-2018" in text_of(office.get(page_of(task)).text)
    for words in ("9-4-2018", "15-6-2018", "31-5-2018", "sớm", "hằng tháng", "quý VI-2018", ""):
        answer = office.submit(page_of(task), page_of(task), due_words=words, words="Vì")
        assert answer.status_code == 422, words
        assert words in answer.text
        found[words] = error_at(answer.text, "due_words")
    assert found["9-4-2018"] == "Ngày này đã qua. Hôm nay là 10-4-2018."
    assert (
        found["15-6-2018"] == "Thời hạn đề nghị vượt quá thời hạn của nhiệm vụ chung (31-5-2018)."
    )
    assert all(found.values())
    short = office.submit(
        page_of(task), page_of(task), due_words="15-5-2018", words="Vì", below="keep"
    )
    assert short.status_code == 422
    assert "Thị ủy Cửa Lũy (31-5-2018)" in text_of(short.text)
    assert error_at(short.text, "below")
    silent = office.submit(page_of(task), page_of(task), due_words="15-5-2018", words="")
    assert (silent.status_code, bool(error_at(silent.text, "words"))) == (422, True)
    assert (now_of(task).due_on, now_of(deep).due_on, now_of(task).slips) == (MAY, MAY, 0)


def test_a_stale_page_an_open_request_and_a_finished_task_are_409(signed_in, world):
    task, asked = a_task(world, due=MAY), a_task(world, due=MAY)
    done = a_task(world, due=MAY, state=State.DONE)
    ask = Ask(kind=AskKind.EXTENSION, rung=0, task_id=asked.id, from_unit_id=asked.lead_id)
    ask.to_unit_id, ask.asked_at, ask.task_version = world.province.id, AT, asked.version
    ask.words, ask.result = "Thiếu người", "Được nửa"
    ask.proposed_kind, ask.proposed_words, ask.proposed_on = "date", "15-6-2018", LATER
    db.session.add(ask)
    db.session.commit()
    office = signed_in(world.binh)
    typed: dict[str, Any] = {"due_words": "15-6-2018", "words": "Vì chờ"}
    stale = office.submit(page_of(task), page_of(task), **typed, version=77)
    assert stale.status_code == 409
    assert "15-6-2018" in stale.text
    assert "Vì chờ" in stale.text
    waiting = office.get(page_of(asked))
    assert f'href="/tasks/{asked.id}/extension"' in waiting.text
    fields: dict[str, Any] = {
        "csrf_token": token(office, page_of(task)),
        "version": asked.version,
        **typed,
    }
    refused = office.post(page_of(asked), data=fields)
    assert refused.status_code == 409
    assert f'href="/tasks/{asked.id}/extension"' in refused.text
    assert office.post(page_of(done), data=fields | {"version": done.version}).status_code == 409
    assert {now_of(one).due_on for one in (task, asked, done)} == {MAY}


def test_only_who_decides_on_the_deadline_sets_it(signed_in, world):
    task = a_task(world, due=MAY)
    own = a_task(world, due=MAY, assigner=world.commission)
    found = {
        name: [signed_in(getattr(world, name)).get(page_of(one)).status_code for one in (task, own)]
        for name in ("binh", "dung", "an", "chi", "ha")
    }
    assert found == {
        "binh": [200, 200],
        "dung": [200, 200],
        "an": [403, 403],
        "chi": [403, 403],
        "ha": [404, 404],
    }


def test_what_a_deadline_waited_for_happened_on_a_day(signed_in, world):
    task = a_task(world, **EVENT)
    office = signed_in(world.binh)
    typed: dict[str, Any] = {"due_words": "trong 15 ngày làm việc", "happened_on": "9-4-2018"}
    for wrong in ("12-4-2018", "", "hôm nào"):
        answer = office.submit(
            page_of(task, "occasion"), page_of(task, "occasion"), **typed | {"happened_on": wrong}
        )
        assert answer.status_code == 422, wrong
        assert error_at(answer.text, "happened_on"), wrong
    assert (
        office.submit(page_of(task, "occasion"), page_of(task, "occasion"), **typed).status_code
        == 303
    )
    found = now_of(task)
    assert (found.starts_on, found.due_on) == (date(2018, 4, 9), date(2018, 5, 3))
    assert found.due_words == "trong 15 ngày làm việc kể từ ngày 9-4-2018"
    shown = text_of(office.get(f"/tasks/{task.id}").text)
    assert "Thời hạn ban đầu: khi có hướng dẫn" in shown
    assert office.get(page_of(task, "occasion")).status_code == 200
    again = office.post(
        page_of(task, "occasion"),
        data={"csrf_token": token(office, "/no-deadline"), "version": found.version, **typed},
    )
    assert again.status_code == 409


def test_the_list_groups_by_what_lacks_the_oldest_first(signed_in, world):
    vague = a_task(world, "Sớm", **VAGUE)
    older = a_task(world, "Cũ hơn", **VAGUE)
    older.created_at = AT - timedelta(days=60)
    db.session.commit()
    unstated, event = a_task(world, "Chưa nêu"), a_task(world, "Chờ", **EVENT)
    standing = a_task(
        world, "Thường xuyên", due_kind="ongoing", due_words="thường xuyên", review_days=30
    )
    a_line(world, vague, world.district, **VAGUE)
    a_task(world, "Có ngày", due=MAY)
    a_task(world, "Xong", state=State.DONE)
    a_task(world, "Dự thảo", state=State.DRAFT)
    page = signed_in(world.binh).get("/no-deadline")
    order = [int(part.split('"')[0]) for part in page.text.split('data-task="')[1:]]
    assert order == [older.id, vague.id, unstated.id, event.id, standing.id]
    assert "đã 30 ngày chưa cập nhật, chu kỳ cập nhật 30 ngày" in text_of(page.text)
    assert f"/tasks/{event.id}/occasion" in page.text
    assert f"/tasks/{vague.id}/occasion" not in page.text
    assert "Không có nhiệm vụ nào chờ ấn định thời hạn" in text_of(
        signed_in(world.chi).get("/no-deadline").text
    )


def test_a_date_is_given_in_the_row_and_an_error_stays_there(signed_in, world):
    task, other = a_task(world, "Sớm", **VAGUE), a_task(world, "Nữa", **VAGUE)
    office = signed_in(world.binh)
    row = {"back": "/no-deadline", "place": "list", "version": task.version}
    fields = row | {"csrf_token": token(office, "/no-deadline")}
    wrong = office.post(page_of(task), data=fields | {"due_words": "9-4-2018"})
    assert wrong.status_code == 422
    assert f'id="due-{task.id}-error"' in wrong.text
    assert f'id="due-{other.id}-error"' not in wrong.text
    assert 'value="9-4-2018"' in wrong.text
    right = office.post(page_of(task), data=fields | {"due_words": "hết quý II-2018"})
    assert (right.status_code, right.location) == (303, "/no-deadline")
    assert now_of(task).due_on == date(2018, 6, 30)


def test_many_get_one_date_and_those_that_do_not_fit_are_named(signed_in, world):
    first, second = a_task(world, "Một", **VAGUE), a_task(world, "Hai", **VAGUE)
    top = a_task(world, "Trên", due=MAY)
    bound = a_child(world, top, world.district, tie=Tie.PART, assigner=world.province, due=None)
    bound.title_vi = "Bị chặn"
    db.session.commit()
    office = signed_in(world.binh)
    rows = [f"{one.id}.{one.version}.0" for one in (first, bound, second)]
    fields: dict[str, Any] = {"csrf_token": token(office, "/no-deadline"), "row": rows}
    none = office.post("/no-deadline/together", data=fields | {"row": []})
    past = office.post("/no-deadline/together", data=fields | {"due_words": "9-4-2018"})
    assert (none.status_code, past.status_code) == (422, 422)
    assert past.text.count(" checked") == 3
    done = office.post("/no-deadline/together", data=fields | {"due_words": "30-6-2018"})
    assert done.status_code == 303
    shown = text_of(office.get("/no-deadline").text)
    assert "Bị chặn: Ngày này sau thời hạn của nhiệm vụ chung." in shown
    assert [now_of(one).due_on for one in (first, second, bound)] == [date(2018, 6, 30)] * 2 + [
        None
    ]
    assert (
        office.post("/no-deadline/together", data=fields | {"row": ["999.1.0"]}).status_code == 404
    )
    member = signed_in(world.an)
    fields["csrf_token"] = token(member, "/no-deadline")
    assert member.post("/no-deadline/together", data=fields).status_code == 403


def test_a_review_cycle_asks_the_lead_for_a_word(signed_in, world):
    def a_duty(cycle, **more):
        return a_task(
            world, due_kind="ongoing", due_words="thường xuyên", review_days=cycle, **more
        )

    due, early, dated = a_duty(30), a_duty(31), a_task(world, due=MAY, review_days=3)
    page = signed_in(world.an).get("/")
    section = page.text.split('id="review"')[1].split("</section>")[0]
    assert [one.id for one in (due, early, dated) if f'data-task="{one.id}"' in section] == [due.id]
    assert "đã 30 ngày chưa cập nhật, chu kỳ cập nhật 30 ngày" in text_of(page.text)
    chair = signed_in(world.an)
    chair.submit(f"/tasks/{due.id}", f"/tasks/{due.id}/notes", words="Vẫn làm đều")
    assert 'id="review"' not in chair.get("/").text


def test_the_cycle_is_set_with_the_task_and_has_its_limits(signed_in, world):
    task = a_task(world)
    office = signed_in(world.binh)
    found = {}
    for typed in ("0", "367", "ba mươi", "30", ""):
        answer = office.submit(page_of(task, "edit"), page_of(task, "edit"), review_days=typed)
        found[typed] = (answer.status_code, now_of(task).review_days)
    assert found == {
        "0": (422, None),
        "367": (422, None),
        "ba mươi": (422, None),
        "30": (303, 30),
        "": (303, None),
    }


def test_a_list_of_twenty_takes_as_many_queries_as_a_list_of_one(signed_in, world, queries):
    office = signed_in(world.binh)

    def count():
        with queries.counting():
            assert office.get("/no-deadline").status_code == 200
        return len(queries)

    waits_for(a_task(world, **VAGUE), a_task(world, due=MAY))
    one = count()
    for number in range(20):
        a_task(world, f"Việc {number}", **(VAGUE if number % 2 else EVENT))
    assert count() <= one + 1, "an event adds the query for nothing but itself"


def test_what_is_overdue_gets_one_new_date_with_its_reason(signed_in, world):
    first, second = (a_task(world, title, due=date(2018, 3, 30)) for title in ("Một", "Hai"))
    undated = a_task(world, "Trên", due=date(2018, 4, 20))
    bound = a_child(world, undated, world.district, tie=Tie.PART, assigner=world.province)
    bound.due_on = date(2018, 3, 30)
    db.session.commit()
    office = signed_in(world.binh)
    assert "/overdue/deadlines" in office.get("/overdue").text
    rows = [f"{one.id}.{one.version}.0" for one in (first, second, bound)]
    fields: dict[str, Any] = {"csrf_token": token(office, "/overdue"), "row": rows}
    asked = office.post("/overdue/deadlines", data=fields)
    assert asked.status_code == 200
    typed = fields | {"confirmed": "1", "due_words": "hết quý II-2018"}
    checked = office.post("/overdue/deadlines", data=typed | {"check": "due_words"})
    assert (checked.status_code, "30-6-2018" in text_of(checked.text)) == (200, True)
    silent = office.post("/overdue/deadlines", data=typed)
    assert (silent.status_code, bool(error_at(silent.text, "words"))) == (422, True)
    done = office.post("/overdue/deadlines", data=typed | {"words": "Theo kết luận họp"})
    assert done.status_code == 303
    assert "Trên: Ngày này sau thời hạn của nhiệm vụ chung." in text_of(office.get("/overdue").text)
    end = date(2018, 6, 30)
    assert [now_of(one).due_on for one in (first, second, bound)] == [end, end, date(2018, 3, 30)]
