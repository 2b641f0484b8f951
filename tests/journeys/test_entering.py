"""A journey of the office: a document comes in, becomes a plan, the plan a task, and the task goes out."""

from playwright.sync_api import Page, expect

LEAD = "Ban Tổ chức Tỉnh ủy"
TITLE = "Tổng kết việc luân chuyển cán bộ giữa tỉnh và huyện"


def test_the_office_enters_a_document_a_plan_and_a_task_and_its_lead_finds_it_among_its_work(
    page: Page, become, other, request
):
    become(page, "office").goto("/documents")
    page.locator(".page-acts").get_by_role("link").first.click()
    enter_document(page)
    page.get_by_role("link", name="Thêm kế hoạch").click()
    enter_plan(page)
    page.locator('.main a[href^="/tasks/new"]').first.click()
    enter_task(page, types="javascript-on" in request.node.name)
    send(page)
    lead = other("ban-to-chuc")
    lead.goto("/")
    row = lead.locator(".row", has_text=TITLE)
    expect(row).to_contain_text("hết quý II-2018")
    row.get_by_role("link", name=TITLE).click()
    expect(lead.get_by_role("link", name="Chỉ thị 07-CT/TU")).to_be_visible()


def enter_document(page: Page) -> None:
    page.fill("[name=kind_vi]", "Chỉ thị")
    page.fill("[name=symbol]", "07-CT/TU")
    page.fill("[name=subject_vi]", "Về công tác luân chuyển cán bộ")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Chỉ thị 07-CT/TU")


def enter_plan(page: Page) -> None:
    page.fill("[name=title_vi]", "Kế hoạch luân chuyển cán bộ")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kế hoạch luân chuyển cán bộ")
    expect(page.locator(".main")).to_contain_text("07-CT/TU")


def enter_task(page: Page, *, types: bool) -> None:
    """Enter the task; the deadline is read while one types, or when the button is pressed."""
    page.fill("[name=title_vi]", TITLE)
    lead = page.locator("[name=lead_id] option", has_text=LEAD).first.get_attribute("value")
    page.select_option("[name=lead_id]", lead)
    page.get_by_role("checkbox", name="Huyện ủy Đắk Mil").check()
    page.locator("[name=due_words]").press_sequentially("hết quý II-2018")
    if not types:
        page.get_by_role("button", name="Kiểm tra").click()
        expect(page.locator("[name=title_vi]")).to_have_value(TITLE)
        expect(page.get_by_role("checkbox", name="Huyện ủy Đắk Mil")).to_be_checked()
    expect(page.locator("#due_words-echo")).to_contain_text("30-6-2018, thứ Bảy")
    page.fill("[name=product_vi]", "Báo cáo tổng kết")
    page.get_by_role("button", name="Lưu dự thảo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def send(page: Page) -> None:
    """Send the draft; nobody is named who does it, so it asks why it goes out like that."""
    expect(page.locator(".clear6 .lacks")).to_have_text(["chưa rõ người"])
    page.get_by_role("link", name="Giao đi").click()
    expect(page.locator(".main")).to_contain_text("chưa rõ người")
    page.get_by_role("button", name="Giao đi").click()
    expect(page.locator("#error-summary")).to_contain_text("lý do")
    page.fill("[name=words]", "Ban Tổ chức tự phân công trong tuần.")
    page.get_by_role("button", name="Giao đi").click()
    expect(page.locator("#flash")).to_contain_text("Đã giao nhiệm vụ.")
    expect(page.locator(".history")).to_contain_text("Ban Tổ chức tự phân công trong tuần.")
    expect(page.locator("#parts [data-task]", has_text="Huyện ủy Đắk Mil")).to_be_visible()
