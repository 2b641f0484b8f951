"""The pages of clauses and of the cascade."""

from typing import Any

from flask import Blueprint, abort, g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select

from tracker.cascades import queries
from tracker.cascades.forms import ClauseForm, GroundForm, PasteForm, Row, typed_rows
from tracker.committees.door import doer
from tracker.db import db
from tracker.documents import clauses, door
from tracker.documents import queries as documents
from tracker.documents.models import Clause, Document, Lineage
from tracker.forms import Versioned, status_of
from tracker.policy import Verb
from tracker.tasks import sources
from tracker.web import (
    CONFLICT,
    INVALID,
    SAFE_METHODS,
    Answer,
    for_verb,
    hold,
    now,
    page,
    say,
    see_other,
    stands_for,
    today,
)

pages = Blueprint("cascades", __name__)


@pages.get("/documents/<int:document_id>/cascade")
@for_verb(Verb.SEE_OWN)
def show(document_id: int) -> Answer:
    """Read a document from the root down: clauses, what follows, plans and tasks."""
    document = door.find(_seen(), document_id)
    found = queries.cascade(g.me, document, today())
    return page("cascades/show.html", document=document, found=found)


# --- clauses ----------------------------------------------------------------------------------------


@pages.route("/documents/<int:document_id>/clauses", methods=["GET", "POST"])
@stands_for(Verb.EDIT_DOCUMENT)
def enter(document_id: int) -> Answer:
    """Enter clauses: paste a text, look at what it makes, save."""
    document = door.find_for(Verb.EDIT_DOCUMENT, _seen(), document_id)
    form, step = PasteForm(), request.form.get("step", "")
    if step == "save":
        return _save(document)
    if request.method in SAFE_METHODS or not form.validate():
        told = {"own": clauses.of_document(document.id)}
        return page("cascades/clauses.html", status_of(form), document=document, form=form, **told)
    return _preview(document, [Row.of(piece) for piece in form.pieces()])


def _preview(document: Document, rows: list[Row], status: int = 200) -> Answer:
    return page("cascades/preview.html", status, document=document, rows=rows)


def _save(document: Document) -> Answer:
    rows = typed_rows(request.form)
    kept = [row for row in rows if row.is_kept]
    if not kept or any(row.error for row in kept):
        return _preview(document, rows, INVALID)
    by = doer([document.issuer_id, document.receiver_id])
    clauses.add(document, [row.facts() for row in kept], by=by, at=now())
    count = len(kept)
    say(ngettext("%(num)d clause is entered.", "%(num)d clauses are entered.", count))
    return see_other(url_for("documents.show", document_id=document.id, _anchor="clauses"))


@pages.route("/clauses/<int:clause_id>/edit", methods=["GET", "POST"])
@stands_for(Verb.EDIT_DOCUMENT)
def edit(clause_id: int) -> Answer:
    """Correct one clause."""
    clause, document = _clause(clause_id)
    form = ClauseForm(obj=clause)
    if form.is_submitted() and form.is_stale(clause):
        form.refresh(clause)
        return _clause_page(form, clause, document, CONFLICT)
    if not form.validate_on_submit():
        return _clause_page(form, clause, document, status_of(form))
    by = doer([document.issuer_id, document.receiver_id])
    clauses.edit(clause, form.facts(), by=by, at=now())
    say(_("The clause is saved."))
    return see_other(_address(clause))


@pages.post("/clauses/<int:clause_id>/removal")
@stands_for(Verb.EDIT_DOCUMENT)
def remove(clause_id: int) -> Answer:
    """Take a clause out on which nothing rests."""
    clause, document = _clause(clause_id)
    why = _why_kept(clause)
    if why:
        return _clause_page(ClauseForm(formdata=None, obj=clause), clause, document, CONFLICT, why)
    clauses.remove(clause, by=doer([document.issuer_id, document.receiver_id]), at=now())
    say(_("The clause is removed."))
    return see_other(url_for("cascades.enter", document_id=document.id))


def _why_kept(clause: Clause) -> str:
    """Say what keeps a clause from being removed, nothing where nothing does."""
    if Versioned().is_stale(clause):
        return str(_("Someone else has just changed this"))
    if queries.has_tasks(clause) or clauses.has_followers(clause):
        return str(_("A task or a document rests on this clause: it cannot be removed."))
    return ""


def _clause(clause_id: int) -> tuple[Clause, Document]:
    """Return a clause and its document, to those who may correct the document."""
    of = db.session.scalar(db.select(Clause.document_id).where(Clause.id == clause_id))
    document = door.find_for(Verb.EDIT_DOCUMENT, _seen(), of or 0)
    hold(Clause, clause_id)
    return clauses.find(clause_id) or abort(404), document


def _clause_page(
    form: ClauseForm, clause: Clause, document: Document, status: int = 200, why: str = ""
) -> Answer:
    told: dict[str, Any] = {"clause": clause, "document": document, "why": why}
    return page("cascades/clause.html", status, form=form, **told)


def _address(clause: Clause) -> str:
    anchor = f"clause-{clause.id}"
    return url_for("documents.show", document_id=clause.document_id, _anchor=anchor)


# --- where a document hangs -------------------------------------------------------------------------


@pages.route("/documents/<int:document_id>/grounds/<int:parent_id>", methods=["GET", "POST"])
@stands_for(Verb.EDIT_DOCUMENT)
def ground(document_id: int, parent_id: int) -> Answer:
    """Say at which clause of its parent a document hangs."""
    document = door.find_for(Verb.EDIT_DOCUMENT, _seen(), document_id)
    parent = documents.find(_seen(), parent_id) or abort(404)
    edge = db.session.get(Lineage, (parent.id, document.id)) or abort(404)
    form = GroundForm(data={"clause_id": edge.clause_id}).offer(clauses.of_document(parent.id))
    if not form.validate_on_submit():
        told = {"document": document, "parent": parent}
        return page("cascades/ground.html", status_of(form), form=form, **told)
    by = doer([document.issuer_id, document.receiver_id])
    clauses.hang(edge, form.clause_id.data, by=by, at=now())
    say(_("The document is saved."))
    return see_other(url_for("documents.show", document_id=document.id))


def _seen() -> Select[Document]:
    return sources.documents_for(g.me)
