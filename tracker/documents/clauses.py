"""The clauses of documents: read in their order, entered, corrected, removed."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select

from tracker.db import db, within
from tracker.documents.models import Clause, Document, Lineage
from tracker.documents.splitting import levelled
from tracker.history.actions import Doer, record
from tracker.history.changes import apply
from tracker.history.models import Kind

_SHORT = 90  # characters of a clause that are quoted


@dataclass(frozen=True, kw_only=True)
class ClauseFacts:
    """One clause as it is entered; `depth` 0 is the outermost."""

    words: str
    mark: str | None = None
    depth: int = 0
    needs_task: bool = True


def of_documents(document_ids: Collection[int]) -> dict[int, list[Clause]]:
    """Return the clauses of each document in their order, in one query."""
    chosen = select(Clause).where(within(Clause.document_id, document_ids))
    found: dict[int, list[Clause]] = {document_id: [] for document_id in document_ids}
    for clause in db.session.scalars(chosen.order_by(Clause.position, Clause.id)):
        found[clause.document_id].append(clause)
    return found


def of_document(document_id: int) -> list[Clause]:
    """Return the clauses of a document in their order."""
    return of_documents([document_id])[document_id]


def find(clause_id: int) -> Clause | None:
    """Return a clause."""
    return db.session.get(Clause, clause_id)


def cited(clause: Clause) -> str:
    """Return how a clause is cited where it stands alone: its mark, else its first words."""
    if clause.mark:
        return clause.mark.strip(" .:")
    return clause.words if len(clause.words) <= _SHORT else f"{clause.words[:_SHORT].rstrip()}…"


def called(clause: Clause) -> str:
    """Return a clause as a list of choices shows it: its mark and its first words."""
    words = clause.words if len(clause.words) <= _SHORT else f"{clause.words[:_SHORT].rstrip()}…"
    return f"{clause.mark} {words}" if clause.mark else words


def cited_in(clauses: Sequence[Clause], clause: Clause) -> str:
    """Return how a clause is cited in its document: its own mark, then those above it, "a, 2, Điều 3"."""
    marks, depth = [cited(clause)], clause.depth
    for above in reversed(clauses[: clauses.index(clause)]):
        if above.depth < depth:
            depth = above.depth
            if above.mark:
                marks.append(cited(above))
    return ", ".join(marks)


def citations(clause_ids: Collection[int]) -> dict[int, str]:
    """Return how each of the clauses is cited in its document, in two queries, none where there is no clause."""
    if not clause_ids:
        return {}
    own = select(Clause.document_id).where(within(Clause.id, clause_ids)).distinct()
    found = of_documents(db.session.scalars(own).all())
    return {c.id: cited_in(all_, c) for all_ in found.values() for c in all_ if c.id in clause_ids}


def add(document: Document, facts: Sequence[ClauseFacts], *, by: Doer, at: datetime) -> None:
    """Enter clauses behind those that stand there."""
    last = select(func.max(Clause.position)).where(Clause.document_id == document.id)
    first = (db.session.scalar(last) or 0) + 1
    depths = levelled(one.depth for one in facts)
    db.session.add_all(
        Clause(document_id=document.id, position=n, **(asdict(one) | {"depth": depth}))
        for n, (one, depth) in enumerate(zip(facts, depths, strict=True), first)
    )
    db.session.flush()
    data = {"count": len(facts)}
    record(Kind.CLAUSES_ADDED, by=by, at=at, subject_id=document.id, data=data)


def edit(clause: Clause, facts: ClauseFacts, *, by: Doer, at: datetime) -> None:
    """Correct a clause in place; old and new words stand in the event."""
    made = apply(clause, asdict(facts))
    db.session.flush()
    if made.fields:
        data = made.data | {"clause": clause.id}
        subject = clause.document_id
        record(Kind.CLAUSE_EDITED, by=by, at=at, subject_id=subject, words=made.words, data=data)


def remove(clause: Clause, *, by: Doer, at: datetime) -> None:
    """Take a clause out on which nothing rests."""
    data, words, document_id = {"clause": clause.id}, clause.words, clause.document_id
    db.session.delete(clause)
    db.session.flush()
    record(Kind.CLAUSE_REMOVED, by=by, at=at, subject_id=document_id, words=words, data=data)


def has_followers(clause: Clause) -> bool:
    """Tell whether a document follows from the clause."""
    follows = select(Lineage.child_id).where(Lineage.clause_id == clause.id).limit(1)
    return db.session.scalar(follows) is not None


def hang(edge: Lineage, clause_id: int | None, *, by: Doer, at: datetime) -> None:
    """Say at which clause of its parent a document hangs; nothing: the whole."""
    made = apply(edge, {"clause_id": clause_id})
    db.session.flush()
    if made.fields:
        data = made.data | {"parent": edge.parent_id}
        record(Kind.DOCUMENT_EDITED, by=by, at=at, subject_id=edge.child_id, data=data)
