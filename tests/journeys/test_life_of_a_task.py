"""Journeys of a task that is under way: handed in, returned, done again, accepted; changed by two; taken back."""

import re

from playwright.sync_api import Page, expect

TASK = "/tasks/27"  # led by the steering committee, assigned and judged by the Standing Committee
REASON = "Chưa có số liệu của khối đoàn thể; bổ sung trước khi trình."


def hand_in(page: Page, words: str) -> None:
    page.goto(TASK)
    page.get_by_role("button", name="Báo cáo hoàn thành").or_(
        page.get_by_role("link", name="Báo cáo hoàn thành")
    ).click()
    form = page.locator("form[action$='/hand-in'] [name=words]")
    expect(form.or_(page.locator("#flash .flash")).first).to_be_visible()
    if form.is_visible():
        page.fill("[name=words]", words)
        page.get_by_role("button", name="Báo cáo hoàn thành").click()
    expect(page.locator("#flash")).to_contain_text("Đã báo cáo hoàn thành; đang chờ duyệt.")


def test_a_hand_in_is_returned_with_a_reason_done_again_and_accepted(page: Page, become, other):
    chair, leader = become(page, "chair"), other("leader")
    hand_in(chair, "Đã rà soát xong 32 đầu mối.")
    expect(chair.locator(".desk")).to_contain_text("Ban Thường vụ Tỉnh ủy")

    leader.goto("/")
    leader.locator("#task-27").get_by_role("link", name="Trả lại").click()
    leader.get_by_role("button", name="Trả lại").click()
    expect(leader.locator("#error-summary")).to_contain_text("Phải nêu lý do")
    leader.fill("[name=words]", REASON)
    leader.get_by_role("button", name="Trả lại").click()
    expect(leader.locator("#flash")).to_contain_text("Đã trả lại, kèm lý do.")

    chair.goto("/")
    row = chair.locator("#task-27")
    expect(row).to_have_attribute("data-state", "returned")
    row.get_by_role("link").first.click()
    expect(chair.locator(".history")).to_contain_text(REASON)
    chair.get_by_role("button", name="Làm lại, bổ sung").click()
    expect(chair.locator("#task-27")).to_have_attribute("data-state", "in_progress")
    hand_in(chair, "Đã bổ sung khối đoàn thể.")

    leader.goto("/")
    leader.locator("#task-27").get_by_role("button", name="Duyệt hoàn thành").click()
    expect(leader.locator("#flash")).to_contain_text("Đã duyệt hoàn thành.")
    leader.goto(TASK)
    expect(leader.locator("#task-27")).to_have_attribute("data-state", "done")
    expect(leader.locator(".history")).to_contain_text(REASON)


def test_who_sends_from_a_stale_page_sees_both_versions_and_keeps_what_was_typed(
    page: Page, become, other
):
    become(page, "chair").goto(f"{TASK}/hand-in")
    page.fill("[name=words]", "Đã rà soát xong, gửi kèm tổng hợp.")
    office = other("office")
    office.goto(f"{TASK}/edit")
    office.fill("[name=note]", "Tính cả các tổ giúp việc.")
    office.get_by_role("button", name="Lưu", exact=True).click()
    expect(office.locator("#flash")).to_be_visible()

    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        page.get_by_role("button", name="Báo cáo hoàn thành").click()
    assert answer.value.status == 409
    expect(page.get_by_role("heading", level=1)).to_have_text("Người khác vừa sửa")
    expect(page.locator(".version").first).to_contain_text("Nghiêm Thu Thảo")
    expect(page.locator(".version.yours [name=words]")).to_have_value(
        "Đã rà soát xong, gửi kèm tổng hợp."
    )
    page.get_by_role("button", name="Vẫn thực hiện: Báo cáo hoàn thành").click()
    expect(page.locator("#flash")).to_contain_text("Đã báo cáo hoàn thành")
    expect(page.locator(".history")).to_contain_text("Đã rà soát xong, gửi kèm tổng hợp.")


def test_two_who_correct_a_task_at_once_both_find_their_words_again(page: Page, become, other):
    become(page, "office").goto(f"{TASK}/edit")
    leader = other("leader")
    leader.goto(f"{TASK}/edit")
    leader.fill("[name=note]", "Lãnh đạo: làm xong trong tháng Tư.")
    leader.get_by_role("button", name="Lưu", exact=True).click()
    expect(leader.locator("#flash")).to_be_visible()
    page.fill("[name=note]", "Văn phòng: tính cả các tổ giúp việc.")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator(".version").first.locator("ins")).to_have_text(
        "Lãnh đạo: làm xong trong tháng Tư."
    )
    expect(page.locator("[name=note]")).to_have_value("Văn phòng: tính cả các tổ giúp việc.")
    page.get_by_role("button", name="Thay bằng bản vừa nhập").click()
    expect(page.locator("#task-27")).to_contain_text("Văn phòng: tính cả các tổ giúp việc.")


def test_a_line_of_progress_is_written_without_leaving_my_work(page: Page, live, become):
    become(page, "member").goto("/")
    row = page.locator(".row", has=page.locator(".row-more")).first
    task = row.get_attribute("data-task")
    row.get_by_text("Ghi tiến độ").click()
    row.locator("[name=words]").fill("Đã họp với 4 chi bộ thôn.")
    row.get_by_role("button", name="Lưu tiến độ").click()
    expect(page.locator("#flash")).to_be_visible()
    expect(page).to_have_url(f"{live.url}/")
    page.goto(f"/tasks/{task}")
    expect(page.locator(".history li").first).to_contain_text("Đã họp với 4 chi bộ thôn.")


def test_ones_own_last_step_can_be_taken_back_and_both_stay_in_the_history(page: Page, become):
    become(page, "ban-to-chuc").goto("/tasks/14")
    page.get_by_role("button", name="Bắt đầu thực hiện").click()
    expect(page.locator("#task-14")).to_have_attribute("data-state", "in_progress")
    page.get_by_role("button", name="Rút lại bước vừa làm").click()
    expect(page.locator("#flash")).to_contain_text("Đã rút lại bước vừa làm.")
    expect(page.locator("#task-14")).to_have_attribute("data-state", "assigned")
    expect(page.locator(".history li").nth(1)).to_contain_text(re.compile("bắt đầu", re.IGNORECASE))
