"""What is overdue: in the order in which it presses, by unit or plan, with totals that can be counted again."""

from datetime import date, timedelta

from sqlalchemy import select

from tests.pages import client_of, parse
from tests.reading import rows_of, text_of, vietnamese_unmarked
from tests.worlds import (
    AT,
    TODAY,
    a_child,
    a_draft,
    a_line,
    a_plan,
    a_seat,
    a_task,
    a_world,
    doer,
    me,
    tasks,
    waits_for,
)
from tracker.committees.models import Role
from tracker.db import db
from tracker.policy import Verb
from tracker.reports.chart import Step
from tracker.reports.figures import figures
from tracker.reports.grid import Part
from tracker.reports.scopes import Scope
from tracker.requests import actions as requests
from tracker.requests import extensions
from tracker.requests.extensions import Wish
from tracker.requests.limits import Case
from tracker.reviews.overdue import Account, By, listing, totals
from tracker.tasks.actions import Due
from tracker.tasks.cards import cell_of
from tracker.tasks.lifecycle import OPEN, UNCOUNTED, State, Tie
from tracker.tasks.models import Ask, Task
from tracker.tasks.queries import place_of
from tracker.tasks.standings import standings
from tracker.tasks.timeliness import Timeliness


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def order_of(page) -> list[int]:
    return [int(e.get("data-task", "")) for e in parse(page.text)[0].iter() if e.get("data-task")]


def groups_of(page) -> list[str]:
    return [" ".join("".join(e.itertext()).split()) for e in parse(page.text)[0].iter("h2")]


def row_of(page, task) -> str:
    found = [e for e in parse(page.text)[0].iter("article") if e.get("id") == f"task-{task.id}"]
    return " ".join("".join(found[0].itertext()).split())


# --- which, in which order -----------------------------------------------------------------------------


def test_the_worst_unit_comes_first_and_in_it_the_worst_task(world, signed_in):
    other = a_task(world, lead=world.district, due=ago(5))
    mild, worst = a_task(world, due=ago(2)), a_task(world, due=ago(9))
    page = signed_in(world.binh).get("/overdue")
    assert order_of(page) == [worst.id, mild.id, other.id]
    units = [name for name in groups_of(page) if "Hải Sơn" in name or "Suối Đá" in name]
    assert [name.partition(": ")[2] for name in units] == [
        "Ban Tổ chức Tỉnh ủy Hải Sơn",
        "Huyện ủy Suối Đá",
    ]


def test_by_plan_each_plan_stands_once_and_what_has_none_apart(world, signed_in):
    plan = a_plan("Kế hoạch nhân sự", world.province)
    first = a_task(world, due=ago(9), plan_id=plan.id)
    second = a_task(world, lead=world.district, due=ago(8))
    third = a_task(world, due=ago(7), plan_id=None)
    page = signed_in(world.binh).get("/overdue?by=plan")
    assert order_of(page) == [first.id, second.id, third.id]
    assert groups_of(page)[-3:] == [
        "Kế hoạch nhân sự",
        "Kế hoạch sắp xếp tổ chức",
        "Không thuộc kế hoạch",
    ]


def test_a_late_hand_in_counts_until_the_day_it_came(world, signed_in):
    handed_in = a_task(world, due=ago(9), state=State.SUBMITTED, handed_in_on=ago(6))
    working = a_task(world, due=ago(4))
    in_time = a_task(world, due=ago(4), state=State.SUBMITTED, handed_in_on=ago(4))
    page = signed_in(world.binh).get("/overdue")
    assert order_of(page) == [working.id, handed_in.id]
    assert in_time.id not in order_of(page)
    assert "quá hạn 3 ngày" in row_of(page, handed_in)


def test_everybody_finds_what_they_may_see_and_not_more(world, signed_in):
    own = a_task(world, due=ago(3))
    others = a_task(world, lead=world.town, due=ago(3))
    a_task(world, lead=world.elsewhere, assigner=world.elsewhere, due=ago(3))
    seen = {
        name: set(order_of(signed_in(getattr(world, name)).get("/overdue")))
        for name in ("binh", "dung", "an", "chi", "oanh", "giang", "khanh")
    }
    both = {own.id, others.id}
    assert seen == {
        "binh": both,
        "dung": both,
        "giang": both,
        "an": {own.id},
        "chi": {own.id},
        "oanh": {others.id},
        "khanh": set(),
    }


