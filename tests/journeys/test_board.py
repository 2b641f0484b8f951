"""Journeys on the board, with buttons alone: what it takes without JavaScript, and no less with it."""

from playwright.sync_api import Page, expect

from tests.journeys.cards import press, tally


def test_a_button_moves_a_card_to_its_column_and_the_numbers_follow(page: Page, live, become):
    become(page, "ban-to-chuc").goto("/board?q=tham+muu")
    assigned, under_way = tally(page, "assigned"), tally(page, "in_progress")
    press(page, 14, "Bắt đầu thực hiện")
    expect(page.locator("#col-in_progress #task-14")).to_be_visible()
    expect(page.locator("#task-14")).to_have_attribute("data-state", "in_progress")
    expect(page.locator("#flash")).to_contain_text("Đã bắt đầu thực hiện.")
    expect(page.locator("#tally-assigned")).to_have_text(str(assigned - 1))
    expect(page.locator("#tally-in_progress")).to_have_text(str(under_way + 1))
    expect(page).to_have_url(f"{live.url}/board?q=tham+muu")


def test_a_move_that_asks_for_a_reason_leads_to_its_form_and_back_to_the_board(
    page: Page, live, become
):
    become(page, "leader").goto("/board")
    card = page.locator("#task-27")
    card.locator(".card-moves summary").click()
    card.get_by_role("link", name="Tạm dừng").click()
    page.fill("[name=words]", "Chờ hướng dẫn của Trung ương.")
    page.get_by_role("button", name="Tạm dừng").click()
    expect(page.locator("#flash")).to_be_visible()
    page.goto("/board")
    page.locator("#col-on_hold summary").first.click()
    expect(page.locator("#col-on_hold #task-27")).to_be_visible()


def test_a_button_of_a_stale_board_moves_nothing_and_says_why(page: Page, live, become):
    become(page, "ban-to-chuc").goto("/board")
    live.clients["ban-to-chuc"].submit("/tasks/14/hand-in", "/tasks/14/hand-in")
    press(page, 14, "Bắt đầu thực hiện")
    expect(page.get_by_text("Người khác vừa sửa").first).to_be_visible()
    page.goto("/board")
    expect(page.locator("#col-submitted #task-14")).to_be_visible()


def test_filters_narrow_the_board_and_marks_may_be_left_out(page: Page, become):
    become(page, "office").goto("/board")
    every = page.locator("#board").get_attribute("data-total") or ""
    page.fill("[name=q]", "dak mil")
    page.select_option("[name=due]", "none")
    page.get_by_role("button", name="Lọc").click()
    expect(page.locator("#board")).not_to_have_attribute("data-total", every)
    total = int(page.locator("#board").get_attribute("data-total") or 0)
    assert total > 0
    expect(page.locator("[data-task]")).to_have_count(total)
    page.get_by_role("link", name="Xóa bộ lọc").first.click()
    expect(page.locator("#board")).not_to_have_attribute("data-total", str(total))
