"""What is seen of documents: those one may see, one of them, and its lineage up and down."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, or_, select, tuple_
from sqlalchemy.orm import joinedload

from tracker.committees.standings import Me
from tracker.db import db, within
from tracker.documents.models import Document, Lineage
from tracker.text import fold


def visible_to(me: Me, through_task: ColumnElement[bool]) -> Select[Document]:
    """Return the documents `me` may see: through a task, or as chair, leader or office of a branch.

    The branch is that of the unit which issued, approves or received the document.
    """
    branch = me.branch | me.acts
    theirs = (Document.issuer_id, Document.approver_id, Document.receiver_id)
    return select(Document).where(or_(through_task, *(within(unit, branch) for unit in theirs)))


def find(seen: Select[Document], document_id: int) -> Document | None:
    """Return one of the documents seen, with its issuer, approver and receiver."""
    named = (Document.issuer, Document.approver, Document.receiver, Document.successor)
    brings = map(joinedload, named)
    return db.session.scalar(seen.where(Document.id == document_id).options(*brings))


def matching(seen: Select[Document], words: str) -> Select[Document]:
    """Return those of the documents seen in which the words occur, accents optional."""
    found = Document.search_key.contains(fold(words), autoescape=True)
    chosen = seen.where(found) if words else seen
    brings = joinedload(Document.issuer)
    return chosen.options(brings).order_by(Document.sort_key, Document.id)


def choices(seen: Select[Document], stays: Collection[int] = ()) -> list[Document]:
    """Return the documents a form may offer, in their order; those that stand there now stay."""
    found = {document.id: document for document in db.session.scalars(seen)}
    missing = set(stays) - set(found)
    kept = db.session.scalars(select(Document).where(Document.id.in_(missing))) if missing else ()
    return sorted([*found.values(), *kept], key=lambda d: (d.sort_key, d.id))


def visible_ids(seen: Select[Document], ids: Collection[int]) -> set[int]:
    """Return which of the documents may be seen."""
    return set(db.session.scalars(seen.with_only_columns(Document.id).where(Document.id.in_(ids))))


def parent_ids(document_id: int) -> set[int]:
    """Return the documents from which one follows directly."""
    return set(db.session.scalars(select(Lineage.parent_id).where(Lineage.child_id == document_id)))


def succeeds_itself(document_id: int, successor_id: int | None) -> bool:
    """Tell whether a document would stand in its own place, directly or not."""
    passed: set[int] = set()
    while successor_id is not None and successor_id not in passed:
        if successor_id == document_id:
            return True
        passed.add(successor_id)
        after = select(Document.successor_id).where(Document.id == successor_id)
        successor_id = db.session.scalar(after)
    return False


def label(document: Document, lang: str = "vi") -> str:
    """Return how a document is cited: kind and symbol, else kind, number and subject."""
    kind = (document.kind_en if lang == "en" else None) or document.kind_vi
    if document.symbol:
        return f"{kind} {document.symbol}"
    subject = (document.subject_en if lang == "en" else None) or document.subject_vi
    return f"{kind} {document.number}" if document.number else f"{kind}: {subject}"


# --- lineage ---


@dataclass(frozen=True)
class Link:
    """A document in a lineage, by which edge it hangs there, and what follows beyond it.

    `again`: it stands in the same tree already, and what lies beyond it is told there.
    """

    document: Document
    edge: Lineage
    again: bool = False
    beyond: list["Link"] = field(default_factory=list)


def ancestors(document_id: int) -> list[Link]:
    """Return why the document exists: what it follows from, as far up as is known."""
    return _tree(document_id, _edges_above([document_id]), upwards=True)


def descendants(document_id: int) -> list[Link]:
    """Return what became of the document: what follows from it, as far down as is known."""
    return _tree(document_id, _edges_below(document_id), upwards=False)


def following_ids(document_id: int) -> set[int]:
    """Return the ids of everything that follows from the document, directly or not."""
    return set(db.session.scalars(select(_edges_below(document_id).c.child_id)))


def flat(links: Iterable[Link]) -> list[Document]:
    """Return every document of a lineage once, in the order in which the tree tells them."""
    found: dict[int, Document] = {}
    for link in links:
        found.setdefault(link.document.id, link.document)
        found |= {d.id: d for d in flat(link.beyond) if d.id not in found}
    return list(found.values())


def resting_on(links: Iterable[Link]) -> set[int]:
    """Return the clauses at which the documents of a lineage hang."""
    found: set[int] = set()
    for link in links:
        found |= {link.edge.clause_id} if link.edge.clause_id else set()
        found |= resting_on(link.beyond)
    return found


def within_sight(links: Iterable[Link], visible: Collection[int]) -> list[Link]:
    """Return a lineage without the documents that may not be seen; what lies beyond them moves up."""
    found: list[Link] = []
    for link in links:
        beyond = within_sight(link.beyond, visible)
        found += [replace(link, beyond=beyond)] if link.document.id in visible else beyond
    return found


def circling(document_id: int, wanted: Collection[int]) -> set[int]:
    """Return which of the wanted parents are the document itself or follow from it."""
    above = _edges_above(wanted)
    follows: dict[int, set[int]] = defaultdict(set)
    for edge in db.session.scalars(_told(above)):
        follows[edge.child_id].add(edge.parent_id)
    return {parent for parent in wanted if document_id in _reached(parent, follows)}


def _reached(start: int, follows: dict[int, set[int]]) -> set[int]:
    found, waiting = {start}, [start]
    while waiting:
        fresh = follows[waiting.pop()] - found
        found |= fresh
        waiting += fresh
    return found


def _edges_above(ids: Collection[int]) -> CTE:
    pairs = select(Lineage.parent_id, Lineage.child_id)
    edges = pairs.where(Lineage.child_id.in_(ids)).cte("edges", recursive=True)
    return edges.union(pairs.join(edges, Lineage.child_id == edges.c.parent_id))


def _edges_below(document_id: int) -> CTE:
    pairs = select(Lineage.parent_id, Lineage.child_id)
    edges = pairs.where(Lineage.parent_id == document_id).cte("edges", recursive=True)
    return edges.union(pairs.join(edges, Lineage.parent_id == edges.c.child_id))


def _told(edges: CTE) -> Select[Lineage]:
    ends = select(edges.c.parent_id, edges.c.child_id)
    return select(Lineage).where(tuple_(Lineage.parent_id, Lineage.child_id).in_(ends))


def _tree(start: int, edges: CTE, *, upwards: bool) -> list[Link]:
    """Return the edges as a tree from `start`: two queries, however deep it is."""
    found = list(db.session.scalars(_told(edges)))
    documents = _documents({i for edge in found for i in (edge.parent_id, edge.child_id)})
    onwards: dict[int, list[tuple[Document, Lineage]]] = defaultdict(list)
    for edge in found:
        here, there = edge.parent_id, edge.child_id
        here, there = (there, here) if upwards else (here, there)
        onwards[here].append((documents[there], edge))
    return _links(start, onwards, {start})


def _links(start: int, onwards: dict[int, Any], passed: set[int]) -> list[Link]:
    links = []
    for document, edge in sorted(onwards[start], key=lambda pair: pair[0].sort_key):
        again = document.id in passed
        passed.add(document.id)
        beyond = [] if again else _links(document.id, onwards, passed)
        links.append(Link(document, edge, again, beyond))
    return links


def _documents(ids: Collection[int]) -> dict[int, Document]:
    told = select(Document).where(Document.id.in_(ids)).options(joinedload(Document.issuer))
    return {document.id: document for document in db.session.scalars(told)}
