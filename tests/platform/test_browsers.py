"""The browser of the tests is real, and what it must not do fails the test."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import htmx, visit
from tests.servers import Live


def test_the_script_of_the_cdn_passes_its_integrity_hash(scripted_page: Page):
    scripted_page.goto("/sign-in")
    scripted_page.wait_for_function("window.htmx")
    assert scripted_page.evaluate("htmx.version") == "2.0.10"


def test_a_script_that_was_tampered_with_is_not_run(chrome: Browser, live: Live, monkeypatch):
    monkeypatch.setattr("tests.browsers.htmx", lambda: htmx() + b" ")
    with (
        pytest.raises(AssertionError, match="integrity"),
        visit(chrome, live, scripts=True) as page,
        page.expect_console_message(lambda message: "integrity" in message.text),
    ):
        page.goto("/sign-in")


def test_a_page_comes_with_and_without_javascript(page: Page):
    page.goto("/sign-in")
    expect(page.locator("[name=password]")).to_have_count(1)


def test_a_request_to_somebody_else_fails_the_test(chrome: Browser, live: Live):
    with (
        pytest.raises(AssertionError, match="request to"),
        visit(chrome, live, scripts=True) as page,
    ):
        page.goto("about:blank")
        with page.expect_event("requestfailed"):
            page.set_content('<img src="https://elsewhere.example/pixel.png">')


def test_a_violation_of_the_content_policy_fails_the_test(chrome: Browser, live: Live):
    with (
        pytest.raises(AssertionError, match="Content Security Policy"),
        visit(chrome, live, scripts=True) as page,
    ):
        page.goto("/sign-in")
        with page.expect_console_message(lambda message: "Content Security" in message.text):
            page.evaluate(
                "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))"
            )
