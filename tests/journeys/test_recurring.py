"""A journey of a recurring duty: drafted in words, sent, done for its first period; the next comes by itself."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.recurrences.duties import at
from tracker.clock import Clock, machine_now
from tracker.worker import recur

LEAD = "Ban Tổ chức Tỉnh ủy"
TITLE = "Báo cáo giao ban công tác tổ chức"
FIRST, SECOND = f"{TITLE} – tháng 4-2018", f"{TITLE} – tháng 5-2018"


@pytest.fixture
def tick(live):
    """`tick(day)`: what the worker does on a day to come."""

    def work(day: date) -> None:
        now = machine_now()
        live.app.extensions["clock"] = Clock.anchored(at(day), now)
        recur(live.app)

    yield work
    live.app.extensions.pop("clock", None)


def test_a_monthly_duty_is_sent_and_its_periods_come_and_are_done(
    page: Page, become, other, tick, request
):
    office = become(page, "office")
    office.goto("/tasks/new")
    draft(office, types="javascript-on" in request.node.name)
    office.get_by_role("link", name="Giao đi").click()
    office.fill("[name=words]", "Ban tự phân công.")
    office.get_by_role("button", name="Giao đi").click()
    expect(office.locator("#flash")).to_contain_text("Đã giao nhiệm vụ.")
    expect(office.locator("table.periods tbody th")).to_have_text(["tháng 4-2018"])
    expect(office.locator(".next-period")).to_contain_text("tháng 5-2018, thời hạn 14-5-2018")
    duty = office.url

    lead = other("ban-to-chuc")
    lead.goto("/")
    lead.locator(".row", has_text=FIRST).get_by_role("link", name=FIRST).click()
    expect(lead.locator(".deadline")).to_contain_text("trước ngày 15 hằng tháng")
    hand_in(lead)
    office.goto("/")
    office.locator(".row", has_text=FIRST).get_by_role("button", name="Duyệt hoàn thành").click()
    expect(office.locator("#flash")).to_contain_text("Đã duyệt hoàn thành.")

    tick(date(2018, 4, 30))
    office.goto(duty)
    expect(office.locator("table.periods tbody th")).to_have_text(["tháng 4-2018"])
    tick(date(2018, 5, 1))
    office.goto(duty)
    rows = office.locator("table.periods tbody tr")
    expect(rows.locator("th")).to_have_text(["tháng 5-2018", "tháng 4-2018"])
    expect(rows.nth(1)).to_have_attribute("data-timeliness", "on-time")
    expect(office.locator(".periods-now .lead")).to_have_text("1/1 kỳ đúng hạn")

    lead.goto("/board")
    expect(lead.locator(".card", has_text=SECOND)).to_contain_text("14-5-2018")
    lead.locator(".card", has_text=SECOND).get_by_role("link", name=SECOND).click()
    lead.get_by_role("link", name="Kỳ trước: tháng 4-2018").click()
    expect(lead.get_by_role("heading", level=1)).to_have_text(FIRST)
    lead.get_by_role("link", name="Toàn bộ nhiệm vụ định kỳ").click()
    expect(lead.get_by_role("heading", level=1)).to_have_text(TITLE)


def draft(page: Page, *, types: bool) -> None:
    """Draft the duty; what it asks for besides opens while one types, or when the button is pressed."""
    page.fill("[name=title_vi]", TITLE)
    lead = page.locator("[name=lead_id] option", has_text=LEAD).first.get_attribute("value")
    page.select_option("[name=lead_id]", lead)
    expect(page.locator("[name=repeats_until_on]")).to_be_hidden()
    page.locator("[name=due_words]").press_sequentially("trước ngày 15 hằng tháng")
    if not types:
        page.get_by_role("button", name="Kiểm tra").click()
    until = page.locator("[name=repeats_until_on]")
    expect(until).to_have_value("31-12-2018")
    until.fill("1-1-2030")
    page.get_by_role("button", name="Xem các kỳ").click()
    expect(page.locator("#error-summary")).to_contain_text("không quá mười năm")
    until.fill("31-12-2018")
    page.select_option("[name=rest_rule]", "stay")
    page.get_by_role("button", name="Xem các kỳ").click()
    expect(page.locator(".repeating")).to_contain_text("Tất cả 9 kỳ:")
    expect(page.locator(".repeating li").first).to_have_text("tháng 4-2018: thứ Bảy 14-4-2018")
    page.get_by_role("button", name="Lưu dự thảo").click()
    expect(page.locator(".main")).to_contain_text("Lặp lại đến hết ngày 31-12-2018")


def hand_in(page: Page) -> None:
    page.get_by_role("link", name="Báo cáo hoàn thành").or_(
        page.get_by_role("button", name="Báo cáo hoàn thành")
    ).first.click()
    form = page.locator("form[action$='/hand-in'] [name=words]")
    expect(form.or_(page.locator("#flash .flash")).first).to_be_visible()
    if form.is_visible():
        page.get_by_role("button", name="Báo cáo hoàn thành").click()
    expect(page.locator("#flash")).to_contain_text("Đã báo cáo hoàn thành")
