"""The journeys of a target, exceeded and shared among units, and of a plan computed from its tasks."""

import re

from playwright.sync_api import Page, expect

from tests.agreeing import agree, history_agrees, reading
from tests.journeys.looking import check
from tests.worlds import TODAY

SURVEY = 27  # led by the steering committee, assigned by the Standing Committee
PLAN = 3  # of three tasks, two of them completed
NAME, UNIT = "Đảng viên mới kết nạp", "đảng viên"
DAK_MIL, GIA_NGHIA = "Huyện ủy Đắk Mil", "Thị ủy Gia Nghĩa"


def set_target(giver: Page, **more: str) -> str:
    """Set a target of 1.125 on the page of a task; return its address."""
    giver.goto(f"/tasks/{SURVEY}")
    giver.get_by_role("link", name="Đặt chỉ tiêu").click()
    giver.fill("[name=name_vi]", NAME)
    giver.fill("[name=unit_vi]", UNIT)
    giver.fill("[name=target]", "1.125")
    if more:
        giver.check("[name=must_sum]")
    giver.get_by_role("button", name="Lưu").click()
    expect(giver.locator("h1")).to_have_text(NAME)
    return giver.url


def enter(page: Page, address: str, value: str, day: str = "") -> None:
    """Enter a figure on the page of a target."""
    if page.url != f"{address}/readings":
        page.goto(f"{address}/readings")
    page.fill("[name=value]", value)
    page.fill("[name=as_of_on]", day)
    page.fill("[name=source]", "Báo cáo của cấp ủy")
    page.get_by_role("button", name="Nhập số liệu").click()


def looked_at(page: Page) -> None:
    """Check a page that is only there on the way, where scripts can look at it."""
    if page.evaluate("'htmx' in window"):
        check(page)


def agreed(page: Page, live) -> None:
    agree(reading(page))
    with live.app.app_context():
        history_agrees()


def test_1395_of_1125_are_124_per_cent_and_a_wrong_figure_is_kept(page: Page, become, other, live):
    office, chair = become(page, "office"), other("chair")
    address = set_target(office)
    refuse(chair, address)
    enter(chair, address, "1.359", "31-3-2018")
    expect(chair.locator("#flash")).to_be_visible()
    chair.locator(".readings").get_by_role("link", name="Đính chính").click()
    chair.fill("[name=value]", "1.395")
    chair.get_by_role("button", name="Đính chính số liệu").click()
    told(chair)
    expect(chair.locator(".readings .struck")).to_contain_text("1.359")
    expect(chair.locator(".readings tbody tr")).to_have_count(2)
    office.goto("/measures?stand=exceeded")
    told_among_all(office)
    assert other("dak-mil").goto(address).status == 404
    agreed(office, live)


def refuse(chair: Page, address: str) -> None:
    """A number as it is written elsewhere, and a day that has not come, are told at their places; all is kept."""
    after = f"{TODAY.day + 1}-{TODAY.month}-{TODAY.year}"
    enter(chair, address, "1.5", after)
    wrong = chair.locator(".field.wrong")
    expect(wrong).to_have_count(2)
    expect(wrong.nth(0)).to_contain_text("1,5")
    expect(wrong.nth(1)).to_contain_text("10-4-2018")
    expect(chair.locator("[name=as_of_on]")).to_have_value(after)
    expect(chair.locator("[name=source]")).to_have_value("Báo cáo của cấp ủy")


def told(page: Page) -> None:
    """The page says how much is reached, of how much, in per cent, uncapped; the curve says the same as its table."""
    figures = page.locator(".now .record")
    expect(figures.nth(0)).to_contain_text("1.395")
    expect(figures.nth(1)).to_contain_text("1.125")
    expect(figures.nth(2)).to_contain_text("124%")
    expect(figures.nth(2)).to_contain_text("vượt chỉ tiêu")


def told_among_all(page: Page) -> None:
    row = page.locator(".targets tr", has=page.locator(f"text={UNIT}")).filter(has_text="1.125")
    own = row.filter(has_text="31-3-2018")
    expect(own).to_have_count(1)
    expect(own).to_contain_text("1.395")
    expect(own).to_contain_text("124%")


def test_a_target_shared_among_units_is_what_they_make_together(page: Page, become, other, live):
    office, chair = become(page, "office"), other("chair")
    address = set_target(office, must_sum="on")
    share(chair)
    for page_of, value in ((other("dak-mil"), "700"), (other("gia-nghia"), "695")):
        own = own_target(page_of)
        enter(page_of, own, value, "31-3-2018")
        expect(page_of.locator(".now .record").first).to_contain_text(value)
    chair.goto(address)
    told(chair)
    rows = chair.locator("section:has(#s-parts) tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text=DAK_MIL)).to_contain_text("116,66%")
    looked_at(chair)
    agreed(office, live)


def share(chair: Page) -> None:
    """Quotas that do not make the target are refused with what is missing; made exactly, they are given."""
    chair.goto(f"/tasks/{SURVEY}/fan-out")
    for unit in (DAK_MIL, GIA_NGHIA):
        chair.get_by_role("checkbox", name=unit, exact=True).check()
    chair.get_by_role("button", name="Tiếp: thời hạn").first.click()
    rows = chair.locator("table.parts tbody tr")
    quota = {
        unit: rows.filter(has_text=unit).locator("[name^=quota-]") for unit in (DAK_MIL, GIA_NGHIA)
    }
    quota[DAK_MIL].fill("600")
    quota[GIA_NGHIA].fill("1.5")
    chair.get_by_role("button", name="Giao cho các đơn vị này").click()
    expect(rows.filter(has_text=GIA_NGHIA).locator(".error")).to_contain_text("1,5")
    quota[GIA_NGHIA].fill("500")
    chair.get_by_role("button", name="Giao cho các đơn vị này").click()
    expect(chair.locator("#error-summary")).to_contain_text("1.125")
    expect(quota[DAK_MIL]).to_have_value("600")
    looked_at(chair)
    quota[GIA_NGHIA].fill("525")
    chair.get_by_role("button", name="Giao cho các đơn vị này").click()
    expect(chair.locator(".unit-grid li")).to_have_count(2)


def own_target(unit: Page) -> str:
    """Return the address of the quota that a unit finds on its own task."""
    unit.goto("/measures")
    link = unit.locator(".targets tr", has_text=re.compile("600|525")).get_by_role("link").first
    return unit.url.split("/measures")[0] + (link.get_attribute("href") or "")


def test_a_plan_is_computed_from_its_tasks_and_what_each_weighs(page: Page, become, live):
    office = become(page, "office")
    office.goto(f"/plans/{PLAN}")
    office.locator(f"a[href='/plans/{PLAN}/progress']").first.click()
    figures = office.locator(".now .record")
    expect(figures.nth(0)).to_have_text("33,3%")
    expect(figures.nth(1)).to_have_text("66,7%")
    office.get_by_role("link", name="Trọng số").click()
    weights = office.locator("[name^=weight-]")
    weights.nth(0).fill("1,5")
    office.get_by_role("button", name="Lưu").click()
    expect(office.locator("tr.wrong")).to_have_count(1)
    looked_at(office)
    weights.nth(0).fill("8")
    office.get_by_role("button", name="Lưu").click()
    expect(figures.nth(0)).to_have_text("80%")
    expect(figures.nth(1)).to_have_text("90%")
    expect(office.locator("svg.progress")).to_be_visible()
    looked_at(office)
    agreed(office, live)
