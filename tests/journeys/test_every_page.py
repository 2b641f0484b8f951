"""Every page as everybody can use it: axe finds nothing, nothing scrolls sideways, nothing forbidden happens."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.looking import WIDE, check, check_the_other_way_round

PAGES = [
    ("nobody", "/sign-in"),
    ("nobody", "/invitations/used-up"),
    ("nobody", "/privacy"),
    ("office", "/accessibility"),
    ("office", "/"),
    ("office", "/board?plan=8"),  # cards of every kind; all 56 say nothing more, slowly
    ("office", "/board?q=không+có+nhiệm+vụ+nào+như+thế"),
    ("office", "/tasks/12"),
    ("office", "/tasks/27"),
    ("office", "/tasks/new"),
    ("office", "/tasks/27/edit"),
    ("leader", "/tasks/28/close"),
    ("leader", "/overdue?tick=all"),
    ("leader", "/overdue?of=lines&by=plan"),
    ("leader", "/overdue/urgings?row=27&row=28&row=12"),
    ("leader", "/overdue/leads?row=27"),
    ("leader", "/no-deadline"),
    ("leader", "/tasks/28/deadline"),
    ("leader", "/tasks/28/urging"),
    ("leader", "/tasks/12/urging"),
    ("leader", "/tasks/28/lead"),
    ("member", "/overdue"),
    ("office", "/documents"),
    ("office", "/documents/1"),
    ("office", "/documents/new"),
    ("office", "/documents/1/edit"),
    ("office", "/plans"),
    ("office", "/plans/2"),
    ("office", "/plans/new"),
    ("office", "/plans/2/edit"),
    ("office", "/committees"),
    ("office", "/committees/10"),
    ("office", "/committees/20/edit"),
    ("office", "/deadlines/read?phrase=hết+quý+I-2018"),
    ("office", "/deadlines/read?phrase=quý+VI-2018"),
    ("leader", "/calendar?on=2018-03-31"),
    ("leader", "/calendar?view=year&on=2018-03-31"),
    ("leader", "/plans/2/timeline"),
    ("leader", "/status"),
    ("leader", "/status?unit=20&on=2018-04-02&due=first"),
    ("leader", "/status?on=2019-01-01"),
    ("leader", "/status/tasks?cell=overdue"),
    ("leader", "/measures?parts=1"),
    ("office", "/measures/5"),
    ("office", "/measures/20"),
    ("office", "/search?q=chi+bo"),
    ("office", "/search?q=không+có+gì+như+thế"),
    ("office", "/tasks/quick"),
    ("office", "/tasks/12/fan-out"),
    ("office", "/tasks/27/co-ordinators"),
    ("office", "/tasks/27/measures/new"),
    ("office", "/documents/9/clauses"),
    ("office", "/documents/9/cascade"),
    ("office", "/documents/10/grounds/9"),
    ("office", "/plans/3/progress"),
    ("office", "/plans/3/weights"),
    ("office", "/difficulties"),
    ("chair", "/tasks/27/difficulty"),
    ("office", "/seats/3/handover"),
    ("chair", "/seats/3/substitute"),
    ("office", "/no-such-page"),
    ("member", "/"),
    ("member", "/people/me"),
    ("admin", "/people"),
    ("admin", "/people/4"),
    ("admin", "/people/new"),
    ("admin", "/admin/mail"),
    ("admin", "/admin/calendar"),
    ("member", "/calendar/rules"),
    ("admin", "/committees/new"),
    ("admin", "/tasks/27"),
]


@pytest.fixture
def seen(scripted_page: Page, become) -> Callable[[str], Page]:
    """`seen("office")`: a window of this test's own, at the size of a desk."""

    def see(name: str) -> Page:
        scripted_page.set_viewport_size(WIDE)
        return become(scripted_page, name)

    return see


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_a_page_is_for_everybody(become, windows, name: str, path: str):
    page = become(windows(name, True), name)
    page.set_viewport_size(WIDE)
    page.goto(path)
    check(page)


@pytest.mark.long
@pytest.mark.parametrize(("name", "path"), PAGES)
def test_a_page_has_its_contrasts_on_a_desk_by_night_and_on_a_phone_by_day(
    become, windows, name: str, path: str
):
    page = become(windows(name, True), name)
    page.set_viewport_size(WIDE)
    page.goto(path)
    check_the_other_way_round(page)


def test_a_form_with_mistakes_is_for_everybody(seen):
    page = seen("office")
    page.goto("/tasks/new")
    page.fill("[name=due_words]", "quý VI-2018")
    page.get_by_role("button", name="Lưu dự thảo").click()
    page.locator("#error-summary").wait_for()
    check(page)


def test_a_conflict_is_for_everybody(seen, live):
    page = seen("chair")
    page.goto("/tasks/27/hand-in")
    page.fill("[name=words]", "Đã rà soát xong.")
    live.clients["office"].submit("/tasks/27/edit", "/tasks/27/edit", note="Tính cả các tổ.")
    page.get_by_role("button", name="Báo cáo hoàn thành").click()
    page.locator(".versions").wait_for()
    check(page)


def test_two_versions_of_a_task_are_for_everybody(seen, live):
    page = seen("office")
    page.goto("/tasks/27/edit")
    live.clients["leader"].submit("/tasks/27/edit", "/tasks/27/edit", note="Tính cả các tổ.")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.locator(".versions").wait_for()
    check(page)


def test_a_refused_sign_in_is_for_everybody(seen):
    page = seen("nobody")
    page.goto("/sign-in")
    page.fill("[name=email]", "office@demo.local")
    page.fill("[name=password]", "khong-phai-mat-khau")
    page.get_by_role("button", name="Đăng nhập").click()
    page.locator("#error-summary").wait_for()
    check(page)


def test_the_moves_of_a_card_and_a_message_are_for_everybody(seen):
    page = seen("ban-to-chuc")
    page.goto("/board?lang=en")
    page.locator("#task-14 .card-moves summary").click()
    page.locator("#task-14").get_by_role("button", name="Start").click()
    page.locator("#flash .flash").wait_for()
    page.locator("#task-5 .card-moves summary").click()
    check(page)


def test_letters_that_wait_are_for_everybody(seen, live):
    for step in ("urging", "explanation-request"):
        live.clients["leader"].submit(f"/tasks/28/{step}", f"/tasks/28/{step}")
    page = seen("chair")
    for path in ("/", "/tasks/28", "/tasks/28/acknowledgement", "/tasks/28/explanation"):
        page.set_viewport_size(WIDE)
        page.goto(path)
        check(page)
