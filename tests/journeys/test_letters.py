"""Journeys of letters: urged from the overdue list, acknowledged on My work, explained, passed on; many at once."""

import re

from playwright.sync_api import Page, expect

LATE = 28  # led by the steering committee, ten days overdue
ROW = f"#task-{LATE}"


def test_a_letter_of_urging_goes_out_and_its_receipt_comes_back(page: Page, live, become, other):
    leader = become(page, "leader")
    leader.goto("/overdue")
    leader.locator(ROW).get_by_role("link", name="Đôn đốc lần 1").click()
    expect(leader.locator("[name=words]")).to_contain_text("thời hạn hết quý I-2018 (31-3-2018)")
    leader.fill("[name=answer_by]", "16-4-2018")
    leader.get_by_role("button", name="Gửi văn bản").click()
    expect(leader).to_have_url(f"{live.url}/overdue#task-{LATE}")
    expect(leader.locator(ROW)).to_contain_text("Đôn đốc lần 1 ngày 10-4-2018, chưa xác nhận")

    chair = other("chair")
    chair.goto("/")
    letter = chair.locator(".letter").first
    expect(letter).to_contain_text("Đôn đốc lần 1")
    expect(letter).to_contain_text("chậm nhất ngày 16-4-2018")
    letter.get_by_role("button", name="Xác nhận đã nhận").click()
    expect(chair.locator("#flash")).to_contain_text("Đã gửi xác nhận.")
    expect(chair.locator(".letter")).to_have_count(0)

    leader.goto(f"/tasks/{LATE}")
    expect(leader.locator(".receipts")).to_contain_text("xác nhận đã nhận ngày 10-4-2018")


def test_an_explanation_is_asked_for_given_and_read(page: Page, become, other):
    leader, chair = become(page, "leader"), other("chair")
    leader.goto(f"/tasks/{LATE}")
    leader.get_by_role("link", name="Yêu cầu giải trình").click()
    leader.get_by_role("button", name="Gửi văn bản").click()
    expect(leader.locator("#flash")).to_contain_text("Đã gửi yêu cầu giải trình")

    chair.goto("/")
    chair.locator(".letter").get_by_role("link", name=re.compile("^Giải trình")).click()
    chair.get_by_role("button", name="Gửi giải trình").click()
    expect(chair.locator("#error-summary")).to_contain_text("Giải trình")
    chair.fill("[name=words]", "Chờ số liệu biên chế của Ban Tổ chức.")
    chair.get_by_role("button", name="Gửi giải trình").click()
    expect(chair.locator("#flash")).to_contain_text("Đã gửi giải trình.")

    leader.goto("/overdue")
    expect(leader.locator(f"{ROW} .last-word")).to_contain_text("Chờ số liệu biên chế")


def test_a_task_is_passed_to_another_unit_which_takes_it_on(page: Page, become, other):
    leader, lead = become(page, "leader"), other("ban-to-chuc")
    leader.goto("/overdue")
    leader.locator(ROW).get_by_role("link", name="Chuyển đơn vị chủ trì").click()
    leader.select_option("[name=lead_id]", label="Ban Tổ chức Tỉnh ủy")
    leader.get_by_role("button", name="Chuyển đơn vị chủ trì").click()
    expect(leader.locator("#error-summary")).to_contain_text("Lý do")
    leader.fill("[name=words]", "Đúng chức năng của Ban Tổ chức.")
    leader.get_by_role("button", name="Chuyển đơn vị chủ trì").click()
    expect(leader.locator(ROW)).to_contain_text("từ ngày 10-4-2018")

    lead.goto("/")
    letter = lead.locator(".letter", has_text="Giao nhiệm vụ")
    letter.get_by_role("button", name="Tiếp nhận").click()
    expect(lead.locator("#flash")).to_contain_text("Đã gửi xác nhận.")
    lead.goto(f"/tasks/{LATE}")
    expect(lead.locator(".history")).to_contain_text(
        "chuyển đơn vị chủ trì sang Ban Tổ chức Tỉnh ủy"
    )


