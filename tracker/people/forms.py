"""The forms of accounts: signing in, passwords, preferences, and what administration enters."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from tracker.forms import Form, Versioned, words
from tracker.people import queries
from tracker.people.models import Person
from tracker.people.passwords import weakness
from tracker.web import tell

_ADDRESS = r"^[^@\s]+@[^@\s]+\.[^@\s.]+$"
_LONGEST_ADDRESS = 254


def _email() -> StringField:
    checks = [
        DataRequired(),
        Length(max=_LONGEST_ADDRESS),
        Regexp(_ADDRESS, message=_l("Enter an e-mail address such as name@example.vn.")),
    ]
    return StringField(_l("E-mail"), checks, render_kw={"type": "email", "autocomplete": "off"})


def _new_password(label: Any) -> PasswordField:
    return PasswordField(label, [InputRequired()], render_kw={"autocomplete": "new-password"})


class SignInForm(Form):
    """Who are you?"""

    email = StringField(
        _l("E-mail"),
        [DataRequired()],
        render_kw={"type": "email", "autocomplete": "username", "autofocus": True},
    )
    password = PasswordField(
        _l("Password"), [InputRequired()], render_kw={"autocomplete": "current-password"}
    )

    def refuse(self) -> None:
        """Say that the two do not belong together, without saying which is wrong."""
        self.form_errors.append(_("The e-mail address or the password is not right."))


class NewPasswordForm(Form):
    """A password of one's own, typed twice; `owner` is whose it will be."""

    password = _new_password(_l("New password"))
    again = _new_password(_l("The new password once more"))

    owner: Person | None = None

    def of(self) -> tuple[str, str]:
        """Return the name and the address that must not make up the password."""
        return (self.owner.name, self.owner.email) if self.owner else ("", "")

    def validate_password(self, field: Field) -> None:
        """Refuse what anybody would guess."""
        reason = weakness(field.data or "", *self.of())
        if reason is not None:
            raise ValidationError(tell(*reason))

    def validate_again(self, field: Field) -> None:
        """Refuse a slip of the finger."""
        if field.data != self.password.data:
            raise ValidationError(_("The two passwords are not the same."))


class PasswordForm(NewPasswordForm):
    """Another password, by whoever knows the present one."""

    current = PasswordField(
        _l("Present password"), [InputRequired()], render_kw={"autocomplete": "current-password"}
    )

    def refuse(self) -> None:
        """Say that the present password is another one."""
        self.current.errors = [*self.current.errors, _("This is not the present password.")]


class SetupForm(NewPasswordForm):
    """The first administrator."""

    code = StringField(_l("One-time code"), [DataRequired()], render_kw={"autocomplete": "off"})
    name = StringField(_l("Full name"), [DataRequired()], render_kw={"autocomplete": "name"})
    email = _email()

    def of(self) -> tuple[str, str]:
        """Return what was typed: there is nobody yet."""
        return words(self.name), words(self.email)

    def refuse(self) -> None:
        """Say that the code is another one."""
        self.code.errors = [*self.code.errors, _("This is not the code the server printed.")]


class PreferencesForm(Form):
    """Language, colours, and whether single keys act; the last is a matter of the browser at hand."""

    lang = RadioField(_l("Language"), [InputRequired()])
    theme = RadioField(_l("Theme"), [InputRequired()])
    keys = RadioField(_l("Single-key shortcuts"), default="on")

    def __init__(self, person: Person, *, keys: str | None = None, **more: Any) -> None:
        chosen = {"lang": person.lang or "auto", "theme": person.theme or "auto"}
        super().__init__(**chosen, keys=keys or "on", **more)
        auto = SelectChoice("auto", _("As the device"))
        languages = SelectChoice("vi", "Tiếng Việt"), SelectChoice("en", "English")
        themes = SelectChoice("light", _("Light")), SelectChoice("dark", _("Dark"))
        self.lang.choices, self.theme.choices = [*languages, auto], [*themes, auto]
        ways = SelectChoice("on", _("On: / opens the search")), SelectChoice("off", _("Off"))
        self.keys.choices = list(ways)


class SeatForm(Form):
    """A seat for somebody: in which unit, as what."""

    unit = SelectField(_l("Unit"), [InputRequired(message=_l("Choose a unit."))], choices=[])
    role = SelectField(_l("Role"), [InputRequired()], choices=[])

    def offer(self, units: list[Any], roles: list[Any]) -> "SeatForm":
        """Put units and roles on offer."""
        self.unit.choices, self.role.choices = [SelectChoice("", _("choose")), *units], roles
        return self


def _name() -> StringField:
    return StringField(_l("Full name"), [DataRequired()], render_kw={"autocomplete": "off"})


def _refuse_a_taken(email: Field, owner: Person | None = None) -> None:
    """Refuse an address somebody else has."""
    holder = queries.by_email(email.data or "")
    if holder is not None and holder is not owner:
        raise ValidationError(_("Somebody already has this e-mail address."))


class PersonForm(SeatForm):
    """Somebody new; administrators need no seat."""

    name = _name()
    email = _email()
    unit = SelectField(_l("Unit"), choices=[])
    is_admin = BooleanField(_l("Administrator: keeps accounts and units, sees no tasks"))

    def validate_email(self, field: Field) -> None:
        """Refuse an address somebody has."""
        _refuse_a_taken(field)

    def validate_unit(self, field: Field) -> None:
        """Refuse somebody who could do nothing here."""
        if not field.data and not self.is_admin.data:
            raise ValidationError(_("Choose a unit."))


class PersonEdit(Versioned):
    """A correction of somebody's name or address."""

    name = _name()
    email = _email()

    def __init__(self, person: Person, **more: Any) -> None:
        self.person = person
        super().__init__(obj=person, **more)

    def validate_email(self, field: Field) -> None:
        """Refuse an address somebody else has."""
        _refuse_a_taken(field, self.person)


class FilterForm(Form):
    """Whom to list."""

    class Meta(Form.Meta):
        """Sent by GET: it changes nothing."""

        csrf = False

    q = StringField(_l("Name or e-mail"))
