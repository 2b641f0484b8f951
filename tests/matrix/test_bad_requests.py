"""Bad requests anywhere: no token, no right, no such thing, too much; each told in the reader's language."""

from itertools import cycle

import pytest
from flask import Flask

from tests.matrix.doors import DOORS, Door
from tests.matrix.realm import Realm, named, outcome
from tests.matrix.test_bad_input import LANGUAGES, POSTS, is_in, told
from tests.pages import client_of
from tests.worlds import a_world
from tracker.policy import Verb

# A mail program has no session and no token; what its link proves instead is tested in tests/digests/test_links.py.
PROVEN_BY_LINK = {"/digest/off/<token>"}
TOKENED = [door for door in POSTS if door.rule not in PROVEN_BY_LINK]
OPEN = ("/sign-in", "/sign-out", "/setup", "/theme", "/invitations/<token>")


# --- who has no token, who may only read ------------------------------------------------------------


@pytest.mark.parametrize("door", TOKENED, ids=lambda door: door.name)
def test_without_the_token_of_a_form_nothing_is_done(whole: Realm, door: Door):
    knock = next(iter(door.things.values()))
    account = "stranger" if door.rule in OPEN else "admin"
    path, data = whole.for_account(account, knock.path, knock.data)
    for lang, token, headers in (("vi", "", {}), ("en", "khong-phai", {"HX-Request": "true"})):
        fields = data | {"csrf_token": token}
        answer = whole.ask(account, "POST", path, fields, lang=lang, headers=headers)
        assert answer.status_code == 400
        assert is_in(lang, told(answer))
    assert not whole.has_written()


def test_whoever_only_reads_is_refused_every_unsafe_method(whole: Realm):
    """What concerns one's own account apart; an observer sees all of the branch and changes nothing of it."""
    own = {Verb.OPEN_DOOR, Verb.KEEP_ACCOUNT, Verb.SEE_OWN}
    verbs = {
        (str(rule), rule.endpoint): getattr(whole.app.view_functions[rule.endpoint], "verb", None)
        for rule in whole.app.url_map.iter_rules()
    }
    by_rule = {rule: verb for (rule, _endpoint), verb in verbs.items()}
    for door in POSTS:
        if by_rule.get(door.rule) in own:
            continue
        path, data = whole.for_account("observer", *next(iter(door.things.values())))
        answer = outcome(whole.ask("observer", "POST", path, data))
        hidden = door.name.endswith(("/send", "/discard"))  # drafts are not for observers
        assert answer == ("404" if hidden else "403"), door.name
    assert not whole.has_written()


# --- ids, numbers and words in addresses ---------------------------------------------------------------

NUMBERS = ("0", "99999", str(2**31), str(2**63), "9" * 30)
WORDS = ("abc", "-1", "٣", "%00", "' OR 1=1", "9" * 30, "x" * 5000)


def test_no_number_is_too_large_for_either_database(any_app: Flask):
    """A number of a wrong size fails on the one, text for a number on the other."""
    with any_app.app_context():
        email = a_world().binh.email
    client = client_of(any_app, checks=False)
    client.sign_in(email)
    token = client.get("/people/me").text.partition('name="csrf_token" value="')[2]
    for number in (*NUMBERS, "abc", "-1"):
        for path in ("/tasks", "/documents", "/plans", "/committees"):
            assert client.get(f"{path}/{number}").status_code == 404
        for path in ("/board?plan={}", "/board?unit={}", "/tasks/new?lead={}&plan={}&parent={}"):
            assert client.get(path.replace("{}", number)).status_code in {200, 404, 422}
        for path, names in (
            ("/tasks/new", "lead_id assigner_id plan_id document_id parent_id holder_seat_id"),
            ("/documents/new", "issuer_id approver_id parents"),
            ("/committees/new", "parent_id acts_for_id members"),
            ("/plans/new", "owner_id document_id"),
            ("/documents/1/edit", "issuer_id parents version"),
            ("/committees/3/edit", "parent_id members version"),
        ):
            data = dict.fromkeys(names.split(), number) | {"csrf_token": token.partition('"')[0]}
            assert client.post(path, data=data).status_code in {409, 422}, (path, number)


