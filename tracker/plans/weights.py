"""The form of weights, row by row: how much each task counts for in its plan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from tracker.text import clean
from tracker.web import named_html, number_words

MOST = 1_000


@dataclass
class Row:
    """A task with its weight as it stands, as it was typed, and what is wrong with that."""

    id: int
    title: Markup
    stored: int | None
    typed: str
    error: str = ""
    wanted: int | None = None
    is_stale: bool = False


class WeightRows:
    """The weights of all tasks of a plan on the form; `sent` is what was typed, nothing on the first visit."""

    def __init__(self, tasks: Iterable[Any], sent: Mapping[str, str] | None = None) -> None:
        self.rows = [self._row(task, sent) for task in tasks]

    @property
    def is_stale(self) -> bool:
        """Tell whether somebody else changed a weight that was changed here, too."""
        return any(row.is_stale for row in self.rows)

    @property
    def is_wrong(self) -> bool:
        """Tell whether anything needs correcting."""
        return any(row.error for row in self.rows)

    def changed(self) -> list[Row]:
        """Return the rows whose weight changes."""
        return [row for row in self.rows if row.wanted != row.stored]

    def _row(self, task: Any, sent: Mapping[str, str] | None) -> Row:
        stored = "" if task.weight is None else str(task.weight)
        name = f"weight-{task.id}"
        if sent is None or name not in sent:
            return Row(task.id, named_html(task, "title"), task.weight, stored, wanted=task.weight)
        typed = clean(sent[name]).strip()[:20]
        row = Row(task.id, named_html(task, "title"), task.weight, typed)
        _read(row)
        was = sent.get(f"was-{task.id}", "").strip()
        if stored not in {was, typed}:
            row.is_stale = typed != was
            row.error = row.error or (_overtaken(stored) if row.is_stale else "")
            row.wanted = row.wanted if row.is_stale else row.stored
        return row


def _overtaken(stored: str) -> str:
    return str(_("Somebody else has set this to %(weight)s meanwhile.", weight=stored or "–"))


def _read(row: Row) -> None:
    if not row.typed:
        return
    if not row.typed.isascii() or not row.typed.isdecimal() or not 1 <= int(row.typed) <= MOST:
        row.error = _("Give a whole number from 1 to %(most)s.", most=number_words(MOST))
        row.wanted = row.stored
        return
    row.wanted = int(row.typed)
