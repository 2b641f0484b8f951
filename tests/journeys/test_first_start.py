"""The journey of a new organisation: an empty database in production, up to the first task that is sent."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import visit
from tests.databases import running, settings_at
from tests.journeys.looking import WIDE, check
from tests.servers import Live, free_port, served
from tracker.settings import Settings

ADMIN = "mật khẩu của người quản trị"
OFFICER = "mật khẩu của văn phòng huyện"


@pytest.fixture
def settings(sqlite_database: str, tmp_path: Path) -> Settings:
    """Production, behind a proxy that speaks https."""
    address = {"PUBLIC_URL": "https://tien-do.example", "TRACKER_ENV": "production"}
    return settings_at(tmp_path / "instance", sqlite_database, **address)


@pytest.fixture
def live(settings: Settings) -> Iterator[Live]:
    """An empty site."""
    with running(settings) as app, served(app, free_port()) as live:
        yield live


@pytest.fixture(params=["javascript-on", "javascript-off"])
def page(chrome: Browser, live: Live, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window on the empty site."""
    with visit(chrome, live, scripts=request.param == "javascript-on") as window:
        yield window


@pytest.fixture
def somebody_else(chrome: Browser, live: Live, page: Page, request) -> Iterator[Page]:
    """A second window, with JavaScript exactly if the first has it."""
    with visit(chrome, live, scripts="javascript-on" in request.node.name) as window:
        yield window


def test_an_empty_site_leads_from_the_printed_code_to_the_first_task_sent(
    page: Page, somebody_else: Page, settings: Settings, live: Live
):
    page.goto("/board")
    expect(page).to_have_url(f"{live.url}/setup")
    set_up(page, "AAAA-BBBB-CCCC")
    expect(page.get_by_role("alert").first).to_be_visible()
    set_up(page, settings.setup_code)
    expect(page).to_have_url(f"{live.url}/people")

    enter_unit(page)
    link = invite(page)
    accept(somebody_else, link)
    give(somebody_else)
    page.goto("/setup")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Khởi tạo hệ thống")


def set_up(page: Page, code: str) -> None:
    page.fill("[name=code]", code)
    page.fill("[name=name]", "Vương Thị Ngà")
    page.fill("[name=email]", "nga@suoi-da.example")
    page.fill("[name=password]", ADMIN)
    page.fill("[name=again]", ADMIN)
    page.get_by_role("button", name="Tạo tài khoản quản trị đầu tiên").click()


def enter_unit(page: Page) -> None:
    page.goto("/committees/new")
    page.fill("[name=name_vi]", "Huyện ủy Suối Đá")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Huyện ủy Suối Đá")


def invite(page: Page) -> str:
    """Add the office of the district, and return the link made for it."""
    page.goto("/people/new")
    page.fill("[name=name]", "Cù Văn Định")
    page.fill("[name=email]", "dinh@suoi-da.example")
    choose(page, "unit", "Huyện ủy Suối Đá")
    choose(page, "role", "Văn phòng")
    page.get_by_role("button", name="Thêm và tạo liên kết").click()
    link = re.search(r"/invitations/\S+", page.locator("#link code").inner_text())
    assert link
    return link[0]


def choose(page: Page, name: str, words: str) -> None:
    option = page.locator(f"[name={name}] option", has_text=words).first
    page.select_option(f"[name={name}]", option.get_attribute("value"))


def accept(page: Page, link: str) -> None:
    page.goto(link)
    page.fill("[name=password]", OFFICER)
    page.fill("[name=again]", OFFICER)
    page.get_by_role("button", name="Đặt mật khẩu và đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")


def give(page: Page) -> None:
    page.locator('.main a[href^="/tasks/new"]').first.click()
    page.fill("[name=title_vi]", "Lập danh mục nhiệm vụ quý II")
    choose(page, "lead_id", "Huyện ủy Suối Đá")
    page.get_by_role("button", name="Lưu dự thảo").click()
    page.get_by_role("link", name="Giao đi").click()
    page.fill("[name=words]", "Nhiệm vụ đầu tiên, bổ sung sau.")
    page.get_by_role("button", name="Giao đi").click()
    expect(page.locator(".main [data-task]").first).to_have_attribute("data-state", "assigned")


def test_the_set_up_and_an_invitation_are_for_everybody(
    chrome: Browser, live: Live, settings: Settings
):
    with visit(chrome, live, scripts=True) as page:
        page.set_viewport_size(WIDE)
        page.goto("/setup")
        check(page)
        page.set_viewport_size(WIDE)
        set_up(page, settings.setup_code)
        expect(page).to_have_url(f"{live.url}/people")
        enter_unit(page)
        link = invite(page)
        page.context.clear_cookies()
        page.goto(link)
        check(page)
