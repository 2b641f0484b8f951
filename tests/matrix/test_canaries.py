"""What is hidden stays hidden: every text of a row carries a canary, and no page shows one it must not.

`qxt12nz` is the name of task 12, `qxt12xz` any other text of it: product, note, story, figure, ask.
The same with d for documents and p for plans.
"""

import re
from collections.abc import Iterator
from html import unescape
from itertools import chain
from urllib.parse import urljoin

import pytest
from sqlalchemy import select

from tests.matrix.grounds import EVERYBODY
from tests.matrix.realm import Realm
from tests.worlds import AT, me
from tracker.clock import machine_now
from tracker.committees.standings import Me
from tracker.db import db
from tracker.documents.models import Document, Lineage
from tracker.feeds import actions as feeds
from tracker.feeds.models import Covers
from tracker.history.actions import Doer
from tracker.people.models import Person
from tracker.plans.models import Plan
from tracker.policy import Verb, may
from tracker.tasks.lifecycle import MOVES
from tracker.tasks.models import Task
from tracker.tasks.queries import place_of
from tracker.tasks.standings import standings
from tracker.tasks.words import slug

CANARY = re.compile(r"qx[tdp]\d+[nx]z")
LINK = re.compile(r'(?:href|action|formaction|hx-get)="([^"]+)"')
# A crawl follows every link but those that only sort the same things anew or leave the pages.
OUTSIDE = (
    "/static",
    "/sign-",
    "/theme",
    "/people/me/",
    "/board/changes?",
    "/?lang",
    "/status?",
    "/status/tasks?",
    "/measures?",
    "/calendar?",
    "/calendar/tasks?",
)
LETTERS = {"urging", "explanation-request", "acknowledgement", "explanation", "lead"}
FIGURES = {"readings", "removal", "list", "handover", "correction", "measures/new"}
WISHES = {"extension-request", "extension", "extension-withdrawal"}
VERBS = {"undo", "notes", *LETTERS, *WISHES, *FIGURES, *(slug(verb) for verb in MOVES)}
# A form offers the same whatever its address wishes for: one of each is enough.
FORM = re.compile(r"^(/\w+/new)\?.*|[?&]lang=\w+")
UNREAD = {"stranger", "disabled", "co-member", "co-leader"}  # see nothing, or what others see
READERS = [account for account in EVERYBODY if account not in UNREAD]


# --- what each may see, by the words of the model ------------------------------------------------------


def allowed(realm: Realm, account: str) -> set[str]:
    """Return every canary that the account may come to see."""
    with realm.app.app_context():
        person = db.session.scalar(select(Person).where(Person.email == EVERYBODY[account]))
        assert person is not None
        asker = me(person)
        tasks = [t for t in db.session.scalars(select(Task)) if _sees(asker, t)]
        return set(chain(_of_tasks(tasks), _of_plans(asker, tasks), _of_documents(asker, tasks)))


def _sees(asker: Me, task: Task) -> bool:
    return may(Verb.SEE_TASK, standings(asker, place_of(task)))


def _of_tasks(tasks: list[Task]) -> Iterator[str]:
    """A task one sees, whole; of its parent the title, as text."""
    for task in tasks:
        yield from (f"qxt{task.id}nz", f"qxt{task.id}xz")
        if task.parent_id is not None:
            yield f"qxt{task.parent_id}nz"


def _of_plans(asker: Me, tasks: list[Task]) -> Iterator[str]:
    """The plans of tasks one sees, and those of one's branch."""
    through = {task.plan_id for task in tasks}
    for plan in db.session.scalars(select(Plan)):
        if plan.id in through or plan.owner_id in asker.branch | asker.acts:
            yield from (f"qxp{plan.id}nz", f"qxp{plan.id}xz")


def _of_documents(asker: Me, tasks: list[Task]) -> Iterator[str]:
    """The documents of tasks one sees, themselves or by their plan; those of one's branch; their grounds' names."""
    through = {t.document_id for t in tasks} | {t.product_document_id for t in tasks}
    plans = {task.plan_id for task in tasks}
    through |= {p.document_id for p in db.session.scalars(select(Plan)) if p.id in plans}
    # A plan of one's branch names what it rests on.
    mine = asker.branch | asker.acts
    grounds = {p.document_id for p in db.session.scalars(select(Plan)) if p.owner_id in mine}
    for document in db.session.scalars(select(Document)):
        own = {document.issuer_id, document.approver_id, document.receiver_id} & mine
        if document.id in through or own:
            yield from (f"qxd{document.id}nz", f"qxd{document.id}xz")
            above = select(Lineage.parent_id).where(Lineage.child_id == document.id)
            yield from (f"qxd{i}nz" for i in db.session.scalars(above))
    yield from (f"qxd{i}nz" for i in grounds if i)


# --- everything they can ask ---------------------------------------------------------------------------


