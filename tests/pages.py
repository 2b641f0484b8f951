"""A client that reads each page as a strict browser would, and fills in forms as a person does."""

import re
from collections import Counter
from collections.abc import Callable
from contextvars import Context
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tracker.clock import machine_now
from tracker.db import db
from tracker.people.actions import begin_sign_in
from tracker.people.models import Person
from tracker.people.queries import by_email

PASSWORD = "tien-do-dak-nong-2018"
_TOKEN = re.compile(r'(name="csrf_token"(?: type="hidden")? value=")[\w.-]+(?=")')


@lru_cache(maxsize=8)  # a page is checked, then its form filled in
def parse(html: str) -> tuple[Element, list[str]]:
    """Return the document and what is wrong with its syntax."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    document = parser.parse(html)
    lines = html.splitlines()
    errors = [
        f"line {line}: {code} {variables} in {lines[line - 1].strip()[:120]!r}"
        for (line, _column), code, variables in parser.errors
        if line <= len(lines)
    ]
    return document, errors


def problems(html: str) -> list[str]:
    """Return what is wrong with a whole page, a sentence each; the same page is read once."""
    same = hash(_TOKEN.sub(r"\1", html))
    if same not in _read:
        _read[same] = _problems(html)
    return _read[same]


_read: dict[int, list[str]] = {}


def _problems(html: str) -> list[str]:
    document, errors = parse(html)
    found = list(errors)
    ids = Counter(element.get("id") for element in document.iter() if element.get("id"))
    found += [f"id {name!r} stands {n} times" for name, n in ids.items() if n > 1]
    if not (document.findtext("head/title") or "").strip():
        found.append("the page has no title")
    if not document.get("lang"):
        found.append("the page does not say its language")
    if (headings := len(document.findall(".//h1"))) != 1:
        found.append(f"the page has {headings} h1, not one")
    for form in document.iter("form"):
        found += form_problems(form)
    return found


def form_problems(form: Element) -> list[str]:
    """Return what keeps a form from working without JavaScript."""
    name = f"the form {form.get('id') or form.get('action') or '?'}"
    method = (form.get("method") or "").lower()
    if method == "dialog":
        return []
    found = [f"{name} has no {a}" for a in ("action", "method") if not form.get(a)]
    if method == "post" and form.find(".//input[@name='csrf_token']") is None:
        found.append(f"{name} posts without csrf_token")
    return found


def is_page(response: TestResponse) -> bool:
    """Tell whether the response is a whole page rather than a region of one, a file or nothing."""
    fragment = "HX-Request" in response.request.headers and b"<html" not in response.data[:500]
    return response.mimetype == "text/html" and bool(response.data) and not fragment


class Client(FlaskClient):
    """The test client of the house: a page that is not sound fails the test that fetched it."""

    checks = True
    is_quick = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Fetch, and read what came."""
        # A context of its own, as in a server: a test may stand in one to look at rows.
        response = Context().run(super().open, *args, **kwargs)
        if self.checks and is_page(response) and response.status_code not in {301, 302, 303, 308}:
            found = problems(response.text)
            assert not found, f"{response.request.path}:\n" + "\n".join(found)
        return response

    def submit(self, page: str, form: str | None = None, **fields: Any) -> TestResponse:
        """Fetch `page`, fill in the form and send it, as a browser without JavaScript does.

        `form` is the id or action of the form; without it, the only one that has all the fields.
        A list of values ticks several; a value of None leaves the field out.
        """
        response = self.get(page, follow_redirects=True)
        assert response.status_code == 200, f"{page}: {response.status}"
        chosen = choose(parse(response.text)[0], form, fields)
        data = filled(chosen) | fields
        data = {name: value for name, value in data.items() if value is not None}
        target = urljoin(response.request.path, chosen.get("action"))
        if (chosen.get("method") or "get").lower() == "get":
            return self.get(target, query_string=data)
        return self.post(target, data=data)

    def sign_in(self, email: str, password: str = PASSWORD) -> "Client":
        """Sign in, and return the client: through the page where that is what is tested, else beside it."""
        is_new = self.is_quick and password == PASSWORD and not self._cookies
        if is_new and (token := Context().run(self._begun, email)):
            with self.session_transaction() as session:
                session.update({"_user_id": token, "_fresh": True})
            return self
        response = self.submit("/sign-in", email=email, password=password)
        assert response.status_code == 303, response.text
        return self

    def _begun(self, email: str) -> str | None:
        """Begin a sign-in as the page does after the password was right; return its token."""
        with self.application.app_context():
            person = by_email(email)
            if person is None or person.disabled_at or not person.password_hash:
                return None
            token = begin_sign_in(person, "127.0.0.1", "Werkzeug", machine_now())[1]
            db.session.commit()
            db.session.remove()
        return token


def choose(document: Element, wanted: str | None, fields: dict[str, Any]) -> Element:
    """Return the form meant."""
    forms = list(document.iter("form"))
    if wanted:
        found = [f for f in forms if wanted in {f.get("id"), urlsplit(f.get("action", "")).path}]
    else:
        found = [f for f in forms if set(fields) <= set(named(f))]
    assert len(found) == 1, f"{len(found)} of {len(forms)} forms are {wanted or sorted(fields)}"
    return found[0]


def named(form: Element) -> dict[str, list[Element]]:
    """Return the fields of a form by name."""
    by_name: dict[str, list[Element]] = {}
    for element in form.iter():
        if element.tag in {"input", "select", "textarea", "button"} and element.get("name"):
            by_name.setdefault(element.get("name", ""), []).append(element)
    return by_name


def filled(form: Element) -> dict[str, Any]:
    """Return what the form would send if nobody touched it (buttons apart)."""
    values = {
        name: [v for e in elements for v in sent(e)] for name, elements in named(form).items()
    }
    return {name: v[0] if len(v) == 1 else v for name, v in values.items() if v}


def sent(element: Element) -> list[str]:
    """Return the values which one untouched field sends."""
    if element.tag == "textarea":
        return [element.text or ""]
    if element.tag == "select":
        options = list(element.iter("option"))
        picked = [o for o in options if o.get("selected") is not None]
        picked = picked or ([] if element.get("multiple") is not None else options[:1])
        return [o.get("value", o.text or "") for o in picked]
    kind = element.get("type", "text")
    if element.tag == "button" or kind in {"submit", "button", "file", "image", "reset"}:
        return []
    if kind in {"checkbox", "radio"}:
        return [element.get("value", "on")] if element.get("checked") is not None else []
    return [element.get("value", "")]


def client_of(app: Flask, *, checks: bool = True) -> Client:
    """Return a client of `app`; each has its own cookies."""
    app.test_client_class = Client
    client = app.test_client()
    assert isinstance(client, Client)
    client.checks = checks
    return client


@pytest.fixture
def client(app: Flask) -> Client:
    """A checking client of the app on an empty database."""
    return client_of(app)


@pytest.fixture
def any_client(any_app: Flask) -> Client:
    """A checking client, once for each kind of database."""
    return client_of(any_app)


@pytest.fixture
def demo_client(demo_app: Flask) -> Client:
    """A checking client of the demonstration: `demo_client.sign_in("office@demo.local")`."""
    return client_of(demo_app)


@pytest.fixture
def signed_in(app: Flask) -> Callable[[Person], Client]:
    """`signed_in(world.an)`: a client of that person's."""
    return lambda person: client_of(app).sign_in(person.email)
