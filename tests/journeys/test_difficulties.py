"""The journey of a difficulty: from a district up to the committee, passed up twice, answered with a day."""

from playwright.sync_api import Page, expect

from tests.agreeing import agree, history_agrees, reading
from tests.journeys.looking import check

TASK = 27  # led by the steering committee, assigned by the Standing Committee
DISTRICT = "Huyện ủy Đắk Mil"
WORDS = "Chưa có kinh phí khảo sát; đề nghị bổ sung."


def test_a_difficulty_is_passed_up_twice_and_answered(page: Page, become, other, live):
    chair = become(page, "chair")
    task = give_on(chair)
    district = other("dak-mil")
    report(district, task)
    pass_up(chair, "Chuyển lên Ban Thường vụ Tỉnh ủy")
    pass_up(other("leader"), "Chuyển lên Tỉnh ủy Đăk Nông")
    office = other("office")
    settle(office)
    district.goto(task)
    told = district.locator("#difficulties")
    expect(told).to_contain_text("Đã bố trí kinh phí.")
    expect(told).to_contain_text("20-4-2018")
    expect(told.locator("li")).to_have_count(3)
    expect(district.locator(".history")).to_contain_text("chuyển khó khăn, vướng mắc lên cấp trên")
    agree(reading(office))
    agree(reading(district))
    with live.app.app_context():
        history_agrees()


def give_on(chair: Page) -> str:
    """The committee gives its task on to one district; return the address of the district's part."""
    chair.goto(f"/tasks/{TASK}/fan-out")
    chair.get_by_role("checkbox", name=DISTRICT, exact=True).check()
    chair.get_by_role("button", name="Tiếp: thời hạn").first.click()
    chair.get_by_role("button", name="Giao cho các đơn vị này").click()
    part = chair.locator(".unit-grid").get_by_role("link", name=DISTRICT)
    return chair.url.split("/tasks/")[0] + (part.get_attribute("href") or "")


def report(district: Page, task: str) -> None:
    """Nothing is sent without words; the desk and the day are told to whoever sent it."""
    district.goto(task)
    district.get_by_role("link", name="Báo cáo khó khăn").click()
    district.get_by_role("button", name="Gửi cấp trên").click()
    expect(district.locator(".field.wrong")).to_be_visible()
    district.fill(".main [name=words]", WORDS)
    district.get_by_role("button", name="Gửi cấp trên").click()
    expect(district.locator("#flash")).to_contain_text("Đã gửi khó khăn")
    expect(district.locator("#difficulties")).to_contain_text(WORDS)
    if district.evaluate("'htmx' in window"):
        check(district)


def pass_up(page: Page, choice: str) -> None:
    """From the list of all that wait to the level above."""
    page.goto("/difficulties")
    page.locator("li", has_text=WORDS).get_by_role("link", name="Giải quyết hoặc chuyển").click()
    page.get_by_label(choice).check()
    page.fill(".main [name=words]", "Vượt thẩm quyền của đơn vị.")
    page.get_by_role("button", name="Ghi ý kiến").click()
    expect(page.locator("#flash")).to_contain_text("Đã chuyển khó khăn")


def settle(office: Page) -> None:
    """A day that has passed is refused at its place; then it is answered."""
    office.goto("/difficulties")
    office.locator("li", has_text=WORDS).get_by_role("link", name="Giải quyết hoặc chuyển").click()
    office.get_by_label("Giải quyết, trả lời").check()
    office.fill(".main [name=words]", "Đã bố trí kinh phí.")
    office.fill("[name=settled_on]", "1-4-2018")
    office.get_by_role("button", name="Ghi ý kiến").click()
    expect(office.locator(".field.wrong")).to_have_count(1)
    expect(office.locator(".main [name=words]")).to_have_value("Đã bố trí kinh phí.")
    office.fill("[name=settled_on]", "20-4-2018")
    office.get_by_role("button", name="Ghi ý kiến").click()
    expect(office.locator("section:has(#s-answered)")).to_contain_text(WORDS)
    if office.evaluate("'htmx' in window"):
        check(office)
