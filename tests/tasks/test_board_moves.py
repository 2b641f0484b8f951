"""Moving cards on the board: only what changed is sent, what is refused says why, a quiet board costs nothing."""

import re
from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest

from tests.pages import client_of, parse
from tests.worlds import AT, TODAY, a_child, a_task, doer, tasks, waits_for
from tracker.db import db
from tracker.history.actions import record
from tracker.history.models import Kind
from tracker.policy import TABLE, Standing, Verb
from tracker.tasks.lifecycle import MOVES, State
from tracker.tasks.moves import image_of

HTMX = {"HX-Request": "true"}
POLL = HTMX | {"X-Poll": "1"}


@pytest.fixture
def chair(app, world):
    return client_of(app).sign_in(world.an.email)


@pytest.fixture
def office(app, world):
    return client_of(app).sign_in(world.binh.email)


def form_of(client, query: str = "") -> dict[str, str]:
    """What the form around the board sends along with any button."""
    page = parse(client.get(f"/board{query}").text)[0]
    form = next(e for e in page.iter("form") if e.get("id") == "board")
    return {e.get("name", ""): e.get("value", "") for e in form.iter("input")}


def press(client, task, move: str, version: int | None = None, query: str = ""):
    data = form_of(client, query) | {"version": str(version or task.version)}
    return client.post(f"/tasks/{task.id}/{move}", data=data, headers=HTMX)


def polled(client, seen: str, **headers: str):
    return client.get(f"/board/changes?{seen}", headers=POLL | headers)


def top(html: str) -> dict[str, Element]:
    """The parts of an answer that are swapped: where each goes, and what."""
    body = parse(html)[0].find("body")
    assert body is not None
    return {(e.get("hx-swap-oob") or "target") + "|" + (e.get("id") or ""): e for e in body}


def test_only_the_card_and_the_numbers_are_sent(world, chair):
    others = tasks(world, 5)
    task = a_task(world)
    response = press(chair, task, "start")
    assert response.status_code == 200
    assert re.findall(r'data-task="(\d+)"', response.text) == [str(task.id)]
    for other in others:
        assert f'id="task-{other.id}"' not in response.text
    parts = top(response.text)
    assert f"delete|slot-{task.id}" in parts
    assert "".join(parts["true|tally-in_progress"].itertext()) == "1"
    assert "".join(parts["true|tally-assigned"].itertext()) == "5"
    assert "Đã bắt đầu thực hiện." in "".join(parts["target|flash"].itertext())


def test_the_card_is_put_before_the_one_it_stands_before(world, chair):
    first, last = (
        a_task(world, state=State.IN_PROGRESS, due=TODAY + timedelta(days=days))
        for days in (20, 40)
    )
    between = a_task(world, due=TODAY + timedelta(days=30))
    html = press(chair, between, "start").text
    assert f'hx-swap-oob="beforebegin:#slot-{last.id}"' in html
    assert f"slot-{first.id}" not in html


def test_the_last_card_of_a_band_is_put_at_its_end(world, chair):
    a_task(world, state=State.IN_PROGRESS)  # another band follows
    task = a_task(world, due=TODAY + timedelta(days=30))
    html = press(chair, task, "start").text
    assert 'hx-swap-oob="beforeend:#cards-in_progress-in-time"' in html


def test_a_card_beyond_the_page_is_only_counted(world, chair):
    tasks(world, 100, state=State.IN_PROGRESS, due=TODAY)
    html = press(chair, a_task(world), "start").text
    assert "data-task" not in html
    assert ">101<" in html


def test_the_moved_card_takes_the_focus_where_it_can_be_seen(world, chair):
    task = a_task(world, state=State.RETURNED)
    assert "autofocus" in press(chair, task, "rework").text
    own = a_task(world, lead=world.commission, assigner=world.commission)
    finished = press(chair, own, "finish")
    assert finished.status_code == 200
    assert "autofocus" not in finished.text  # its column is folded


def test_a_filter_counts_what_it_shows(world, chair):
    tasks(world, 3, state=State.IN_PROGRESS)
    task = a_task(world, "Khảo sát cơ sở")
    parts = top(press(chair, task, "start", query="?q=khao+sat").text)
    assert "".join(parts["true|tally-in_progress"].itertext()) == "1"


def test_without_htmx_a_move_leads_back_to_the_same_board(world, chair):
    task = a_task(world)
    data = form_of(chair, "?due=unknown") | {"version": "1"}
    response = chair.post(f"/tasks/{task.id}/start", data=data)
    assert response.status_code == 303
    assert response.headers["Location"] == "/board?due=unknown"
    assert "Đã bắt đầu thực hiện." in chair.get("/board").text


def test_a_stale_card_comes_back_as_it_is_with_the_reason(world, chair):
    task = a_task(world)
    press(chair, task, "start")
    response = press(chair, task, "hand-in", version=1)
    assert response.status_code == 409
    assert "Người khác vừa sửa" in response.text
    assert f'data-task="{task.id}" data-state="in_progress"' in response.text


def test_what_still_waits_for_others_says_for_whom(world, office):
    need = a_task(world, "Khảo sát cơ sở")
    task = a_task(world, state=State.SUBMITTED)
    waits_for(task, need)
    response = press(office, task, "accept")
    assert response.status_code == 409
    assert "Khảo sát cơ sở" in response.text


def test_a_move_one_may_not_make_is_refused_in_words(app, world):
    task = a_task(world, state=State.SUBMITTED)
    member = client_of(app).sign_in(world.chi.email)
    response = press(member, task, "accept")
    assert response.status_code == 403
    assert 'class="said"' in response.text


