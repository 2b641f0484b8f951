"""SQLite and PostgreSQL tell the same: every page of the demonstration, word for word."""

import re

import pytest
from flask import Flask

from tests.databases import running
from tests.pages import Client, client_of

LINKS = re.compile(r'href="(/(?:tasks|plans|documents|committees)/\d+)"')
TAG = re.compile(r"<[^>]*>")
FIRST = ("/", "/board?all=1", "/plans", "/documents", "/committees")


def words(page: str) -> str:
    """Return what a person reads, without the hour."""
    text = " ".join(TAG.sub("", page).split())
    return re.sub(r"\d+ giờ \d\d|\d\d:\d\d", "", text)


def read(client: Client) -> dict[str, str]:
    """Return the words of every page that the first pages lead to."""
    pages = {path: client.get(path).text for path in FIRST}
    found = sorted({link for page in pages.values() for link in LINKS.findall(page)})
    pages |= {path: client.get(path).text for path in found}
    return {path: words(page) for path, page in pages.items()}


@pytest.mark.postgresql
def test_every_page_reads_the_same_on_either_database(
    demo_app: Flask, settings_for, demo_postgresql_database
):
    here = read(client_of(demo_app, checks=False).sign_in("office@demo.local"))
    with running(settings_for(demo_postgresql_database)) as app:
        there = read(client_of(app, checks=False).sign_in("office@demo.local"))
    assert len(here) > 100
    assert {
        path: (here[path], there.get(path)) for path in here if here[path] != there.get(path)
    } == {}
    assert set(here) == set(there)
