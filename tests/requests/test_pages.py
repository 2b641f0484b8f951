"""The pages of extensions: asked with the words of officials, decided in three ways, twice, late, by two at once."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.pages import choose, filled, parse
from tests.reading import error_at, text_of, vietnamese_unmarked
from tests.worlds import AT, TODAY, a_child, a_line, a_person, a_seat, a_task, a_unit
from tracker.committees.models import Role
from tracker.db import db
from tracker.history.actions import Doer, record
from tracker.history.models import Event, Kind
from tracker.rules.actions import put
from tracker.rules.queries import RULES
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Ask, AskKind, Task

SOON = TODAY + timedelta(days=3)
LATE = TODAY - timedelta(days=10)
WISH = {"words": "Chờ số liệu", "result": "Xong hai xã"}


@pytest.fixture
def task(world):
    """A task that falls due in three days."""
    return a_task(world, "Lập đề án", due=SOON)


def request_of(task) -> str:
    return f"/tasks/{task.id}/extension-request"


def decision_of(task) -> str:
    return f"/tasks/{task.id}/extension"


def ask(client, task, due_words="15-5-2018", **fields):
    path = request_of(task)
    return client.submit(path, path, due_words=due_words, **WISH | fields)


def decide(client, task, decision, **fields):
    path = decision_of(task)
    return client.submit(path, path, decision=decision, **fields)


def again() -> None:
    """Read anew what requests have changed."""
    db.session.rollback()
    db.session.expire_all()


def wishes() -> list[Ask]:
    again()
    chosen = select(Ask).where(Ask.kind == AskKind.EXTENSION).order_by(Ask.id)
    return list(db.session.scalars(chosen))


def fresh(task) -> Task:
    again()
    return db.session.scalars(select(Task).where(Task.id == task.id)).one()


def limit(**rules) -> None:
    """Let the organisation have rules of its own."""
    put(RULES, rules)
    record(Kind.RULE_EDITED, by=Doer(), at=AT)
    db.session.commit()


# --- asked -------------------------------------------------------------------------------------------


def test_a_wish_is_read_asked_and_shown_with_all_that_the_decision_needs(signed_in, world, task):
    answer = ask(signed_in(world.an), task, "hết quý II-2018")
    assert (answer.status_code, answer.location) == (303, f"/tasks/{task.id}")
    (wish,) = wishes()
    assert (wish.proposed_words, wish.proposed_on) == ("hết quý II-2018", date(2018, 6, 30))
    shown = text_of(signed_in(world.binh).get(f"/tasks/{task.id}").text)
    for words in (
        "hết quý II-2018 (30-6-2018)",
        "Chờ số liệu",
        "Xong hai xã",
        "13-4-2018",
        "Lê Thị An",
        "Đang chờ tại Tỉnh ủy Hải Sơn",
        "Số lần gia hạn 0 lần, tối đa 2 lần",
    ):
        assert words in shown, words


PHRASES = {
    "31-2-2018": "",
    "thường xuyên": "",
    "hằng tháng": "",
    "tính đến 30-6-2018": "",
    "sắp tới": "",
    "9-4-2018": "9-4-2018",
    "10-4-2018": "",
    "13-4-2018": "13-4-2018",
    "12-4-2018": "13-4-2018",
    "1-6-2018": "31-5-2018",
    "": "",
    "x" * 201: "",
}


def test_words_that_give_no_later_day_within_the_whole_are_refused_and_kept(signed_in, world):
    whole = a_task(world, due=date(2018, 5, 31))
    task = a_child(world, whole, world.district, due=SOON)
    client = signed_in(world.mai)
    for phrase, named in PHRASES.items():
        answer = ask(client, task, phrase)
        assert answer.status_code == 422, phrase
        assert error_at(answer.text, "due_words"), phrase
        assert named in error_at(answer.text, "due_words") or named == "9-4-2018", phrase
        assert phrase in answer.text
        assert "Chờ số liệu" in answer.text
    assert wishes() == []


def test_words_without_a_year_and_in_english_are_read(signed_in, world):
    for phrase, day in (("hết quý II", date(2018, 6, 30)), ("end of May 2018", date(2018, 5, 31))):
        task = a_task(world, due=SOON)
        assert ask(signed_in(world.an), task, phrase).status_code == 303
        assert wishes()[-1].proposed_on == day


def test_reason_and_result_are_asked_for(signed_in, world, task):
    answer = ask(signed_in(world.an), task, words="", result="")
    assert answer.status_code == 422
    assert "để người giao quyết định được" in error_at(answer.text, "words")
    assert error_at(answer.text, "result")
    assert "15-5-2018" in answer.text


def test_a_deadline_is_only_read_where_that_is_asked(signed_in, world, task):
    answer = ask(signed_in(world.an), task, "hết quý II-2018", words="", check="due_words")
    assert answer.status_code == 200
    assert "30-6-2018" in text_of(answer.text)
    assert "Xong hai xã" in answer.text
    assert wishes() == []


def test_a_second_press_is_told_of_the_first(signed_in, world, task):
    client, path = signed_in(world.an), request_of(task)
    form = {"version": task.version, "due_words": "15-5-2018"} | WISH
    token = client.get(path).text.split('name="csrf_token" value="')[1].split('"')[0]
    answers = [client.post(path, data=form | {"csrf_token": token}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 409]
    assert "đang chờ" in text_of(answers[1].text)
    assert "15-5-2018" in text_of(answers[1].text)
    assert len(wishes()) == 1


def test_a_stale_form_keeps_what_was_typed(signed_in, world, task):
    client, path = signed_in(world.an), request_of(task)
    answer = client.submit(path, path, version="77", due_words="15-5-2018", **WISH)
    assert answer.status_code == 409
    assert "Chờ số liệu" in answer.text
    assert client.post(path, data=dict(_filled(answer.text))).status_code == 303


def _filled(html):
    return filled(choose(parse(html)[0], None, {"due_words": ""}))


def test_the_limit_names_itself_and_whom_to_turn_to(signed_in, world):
    task = a_task(world, due=SOON, slips=2)
    client, path = signed_in(world.an), request_of(task)
    words = "Nhiệm vụ đã gia hạn 2 lần, hết số lần cho phép. Báo cáo trực tiếp Tỉnh ủy Hải Sơn"
    assert words in text_of(client.get(path).text)
    assert words in text_of(client.get(f"/tasks/{task.id}").text)
    form = {"version": task.version, "due_words": "15-5-2018"} | WISH
    token = client.get("/").text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(path, data=form | {"csrf_token": token})
    assert answer.status_code == 409
    assert words in text_of(answer.text)
    assert "Chờ số liệu" in answer.text


def test_after_expiry_it_stays_overdue_until_it_is_decided(signed_in, world):
    task = a_task(world, due=LATE)
    client = signed_in(world.an)
    assert "vẫn tính quá hạn cho đến khi có ý kiến" in text_of(client.get(request_of(task)).text)
    ask(client, task)
    page = signed_in(world.binh).get(f"/tasks/{task.id}").text
    assert 'data-timeliness="overdue"' in page
    assert "vẫn tính quá hạn" in text_of(page)
    decide(signed_in(world.binh), task, "grant")
    assert 'data-timeliness="in-time"' in client.get(f"/tasks/{task.id}").text


def test_an_organisation_may_allow_none_after_expiry_or_none_at_all(signed_in, world):
    late, task = a_task(world, due=LATE), a_task(world, due=SOON)
    limit(asks_after_expiry=False)
    client = signed_in(world.an)
    assert "due_words" not in client.get(request_of(late)).text
    assert "due_words" in client.get(request_of(task)).text
    limit(most_extensions=0)
    assert "due_words" not in client.get(request_of(task)).text
    limit(most_extensions=None)
    task.slips = 7
    db.session.commit()
    assert ask(client, task).status_code == 303


def test_where_nobody_stands_above_the_deadline_is_adjusted_directly(signed_in, world):
    root = a_unit("Tỉnh ủy Một Mình")
    tam = a_person("Ngô Văn Tám")
    a_seat(root, Role.CHAIR, tam)
    task = a_task(world, lead=root, assigner=root, due=SOON)
    client = signed_in(tam)
    page = client.get(request_of(task))
    assert page.status_code == 200
    assert "due_words" not in page.text
    assert "điều chỉnh trực tiếp" in text_of(page.text)


def test_who_may_not_ask_is_told_so_and_who_may_not_see_finds_nothing(signed_in, world, task):
    for person, status in ((world.chi, 403), (world.binh, 403), (world.ha, 404)):
        assert signed_in(person).get(request_of(task)).status_code == status
    for person, status in ((world.an, 403), (world.chi, 403), (world.ha, 404), (world.dung, 200)):
        assert signed_in(person).get(decision_of(task)).status_code == status


# --- withdrawn ---------------------------------------------------------------------------------------


def test_the_lead_withdraws_its_wish_once(signed_in, world, task):
    client, path = signed_in(world.an), f"/tasks/{task.id}/extension-withdrawal"
    ask(client, task)
    before = client.get(f"/tasks/{task.id}").text
    assert client.submit(f"/tasks/{task.id}", path).status_code == 303
    form = dict(_form(before, path))
    second = client.post(path, data=form)
    assert second.status_code == 409
    assert "Lê Thị An đã rút đề nghị này" in text_of(second.text)
    assert ask(client, task).status_code == 303
    assert len(wishes()) == 2


def _form(html, action):
    return filled(choose(parse(html)[0], action, {}))


def test_a_wish_withdrawn_while_it_is_decided_is_said_to_be(signed_in, world, task):
    lead, office = signed_in(world.an), signed_in(world.binh)
    ask(lead, task)
    form = dict(_form(office.get(decision_of(task)).text, decision_of(task)))
    lead.submit(f"/tasks/{task.id}", f"/tasks/{task.id}/extension-withdrawal")
    form |= {"decision": "refuse", "words": "Giữ hạn đã định"}
    answer = office.post(decision_of(task), data=form)
    assert answer.status_code == 409
    assert "Lê Thị An đã rút đề nghị này" in text_of(answer.text)
    assert "Giữ hạn đã định" in answer.text
    assert wishes()[0].answer is None


# --- decided -----------------------------------------------------------------------------------------


def test_granted_as_asked_from_the_task_in_one_press(signed_in, world, task):
    ask(signed_in(world.an), task)
    office, path = signed_in(world.binh), f"/tasks/{task.id}"
    answer = office.submit(path, decision_of(task), decision="grant")
    assert answer.status_code == 303
    page = text_of(office.get(path).text)
    assert (
        "Đồng ý điều chỉnh thời hạn thành 15-5-2018. Đây là lần gia hạn thứ 1; thời hạn ban"
        " đầu: 13-4-2018." in page
    )
    assert re.search("13-4-2018.{1,9}15-5-2018", page.partition("Lịch sử thay đổi")[2])
    assert (fresh(task).due_on, fresh(task).slips) == (date(2018, 5, 15), 1)


def test_nothing_is_chosen_for_whoever_decides(signed_in, world, task):
    ask(signed_in(world.an), task)
    page = signed_in(world.binh).get(decision_of(task)).text
    assert " checked" not in page
    assert signed_in(world.binh).get(f"{decision_of(task)}?decision=lottery").status_code == 200
    answer = decide(signed_in(world.binh), task, None)
    assert answer.status_code == 422
    assert error_at(answer.text, "decision")


def test_another_date_and_its_reason(signed_in, world, task):
    ask(signed_in(world.an), task)
    office = signed_in(world.binh)
    for words in ("", "1-4-2018", "13-4-2018", "31-2-2018", "sắp tới"):
        answer = decide(office, task, "other", due_words=words, words="Gấp")
        assert (answer.status_code, "Gấp" in answer.text) == (422, True), words
        assert error_at(answer.text, "due_words"), words
    assert decide(office, task, "other", due_words="30-4-2018", words="Gấp").status_code == 303
    said = text_of(office.get(f"/tasks/{task.id}").text)
    assert "Không chấp nhận thời hạn 15-5-2018; thời hạn mới là 30-4-2018. Lý do: Gấp" in said
    assert fresh(task).due_words == "30-4-2018"


def test_a_day_that_would_not_count_is_not_passed_over(signed_in, world, task):
    ask(signed_in(world.an), task)
    for decision in ("grant", "refuse"):
        answer = decide(signed_in(world.binh), task, decision, due_words="30-4-2018", words="Vì")
        assert answer.status_code == 422
        assert error_at(answer.text, "due_words")
    assert fresh(task).due_on == SOON


def test_a_refusal_needs_its_reason(signed_in, world, task):
    ask(signed_in(world.an), task)
    office = signed_in(world.binh)
    assert error_at(decide(office, task, "refuse").text, "words")
    assert decide(office, task, "refuse", words="Giữ hạn").status_code == 303
    said = text_of(office.get(f"/tasks/{task.id}").text)
    assert "Không đồng ý gia hạn. Thời hạn vẫn là 13-4-2018. Lý do: Giữ hạn" in said
    assert "Đề nghị gia hạn trước đây" in said


def test_a_long_reason_fits_the_next_page(signed_in, world, task):
    ask(signed_in(world.an), task)
    reason = "".join(chr(0x4E00 + number * 7 % 20_000) for number in range(5_000))
    office = signed_in(world.binh)
    assert decide(office, task, "refuse", words=reason).status_code == 303
    shown = office.get(f"/tasks/{task.id}").text
    assert f"{reason[:199]}…" in shown
    assert reason in shown


def test_of_two_who_decide_the_second_learns_who_when_and_what(signed_in, world, task):
    ask(signed_in(world.an), task)
    office, leader = signed_in(world.binh), signed_in(world.dung)
    form = dict(_form(leader.get(decision_of(task)).text, decision_of(task)))
    decide(office, task, "grant")
    form |= {"decision": "refuse", "words": "Không được kéo dài"}
    answer = leader.post(decision_of(task), data=form)
    assert answer.status_code == 409
    said = text_of(answer.text)
    assert "Đề nghị này đã được Phan Văn Bình trả lời lúc" in said
    assert "đồng ý gia hạn đến 15-5-2018" in said
    assert "Không được kéo dài" in answer.text
    assert (fresh(task).slips, wishes()[0].granted) == (1, True)


def test_a_task_changed_meanwhile_is_looked_at_again(signed_in, world, task):
    ask(signed_in(world.an), task)
    office = signed_in(world.binh)
    form = dict(_form(office.get(decision_of(task)).text, decision_of(task)))
    signed_in(world.chi).submit(f"/tasks/{task.id}", f"/tasks/{task.id}/notes", words="Đã trình")
    form |= {"decision": "refuse", "words": "Giữ hạn đã định"}
    answer = office.post(decision_of(task), data=form)
    assert (answer.status_code, "Giữ hạn đã định" in answer.text) == (409, True)
    assert "Đã trình" in text_of(answer.text)
    once_more = dict(_form(answer.text, decision_of(task)))
    assert office.post(decision_of(task), data=once_more).status_code == 303


def test_handed_in_meanwhile_it_lapses_and_the_page_says_so(signed_in, world, task):
    lead, office = signed_in(world.an), signed_in(world.binh)
    ask(lead, task)
    form = dict(_form(office.get(decision_of(task)).text, decision_of(task)))
    lead.submit(f"/tasks/{task.id}/hand-in", f"/tasks/{task.id}/hand-in")
    answer = office.post(decision_of(task), data=form | {"decision": "grant"})
    assert answer.status_code == 409
    assert "không còn cần" in text_of(answer.text)
    assert (fresh(task).state, fresh(task).due_on) == (State.SUBMITTED, SOON)


def test_a_day_asked_for_that_has_become_impossible_is_said_at_the_decision(signed_in, world):
    whole = a_task(world, due=date(2018, 5, 31))
    part = a_child(world, whole, world.district, due=SOON)
    ask(signed_in(world.mai), part)
    whole.due_on = date(2018, 5, 1)
    db.session.commit()
    answer = decide(signed_in(world.an), part, "grant")
    assert answer.status_code == 422
    assert "1-5-2018" in error_at(answer.text, "decision")
    assert fresh(part).due_on == SOON


def test_parts_with_the_same_deadline_are_named_and_a_choice_is_asked_for(signed_in, world, task):
    line = a_line(world, task, world.district)
    ask(signed_in(world.an), task)
    office = signed_in(world.binh)
    page = office.get(f"/tasks/{task.id}").text
    assert f"{decision_of(task)}?decision=grant" in page
    answer = decide(office, task, "grant")
    assert answer.status_code == 422
    assert error_at(answer.text, "below")
    assert "Huyện ủy Suối Đá" in text_of(answer.text)
    assert decide(office, task, "grant", below="follow").status_code == 303
    assert (fresh(line).due_on, fresh(line).slips) == (date(2018, 5, 15), 1)


def test_my_work_and_overdue_name_it_and_lead_to_the_decision(signed_in, world):
    task = a_task(world, due=LATE)
    lead, office = signed_in(world.an), signed_in(world.binh)
    assert f"{request_of(task)}?back=/" in lead.get("/").text
    ask(lead, task)
    assert request_of(task) not in lead.get("/").text
    mine = office.get("/").text
    assert f"{decision_of(task)}?back=/" in mine
    assert "15-5-2018" in text_of(mine)
    row = text_of(office.get("/overdue").text)
    assert "15-5-2018" in row
    assert f"{decision_of(task)}?back=" in office.get("/overdue").text
    answer = office.submit(f"{decision_of(task)}?back=/", decision_of(task), decision="grant")
    assert answer.location == "/"
    assert decision_of(task) not in office.get("/").text


def test_pages_in_english_mark_what_is_vietnamese(signed_in, world, task):
    ask(signed_in(world.an), task)
    office = signed_in(world.binh)
    office.get("/?lang=en")
    for path in (f"/tasks/{task.id}", decision_of(task)):
        assert vietnamese_unmarked(office.get(path).text) == [], path
    lead = signed_in(world.an)
    lead.get("/?lang=en")
    assert vietnamese_unmarked(lead.get(request_of(task)).text) == []


def test_disabled_accounts_and_ids_of_nothing_find_no_way(signed_in, world, task):
    lead = signed_in(world.an)
    ask(lead, task)
    office = signed_in(world.binh)
    form = dict(_form(office.get(decision_of(task)).text, decision_of(task)))
    foreign = form | {"ask": "999999", "decision": "grant"}
    assert office.post(decision_of(task), data=foreign).status_code == 409
    assert office.post("/tasks/999999/extension", data=form).status_code == 404
    world.binh.disabled_at = world.binh.created_at
    db.session.merge(world.binh)
    db.session.commit()
    answer = office.post(decision_of(task), data=form | {"decision": "grant"})
    assert answer.location.startswith("/sign-in")
    assert wishes()[0].answered_at is None


def test_who_sits_on_both_sides_asks_and_decides_and_both_are_told(signed_in, world):
    task = a_task(world, lead=world.standing, due=SOON)
    office = signed_in(
        world.binh
    )  # keeps the office of the province, and of the body that acts for it
    assert ask(office, task).status_code == 303
    assert decide(office, task, "grant").status_code == 303
    db.session.rollback()
    told = db.session.scalars(select(Event.kind).where(Event.task_id == task.id)).all()
    assert list(told)[-2:] == [Kind.EXTENSION_ASKED, Kind.EXTENDED]
