"""The status pages as their reader meets them: whose figures, which day, which deadline, what has changed."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from tests.conftest import Queries
from tests.pages import choose, client_of, filled, parse
from tests.reading import error_at, rows_of, text_of, vietnamese_unmarked
from tests.worlds import (
    AT,
    MADE_AT,
    TODAY,
    a_document,
    a_line,
    a_plan,
    a_task,
    a_world,
    doer,
    tasks,
)
from tracker.db import db
from tracker.history.actions import record
from tracker.history.models import Kind
from tracker.policy import Verb
from tracker.reports.models import Look
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Task
from tracker.tasks.moves import image_of, move

LATE = TODAY - timedelta(days=3)


@pytest.fixture
def office(app, world):
    return client_of(app).sign_in(world.binh.email)


def numbers(html: str) -> dict[str, int]:
    found = re.findall(r'<a href="([^"]+)" data-count="(\d+)"', html)
    return {unescape(address): int(count) for address, count in found}


def in_history(world, task: Task, at=AT) -> None:
    """Write down that a task has changed, as whoever changed it would have."""
    record(Kind.EDITED, by=doer(world.binh), at=at, image=image_of(task))
    db.session.commit()


def test_extensions_are_counted_by_unit_and_shown_by_either_deadline(world, office):
    slipped: dict[str, Any] = {"slips": 2, "due": TODAY + timedelta(days=5), "first_due_on": LATE}
    a_task(world, **slipped)
    a_task(world, lead=world.division, assigner=world.commission, slips=1, due=TODAY)
    a_task(world, due=TODAY)
    html = office.get("/status").text
    text = " ".join(re.sub("<[^>]+>", " ", html).split())
    assert "1 lần 1 1 2 lần 1 2 Tổng cộng 2 3" in text
    assert "Đã gia hạn 2 trên tổng số 3 nhiệm vụ được tính ở đây." in text
    opened = numbers(html)
    assert opened["/status/tasks?extended=all&cell=overdue"] == 0
    assert opened["/status/tasks?due=first&extended=all&cell=overdue"] == 1
    of_division = f"/status/tasks?unit={world.division.id}&extended=all"
    assert opened[of_division] == 1
    listed = office.get(of_division).text
    assert "Nhiệm vụ đã gia hạn" in listed
    assert "Đã gia hạn 1 lần" in listed
    assert office.get("/status/tasks?extended=9").status_code == 404


# --- figures -------------------------------------------------------------------------------------------


def test_every_number_on_a_status_page_opens_exactly_that_many_tasks(world, office, app):
    late = a_task(world, due=LATE, coordinators=[world.district, world.town])
    a_task(world, state=State.DONE, due=LATE, done_on=None)
    a_task(world, state=State.SUBMITTED, due=TODAY)
    a_task(world, lead=world.division, assigner=world.commission, plan_id=None)
    late.due_on, late.slips = TODAY, 1
    in_history(world, late)
    client = client_of(app, checks=False).sign_in(world.binh.email)
    pages = ["/status?due=first&by=quarter", "/status?on=2018-03-31"]
    pages += [f"/status?unit={world.commission.id}", f"/status?document={world.document.id}"]
    opened: dict[str, int] = {}
    for page in pages:
        opened |= numbers(office.get(page).text)
    some = [address for address, count in opened.items() if count]
    nought = [address for address, count in opened.items() if not count]
    assert len(some) > 50
    for address in [*some, *nought[::20]]:
        html = client.get(f"{address}&all=1").text
        assert f'data-total="{opened[address]}"' in html, address
        assert len(set(re.findall(r' data-task="(\d+)"', html))) == opened[address], address


def test_the_original_deadline_can_be_asked_for(world, office):
    task = a_task(world, due=LATE)
    task.due_on, task.slips = TODAY + timedelta(days=30), 1
    in_history(world, task)
    by_now, by_first = (numbers(office.get(f"/status{q}").text) for q in ("", "?due=first"))
    assert by_now["/status/tasks?cell=overdue"] == 0
    assert by_first["/status/tasks?due=first&cell=overdue"] == 1
    assert "theo thời hạn ban đầu" in text_of(office.get("/status?due=first").text)


def test_a_co_ordinator_s_lateness_falls_on_its_own_account(world, office):
    task = a_task(world, state=State.DONE, due=LATE, done_on=LATE)
    a_line(world, task, world.district, state=State.ASSIGNED)
    a_line(world, task, world.town, state=State.DONE, done_on=LATE)
    text = text_of(office.get("/status").text)
    assert "100% chủ trì: đúng hạn, trên số nhiệm vụ đã đến hạn: 1 / 1" in text
    assert "50% phối hợp: đúng hạn, trên số phần việc đã đến hạn: 1 / 2" in text
    district = text_of(office.get(f"/status?unit={world.district.id}").text)
    assert "0% phối hợp: đúng hạn, trên số phần việc đã đến hạn: 0 / 1" in district


def test_what_may_not_be_seen_is_in_no_figure(world, app):
    a_task(world, lead=world.elsewhere, assigner=world.elsewhere, due=LATE, plan_id=None)
    mine = a_task(world, lead=world.district, due=LATE)
    a_task(world, due=LATE)
    member = client_of(app).sign_in(world.nam.email)
    assert numbers(member.get("/status").text)["/status/tasks?cell=overdue"] == 1
    assert rows_of(member.get("/status/tasks?cell=overdue").text) == {mine.id}
    stranger = client_of(app).sign_in(world.khanh.email)
    assert "Chưa có nhiệm vụ trong phạm vi này nên chưa có số liệu." in text_of(
        stranger.get("/status").text
    )


def test_what_is_not_there_or_not_seen_is_not_found(world, office):
    elsewhere = a_document("Nghị quyết", issuer=world.elsewhere)
    hidden = a_plan("Kế hoạch", world.elsewhere, document=elsewhere)
    wrong = [f"plan={hidden.id}", f"document={elsewhere.id}", "unit=0", "document=0", "plan=x"]
    for query in [*wrong, "unit=99999", "unit=-1", "plan=9999999999"]:
        assert office.get(f"/status?{query}").status_code == 404, query
        assert office.get(f"/status/tasks?{query}").status_code == 404, query
    for query in ("cell=none", "of=x", "age=2", "waits=x", "change=x", "on=2030-01-01"):
        assert office.get(f"/status/tasks?{query}").status_code == 404, query


# --- days ----------------------------------------------------------------------------------------------


def test_the_future_is_refused_in_words_and_so_is_no_day_at_all(world, office):
    a_task(world)
    for typed, why in (
        ("2018-04-11", "Ngày này chưa đến. Chỉ có số liệu đến hôm nay."),
        ("31-2-2018", "Không có ngày này. Nhập lại, ví dụ 10-4-2018."),
        ("1-1-0001", "Không có ngày này. Nhập lại, ví dụ 10-4-2018."),
        ("hôm qua", "Không có ngày này. Nhập lại, ví dụ 10-4-2018."),
    ):
        answer = office.get(f"/status?on={typed}")
        assert answer.status_code == 422
        assert error_at(answer.text, "filter-on") == why
        assert f'value="{typed}"' in answer.text
    assert office.get("/status?due=second").status_code == 422
    assert office.get("/status?on=9-4-2018").status_code == 200


def test_a_day_before_history_begins_is_told_plainly(world, office):
    a_task(world)
    text = text_of(office.get("/status?on=2018-03-10").text)
    assert (
        "Đến ngày 10-3-2018 hệ thống chưa ghi nhận gì: lịch sử bắt đầu từ ngày 11-3-2018." in text
    )
    assert 'data-count="' not in office.get("/status?on=2018-03-10").text


def test_a_past_day_lists_its_tasks_and_says_which_day_it_speaks_of(world, office):
    task = a_task(world, state=State.IN_PROGRESS, due=date(2018, 3, 31))
    move(task, Verb.CLOSE, by=doer(world.binh), at=AT, day=TODAY, words="Đã xong")
    db.session.commit()
    then = office.get("/status/tasks?on=2018-04-09&cell=overdue")
    assert rows_of(then.text) == {task.id}
    assert "Các nhiệm vụ này nằm trong số liệu ngày 9-4-2018." in text_of(then.text)
    assert "Không có nhiệm vụ nào ở đây." in text_of(office.get("/status/tasks?cell=overdue").text)
    figures = numbers(office.get("/status").text)
    assert figures["/status/tasks?on=2018-03-31&cell=in-time"] == 1
    assert figures["/status/tasks?cell=late"] == 1


# --- since the last look ---------------------------------------------------------------------------------


def test_what_has_changed_since_the_last_look_is_told_and_listed(any_app):
    with any_app.app_context():
        world = a_world()
        see_what_has_changed(world, client_of(any_app).sign_in(world.binh.email))


def see_what_has_changed(world, office):
    done, moved, led, still = tasks(world, 4, state=State.IN_PROGRESS, due=TODAY)
    late = a_task(world, due=TODAY - timedelta(days=1), title="Việc sẽ quá hạn")
    assert "Chưa đánh dấu lần xem nào." in text_of(office.get("/status").text)
    assert office.submit("/status", "/status/looks").status_code == 303
    look = db.session.get_one(Look, (world.binh.id, ""))
    look.at = AT - timedelta(days=1)  # yesterday, when one of them was not late yet
    db.session.commit()
    move(done, Verb.CLOSE, by=doer(world.binh), at=AT, day=TODAY, words="xong")
    moved.due_on, moved.slips = TODAY + timedelta(days=5), 1
    in_history(world, moved)
    led.lead_id = world.district.id
    in_history(world, led)
    entered = a_task(world, title="Việc mới", due=TODAY)
    found = {
        change: rows_of(office.get(f"/status/tasks?change={change}").text)
        for change in ("entered", "done", "overdue", "moved", "reassigned")
    }
    assert found == {
        "entered": {entered.id},
        "done": {done.id},
        "overdue": {late.id},
        "moved": {moved.id},
        "reassigned": {led.id},
    }
    counted = numbers(office.get("/status").text)
    assert [counted[f"/status/tasks?change={change}"] for change in found] == [1] * 5
    assert still.id not in set().union(*found.values())


def test_what_comes_while_the_page_is_read_is_still_news_after_it_is_marked(world, office):
    (task,) = tasks(world, 1, state=State.IN_PROGRESS, due=TODAY)
    form = filled(choose(parse(office.get("/status").text)[0], "/status/looks", {}))
    move(task, Verb.CLOSE, by=doer(world.binh), at=AT, day=TODAY, words="xong")
    db.session.commit()
    assert office.post("/status/looks", data=form).status_code == 303
    assert rows_of(office.get("/status/tasks?change=done").text) == {task.id}


def test_a_unit_is_told_what_was_taken_from_it_and_a_look_is_one_s_own(world, office, app):
    task = a_task(world, lead=world.district, due=TODAY)
    page = f"/status?unit={world.district.id}"
    office.submit(page, "/status/looks")
    task.lead_id = world.town.id
    in_history(world, task)
    change = f"/status/tasks?unit={world.district.id}&change=reassigned"
    assert numbers(office.get(page).text)[change] == 1
    leader = client_of(app).sign_in(world.dung.email)
    assert "Chưa đánh dấu lần xem nào." in text_of(
        leader.get("/status?unit=" + str(world.town.id)).text
    )
    office.submit(f"/status?unit={world.town.id}", "/status/looks")
    assert rows_of(office.get(change).text) == {task.id}, "each scope has a look of its own"


# --- how they are made ----------------------------------------------------------------------------------


def test_an_english_page_marks_what_is_vietnamese(world, office):
    a_task(world, due=LATE, coordinators=[world.district])
    for page in ("/status", f"/status?document={world.document.id}", "/status/tasks"):
        html = office.get(f"{page}{'&' if '?' in page else '?'}lang=en").text
        assert vietnamese_unmarked(html) == []


def test_the_picture_has_words_and_a_table_beside_it(world, office):
    a_task(world, due=LATE)
    html = office.get("/status").text
    picture = html[
        html.index('<svg class="chart"') : html.index("</svg>", html.index('class="chart"'))
    ]
    assert "<title" in picture
    assert "10-4-2018: 1." in re.sub(r"\s+", " ", picture[picture.index("<desc") :])
    assert html.index("Số liệu diễn biến") > html.index("</desc>")


def test_a_page_costs_the_same_with_one_task_and_with_two_hundred(world, app, queries: Queries):
    client = client_of(app, checks=False).sign_in(world.binh.email)
    pages = ["/status", f"/status?unit={world.commission.id}", "/status?on=2018-04-01"]
    pages += [f"/status?document={world.document.id}", "/status/tasks?cell=overdue&all=1"]
    client.get("/status")  # what is kept for ever is kept by then
    counts: list[list[int]] = []
    units = [world.district, world.town]
    for number in (1, 60):
        for n in range(number):
            plan = a_plan(f"Kế hoạch {n}", world.province, document=world.document)
            a_task(
                world, due=LATE, plan_id=plan.id, lead=units[n % 2], coordinators=[units[n % 2 - 1]]
            )
            in_history(world, a_task(world, plan_id=plan.id, state=State.SUBMITTED), MADE_AT)
        counts.append([cost(client, queries, page) for page in pages])
    assert counts[1] == counts[0]
    client.get("/status")
    with queries.counting():
        client.get("/status")
    assert len(queries) <= 10, "nothing has happened since, so nothing is counted again"


def cost(client, queries: Queries, page: str) -> int:
    """Return how many queries a page takes when everything has to be counted again."""
    for kept in ("memory", "pasts"):
        client.application.extensions.pop(kept, None)
    with queries.counting():
        assert client.get(page).status_code == 200
    return len(queries)
