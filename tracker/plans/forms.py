"""The form of a plan."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from tracker.committees.forms import UnitField
from tracker.committees.queries import Choice
from tracker.deadlines.echo import AS_OF, Echo, echo_of
from tracker.deadlines.phrases import Kind
from tracker.documents.labels import option_of
from tracker.documents.models import Document
from tracker.fields import check_order, day_field, id_or_none
from tracker.forms import Form, Versioned, said
from tracker.plans.actions import PlanFacts
from tracker.plans.models import Plan
from tracker.rules.queries import in_force
from tracker.web import lang, today


class PlanForm(Form):
    """A new plan; its state is never typed."""

    title_vi = StringField(_l("Title"), [InputRequired(), Length(max=1000)])
    title_en = StringField(_l("Title in English"), [Length(max=1000)])
    owner_id = UnitField(_l("Owner"), [InputRequired()])
    document_id = SelectField(_l("Source document"), coerce=id_or_none, choices=[])
    starts_on = day_field(_l("Start date"))
    due_words = StringField(_l("Deadline"), [Length(max=200)])
    year = IntegerField(
        _l("Year mentioned, where no deadline is stated"), [Optional(), NumberRange(1900, 2100)]
    )
    note = TextAreaField(_l("Note"))

    plan: Plan | None = None
    echo: Echo | None = None

    def offer(self, owners: Sequence[Choice], documents: Iterable[Document]) -> "PlanForm":
        """Put on offer whose plan it may be and on which document it may rest."""
        self.owner_id.offer(owners, keep=self.plan.owner if self.plan else None)
        offered = [option_of(d) for d in documents]
        self.document_id.choices = [SelectChoice("", _("not stated")), *offered]
        return self

    def validate_due_words(self, field: Field) -> None:
        """Read the deadline; what cannot be read is refused with what would be understood."""
        if not field.data:
            return
        on = self.starts_on.data or today()
        self.echo = echo_of(field.data, on=on, lang=lang(), read=in_force().read)
        if self.echo.reading is None:
            raise ValidationError(" ".join(self.echo.lines))
        if self.echo.reading.kind is Kind.ASOF:
            raise ValidationError(_(AS_OF))
        check_order(self.starts_on.data, self.echo.reading.due)

    def facts(self) -> PlanFacts:
        """Return what was typed, and the day its words were read as."""
        names = set(PlanFacts.__dataclass_fields__) - {"due_on"}
        reading = self.echo.reading if self.echo else None
        found: dict[str, Any] = {name: said(self[name].data) for name in names}
        return PlanFacts(**found, due_on=reading.due if reading else self._kept_due())

    def _kept_due(self) -> Any:
        """A day that a source gives without words stays while no words are typed."""
        plan = self.plan
        return plan.due_on if plan is not None and not plan.due_words else None


class PlanEdit(PlanForm, Versioned):
    """A correction of a plan."""

    def __init__(self, plan: Plan, **more: Any) -> None:
        self.plan = plan
        super().__init__(obj=plan, **more)