def naive(person) -> dict[str, int]:
    """Count again, row by row, by the words of the model."""
    seen = [t for t in db.session.scalars(select(Task)) if standings(me(person), place_of(t))]
    parents = {t.parent_id for t in db.session.scalars(select(Task)) if t.tie is Tie.FANOUT}
    counted = [
        t for t in seen if t.state not in UNCOUNTED and not t.is_line and t.id not in parents
    ]
    late = [t for t in counted if t.state in OPEN and cell_of(t, TODAY) is Timeliness.OVERDUE]
    done = [t for t in counted if t.state is State.DONE and t.due_on]
    lines = [t for t in seen if t.is_line and t.state in OPEN]
    late_lines = [t for t in lines if cell_of(t, TODAY) is Timeliness.OVERDUE]
    return {"overdue": len(late), "fell_due": len(late) + len(done), "lines": len(late_lines)}


def test_the_totals_are_those_of_counting_row_by_row(world):
    for state in State:
        for lead in (world.commission, world.district, world.province, world.elsewhere):
            for due in (ago(4), TODAY, None):
                a_task(world, state=state, lead=lead, due=due, coordinators=[world.town])
    parent = a_task(world, due=ago(2))
    a_child(world, parent, world.district, due=ago(2))
    a_child(world, parent, world.town, due=ago(2), state=State.DONE)
    a_seat(world.district, Role.OBSERVER, world.chi)
    for name in ("an", "binh", "chi", "dung", "giang", "ha", "khanh", "mai", "nam", "oanh"):
        person = getattr(world, name)
        found = totals(me(person), TODAY)
        assert found._asdict() == naive(person), name
        status = figures(me(person), Scope(), Step.MONTH, TODAY)
        assert found.overdue == status.grid.part(Part.OVERDUE), name
        assert found.fell_due == status.grid.part(Part.FELL_DUE), name
        assert found.lines == status.lines.part(Part.OVERDUE), name


def test_every_number_leads_to_exactly_that_many_tasks(world, signed_in):
    tasks(world, 3, due=ago(2))
    a_task(world, lead=world.district, due=ago(1), coordinators=[world.town])
    a_task(world, state=State.DONE, due=ago(1))
    office = signed_in(world.binh)
    for path in ("/overdue", "/overdue?by=plan", "/overdue?of=lines"):
        page = parse(office.get(path).text)[0]
        links = {a.get("href"): a.get("data-count") for a in page.iter("a") if a.get("data-count")}
        assert len(links) >= 4
        for link, count in links.items():
            target = office.get(link).text
            total = [e.get("data-total") for e in parse(target)[0].iter() if e.get("data-total")]
            assert (total or ["0"])[0] == count, link
            assert len(rows_of(target)) == int(count or 0), link


def test_the_figures_above_say_how_many_of_how_many(world, signed_in):
    tasks(world, 2, due=ago(2))
    a_task(world, state=State.DONE, due=ago(1))
    assert "2 quá hạn trên 3 nhiệm vụ đã đến hạn" in text_of(
        signed_in(world.binh).get("/overdue").text
    )


def test_what_is_counted_follows_every_move_at_once(world):
    task = a_task(world, due=ago(2))
    assert list(listing(me(world.binh), TODAY).ids) == [task.id]
    requests.move(task, Verb.CANCEL, by=doer(world.binh), at=AT, words="Thôi")
    db.session.commit()
    assert list(listing(me(world.binh), TODAY).ids) == []
    assert totals(me(world.binh), TODAY).overdue == 0


# --- what a row says ------------------------------------------------------------------------------------


def test_a_row_says_how_late_who_blocks_and_what_was_said_last(world, signed_in):
    task = a_task(world, due=ago(10), slips=2, coordinators=[world.district, world.town])
    needed = a_task(world, "Số liệu biên chế", lead=world.town)
    waits_for(task, needed)
    client = signed_in(world.chi)
    client.submit(f"/tasks/{task.id}", f"/tasks/{task.id}/notes", words="Đang chờ số liệu.")
    words = row_of(signed_in(world.binh).get("/overdue"), task)
    for expected in (
        "quá hạn 10 ngày",
        "quá hạn 7 ngày làm việc",
        "Đã gia hạn 2 lần",
        "Đang chờ số liệu. (10-4-2018)",
        "Chậm phối hợp: Huyện ủy Suối Đá; Thị ủy Cửa Lũy",
        "Chờ: Số liệu biên chế",
        "Đang chờ tại Ban Tổ chức Tỉnh ủy Hải Sơn từ ngày 11-3-2018",
    ):
        assert expected in words


