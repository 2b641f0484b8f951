"""Finding a document among those one may see, and checking what may be done to it."""

from flask import abort, g
from sqlalchemy import Select

from tracker.committees.standings import Me
from tracker.documents import queries
from tracker.documents.models import Document
from tracker.policy import Standing, Verb, may
from tracker.web import hold, require


def find(seen: Select[Document], document_id: int) -> Document:
    """Return the document; 404 where there is none to be seen."""
    return queries.find(seen, document_id) or abort(404)


def find_for(verb: Verb, seen: Select[Document], document_id: int) -> Document:
    """Return the document if the policy allows the verb; strangers are sent to sign in."""
    require(Verb.SEE_OWN, g.me.standings)
    hold(Document, document_id)
    document = find(seen, document_id)
    require(verb, standings(g.me, document))
    return document


def standings(me: Me, document: Document) -> frozenset[Standing]:
    """Return how `me` stands towards a document: its owners issued, approve or received it."""
    units = {document.issuer_id, document.approver_id, document.receiver_id}
    owned = not units.isdisjoint(me.branch | me.acts)
    return me.standings | ({Standing.OWNER} if owned else set())


def may_edit(document: Document) -> bool:
    """Tell whether the reader may correct the document."""
    return may(Verb.EDIT_DOCUMENT, standings(g.me, document))
