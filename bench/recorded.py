"""The statements that a page of the product sends, written down so that the limit app can send the same."""

from typing import Any

from flask import Flask
from sqlalchemy import event

from tracker.db import db

# Who asks, and whether anything has happened: the limit app knows nobody and remembers nothing.
_OF_LAYERS = ("sign_in", "SELECT event.id, event.at \nFROM event ORDER BY")


def statements(app: Flask, cookies: str, path: str) -> list[list[Any]]:
    """Return the statements of a page, each with its values, once the process has warmed up."""
    found: list[list[Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_more: Any) -> None:
        if not sql.startswith("BEGIN") and not any(word in sql for word in _OF_LAYERS):
            found.append([sql, list(values)])

    client = app.test_client(use_cookies=False)
    with app.app_context():
        engine = db.engine
    client.get(path, headers={"Cookie": cookies})
    event.listen(engine, "before_cursor_execute", note)
    answer = client.get(path, headers={"Cookie": cookies})
    event.remove(engine, "before_cursor_execute", note)
    engine.dispose()
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return found
