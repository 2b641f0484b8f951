"""The form of a fan-out, row by row: what each unit is given, read, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from tracker.committees.queries import Choice
from tracker.deadlines.echo import AS_OF, Echo, echo_of
from tracker.deadlines.phrases import Kind
from tracker.fanouts.actions import PartFacts
from tracker.fanouts.words import SERIES
from tracker.measures.models import Measure
from tracker.measures.numbers import NotANumber, read_number
from tracker.rules.queries import in_force
from tracker.tasks.actions import Due
from tracker.tasks.forms import due_of
from tracker.tasks.models import Task
from tracker.text import clean
from tracker.web import day_words, lang, tell, today

_LONGEST = 200  # characters of a deadline
_LONGEST_WORDS = 2_000


@dataclass
class Row:
    """One unit as it was typed, and what is wrong with it, field by field."""

    unit: Choice
    due: str = ""
    words: str = ""
    quotas: dict[int, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def error(self) -> str:
        """Return everything that is wrong with the row."""
        return " ".join(self.errors.values())


class Rows:
    """All units chosen, with the deadline they share where a row names none of its own."""

    def __init__(
        self,
        parent: Task,
        units: Sequence[Choice],
        wholes: Sequence[Measure],
        sent: Mapping[str, str],
    ) -> None:
        self.parent, self.wholes = parent, wholes
        self.due = _line(sent.get("due_words", ""))
        self.due_error = ""
        self.rows = [self._row(unit, sent) for unit in units]
        self.whole_errors: list[str] = []
        self._read: dict[str, Echo] = {}  # the same words are read once

    def _row(self, unit: Choice, sent: Mapping[str, str]) -> Row:
        typed = {w.id: _line(sent.get(f"quota-{unit.id}-{w.id}", "")) for w in self.wholes}
        words = clean(sent.get(f"words-{unit.id}", ""))
        return Row(unit, _line(sent.get(f"due-{unit.id}", "")), words, typed)

    @property
    def is_wrong(self) -> bool:
        """Tell whether anything needs correcting."""
        return bool(self.due_error or self.whole_errors or any(row.errors for row in self.rows))

    @property
    def messages(self) -> list[str]:
        """Return all that is wrong, unit by unit."""
        told = [f"{row.unit.label}: {row.error}" for row in self.rows if row.errors]
        return [*filter(None, [self.due_error]), *self.whole_errors, *told]

    def read(self) -> list[PartFacts]:
        """Return what each unit is given; what cannot be read is said at its row."""
        shared = self._shared()
        return [self._part(row, shared) for row in self.rows]

    def refuse(self, unit_id: int, why: str) -> None:
        """Say at the row of a unit why it cannot be given its part."""
        for row in self.rows:
            if row.unit.id == unit_id:
                row.errors["unit"] = why

    def _shared(self) -> Due:
        if not self.due:
            return Due.of(self.parent)
        echo = self._echo(self.due)
        self.due_error = _wrong(echo, self._bound)
        return due_of(echo)

    def _part(self, row: Row, shared: Due) -> PartFacts:
        due = shared
        if row.due:
            echo = self._echo(row.due)
            if wrong := _wrong(echo, self._bound):
                row.errors["due"] = wrong
            due = due_of(echo)
        if len(row.words) > _LONGEST_WORDS:
            row.errors["words"] = _("Shorten the added words.")
        quotas = {whole.id: self._quota(row, whole) for whole in self.wholes}
        return PartFacts(row.unit.id, due, quotas, row.words or None)

    def _quota(self, row: Row, whole: Measure) -> Decimal | None:
        typed = row.quotas[whole.id]
        try:
            return read_number(typed, lang()) if typed else None
        except NotANumber as wrong:
            row.errors[f"quota-{whole.id}"] = tell(wrong.message, wrong.values)
            return None

    def _echo(self, words: str) -> Echo:
        if words not in self._read:
            read = in_force().read
            self._read[words] = echo_of(words, on=today(), lang=lang(), read=read)
        return self._read[words]

    @property
    def _bound(self) -> date | None:
        return self.parent.due_on


def _wrong(echo: Echo, bound: date | None) -> str:
    """Say what is wrong with a deadline, nothing where it can stand."""
    reading = echo.reading
    if reading is None:
        return " ".join(echo.lines)
    if reading.kind is Kind.ASOF:
        return str(_(AS_OF))
    if reading.kind is Kind.RECURRING:
        return str(_(SERIES))
    if bound and reading.due and reading.due > bound:
        day = day_words(bound)
        return str(_("This is later than the parent task's deadline (%(day)s).", day=day))
    return ""


def _line(words: Any) -> str:
    return " ".join(clean(str(words)).split())[:_LONGEST]
