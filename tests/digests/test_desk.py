"""What lies on a desk: every reason for a task, the branch beside it, in a number of queries that does not grow."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.digests.desks import LATE, a_full_desk, a_letter, letter_to, mail_to, outbox
from tests.worlds import AT, TODAY, a_child, a_line, a_person, a_seat, a_task, doer, me, tasks
from tracker.committees.models import Role, Seat, Tenure
from tracker.db import db
from tracker.digests.desk import desk_of
from tracker.digests.mails import render_digest
from tracker.digests.shared import scope_of, shared
from tracker.digests.values import Section, Why
from tracker.mail.messages import Letter
from tracker.policy import Verb
from tracker.tasks.lifecycle import OPEN, State
from tracker.tasks.models import AskKind, Task
from tracker.tasks.moves import move
from tracker.tasks.queries import counted, visible_to
from tracker.tasks.sources import overdue


def rows_of(person):
    return {row.task_id: row for row in desk_of(me(person), shared(TODAY), TODAY).rows}


def whys(person, task):
    return {(reason.why, reason.unit_id) for reason in rows_of(person)[task.id].reasons}


def test_a_member_of_three_committees_gets_a_shared_task_once_with_every_reason(app, world):
    with app.app_context():
        task = a_task(world, due=LATE, coordinators=[world.district, world.town])
        for unit in (world.district, world.town):
            a_seat(unit, Role.MEMBER, world.chi)
        letter = letter_to(world.chi)
        assert letter.text.count("Rà soát tổ chức bộ máy") == 1
        assert f"/tasks/{task.id}\n" in letter.text
        why = letter.text.split("Vì sao gửi: ")[1].split("\n")[0]
        assert why.count("Đơn vị phối hợp") == 2
        assert why.count("Đơn vị chủ trì") == 1
        assert letter.told["named"] == sorted(rows_of(world.chi))


def test_each_reason_for_telling_a_task(app, world):
    with app.app_context():
        led = a_task(world)
        line = a_line(world, led, world.district)
        judged = a_task(world, lead=world.town, state=State.SUBMITTED)
        leader = db.session.scalars(
            select(Seat).join(Tenure).where(Tenure.person_id == world.dung.id)
        ).one()
        charge = a_task(world, lead=world.town, leader_seat_id=leader.id, due=LATE)
        assert whys(world.an, led) == {(Why.LEAD, world.commission.id)}
        assert whys(world.nam, line) == {(Why.CO_ORDINATE, world.district.id)}
        assert whys(world.binh, judged) == {(Why.VERDICT, world.province.id)}
        assert whys(world.dung, charge) == {(Why.LEADER, world.standing.id)}


def test_a_task_in_ones_charge_that_one_may_not_see_is_not_told(app, world):
    """Its leader in charge has moved elsewhere; the seat still stands on the task."""
    with app.app_context():
        seat = a_seat(world.elsewhere, Role.LEADER, world.ha)
        task = a_task(world, leader_seat_id=seat.id, due=LATE)
        assert task.id not in rows_of(world.ha)


def test_whoever_stands_in_is_told_for_whom_and_until_when(app, world):
    with app.app_context():
        a_task(world, due=LATE)
        own = db.session.scalars(select(Tenure).filter_by(person_id=world.an.id)).one()
        deputy = a_person("Ngụy Thị Sâm", "sam@test.local")
        db.session.add(
            Tenure(
                seat_id=own.seat_id,
                person_id=deputy.id,
                from_on=TODAY,
                to_on=date(2018, 4, 30),
                stands_in_for_id=own.id,
            )
        )
        db.session.commit()
        letter = letter_to(deputy)
        assert (
            "Đơn vị chủ trì · Ban Tổ chức Tỉnh ủy Hải Sơn, được Lê Thị An ủy quyền đến ngày 30-4-2018"
            in letter.text
        )
        assert "ủy quyền" not in letter_to(world.an).text


def test_letters_lie_before_those_who_work_in_the_unit_and_no_others(app, world):
    with app.app_context():
        task = a_task(world, due=LATE)
        a_letter(task, sender=world.province)
        a_letter(task, AskKind.EXPLANATION, sender=world.province)
        assert [letter.kind for letter in rows_of(world.an)[task.id].letters] == [
            "urging",
            "explanation",
        ]
        assert task.id not in rows_of(world.dung)
        chair, member = letter_to(world.an).text, letter_to(world.chi).text
        assert f"/tasks/{task.id}/explanation" in chair
        assert f"/tasks/{task.id}/explanation" not in member  # the chair's to give
        assert f"/tasks/{task.id}/acknowledgement" in member


def test_a_draft_is_nobodys_news(app, world):
    with app.app_context():
        task = a_task(world, state=State.DRAFT, assigner=world.commission, due=LATE)
        assert task.id not in rows_of(world.an)


# --- the branch ---


def naive(person):
    """Count the branch one by one: what its units lead, and what one's units have assigned or judge."""
    asker = me(person)
    branch, acts = asker.branch | asker.observed, asker.acts
    rows = db.session.scalars(visible_to(asker).where(counted())).all()
    within = [
        task
        for task in rows
        if task.lead_id in branch or {task.assigner_id, task.verdict_unit_id} & acts
    ]
    late = set(db.session.scalars(select(Task.id).where(overdue(TODAY))))
    fell_due = [t for t in within if t.due_on and (t.state is State.DONE or t.id in late)]
    return {task.id for task in within if task.id in late}, len(fell_due)


