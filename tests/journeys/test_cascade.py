"""The journey of a resolution: pasted, split into clauses, put right, and followed from the root down to every task."""

from playwright.sync_api import Page, expect

from tests.agreeing import agree, history_agrees, reading
from tests.journeys.looking import check

TEXT = """NGHỊ QUYẾT về phát triển đảng viên
Căn cứ Điều lệ Đảng;
Điều 1. Mục tiêu
1. Năm 2018 kết nạp 1.125 đảng viên.
2. Xóa chi bộ ghép, trong đó:
a) mỗi huyện, thị xóa ít nhất 5 chi bộ ghép;
b) Ban Tổ chức Tỉnh ủy theo dõi, tổng hợp kết quả.
Điều 2. Văn phòng Tỉnh ủy theo dõi việc thực hiện."""
SOURCE, FOLLOWING = "Nghị quyết 55-NQ/TU", "Kế hoạch 77-KH/TU"
TASK = "Rà soát các chi bộ ghép, lập lộ trình xóa"
LEAD = "Ban Tổ chức Tỉnh ủy"


def test_a_resolution_is_followed_clause_by_clause_and_back_from_a_task(
    page: Page, become, other, live
):
    office = become(page, "office")
    source = enter(office, "Nghị quyết", "55", "55-NQ/TU")
    split(office, source)
    following = hang(office, source)
    task = give(office, source)
    read_down(office, source, following)
    back_up(other("ban-to-chuc"), task)
    superseded(office, source)
    agree(reading(office))
    with live.app.app_context():
        history_agrees()


def enter(office: Page, kind: str, number: str, symbol: str, address: str = "") -> str:
    """Enter a document of the province; return its address."""
    office.goto(address or "/documents/new")
    office.fill("[name=kind_vi]", kind)
    office.fill("[name=number]", number)
    office.fill("[name=symbol]", symbol)
    office.fill("[name=subject_vi]", "phát triển đảng viên, xóa chi bộ ghép")
    office.get_by_role("button", name="Lưu").click()
    expect(office.locator("h1")).to_contain_text(symbol)
    return office.url


def split(office: Page, source: str) -> None:
    """Nothing is refused in words; then the text is split, and one row put right before it is saved."""
    office.goto(source)
    office.get_by_role("link", name="Nhập điều, khoản").click()
    office.locator("[value=split]").click()
    expect(office.locator("#error-summary")).to_contain_text("Dán nội dung văn bản")
    office.fill("[name=text]", TEXT)
    office.locator("[value=split]").click()
    rows = office.locator(".clauses-form tbody tr")
    expect(rows).to_have_count(8)
    expect(office.locator("[name=mark-5]")).to_have_value("a)")
    expect(office.locator("[name=depth-5]")).to_have_value("2")
    expect(office.locator("[name=needs-2]")).not_to_be_checked()
    office.uncheck("[name=keep-1]")
    for field in ("mark-3", "words-3"):
        office.fill(f"[name={field}]", "")
    office.locator("[value=save]").first.click()
    expect(rows.nth(3).locator(".error")).to_be_visible()
    expect(office.locator("[name=keep-1]")).not_to_be_checked()
    if office.evaluate("'htmx' in window"):
        check(office)
    office.fill("[name=mark-3]", "1.")
    office.fill("[name=words-3]", "Năm 2018 kết nạp 1.125 đảng viên.")
    office.locator("[value=save]").first.click()
    expect(office.locator("#flash")).to_contain_text("Đã nhập 7 điều, khoản.")
    expect(office.locator(".clauses > .lacking")).to_have_count(4)


def hang(office: Page, source: str) -> str:
    """A plan follows from the resolution, at one of its clauses."""
    office.goto(source)
    office.get_by_role("link", name="Thêm văn bản triển khai").click()
    following = enter(office, "Kế hoạch", "77", "77-KH/TU", office.url)
    office.locator("a[href*='/grounds/']").click()
    clause = office.locator("[name=clause_id] option", has_text="Xóa chi bộ ghép")
    office.select_option("[name=clause_id]", clause.get_attribute("value"))
    office.get_by_role("button", name="Lưu").click()
    expect(office.locator("h1")).to_contain_text("77-KH/TU")
    return following


def give(office: Page, source: str) -> str:
    """A task is drafted and sent for one clause, from the clause; return its address."""
    office.goto(source)
    clause = office.locator(".clauses > li", has_text="mỗi huyện, thị xóa")
    clause.get_by_role("link", name="Giao nhiệm vụ").click()
    office.fill("[name=title_vi]", TASK)
    lead = office.locator("[name=lead_id] option", has_text=LEAD).first.get_attribute("value")
    office.select_option("[name=lead_id]", lead)
    office.fill("[name=due_words]", "hết quý II-2018")
    office.get_by_role("button", name="Lưu dự thảo").click()
    expect(office.locator("h1")).to_have_text(TASK)
    office.get_by_role("link", name="Giao đi").click()
    office.fill("[name=words]", "Đơn vị tự phân công.")
    office.get_by_role("button", name="Giao đi").click()
    expect(office.locator("#flash")).to_be_visible()
    return office.url


def read_down(office: Page, source: str, following: str) -> None:
    """From the root down: counts, the clauses with no task, the clause with its task, what follows."""
    office.goto(source)
    office.get_by_role("link", name="Đến từng nhiệm vụ").click()
    expect(office.locator(".now [data-count]").first).to_have_text("1")
    lacking = office.locator("section:has(#s-lacking) li")
    expect(office.locator("#s-lacking")).to_have_text("3 điều, khoản chưa có nhiệm vụ")
    expect(lacking).to_have_count(3)
    expect(lacking.nth(1)).to_contain_text("b), 2, Điều 1")
    clause = office.locator(".clauses > li", has_text="mỗi huyện, thị xóa")
    expect(clause.locator("[data-task]")).to_contain_text(TASK)
    stem = office.locator("section.stem", has_text=FOLLOWING).last
    expect(stem).to_contain_text("căn cứ 2, Điều 1")
    address = stem.locator("h2 a").get_attribute("href") or ""
    assert following.endswith(address)


def back_up(lead: Page, task: str) -> None:
    """Who leads reaches the clause from the task in two clicks."""
    lead.goto(task)
    lead.locator("a[href*='#clause-']").first.click()
    expect(lead.locator(".clauses > li:target")).to_contain_text("mỗi huyện, thị xóa")


def superseded(office: Page, source: str) -> None:
    """A document that has been superseded points to its successor; it cannot follow from itself."""
    newer = enter(office, "Nghị quyết", "56", "56-NQ/TU")
    number = newer.rsplit("/", 1)[1]
    office.goto(f"{source}/edit")
    office.select_option("[name=successor_id]", number)
    office.get_by_role("button", name="Lưu").click()
    expect(office.locator(".notice").first).to_contain_text("56-NQ/TU")
