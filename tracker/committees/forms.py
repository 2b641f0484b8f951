"""The form of a unit, and the field by which every form chooses a unit."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape
from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.fields.core import UnboundField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import TextInput

from tracker.committees.actions import UnitFacts
from tracker.committees.models import Level, Unit, UnitKind
from tracker.committees.names import KINDS, LEVELS
from tracker.committees.queries import Choice, circling_members, is_circle
from tracker.forms import Form, Versioned
from tracker.web import day_html, lang, vietnamese

UNPROCESSABLE = 422
LONGEST_ID = 9  # digits: what the column of an id holds on every database
DAY_FORMATS = ["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"]


def id_or_none(value: Any) -> Any:
    """Return the id a choice stands for, None for the empty one, and any other text as it is."""
    if value in {None, "", "None"}:
        return None
    is_id = str(value).isdecimal() and len(str(value)) <= LONGEST_ID
    return int(value) if is_id else value


class UnitField(SelectField):
    """One unit of those on offer, level by level."""

    def __init__(self, label: Any = None, validators: list[Any] | None = None, **more: Any) -> None:
        super().__init__(label, validators, coerce=id_or_none, choices=[], **more)

    def offer(
        self, choices: Iterable[Choice], *, empty: str | None = None, keep: Unit | None = None
    ) -> None:
        """Put units on offer, an empty choice first where none is allowed, and what stands now."""
        choices = list(choices)
        first = [] if empty is None else [SelectChoice("", empty)]
        if keep is not None and keep.id not in {choice.id for choice in choices}:
            choices.append(Choice.of(keep, lang()))
        self.choices = [*first, *map(_option, choices)]


class UnitsField(SelectMultipleField):
    """Several units of those on offer."""

    def __init__(self, label: Any = None, validators: list[Any] | None = None, **more: Any) -> None:
        super().__init__(label, validators, coerce=id_or_none, choices=[], **more)

    def offer(self, choices: Iterable[Choice]) -> None:
        """Put units on offer."""
        self.choices = list(map(_option, choices))


def _option(choice: Choice) -> SelectChoice:
    attributes = {"lang": "vi"} if choice.vietnamese else {}
    return SelectChoice(str(choice.id), choice.label, attributes, optgroup=_(LEVELS[choice.group]))


class DayField(DateField):
    """A day as officials write it, 7-4-2015: a browser's own field may put the month first."""

    widget = TextInput()

    def __init__(self, label: Any = None, validators: list[Any] | None = None, **more: Any) -> None:
        super().__init__(label, validators, format=DAY_FORMATS, **more)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        day = self.data
        return f"{day.day}-{day.month}-{day.year}" if day else ""


def day_field(label: Any) -> DayField:
    """Return a field for a day that may be unknown."""
    return DayField(label, [Optional()])


class _UnitFields:
    """What a form says of a unit."""

    name_vi = StringField(_l("Name in Vietnamese"), [InputRequired()])
    name_en = StringField(_l("Name in English"))
    kind = SelectField(_l("Kind"))
    level = SelectField(_l("Level"))
    parent_id = UnitField(_l("Superior unit"))
    acts_for_id = UnitField(_l("Acts for"))
    outside = BooleanField(_l("Outside this system: has no account here"))
    valid_from = day_field(_l("Exists from"))
    valid_to = day_field(_l("Exists until"))
    purpose = TextAreaField(_l("Purpose"))
    territory = StringField(_l("Territory"))
    members_count = IntegerField(
        _l("Number of members stated"), [Optional(), NumberRange(0, 1_000_000)]
    )
    members = UnitsField(_l("Units listed in the group"))
    note = TextAreaField(_l("Note"))


class UnitForm(_UnitFields, Form):
    """A new unit."""

    unit: Unit | None = None

    def offer(
        self, uppers: Sequence[Choice], everybody: Sequence[Choice], *, roots: bool
    ) -> "UnitForm":
        """Put on offer where the unit may stand (`roots`: also at the top), and whom it may list."""
        kept = self.unit
        self.kind.choices = [SelectChoice(kind.value, _(words)) for kind, words in KINDS.items()]
        self.level.choices = [SelectChoice(lvl.value, _(words)) for lvl, words in LEVELS.items()]
        none = _("none: the highest level") if roots else None
        self.parent_id.offer(uppers, empty=none, keep=kept.parent if kept else None)
        self.acts_for_id.offer(uppers, empty=_("itself"), keep=kept.acts_for if kept else None)
        self.members.offer(everybody)
        return self

    def facts(self) -> UnitFacts:
        """Return what was typed; empty texts are not stated."""
        found = {name: said(self[name].data) for name in UnitFacts.__dataclass_fields__}
        found |= {"kind": UnitKind(self.kind.data), "level": Level(self.level.data)}
        return UnitFacts(**found | {"members": frozenset(found["members"] or ())})

    def validate_parent_id(self, field: Field) -> None:
        """Refuse a place below the unit itself."""
        self._refuse_circle(field, Unit.parent_id)

    def validate_acts_for_id(self, field: Field) -> None:
        """Refuse a chain of bodies that leads back to the unit."""
        self._refuse_circle(field, Unit.acts_for_id)

    def _refuse_circle(self, field: Field, column: Any) -> None:
        if self.unit and not field.errors and is_circle(self.unit.id, field.data, by=column):
            raise ValidationError(
                _("This would close a circle: the unit would come to stand above itself.")
            )

    def validate_members(self, field: Field) -> None:
        """Refuse a group that would contain itself."""
        if self.unit and not field.errors and circling_members(self.unit.id, field.data or ()):
            raise ValidationError(_("A group cannot contain itself, nor a group that contains it."))

    def validate_valid_to(self, field: Field) -> None:
        """Refuse an end before the beginning."""
        check_order(self.valid_from.data, field.data)


class UnitEdit(UnitForm, Versioned):
    """A correction of a unit."""

    def __init__(self, unit: Unit, listed: Iterable[int], **more: Any) -> None:
        self.unit = unit
        super().__init__(obj=unit, members=sorted(listed), **more)


def check_order(first: date | None, last: date | None) -> None:
    """Refuse a last day before the first."""
    if first and last and last < first:
        raise ValidationError(_("The last day is before the first."))


def labels_of(form: type[Form]) -> dict[str, Any]:
    """Return what the form calls its fields, for a story to name what an edit changed."""
    fields = {name: getattr(form, name) for name in dir(form)}
    return {n: f.args[0] for n, f in fields.items() if isinstance(f, UnboundField) and f.args}


def status_of(form: Form) -> int:
    """Return the status of a page with a form on it: 422 where what was sent needs correcting."""
    return UNPROCESSABLE if form.errors else 200


def said(value: Any) -> Any:
    """Return what was typed; an empty text is nothing stated."""
    return None if isinstance(value, str) and not value else value


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
