"""The journey of a deadline: more time asked for too late, granted, refused, another date granted, once too often."""

import re

from playwright.sync_api import Page, expect

LATE = 28  # led by the steering committee, ten days overdue; the Standing Committee assigned it
TASK = f"/tasks/{LATE}"
ROW = f"#task-{LATE}"
REASON = "Chờ số liệu biên chế của Ban Tổ chức Tỉnh ủy."


def ask(chair: Page, until: str) -> None:
    """Ask for more time from the page of the task."""
    chair.goto(TASK)
    chair.get_by_role("link", name="Đề nghị gia hạn…").click()
    fill(chair, until)
    expect(chair.locator("#flash")).to_contain_text("Đã gửi đề nghị đến Ban Thường vụ Tỉnh ủy.")


def fill(chair: Page, until: str) -> None:
    chair.fill("[name=due_words]", until)
    chair.fill("[name=words]", REASON)
    chair.fill("[name=result]", "Xong khối Đảng, Mặt trận, đoàn thể.")
    chair.get_by_role("button", name="Gửi đề nghị").click()


def timeliness(page: Page, cell: str) -> None:
    """Let the pages agree on how the task stands: its own, the board, the overdue list."""
    page.goto(TASK)
    expect(page.locator(ROW)).to_have_attribute("data-timeliness", cell)
    page.goto("/board?all=1")
    expect(page.locator(ROW)).to_have_attribute("data-timeliness", cell)
    page.goto("/overdue?all=1")
    expect(page.locator(ROW)).to_have_count(1 if cell == "overdue" else 0)


def counted(page: Page, cell: str, *, first: bool) -> None:
    """Find the task behind the number of a cell of the status page, by the original or the current deadline."""
    page.goto(f"/status/tasks?cell={cell}&all=1{'&due=first' if first else ''}")
    expect(page.locator(ROW)).to_have_count(1)


def record(leader: Page, below: str | None = None) -> None:
    """Record the decision, with what becomes of the parts."""
    if below:
        leader.locator(f"[name=below][value={below}]").check()
    leader.get_by_role("button", name="Ghi ý kiến").click()


def test_a_deadline_is_asked_for_granted_refused_and_moved_until_the_limit(
    page: Page, become, other
):
    chair, leader = become(page, "chair"), other("leader")
    asked_too_late(chair)
    granted_as_asked(chair, leader)
    refused(chair, leader)
    another_date(chair, leader)
    # No third one: the page says so, and to whom to turn.
    chair.goto(TASK)
    expect(chair.get_by_role("link", name="Đề nghị gia hạn…")).to_have_count(0)
    expect(chair.locator(".main")).to_contain_text("Nhiệm vụ đã gia hạn 2 lần, hết số lần cho phép")
    timeliness(chair, "in-time")
    counted(leader, "overdue", first=True)
    for reader in (chair, leader):
        reader.goto("/digest")
        expect(reader.locator(".main")).not_to_contain_text("Trả lời đề nghị gia hạn")


def asked_too_late(chair: Page) -> None:
    """From My work, with words that are not read at first: what was typed stays."""
    chair.goto("/")
    chair.locator(ROW).get_by_role("link", name="Đề nghị gia hạn").click()
    expect(chair.locator(".main")).to_contain_text("vẫn tính quá hạn cho đến khi có ý kiến của")
    fill(chair, "hết quý VI-2018")
    expect(chair.locator("#due_words-error")).to_contain_text("quý I đến quý IV")
    expect(chair.locator("[name=words]")).to_have_value(REASON)
    fill(chair, "hết quý II-2018")
    expect(chair).to_have_url(re.compile(r"/$"))


def granted_as_asked(chair: Page, leader: Page) -> None:
    """It stays overdue until it is decided; then every page tells the new deadline and the original one."""
    timeliness(leader, "overdue")
    expect(leader.locator(ROW)).to_contain_text("Đã đề nghị gia hạn đến 30-6-2018")
    leader.goto("/digest")
    expect(leader.locator(".main")).to_contain_text("Trả lời đề nghị gia hạn")
    leader.goto("/")
    leader.locator(f"#waiting {ROW}").get_by_role("link", name="Trả lời đề nghị gia hạn").click()
    expect(leader.locator(".letter")).to_contain_text(REASON)
    expect(leader.locator("[name=decision]:checked")).to_have_count(0)
    leader.get_by_label("Đồng ý", exact=True).check()
    record(leader)
    expect(leader.locator("#below-error")).to_be_visible()  # two parts have the same deadline
    record(leader, "follow")
    granted = "Đây là lần gia hạn thứ 1; thời hạn ban đầu: 31-3-2018"
    expect(leader.locator("#flash")).to_contain_text(granted)
    timeliness(leader, "in-time")
    counted(leader, "in-time", first=False)
    counted(leader, "overdue", first=True)
    chair.goto(TASK)
    moved = re.compile("31-3-2018.*30-6-2018", re.DOTALL)
    expect(chair.locator(".history li").first).to_contain_text(moved)
    expect(chair.locator(".main")).to_contain_text("Đã gia hạn 1 lần")
    expect(chair.locator(f"[data-task]:not({ROW}) .due-day").first).to_have_text("30-6-2018")


def refused(chair: Page, leader: Page) -> None:
    """With a reason, which the lead reads; the deadline remains."""
    ask(chair, "hết quý IV-2018")
    leader.goto(TASK)
    leader.get_by_role("link", name="Không đồng ý").click()
    record(leader)
    expect(leader.locator("#words-error")).to_be_visible()
    leader.fill("[name=words]", "Giữ thời hạn để kịp báo cáo Trung ương.")
    record(leader)
    expect(leader.locator("#flash")).to_contain_text("Thời hạn vẫn là 30-6-2018")
    chair.goto(TASK)
    expect(chair.locator(".receipts")).to_contain_text("Giữ thời hạn để kịp báo cáo Trung ương.")


def another_date(chair: Page, leader: Page) -> None:
    """While the lead's page still shows its wish, which it would withdraw."""
    ask(chair, "hết quý IV-2018")
    leader.goto(TASK)
    leader.get_by_role("link", name="Đồng ý, thời hạn khác").click()
    leader.fill("[name=due_words]", "15-7-2018")
    record(leader, "keep")
    expect(leader.locator("#flash")).to_contain_text("thời hạn mới là 15-7-2018")
    chair.get_by_role("button", name="Rút đề nghị").click()
    expect(chair.locator(".main")).to_contain_text("trả lời lúc")
