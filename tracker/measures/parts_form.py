"""The form of a transfer: what each receiver is handed over, read against what stood on the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from tracker.fields import read_id
from tracker.measures.models import Measure
from tracker.measures.numbers import NotANumber, read_number
from tracker.measures.ticks import OVERTAKEN, CountedForm
from tracker.measures.transfers import NotTheWhole, Parts, Receiver, Transfer
from tracker.text import N_, clean
from tracker.web import lang, named, number_words, tell

TOO_MUCH = N_("The parts add up to {total}, more than the {whole} {unit} to be handed over.")
TOO_LITTLE = N_("The parts add up to {total}; all of them have to make {whole} {unit}.")


@dataclass
class Row:
    """A receiver on the form: as it stands, as it was typed, and what is wrong with that."""

    receiver: Receiver
    typed: str
    was: int | None
    value: Decimal | None = None
    error: str = ""
    is_overtaken: bool = False

    @classmethod
    def of(cls, receiver: Receiver) -> "Row":
        """Return a receiver as it stands."""
        value, handed = receiver.value, receiver.handed
        typed = "" if value is None else number_words(value)
        return cls(receiver, typed, handed.id if handed else None, value)

    @classmethod
    def sent(cls, receiver: Receiver, sent: Mapping[str, str]) -> "Row":
        """Return a receiver as it was typed; one that the form did not hold stays as it is."""
        number = receiver.task.id
        if f"was-{number}" not in sent:
            return cls.of(receiver)
        typed = clean(sent.get(f"value-{number}", ""))
        return cls(receiver, typed, read_id(sent[f"was-{number}"]))


class PartRows:
    """All receivers on the form, and the parts that change by them."""

    def __init__(self, given: Transfer, sent: Mapping[str, str] | None = None) -> None:
        self.given, self.is_sent = given, sent is not None
        self.rows = [Row.of(r) if sent is None else Row.sent(r, sent) for r in given.receivers]

    @property
    def is_overtaken(self) -> bool:
        """Tell whether somebody else changed a part that was changed here, too."""
        return any(row.is_overtaken for row in self.rows)

    @property
    def messages(self) -> list[str]:
        """Return what is wrong, receiver by receiver."""
        return [f"{named(row.receiver)}: {row.error}" for row in self.rows if row.error]

    def parts(self, form: CountedForm) -> Parts:
        """Return the parts that change; what cannot is said at the rows."""
        for row in self.rows:
            _read(row)
        changed = {r.receiver.task.id: r.value for r in self.rows if _is_changed(r)}
        values = {task_id: value for task_id, value in changed.items() if value is not None}
        return Parts(values, form.as_of_on.data, form.source.data or None)


def _read(row: Row) -> None:
    handed = row.receiver.handed
    if not row.typed:
        row.error = _("A part once stated is corrected, not left out: enter 0.") if handed else ""
        return
    try:
        row.value = read_number(row.typed, lang())
    except NotANumber as wrong:
        row.error = tell(wrong.message, dict(wrong.values))
        return
    if row.was != (handed.id if handed else None) and row.value != row.receiver.value:
        row.error, row.is_overtaken = _(OVERTAKEN), True


def _is_changed(row: Row) -> bool:
    return not row.error and row.value is not None and row.value != row.receiver.value


def why(refused: NotTheWhole, measure: Measure) -> str:
    """Say why the parts cannot be handed over so."""
    is_more = refused.total > refused.whole
    values = {
        "total": number_words(refused.total),
        "whole": number_words(refused.whole),
        "unit": named(measure, "unit"),
    }
    return tell(TOO_MUCH if is_more else TOO_LITTLE, values)
