"""A small administration with somebody in every standing, a task of every kind, and a canary in every text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests.worlds import (
    AT,
    MADE_AT,
    TODAY,
    World,
    a_child,
    a_collective,
    a_document,
    a_line,
    a_measure,
    a_person,
    a_plan,
    a_seat,
    a_task,
    a_unit,
    a_world,
    follows,
    waits_for,
)
from tracker.committees.models import Role, UnitKind
from tracker.db import db
from tracker.documents.models import Clause, Document
from tracker.feeds.models import Covers, Feed
from tracker.history.actions import Doer, record
from tracker.history.models import Kind
from tracker.mail.models import Mail, MailKind, MailState
from tracker.measures.models import Measure, Reading
from tracker.people.models import Person
from tracker.people.queries import digest
from tracker.plans.models import Plan
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Ask, AskKind, Task
from tracker.tasks.moves import image_of

# Everybody who asks, by how they stand: the columns of every table.
ACCOUNTS: dict[str, str | None] = {
    "stranger": None,
    "disabled": "quang@test.local",  # chair of the lead, disabled while signed in
    "admin": "khanh@test.local",
    "elsewhere": "ha@test.local",  # chair in another branch
    "observer": "giang@test.local",  # of the province
    "member": "chi@test.local",  # of the lead
    "chair": "an@test.local",  # of the lead
    "office": "binh@test.local",  # of the assigner
    "leader": "dung@test.local",  # in the body that acts for the assigner
    "clerk": "phuc@test.local",  # member of the assigner
    "below": "lan@test.local",  # chair of the division below the lead
    "co-chair": "mai@test.local",  # of the co-ordinating district
    "co-member": "nam@test.local",
    "town": "oanh@test.local",  # chair of another unit of the fan-out
}
# Besides them, whoever stands in a way nobody else does; in no table, but asked where it counts.
EVERYBODY: dict[str, str | None] = ACCOUNTS | {
    "co-leader": "son@test.local",  # in the body that acts for the district
}
STATES = tuple(State)
FEW = (State.DRAFT, State.ASSIGNED)

# The kinds of task: the rows of every table of a task's routes.
KINDS: Mapping[str, str] = {
    "own": "led by the commission, from the province",
    "shared": "the same with two co-ordinating units",
    "line": "the district's part of such a task",
    "town line": "the town's part of it",
    "parent": "fanned out to the district and the town",
    "child": "the district's child of it",
    "town child": "the town's child of it",
    "below": "from the commission to the division below",
    "self": "led and assigned by the commission",
    "standing": "led by the body that acts for the assigner",
    "asked": "like own, with an open ask on a desk in another branch",
    "judged": "like own, judged by a body in another branch",
    "sent up": "led by the body that acts for the province, from another branch",
    "district": "led and assigned by the district",
    "foreign": "led and assigned in another branch",
}


# Everything is overdue, so that there is something to be urged.
LATE = TODAY - timedelta(days=10)


def name_of(kind: str, state: State) -> str:
    """Return the name by which a path speaks of a task: `own_assigned`."""
    return f"{kind.replace(' ', '_')}_{state.value}"


# --- building ---------------------------------------------------------------------------------------


@dataclass
class Builder:
    """Makes the rows; every text of a row carries a canary by which a page that shows it is found out."""

    world: World
    ids: dict[str, int] = field(default_factory=dict)

    def tasks(self, state: State) -> None:
        """Make a task of every kind in one state."""
        world = self.world
        self._task("own", state)
        shared = self._task("shared", state)
        self._keep("line", state, a_line(world, shared, world.district, state=state))
        self._keep("town line", state, a_line(world, shared, world.town, state=state))
        parent = self._task("parent", state)
        self._keep("child", state, a_child(world, parent, world.district, state=state))
        self._keep("town child", state, a_child(world, parent, world.town, state=state))
        self._task("below", state, lead=world.division, assigner=world.commission)
        self._task("self", state, lead=world.commission, assigner=world.commission)
        self._task("standing", state, lead=world.standing)
        self._ask(self._task("asked", state))
        self._task("judged", state, verdict_unit_id=world.elsewhere.id)
        self._task("sent up", state, lead=world.standing, assigner=world.elsewhere)
        self._task("district", state, lead=world.district, assigner=world.district)
        self._task("foreign", state, lead=world.elsewhere, assigner=world.elsewhere)

    def _task(self, kind: str, state: State, **values: Any) -> Task:
        plan = self.ids["plan_elsewhere"] if kind == "foreign" else self.world.plan.id
        made = a_task(self.world, state=state, plan_id=plan, due=LATE, **values)
        return self._keep(kind, state, made)

    def _keep(self, kind: str, state: State, task: Task) -> Task:
        self.ids[name_of(kind, state)] = task.id
        measure = mark_task(task)
        self.ids[f"measure_{name_of(kind, state)}"] = measure.id
        self.ids[f"reading_{name_of(kind, state)}"] = _reading(measure)
        return task

    def figures(self, kinds: Iterable[str]) -> None:
        """Let tasks have a list to be ticked off, and let one transfer wait to be confirmed by two units."""
        group = a_collective("các đơn vị", [self.world.district, self.world.town])
        for kind in kinds:
            task = self._assigned(kind)
            self.ids[f"list_{kind}"] = a_measure(task, f"qxt{task.id}xz", over_id=group.id).id
        for kind in ("parent", "foreign"):
            task = self._assigned(kind)
            whole: dict[str, Any] = {"from_unit_id": self.world.team.id}
            self.ids[f"transfer_{kind}"] = a_measure(task, f"qxt{task.id}xz", **whole).id
        for kind in ("child", "town child"):
            task = self._assigned(kind)
            part: dict[str, Any] = {
                "into_id": self.ids["transfer_parent"],
                "from_unit_id": self.world.team.id,
            }
            handed = a_measure(task, f"qxt{task.id}xz", readings=[(3, TODAY)], **part)
            self.ids[f"handed_{kind.replace(' ', '_')}"] = _reading(handed)

    def _assigned(self, kind: str) -> Task:
        return db.session.get_one(Task, self.ids[name_of(kind, State.ASSIGNED)])

    def letters(self, state: State, kinds: Iterable[str] = KINDS) -> None:
        """Let a letter of each sort wait for the lead of these kinds of tasks."""
        for kind in kinds:
            task = db.session.get_one(Task, self.ids[name_of(kind, state)])
            for letter in (AskKind.ASSIGNMENT, AskKind.URGING, AskKind.EXPLANATION):
                made = self._letter(task, letter)
                self.ids[f"{letter.value}_{kind}"] = made.id
        db.session.commit()

    def _letter(self, task: Task, kind: AskKind) -> Ask:
        ask = Ask(
            kind=kind,
            rung=1 if kind is AskKind.URGING else 0,
            task_id=task.id,
            from_unit_id=task.assigner_id,
            to_unit_id=task.lead_id,
            asked_at=AT - timedelta(days=8),
            words=f"qxt{task.id}xz",
            task_version=task.version,
        )
        db.session.add(ask)
        db.session.flush()
        return ask

    def wishes(self, state: State, kinds: Iterable[str] = KINDS) -> None:
        """Let more time be asked for these kinds of tasks."""
        for kind in kinds:
            task = db.session.get_one(Task, self.ids[name_of(kind, state)])
            words = f"qxt{task.id}xz"
            asked = Ask(
                kind=AskKind.EXTENSION,
                task_id=task.id,
                from_unit_id=task.lead_id,
                to_unit_id=task.decider_id,
                asked_at=AT - timedelta(days=2),
                words=words,
                result=words,
                proposed_words=words,
                proposed_on=TODAY + timedelta(days=35),
                task_version=task.version,
            )
            db.session.add(asked)
        db.session.commit()

    def _ask(self, task: Task) -> None:
        db.session.add(
            Ask(
                kind=AskKind.HAND_IN,
                rung=1,  # beside the task's own hand-in
                task_id=task.id,
                from_unit_id=task.lead_id,
                to_unit_id=self.world.elsewhere.id,
                asked_at=AT - timedelta(days=1),
                words=f"qxt{task.id}xz",
                task_version=task.version,
            )
        )
        db.session.commit()

    def sources(self) -> None:
        """Make documents and plans: of a task, of a draft alone, of nobody's task, of another branch."""
        world = self.world
        self._document("seen", world.document)
        self._document("drafted", a_document("Chỉ thị", issuer=world.province))
        self._document("unused", a_document("Kết luận", issuer=world.commission))
        self._document("elsewhere", a_document("Nghị quyết", issuer=world.elsewhere))
        self._document("below", a_document("Kế hoạch", issuer=world.elsewhere))
        self._document("cited", a_document("Thông báo", issuer=world.elsewhere))
        follows(world.document, db.session.get_one(Document, self.ids["document_drafted"]))
        follows(world.document, db.session.get_one(Document, self.ids["document_below"]))
        self._plan("seen", world.plan)
        self._plan("drafted", a_plan("Kế hoạch", world.province))
        self._plan("unused", a_plan("Kế hoạch", world.commission))
        elsewhere = db.session.get_one(Document, self.ids["document_elsewhere"])
        self._plan("elsewhere", a_plan("Kế hoạch", world.elsewhere, document=elsewhere))
        self._plan("shared", a_plan("Kế hoạch", world.elsewhere))
        units = "province standing commission division district town team elsewhere"
        self.ids |= {f"unit_{name}": getattr(world, name).id for name in units.split()}

    def _document(self, name: str, document: Document) -> None:
        self.ids[f"document_{name}"] = document.id
        document.subject_vi = f"{document.subject_vi} qxd{document.id}nz"
        document.note = document.full_title_vi = f"qxd{document.id}xz"
        document.search_key += f" qxd{document.id}nz"
        clause = Clause(document_id=document.id, position=1, words=f"qxd{document.id}xz")
        db.session.add(clause)
        db.session.flush()
        self.ids[f"clause_{name}"] = clause.id
        _story(Kind.DOCUMENT_EDITED, document.id, f"qxd{document.id}xz")

    def _plan(self, name: str, plan: Plan) -> None:
        self.ids[f"plan_{name}"] = plan.id
        plan.title_vi = f"{plan.title_vi} qxp{plan.id}nz"
        plan.note = f"qxp{plan.id}xz"
        plan.search_key += f" qxp{plan.id}nz"
        _story(Kind.PLAN_EDITED, plan.id, f"qxp{plan.id}xz")

    def hang(self) -> None:
        """Let a draft rest on sources of its own, and let tasks wait for others that not everybody sees."""
        draft = db.session.get_one(Task, self.ids["own_draft"])
        draft.document_id = self.ids["document_drafted"]
        draft.plan_id = self.ids["plan_drafted"]
        shared = db.session.get_one(Task, self.ids["below_assigned"])
        shared.document_id = self.ids["document_cited"]
        shared.plan_id = self.ids["plan_shared"]
        db.session.commit()
        for kind in ("below", "foreign", "town child", "self"):
            needed = db.session.get_one(Task, self.ids[name_of(kind, State.ASSIGNED)])
            for waiting in ("child", "standing"):
                name = name_of(waiting, State.ASSIGNED)
                waits_for(db.session.get_one(Task, self.ids[name]), needed)


