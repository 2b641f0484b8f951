"""Difficulties that go up: to the first level that can decide, further up, answered with a day, told at both ends."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.digests.desks import composed, letter_to
from tests.pages import choose, filled, parse
from tests.reading import text_of
from tests.worlds import TODAY, a_task
from tracker.db import db
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Ask, AskKind, Task

WORDS = "Chưa có kinh phí khảo sát; đề nghị bổ sung 20 triệu đồng."


@pytest.fixture
def task(world) -> Task:
    """A task that the division does for the commission."""
    return a_task(world, state=State.IN_PROGRESS, lead=world.division, assigner=world.commission)


def asked_of(task: Task) -> list[Ask]:
    db.session.rollback()
    found = select(Ask).where(Ask.task_id == task.id, Ask.kind == AskKind.DIFFICULTY)
    return list(db.session.scalars(found.order_by(Ask.id)))


def report(client, task: Task, words: str = WORDS):
    path = f"/tasks/{task.id}/difficulty"
    return client.submit(path, path, words=words)


def decide(client, task: Task, **fields):
    path = f"/tasks/{task.id}/difficulty/answer"
    return client.submit(path, path, **fields)


def test_it_goes_to_whoever_decides_and_from_there_up_until_it_is_answered(world, task, signed_in):
    lan, an, binh = signed_in(world.lan), signed_in(world.an), signed_in(world.binh)
    assert report(lan, task).status_code == 303
    assert [ask.to_unit_id for ask in asked_of(task)] == [world.commission.id]
    assert decide(an, task, decision="pass_up", words="Vượt thẩm quyền.").status_code == 303
    assert [ask.to_unit_id for ask in asked_of(task)][1:] == [world.province.id]
    by = f"{TODAY.day + 5}-{TODAY.month}-{TODAY.year}"
    answer = decide(binh, task, decision="answer", words="Đã bổ sung.", settled_on=by)
    assert answer.status_code == 303
    page = text_of(lan.get(f"/tasks/{task.id}").text)
    for told in (WORDS, "Vượt thẩm quyền.", "Đã bổ sung.", by, "trả lời ngày"):
        assert told in page
    first, last = asked_of(task)
    assert (first.granted, last.granted) == (None, True)
    assert last.granted_on == TODAY + timedelta(days=5)


def test_what_waits_stands_at_both_ends(world, task, signed_in):
    report(signed_in(world.lan), task)
    own = text_of(signed_in(world.lan).get("/").text)
    desk = text_of(signed_in(world.an).get("/").text)
    assert "chờ" in own
    assert "Khó khăn, vướng mắc: chờ" in own
    assert "Khó khăn, vướng mắc: chờ" in desk
    for person in (world.lan, world.an, world.binh):
        listed = text_of(signed_in(person).get("/difficulties").text)
        assert WORDS in listed
        assert "1 khó khăn, vướng mắc chờ giải quyết" in listed
        status = text_of(signed_in(person).get("/status").text)
        assert "1 khó khăn, vướng mắc chờ giải quyết" in status
    assert WORDS not in text_of(signed_in(world.ha).get("/difficulties").text)


def test_one_waits_at_a_time_and_the_second_press_changes_nothing(world, task, signed_in):
    lan, path = signed_in(world.lan), f"/tasks/{task.id}/difficulty"
    form = filled(choose(parse(lan.get(path).text)[0], path, {})) | {"words": WORDS}
    answers = [lan.post(path, data=form) for _press in range(2)]
    assert [answer.status_code for answer in answers] == [303, 409]
    assert WORDS in answers[1].text
    assert len(asked_of(task)) == 1


def test_it_can_be_withdrawn_and_raised_again(world, task, signed_in):
    lan = signed_in(world.lan)
    report(lan, task)
    ask = asked_of(task)[0].id
    path = f"/tasks/{task.id}"
    assert lan.submit(path, f"{path}/difficulty/withdrawal", ask=ask).status_code == 303
    assert report(lan, task, "Vẫn thiếu người.").status_code == 303
    assert [a.granted for a in asked_of(task)] == [False, None]


def test_who_decides_last_is_told_that_it_is_over(world, task, signed_in):
    lan, an = signed_in(world.lan), signed_in(world.an)
    report(lan, task)
    path = f"/tasks/{task.id}/difficulty/answer"
    form = filled(choose(parse(an.get(path).text)[0], path, {}))
    lan.submit(f"/tasks/{task.id}", f"/tasks/{task.id}/difficulty/withdrawal")
    late = an.post(path, data=form | {"decision": "answer", "words": "Đồng ý."})
    assert late.status_code == 409
    assert "không còn khó khăn" in text_of(late.text)
    assert "Đồng ý." in late.text
    assert asked_of(task)[0].granted is False


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"words": "Đồng ý."}, "Chọn một trong hai"),
        ({"decision": "answer"}, "Ghi nội dung trả lời"),
        ({"decision": "answer", "words": "Có.", "settled_on": "1-4-2018"}, "đã qua"),
        ({"decision": "pass_up", "settled_on": "20-4-2018"}, "cấp trên ghi"),
        ({"decision": "answer", "words": "Có.", "settled_on": "31-2-2018"}, "ngày"),
    ],
)
def test_an_answer_that_says_nothing_is_refused_and_kept(world, task, signed_in, fields, words):
    report(signed_in(world.lan), task)
    answer = decide(signed_in(world.an), task, **fields)
    assert answer.status_code == 422
    assert words in text_of(answer.text)
    assert asked_of(task)[0].answered_at is None


def test_an_empty_report_is_refused(world, task, signed_in):
    answer = report(signed_in(world.lan), task, "  ")
    assert answer.status_code == 422
    assert not asked_of(task)


def test_it_leaves_the_desk_with_its_task_and_comes_back_with_it(world, task, signed_in):
    report(signed_in(world.lan), task)
    an = signed_in(world.an)
    path = f"/tasks/{task.id}"
    an.submit(f"{path}/cancel", f"{path}/cancel", words="Không còn cần.")
    assert asked_of(task)[0].granted is False
    an.submit(path, f"{path}/undo")
    assert asked_of(task)[0].answered_at is None


def test_a_member_of_the_desk_reads_it_but_does_not_decide(world, task, signed_in):
    report(signed_in(world.lan), task)
    page = f"/tasks/{task.id}/difficulty/answer"
    assert signed_in(world.chi).get(page).status_code in {403, 404, 409}
    assert signed_in(world.ha).get(page).status_code == 404


def test_where_nobody_above_has_an_account_the_page_says_so(world, signed_in):
    alone = a_task(world, state=State.IN_PROGRESS, lead=world.elsewhere, assigner=world.elsewhere)
    ha = signed_in(world.ha)
    page = ha.get(f"/tasks/{alone.id}/difficulty")
    assert page.status_code == 200
    assert "báo cáo bằng văn bản" in text_of(page.text)


def test_who_reports_may_be_any_member_of_the_lead(world, signed_in):
    task = a_task(world, state=State.IN_PROGRESS)
    assert report(signed_in(world.chi), task).status_code == 303
    assert asked_of(task)[0].to_unit_id == world.province.id


def test_the_desk_is_told_in_its_digest_with_the_way_to_answer(app, world, task, signed_in):
    report(signed_in(world.lan), task)
    db.session.rollback()
    letter = letter_to(world.an)
    for told in (WORDS, "báo cáo khó khăn, vướng mắc", f"/tasks/{task.id}/difficulty/answer"):
        assert told in letter.text
    assert "/difficulty/answer" not in str(composed(world.lan, TODAY))
