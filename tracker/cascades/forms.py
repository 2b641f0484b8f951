"""The forms of clauses: a pasted text, its clauses row by row, one clause, where a document hangs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import TextInput

from tracker.documents.clauses import ClauseFacts, called
from tracker.documents.models import Clause
from tracker.documents.splitting import DEEPEST, Piece, split
from tracker.fields import id_or_none
from tracker.forms import Form, Versioned, said
from tracker.text import N_, clean
from tracker.web import number_words, tell

MOST = 400  # clauses entered at once
LONGEST = 5_000  # characters of a clause
_LONGEST_MARK = 40
TOO_MANY = N_(
    "This text makes {has} clauses; at most {most} are entered at once. Paste it part by part."
)
NO_TEXT = N_("Paste the text of the document.")
NO_WORDS = N_("Write what the clause says, or untick it.")
TOO_LONG = N_("Shorten this to {most} characters; it has {has}.")


class PasteForm(Form):
    """The text of a document, or of a part of it."""

    text = TextAreaField(
        _l("Text of the document"), [InputRequired(_l(NO_TEXT)), Length(max=400_000)]
    )

    def pieces(self) -> list[Piece]:
        """Return the clauses that the text makes."""
        return split(str(self.text.data or ""))

    def validate_text(self, field: Field) -> None:
        """Refuse nothing, and more than can be looked through."""
        if not field.data:
            raise ValidationError(_(NO_TEXT))
        count = len(self.pieces())
        if count > MOST:
            told = {"has": number_words(count), "most": number_words(MOST)}
            raise ValidationError(tell(TOO_MANY, told))


@dataclass
class Row:
    """A clause as it was found or corrected, and what is wrong with it."""

    mark: str
    words: str
    depth: int
    needs_task: bool
    is_kept: bool = True
    error: str = ""

    @classmethod
    def of(cls, piece: Piece) -> "Row":
        """Return a clause as it was found."""
        return cls(piece.mark or "", piece.words, piece.depth, piece.needs_task)

    @classmethod
    def typed(cls, number: int, sent: Mapping[str, str]) -> "Row":
        """Return a clause as it was sent back."""
        depth = sent.get(f"depth-{number}", "0")
        is_depth = depth.isascii() and depth.isdecimal() and len(depth) == 1
        return cls(
            " ".join(clean(sent.get(f"mark-{number}", "")).split()),
            clean(sent.get(f"words-{number}", "")).strip(),
            min(int(depth), DEEPEST) if is_depth else 0,
            f"needs-{number}" in sent,
            f"keep-{number}" in sent,
        )

    def facts(self) -> ClauseFacts:
        """Return the clause as the actions take it."""
        words, mark, needs = self.words, self.mark or None, self.needs_task
        return ClauseFacts(words=words, mark=mark, depth=self.depth, needs_task=needs)


def typed_rows(sent: Mapping[str, str]) -> list[Row]:
    """Return every clause that was sent back, in its order, with what is wrong."""
    count = sent.get("rows", "")
    known = int(count) if count.isascii() and count.isdecimal() and len(count) < 4 else 0  # noqa: PLR2004
    rows = [Row.typed(number, sent) for number in range(min(known, MOST))]
    for row in rows:
        row.error = _wrong(row) if row.is_kept else ""
    return rows


def _wrong(row: Row) -> str:
    if not row.words and not row.mark:
        return str(_(NO_WORDS))
    for text, most in ((row.words, LONGEST), (row.mark, _LONGEST_MARK)):
        if len(text) > most:
            return tell(TOO_LONG, {"most": number_words(most), "has": number_words(len(text))})
    return ""


class ClauseForm(Versioned):
    """A correction of one clause."""

    mark = StringField(_l("Number of the clause"), [Optional(), Length(max=_LONGEST_MARK)])
    words = TextAreaField(_l("What it says"), [DataRequired(), Length(max=LONGEST)])
    depth = IntegerField(
        _l("Level, 0 is the outermost"), [NumberRange(0, DEEPEST)], widget=TextInput()
    )
    needs_task = BooleanField(_l("Needs a task"))

    def facts(self) -> ClauseFacts:
        """Return what was typed."""
        return ClauseFacts(
            words=str(self.words.data),
            mark=said(self.mark.data),
            depth=int(self.depth.data or 0),
            needs_task=bool(self.needs_task.data),
        )


class GroundForm(Form):
    """At which clause of its parent a document hangs."""

    clause_id = SelectField(_l("At the clause"), coerce=id_or_none, choices=[])

    def offer(self, clauses: Sequence[Clause]) -> "GroundForm":
        """Put the clauses of the parent on offer."""
        named = [SelectChoice(str(clause.id), called(clause)) for clause in clauses]
        self.clause_id.choices = [SelectChoice("", _("the whole document")), *named]
        return self