def test_the_last_word_is_the_present_leads_own(world, signed_in):
    task = a_task(world, due=ago(3))
    signed_in(world.chi).submit(
        f"/tasks/{task.id}", f"/tasks/{task.id}/notes", words="Của đơn vị cũ."
    )
    path = f"/tasks/{task.id}/lead"
    office = signed_in(world.binh)
    office.submit(path, path, lead_id=str(world.district.id), words="Đúng địa bàn")
    words = row_of(office.get("/overdue"), task)
    assert "Của đơn vị cũ." not in words
    assert "Đơn vị chủ trì chưa ghi tiến độ" in words
    assert "Đang chờ tại Huyện ủy Suối Đá từ ngày 10-4-2018" in words


def test_a_hand_in_lies_with_its_judge_who_accepts_it_on_the_spot(world, signed_in):
    task = a_task(world, due=ago(9), state=State.SUBMITTED, handed_in_on=ago(1))
    office = signed_in(world.binh)
    words = row_of(office.get("/overdue"), task)
    assert "Đang chờ tại Tỉnh ủy Hải Sơn từ ngày 9-4-2018" in words
    assert "Đôn đốc" not in words
    page = office.get("/overdue")
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    fields = {"csrf_token": token, "back": "/overdue", "version": task.version}
    answer = office.post(f"/tasks/{task.id}/accept", data=fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/overdue")
    assert rows_of(office.get("/overdue").text) == set()


def test_the_steps_of_a_row_are_those_the_policy_allows_and_that_fit(world, signed_in):
    task = a_task(world, due=ago(3))
    links = {
        name: {
            a.get("href", "").partition("?")[0].rpartition("/")[2]
            for a in parse(signed_in(getattr(world, name)).get("/overdue").text)[0].iter("a")
            if a.get("href", "").startswith(f"/tasks/{task.id}/")
        }
        for name in ("binh", "dung", "giang", "chi", "an")
    }
    assert links == {
        "binh": {"urging", "explanation-request", "lead"},
        "dung": {"urging", "explanation-request", "lead"},
        "giang": set(),
        "chi": set(),
        "an": {"extension-request"},
    }


def test_a_leader_above_who_did_not_assign_may_write_but_not_change_the_lead(world, signed_in):
    task = a_task(world, due=ago(3), lead=world.division, assigner=world.commission)
    page = signed_in(world.binh).get("/overdue").text
    assert f"/tasks/{task.id}/urging" in page
    assert f"/tasks/{task.id}/lead" not in page


def test_letters_sent_are_told_with_their_receipts(world, signed_in):
    task = a_task(world, due=ago(3))
    office, path = signed_in(world.binh), f"/tasks/{task.id}/urging"
    office.submit(path, path)
    page = office.get("/overdue")
    assert "Đôn đốc lần 1 ngày 10-4-2018, chưa xác nhận" in row_of(page, task)
    assert "Đôn đốc lần 2…" in row_of(page, task)
    signed_in(world.chi).submit("/", f"/tasks/{task.id}/acknowledgement")
    assert "Đôn đốc lần 1 ngày 10-4-2018, trả lời ngày 10-4-2018" in row_of(
        office.get("/overdue"), task
    )


# --- the other accounts -----------------------------------------------------------------------------------


def test_late_lines_stand_on_their_own_account(world, signed_in):
    task = a_task(world, due=TODAY)
    line = a_line(world, task, world.district, due=ago(6))
    office = signed_in(world.binh)
    page = office.get("/overdue")
    assert rows_of(page.text) == set()
    assert "1 phần việc phối hợp quá hạn" in text_of(page.text)
    assert order_of(office.get("/overdue?of=lines")) == [line.id]


def test_assignments_without_a_receipt_are_listed(world, signed_in):
    task = a_draft(world, "Khảo sát", due=TODAY)
    sent_at = AT - timedelta(days=5)
    requests.move(task, Verb.SEND, by=doer(world.binh), at=sent_at)
    db.session.commit()
    a_task(world, due=ago(1))
    text = text_of(signed_in(world.binh).get("/overdue").text)
    assert "Chưa tiếp nhận sau 2 ngày làm việc" in text
    assert "giao ngày 5-4-2018" in text
    assert "Chưa tiếp nhận" not in text_of(signed_in(world.an).get("/overdue").text)


def test_where_nothing_is_overdue_it_says_so_and_how_much_comes(world, signed_in):
    a_task(world, due=TODAY + timedelta(days=1))
    text = text_of(signed_in(world.binh).get("/overdue").text)
    assert "Tính đến ngày 10-4-2018 không có nhiệm vụ quá hạn. Sắp đến hạn: 1." in text


# --- long lists -------------------------------------------------------------------------------------------


def test_a_hundred_rows_a_page_and_all_on_one(world, signed_in):
    tasks(world, 104, due=ago(4))
    a_task(world, lead=world.district, due=ago(2))
    office = signed_in(world.binh)
    first, second = office.get("/overdue"), office.get("/overdue?page=2")
    assert (len(order_of(first)), len(order_of(second))) == (100, 5)
    assert len(set(order_of(first)) | set(order_of(second))) == 105
    assert 'data-total="105"' in first.text
    assert len(order_of(office.get("/overdue?all=1"))) == 105
    assert len(order_of(office.get("/overdue?page=99"))) == 5
    assert len(order_of(office.get(f"/overdue?unit={world.district.id}"))) == 1
    for nonsense in ("unit=abc", "unit=" + "9" * 30, "by=x&of=y&page=-1", "plan=%00"):
        assert office.get(f"/overdue?{nonsense}").status_code == 200


def test_the_list_asks_as_often_for_200_rows_as_for_one(world, signed_in, queries):
    def grow(count):
        for task in tasks(world, count, due=ago(4), coordinators=[world.town]):
            waits_for(task, first)

    first = a_task(world, due=ago(9), coordinators=[world.town])
    grow(1)
    office = signed_in(world.binh)
    for _ in range(2):
        with queries.counting():
            office.get("/overdue?all=1")
    few = len(queries)
    grow(200)
    office.get("/overdue?all=1")
    with queries.counting():
        office.get("/overdue?all=1")
    assert len(queries) == few


def test_in_english_only_names_and_what_was_said_are_vietnamese(world, signed_in):
    task = a_task(world, due=ago(3), coordinators=[world.town])
    signed_in(world.chi).submit(f"/tasks/{task.id}", f"/tasks/{task.id}/notes", words="Đang làm.")
    office = signed_in(world.binh)
    for path in ("/overdue", "/overdue?by=plan", "/overdue?of=lines"):
        page = office.get(path + ("&" if "?" in path else "?") + "lang=en")
        assert not vietnamese_unmarked(page.text)


def test_the_list_is_read_on_every_database(any_app):
    with any_app.app_context():
        world = a_world()
        task = a_task(world, due=ago(3), slips=1, coordinators=[world.town])
        asker = me(world.binh)
        assert list(listing(asker, TODAY, By.PLAN).ids) == [task.id]
        assert len(listing(asker, TODAY, By.UNIT, Account.LINES).ids) == 1
        email = world.binh.email
    assert rows_of(client_of(any_app).sign_in(email).get("/overdue").text) == {task.id}


# --- more time ---------------------------------------------------------------------------------------


def asks_more_time(world, task, until=TODAY + timedelta(days=30)) -> Ask:
    wish = Wish(Due("date", f"{until.day}-{until.month}-{until.year}", until, until), "Vì", "Nửa")
    case = Case(task.state, task.due_on, task.slips, most=2)
    ask = extensions.ask(task, wish, case=case, by=doer(world.an), at=AT)
    db.session.commit()
    return ask


def test_a_row_tells_of_the_wish_for_more_time_and_is_not_urged_meanwhile(world, signed_in):
    task = a_task(world, due=ago(3), slips=1)
    asks_more_time(world, task)
    office = signed_in(world.binh)
    page = office.get("/overdue")
    told = row_of(page, task)
    assert (
        "Đã đề nghị gia hạn đến 10-5-2018; đang chờ tại Tỉnh ủy Hải Sơn từ ngày 10-4-2018" in told
    )
    assert "Đã gia hạn 1 lần" in told
    assert f"/tasks/{task.id}/extension?" in page.text
    assert f"/tasks/{task.id}/urging" not in page.text
    form = office.get(f"/tasks/{task.id}/urging")
    assert "cần trả lời đề nghị đó trước" in text_of(form.text)
    together = office.get(f"/overdue/urgings?row={task.id}")
    assert "cần trả lời đề nghị đó trước" in text_of(together.text)
    english = row_of(office.get("/overdue?lang=en"), task)
    assert "More time asked for, until 10 May 2018: on the desk of" in english
    assert "Extended once" in english


def test_once_it_is_refused_the_row_may_be_urged_again(world, signed_in):
    task = a_task(world, due=ago(3))
    ask = asks_more_time(world, task)
    extensions.refuse(ask, task, "Không", by=doer(world.binh), at=AT)
    db.session.commit()
    page = signed_in(world.binh).get("/overdue").text
    assert f"/tasks/{task.id}/urging" in page
