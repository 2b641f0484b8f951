"""The journey of dates: a whole moved with its parts or without, a vague one dated in one step, an event's clock."""

from playwright.sync_api import Page, expect

LATE = 28  # ten days overdue, with two lines of the same day
ROW = f"#task-{LATE}"
VAGUE = 8  # "kịp thời"


def adjust(leader: Page, words: str, below: str) -> None:
    leader.goto(f"/tasks/{LATE}")
    leader.get_by_role("link", name="Điều chỉnh thời hạn…").click()
    send(leader, words, below)


def send(leader: Page, words: str, below: str) -> None:
    leader.fill("[name=due_words]", words)
    leader.fill("[name=words]", "Theo kết luận của Ban Thường vụ.")
    leader.locator(f"[name=below][value={below}]").check()
    leader.locator(".form-acts").get_by_role("button", name="Điều chỉnh thời hạn").click()


def test_a_whole_moves_with_its_parts_or_without_and_what_has_no_day_gets_one(
    page: Page, live, become, other
):
    leader = become(page, "leader")
    moved_with_its_parts(leader)
    moved_without_them(leader)
    every_page_agrees(leader, other("chair"))
    dated_in_one_step(leader)
    started_by_an_event(leader, live)


def moved_with_its_parts(leader: Page) -> None:
    adjust(leader, "15-5-2018", "follow")
    expect(leader.locator("#flash")).to_contain_text("từ 31-3-2018 thành 15-5-2018")
    expect(leader.locator(".deadline")).to_contain_text("Thời hạn ban đầu: hết quý I-2018")
    story = leader.locator(".history li").first
    expect(story).to_contain_text("điều chỉnh thời hạn từ 31-3-2018 thành 15-5-2018")
    expect(story).to_contain_text("Theo kết luận của Ban Thường vụ.")
    expect(leader.locator("#parts").get_by_text("15-5-2018").first).to_be_visible()


def moved_without_them(leader: Page) -> None:
    adjust(leader, "31-5-2018", "keep")
    expect(leader.locator("#flash")).to_contain_text("từ 15-5-2018 thành 31-5-2018")
    expect(leader.locator("#parts").get_by_text("31-5-2018")).to_have_count(0)
    # Earlier than the parts: refused with their names, and what was typed stays.
    adjust(leader, "11-5-2018", "keep")
    expect(leader.locator("#error-summary")).to_be_visible()
    expect(leader.locator("form.form")).to_contain_text("Tổ giúp việc")
    expect(leader.locator("[name=due_words]")).to_have_value("11-5-2018")
    send(leader, "11-5-2018", "follow")
    expect(leader.locator("#flash")).to_contain_text("từ 31-5-2018 thành 11-5-2018")


def every_page_agrees(leader: Page, chair: Page) -> None:
    for path, there in (("/board?all=1", 1), ("/overdue?all=1", 0)):
        leader.goto(path)
        expect(leader.locator(ROW)).to_have_count(there)
    for query in ("cell=in-time", "cell=overdue&due=first"):
        leader.goto(f"/status/tasks?{query}&all=1")
        expect(leader.locator(ROW)).to_have_count(1)
    chair.goto(f"/tasks/{LATE}")
    expect(chair.locator(ROW)).to_have_attribute("data-timeliness", "in-time")
    expect(chair.locator(".due-moved, .cluster").first).to_contain_text("Đã gia hạn 2 lần")
    chair.goto("/digest")
    expect(chair.locator(".main")).to_contain_text("[Quá hạn 2]")  # of three before


def dated_in_one_step(leader: Page) -> None:
    leader.goto("/no-deadline")
    row = leader.locator(f"#task-{VAGUE}")
    row.locator("[name=due_words]").fill("quý VI-2018")
    row.get_by_role("button", name="Ấn định").click()
    row = leader.locator(f"#task-{VAGUE}")
    expect(row.locator(".error")).to_contain_text("quý IV-2018")
    row.locator("[name=due_words]").fill("hết quý II-2018")
    row.get_by_role("button", name="Ấn định").click()
    expect(leader.locator("#flash")).to_contain_text("30-6-2018")
    expect(leader.locator(f"#task-{VAGUE}")).to_have_count(0)
    leader.goto(f"/tasks/{VAGUE}")
    expect(leader.locator(".deadline")).to_contain_text("Thời hạn ban đầu: kịp thời")
    expect(leader.locator(".history li").first).to_contain_text("ấn định thời hạn: 30-6-2018")


def started_by_an_event(leader: Page, live) -> None:
    title = "Rà soát sau hướng dẫn"
    office = live.clients["office"]
    page = office.get("/tasks/new").text
    choices = page.partition('name="assigner_id"')[2].partition("</select>")[0]
    assigner = (
        choices.partition("Ban Thường vụ Tỉnh ủy")[0].rpartition('value="')[2].partition('"')[0]
    )
    draft = {"title_vi": title, "due_words": "khi có hướng dẫn", "assigner_id": assigner}
    made = office.submit("/tasks/new", "/tasks/new", lead_id="16", **draft)
    office.submit(f"{made.location}/send", f"{made.location}/send", words="Giao ngay.")
    leader.goto("/no-deadline")
    leader.locator(".row", has_text=title).get_by_role("link", name="Sự kiện đã diễn ra…").click()
    leader.fill("[name=happened_on]", "10-4-2018")
    leader.fill("[name=due_words]", "trong 15 ngày làm việc")
    leader.get_by_role("button", name="Bắt đầu tính thời hạn").click()
    expect(leader.locator("#flash")).to_contain_text("4-5-2018")
    leader.goto(made.location)
    expect(leader.locator(".deadline")).to_contain_text("Thời hạn ban đầu: khi có hướng dẫn")
    expect(leader.locator(".history li").first).to_contain_text("diễn ra ngày 10-4-2018")
