"""One and the same: what board, status, overdue list, digest and history say of what somebody sees.

At the end of a test: `agree(signed_in("binh").read)`; of a journey: `agree(reading(page))`; and
`history_agrees()` in the context of the app (`with live.app.app_context():`).
"""

import re
from collections.abc import Callable
from dataclasses import asdict
from xml.etree.ElementTree import Element

from playwright.sync_api import Page
from sqlalchemy import func, select

from tests.pages import Client, parse
from tests.reading import rows_of
from tracker.db import db
from tracker.history.models import Event
from tracker.tasks.models import Task
from tracker.tasks.moves import image_of

Read = Callable[[str], str]  # the address of a page to its HTML, as somebody signed in
CELLS = ("on-time", "late", "in-time", "overdue", "undated", "no-deadline")
_SUBJECT = re.compile(r"\[(?:Quá hạn|Overdue) (\d+)")


def reading(page: Page) -> Read:
    """Return how a window of a journey reads a page, without going there."""
    return lambda path: page.request.get(path).text()


def asking(client: Client) -> Read:
    """Return how a client reads a page."""
    return lambda path: client.get(path).text


def agree(read: Read) -> None:
    """Fail where two pages count differently."""
    grid = cells_of(read("/status"))
    behind = {cell: rows_of(read(f"/status/tasks?cell={cell}&all=1")) for cell in CELLS}
    assert grid == {cell: len(ids) for cell, ids in behind.items()}, "a number and its list differ"
    overdue = read("/overdue?all=1")
    assert behind["overdue"] <= rows_of(overdue), "the grid and the list of what is overdue differ"
    assert data_count(overdue, "/overdue") == grid["overdue"]
    on_board = {int(card.get("data-task", "")): card for card in cards_of(read("/board?all=1"))}
    for cell, ids in behind.items():
        told = {i: on_board[i].get("data-timeliness") if i in on_board else None for i in ids}
        assert set(told.values()) <= {cell}, f"the board differs: {told}"
    if told_of := _SUBJECT.search(read("/digest")):
        lines = data_count(overdue, "/overdue?of=lines")
        assert int(told_of[1]) in {grid["overdue"], grid["overdue"] + lines}, "the digest differs"


def history_agrees() -> None:
    """Fail where the newest image of a task in history is not the task as it is."""
    newest = select(func.max(Event.id)).where(Event.state.is_not(None)).group_by(Event.task_id)
    for event in db.session.scalars(select(Event).where(Event.id.in_(newest))).all():
        image = asdict(image_of(db.session.get_one(Task, event.task_id)))
        told = {name: getattr(event, name) for name in image}
        assert told == image, f"history tells task {event.task_id} otherwise"


def cells_of(html: str) -> dict[str, int]:
    """Return the six cells of a page with the grid."""
    table = next(e for e in parse(html)[0].iter("table") if "grid4" in (e.get("class") or ""))
    found = {}
    for link in table.iter("a"):
        cell = re.search(r"cell=([a-z-]+)", link.get("href", ""))
        if cell and cell[1] in CELLS:
            found[cell[1]] = int(link.get("data-count", ""))
    return found


def data_count(html: str, address: str) -> int:
    """Return the number that stands on a link."""
    links = (e for e in parse(html)[0].iter("a") if e.get("href") == address)
    return next(int(e.get("data-count", "0")) for e in links if e.get("data-count"))


def cards_of(html: str) -> list[Element]:
    """Return the cards of a board."""
    return [e for e in parse(html)[0].iter() if e.get("data-task")]
