"""How each mail reads: every one in both languages, as text and HTML; clean whatever the names hold."""

import re
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.digests.desks import LATE, a_full_desk, a_letter, letter_to, mail_to, outbox, told
from tests.digests.test_more_time import grant, refuse, standing, wish
from tests.pages import client_of, parse
from tests.reading import vietnamese_unmarked
from tests.worlds import AT, TODAY, a_child, a_person, a_task, a_world, doer, tasks
from tracker.clock import machine_now
from tracker.db import db
from tracker.digests.mails import KINDS
from tracker.digests.values import Section
from tracker.digests.wording import HEADINGS
from tracker.mail.messages import Letter, envelope, freeze
from tracker.mail.models import Mail, MailKind
from tracker.people.actions import invite
from tracker.people.models import Invitation, Person
from tracker.policy import Verb
from tracker.requests.actions import move
from tracker.tasks.lifecycle import State
from tracker.tasks.models import AskKind

LANGUAGES = ("vi", "en")
TOKEN = re.compile(r"(\.|/invitations/)[\w-]{43}\b")


def speak(person, lang):
    """Let a person read in a language."""
    db.session.get_one(Person, person.id).lang = lang
    db.session.commit()


def shown(letter):
    """Return a letter without what a key makes: the seals of its links."""
    assert isinstance(letter, Letter)
    parts = (letter.subject, letter.text, letter.html, *letter.headers.values())
    return [TOKEN.sub(r"\1<seal>", part) for part in parts]


# --- the mails there are ---


def full_desk(world):
    a_full_desk(world)
    return world.an


def office(world):
    a_full_desk(world)
    return world.binh


def told_again(world):
    """The chair was told yesterday; since then one was handed in, one has entered, one was returned."""
    found = a_full_desk(world)
    told(world.an, date(2018, 4, 9))
    a_task(world, "Việc mới quá hạn", due=date(2018, 4, 9))
    move(found["soon"], Verb.HAND_IN, by=doer(world.an), at=AT, words="Đã xong")
    move(found["soon"], Verb.RETURN, by=doer(world.binh), at=AT, words="Thiếu phụ lục")
    db.session.commit()
    return world.an


def after_days_off(world):
    outbox(date(2018, 4, 5))
    a_full_desk(world)
    return world.an


def one_new_task(world):
    task = a_task(world, "Khảo sát chi bộ thôn", due=date(2018, 6, 30), due_words="hết quý II-2018")
    a_letter(task, AskKind.ASSIGNMENT, sender=world.province)
    return world.chi


def one_due_soon(world):
    a_task(world, "Khảo sát chi bộ thôn", due=date(2018, 4, 12))
    return world.chi


def one_to_approve(world):
    a_task(world, "Khảo sát chi bộ thôn", state=State.SUBMITTED, lead=world.town)
    return world.dung


def an_explanation(world):
    task = a_task(world, "Khảo sát chi bộ thôn", due=LATE, title_en="Survey the village cells")
    words = "Đề nghị giải trình bằng văn bản."
    a_letter(
        task,
        AskKind.EXPLANATION,
        sender=world.standing,
        words=words,
        answer_by=date(2018, 4, 16),
    )
    return world.an


def a_long_branch(world):
    tasks(world, 25, lead=world.division, assigner=world.commission, due=LATE)
    return world.an


def a_line_and_a_child(world):
    task = a_task(world, "Xây dựng đề án", due=LATE, coordinators=[world.district])
    a_child(world, task, world.district, due=date(2018, 4, 6))
    return world.nam


def more_time_asked(world):
    """The office is asked for more time, and has a day still to name."""
    wish(world, a_task(world, "Khảo sát chi bộ thôn", due=LATE, slips=1))
    a_task(world, "Sớm tổng kết", due_kind="vague", due_words="sớm")
    return world.binh


def more_time_answered(world):
    """One wish was granted, one refused, one waits; a standing duty asks for a word."""
    granted, refused, waits = (
        a_task(world, title, due=TODAY + timedelta(days=days))
        for title, days in (("Một", 10), ("Hai", 0), ("Ba", 2))
    )
    grant(world, wish(world, granted), granted)
    refuse(world, wish(world, refused), refused)
    wish(world, waits)
    a_task(world, "Bốn", due=TODAY + timedelta(days=1))
    standing(world, "Giao ban hằng ngày", 30)
    return world.an


DIGESTS = [
    full_desk,
    office,
    told_again,
    after_days_off,
    one_new_task,
    one_due_soon,
    one_to_approve,
    an_explanation,
    a_long_branch,
    a_line_and_a_child,
    more_time_asked,
    more_time_answered,
]


@pytest.fixture(params=DIGESTS, ids=lambda make: make.__name__)
def reader(request, app, time):
    """Somebody to whom one of the digests is due; the app's context is open."""
    with app.app_context():
        person = request.param(a_world())
        outbox()
        yield person


def test_every_digest_reads_as_it_was_reviewed(reader, snapshot):
    for lang in LANGUAGES:
        speak(reader, lang)
        letter = letter_to(reader)
        subject, text, html, *_headers = shown(letter)
        assert f"{subject}\n\n{text}" == snapshot(name=f"{lang}.txt")
        assert html == snapshot(name=f"{lang}.html")
        sound(letter, lang)


