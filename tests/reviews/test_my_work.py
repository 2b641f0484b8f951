"""My work: one screen with what presses first, each task once, and the next step beside it."""

from datetime import timedelta

from tests.pages import client_of, parse
from tests.reading import rows_of, text_of, vietnamese_unmarked
from tests.worlds import TODAY, a_draft, a_measure, a_task, a_world, tasks
from tracker.tasks.lifecycle import State


def in_days(days: int):
    return TODAY + timedelta(days=days)


def sections(client) -> dict[str, list[int]]:
    """The tasks of each section, in their order."""
    page = parse(client.get("/").text)[0]
    return {
        e.get("id", ""): [int(t.get("data-task", "")) for t in e.iter() if t.get("data-task")]
        for e in page.iter("section")
    }


def test_the_desk_of_a_chair_comes_in_the_order_in_which_it_presses(world, signed_in):
    late, later = a_task(world, due=in_days(-9)), a_task(world, due=in_days(-2))
    week = a_task(world, due=in_days(5), state=State.IN_PROGRESS)
    returned = a_task(world, state=State.RETURNED)
    rest = a_task(world, due=in_days(6))
    handed_in = a_task(world, state=State.SUBMITTED)
    judged = a_task(world, state=State.SUBMITTED, lead=world.division, assigner=world.commission)
    draft = a_draft(world, lead=world.division, assigner=world.commission)
    found = sections(signed_in(world.an))
    assert found == {
        "late": [late.id, later.id],
        "week": [week.id],
        "waiting": [judged.id],
        "returned": [returned.id],
        "drafts": [draft.id],
        "rest": [rest.id],
        "handed-in": [handed_in.id],
    }
    assert list(found) == ["late", "week", "waiting", "returned", "drafts", "rest", "handed-in"]


def test_the_office_finds_what_waits_for_the_verdict_of_its_units(world, signed_in):
    waiting = a_task(world, state=State.SUBMITTED, due=in_days(-3))
    draft = a_draft(world)
    a_task(world)  # another unit's
    assert sections(signed_in(world.binh)) == {"waiting": [waiting.id], "drafts": [draft.id]}


def test_a_member_finds_the_lines_and_tasks_of_the_unit_and_judges_nothing(world, signed_in):
    task = a_task(world, due=in_days(2), coordinators=[world.district])
    own = a_task(world, lead=world.district)
    a_task(world, lead=world.town, assigner=world.district, state=State.SUBMITTED)
    found = sections(signed_in(world.nam))
    assert set(found) == {"week", "rest"}
    assert found["rest"] == [own.id]
    assert found["week"] != [task.id]  # the line, not the task of another unit
    assert len(found["week"]) == 1


def test_what_is_over_is_on_no_desk(world, signed_in):
    for state in (State.DONE, State.CANCELLED):
        a_task(world, state=state)
    assert not sections(signed_in(world.an))


def test_an_observer_and_an_administrator_have_an_empty_desk(world, signed_in):
    a_task(world)
    for person in (world.giang, world.khanh):
        assert "Không có việc chờ xử lý." in text_of(signed_in(person).get("/").text)


def test_a_quiet_desk_names_what_falls_due_next(world, signed_in):
    a_task(world, "Việc để lâu", due=in_days(90))
    a_task(world, "Lập báo cáo quý", due=in_days(20))
    text = text_of(signed_in(world.an).get("/").text)
    assert "Việc đến hạn gần nhất: Lập báo cáo quý, 30-4-2018." in text


def test_the_figures_under_the_title_lead_to_their_sections(world, signed_in):
    tasks(world, 3, due=in_days(-1))
    page = parse(signed_in(world.an).get("/").text)[0]
    line = next(e for e in page.iter("p") if e.get("class") == "tally-line")
    links = {a.get("href"): "".join(a.itertext()) for a in line.iter("a")}
    assert links == {"#late": "3 Quá hạn"}


def test_one_press_starts_a_task_and_leads_back(world, signed_in):
    task = a_task(world)
    chair = signed_in(world.an)
    response = chair.submit("/", f"/tasks/{task.id}/start")
    assert response.status_code == 303
    assert response.headers["Location"] == "/"
    page = chair.get("/")
    assert f'data-task="{task.id}" data-state="in_progress"' in page.text
    assert "Đã bắt đầu thực hiện." in text_of(page.text)


def test_a_line_of_progress_is_written_without_leaving(world, signed_in):
    task = a_task(world, state=State.IN_PROGRESS)
    member = signed_in(world.chi)
    response = member.submit("/", f"/tasks/{task.id}/notes", words="Đã họp ba chi bộ.")
    assert response.status_code == 303
    assert response.headers["Location"] == "/"
    assert "Đã họp ba chi bộ." in member.get(f"/tasks/{task.id}").text


def test_what_needs_a_reason_is_a_way_to_its_form(world, signed_in):
    task = a_task(world, state=State.SUBMITTED)
    page = parse(signed_in(world.binh).get("/").text)[0]
    links = {a.get("href") for a in page.iter("a")}
    assert f"/tasks/{task.id}/return?back=/" in links


def test_a_member_is_offered_only_what_a_member_may_do(world, signed_in):
    task = a_task(world, state=State.ASSIGNED)
    html = signed_in(world.chi).get("/").text
    assert f'"/tasks/{task.id}/start"' in html
    assert f"/tasks/{task.id}/hand-in" not in html


def test_a_long_section_shows_a_hundred_and_leads_to_the_others(world, signed_in):
    tasks(world, 104, due=in_days(-4))
    html = signed_in(world.an).get("/").text
    assert len(rows_of(html)) == 100
    assert "/board?due=overdue" in html
    assert "Xem thêm 4 nhiệm vụ" in text_of(html)


def test_my_work_asks_the_database_as_often_for_60_tasks_as_for_one(world, signed_in, queries):
    a_measure(a_task(world, due=in_days(-1), coordinators=[world.district]), readings=[(1, TODAY)])
    chair = signed_in(world.an)
    chair.get("/")
    with queries.counting():
        chair.get("/")
    few = len(queries)
    tasks(world, 60, due=in_days(-1), coordinators=[world.town])
    chair.get("/")  # what is kept until something happens is worked out anew
    with queries.counting():
        chair.get("/")
    assert len(queries) == few


def test_in_english_only_names_and_titles_are_vietnamese_and_marked(world, signed_in):
    a_task(world, due=in_days(-2), coordinators=[world.district])
    a_task(world, state=State.SUBMITTED)
    assert not vietnamese_unmarked(signed_in(world.an).get("/?lang=en").text)


def test_the_desk_is_read_on_every_database(any_app):
    with any_app.app_context():
        world = a_world()
        late = a_task(world, due=in_days(-2))
        a_draft(world, lead=world.division, assigner=world.commission)
        email = world.an.email
    found = sections(client_of(any_app).sign_in(email))
    assert found["late"] == [late.id]
    assert set(found) == {"late", "drafts"}
