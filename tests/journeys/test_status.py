"""A leader reads the figures, opens a number, goes down to a unit, marks what was seen; with JavaScript no less."""

from playwright.sync_api import Page, expect


def test_a_leader_opens_a_number_and_finds_its_tasks(page: Page, live, become):
    become(page, "leader").goto("/")
    page.locator("nav:visible").get_by_role("link", name="Tình hình thực hiện").first.click()
    expect(page).to_have_url(f"{live.url}/status")
    cell = page.locator(".grid4 .overdue a")
    count = int(cell.get_attribute("data-count") or 0)
    assert count > 0
    cell.click()
    expect(page.locator("ol.rows")).to_have_attribute("data-total", str(count))
    expect(page.locator("[data-task]")).to_have_count(count)
    expect(page.locator("[data-timeliness=overdue]")).to_have_count(count)


def test_a_leader_asks_for_a_past_day_and_is_told_which_day_it_is(page: Page, live, become):
    become(page, "leader").goto("/status")
    page.fill("[name=on]", "31-3-2018")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator(".page-head")).to_contain_text("Tính đến ngày 31-3-2018")
    page.fill("[name=on]", "1-5-2018")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator("#filter-on-error")).to_contain_text("Ngày này chưa đến")


def test_what_was_marked_as_seen_is_told_apart_from_what_is_new(page: Page, live, become):
    become(page, "leader").goto("/status")
    page.get_by_role("button", name="Đánh dấu đã xem").click()
    expect(page.locator("#flash")).to_contain_text("Đã đánh dấu đã xem")
    reason = {"words": "Đã có kết quả.", "day": "9-4-2018"}
    live.clients["leader"].submit("/tasks/28/close", "/tasks/28/close", **reason)
    page.reload()
    page.get_by_role("link", name="1 mới hoàn thành").click()
    expect(page.locator("#task-28")).to_be_visible()