def test_every_column_says_how_tasks_come_there(world, office):
    page = parse(office.get("/board").text)[0]
    refusals = {e.get("data-state"): e.get("data-refusal", "") for e in page.iter("details")}
    assert "Trả lại (cấp duyệt; từ Chờ duyệt)" in refusals["returned"]
    assert all(refusals[state] for state in State)


def test_cards_offer_the_moves_one_may_make_and_no_others(app, world):
    task = a_task(world, state=State.SUBMITTED)
    offers = {
        world.an: {"in_progress"},
        world.binh: {"done", "returned", "cancelled"},
        world.chi: set(),
        world.giang: set(),
    }
    for person, expected in offers.items():
        html = client_of(app).sign_in(person.email).get("/board").text
        article = next(e for e in parse(html)[0].iter() if e.get("id") == f"task-{task.id}")
        targets = {e.get("data-target-state") for e in article.iter() if e.get("data-target-state")}
        assert targets == expected, person.name


def test_kinship_gives_no_move():
    """Cards leave the parent out when they ask what one may do; that holds as long as this does."""
    assert not [verb for verb in (*MOVES, Verb.NOTE) if Standing.KIN in TABLE[verb]]


def test_a_button_of_the_board_needs_the_token_and_the_version(app, world, chair):
    task = a_task(world)
    assert chair.post(f"/tasks/{task.id}/start", data={"version": "1"}).status_code == 400
    assert chair.post("/board", data=form_of(chair)).status_code == 303


# --- live refresh ---------------------------------------------------------------------------------------


def test_nothing_new_is_answered_with_304(world, office):
    a_task(world)
    seen = form_of(office)["board"]
    first = polled(office, seen)
    assert first.status_code == 200
    assert "data-task" not in first.text
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = polled(office, seen, **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data


def test_a_compressed_answer_is_known_again(world, office):
    seen = form_of(office)["board"]
    first = polled(office, seen, **{"Accept-Encoding": "gzip"})
    tag = first.headers["ETag"].strip('"').partition(":")[0]
    assert polled(office, seen, **{"If-None-Match": f'"{tag}:gzip"'}).status_code == 304


def test_what_others_did_is_sent_once(world, chair, office):
    still, task = a_task(world), a_task(world)
    seen = form_of(office)["board"]
    tag = polled(office, seen).headers["ETag"]
    press(chair, task, "start")
    news = polled(office, seen, **{"If-None-Match": tag})
    assert news.status_code == 200
    assert re.findall(r'data-task="(\d+)"', news.text) == [str(task.id)]
    assert f"slot-{still.id}" not in news.text
    later = re.search(r'id="board-seen" value="([^"]+)"', news.text)
    assert later
    assert "data-task" not in polled(office, later[1].replace("&amp;", "&")).text


def test_a_card_that_is_gone_from_sight_is_taken_away(app, world, office):
    task = a_task(world, due=TODAY - timedelta(days=2))
    seen = form_of(office, "?due=overdue")["board"]
    press(client_of(app).sign_in(world.an.email), task, "hand-in")
    data = form_of(office) | {"version": "2"}
    office.post(f"/tasks/{task.id}/accept", data=data)
    html = polled(office, seen).text
    assert f'id="slot-{task.id}" hx-swap-oob="delete"' in html
    assert "data-task" not in html


def test_a_parent_is_sent_with_its_child(app, world, office):
    parent = a_task(world, lead=world.commission)
    child = a_child(world, parent, world.district)
    seen = form_of(office)["board"]
    mai = client_of(app).sign_in(world.mai.email)
    press(mai, child, "start")
    sent = set(re.findall(r'data-task="(\d+)"', polled(office, seen).text))
    assert sent == {str(parent.id), str(child.id)}


def test_what_one_may_not_see_is_no_news(app, world, office):
    seen = form_of(office)["board"]
    hidden = a_task(world, "Việc kín", lead=world.elsewhere, assigner=world.elsewhere)
    press(client_of(app).sign_in(world.ha.email), hidden, "start")
    html = polled(office, seen).text
    assert "Việc kín" not in html
    assert "data-task" not in html


def test_a_task_one_never_saw_is_not_taken_out_either(app, world, office):
    seen = form_of(office)["board"]
    hidden = a_task(world, "Việc kín", lead=world.elsewhere, assigner=world.elsewhere)
    press(client_of(app).sign_in(world.ha.email), hidden, "start")
    assert f"slot-{hidden.id}" not in polled(office, seen).text


def test_a_task_one_may_no_longer_see_is_taken_out(world, chair):
    task = a_task(world)
    seen = form_of(chair)["board"]
    task.lead_id = task.assigner_id = task.verdict_unit_id = world.elsewhere.id
    record(Kind.REASSIGNED, by=doer(world.binh), at=AT, image=image_of(task))
    db.session.commit()
    answer = polled(chair, seen)
    parts = top(answer.text) if "HX-Refresh" not in answer.headers else {}
    assert f"delete|slot-{task.id}" in parts or "HX-Refresh" in answer.headers


def test_on_another_day_the_page_is_read_again(world, office):
    seen = form_of(office)["board"].replace("2018-04-10", "2018-04-09")
    assert polled(office, seen).headers["HX-Refresh"] == "true"


def test_without_htmx_the_news_are_the_board_itself(world, office):
    response = office.get("/board/changes?since=1&q=khao")
    assert response.status_code == 303
    assert response.headers["Location"] == "/board?q=khao"
