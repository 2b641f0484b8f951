"""Hostile input anywhere: scripts in every text, ways off the site, broken headers, forged hosts."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from tests.matrix.realm import Realm
from tests.matrix.test_bad_input import SHEETS, Sheet, send

# --- scripts --------------------------------------------------------------------------------------------

SCRIPTS = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)',
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}{{ config }}",
    "%(who)s {who.__class__} {0}",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<!--<img src=--><img src=x onerror=alert(1)//>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;<b>&#60;script</b>",
    "\u2028<x contenteditable onblur=alert(1)>\u202e",
)
MADE_BY_US = {"script", "link", "meta"}  # with addresses of this site, and of the one CDN
NEVER = {"iframe", "object", "embed", "base", "math", "style", "img", "x", "b2", "mglyph"}


class Danger(HTMLParser):
    """Collects what would run: elements, handlers and addresses that no template writes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in NEVER or (tag == "script" and not values.get("src")):
            self.found.append(f"<{tag}>")
        self.found += [name for name in values if name.startswith("on") or name == "srcdoc"]
        for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
            address = re.sub(r"[\x00-\x20]", "", values.get(name, "")).lower()
            if address.startswith(("javascript:", "data:", "vbscript:")):
                self.found.append(f"{name}={address[:40]}")


def dangers(html: str) -> list[str]:
    """Return what on a page would run though no template wrote it."""
    reader = Danger()
    reader.feed(html)
    return reader.found + (["49"] if ">49<" in html or "49{" in html else [])


ALL = " ".join(SCRIPTS)
SHORT = {"kind_vi", "kind_en", "number", "symbol"}  # fields that take a few letters only
ROUNDS = (ALL, '"><svg onload=alert(1)>', "javascript:alert(1)", "<script>alert(1)</script>")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.path)
def test_no_text_becomes_a_script(realm: Realm, sheet: Sheet):
    """All of them in every text that takes so much; what is refused is shown in its field, too."""
    for short in ROUNDS:
        texts = {name: short if name in SHORT else ALL for name in sheet.texts.split()}
        answer = send(realm, sheet, **texts)
        assert answer.status_code in {303, 422}
        assert dangers(answer.text) == []
        for path in _shown_at(realm, sheet, answer.location) if answer.location else ():
            page = realm.ask(sheet.account, "GET", path)
            assert page.status_code == 200
            assert dangers(page.text) == [], f"{short} at {path}"
        realm.begin_again()
        if not SHORT & texts.keys():
            break


def _shown_at(realm: Realm, sheet: Sheet, location: str) -> Iterator[str]:
    """Yield the pages that show what was entered: its own, the lists, the forms that offer it."""
    path = location.partition("?")[0]
    yield path
    if sheet.path.endswith("/measures/new"):
        yield from (f"{path}/edit", "/measures", "/tasks/{own_assigned}")
    elif sheet.path.endswith("/new"):
        yield sheet.path.rpartition("/")[0].replace("/tasks", "/board?column=draft")
        yield f"{path}/edit" if "people" not in path else "/people/me"
        yield "/tasks/new" if sheet.account == "office" else "/people"
    else:
        yield from ("/", "/board")


QUERIES = (
    "/board?q={}",
    "/board?plan={}&unit={}&due={}&column={}",
    "/documents?q={}&page={}",
    "/plans?q={}&page={}",
    "/committees/{unit_commission}?page={}",
    "/deadlines/read?phrase={}",
    "/search?q={}",
    "/measures?plan={}&unit={}&stand={}&parts={}",
    "/tasks/new?document={}&clause={}",
    "/tasks/new?plan={}&lead={}",
    "/tasks/{own_assigned}/hold?back={}",
    "/sign-in?next={}",
    "/?{}={}",
    "/invitations/{}",
    "/nothing/{}",
)


@pytest.mark.parametrize("query", QUERIES)
def test_no_address_becomes_a_script(realm: Realm, query: str):
    account = "stranger" if query.startswith("/sign-in") else "office"
    for script in ROUNDS:
        path = query
        while "{}" in path:
            path = path.replace("{}", quote(script, safe=""), 1)
        for headers in ({}, {"HX-Request": "true"})[: 1 + path.startswith("/deadlines")]:
            answer = realm.ask(account, "GET", path, headers=headers)
            assert answer.status_code < 500
            assert dangers(answer.text) == [], path


# --- ways off the site ------------------------------------------------------------------------------------

