"""The outbox for administrators: what became of each mail, in figures that add up, and no word of what it says."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.mail.letters import (
    a_letter,
    an_outbox,
    deliver_all,
    kinds,
    mails,
    mails_by_id,
    some_people,
    states,
)
from tests.mail.servers import OK
from tests.pages import client_of
from tests.worlds import a_world
from tracker.db import db
from tracker.history.models import Event, Kind
from tracker.mail import queries
from tracker.mail.delivery import Letter, Skipped
from tracker.mail.models import Mail, MailKind, MailState
from tracker.rules.queries import is_mail_held

PAGE = "/admin/mail"
PEOPLE = [f"{name}@mail.local" for name in ("sent", "refused", "later", "doubted", "quiet")]


@pytest.fixture
def outbox(site, sink):
    """A mail in each place, and one of each kind."""
    with site.app_context():
        a_world()
        an_outbox(some_people(PEOPLE))
        an_outbox(some_people(["invited@mail.local"]), MailKind.INVITATION, "7")
    sink.script["refused@mail.local"] = ["550 5.1.1 <b>no</b> such user {here}"]
    sink.script["later@mail.local"] = ["451 later"]
    sink.script["doubted@mail.local"] = ["data: drop"]

    def render(mail: Mail) -> Letter | Skipped:
        letter = a_letter(mail)
        return Skipped("nothing") if letter.address.startswith("quiet") else letter

    for hours in range(2):
        deliver_all(site, ahead=timedelta(hours=hours), kinds=kinds(render))
    return site


@pytest.fixture
def khanh(outbox):
    return client_of(outbox).sign_in("khanh@test.local")


def figures(html: str) -> dict[str, int]:
    return {name: int(n) for name, n in re.findall(r'data-mails="(\w+)">(\d+)<', html)}


def listed(html: str) -> list[int]:
    return [int(n) for n in re.findall(r'data-mail="(\d+)"', html)]


def test_the_figures_add_up(khanh, outbox):
    found = figures(khanh.get(PAGE).text)
    assert found == {"due": 6, "open": 1, "ambiguous": 1, "dead": 1, "sent": 2, "skipped": 1}
    assert found.pop("due") == sum(found.values())


@pytest.mark.parametrize("state", MailState)
def test_every_state_has_one_place(state):
    assert [place for place, states in queries.PLACES.items() if state in states] == [
        queries.place_of(state)
    ]


def test_each_figure_leads_to_as_many_mails(khanh):
    for place in (None, *queries.PLACES):
        html = khanh.get(PAGE, query_string={"place": place} if place else {}).text
        assert len(listed(html)) == figures(html)[place or "due"]


def test_it_tells_the_words_of_the_server_and_none_of_the_mail(khanh, outbox):
    html = khanh.get(f"{PAGE}?lang=vi").text + khanh.get(f"{PAGE}?lang=en").text
    assert html.count("550 5.1.1 &lt;b&gt;no&lt;/b&gt; such user {here}") == 2
    for word in ("Quá hạn 2", "Kính gửi", "digest/off", "@mail.local"):
        assert word not in html
    with outbox.app_context():
        for subject, message_id in db.session.execute(select(Mail.subject, Mail.message_id)):
            assert message_id not in html
            assert not subject or subject not in html


def test_nobody_else_sees_it(outbox):
    for email in ("an@test.local", "binh@test.local", "dung@test.local"):
        assert client_of(outbox).sign_in(email).get(PAGE).status_code == 403


def test_looking_changes_nothing(khanh, outbox):
    before = {mail.id: mail.state for mail in mails(outbox).values()}
    for query in ("", "?place=dead", "?place=nowhere", "?page=99999999999", "?page=-1", "?page=x"):
        assert khanh.get(PAGE + query).status_code == 200
    assert {mail.id: mail.state for mail in mails(outbox).values()} == before


def test_a_dead_mail_is_sent_again_by_hand(khanh, outbox, sink):
    sink.script["refused@mail.local"] = [OK]
    again = f"{PAGE}/{mails(outbox)['refused'].id}/retry"
    assert khanh.submit(PAGE, again).status_code == 303
    mail = mails(outbox)["refused"]
    assert (mail.state, mail.attempts, mail.reason) == (MailState.DUE, 0, None)
    deliver_all(outbox)
    assert mails(outbox)["refused"].state is MailState.SENT


def test_one_that_was_in_doubt_is_composed_anew_by_hand(khanh, outbox, sink):
    sink.script["doubted@mail.local"] = [OK]
    mail = mails(outbox)["doubted"]
    assert (mail.state, mail.reason) == (MailState.AMBIGUOUS, "doubted")
    khanh.submit(PAGE, f"{PAGE}/{mail.id}/retry")
    assert mails(outbox)["doubted"].body_text is None
    deliver_all(outbox)
    assert [t.address for t in sink.taken()].count("doubted@mail.local") == 1


def test_what_needs_nobodys_help_is_not_sent_again(khanh, outbox):
    token = khanh.get(PAGE).text.split('name="csrf_token" value="')[1].split('"')[0]
    for name in ("sent", "later", "quiet"):
        mail = mails(outbox)[name]
        answer = khanh.post(f"{PAGE}/{mail.id}/retry", data={"csrf_token": token})
        assert answer.status_code == 409
        assert mails(outbox)[name].state is mail.state
    assert khanh.post(f"{PAGE}/99999/retry", data={"csrf_token": token}).status_code == 404


def test_all_dead_mails_are_sent_again_at_once(khanh, outbox):
    assert khanh.submit(f"{PAGE}?place=dead", f"{PAGE}/retries").status_code == 303
    assert states(outbox)["due"] == 1
    assert "dead" not in states(outbox)


def test_mail_is_held_and_released(khanh, outbox, sink):
    khanh.submit(PAGE, f"{PAGE}/hold")
    with outbox.app_context():
        assert is_mail_held()
        before = len(sink.taken())
    html = khanh.get(f"{PAGE}?lang=en").text
    assert "No mail has been sent since" in html
    assert f"{PAGE}/hold" not in html
    assert khanh.submit(PAGE, f"{PAGE}/release", waiting=None).status_code == 422
    assert khanh.submit(PAGE, f"{PAGE}/release", waiting="send").status_code == 303
    with outbox.app_context():
        assert not is_mail_held()
        told = db.session.scalars(select(Event.kind).order_by(Event.id.desc()).limit(2)).all()
        assert told == [Kind.MAIL_RELEASED, Kind.MAIL_HELD]
    assert states(outbox)["retry"] == 1
    assert len(sink.taken()) == before


def test_released_twice_the_second_is_told_so(khanh):
    khanh.submit(PAGE, f"{PAGE}/hold")
    page = khanh.get(PAGE).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "waiting": "send"}
    answers = [khanh.post(f"{PAGE}/release", data=form).status_code for _ in range(2)]
    assert answers == [303, 409]


def test_after_a_restore_what_waited_may_be_left_out(khanh, outbox, sink):
    """As a restore leaves them: some wait, one was being sent when the copy was made."""
    with outbox.app_context():
        one, two = some_people(["waits@mail.local", "half@mail.local"])
        an_outbox([one, two])
        half = update(Mail).where(Mail.person_id == two)
        db.session.execute(half.values(state=MailState.ATTEMPTING, owner="somebody"))
        db.session.commit()
    khanh.submit(PAGE, f"{PAGE}/hold")
    before = len(sink.taken())
    khanh.submit(PAGE, f"{PAGE}/release", waiting="leave")
    found = {name: (mail.state.value, mail.reason) for name, mail in mails(outbox).items()}
    assert found["waits"] == found["later"] == ("skipped", "restored")
    assert found["half"] == ("ambiguous", "restored")
    assert found["doubted"] == ("ambiguous", "doubted")
    deliver_all(outbox, ahead=timedelta(days=1))
    assert len(sink.taken()) == before


def test_many_mails_stand_on_pages_and_cost_the_same_queries(khanh, outbox, queries):
    khanh.get(PAGE)
    with queries.counting():
        khanh.get(PAGE)
    few = len(queries)
    with outbox.app_context():
        an_outbox(some_people(f"n{n}@mail.local" for n in range(60)))
    with queries.counting():
        first = khanh.get(PAGE).text
    assert len(queries) == few
    second = khanh.get(f"{PAGE}?page=2").text
    found = [*listed(first), *listed(second)]
    assert found == sorted(mails_by_id(outbox), reverse=True)
