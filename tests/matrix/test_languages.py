"""One language a page: Vietnamese on an English page is marked as such, and the other way round."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.pages import PASSWORD, client_of
from tracker.db import db
from tracker.settings import ROOT

MARKED = re.compile(
    r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)
VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "wbr"})
# What stands in a field was typed by somebody; a title can announce no language inside it.
UNREAD = frozenset({"script", "style", "textarea", "title"})
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-words-gone", "data-words-again")
# Names of the product and of the languages.
NAMES = frozenset({"Tiến Độ", "Tiếng Việt", "English"})


class Text(HTMLParser):
    """Collects every text of a page with the language it is announced in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str]] = []
        self.found: list[tuple[str, str]] = []

    @property
    def lang(self) -> str:
        return self.open[-1][1] if self.open else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        lang = values.get("lang", self.lang)
        self.found += [(lang, values[name]) for name in SPOKEN if name in values]
        if tag not in VOID:
            self.open.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] not in UNREAD:
            self.found.append((self.lang, " ".join(data.split())))


def texts(html: str) -> list[tuple[str, str]]:
    """Return every text of a page with its language."""
    reader = Text()
    reader.feed(html)
    return [(lang, words) for lang, words in reader.found if words and words not in NAMES]


@cache
def english() -> frozenset[str]:
    """Return the English sentences and words that have another wording in Vietnamese."""
    with (ROOT / "tracker/translations/vi/LC_MESSAGES/messages.po").open("rb") as lines:
        catalogue = read_po(lines, locale="vi")
    found = {m.id if isinstance(m.id, str) else m.id[0]: m.string for m in catalogue if m.id}
    plain = {id_: words for id_, words in found.items() if "{" not in id_ and "%(" not in id_}
    return frozenset(id_ for id_, words in plain.items() if words != id_)


LINK = re.compile(r'href="(/[^"#?]*)')
# The office sees every task; of the administrator's pages those that only they have.
READERS = {"office@demo.local": "/", "admin@demo.local": "/people"}


def crawl(client, start: str) -> Iterator[tuple[str, str]]:
    """Yield every page that links lead to from the start, one form of each kind."""
    waiting, seen = [start], set()
    while waiting:
        path = waiting.pop()
        kind = re.sub(r"\d+", "N", path)
        is_form = path.count("/") > 2 or path.endswith("/new")
        key = kind if is_form else path
        if key in seen or not path.startswith(start) or path.startswith("/static"):
            continue
        seen.add(key)
        page = client.get(path)
        if page.status_code == 200:
            yield path, page.text
            waiting += LINK.findall(page.text)


def sign_in(app: Flask, email: str) -> FlaskClient:
    client = client_of(app, checks=False)
    page = client.get("/sign-in").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    fields = {"email": email, "password": PASSWORD, "csrf_token": token}
    assert client.post("/sign-in", data=fields).status_code == 303
    return client


def proper_names(app: Flask) -> re.Pattern[str]:
    """Return what is English though it has Vietnamese letters: what sources give in English, people's names."""
    with app.app_context():
        columns = [
            column
            for table in db.metadata.sorted_tables
            for column in table.c
            if column.name.endswith("_en") or (table.name, column.name) == ("person", "name")
        ]
        found = {value for c in columns for value in db.session.scalars(select(c)) if value}
    marked = sorted(filter(MARKED.search, found), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, marked)) or "$^")


@pytest.mark.parametrize(("email", "start"), READERS.items())
def test_english_pages_announce_what_is_vietnamese(demo_app: Flask, email: str, start: str):
    client, names = sign_in(demo_app, email), proper_names(demo_app)
    client.get("/?lang=en")
    leaks: dict[str, str] = {}
    for path, html in crawl(client, start):
        for lang, words in texts(html):
            if lang != "vi" and MARKED.search(names.sub("", words)):
                leaks.setdefault(words[:80], path)
    assert leaks == {}


@pytest.mark.parametrize(("email", "start"), READERS.items())
def test_vietnamese_pages_have_no_english(demo_app: Flask, email: str, start: str):
    client = sign_in(demo_app, email)
    client.get("/?lang=vi")
    leaks: dict[str, str] = {}
    for path, html in crawl(client, start):
        for lang, words in texts(html):
            if lang != "en" and words in english():
                leaks.setdefault(words[:80], path)
    assert leaks == {}
