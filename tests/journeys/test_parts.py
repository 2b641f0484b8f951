"""The journey of a lead and its co-ordinators (B2), and of the word of a unit without accounts (D5)."""

import re

from playwright.sync_api import Page, expect

from tests.agreeing import agree, history_agrees, reading

LATE = "/tasks/27"  # led by the steering committee; three co-ordinate, all ten days overdue
OWN = "#task-66"  # the part of the Organisation Commission
OPEN = "/tasks/14"  # led by the Organisation Commission, without a day
CELL = "chi bộ thôn Đắk Tân"  # nobody there has an account


def rates(page: Page, unit_id: int) -> list[str]:
    """Return a unit's on-time rates as their two numbers: as lead, as co-ordinator."""
    page.goto(f"/committees/{unit_id}")
    return page.locator(".ratio dd b").all_inner_texts()


def test_a_lead_sees_who_blocks_and_the_office_speaks_for_a_cell_without_accounts(
    page: Page, live, become, other
):
    chair, lead = become(page, "chair"), other("ban-to-chuc")
    office = other("office")
    a_co_ordinator_finishes_its_part_in_place(chair, lead, office)
    a_cell_is_called_in(lead)
    the_office_writes_down_what_it_says(office)
    the_mark_stands_wherever_it_shows(lead, office)
    the_cell_is_released(lead)
    agree(reading(office))
    with live.app.app_context():
        history_agrees()


def a_co_ordinator_finishes_its_part_in_place(chair: Page, lead: Page, office: Page) -> None:
    """Late as it is, only its own rate falls; the lead sees who still blocks."""
    before = rates(office, 30), rates(office, 35)
    late = rates(office, 16)
    chair.goto(LATE)
    blocks = chair.locator("#parts .blocks")
    expect(blocks).to_contain_text("3 đơn vị chậm phối hợp, đang cản")
    expect(blocks).to_contain_text("Ban Tổ chức Tỉnh ủy (quá hạn 10 ngày)")
    lead.goto(LATE)
    expect(lead.locator("#parts [data-task]").first).to_have_id(OWN[1:])
    lead.locator(OWN).get_by_text("Ghi tiến độ").click()
    lead.locator(OWN).locator("[name=words]").fill("Đã gửi đủ số liệu biên chế.")
    lead.locator(OWN).get_by_role("button", name="Lưu tiến độ").click()
    expect(lead.locator(OWN)).to_contain_text("Đã gửi đủ số liệu biên chế.")
    lead.locator(OWN).get_by_role("button", name="Ghi hoàn thành").click()
    expect(lead.locator(OWN)).to_have_attribute("data-timeliness", "late")
    chair.goto(LATE)
    expect(blocks).to_contain_text("2 đơn vị chậm phối hợp, đang cản")
    expect(blocks).not_to_contain_text("Ban Tổ chức")
    expect(chair.locator("#task-27")).to_have_attribute("data-state", "in_progress")
    assert (rates(office, 30), rates(office, 35)) == before
    assert rates(office, 16) == late  # it was overdue, and is done late now: fallen due both times
    assert late[1].startswith("0")


def a_cell_is_called_in(lead: Page) -> None:
    """By a day of its own; a day that cannot be is refused, and what was typed stays."""
    lead.goto(OPEN)
    lead.get_by_role("link", name="Bổ sung đơn vị phối hợp").click()
    lead.select_option("[name=unit_id]", label=CELL)
    lead.fill("[name=due_words]", "ngày 31-2-2018")
    lead.get_by_role("button", name="Phân công phối hợp").click()
    expect(lead.locator("#due_words-error")).to_be_visible()
    expect(lead.locator("[name=due_words]")).to_have_value("ngày 31-2-2018")
    lead.fill("[name=due_words]", "hết tháng 4-2018")
    lead.get_by_role("button", name="Phân công phối hợp").click()
    expect(lead.locator("#flash")).to_contain_text(f"Đã phân công {CELL} phối hợp.")
    expect(lead.locator("#parts")).to_contain_text("hết tháng 4-2018")
    expect(lead.locator(".history")).to_contain_text(f"Phân công {CELL} phối hợp.")


def the_office_writes_down_what_it_says(office: Page) -> None:
    office.goto(OPEN)
    part = office.locator("#parts article", has_text=CELL)
    part.get_by_role("link", name="Nhập thay").click()
    office.fill("[name=said_by]", "Ông Y Thanh, Bí thư chi bộ")
    office.get_by_label("qua điện thoại").check()
    office.fill("[name=words]", "Đã họp chi bộ, thống nhất danh sách.")
    office.get_by_label("Đơn vị đã hoàn thành phần việc").check()
    office.get_by_role("button", name="Nhập thay").click()
    expect(office.locator("#day-error")).to_contain_text("Ghi ngày hoàn thành.")
    expect(office.locator("[name=said_by]")).to_have_value("Ông Y Thanh, Bí thư chi bộ")
    office.fill("[name=day]", "10-4-2018")
    office.get_by_role("button", name="Nhập thay").click()
    expect(office.locator("#flash")).to_contain_text(f"Đã nhập thay {CELL}.")


def the_mark_stands_wherever_it_shows(lead: Page, office: Page) -> None:
    for reader in (lead, office):
        reader.goto(OPEN)
        part = reader.locator("#parts article", has_text=CELL)
        expect(part).to_have_attribute("data-state", "done")
        expect(part).to_contain_text("nhập thay")
        expect(part).to_contain_text("Ông Y Thanh, Bí thư chi bộ: Đã họp chi bộ")
        part.get_by_role("link", name=CELL).click()
        told = f"Nhập thay {CELL}, theo thông tin qua điện thoại. Ngày được báo: 10-4-2018."
        expect(reader.locator(".history")).to_contain_text(told)
        assert rates(reader, 36)[1] == "1 / 1"
    office.goto("/status/tasks?unit=36&alone=1&of=lines")
    expect(office.locator(".row-meta", has_text="nhập thay")).to_have_count(1)


def the_cell_is_released(lead: Page) -> None:
    """What was done stays done: a unit that has not finished can be released, with the reason."""
    lead.goto(OPEN)
    part = lead.locator("#parts article", has_text="Đảng ủy Khối Doanh nghiệp")
    part.get_by_role("link", name="Thôi phân công phối hợp").click()
    lead.get_by_role("button", name="Thôi phân công phối hợp").click()
    expect(lead.locator("#error-summary")).to_be_visible()
    lead.fill("[name=words]", "Không thuộc phạm vi của Khối.")
    lead.get_by_role("button", name="Thôi phân công phối hợp").click()
    expect(lead.locator("#flash")).to_contain_text("không còn phối hợp")
    expect(lead.locator("#parts")).to_contain_text(re.compile("1 đơn vị thôi phối hợp"))
