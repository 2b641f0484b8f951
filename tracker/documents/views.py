"""The pages of documents: the list, one document with its lineage, its form."""

from typing import Any

from flask import Blueprint, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Select

from tracker.cascades import queries as cascades
from tracker.committees import queries as committees
from tracker.committees.door import doer
from tracker.committees.stories import DOCUMENT_KINDS, story
from tracker.db import db
from tracker.documents import actions, clauses, door, queries
from tracker.documents.forms import KINDS, DocumentEdit, DocumentForm
from tracker.documents.labels import document_label
from tracker.documents.models import Document
from tracker.forms import beside, labels_of, status_of
from tracker.plans import queries as plans
from tracker.policy import Verb
from tracker.tasks import listing, sources
from tracker.web import (
    Answer,
    for_verb,
    lang,
    now,
    page,
    say,
    searched,
    see_other,
    stands_for,
    today,
)

pages = Blueprint("documents", __name__, url_prefix="/documents")
pages.add_app_template_global(document_label)
FOLLOWING = 200  # tasks of following documents told on one page


@pages.get("")
@for_verb(Verb.SEE_OWN)
def index() -> Answer:
    """List the documents."""
    words = searched()
    listed = listing.page_of(queries.matching(_seen(), words), request.args)
    tallies = sources.by_document(g.me, [document.id for document in listed.found], today())
    return page("documents/index.html", listed=listed, tallies=tallies, words=words)


@pages.get("/<int:document_id>")
@for_verb(Verb.SEE_OWN)
def show(document_id: int) -> Answer:
    """Show one document: why it exists, what became of it."""
    document = door.find(_seen(), document_id)
    return page("documents/show.html", document=document, **_around(document))


@pages.route("/new", methods=["GET", "POST"])
@for_verb(Verb.ADD_DOCUMENT)
def new() -> Answer:
    """Enter a document."""
    form = _offered(DocumentForm(parents=request.args.getlist("parent", type=int)))
    if not form.validate_on_submit():
        return page("documents/edit.html", status_of(form), form=form, document=None, kinds=KINDS)
    facts = form.facts()
    document = actions.add_document(facts, by=doer([facts.issuer_id]), at=now())
    say(_("The document is entered."))
    return see_other(url_for(".show", document_id=document.id))


@pages.route("/<int:document_id>/edit", methods=["GET", "POST"])
@stands_for(Verb.EDIT_DOCUMENT)
def edit(document_id: int) -> Answer:
    """Correct a document."""
    document = door.find_for(Verb.EDIT_DOCUMENT, _seen(), document_id)
    form = _offered(DocumentEdit(document, queries.parent_ids(document.id)))
    if form.is_submitted() and form.is_stale(document):
        return _conflict(document, form)
    if not form.validate_on_submit():
        return page(
            "documents/edit.html", status_of(form), form=form, document=document, kinds=KINDS
        )
    actions.edit_document(document, form.facts(), by=doer([document.issuer_id]), at=now())
    say(_("The document is saved."))
    return see_other(url_for(".show", document_id=document.id))


def _seen() -> Select[Document]:
    return sources.documents_for(g.me)


def _offered(form: DocumentForm) -> DocumentForm:
    stays = queries.parent_ids(form.document.id) if form.document else set()
    own = form.document.id if form.document else None
    offered = [d for d in queries.choices(_seen(), stays) if d.id != own]
    return form.offer(committees.choices(today(), lang()), offered)


def _conflict(document: Document, form: DocumentEdit) -> Answer:
    form.refresh(document)
    stored = DocumentEdit(document, queries.parent_ids(document.id), formdata=None)
    return page(
        "documents/edit.html",
        409,
        form=form,
        document=document,
        kinds=KINDS,
        stored=beside(form, _offered(stored)),
        last=story(DOCUMENT_KINDS, document.id)[:1],
    )


def _around(document: Document) -> dict[str, Any]:
    listed = listing.page_of(sources.of_documents(g.me, [document.id]), request.args)
    own = clauses.of_document(document.id)
    return _lineage(document) | {
        "own_clauses": own,
        "clause_parts": cascades.parts_of_clauses(g.me, own, today()),
        "sees_successor": _sees(document.successor_id),
        "listed": listed,
        "entries": listing.entries(g.me, listed.found, today()),
        "may_edit": door.may_edit(document),
        "story": story(DOCUMENT_KINDS, document.id, labels_of(DocumentForm)),
    }


def _sees(document_id: int | None) -> bool:
    return document_id in queries.visible_ids(_seen(), [document_id or 0])


def _lineage(document: Document) -> dict[str, Any]:
    above, below = queries.ancestors(document.id), queries.descendants(document.id)
    following = [d.id for d in queries.flat(below)]
    visible = queries.visible_ids(_seen(), [*following, *(d.id for d in queries.flat(above))])
    return _carried([document.id, *following]) | {
        "above": above,
        # Its grounds are named even where they cannot be opened; what became of it only as far as it is seen.
        "below": queries.within_sight(below, visible),
        "visible": visible,
        "cited": clauses.citations(queries.resting_on([*above, *below])),
        "mentions": _mentions(following),
    }


def _carried(ids: list[int]) -> dict[str, Any]:
    """Return the plans and the counts of tasks of each document."""
    carrying = plans.of_documents(sources.plans_for(g.me), ids)
    return {
        "plans": {i: [p for p in carrying if p.document_id == i] for i in ids},
        "plan_tallies": sources.by_plan(g.me, [plan.id for plan in carrying], today()),
        "tallies": sources.by_document(g.me, ids, today()),
    }


def _mentions(document_ids: list[int]) -> dict[int, list[listing.Entry]]:
    """Return the tasks of following documents by document, as many as one page can tell."""
    chosen = sources.of_documents(g.me, document_ids).limit(FOLLOWING)
    ids = db.session.scalars(chosen).all()
    of = sources.source_ids(ids)
    told = listing.entries(g.me, ids, today())
    return {i: [entry for entry in told if of[entry.card.id] == i] for i in set(of.values())}
