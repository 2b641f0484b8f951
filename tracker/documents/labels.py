"""How a document is called in the reader's language: on a list of choices, in a sentence, on a page."""

from flask_babel import gettext as _
from markupsafe import Markup, escape
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from tracker.documents.models import Document
from tracker.documents.queries import label
from tracker.fields import option
from tracker.web import lang, named_html


def label_of(document: Document) -> str:
    """Return how a document is cited, as plain text."""
    return label(document, lang())


def document_label(document: Document) -> Markup:
    """Return the same for a page: what is Vietnamese on an English page is marked as such."""
    kind = named_html(document, "kind")
    if document.symbol:
        return Markup("{} {}").format(kind, document.symbol)
    if document.number:
        return Markup("{} {} {}").format(kind, escape(_("no.")), document.number)
    return Markup("{}: {}").format(kind, named_html(document, "subject"))


def option_of(document: Document) -> SelectChoice:
    """Return the document as a form offers it."""
    vietnamese = lang() == "en" and _needs_vietnamese(document)
    return option(document.id, label_of(document), vietnamese=vietnamese)


def _needs_vietnamese(document: Document) -> bool:
    is_cited = bool(document.symbol or document.number)
    return not document.kind_en or not (is_cited or document.subject_en)
