"""The form of a document."""

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
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from tracker.committees.forms import UnitField
from tracker.committees.queries import Choice
from tracker.documents.actions import DocumentFacts
from tracker.documents.labels import option_of
from tracker.documents.models import Document
from tracker.documents.queries import circling, succeeds_itself
from tracker.fields import day_field, id_or_none
from tracker.forms import Form, Versioned, said
from tracker.text import N_

# Offered while one types a kind; any other may be typed.
KINDS = (
    (N_("Resolution"), "Nghị quyết"),
    (N_("Directive"), "Chỉ thị"),
    (N_("Conclusion"), "Kết luận"),
    (N_("Decision"), "Quyết định"),
    (N_("Action programme"), "Chương trình hành động"),
    (N_("Plan"), "Kế hoạch"),
    (N_("Guidance"), "Hướng dẫn"),
    (N_("Scheme"), "Đề án"),
    (N_("Submission paper"), "Tờ trình"),
    (N_("Report"), "Báo cáo"),
    (N_("Official letter"), "Công văn"),
    (N_("Notice of conclusions"), "Thông báo kết luận"),
)


class DocumentForm(Form):
    """A new document; whatever is left empty is not stated."""

    kind_vi = StringField(_l("Kind of document"), [InputRequired(), Length(max=100)])
    kind_en = StringField(_l("Kind in English"), [Length(max=100)])
    number = StringField(_l("Number"), [Length(max=40)])
    symbol = StringField(_l("Number and symbol"), [Length(max=80)])
    subject_vi = StringField(_l("Subject"), [InputRequired(), Length(max=1000)])
    subject_en = StringField(_l("Subject in English"), [Length(max=1000)])
    full_title_vi = StringField(_l("Full title"), [Length(max=1000)])
    issued_on = day_field(_l("Date of issue, as printed"))
    issued_on_outside = day_field(_l("Date of issue given elsewhere"))
    year = IntegerField(_l("Year, where no more is known"), [Optional(), NumberRange(1900, 2100)])
    issuer_id = UnitField(_l("Issuing body"))
    approver_id = UnitField(_l("Approving body"))
    is_draft = BooleanField(_l("Still a draft"))
    successor_id = SelectField(_l("Superseded by"), coerce=id_or_none, choices=[])
    parents = SelectMultipleField(_l("Follows from"), coerce=id_or_none, choices=[])
    note = TextAreaField(_l("Note"))

    document: Document | None = None

    def offer(self, units: Sequence[Choice], documents: Iterable[Document]) -> "DocumentForm":
        """Put on offer who may have issued it and what it may follow from."""
        kept = self.document
        self.issuer_id.offer(units, empty=_("not stated"), keep=kept.issuer if kept else None)
        self.approver_id.offer(units, empty=_("not stated"), keep=kept.approver if kept else None)
        offered = [option_of(d) for d in documents]
        self.parents.choices = offered
        self.successor_id.choices = [SelectChoice("", _("none")), *offered]
        return self

    def facts(self) -> DocumentFacts:
        """Return what was typed."""
        found = {name: said(self[name].data) for name in DocumentFacts.__dataclass_fields__}
        return DocumentFacts(**found | {"parents": frozenset(found["parents"] or ())})

    def validate_year(self, field: Field) -> None:
        """Refuse a year that contradicts the day."""
        if self.issued_on.data and field.data and self.issued_on.data.year != field.data:
            raise ValidationError(_("This is not the year of the date given."))

    def validate_successor_id(self, field: Field) -> None:
        """Refuse a document that would stand in its own place."""
        own = self.document
        if own and not field.errors and succeeds_itself(own.id, field.data):
            raise ValidationError(
                _("This would close a circle: the document would supersede itself.")
            )

    def validate_parents(self, field: Field) -> None:
        """Refuse a lineage that leads back to the document."""
        own = self.document
        if own and not field.errors and circling(own.id, field.data or ()):
            raise ValidationError(
                _("This would close a circle: the document would follow from itself.")
            )


class DocumentEdit(DocumentForm, Versioned):
    """A correction of a document."""

    def __init__(self, document: Document, parents: Iterable[int], **more: Any) -> None:
        self.document = document
        super().__init__(obj=document, parents=sorted(parents), **more)
