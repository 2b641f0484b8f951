"""Desks for tests of the digest: letters, hand-ins, late tasks; and what one person is sent on a day."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from tests.worlds import (
    TODAY,
    World,
    a_line,
    a_task,
)
from tracker.clock import ZONE, machine_now
from tracker.committees.models import Unit
from tracker.db import begin_writing, db
from tracker.digests.actions import make_due
from tracker.digests.mails import render_digest
from tracker.mail.messages import Letter, Skipped
from tracker.mail.models import Mail, MailKind, MailState
from tracker.people.models import Person
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Ask, AskKind, Task

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # of the machine
LATE = date(2018, 3, 31)
URGING = (
    "Đề nghị đơn vị khẩn trương hoàn thành và báo cáo kết quả chậm nhất ngày 17-4-2018;\n"
    "trường hợp có vướng mắc, nêu rõ nguyên nhân và thời hạn đề nghị điều chỉnh."
)


def a_letter(
    task: Task,
    kind: AskKind = AskKind.URGING,
    *,
    sender: Unit,
    rung: int = 0,
    words: str | None = None,
    on: date = TODAY - timedelta(days=1),
    answer_by: date | None = None,
) -> Ask:
    """Lay a letter about the task on the desk of its lead."""
    letter = Ask(
        kind=kind,
        rung=rung or (kind is AskKind.URGING),
        task_id=task.id,
        from_unit_id=sender.id,
        to_unit_id=task.lead_id,
        asked_at=datetime.combine(on, time(9), ZONE),
        words=words,
        answer_by_on=answer_by,
        task_version=task.version,
    )
    db.session.add(letter)
    db.session.commit()
    return letter


def a_full_desk(world: World) -> dict[str, Task]:
    """Give the commission a task in every section, its division and the district something late."""
    quarter: dict[str, Any] = {"due": LATE, "due_words": "hết quý I-2018"}
    tasks = {
        "urged": a_task(world, "Rà soát, đánh giá tổ chức bộ máy", **quarter),
        "late": a_task(
            world, "Xây dựng đề án sắp xếp tổ chức", coordinators=[world.district], **quarter
        ),
        "soon": a_task(world, "Báo cáo kết quả khảo sát", due=date(2018, 4, 13)),
        "returned": a_task(
            world, "Lập danh sách chi bộ ghép", state=State.RETURNED, due=date(2018, 5, 15)
        ),
        "new": a_task(
            world,
            "Hướng dẫn xếp loại tổ chức cơ sở đảng",
            due=date(2018, 6, 30),
            due_words="hết quý II-2018",
            product_vi="Văn bản hướng dẫn",
        ),
        "submitted": a_task(
            world, "Tổng hợp biên chế", state=State.SUBMITTED, lead=world.district, **quarter
        ),
        "below": a_task(
            world,
            "Thống kê đảng viên mới",
            lead=world.division,
            assigner=world.commission,
            due=date(2018, 4, 4),
            title_en="Count the new Party members",
        ),
    }
    a_letter(tasks["urged"], sender=world.province, words=URGING, answer_by=date(2018, 4, 17))
    a_letter(tasks["new"], AskKind.ASSIGNMENT, sender=world.province)
    a_line(world, tasks["urged"], world.town, due=date(2018, 4, 6))
    return tasks


def outbox(day: date = TODAY, at: time = time(7, 30)) -> int:
    """Make the digests of a day due, as the worker does at that hour."""
    db.session.commit()  # what was only read ends here: the next transaction writes
    begin_writing()
    instant = datetime.combine(day, at, ZONE)
    made = make_due(instant, clock_at=machine_now(), domain="viec.test.local")
    db.session.commit()
    return made


def mail_to(person: Person, day: date = TODAY) -> Mail:
    """Return the digest of a person's on a day."""
    period = day.isoformat()
    wanted = select(Mail).filter_by(person_id=person.id, kind=MailKind.DIGEST, period=period)
    return db.session.scalars(wanted).one()


def composed(person: Person, day: date = TODAY) -> Letter | Skipped:
    """Return what a person is sent on a day, or why nothing."""
    outbox(day)
    return render_digest(mail_to(person, day))


def told(person: Person, day: date = TODAY) -> Letter | Skipped:
    """The same, and note that it was sent, or skipped."""
    letter = composed(person, day)
    mail = mail_to(person, day)
    if isinstance(letter, Letter):
        mail.state, mail.told, mail.sent_at = MailState.SENT, letter.told, machine_now()
    else:
        mail.state, mail.reason = MailState.SKIPPED, letter.reason
    db.session.commit()
    return letter


def sent_to(person: Person, day: date = TODAY) -> Letter:
    """Return what a person was sent, which must be something, and note that it was."""
    letter = told(person, day)
    assert isinstance(letter, Letter), letter
    return letter


def letter_to(person: Person, day: date = TODAY) -> Letter:
    """Return what a person is sent, which must be something."""
    letter = composed(person, day)
    assert isinstance(letter, Letter), letter
    return letter