def _reading(measure: Measure) -> int:
    own = select(Reading.id).where(Reading.measure_id == measure.id)
    return db.session.scalars(own).one()


def mark_task(task: Task) -> Measure:
    """Put the task's canaries into its title, product, note, story and figures."""
    name, other = f"qxt{task.id}nz", f"qxt{task.id}xz"
    task.title_vi = f"Nhiệm vụ {name}"
    task.product_vi = task.note = other
    task.search_key = f"nhiem vu {name} {other}"
    record(Kind.NOTED, by=Doer(), at=MADE_AT, image=image_of(task), words=other)
    measure = a_measure(task, other, unit_vi=other, note=other, readings=[(3, None)])
    db.session.commit()
    return measure


def _story(kind: Kind, subject_id: int, words: str) -> None:
    record(kind, by=Doer(), at=MADE_AT, subject_id=subject_id, words=words)
    db.session.commit()


def build(states: tuple[State, ...]) -> dict[str, int]:
    """Make the realm with tasks in these states; return the ids by the names that paths use."""
    world = a_world()
    a_seat(world.province, Role.MEMBER, a_person("Vũ Hồng Phúc", "phuc@test.local"))
    a_seat(world.commission, Role.CHAIR, a_person("Kiều Văn Quang", "quang@test.local"))
    body = a_unit(
        "Ban Thường vụ Huyện ủy Suối Đá",
        world.district,
        kind=UnitKind.STANDING_BODY,
        acts_for=world.district,
    )
    a_seat(body, Role.LEADER, a_person("Nông Văn Sơn", "son@test.local"))
    made = Builder(world)
    made.sources()
    for state in states:
        made.tasks(state)
    made.hang()
    made.figures(("own", "shared", "line", "child", "below", "self", "foreign"))
    made.letters(State.ASSIGNED, ("child", "line"))
    made.wishes(State.ASSIGNED, ("child", "line", "below", "foreign"))
    if State.RETURNED in states:
        made.letters(State.RETURNED)
        made.wishes(State.RETURNED)
    people = db.session.query(Person.email, Person.id).all()
    people_ids = {f"person_{email.partition('@')[0]}": i for email, i in people}
    _feeds(world)
    return made.ids | people_ids | _mails(world)


