"""The journey of one task for 21 units: 18 finish, two pass their deadline, each sees its own part only."""

from playwright.sync_api import Page, expect

from tests.agreeing import agree, history_agrees, reading
from tests.worlds import AT, TODAY
from tracker.db import db
from tracker.history.actions import Doer
from tracker.policy import Verb
from tracker.requests import actions as requests
from tracker.tasks.models import Task

TITLE = "Tổng kết 5 năm thực hiện quy định luân chuyển cán bộ"
LEAD = "Ban Thường vụ Tỉnh ủy"
OWN = "Huyện ủy Đắk Mil"
UNITS, LATE = 21, 2


def test_one_task_goes_to_21_units_18_are_done_and_two_are_late(page: Page, become, other, live):
    office = become(page, "office")
    draft(office)
    whole = office.url
    choose(office)
    own = give(office, whole)
    send(office)
    see_only_ones_own(other("member"), own, whole)
    finish(live, whole)
    office.goto(whole)
    told(office)
    office.goto("/board")
    expect(office.locator(f"#task-{whole.rsplit('/', 1)[1]} .fan")).to_contain_text("18/21")
    withdraw_one_and_add_one(office, whole)
    agree(reading(office))
    with live.app.app_context():
        history_agrees()


def draft(office: Page) -> None:
    office.goto("/tasks/new")
    office.fill("[name=title_vi]", TITLE)
    lead = office.locator("[name=lead_id] option", has_text=LEAD).first.get_attribute("value")
    office.select_option("[name=lead_id]", lead)
    office.fill("[name=due_words]", "hết quý II-2018")
    office.fill("[name=product_vi]", "Báo cáo tổng kết")
    office.get_by_role("button", name="Lưu dự thảo").click()
    expect(office.get_by_role("heading", level=1)).to_have_text(TITLE)


def choose(office: Page) -> None:
    """All of a level at once, one more by hand, until there are 21."""
    office.get_by_role("link", name="Giao cho nhiều đơn vị…").click()
    office.select_option("[name=level]", "district")
    office.get_by_role("button", name="Thêm vào danh sách chọn").click()
    expect(office.get_by_text("Đã chọn 8 đơn vị")).to_be_visible()
    boxes = office.locator("[name=unit]:not(:checked)")
    for _unit in range(UNITS - 8):
        boxes.first.check()
    office.get_by_role("button", name="Tiếp: thời hạn").first.click()
    expect(office.locator("table.parts tbody tr")).to_have_count(UNITS)


def give(office: Page, whole: str) -> str:
    """A deadline beyond the whole's is refused at its row, all is kept; return the address of one's own part."""
    rows = office.locator("table.parts tbody tr")
    late = [rows.nth(n).locator("[name^=due-]") for n in (1, 2)]
    for field in late:
        field.fill("31-12-2018")
    office.get_by_role("button", name="Nhập các đơn vị này").click()
    expect(rows.nth(1)).to_contain_text("30-6-2018")
    for field in late:
        expect(field).to_have_value("31-12-2018")
        field.fill("5-4-2018")
    office.get_by_role("button", name="Nhập các đơn vị này").click()
    expect(office.locator("#flash")).to_contain_text("Đã nhập 21 đơn vị")
    expect(office).to_have_url(whole)
    own = office.locator(".unit-grid").get_by_role("link", name=OWN).get_attribute("href")
    assert own
    return own


def send(office: Page) -> None:
    office.get_by_role("link", name="Giao đi").click()
    office.fill("[name=words]", "Các đơn vị tự phân công.")
    office.get_by_role("button", name="Giao đi").click()
    expect(office.locator(".main .fan")).to_contain_text("0/21 đơn vị hoàn thành, 2 quá hạn")


def see_only_ones_own(member: Page, own: str, whole: str) -> None:
    """The unit finds its part in its work and starts it; the whole and the others are not there for it."""
    member.goto("/")
    expect(member.locator(f"#task-{own.rsplit('/', 1)[1]}")).to_contain_text(TITLE)
    member.goto(own)
    member.get_by_role("button", name="Bắt đầu thực hiện").click()
    expect(member.locator("#flash")).to_be_visible()
    for other in (whole, whole.rsplit("/", 1)[0] + "/" + str(int(own.rsplit("/", 1)[1]) + 1)):
        answer = member.goto(other)
        assert answer is not None
        assert answer.status == 404


def finish(live, whole: str) -> None:
    """18 of those in time are done."""
    with live.app.app_context():
        own = db.select(Task).where(Task.parent_id == int(whole.rsplit("/", 1)[1]))
        parts = db.session.scalars(own.where(Task.due_on > TODAY).order_by(Task.id)).all()
        for part in parts[: UNITS - LATE - 1]:
            by = Doer(None, part.assigner_id)
            requests.move(part, Verb.CLOSE, by=by, at=AT, words="Đã có báo cáo.", day=TODAY)
        db.session.commit()


def told(office: Page) -> None:
    """The whole says how many are done and who is late, the late ones first."""
    expect(office.locator(".main .fan")).to_contain_text("18/21 đơn vị hoàn thành, 2 quá hạn")
    rows = office.locator(".unit-grid li")
    expect(rows).to_have_count(UNITS)
    for n in range(LATE):
        expect(rows.nth(n)).to_have_attribute("data-timeliness", "overdue")


def withdraw_one_and_add_one(office: Page, whole: str) -> None:
    """A unit is withdrawn with a reason; another is added; closing the whole asks why, for some are open."""
    office.goto(whole)
    office.locator(".unit-grid li").first.get_by_role("link", name="Rút đơn vị…").click()
    office.fill("[name=words]", "Đơn vị đã giao việc này cho phòng khác.")
    office.get_by_role("button", name="Rút đơn vị").click()
    expect(office.locator(".main .fan")).to_contain_text("18/20 đơn vị hoàn thành, 1 quá hạn")
    office.get_by_role("link", name="Giao thêm đơn vị…").click()
    office.locator("[name=unit]").first.check()
    office.get_by_role("button", name="Tiếp: thời hạn").first.click()
    office.get_by_role("button", name="Giao cho các đơn vị này").click()
    expect(office.locator(".main .fan")).to_contain_text("18/21 đơn vị hoàn thành, 1 quá hạn")
