"""A small administration with somebody in every standing and a task of every kind, asked over HTTP as each of them."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from tests.pages import PASSWORD
from tests.worlds import (
    AT,
    MADE_AT,
    World,
    a_child,
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
from tracker.clock import machine_now
from tracker.committees.models import Role, UnitKind
from tracker.db import db, sqlite_module
from tracker.documents.models import Document
from tracker.history.actions import Doer, record
from tracker.history.models import Kind
from tracker.people.models import Person, SignIn
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
STATES = (
    State.DRAFT,
    State.ASSIGNED,
    State.IN_PROGRESS,
    State.SUBMITTED,
    State.RETURNED,
    State.DONE,
    State.ON_HOLD,
    State.CANCELLED,
)
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
    "sent up": "led by the body that acts for the province, from another branch",
    "district": "led and assigned by the district",
    "foreign": "led and assigned in another branch",
}


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
        self._task("sent up", state, lead=world.standing, assigner=world.elsewhere)
        self._task("district", state, lead=world.district, assigner=world.district)
        self._task("foreign", state, lead=world.elsewhere, assigner=world.elsewhere)

    def _task(self, kind: str, state: State, **values: Any) -> Task:
        plan = self.ids["plan_elsewhere"] if kind == "foreign" else self.world.plan.id
        return self._keep(kind, state, a_task(self.world, state=state, plan_id=plan, **values))

    def _keep(self, kind: str, state: State, task: Task) -> Task:
        self.ids[name_of(kind, state)] = task.id
        mark_task(task)
        return task

    def _ask(self, task: Task) -> None:
        db.session.add(
            Ask(
                kind=AskKind.HAND_IN,
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


def mark_task(task: Task) -> None:
    """Put the task's canaries into its title, product, note, story and figures."""
    name, other = f"qxt{task.id}nz", f"qxt{task.id}xz"
    task.title_vi = f"Nhiệm vụ {name}"
    task.product_vi = task.note = other
    task.search_key = f"nhiem vu {name} {other}"
    record(Kind.NOTED, by=Doer(), at=MADE_AT, image=image_of(task), words=other)
    a_measure(task, other, unit_vi=other, note=other, readings=[(3, None)])
    db.session.commit()


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
    people = db.session.query(Person.email, Person.id).all()
    return made.ids | {f"person_{email.partition('@')[0]}": i for email, i in people}


# --- asking -----------------------------------------------------------------------------------------


