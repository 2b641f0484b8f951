"""The specification by example once more, through the three doors people use: command, page and form."""

import json
import re

import pytest

from tests.deadlines.examples import SPECIFIED, Example
from tests.pages import client_of
from tests.worlds import a_world

ECHO = re.compile(r'data-kind="([\w-]+)"(?: data-start="([^"]*)" data-due="([^"]*)")?')
NO_CONTEXT = [e for e in SPECIFIED if "ctx=none" in e.note]


def echoed(page: str) -> tuple[str, str, str]:
    """Return what an echo on a page says was read."""
    found = ECHO.search(page)
    assert found is not None, page
    return found[1], found[2] or "", found[3] or ""


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_command_gives_every_row_its_kind_and_days_or_refuses_it(app, lang):
    runner = app.test_cli_runner()
    wrong = {}
    for example in SPECIFIED:
        day = ["--on", example.on.isoformat()] if example.on else []
        told = runner.invoke(args=["deadlines", "read", example.phrase, *day, "--lang", lang])
        if told.exit_code == 2:
            answer = ("refuse", "", "")
            assert told.stderr.strip(), example
        else:
            said = json.loads(told.stdout)
            answer = (said["kind"], said["start"] or "", said["due"] or "")
        if answer != example.answer:
            wrong[example.phrase] = answer
    assert wrong == {}


def test_the_page_gives_every_row_its_kind_and_days_or_refuses_it(app):
    client = client_of(app, checks=False)
    wrong = {}
    for example in SPECIFIED:
        # The page is always told from a day; what only lacks one is not refused there.
        if example in NO_CONTEXT:
            continue
        asked = {"phrase": example.phrase} | ({"on": example.on.isoformat()} if example.on else {})
        page = client.get("/deadlines/read", query_string=asked)
        assert page.status_code == (422 if example.kind == "refuse" else 200), example
        if echoed(page.text) != example.answer:
            wrong[example.phrase] = echoed(page.text)
    assert wrong == {}


def test_the_form_of_a_task_echoes_every_row_or_refuses_it_at_the_field(app):
    with app.app_context():
        world = a_world()
    client = client_of(app, checks=False).sign_in(world.binh.email)
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/tasks/new").text)
    assert token is not None
    asked = {"csrf_token": token[1], "check": "due_words"}
    wrong = {}
    for example in filter(is_told_without_a_day, SPECIFIED):
        page = client.post("/tasks/new", data=asked | {"due_words": example.phrase}).text
        # A counting day is read, and is no deadline.
        is_refused = example.kind in {"refuse", "asof"}
        answer = () if 'id="due_words-error"' in page else echoed(page)
        if answer != (() if is_refused else example.answer):
            wrong[example.phrase] = answer
    assert wrong == {}


def is_told_without_a_day(example: Example) -> bool:
    return bool(example.phrase) and "ctx=" not in example.note
