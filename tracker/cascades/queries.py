"""What a cascade tells: a document's clauses, what follows from it, and how the tasks of each stand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from tracker.committees.standings import Me
from tracker.db import db, within
from tracker.documents import clauses, queries
from tracker.documents.models import Clause, Document
from tracker.documents.queries import Link
from tracker.plans import queries as plans
from tracker.plans.models import Plan
from tracker.reports.grid import Grid, added
from tracker.reports.queries import counts
from tracker.reports.scopes import Scope
from tracker.rules.queries import in_force
from tracker.tasks import listing, sources
from tracker.tasks.glance import Stored, rows, stored
from tracker.tasks.models import Task
from tracker.tasks.page import Part, part
from tracker.tasks.queries import no_line, seen_by
from tracker.tasks.sources import Tally

MOST = 1_000  # tasks that one page names


@dataclass(frozen=True)
class Stem:
    """One document of a cascade: its clauses, plans and tasks, how they stand."""

    document: Document
    depth: int
    at: str  # how the clause is cited at which it hangs, nothing where that is not known
    clauses: Sequence[Clause]
    plans: Sequence[Plan]
    tally: Tally | None
    entries: Sequence[listing.Entry]  # tasks that rest on no clause of it
    again: bool


@dataclass(frozen=True)
class Cascade:
    """The page of a cascade. `grid` counts every task that rests on the document or on what follows from it."""

    grid: Grid
    stems: Sequence[Stem]
    of_clause: Mapping[int, Sequence[listing.Entry]]
    tallies: Mapping[int, Tally]
    left_out: int

    @property
    def lacking(self) -> list[tuple[Document, Clause, str]]:
        """Return the clauses that need a task of which the reader sees none, root first, and how each is cited."""
        return [
            (stem.document, clause, clauses.cited_in(stem.clauses, clause))
            for stem in self.stems
            for clause in stem.clauses
            if clause.needs_task and not self.of_clause.get(clause.id)
        ]


def cascade(me: Me, document: Document, today: date) -> Cascade:
    """Return the cascade of a document, in a number of queries that does not grow with it."""
    below = queries.descendants(document.id)
    following = [d.id for d in queries.flat(below)]
    visible = queries.visible_ids(sources.documents_for(me), following)
    links = _flat(queries.within_sight(below, visible), 1)
    ids = [document.id, *{link.document.id for link, _depth in links}]
    told = _told(me, ids, today)
    grid = added(counts(me, Scope(document=document.id), today).by_lead.values())
    stems = [_stem(document, 0, None, told)]
    stems += [_stem(link.document, depth, link, told) for link, depth in links]
    return Cascade(grid, stems, told.of_clause, told.clause_tallies, told.left_out)


def _flat(links: Sequence[Link], depth: int) -> list[tuple[Link, int]]:
    found: list[tuple[Link, int]] = []
    for link in links:
        found += [(link, depth), *_flat(link.beyond, depth + 1)]
    return found


@dataclass(frozen=True)
class _Told:
    clauses: Mapping[int, Sequence[Clause]]
    plans: Mapping[int, Sequence[Plan]]
    tallies: Mapping[int, Tally]
    clause_tallies: Mapping[int, Tally]
    of_clause: Mapping[int, Sequence[listing.Entry]]
    of_document: Mapping[int, Sequence[listing.Entry]]
    left_out: int


def _told(me: Me, ids: Sequence[int], today: date) -> _Told:
    own = clauses.of_documents(ids)
    chosen = list(db.session.scalars(sources.of_documents(me, ids).limit(MOST + 1)))
    found = listing.entries(me, chosen[:MOST], today)
    at, of = clause_ids(me, chosen[:MOST]), sources.source_ids(chosen[:MOST])
    of_clause: dict[int, list[listing.Entry]] = defaultdict(list)
    of_document: dict[int, list[listing.Entry]] = defaultdict(list)
    for entry in found:
        clause_id = at.get(entry.card.id)
        if clause_id is None:
            of_document[of[entry.card.id]].append(entry)
        else:
            of_clause[clause_id].append(entry)
    carried = plans.of_documents(sources.plans_for(me), ids)
    return _Told(
        clauses=own,
        plans={i: [plan for plan in carried if plan.document_id == i] for i in ids},
        tallies=sources.by_document(me, ids, today),
        clause_tallies=sources.by_clause(
            me, [c.id for of_one in own.values() for c in of_one], today
        ),
        of_clause=of_clause,
        of_document=of_document,
        left_out=len(chosen) - len(found),
    )


def _stem(document: Document, depth: int, link: Link | None, told: _Told) -> Stem:
    return Stem(
        document=document,
        depth=depth,
        at=_cited(link, told) if link else "",
        clauses=told.clauses[document.id],
        plans=told.plans[document.id],
        tally=told.tallies.get(document.id),
        entries=told.of_document.get(document.id, ()),
        again=link.again if link else False,
    )


def _cited(link: Link, told: _Told) -> str:
    above = told.clauses.get(link.edge.parent_id, ())
    at = next((clause for clause in above if clause.id == link.edge.clause_id), None)
    return clauses.cited_in(above, at) if at else ""


def clause_ids(me: Me, task_ids: Sequence[int]) -> dict[int, int]:
    """Return on which clause each of the tasks rests, those that rest on one."""
    found = select(Task.id, Task.clause_id).where(within(Task.id, task_ids), seen_by(me))
    rows = db.session.execute(found.where(Task.clause_id.is_not(None)))
    return {row[0]: row[1] or 0 for row in rows}


def parts_of_clauses(me: Me, own: Sequence[Clause], today: date) -> dict[int, list[Part]]:
    """Return the tasks of each clause that `me` may see, in two queries, none where there is no clause."""
    if not own:
        return {}
    met = (seen_by(me), no_line(), within(Task.clause_id, [clause.id for clause in own]))
    at: Any = select(Task.id, Task.clause_id).where(*met)
    of_task = {row[0]: row[1] for row in db.session.execute(at)}
    soon = in_force().soon_until(today)
    found: dict[int, list[Part]] = defaultdict(list)
    for row in rows(stored(within(Task.id, list(of_task))).order_by(Task.due_on, Task.id)):
        task = Stored._make(row)
        found[of_task[task.id]].append(part(task, today, soon))
    return dict(found)


def has_tasks(clause: Clause) -> bool:
    """Tell whether a task rests on the clause, whoever may see it."""
    return (
        db.session.scalar(select(Task.id).where(Task.clause_id == clause.id).limit(1)) is not None
    )