_FORMS = (
    "https://evil.example",
    "http://evil.example/",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "//evil.example/%2f..",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    " https://evil.example",
    "\x00//evil.example",
    "\x0b//evil.example",
    "\x1f//evil.example",
    "\u00a0//evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:\\evil.example",
    "https://localhost@evil.example",
    "https://localhost.evil.example",
    "//localhost@evil.example",
    "//localhost:80@evil.example",
    "//evil.example\\@localhost",
    "//evil.example#@localhost",
    "//evil.example?@localhost",
    "//[::1]@evil.example",
    "//0x7f000001.evil.example",
    "//evil%E3%80%82example",
    "//evil。example",
    "//ⓔvil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    " javascript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript://localhost/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "mailto:x@evil.example",
    "blob:https://evil.example/x",
    "view-source:https://evil.example",
    "evil.example",
    "../evil.example",
    "@evil.example",
    ":80",
    "?next=//evil.example",
    "#//evil.example",
    "/%0d%0aLocation:https://evil.example",
    "/\r\nLocation: https://evil.example",
    "/%5cevil.example",
    "/%2f/evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/;//evil.example",
    "",
)
SINKS = (
    ("office", "GET", "/sign-in?next={}"),
    ("office", "POST", "/theme"),
    ("chair", "POST", "/tasks/{own_assigned}/notes"),
    ("chair", "POST", "/tasks/{own_assigned}/start"),
)


def leaves(location: str) -> bool:
    """Tell whether a browser that reads this Location would leave the site, by the URL standard."""
    address = re.sub(r"[\t\n\r]", "", location.strip("".join(map(chr, range(33)))))
    address = address.partition("#")[0].replace("\\", "/")
    return address.startswith("//") or bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", address))


def test_the_corpus_would_lead_astray():
    assert len(_FORMS) >= 60
    assert sum(map(leaves, _FORMS)) > 30


@pytest.mark.parametrize(("account", "method", "path"), SINKS)
def test_no_answer_leads_off_the_site(realm: Realm, account: str, method: str, path: str):
    for target in _FORMS:
        fields = {"version": "{version}", "theme": "dark", "words": "x"}
        address, data = realm.for_account(account, path, fields)
        data |= {"next": target, "back": target}
        if "{}" in address:
            address = address.replace("{}", quote(target, safe=""))
        answer = realm.ask(account, method, address, data if method == "POST" else None)
        assert answer.status_code in {303, 422}, target
        assert answer.status_code == 422 or not leaves(answer.location), target
        assert "\n" not in (answer.location or "")
        assert [name for name, _value in answer.headers].count("Location") <= 1
        realm.begin_again()


def test_no_form_carries_a_way_off_the_site_along(realm: Realm):
    """What a page hands on, a link `Cancel` or a hidden field, is as safe as where it leads in the end."""
    for target in _FORMS:
        path = "/tasks/{own_assigned}/hold?back=" + quote(target, safe="")
        links = re.findall(r'(?:href|action)="([^"]*)"', realm.ask("office", "GET", path).text)
        astray = [link for link in links if "evil" in link or "script:" in link]
        assert not any(map(leaves, astray)), target


# --- headers ------------------------------------------------------------------------------------------

HOSTS = (
    "evil.example",
    "evil.example:8000",
    "localhost@evil.example",
    "localhost.evil.example",
    "evil.example/path",
    "evil.example#localhost",
    "evil.example?localhost",
    "[::1].evil.example",
    "evil.example\\localhost",
    "EVIL.EXAMPLE",
    "evil.example.",
)
HEADERS = (
    "X-Forwarded-Host",
    "X-Host",
    "X-Forwarded-Server",
    "Forwarded",
    "X-Original-URL",
    "X-Rewrite-URL",
    "Referer",
    "Origin",
    "HX-Current-URL",
)
ASKED = ("/plans", "/people/{person_an}", "/nothing")


def test_a_forged_host_appears_nowhere(realm: Realm):
    for host in HOSTS:
        for path in ASKED:
            for account in ("admin", "stranger"):
                answer = realm.ask(account, "GET", path, headers={"Host": host})
                assert answer.status_code in {200, 303, 400, 404}, host
                assert "evil" not in (answer.text + str(answer.headers)).lower()


def test_a_link_that_is_made_uses_the_address_of_the_settings(realm: Realm):
    public = realm.app.extensions["settings"].public_url
    for host in HOSTS[:4]:
        headers = {"Host": host, "X-Forwarded-Host": host}
        path = f"/people/{realm.names['person_an']}"
        client = realm.app.test_client()
        client.set_cookie("session", realm.cookies["admin"])
        token = {"csrf_token": realm.tokens["admin"]}
        made = client.post(f"{path}/invitation", data=token)
        assert made.status_code == 303
        page = client.get(path, headers={name: v for name, v in headers.items() if name != "Host"})
        assert f"{public}/invitations/" in page.text
        assert "evil" not in page.text
        realm.begin_again()


def test_a_forged_header_leads_nowhere(realm: Realm):
    for name in HEADERS:
        for value in ("https://evil.example/x", "host=evil.example", "//evil.example"):
            headers = {name: value}
            for account, method, path in (
                ("stranger", "GET", "/plans"),
                ("stranger", "POST", "/tasks/{own_assigned}/start"),
                ("office", "GET", "/plans"),
                ("admin", "GET", "/nothing"),
            ):
                answer = realm.ask(account, method, path, headers=headers)
                assert answer.status_code in {200, 303, 400, 404}
                assert "evil" not in answer.text + str(answer.headers), f"{name}: {value}"
