"""What stands around every page."""

import base64
import hashlib

import pytest

from tracker.headers import HTMX_HASH
from tracker.layout import dom_id, kept, unbroken
from tracker.navigation import here, in_language


def test_the_copy_of_htmx_is_the_file_of_the_cdn_byte_by_byte(client):
    file = client.get("/static-packages/htmx-2.min.js?v=2.0.10")
    digest = base64.b64encode(hashlib.sha384(file.data).digest()).decode()
    assert f"sha384-{digest}" == HTMX_HASH
    assert "immutable" in file.headers["Cache-Control"]


def test_another_language_keeps_the_address_and_its_filters(app):
    with app.test_request_context("/board?plan=3&due=overdue&lang=vi"):
        assert in_language("en") == "/board?plan=3&due=overdue&lang=en"
        assert here() == "/board?plan=3&due=overdue"


@pytest.mark.parametrize("path", ["//evil.example/x", "/\\evil.example", "///evil.example"])
def test_an_address_made_up_of_the_path_never_leaves_the_site(app, path):
    with app.test_request_context(path):
        assert in_language("en").startswith("/")
        assert not in_language("en").startswith(("//", "/\\"))


def test_a_page_that_can_only_be_posted_to_is_left_for_the_first_page(app):
    with app.test_request_context("/sign-out", method="POST"):
        assert in_language("en") == "/?lang=en"


def test_days_and_quarters_do_not_break_at_their_hyphens():
    words = "chậm nhất ngày 15-4-2018, hết quý I-2018 <b>"
    assert unbroken(words) == (
        'chậm nhất ngày <span class="nb">15-4-2018</span>, '
        'hết <span class="nb">quý I-2018</span> &lt;b&gt;'
    )


def test_kept_words_are_marked_as_vietnamese_on_an_english_page(app):
    with app.test_request_context("/?lang=en"):
        assert kept("thường xuyên") == '<span lang="vi">thường xuyên</span>'
        assert kept(None) == ""
    with app.test_request_context("/?lang=vi"):
        assert kept("thường xuyên") == "thường xuyên"


def test_the_root_of_a_piece_is_named_after_its_row():
    assert dom_id("task", 7) == "task-7"
