"""The test client finds what is wrong with a page, and fills in forms as a browser does."""

import pytest

from tests.pages import choose, filled, parse, problems

GOOD = """<!doctype html><html lang="vi"><head><title>Việc</title></head><body><h1>Việc</h1>
<form action="/a" method="post"><input type="hidden" name="csrf_token" value="t"></form>
</body></html>"""
WRONG = {
    "no title": GOOD.replace("<title>Việc</title>", "<title> </title>"),
    "does not say its language": GOOD.replace(' lang="vi"', ""),
    "has 0 h1": GOOD.replace("h1>", "h2>"),
    "has 2 h1": GOOD.replace("</body>", "<h1>Hai</h1></body>"),
    "stands 2 times": GOOD.replace("</body>", '<p id="x"></p><p id="x"></p></body>'),
    "has no action": GOOD.replace(' action="/a"', ""),
    "has no method": GOOD.replace(' method="post"', ""),
    "without csrf_token": GOOD.replace("csrf_token", "other"),
    "end-tag-too-early": GOOD.replace("</body>", "</div></body>"),
    "duplicate-attribute": GOOD.replace('name="csrf_token"', 'name="csrf_token" name="b"'),
}
FORM = """<form id="f" action="/x" method="post"><input name="title" value="Một">
<input type="checkbox" name="on" checked><input type="checkbox" name="off">
<input type="radio" name="kind" value="a"><input type="radio" name="kind" value="b" checked>
<select name="unit"><option value="1">A</option><option value="2" selected>B</option></select>
<select name="with" multiple><option value="1" selected>A</option><option selected>B</option></select>
<textarea name="words">hai</textarea><button name="go" value="1">Gửi</button></form>"""


def test_a_sound_page_has_no_problems():
    assert problems(GOOD) == []


@pytest.mark.parametrize("problem", WRONG)
def test_what_is_wrong_is_found(problem: str):
    assert any(problem in found for found in problems(WRONG[problem])), problems(WRONG[problem])


def test_a_form_is_sent_as_it_stands():
    form = choose(parse(FORM)[0], "f", {})
    assert filled(form) == {
        "title": "Một",
        "on": "on",
        "kind": "b",
        "unit": "2",
        "with": ["1", "B"],
        "words": "hai",
    }


@pytest.mark.parametrize("wanted", ["f", "/x", None])
def test_the_form_meant_is_found(wanted: str | None):
    assert choose(parse(FORM)[0], wanted, {"title": "x"}).get("action") == "/x"
