"""The journeys of a seat: handed over from a day, and held by somebody else for a time, on the holder's behalf."""

from playwright.sync_api import Page, expect

from tests.agreeing import agree, history_agrees, reading
from tests.worlds import TODAY
from tracker.db import db
from tracker.people.models import Person

TASK = 27  # led by the steering committee, whose chair hands over
ON = f"{TODAY.day}-{TODAY.month}-{TODAY.year}"


def named(live, account: str) -> str:
    """Return the name of somebody of the demonstration."""
    with live.app.app_context():
        email = f"{account}@demo.local"
        return db.session.scalars(db.select(Person.name).where(Person.email == email)).one()


def status_at(page: Page, path: str) -> int:
    answer = page.goto(path)
    assert answer is not None
    return answer.status


def test_a_seat_is_handed_over_and_no_task_with_it(page: Page, become, other, live):
    office, chair, member = become(page, "office"), other("chair"), other("member")
    assert status_at(member, f"/tasks/{TASK}/hand-in") in {403, 404}
    office.goto(f"/tasks/{TASK}")
    office.locator("a[href^='/committees/']").first.click()
    seats = office.locator("section:has(#s-seats)")
    seats.get_by_role("link", name="Bàn giao").first.click()
    office.fill("[name=person]", "Không Có Ai")
    office.fill("[name=from_on]", ON)
    office.get_by_role("button", name="Bàn giao vị trí").click()
    expect(office.locator(".field.wrong")).to_contain_text("Không có tài khoản đang dùng")
    expect(office.locator("[name=from_on]")).to_have_value(ON)
    office.fill("[name=person]", named(live, "member"))
    office.get_by_role("button", name="Bàn giao vị trí").click()
    expect(seats).to_contain_text(named(live, "member"))
    expect(office.locator(".history")).to_contain_text("nhận bàn giao từ")
    assert status_at(member, f"/tasks/{TASK}/hand-in") == 200
    assert status_at(chair, f"/tasks/{TASK}") == 404
    expect(office.locator("#flash")).to_contain_text("giữ vị trí từ ngày")
    agree(reading(office))
    agree(reading(member))
    with live.app.app_context():
        history_agrees()


def test_a_substitute_acts_on_the_holders_behalf(page: Page, become, other, live):
    chair, member = become(page, "chair"), other("member")
    chair.goto("/people/me")
    chair.get_by_role("link", name="Ủy quyền").click()
    chair.fill("[name=person]", named(live, "member"))
    chair.fill("[name=from_on]", ON)
    chair.fill("[name=to_on]", "1-4-2018")
    chair.get_by_role("button", name="Ủy quyền").click()
    expect(chair.locator(".field.wrong")).to_contain_text("sớm hơn")
    chair.fill("[name=to_on]", "30-4-2018")
    chair.get_by_role("button", name="Ủy quyền").click()
    expect(chair.locator("#flash")).to_contain_text("được ủy quyền từ ngày")
    member.goto(f"/tasks/{TASK}")
    member.fill(".main [name=words]", "Đã họp với các huyện.")
    member.get_by_role("button", name="Lưu tiến độ").click()
    expect(member.locator(".history li").first).to_contain_text("Đã họp với các huyện.")
    chair.goto(f"/tasks/{TASK}")
    behalf = f"{named(live, 'member')}, thay mặt {named(live, 'chair')}"
    expect(chair.locator(".history li").first).to_contain_text(behalf)
    agree(reading(member))
    with live.app.app_context():
        history_agrees()