def sound(letter, lang):
    """What holds for every mail: sound HTML, one language, plain links, nothing from elsewhere."""
    document, errors = parse(letter.html)
    assert not errors
    assert document.get("lang") == lang
    page = BeautifulSoup(letter.html, "html.parser")
    assert len(page.find_all("h1")) == 1
    assert not page.find_all(["img", "script", "form", "link", "iframe"])
    if lang == "en":
        assert not vietnamese_unmarked(
            re.sub("<title>.*?</title>|<div style=.*?</div>", "", letter.html)
        )
    assert len(letter.subject) < 200
    assert "\n" not in letter.subject
    assert "!" not in letter.text
    assert not re.search(r"\bbạn\b", letter.text)
    buttons = [a for a in page.find_all("a") if set(a.get("class") or ()) & {"btn", "plain"}]
    assert all(button.text.endswith("…") for button in buttons)


def test_text_and_html_say_the_same(app, time):
    with app.app_context():
        letter = letter_to(full_desk(a_world()))
        page = BeautifulSoup(letter.html, "html.parser")
        for span in page.find_all("span", class_="nb"):
            span.unwrap()
        page.smooth()
        words = " ".join(page.get_text(" ").split())
        for line in letter.text.split("\n--\n")[0].splitlines():
            if line.strip(" -") and "http" not in line:
                for part in re.split(r" · |: |^\d+\. | \[", line.strip()):
                    assert part.strip("] ") in words, line


def test_whoever_has_chosen_no_language_is_written_to_in_vietnamese(app, time):
    with app.app_context():
        person = full_desk(a_world())
        assert person.lang is None
        assert "Kính gửi" in letter_to(person).text


def test_every_section_has_a_heading():
    assert set(HEADINGS) == set(Section)


# --- hostile names ---

HOSTILE = [
    "Lê Thị An\r\nBcc: all@test.local",
    "Lê\nThị\tAn",
    "<script>alert(1)</script>",
    'An" <x@evil.example>',
    "An & {unit} %(num)d {0}",
    "Lê Thị An\u2028Subject: x",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_gets_into_no_header_and_no_markup(app, world, time, name):
    with app.app_context():
        person = db.session.get_one(Person, world.an.id)
        person.name = name
        for unit in (world.commission, world.division):
            db.session.merge(unit).name_vi = name
        a_task(world, name, due=date(2018, 4, 12), due_words=name)
        a_letter(a_task(world, name, due=LATE), sender=world.commission, words=name)
        a_task(world, name, lead=world.division, assigner=world.commission, due=LATE)
        db.session.commit()
        letter = letter_to(person)
        frozen = freeze(letter, "<x@test.local>", "Tiến Độ <tien-do@test.local>", machine_now())
        head = envelope(frozen).data.split(b"\r\n\r\n")[0]
        names = [line.split(b":")[0] for line in re.split(rb"\r\n(?![ \t])", head)]
        assert sorted(names) == sorted(
            b"List-Unsubscribe,List-Unsubscribe-Post,From,To,Date,Subject,Message-ID,"
            b"Auto-Submitted,MIME-Version,Content-Type".split(b",")
        )
        document, errors = parse(letter.html)
        assert not errors
        assert document.find(".//script") is None


def test_a_name_of_one_task_gets_into_no_subject_line(app, world, time):
    with app.app_context():
        a_task(world, "Một\r\nBcc: all@test.local", due=date(2018, 4, 12))
        assert letter_to(world.chi).subject == "[Còn 2 ngày] Một Bcc: all@test.local"


# --- invitations ---


def invited(app, person, by):
    settings = app.extensions["settings"]
    person = db.session.get_one(Person, person.id)
    token = invite(person, by=doer(by), at=AT, clock_at=machine_now(), settings=settings)
    db.session.commit()
    row = db.session.scalars(select(Invitation).order_by(Invitation.id.desc()).limit(1)).one()
    wanted = select(Mail).filter_by(kind=MailKind.INVITATION, period=str(row.id))
    return token, db.session.scalars(wanted).one()


def render(mail):
    return KINDS[MailKind.INVITATION][0](mail)


@pytest.mark.parametrize("is_new", [True, False], ids=["new", "forgotten"])
def test_an_invitation_reads_as_it_was_reviewed(app, world, time, snapshot, is_new):
    with app.app_context():
        person = a_person("Ngô Thị Đào", "dao@test.local")
        if is_new:
            person.password_hash = None
        for lang in LANGUAGES:
            person.lang = lang
            _token, mail = invited(app, person, world.khanh)
            letter = render(mail)
            subject, text, html = shown(letter)
            assert f"{subject}\n\n{text}" == snapshot(name=f"{lang}.txt")
            assert html == snapshot(name=f"{lang}.html")
            sound(letter, lang)


def test_a_preview_is_the_mail_itself(app, full):
    with app.app_context():
        letter = letter_to(full.an)
        assert mail_to(full.an, TODAY).state == "due"
    page = client_of(app).sign_in(full.an.email).get("/digest").text
    article = BeautifulSoup(page, "html.parser").find("article")
    assert article
    text = article.find(class_="mail-text")
    assert text
    assert text.get_text().split() == letter.text.split()
    assert letter.subject in article.get_text()
