"""Journeys through the door: signing in, a sign-in that ends in the middle of a form, language, theme, keys alone."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.pages import PASSWORD

TITLE = "Rà soát quy chế làm việc của các tổ giúp việc"


def test_a_wrong_password_is_refused_in_words_and_the_right_one_leads_on(page: Page, live):
    page.goto("/board")
    expect(page).to_have_url(f"{live.url}/sign-in?next=/board")
    knock(page, "khong-phai-mat-khau-nay")
    expect(page.locator("#error-summary")).to_contain_text("mật khẩu")
    expect(page.locator("[name=email]")).to_have_value("office@demo.local")
    expect(page.locator("[name=password]")).to_have_value("")
    knock(page, PASSWORD)
    expect(page).to_have_url(f"{live.url}/board")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bảng nhiệm vụ")


def knock(page: Page, password: str) -> None:
    page.fill("[name=email]", "office@demo.local")
    page.fill("[name=password]", password)
    page.get_by_role("button", name="Đăng nhập").click()


def test_what_was_typed_comes_back_after_a_sign_in_that_ended_in_the_middle_of_a_form(
    page: Page, live, become
):
    become(page, "office").goto("/tasks/new")
    page.fill("[name=title_vi]", TITLE)
    page.fill("[name=due_words]", "hết quý II-2018")
    live.end_sign_ins("office")
    page.get_by_role("button", name="Lưu dự thảo").click()
    expect(page).to_have_url(re.compile(r"/sign-in\?next=/tasks/new"))
    expect(page.get_by_text("nội dung đang nhập được giữ")).to_be_visible()
    knock(page, PASSWORD)
    expect(page).to_have_url(f"{live.url}/tasks/new")
    expect(page.locator("[name=title_vi]")).to_have_value(TITLE)
    expect(page.locator("[name=due_words]")).to_have_value("hết quý II-2018")


def test_a_language_once_chosen_is_remembered(page: Page, become):
    become(page, "office").goto("/plans")
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    page.locator(".rail").get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile(r"/plans\?lang=en$"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/board")
    expect(page.get_by_role("heading", level=1)).to_have_text("Board")


def test_a_theme_once_chosen_changes_the_colours_and_is_remembered(page: Page, become):
    become(page, "office").goto("/plans")
    light = background(page)
    page.locator(".rail").get_by_role("button", name="Tối").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page).to_have_url(re.compile("/plans$"))
    dark = background(page)
    assert sum(dark) < 200
    assert sum(light) > 600
    page.goto("/board")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert background(page) == dark


def background(page: Page) -> list[int]:
    page.wait_for_load_state()  # a page that has begun may not have its colours yet
    colour = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    return [int(part) for part in re.findall(r"\d+", colour)[:3]]


def test_keys_alone_lead_from_the_door_to_a_move_on_the_board(page: Page, live):
    page.goto("/sign-in?next=/board")
    expect(page.locator("[name=email]")).to_be_focused()
    page.keyboard.type("ban-to-chuc@demo.local")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live.url}/board")
    page.wait_for_load_state()  # until then the browser may jump to the fragment once more
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    tab_to(page, page.locator("#task-14 .card-moves summary"))
    page.keyboard.press("Enter")
    tab_to(page, page.locator("#task-14").get_by_role("button", name="Bắt đầu thực hiện"))
    page.keyboard.press("Enter")
    expect(page.locator("#col-in_progress #task-14")).to_be_visible()


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until `wanted` has the focus; on the way, every place with the focus shows it."""
    for _press in range(80):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        style = focused.evaluate(
            "e => { const s = getComputedStyle(e); return [s.outlineStyle, s.boxShadow]; }"
        )
        assert style != ["none", "none"], focused.evaluate("e => e.outerHTML")
        if wanted.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError("eighty presses of Tab do not lead there")