@dataclass
class Realm:
    """The realm behind the running app: who is signed in with which cookie, and how it all began."""

    app: Flask
    names: dict[str, int]
    path: Path
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    own_sign_ins: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sign everybody in through the page, disable whom that befalls, remember the beginning."""
        for account, email in EVERYBODY.items():
            self._sign_in(account, email)
        self.ask("admin", "POST", f"/people/{self.names['person_quang']}/disabling")
        with self.app.app_context():
            # The one write in a GET, that a sign-in is in use, is another test's: it is not due here.
            db.session.execute(
                update(SignIn).values(last_seen_at=machine_now() + timedelta(days=1))
            )
            db.session.commit()
        sqlite = sqlite_module()
        self.watcher = sqlite.connect(self.path)
        self.beginning = sqlite.connect(":memory:")
        self.watcher.backup(self.beginning)
        self.version = self._version()
        rows = self.watcher.execute(
            "SELECT p.email, s.id, t.id FROM sign_in s JOIN person p ON p.id = s.person_id"
            " LEFT JOIN tenure t ON t.person_id = p.id ORDER BY s.id"
        ).fetchall()
        accounts = {email: account for account, email in EVERYBODY.items()}
        for email, sign_in, tenure in rows:
            self.own_sign_ins[accounts[email]] = sign_in
            key = email.partition("@")[0]
            self.names |= {f"sign_in_{key}": sign_in, f"tenure_{key}": tenure or 0}

    def _sign_in(self, account: str, email: str | None) -> None:
        client = self.app.test_client()
        self.tokens[account] = _token(client.get("/sign-in?lang=en"))
        if email is not None:
            fields = {"email": email, "password": PASSWORD, "csrf_token": self.tokens[account]}
            assert client.post("/sign-in", data=fields).status_code == 303
            self.tokens[account] = _token(client.get("/people/me"))
        cookie = client.get_cookie("session")
        self.cookies[account] = cookie.value if cookie else ""

    def ask(
        self, account: str, method: str, path: str, data: Any = None, **more: Any
    ) -> TestResponse:
        """Send one request as somebody, with the token of their forms; paths speak of rows by name."""
        client: FlaskClient = self.app.test_client()
        client.set_cookie("session", self.cookies[account])
        client.set_cookie("lang", more.pop("lang", "en"))
        if method == "POST":
            more["data"] = {"csrf_token": self.tokens[account]} | filled(data or {}, self.names)
        return client.open(named(path, self.names), method=method, buffered=True, **more)

    def for_account(
        self, account: str, path: str, data: Mapping[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        """Return a request with what differs from one account to the next: its sign-in, the row's version."""
        names = {"sign_in_own": self.own_sign_ins.get(account, 0)}
        names["version"] = self._version_of(path)
        path = path.replace("{sign_in_own}", str(names["sign_in_own"]))
        return path, {k: str(names["version"]) if v == "{version}" else v for k, v in data.items()}

    def _version_of(self, path: str) -> int:
        found = re.match(r"/(task|document|plan|committee)s/([{}\w]+)", path)
        if not found or found[2] == "new":
            return 0
        kind = "unit" if found[1] == "committee" else found[1]
        sql = f"SELECT version FROM {kind} WHERE id = ?"
        return int(self.one(sql, int(named(found[2], self.names))) or 0)

    def _version(self) -> int:
        """Return a number that changes with whatever anybody else commits."""
        return int(self.watcher.execute("PRAGMA data_version").fetchone()[0])

    def has_written(self) -> bool:
        """Tell whether anything was written since the last beginning."""
        return self._version() != self.version

    def begin_again(self) -> None:
        """Bring the database back to how it all began."""
        self.beginning.backup(self.watcher)
        self.version = self._version()

    def count_rows(self) -> dict[str, int]:
        """Return how many rows each table has."""
        named = "SELECT name FROM sqlite_master WHERE type = 'table'"
        tables = [row[0] for row in self.watcher.execute(named)]
        counts = [self.watcher.execute(f'SELECT count(*) FROM "{t}"').fetchone() for t in tables]
        return dict(zip(tables, chain.from_iterable(counts), strict=True))

    def one(self, sql: str, *values: Any) -> Any:
        """Return one value of the database, names of rows filled in."""
        row = self.watcher.execute(named(sql, self.names), values).fetchone()
        return row and row[0]

    def close(self) -> None:
        """Let go of the database."""
        self.watcher.close()
        self.beginning.close()


def named(text: str, names: Mapping[str, int]) -> str:
    """Return the text with the ids of the rows it names; any other braces stay."""
    return re.sub(r"\{(\w+)\}", lambda found: str(names.get(found[1], found[0])), text)


def filled(data: Mapping[str, Any], names: Mapping[str, int]) -> dict[str, Any]:
    """Return the fields of a form with the ids of the rows they name."""
    return {
        key: [named(word, names) for word in value]
        if isinstance(value, list)
        else named(str(value), names)
        for key, value in data.items()
    }


def _token(response: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', response.text)
    assert found, response.text[:2000]
    return found[1]


@contextmanager
def asking(app: Flask, path: Path, states: tuple[State, ...]) -> Iterator[Realm]:
    """Build a realm in the empty database of `app` at `path` and give it."""
    with app.app_context():
        names = build(states)
    realm = Realm(app, names, path)
    try:
        yield realm
    finally:
        realm.close()


def outcome(response: TestResponse) -> str:
    """Return the status; `door` where somebody is asked to sign in first."""
    to_door = response.status_code == 303 and response.location.startswith("/sign-in")
    return "door" if to_door else str(response.status_code)