def _feeds(world: World) -> None:
    """Make the calendar of a chair, of somebody who is then disabled, and one that has ended."""
    quang = db.session.scalars(select(Person).where(Person.email == ACCOUNTS["disabled"])).one()
    for person, token, ended_at in (
        (world.an, "lich-cua-an", None),
        (quang, "lich-cua-quang", None),
        (world.chi, "lich-da-ngung", AT),
    ):
        feed = Feed(person_id=person.id, covers=Covers.BRANCH, token_hash=digest(token), lang="vi")
        feed.made_at, feed.ended_at = MADE_AT, ended_at
        db.session.add(feed)
    db.session.commit()


def _mails(world: World) -> dict[str, int]:
    """Make a mail that was not delivered, and one that still waits."""
    rows = {
        name: Mail(
            person_id=world.an.id,
            kind=MailKind.DIGEST,
            period=f"2018-04-{day:02d}",
            state=state,
            reason=reason,
            made_at=MADE_AT,
            next_at=MADE_AT,
            message_id=f"<{name}@test.local>",
        )
        for name, day, state, reason in (
            ("dead", 9, MailState.DEAD, "refused"),
            ("due", 10, MailState.DUE, None),
        )
    }
    db.session.add_all(rows.values())
    db.session.commit()
    return {f"mail_{name}": row.id for name, row in rows.items()}
