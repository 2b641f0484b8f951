"""Light letters for tests of delivery, and outboxes full of them; what a digest says is tested where it is composed."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select

from tests.worlds import a_person
from tracker.clock import machine_now
from tracker.db import db
from tracker.mail import actions
from tracker.mail.delivery import Kinds, Letter, Pace, Skipped, deliver
from tracker.mail.models import Mail, MailKind
from tracker.mail.posts import post_of
from tracker.mail.smtp import Patience
from tracker.people.models import Person

DAY = "2018-04-10"
LONG_AGO = datetime(2018, 4, 10, tzinfo=UTC)
OFF = "https://viec.test.local/digest/off/" + "x" * 90
# Long beside what a server takes on a loaded machine; who tests a server that stalls waits less for it.
PATIENT = Patience(connection=30, answer=30, acceptance=30, mail=60)


def a_letter(mail: Mail) -> Letter:
    """Compose a letter that names its person and the moment of its composing."""
    person = db.session.get_one(Person, mail.person_id)
    words = (
        f"Kính gửi {person.name},\n\n.Một dòng bắt đầu bằng dấu chấm.\nSoạn lúc {machine_now()}.\n"
    )
    return Letter(
        address=person.email,
        name=person.name,
        subject=f"[Quá hạn 2] Nhiệm vụ của {person.name}, ngày 10-4-2018",
        text=words,
        html=f"<p lang='vi'>{words}</p>",
        told={"7": "late"},
        headers={
            "List-Unsubscribe": f"<{OFF}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def always(_mail: Mail) -> bool:
    """What was composed may always be sent."""
    return True


def kinds(
    render: Callable[[Mail], Letter | Skipped] = a_letter,
    still_fits: Callable[[Mail], bool] = always,
) -> Kinds:
    """Return how mails are composed."""
    return dict.fromkeys(MailKind, (render, still_fits))


def some_people(addresses: Iterable[str]) -> list[int]:
    """Make people with these addresses, and return their ids."""
    return [a_person(f"Người {address.partition('@')[0]}", address).id for address in addresses]


def many_people(count: int) -> list[int]:
    """Make many people at once."""
    person = a_person("Người Mẫu", "mau@test.local")
    columns = [c.name for c in Person.__table__.columns if c.name != "id"]
    pattern = {name: getattr(person, name) for name in columns}
    own = [f"nguoi{number}@test.local" for number in range(count)]
    rows = [pattern | {"email": email, "email_key": email} for email in own]
    db.session.execute(insert(Person), rows)
    db.session.commit()
    return list(db.session.scalars(select(Person.id).where(Person.id != person.id)))


def an_outbox(people: Iterable[int], kind: MailKind = MailKind.DIGEST, period: str = DAY) -> None:
    """Make a mail due for each person."""
    for person_id in people:
        assert put(person_id, kind, period)
    db.session.commit()


def put(
    person_id: int,
    kind: MailKind = MailKind.DIGEST,
    period: str = DAY,
    next_at: datetime = LONG_AGO,
) -> bool:
    """Make one mail due."""
    return actions.put(
        person_id, kind, period, made_at=LONG_AGO, next_at=next_at, domain="viec.test.local"
    )


def deliver_all(app, *, lease=timedelta(minutes=10), ahead=timedelta(), held=False, **more):
    """Run one deliverer in this process, whose clock may be ahead."""
    with app.app_context():
        post = post_of(app.extensions["settings"], patience=more.pop("patience", PATIENT))
        how = more.pop("kinds", None) or kinds()
        return deliver(
            how,
            lambda: held,
            post,
            now=lambda: machine_now() + ahead,
            pace=Pace(lease=lease),
            **more,
        )


def states(app) -> dict[str, int]:
    """Return how many mails are in each state."""
    with app.app_context():
        rows = db.session.execute(select(Mail.state, func.count()).group_by(Mail.state))
        return {str(state): count for state, count in rows}


def mails(app) -> dict[str, Mail]:
    """Return the mails by the first part of their person's address."""
    with app.app_context():
        rows = db.session.execute(
            select(Person.email, Mail).join(Mail, Mail.person_id == Person.id)
        )
        return {email.partition("@")[0]: mail for email, mail in rows}


def mails_by_id(app) -> dict[int, Mail]:
    """Return the mails by id."""
    with app.app_context():
        return {mail.id: mail for mail in db.session.scalars(select(Mail))}
