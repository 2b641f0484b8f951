"""How everybody stands towards everything in the realm, and what the policy makes of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import select

from tests.matrix.grounds import EVERYBODY, KINDS, name_of
from tests.matrix.realm import Realm
from tests.worlds import TODAY, me
from tracker.committees import door as committees
from tracker.committees.models import Seat, Unit
from tracker.committees.standings import STRANGER, Me
from tracker.db import db
from tracker.documents import door as documents
from tracker.people.models import Person
from tracker.plans import door as plans
from tracker.policy import Standing, Verb, may
from tracker.seats import door as seats
from tracker.seats.queries import desk
from tracker.tasks.lifecycle import MOVES, State
from tracker.tasks.models import Task
from tracker.tasks.queries import place_of
from tracker.tasks.sources import documents_for, plans_for
from tracker.tasks.standings import standings
from tracker.tasks.words import slug

SITE: dict[Verb, str] = {
    Verb.OPEN_DOOR: "/sign-in",
    Verb.SEE_OWN: "/plans",
    Verb.KEEP_ACCOUNT: "/people/me",
    Verb.KEEP_PEOPLE: "/people",
    Verb.KEEP_MAIL: "/admin/mail",
    Verb.KEEP_RULES: "/admin/calendar",
    Verb.SEE_MACHINE: "/metrics",
    Verb.DRAFT_TASK: "/tasks/new",
    Verb.ADD_DOCUMENT: "/documents/new",
    Verb.ADD_PLAN: "/plans/new",
    Verb.ADD_UNIT: "/committees/new",
}
TASK: dict[Verb, str] = {
    Verb.SEE_TASK: "/tasks/{id}",
    Verb.EDIT_TASK: "/tasks/{id}/edit",
    Verb.NOTE: "/tasks/{id}/notes",
    Verb.UNDO: "/tasks/{id}/undo",
    Verb.URGE: "/tasks/{id}/urging",
    Verb.ASK_EXPLANATION: "/tasks/{id}/explanation-request",
    Verb.ACKNOWLEDGE: "/tasks/{id}/acknowledgement",
    Verb.EXPLAIN: "/tasks/{id}/explanation",
    Verb.REASSIGN: "/tasks/{id}/lead",
    Verb.ASK_EXTENSION: "/tasks/{id}/extension-request",
    Verb.WITHDRAW_EXTENSION: "/tasks/{id}/extension-withdrawal",
    Verb.ANSWER_EXTENSION: "/tasks/{id}/extension",
    Verb.SET_DEADLINE: "/tasks/{id}/deadline",
    Verb.START_CLOCK: "/tasks/{id}/occasion",
    Verb.SPEAK_FOR: "/tasks/{id}/word-on-behalf",
    Verb.RAISE_DIFFICULTY: "/tasks/{id}/difficulty",
    Verb.ANSWER_DIFFICULTY: "/tasks/{id}/difficulty/answer",
    Verb.FAN_OUT: "/tasks/{id}/co-ordinators",
    Verb.SET_MEASURE: "/tasks/{id}/measures/new",
    Verb.ENTER_FIGURE: "/measures/{measure}/readings",
    Verb.CONFIRM_FIGURE: "/readings/{reading}/confirmation",
} | {verb: "/tasks/{id}/" + slug(verb) for verb in MOVES}
EDIT: dict[Verb, str] = {
    Verb.EDIT_DOCUMENT: "/documents/{id}/edit",
    Verb.EDIT_PLAN: "/plans/{id}/edit",
    Verb.EDIT_UNIT: "/committees/{id}/edit",
    Verb.KEEP_SEATS: "/seats/{id}/handover",
    Verb.NAME_SUBSTITUTE: "/seats/{id}/substitute",
}


@dataclass(frozen=True)
class Case:
    """Somebody before something: how they stand towards it, and where to ask; of a task also its figure's."""

    account: str
    row_id: int
    held: frozenset[Standing]
    measure_id: int = 0
    reading_id: int = 0


def cases(realm: Realm) -> dict[Verb, list[Case]]:
    """Return for each verb everybody before everything of its kind that they may see at all."""
    with realm.app.app_context():
        askers = {account: _me(email) for account, email in EVERYBODY.items()}
        site = [Case(account, 0, asker.standings) for account, asker in askers.items()]
        tasks = list(chain.from_iterable(_tasks(realm, a, asker) for a, asker in askers.items()))
        found = dict.fromkeys(SITE, site) | dict.fromkeys(TASK, tasks)
        for account, asker in askers.items():
            for verb, case in _sources(account, asker):
                found.setdefault(verb, []).append(case)
    return found


def _me(email: str | None) -> Me:
    person = db.session.scalar(select(Person).where(Person.email == email)) if email else None
    return me(person) if person and person.disabled_at is None else STRANGER


def _tasks(realm: Realm, account: str, asker: Me) -> Iterator[Case]:
    for kind in KINDS:
        for state in (State.ASSIGNED, State.DRAFT):
            task = db.session.get_one(Task, realm.names[name_of(kind, state)])
            if held := standings(asker, place_of(task)):
                figure = (
                    realm.names[f"{n}_{name_of(kind, state)}"] for n in ("measure", "reading")
                )
                yield Case(account, task.id, held, *figure)


def _sources(account: str, asker: Me) -> Iterator[tuple[Verb, Case]]:
    if asker is STRANGER:
        return
    for document in db.session.scalars(documents_for(asker)):
        case = Case(account, document.id, documents.standings(asker, document))
        yield Verb.EDIT_DOCUMENT, case
    for plan in db.session.scalars(plans_for(asker)):
        yield Verb.EDIT_PLAN, Case(account, plan.id, plans.standings(asker, plan))
    for unit in db.session.scalars(select(Unit)):
        yield Verb.EDIT_UNIT, Case(account, unit.id, committees.standings(asker, unit))
    for seat in db.session.scalars(select(Seat)):
        case = Case(account, seat.id, seats.standings(asker, desk(seat, TODAY)))
        yield from ((verb, case) for verb in (Verb.KEEP_SEATS, Verb.NAME_SUBSTITUTE))


def flipped(allowed: frozenset[Standing], standing: Standing) -> frozenset[Standing]:
    """Return a row of the table with one cell turned over."""
    return allowed ^ {standing}


def noticing(verb: Verb, row: frozenset[Standing], found: list[Case]) -> Iterator[Case]:
    """Yield whom a row of the table treats otherwise than the present one does."""
    for case in found:
        if may(verb, case.held) != (not row.isdisjoint(case.held)):
            yield case


_POSTED = {
    Verb.NOTE,
    Verb.UNDO,
    Verb.WITHDRAW_EXTENSION,
    Verb.CONFIRM_FIGURE,
}  # without a page of their own


def address(verb: Verb, case: Case) -> tuple[str, str]:
    """Return method and path of the request that asks for the verb."""
    names = {"id": case.row_id, "measure": case.measure_id, "reading": case.reading_id}
    path = (SITE | TASK | EDIT)[verb].format(**names)
    return ("POST" if verb in _POSTED else "GET"), path