def test_ticked_tasks_are_urged_together_and_those_left_are_named(page: Page, live, become):
    become(page, "leader").goto("/overdue")
    page.get_by_role("link", name="Chọn cả trang này").click()
    expect(page).to_have_url(re.compile("tick=all"))
    for box in page.locator("[name=row]").all():
        expect(box).to_be_checked()
    # Meanwhile somebody else puts one of them on hold.
    live.clients["office"].submit(
        "/tasks/27/hold", "/tasks/27/hold", words="Chờ hướng dẫn của Trung ương."
    )
    page.locator(".together").get_by_role("button", name="Đôn đốc").click()
    expect(page.locator(".flash.note")).to_contain_text("Nhiệm vụ đang tạm dừng")
    page.fill("[name=words]", "Báo cáo qua hệ thống.")
    page.get_by_role("button", name="Gửi 2 văn bản").click()
    expect(page.locator("#flash")).to_contain_text("Đã gửi 2 văn bản.")
    expect(page.locator("#refused")).to_contain_text("Nhiệm vụ đang tạm dừng")
    expect(page.locator(ROW)).to_contain_text("Đôn đốc lần 1 ngày 10-4-2018")


def test_two_quick_presses_send_one_letter(page: Page, become):
    become(page, "leader").goto(f"/tasks/{LATE}/urging")
    page.get_by_role("button", name="Gửi văn bản").dblclick(no_wait_after=True)
    expect(page.get_by_role("button", name="Gửi văn bản")).to_have_count(0)
    page.goto("/overdue")
    expect(page.locator(ROW).get_by_text("Đôn đốc lần 1 ngày 10-4-2018")).to_have_count(1)
    expect(page.locator(ROW).get_by_role("link", name="Đôn đốc lần 2")).to_be_visible()


def test_who_signs_from_a_stale_page_keeps_the_letter_and_sends_it_again(page: Page, live, become):
    become(page, "leader").goto(f"/tasks/{LATE}/urging")
    page.fill("[name=words]", "Đề nghị báo cáo ngay trong tuần.")
    live.clients["chair"].submit(f"/tasks/{LATE}", f"/tasks/{LATE}/notes", words="Đang trình ký.")
    page.get_by_role("button", name="Gửi văn bản").click()
    expect(page.locator(".main")).to_contain_text("Người khác vừa sửa")
    expect(page.locator(".history")).to_contain_text("Đang trình ký.")
    expect(page.locator("[name=words]")).to_have_value("Đề nghị báo cáo ngay trong tuần.")
    page.get_by_role("button", name="Gửi văn bản").click()
    expect(page.locator("#flash")).to_contain_text("Đã gửi công văn đôn đốc")


def test_a_letter_typed_before_the_sign_in_ended_is_there_after_it(page: Page, live, become):
    become(page, "leader").goto(f"/tasks/{LATE}/urging")
    page.fill("[name=words]", "Đề nghị báo cáo ngay trong tuần.")
    live.end_sign_ins("leader")
    page.get_by_role("button", name="Gửi văn bản").click()
    page.fill("[name=email]", "leader@demo.local")
    page.fill("[name=password]", "tien-do-dak-nong-2018")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("[name=words]")).to_have_value("Đề nghị báo cáo ngay trong tuần.")
    page.get_by_role("button", name="Gửi văn bản").click()
    expect(page.locator("#flash")).to_contain_text("Đã gửi công văn đôn đốc")


def test_the_list_is_worked_through_with_the_keyboard_alone(page: Page, become):
    become(page, "leader").goto("/overdue")
    box = page.locator(f"{ROW} [name=row]")
    box.focus()
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    page.keyboard.press("Enter")  # in the list: nothing is sent
    expect(page.get_by_role("heading", level=1)).to_have_text("Nhiệm vụ quá hạn")
    page.locator(f"{ROW} [name=row]").check()
    page.locator(".together button").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đôn đốc")
    expect(page.locator("[name=row]")).to_have_count(1)
