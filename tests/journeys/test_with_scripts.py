"""What a page gains where scripts run: dragging, keys, news without reloading, a server that is gone for a while."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Position, expect
from sqlalchemy import func, select

from tests.browsers import CDN, htmx, visit
from tests.databases import running, sqlite_url
from tests.journeys.cards import press, tally
from tests.servers import Live, free_port, served, wait_for
from tracker.db import db
from tracker.history.models import Event

EDGE: Position = {"x": 8, "y": 8}  # of a card, beside its links


@pytest.fixture
def board(scripted_page: Page, become) -> Page:
    """The board of the chair of the Organisation Commission, who may start task 14."""
    page = become(scripted_page, "ban-to-chuc")
    page.goto("/board")
    return page


def marked(card: Locator) -> Locator:
    """Put a mark on the element itself, which no answer of the server can carry."""
    card.evaluate("element => { element.mark = 'still the same element'; }")
    return card


def is_marked(card: Locator) -> bool:
    return bool(card.evaluate("element => element.mark === 'still the same element'"))


def test_a_move_touches_no_other_card_and_the_moved_one_keeps_the_focus(board: Page):
    bystander, scrolled_to = marked(board.locator("#task-5")), marked(board.locator("#board"))
    press(board, 14, "Bắt đầu thực hiện")
    expect(board.locator("#col-in_progress #task-14")).to_be_visible()
    expect(board.locator("#task-14 .card-title a")).to_be_focused()
    assert is_marked(bystander)
    assert is_marked(scrolled_to)


def test_a_card_is_dragged_to_the_column_of_its_next_state(board: Page):
    bystander, before = marked(board.locator("#task-5")), tally(board, "in_progress")
    board.locator("#task-14").drag_to(board.locator("#col-in_progress"), source_position=EDGE)
    expect(board.locator("#col-in_progress #task-14")).to_be_visible()
    expect(board.locator("#tally-in_progress")).to_have_text(str(before + 1))
    expect(board.locator("#flash")).to_contain_text("Đã bắt đầu thực hiện.")
    assert is_marked(bystander)


def test_a_card_dropped_where_it_cannot_go_stays_and_the_board_says_how_one_gets_there(board: Page):
    board.locator("#task-14").drag_to(board.locator("#col-returned"), source_position=EDGE)
    expect(board.locator("#flash")).to_contain_text("Trả lại")
    expect(board.locator("#flash")).to_contain_text("Chờ duyệt")
    expect(board.locator("#col-assigned #task-14")).to_be_visible()


def test_arrows_walk_the_board_and_m_opens_the_moves_of_a_card(board: Page):
    first = board.locator("#col-assigned .card-title a").first
    first.focus()
    board.keyboard.press("ArrowRight")
    expect(board.locator("#col-in_progress .card-title a").first).to_be_focused()
    board.keyboard.press("ArrowLeft")
    expect(first).to_be_focused()
    board.keyboard.press("ArrowDown")
    expect(board.locator("#col-assigned .card-title a").nth(1)).to_be_focused()
    board.locator("#task-14 .card-title a").focus()
    board.keyboard.press("m")
    expect(board.locator("#task-14").get_by_role("button", name="Bắt đầu")).to_be_focused()
    board.keyboard.press("Escape")
    expect(board.locator("#task-14 .card-moves summary")).to_be_focused()
    expect(board.locator("#task-14 .card-moves")).not_to_have_attribute("open", "")


def test_keys_are_letters_inside_a_field(board: Page):
    board.keyboard.press("/")
    expect(board.locator("[data-search]")).to_be_focused()
    board.keyboard.type("m/d")
    expect(board.locator("[data-search]")).to_have_value("m/d")


def test_somebody_elses_move_comes_without_reloading(scripted_page: Page, live, become):
    page = become(scripted_page, "office")
    page.clock.install()
    page.goto("/board")
    bystander, typed = marked(page.locator("#task-5")), page.locator("[data-search]")
    typed.fill("đang gõ")
    before = tally(page, "in_progress")
    live.clients["ban-to-chuc"].submit("/tasks/14/start", "/tasks/14/start")
    page.clock.fast_forward("00:30")
    expect(page.locator("#col-in_progress #task-14")).to_be_visible()
    expect(page.locator("#tally-in_progress")).to_have_text(str(before + 1))
    expect(typed).to_have_value("đang gõ")
    assert is_marked(bystander)


def test_a_board_left_open_beyond_the_sign_in_stays_until_it_is_used(
    scripted_page: Page, live, become
):
    page = become(scripted_page, "ban-to-chuc")
    page.clock.install()
    page.goto("/board")
    live.end_sign_ins("ban-to-chuc")
    with page.expect_response("**/board/changes*") as answer:
        page.clock.fast_forward("00:30")
    assert answer.value.status == 204
    press(page, 14, "Bắt đầu thực hiện")
    expect(page).to_have_url(re.compile(r"/sign-in\?next=/board"))


# --- a server that is gone --------------------------------------------------------------------------


def test_what_is_typed_outlives_a_server_that_is_gone_and_sending_again_has_one_effect(
    chrome: Browser, live, become
):
    port, words = free_port(), "Đã làm việc với 3 huyện, còn 5 huyện."
    url = f"http://127.0.0.1:{port}"
    with visit(chrome, Live(live.app, url), scripts=True) as page:
        live.let_in(page, "member", url)
        with served(live.app, port):
            page.goto("/tasks/39")
        page.fill("[name=words]", words)
        page.get_by_role("button", name="Lưu tiến độ").click()
        expect(page.get_by_text("Máy chủ không trả lời")).to_be_visible()
        expect(page.locator("[name=words]")).to_have_value(words)
        before = events(live)
        with served(live.app, port):
            again = page.get_by_role("button", name="Gửi lại")
            again.dblclick()
            expect(page.locator(".history li").first).to_contain_text(words)
            assert events(live) == before + 1


def events(live: Live) -> int:
    with live.app.app_context():
        return db.session.scalar(select(func.count()).select_from(Event)) or 0


# --- where htmx comes from --------------------------------------------------------------------------


def moves_in_place(page: Page) -> bool:
    """Move a card and tell whether the page stood still meanwhile."""
    page.goto("/board")
    wait_for(lambda: page.evaluate("Boolean(window.htmx)"))
    other = marked(page.locator("#task-5"))
    press(page, 14, "Bắt đầu thực hiện")
    expect(page.locator("#col-in_progress #task-14")).to_be_visible()
    return is_marked(other)


def test_where_the_cdn_cannot_be_reached_the_sites_own_copy_does_the_same(
    scripted_page: Page, become
):
    page = become(scripted_page, "ban-to-chuc")
    page.route(CDN, lambda route: route.abort())
    assert moves_in_place(page)


def test_a_cdn_that_sends_other_bytes_is_not_believed(chrome: Browser, live, become):
    context = chrome.new_context(base_url=live.url, locale="vi-VN")
    context.route(
        CDN,
        lambda route: route.fulfill(
            body=htmx() + b"\nwindow.tampered = true;",
            headers={"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"},
        ),
    )
    page = become(context.new_page(), "ban-to-chuc")
    assert moves_in_place(page)
    assert page.evaluate("window.tampered") is None
    context.close()


@pytest.fixture
def local(live, settings_for, chrome: Browser) -> Iterator[Page]:
    """A window on a site with TRACKER_HTMX=local, on the same rows."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = settings_for(sqlite_url(live.file), PUBLIC_URL=url, TRACKER_HTMX="local")
    with (
        running(settings) as app,
        served(app, port) as site,
        visit(chrome, site, scripts=True) as page,
    ):
        yield live.let_in(page, "ban-to-chuc", url)


def test_a_site_told_to_stay_local_asks_nobody_else(local: Page):
    asked: list[str] = []
    local.on("request", lambda request: asked.append(request.url))
    assert moves_in_place(local)
    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}
    assert any("htmx-2.min.js" in url for url in asked)


def test_the_first_load_of_the_board_is_under_60_kb_with_htmx(local: Page):
    weights: list[float] = []
    wire = local.context.new_cdp_session(local)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda done: weights.append(done["encodedDataLength"]))
    local.goto("/board", wait_until="networkidle")
    assert len(weights) >= 7  # page, four sheets, two scripts, icons
    assert sum(weights) < 60_000, weights
