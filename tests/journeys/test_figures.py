"""The journey of figures: a list ticked off unit by unit, and what is handed over until all have confirmed."""

from playwright.sync_api import Page, expect

from tests.agreeing import agree, history_agrees, reading
from tests.journeys.looking import check

SURVEY = 27  # led by the steering committee, assigned by the Standing Committee
TRANSFER = 30  # assigned to the eight districts and the town, each its own
GROUP = "các huyện ủy, thị ủy, đảng ủy trực thuộc"


def set_target(giver: Page, task: int, name: str, unit: str, **more: str) -> str:
    """Set a target on the page of a task; return its address."""
    giver.goto(f"/tasks/{task}")
    giver.get_by_role("link", name="Đặt chỉ tiêu").click()
    giver.fill("[name=name_vi]", name)
    giver.fill("[name=unit_vi]", unit)
    giver.locator("[name=direction][value=cover]").check()
    for field, value in more.items():
        box = giver.locator(f"[name={field}]")
        if field.endswith("_id"):
            box.select_option(label=value)
        elif value == "on":
            box.check()
        else:
            box.fill(value)
    giver.get_by_role("button", name="Lưu").click()
    expect(giver.locator("h1")).to_have_text(name)
    return giver.url


def test_a_list_is_ticked_off_and_a_transfer_confirmed_until_all_has_come(
    page: Page, become, other, live
):
    office, chair = become(page, "office"), other("chair")
    ticked_off(office, chair)
    handed_over(office, other("dak-mil"), other("gia-nghia"))
    agree(reading(office))
    with live.app.app_context():
        history_agrees()


def looked_at(page: Page) -> None:
    """Check a page that is only there on the way, where scripts can look at it."""
    if page.evaluate("'htmx' in window"):
        check(page)


def ticked_off(office: Page, chair: Page) -> None:
    """Of eight that are named and others nobody has counted: a wrong day first, one taken back at the end."""
    address = set_target(office, SURVEY, "Đơn vị đã khảo sát", "đơn vị", over_id=GROUP)
    expect(office.locator(".now .record").first).to_contain_text("0/8 + ?")
    chair.goto(address)
    chair.get_by_role("link", name="Đánh dấu đơn vị đã xong").click()
    chair.fill("[name=source]", "Báo cáo nhanh của các huyện")
    for unit, day in (("Huyện ủy Đắk Mil", "31-2-2018"), ("Thị ủy Gia Nghĩa", "")):
        found = chair.locator("tr", has_text=unit)
        found.get_by_role("checkbox").check()
        found.get_by_role("textbox").fill(day)
    chair.get_by_role("button", name="Lưu danh sách").click()
    wrong = chair.locator("tr", has_text="Huyện ủy Đắk Mil")
    expect(wrong.locator(".error")).to_be_visible()
    looked_at(chair)
    expect(wrong.get_by_role("textbox")).to_have_value("31-2-2018")
    wrong.get_by_role("textbox").fill("6-4-2018")
    chair.get_by_role("button", name="Lưu danh sách").click()
    expect(chair.locator("#flash")).to_contain_text("Đã lưu danh sách: 2/8 + ?.")
    expect(chair.locator(".roll .done")).to_have_count(2)
    expect(chair.locator(".roll .done", has_text="Huyện ủy Đắk Mil")).to_contain_text("6-4-2018")
    chair.get_by_role("link", name="Đánh dấu đơn vị đã xong").click()
    chair.locator("tr", has_text="Thị ủy Gia Nghĩa").get_by_role("checkbox").uncheck()
    chair.get_by_role("button", name="Lưu danh sách").click()
    expect(chair.locator(".now .record").first).to_contain_text("1/8 + ?")
    expect(chair.locator(".readings .struck")).to_have_count(1)
    office.goto(f"/tasks/{SURVEY}")
    expect(office.locator(".history li").first).to_contain_text("đính chính số liệu")


def handed_over(office: Page, district: Page, town: Page) -> None:
    """Parts that make too much are refused; each counts once its own unit has confirmed it."""
    more = {"target": "10", "must_sum": "on", "from_unit_id": "các công ty lâm nghiệp"}
    address = set_target(office, TRANSFER, "Tổ chức đảng đã chuyển", "tổ chức đảng", **more)
    office.get_by_role("link", name="Bàn giao").click()
    office.fill("[name=source]", "Biên bản bàn giao số 01")
    for parts in (("6", "5"), ("6", "4")):
        for unit, part in zip(("Huyện ủy Đắk Mil", "Thị ủy Gia Nghĩa"), parts, strict=True):
            office.locator("tr", has_text=unit).get_by_role("textbox").fill(part)
        office.get_by_role("button", name="Bàn giao").click()
        if parts[1] == "5":
            expect(office.locator("#error-summary")).to_contain_text("nhiều hơn 10 tổ chức đảng")
            looked_at(office)
    expect(office.locator("#flash")).to_contain_text("Đã ghi bàn giao 2 phần.")
    looked_at(office)
    for unit, page, received in (
        ("Huyện ủy Đắk Mil", district, "6"),
        ("Thị ủy Gia Nghĩa", town, "10"),
    ):
        office.goto(address)
        link = office.get_by_role("link", name=unit).get_attribute("href")
        page.goto(link or "")
        page.get_by_role("button", name="Xác nhận tiếp nhận").click()
        expect(page.locator("#flash")).to_contain_text("Đã xác nhận tiếp nhận.")
        assert page.goto(address).status == 404  # type: ignore[union-attr]
        office.goto(address)
        expect(office.locator(".now .record").first).to_contain_text(received)
    expect(office.locator(".now")).to_contain_text("100%")
    office.goto("/measures?stand=reached")
    expect(office.locator("tr", has_text="Tổ chức đảng đã chuyển")).to_contain_text("100%")
