"""The form every form is made from: clean text, honest limits, our words, nothing typed is lost.

class NoteForm(Versioned):
    words = TextAreaField(_l("Progress"), [DataRequired()])

form = NoteForm(obj=task)
if form.validate_on_submit() and not form.is_stale(task): ...

On a GET the form shows the record, or what was typed into it before a sign-in ended.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

from flask import current_app
from flask_babel import get_translations
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.core import UnboundField
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from tracker import text
from tracker.text import N_
from tracker.web import INVALID, day_html, number_words, vietnamese

LINE = 1_000  # characters of a one-line field, the size of a title's column
WORDS = 10_000  # characters of a field of several lines

# What WTForms says by itself, in the words of this house.
_OURS: Mapping[str, str] = {
    "This field is required.": N_("Fill this in."),
    "Not a valid choice.": N_("Choose one from the list."),
    "'%(value)s' is not a valid choice for this field.": N_("Choose only from the list."),
    "Not a valid integer value.": N_("Enter a whole number."),
    "Not a valid decimal value.": N_("Enter a number."),
    "Not a valid date value.": N_("Enter a day that exists."),
    "Not a valid time value.": N_("Enter a time such as 16:30."),
    "Invalid email address.": N_("Enter an e-mail address such as name@example.vn."),
    "Invalid value, must be one of: %(values)s.": N_("Choose one from the list."),
}


class Kept(NamedTuple):
    """What was typed into the form that posts to `action`, before the sign-in ended."""

    action: str
    fields: MultiDict[str, str]


class HasVersion(Protocol):
    """A record that counts its changes."""

    @property
    def version(self) -> Any: ...


class _Catalogue:
    """Translates what WTForms says through the product's own catalogue."""

    def gettext(self, message: str) -> str:
        return str(_(_OURS.get(message, message)))

    def ngettext(self, one: str, many: str, number: int) -> str:
        if one in _OURS:
            return str(_(_OURS[one]))
        # flask_babel's own ngettext would fill the placeholders too early.
        return str(get_translations().ngettext(one, many, number))


class Form(FlaskForm):  # type: ignore[misc]
    """A form whose texts are NFC and bounded, and which survives the end of a sign-in.

    `action` is the path the form posts to; say it where forms of one page share fields' names.
    """

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How the fields of the house are bound."""

        def bind_field(
            self, form: "Form", unbound_field: "UnboundField[Any]", options: dict[str, Any]
        ) -> Field:
            """Clean the text of each field before its own filters see it."""
            tidy = _filter_of(unbound_field.field_class)
            if tidy:
                options = options | {"filters": (tidy, *unbound_field.kwargs.get("filters", ()))}
            bound: Field = DefaultMeta.bind_field(self, form, unbound_field, options)
            return bound

        def get_translations(self, _form: "Form") -> _Catalogue:
            """Return our catalogue."""
            return _Catalogue()

        def wrap_formdata(self, form: "Form", formdata: Any) -> Any:
            """Return what was sent; on a GET what was kept for this form, if anything."""
            sent = super().wrap_formdata(form, formdata)
            return form.kept() if sent is None and formdata is _Auto else sent

    def __init__(self, *args: Any, action: str | None = None, **more: Any) -> None:
        self.action = action
        super().__init__(*args, **more)

    def kept(self) -> MultiDict[str, str] | None:
        """Return the fields kept for this very form, told by its action or its fields' names."""
        find = current_app.extensions.get("kept_form")
        kept: Kept | None = find() if find else None
        if kept is None or self.action not in {None, kept.action}:
            return None
        names = {field.name for field in self if field.name != "csrf_token"}
        return kept.fields if kept.fields and names.issuperset(kept.fields) else None

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check every text for length and encoding besides what the form itself says."""
        extra = {name: list(checks) for name, checks in (extra_validators or {}).items()}
        for name, field in self._fields.items():
            if isinstance(field, StringField):
                extra.setdefault(name, []).append(_check_text)
        return bool(super().validate(extra))


class Versioned(Form):
    """A form that changes a record and knows which version of it the reader saw."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    def is_stale(self, record: HasVersion) -> bool:
        """Tell whether somebody changed the record since this form was opened."""
        return bool(self.version.data != record.version)

    def refresh(self, record: HasVersion) -> None:
        """Let the next page carry the record's version of now, not the one that was sent."""
        self.version.raw_data = None
        self.version.data = record.version

    def populate_obj(self, obj: Any) -> None:
        """Write the fields to the record, all but the version, which the database counts."""
        for name, field in self._fields.items():
            if name not in {"version", "csrf_token"}:
                field.populate_obj(obj, name)


def _filter_of(kind: type[Field]) -> Any:
    if not issubclass(kind, StringField) or issubclass(kind, PasswordField):
        return None
    return _tidy_words if issubclass(kind, TextAreaField) else _tidy_line


def _tidy_words(value: Any) -> Any:
    return text.clean(value) if isinstance(value, str) else value


def _tidy_line(value: Any) -> Any:
    return " ".join(text.clean(value).split()) if isinstance(value, str) else value


def _check_text(_form: Form, field: Field) -> None:
    written = field.data
    if not isinstance(written, str):
        return
    longest = limit_of(field)
    if len(written) > longest:
        raise ValidationError(
            _(
                "Shorten this to %(most)s characters; it has %(has)s.",
                most=number_words(longest),
                has=number_words(len(written)),
            )
        )
    if not isinstance(field, PasswordField) and text.is_mojibake(written):
        raise ValidationError(
            _("The text is in an old encoding (TCVN3, VNI). Convert it to Unicode and paste again.")
        )


def limit_of(field: Field) -> int:
    """Return how many characters the field takes: by its own Length validator, else the house."""
    own = getattr(field.flags, "maxlength", None)
    return int(own) if own else WORDS if isinstance(field, TextAreaField) else LINE


def words(field: Field) -> str:
    """Return what was typed into a field, empty where nothing was."""
    return str(field.data or "")


def said(value: Any) -> Any:
    """Return what was typed; an empty text is nothing stated."""
    return None if isinstance(value, str) and not value else value


def labels_of(form: type[Form]) -> dict[str, Any]:
    """Return what the form calls its fields, for a story to name what an edit changed."""
    fields = {name: getattr(form, name) for name in dir(form)}
    return {n: f.args[0] for n, f in fields.items() if isinstance(f, UnboundField) and f.args}


def status_of(form: Form) -> int:
    """Return the status of a page with a form on it: 422 where what was sent needs correcting."""
    return INVALID if form.errors else 200


# --- what is stored beside what was typed ---------------------------------------------------------


def beside(typed: Form, stored: Form) -> list[tuple[str, Markup, bool]]:
    """Return what is stored, field by field: label, value, whether it differs from what was typed."""
    pairs = [(field, typed[name]) for name, field in stored._fields.items() if name in typed]
    return [
        (field.label.text, _shown(field), (field.data or None) != (mine.data or None))
        for field, mine in pairs
        if field.name not in {"csrf_token", "version"}
    ]


def _shown(field: Field) -> Markup:
    if isinstance(field, SelectField | SelectMultipleField):
        chosen = [label for _value, label, selected, _more in field.iter_choices() if selected]
        return Markup(", ").join(map(vietnamese, chosen)) if chosen else _nothing()
    if isinstance(field, BooleanField):
        return escape(_("yes") if field.data else _("no"))
    if isinstance(field.data, date):
        return day_html(field.data)
    return vietnamese(str(field.data)) if field.data not in {None, ""} else _nothing()


def _nothing() -> Markup:
    return Markup('<span class="unknown-word">{}</span>').format(_("not stated"))
