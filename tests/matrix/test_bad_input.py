"""Bad input anywhere: the right status, a sentence in the reader's language in its place, nothing half-written."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from html import escape, unescape
from itertools import cycle
from typing import Any, NamedTuple

import pytest
from werkzeug.test import TestResponse

from tests.matrix.doors import (
    CLAUSE,
    DATED,
    DAY_OFF,
    DOCUMENT,
    DOORS,
    FIGURE,
    LEAD,
    LETTER,
    MEASURE,
    NAMED,
    NEW_TASK,
    PERSON,
    PLAN,
    QUICK,
    REFUSAL,
    TICKED,
    UNIT,
    WISH,
    Door,
)
from tests.matrix.realm import Realm
from tracker.policy import Verb
from tracker.tasks.lifecycle import MOVES, Reason

LANGUAGES = ("vi", "en")
POSTS = [door for door in DOORS if door.method == "POST"]


class Sheet(NamedTuple):
    """A form with texts: who fills it in, what is right, which fields are free text."""

    account: str
    path: str
    right: Mapping[str, Any]
    texts: str


MEASURED = "name_vi name_en unit_vi unit_en note"
SHEETS = (
    Sheet(
        "office",
        "/documents/new",
        DOCUMENT,
        "kind_vi kind_en number symbol subject_vi subject_en full_title_vi note",
    ),
    Sheet("office", "/plans/new", PLAN, "title_vi title_en note"),
    Sheet("office", "/committees/new", UNIT, "name_vi name_en purpose territory note"),
    Sheet("office", "/tasks/new", NEW_TASK, "title_vi title_en product_vi product_en note"),
    Sheet("chair", "/tasks/{own_assigned}/notes", {"version": "{version}"}, "words"),
    Sheet("office", "/tasks/{own_assigned}/hold", {"version": "{version}"}, "words"),
    Sheet("admin", "/people/new", PERSON, "name"),
    Sheet("admin", "/admin/calendar/days", DAY_OFF, "name_vi name_en"),
    Sheet("admin", "/people/{person_an}/edit", {"version": "{version}"} | NAMED, "name"),
    Sheet("office", "/tasks/{own_assigned}/urging", LETTER | {"rung": "1"}, "words"),
    Sheet("office", "/tasks/{own_assigned}/lead", LEAD, "words"),
    Sheet("office", "/tasks/{own_assigned}/deadline", DATED, "words"),
    Sheet("co-chair", "/tasks/{child_assigned}/explanation", {}, "words"),
    Sheet("chair", "/tasks/{own_assigned}/extension-request", WISH, "words result"),
    Sheet("chair", "/measures/{list_own}/list", TICKED, "source"),
    Sheet("office", "/tasks/{own_assigned}/measures/new", MEASURE, MEASURED),
    Sheet("chair", "/measures/{measure_own_assigned}/readings", FIGURE, "source"),
    Sheet("office", "/tasks/quick", QUICK | {"step": "send"}, "words"),
    Sheet("office", "/clauses/{clause_seen}/edit", CLAUSE, "words"),
    Sheet("chair", "/tasks/{child_assigned}/extension", REFUSAL, "words"),
)
FIELDS = [
    pytest.param(sheet, field, id=f"{sheet.path} {field}")
    for sheet in SHEETS
    for field in sheet.texts.split()
]


def send(realm: Realm, sheet: Sheet, lang: str = "en", **fields: Any) -> TestResponse:
    """Send a form that is right but for what is said."""
    path, right = realm.for_account(sheet.account, sheet.path, sheet.right)
    right |= {"words": "Có lý do"} if sheet.texts == "words" else {}
    return realm.ask(sheet.account, "POST", path, right | fields, lang=lang)


def is_in(lang: str, words: str) -> bool:
    """Tell whether a sentence is in the language: Vietnamese has letters that English has not."""
    has_marks = any(unicodedata.combining(c) for c in unicodedata.normalize("NFD", words))
    return bool(words) and (has_marks or "đ" in words) is (lang == "vi")


def told(answer: TestResponse) -> str:
    """Return what an error page says."""
    found = re.search(r'<p class="said">(.*?)</p>', answer.text, re.DOTALL)
    return unescape(found[1]) if found else ""


def error_at(answer: TestResponse, field: str) -> str:
    """Return what a page says is wrong with a field."""
    found = re.search(rf'id="{field}-error">(.*?)</p>', answer.text, re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", found[1])).strip() if found else ""


def keeps(answer: TestResponse, words: str) -> bool:
    """Tell whether what was typed stands in the page that came back."""
    return escape(words, quote=False) in unescape(answer.text).replace("&", "&amp;")


# --- ids in bodies ------------------------------------------------------------------------------------

TASKS, PLANS, DOCUMENTS, UNITS = (SHEETS[i] for i in (3, 1, 0, 2))
FOREIGN = [
    (TASKS, "plan_id", "{plan_elsewhere}"),
    (TASKS, "document_id", "{document_elsewhere}"),
    (TASKS, "parent_id", "{foreign_assigned}"),
    (TASKS, "assigner_id", "{unit_elsewhere}"),
    (TASKS, "lead_id", "99999"),
    (TASKS, "coordinators", ["99999"]),
    (TASKS, "holder_seat_id", "99999"),
    (TASKS, "leader_seat_id", "99999"),
    (PLANS, "owner_id", "{unit_elsewhere}"),
    (PLANS, "document_id", "{document_elsewhere}"),
    (DOCUMENTS, "issuer_id", "99999"),
    (DOCUMENTS, "approver_id", "99999"),
    (DOCUMENTS, "parents", ["{document_elsewhere}"]),
    (UNITS, "parent_id", "{unit_elsewhere}"),
    (UNITS, "acts_for_id", "{unit_elsewhere}"),
    (UNITS, "members", ["99999"]),
    (UNITS, "kind", "kingdom"),
    (UNITS, "level", "planet"),
    (SHEETS[6], "unit", "99999"),
    (SHEETS[6], "role", "emperor"),
]


@pytest.mark.parametrize(("sheet", "field", "wrong"), FOREIGN)
def test_what_was_not_on_offer_cannot_be_chosen(realm: Realm, sheet: Sheet, field: str, wrong):
    others = ("abc", "-1", "9" * 30) if isinstance(wrong, str) else (["x"],)
    for value, lang in zip((wrong, *others), cycle(LANGUAGES)):
        answer = send(realm, sheet, lang, **{field: value})
        assert answer.status_code == 422, value
        assert is_in(lang, error_at(answer, field)), value
    assert not realm.has_written()


# --- texts --------------------------------------------------------------------------------------------

LONG = "chữ " * 6_000
OLD_ENCODINGS = ("Tiáº¿ng Viá»‡t", "C«ng t¸c c¸n bé")


@pytest.mark.parametrize(("sheet", "field"), FIELDS)
def test_text_too_long_or_in_an_old_encoding_is_refused_and_kept(realm: Realm, sheet, field):
    for wrong, lang in zip((LONG.strip(), *OLD_ENCODINGS), cycle(LANGUAGES)):
        answer = send(realm, sheet, lang, **{field: wrong})
        assert answer.status_code == 422, wrong[:20]
        assert is_in(lang, error_at(answer, field)), wrong[:20]
        assert keeps(answer, wrong)
    assert not realm.has_written()


@pytest.mark.parametrize(("sheet", "field"), FIELDS)
def test_decomposed_text_is_stored_composed(realm: Realm, sheet: Sheet, field: str):
    words = "Ủy ban tỉnh Đắk"
    answer = send(realm, sheet, **{field: unicodedata.normalize("NFD", words)})
    assert answer.status_code == 303
    stored = "\n".join(rows(realm))
    assert words in stored
    assert unicodedata.normalize("NFD", words) not in stored


def rows(realm: Realm) -> Iterator[str]:
    """Yield every text of the tables a person writes to."""
    written = "document plan unit task event_text person ask special_day measure reading clause"
    for table in written.split():
        for row in realm.watcher.execute(f"SELECT * FROM {table}").fetchall():
            yield from (value for value in row if isinstance(value, str))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.path)
def test_fields_a_form_does_not_have_are_ignored(realm: Realm, sheet: Sheet):
    extra = {
        "id": "1",
        "code": "x",
        "is_admin_too": "1",
        "state": "done",
        "slips": "7",
        "verdict_unit_id": "{unit_elsewhere}",
        "receiver_id": "{unit_elsewhere}",
        "successor_id": "1",
        "path": "/1/",
        "prov": "stated",
        "search_key": "x",
        "password_hash": "x",
        "disabled_at": "2018-01-01",
    }
    assert send(realm, sheet, **extra).status_code == 303
    assert realm.one("SELECT count(*) FROM task WHERE slips = 7 OR code = 'x'") == 0
    for table in ("task", "document", "plan", "unit"):
        assert realm.one(f"SELECT count(*) FROM {table} WHERE search_key = 'x'") == 0
        assert realm.one(f"SELECT count(*) FROM {table} WHERE prov LIKE '%stated%'") == 0
    assert realm.one("SELECT count(*) FROM person WHERE password_hash = 'x'") == 0


# --- what a form asks for -------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("sheet", [TASKS, PLANS], ids=["task", "plan"])
def test_a_phrase_that_is_not_understood_is_refused_at_its_field(realm: Realm, sheet, lang):
    answer = send(realm, sheet, lang, due_words="ngày 32-13-2018")
    assert answer.status_code == 422
    assert is_in(lang, error_at(answer, "due_words").partition("32")[0])
    assert keeps(answer, "ngày 32-13-2018")
    assert not realm.has_written()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_duty_without_an_end_or_with_an_impossible_one_is_refused_at_its_field(
    realm: Realm, lang
):
    for until in ("", "hôm qua", "9-4-2018", "11-4-2028", "29-2-2019", "31-12-9999"):
        answer = send(realm, TASKS, lang, due_words="hằng tháng", repeats_until_on=until)
        assert answer.status_code == 422, until
        assert is_in(lang, error_at(answer, "repeats_until_on")), until
        assert keeps(answer, until or "hằng tháng")
    assert not realm.has_written()


REASONED = [verb for verb, move in MOVES.items() if move.reason is Reason.REQUIRED]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("verb", REASONED)
def test_a_missing_reason_is_asked_for(whole: Realm, verb: Verb, lang: str):
    door = next(d for d in POSTS if d.verb is verb)
    knock = door.things["own"]
    for words in ("", "   \n "):
        path, data = whole.for_account("office", knock.path, dict(knock.data) | {"words": words})
        answer = whole.ask("office", "POST", path, data, lang=lang)
        assert answer.status_code == 422
        assert is_in(lang, error_at(answer, "words"))
    assert not whole.has_written()


# A line of progress overwrites nothing, so it needs no version; an undo has no page of its own, its test is with tasks.
# The wishes for the digest are ticks, no words: theirs is with the digests. The rules' forms share a page: tests/rules.
VERSIONED = [
    door
    for door in POSTS
    if any("version" in knock.data for knock in door.things.values())
    and door.verb not in {Verb.NOTE, Verb.UNDO}
    and not door.rule.endswith(("/new", "/digest/preferences", "<int:clause_id>/removal"))
    and not door.rule.startswith("/admin/calendar/")
]


@pytest.mark.parametrize("door", VERSIONED, ids=lambda door: door.name)
def test_a_stale_version_changes_nothing_and_keeps_what_was_typed(whole: Realm, door: Door):
    for account in ("office", "chair", "co-chair", "admin"):
        for knock in door.things.values():
            path, right = whole.for_account(account, knock.path, dict(knock.data))
            asked = whole.ask(account, "GET", path)
            if asked.status_code != 200:
                continue
            kept = next((name for name in ("words", "name") if name in right), "note")
            answer = whole.ask(account, "POST", path, right | {"version": "77", kept: "gõ dở"})
            assert answer.status_code == 409
            assert keeps(answer, "gõ dở")
            assert 'value="77"' not in answer.text
            assert not whole.has_written()
            return
    raise AssertionError(f"nobody in the realm may use {door.name}")


def test_a_version_that_is_no_number_changes_nothing(realm: Realm):
    for version in ("", "abc", "-1", "9" * 30, None):
        fields = {"words": "gõ dở"} | ({} if version is None else {"version": version})
        path = "/tasks/{own_assigned}/hold"
        assert realm.ask("office", "POST", path, fields).status_code in {409, 422}
    assert not realm.has_written()


# --- circles --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_circles_are_refused_at_their_field(realm: Realm, lang: str):
    for field, path, data in (
        ("parents", "/documents/{document_seen}/edit", {"parents": ["{document_drafted}"]}),
        ("parent_id", "/committees/{unit_commission}/edit", {"parent_id": "{unit_division}"}),
        ("acts_for_id", "/committees/{unit_province}/edit", {"acts_for_id": "{unit_standing}"}),
    ):
        account = "admin" if "committees" in path else "office"
        base = UNIT if "committees" in path else DOCUMENT
        fields = {"version": "{version}"} | base
        _path, right = realm.for_account(account, path, fields)
        answer = realm.ask(account, "POST", path, right | data, lang=lang)
        assert answer.status_code == 422, path
        assert is_in(lang, error_at(answer, field)), path
    assert not realm.has_written()