def a_mixed_branch(world):
    a_full_desk(world)
    units = (world.commission, world.division, world.district, world.town, world.province)
    for number, state in enumerate((*sorted(OPEN), State.DONE, State.CANCELLED, State.DRAFT)):
        lead = units[number % len(units)]
        a_task(world, state=state, lead=lead, due=date(2018, 3, 20))
        a_task(world, state=state, lead=lead, assigner=world.commission, due=None)
    parent = a_task(world, due=LATE)
    a_child(world, parent, world.district)
    a_child(world, parent, world.town, state=State.DONE)
    a_task(world, lead=world.elsewhere, assigner=world.elsewhere, due=LATE)


@pytest.mark.parametrize("who", ["an", "binh", "dung", "giang", "lan", "mai", "ha"])
def test_the_figures_of_a_branch_equal_a_naive_count(app, world, who):
    with app.app_context():
        a_mixed_branch(world)
        person = getattr(world, who)
        scope = scope_of(me(person), shared(TODAY))
        late, fell_due = naive(person)
        if scope is None:
            own = me(person).own | me(person).heads
            leads = db.session.scalars(select(Task.lead_id).where(Task.id.in_(late)))
            assert set(leads) <= own
        else:
            assert ({task.task_id for task in scope.overdue}, scope.fell_due) == (late, fell_due)


def test_the_figures_of_a_leader_agree_with_the_page_of_what_is_overdue(app, world):
    with app.app_context():
        a_mixed_branch(world)
        for person in (world.binh, world.dung):
            scope = scope_of(me(person), shared(TODAY))
            page = visible_to(me(person)).where(overdue(TODAY), counted())
            assert scope
            assert {one.task_id for one in scope.overdue} == {
                task.id for task in db.session.scalars(page)
            }


# --- the cost ---


def cost(queries, person):
    mail = mail_to(person)
    db.session.commit()
    with queries.counting():
        letter = render_digest(mail)
    assert isinstance(letter, Letter)
    return len(queries), letter


def test_a_digest_of_many_tasks_takes_as_many_queries_as_one_of_few(app, world, queries):
    with app.app_context():
        a_full_desk(world)
        outbox()
        render_digest(mail_to(world.an))  # what is the same for everybody is known from now on
        few, _letter = cost(queries, world.an)
        for unit, more in ((world.commission, 20), (world.division, 30)):
            tasks(world, more, lead=unit, assigner=world.commission, due=LATE, state=State.ASSIGNED)
        tasks(world, 10, state=State.RETURNED, due=LATE)
        render_digest(mail_to(world.an))
        many, letter = cost(queries, world.an)
        assert len(letter.told["named"]) > 30
        assert many == few <= 18


def test_the_next_reader_costs_no_count_of_the_whole(app, world, queries):
    with app.app_context():
        a_full_desk(world)
        outbox()
        render_digest(mail_to(world.an))
        number, _letter = cost(queries, world.binh)
        assert number <= 18
        assert not [words for words in queries if "GROUP BY task.lead_id" in words]


def test_a_section_names_ten_and_says_how_many_more(app, world):
    with app.app_context():
        tasks(world, 35, due=LATE)
        letter = letter_to(world.chi)
        assert "Quá hạn: 35" in letter.text
        assert "Còn 25 nhiệm vụ khác" in letter.text
        assert len(letter.told["named"]) == 10
        assert len(letter.told["marks"]) == 35


def test_the_longest_digest_is_not_too_long_for_any_mail_program(app, world):
    """Every section full, each letter as long as it is told, a branch of hundreds: some cut off at 100 kB."""
    with app.app_context():
        for number in range(20):
            a_letter(
                a_task(world, f"Việc {number}", due=LATE), sender=world.province, words="x " * 999
            )
        for due, state in ((LATE, State.ASSIGNED), (TODAY, State.ASSIGNED), (LATE, State.RETURNED)):
            tasks(world, 20, due=due, state=state)
        tasks(world, 20, state=State.SUBMITTED, lead=world.town, assigner=world.commission)
        tasks(world, 300, lead=world.division, assigner=world.commission, due=LATE)
        letter = letter_to(world.an)
        assert len(letter.told["named"]) == 5 * 10 + 20
        assert len(letter.html.encode()) < 100_000


def test_own_lines_without_their_task_are_told_as_a_part(app, world):
    with app.app_context():
        a_task(world, "Xây dựng đề án", due=LATE, coordinators=[world.district])
        letter = letter_to(world.nam)
        assert "Phần việc phối hợp: Xây dựng đề án" in letter.text
        assert rows_of(world.nam).keys()


def test_what_is_on_hold_keeps_its_deadline(app, world):
    with app.app_context():
        a_task(world, state=State.ON_HOLD, due=LATE)
        letter = letter_to(world.chi)
        assert "quá hạn 10 ngày" in letter.text
        assert letter.told["marks"][str(next(iter(rows_of(world.chi))))][0] == Section.LATE


def test_what_changes_within_the_day_is_seen_at_once(app, world):
    """What is remembered for everybody lasts until the newest event, not longer."""
    with app.app_context():
        task = a_task(world, lead=world.division, due=TODAY - timedelta(days=5))
        assert scope_of(me(world.binh), shared(TODAY))
        move(task, Verb.CANCEL, by=doer(world.binh), at=AT, words="Không còn cần")
        db.session.commit()
        scope = scope_of(me(world.binh), shared(TODAY))
        assert scope is None or not scope.overdue