HOT = ("/board/changes", "/deadlines")  # regions that are rendered alone


@pytest.mark.parametrize(
    "rule", sorted({d.rule for d in DOORS if d.method == "GET" and "<int:" in d.rule})
)
def test_what_is_not_there_is_not_found(realm: Realm, rule: str):
    for number, lang in zip(NUMBERS, cycle(LANGUAGES)):
        path = f"{rule.split('<', maxsplit=1)[0]}{number}{rule.partition('>')[2].replace('<any(...):move>', 'start')}"
        account = "admin" if rule.startswith("/people") else "office"
        answer = realm.ask(account, "GET", path, lang=lang)
        assert answer.status_code == 404, path
        assert is_in(lang, told(answer))


@pytest.mark.parametrize(
    "query",
    [
        "/board?plan={}",
        "/board?unit={}",
        "/board?due={}",
        "/board?column={}&page={}",
        "/board/changes?since={}&day={}",
        "/documents?page={}&q={}",
        "/documents/{document_seen}?page={}&all={}",
        "/documents/new?parent={}",
        "/plans?page={}&q={}",
        "/plans/{plan_seen}?page={}",
        "/plans/new?document={}",
        "/committees/{unit_commission}?page={}",
        "/tasks/new?plan={}&document={}&parent={}&lead={}",
        "/tasks/{own_assigned}/hold?back={}",
        "/tasks/{own_assigned}/urging?back={}",
        "/tasks/{own_assigned}/lead?back={}",
        "/overdue?by={}&of={}&unit={}&plan={}&page={}&all={}&tick={}",
        "/overdue/urgings?row={}",
        "/overdue/deadlines?row={}",
        "/tasks/{own_assigned}/deadline?back={}",
        "/deadlines/read?phrase={}&on={}",
        "/people?page={}&q={}",
        "/sign-in?next={}&ended={}",
        "/?lang={}",
    ],
)
def test_no_query_breaks_a_page(realm: Realm, query: str):
    account = "admin" if query.startswith("/people") else "office"
    for word in WORDS:
        path = query
        while "{}" in path:
            path = path.replace("{}", word, 1)
        for headers in ({}, {"HX-Request": "true"})[: 1 + path.startswith(HOT)]:
            answer = realm.ask(account, "GET", path, headers=headers)
            assert answer.status_code in {200, 303, 404, 422}, path
    assert not realm.has_written()


# --- bodies ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("account", ["stranger", "office"])
def test_a_body_of_a_megabyte_is_too_large_everywhere(realm: Realm, account: str, lang: str):
    rules = ("/sign-in", "/documents/new", "/tasks/{own_assigned}/notes")
    for path in rules:
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            data = b"words=" + b"x" * 1_200_000
            if kind.startswith("multipart"):
                head = b'--x\r\nContent-Disposition: form-data; name="words"\r\n\r\n'
                data = head + data + b"\r\n--x--\r\n"
            client = realm.app.test_client()
            client.set_cookie("session", realm.cookies[account])
            client.set_cookie("lang", lang)
            answer = client.post(named(path, realm.names), data=data, content_type=kind)
            assert answer.status_code == 413, path
            assert is_in(lang, told(answer))
    assert not realm.has_written()


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"a=%ff%fe", b"=&&&=", b"words=%00", b""])
def test_a_body_that_is_no_form_is_refused(realm: Realm, body: bytes):
    for path in ("/documents/new", "/tasks/{own_assigned}/notes", "/sign-in"):
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain"):
            client = realm.app.test_client()
            client.set_cookie("session", realm.cookies["office"])
            address = named(path, realm.names)
            assert client.post(address, data=body, content_type=kind).status_code == 400
    assert not realm.has_written()


def test_methods_nobody_offers_are_refused(realm: Realm):
    for method in ("PUT", "PATCH", "DELETE"):
        for path in ("/tasks/{own_assigned}", "/documents/{document_seen}", "/board"):
            assert realm.ask("office", method, path).status_code == 405
    assert not realm.has_written()