def crawl(realm: Realm, account: str) -> Iterator[tuple[str, str]]:
    """Yield address and text of every page that links lead to from the start, and of every row there is."""
    waiting, seen = [*_addresses(realm), "/"], set()
    while waiting:
        path = waiting.pop()
        kind = FORM.sub(r"\1", path)
        if kind in seen:
            continue
        seen.add(kind)
        headers = {"HX-Request": "true"} if path.startswith("/board/changes") else {}
        response = realm.ask(account, "GET", path, headers=headers)
        yield path, response.text
        links = (urljoin(path, unescape(link)) for link in LINK.findall(response.text))
        waiting += [link.partition("#")[0] for link in links if is_inside(link)]


def is_inside(link: str) -> bool:
    """Tell whether a link leads to a page of the site that can be read."""
    parts = link.partition("?")[0].split("/")
    if "timeline" in parts and "?" in link:  # the same tasks on other days, year after year
        return False
    return link.startswith("/") and not link.startswith(OUTSIDE) and not VERBS.intersection(parts)


def _addresses(realm: Realm) -> Iterator[str]:
    """Yield the address of every row, seen or not, and of every way to look for it."""
    rows = {"task": "/tasks/{}", "document": "/documents/{}", "unit": "/committees/{}"}
    rows |= {"plan": "/plans/{}", "plan ": "/plans/{}/timeline?parts=1"}
    for table, path in rows.items():
        for (row_id,) in realm.watcher.execute(f"SELECT id FROM {table} ORDER BY id").fetchall():
            yield path.format(row_id)
            if table == "task":
                yield from (
                    f"/tasks/{row_id}/{name}" for name in ("extension", "extension-request")
                )
    yield from _figures(realm)
    ticks = "&".join(f"row={i}" for (i,) in realm.watcher.execute("SELECT id FROM task").fetchall())
    for name in ("urgings", "explanation-requests", "leads", "deadlines"):
        yield f"/overdue/{name}?{ticks}"
    yield "/digest"
    yield from ("/overdue?all=1", "/overdue?by=plan&all=1", "/overdue?of=lines")
    yield from ("/board?all=1", "/board?due=none", "/board/changes?since=0&day=2018-04-10")
    for name in ("plan_elsewhere", "plan_drafted", "plan_seen"):
        yield f"/board?plan={realm.names[name]}"
    for name in ("unit_elsewhere", "unit_district", "unit_commission"):
        yield f"/board?unit={realm.names[name]}"
    yield from ("/calendar?on=31-3-2018", "/calendar?view=year", "/calendar/tasks?view=year")
    yield from ("/status?on=2018-03-20", "/status/tasks?all=1", "/status/tasks?of=lines&all=1")
    for name in ("plan_elsewhere", "plan_drafted", "document_elsewhere", "unit_elsewhere"):
        yield f"/status?{name.partition('_')[0]}={realm.names[name]}"
    yield from (f"{path}?q=QX" for path in ("/board", "/documents", "/plans"))


def _figures(realm: Realm) -> Iterator[str]:
    """Yield the addresses of the newest figures, lists and transfers among them, and of all together."""
    newest = "SELECT id FROM measure ORDER BY id DESC LIMIT 40"
    for (row_id,) in realm.watcher.execute(newest).fetchall():
        yield from (f"/measures/{row_id}{more}" for more in ("", "/list", "/handover", "/readings"))
    yield from ("/measures", "/measures?parts=1")


@pytest.mark.parametrize("account", READERS)
def test_no_page_shows_what_is_hidden(realm: Realm, account: str):
    may_see = allowed(realm, account)
    pages = dict(crawl(realm, account))
    told = {
        canary: path
        for path, text in pages.items()
        for canary in set(CANARY.findall(text)) - may_see
    }
    assert told == {}
    assert not realm.has_written(), "a GET has changed the database"
    # Were the canaries shown nowhere at all, this would prove nothing.
    shown = {c for c in may_see if c.startswith("qxt") and c.endswith("xz")}
    assert shown <= {canary for text in pages.values() for canary in CANARY.findall(text)}


def test_no_calendar_shows_what_is_hidden(realm: Realm):
    """The deadlines which programs read without a sign-in, of everybody who can have them."""
    for account in READERS:
        may_see = allowed(realm, account)
        shown = {
            covers: set(CANARY.findall(_calendar(realm, account, covers))) for covers in Covers
        }
        for covers, canaries in shown.items():
            assert canaries <= may_see, (account, covers)
        assert shown[Covers.OWN] <= shown[Covers.BRANCH]
        assert any(shown.values()) == (account not in {"admin", "clerk"}), account
        realm.begin_again()


def _calendar(realm: Realm, account: str, covers: Covers) -> str:
    """Return what somebody's program reads; admins without a seat have nothing."""
    with realm.app.app_context():
        person = db.session.scalars(select(Person).where(Person.email == EVERYBODY[account])).one()
        times = {"at": AT, "clock_at": machine_now()}
        token = feeds.make(person, covers, "vi", by=Doer(person.id), **times)
        db.session.commit()
    answer = realm.ask("stranger", "GET", f"/calendar/{token}.ics")
    assert answer.status_code == (404 if account == "admin" else 200)
    return answer.text if answer.status_code == 200 else ""
