"""The journey of an office that types five tasks in a minute, and finds one of them again without its accents."""

from playwright.sync_api import Page, expect

from tests.agreeing import agree, history_agrees, reading

FIVE = """Rà soát quy hoạch cán bộ @ban to chuc tinh uy hết quý II-2018
Kiểm tra chi bộ ghép @huyen uy dak mil @@gia nghia 30-5-2018
Báo cáo kết quả luân chuyển @gia nghia trước 15-5-2018
Lập danh sách thôn chưa có đảng viên @huyen uy dak mil 20-4-2018
Tổng hợp ý kiến góp ý @ban to chuc tinh uy"""
WRONG = "Việc cho nơi lạ @xyz zyx quý VI-2018"
MOST_KEYS = 300  # at 300 a minute, slow for who types all day


def test_five_lines_become_five_tasks_and_are_found_again(page: Page, become, live):
    office = become(page, "office")
    assert len(FIVE) < MOST_KEYS
    enter(office)
    find(office)
    agree(reading(office))
    with live.app.app_context():
        history_agrees()


def has_scripts(page: Page) -> bool:
    """Tell whether scripts run here; they come after the words of a page."""
    page.wait_for_load_state()
    return page.locator("html").evaluate("() => Boolean(window.htmx)") is True


def enter(office: Page) -> None:
    office.goto("/tasks/quick")
    office.fill("[name=lines]", f"{FIVE}\n{WRONG}")
    if not has_scripts(office):
        office.get_by_role("button", name="Kiểm tra").click()
    rows = office.locator("#understood tbody tr")
    expect(rows).to_have_count(6)
    expect(rows.nth(0)).to_contain_text("30-6-2018")
    expect(rows.nth(5)).to_contain_text("xyz zyx")
    # The rows stand there already: what is typed before the page comes back would be lost with the old one.
    with office.expect_navigation():
        office.get_by_role("button", name="Lưu dự thảo").click()
    expect(rows.nth(5)).to_contain_text("xyz zyx")
    expect(office.locator("[name=lines]")).to_have_value(f"{FIVE}\n{WRONG}")
    office.fill("[name=lines]", FIVE)
    office.fill("[name=words]", "Các đơn vị tự phân công.")
    office.get_by_role("button", name="Giao ngay").click()
    expect(office.locator("#flash")).to_contain_text("Đã giao 5 nhiệm vụ")


def find(office: Page) -> None:
    """With scripts from anywhere by Ctrl-K or "/", the arrows and Enter; without by the page."""
    if has_scripts(office):
        find_by_keys(office)
    else:
        office.get_by_role("link", name="Tìm kiếm").first.click()
        office.fill(".main [name=q]", "chi bo ghep")
        office.locator(".main form[role=search] button").click()
        office.locator(".palette-found a", has_text="Kiểm tra chi bộ ghép").click()
    expect(office.get_by_role("heading", level=1)).to_have_text("Kiểm tra chi bộ ghép")


def find_by_keys(office: Page) -> None:
    palette, field = office.locator("#palette"), office.locator("#palette-q")
    office.locator("h1").click()
    office.keyboard.press("/")
    expect(field).to_be_focused()
    office.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    switch_keys_off(office)
    office.locator("h1").click()
    office.keyboard.press("/")
    expect(palette).to_be_hidden()
    office.keyboard.press("Control+k")
    expect(field).to_be_focused()
    office.keyboard.type("chi bo ghep")
    first = palette.locator("li a").first
    expect(first.locator("mark").first).to_have_text("chi")
    office.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    office.keyboard.press("Enter")


def switch_keys_off(office: Page) -> None:
    office.goto("/people/me")
    office.locator("[name=keys][value=off]").check()
    office.locator("#preferences button").click()
    expect(office.locator("#flash")).to_contain_text("Đã lưu")
    office.wait_for_load_state()  # what answers to keys comes after the words
