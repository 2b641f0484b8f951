"""What is done to documents: entering one, correcting it, saying what it follows from."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete

from tracker.db import db
from tracker.documents.models import Document, Lineage
from tracker.documents.queries import circling, parent_ids
from tracker.history.actions import Doer, record
from tracker.history.changes import apply, without
from tracker.history.models import Kind
from tracker.text import fold, sort_key

# Column -> the key under which `prov` vouches for it.
_PROV_KEYS = {
    "issued_on": "date",
    "issued_on_outside": "date_outside",
    "issuer_id": "issuer",
    "approver_id": "approver",
    "successor_id": "successor",
    "is_draft": "draft",
    "subject_vi": "subject",
    "subject_en": "subject",
    "full_title_vi": "full_title",
    "kind_vi": "kind",
    "kind_en": "kind",
}


class CircleError(ValueError):
    """A document would follow from itself."""


@dataclass(frozen=True, kw_only=True)
class DocumentFacts:
    """What the office states of a document; what is empty is not stated."""

    kind_vi: str
    subject_vi: str
    kind_en: str | None = None
    subject_en: str | None = None
    number: str | None = None
    symbol: str | None = None
    issued_on: date | None = None
    issued_on_outside: date | None = None
    year: int | None = None
    issuer_id: int | None = None
    approver_id: int | None = None
    successor_id: int | None = None
    is_draft: bool = False
    full_title_vi: str | None = None
    note: str | None = None
    parents: frozenset[int] = frozenset()

    def columns(self) -> dict[str, Any]:
        """Return the values by column, with the keys by which the document is sorted and found."""
        found = asdict(self)
        del found["parents"]
        words = " ".join(filter(None, (self.kind_vi, self.symbol or self.number, self.subject_vi)))
        english = " ".join(filter(None, (self.kind_en, self.subject_en)))
        return found | {"sort_key": sort_key(words), "search_key": fold(f"{words} {english}")}


def add_document(facts: DocumentFacts, *, by: Doer, at: datetime) -> Document:
    """Enter a document, received by the unit in whose name that is done."""
    document = Document(prov={}, receiver_id=by.unit_id, **facts.columns())
    db.session.add(document)
    db.session.flush()
    _follow(document, facts.parents)
    record(Kind.DOCUMENT_ADDED, by=by, at=at, subject_id=document.id)
    return document


def edit_document(document: Document, facts: DocumentFacts, *, by: Doer, at: datetime) -> Document:
    """Correct a document in place; old and new values stand in the event. Raises CircleError."""
    made = apply(document, facts.columns())
    document.prov = without(document.prov, made.fields, _PROV_KEYS)
    parents = _follow(document, facts.parents)
    told = [*made.fields, *(["parents"] if parents else [])]
    if told:
        data = made.data | {"changed": told} | parents
        subject, words = document.id, made.words
        record(Kind.DOCUMENT_EDITED, by=by, at=at, subject_id=subject, words=words, data=data)
    return document


def _follow(document: Document, wanted: Collection[int]) -> dict[str, list[int]]:
    """Keep the edges that stay with their notes; return which parents came and which went."""
    wanted, present = set(wanted), parent_ids(document.id)
    if circling(document.id, wanted - present):
        raise CircleError(document.id)
    gone, come = sorted(present - wanted), sorted(wanted - present)
    of_child = Lineage.child_id == document.id
    db.session.execute(delete(Lineage).where(of_child, Lineage.parent_id.in_(gone)))
    db.session.add_all(Lineage(parent_id=i, child_id=document.id, prov={}) for i in come)
    db.session.flush()
    return {key: ids for key, ids in (("came", come), ("went", gone)) if ids}
