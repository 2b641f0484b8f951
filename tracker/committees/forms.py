"""The form of a unit, and the fields by which every form chooses units."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, NumberRange, Optional

from tracker.committees.actions import UnitFacts
from tracker.committees.models import Level, Unit, UnitKind
from tracker.committees.names import KINDS, LEVELS
from tracker.committees.queries import Choice, circling_members, is_circle
from tracker.fields import check_order, day_field, id_or_none, option
from tracker.forms import Form, Versioned, said
from tracker.web import lang


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
        self.choices = [*first, *map(unit_option, choices)]


class UnitsField(SelectMultipleField):
    """Several units of those on offer."""

    def __init__(self, label: Any = None, validators: list[Any] | None = None, **more: Any) -> None:
        super().__init__(label, validators, coerce=id_or_none, choices=[], **more)

    def offer(self, choices: Iterable[Choice]) -> None:
        """Put units on offer."""
        self.choices = list(map(unit_option, choices))


def unit_option(choice: Choice) -> SelectChoice:
    """Return a unit as a form offers it, under the heading of its level."""
    group = _(LEVELS[choice.group])
    return option(choice.id, choice.label, vietnamese=choice.vietnamese, group=group)


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
