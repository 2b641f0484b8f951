"""Letters and receipts: what opens them, what answers them, when they lapse; another lead for a task."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.worlds import (
    AT,
    TODAY,
    a_child,
    a_collective,
    a_draft,
    a_line,
    a_seat,
    a_task,
    a_world,
    doer,
    me,
)
from tracker.committees.models import Role
from tracker.db import db
from tracker.history.models import Event, Kind
from tracker.letters import actions, queries
from tracker.letters.actions import AnsweredAlready, Paper
from tracker.letters.rungs import FIRST, SECOND, Refusal, Refused
from tracker.policy import Verb
from tracker.requests import actions as requests
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Ask, AskKind, Task
from tracker.tasks.queries import last_event, lines_of, open_asks_of

UNTIL = TODAY + timedelta(days=7)
LATE = TODAY - timedelta(days=10)


def move(world, task, verb, person=None, at=AT, **more):
    event = requests.move(task, verb, by=doer(person or world.an), at=at, **more)
    db.session.commit()
    return event


def case(task, person, today=TODAY):
    sent = queries.sent_about([task.id]).get(task.id, ())
    own = queries.own_units(me(person).seats)
    asks_time = queries.asks_time(task.id)
    return queries.case_of(task, task.lead.kind, sent, own=own, today=today, asks_time=asks_time)


def urge(world, task, rung=FIRST, person=None, at=AT):
    person = person or world.binh
    db.session.refresh(task, ["lead"])
    paper = Paper(f"Đôn đốc lần {rung}", UNTIL, rung)
    ask = actions.urge(task, paper, case=case(task, person), by=doer(person), at=at)
    db.session.commit()
    return ask


def ask_explanation(world, task, person=None, at=AT):
    person = person or world.binh
    db.session.refresh(task, ["lead"])
    how = {"case": case(task, person), "by": doer(person), "at": at}
    ask = actions.ask_explanation(task, Paper("Đề nghị giải trình", UNTIL), **how)
    db.session.commit()
    return ask


def open_letters(task):
    return [(ask.kind, ask.rung, ask.to_unit_id) for ask in queries.open_of([task.id])]


def kinds(task):
    found = select(Event.kind).where(Event.task_id == task.id).order_by(Event.id)
    return [kind for kind in db.session.scalars(found) if kind is not Kind.LOADED]


# --- assignments --------------------------------------------------------------------------------------


def test_sending_asks_the_lead_and_every_co_ordinator_for_a_receipt(world):
    task = a_draft(world, coordinators=[world.district])
    move(world, task, Verb.SEND, world.binh)
    (line,) = lines_of(task)
    assert open_letters(task) == [(AskKind.ASSIGNMENT, 0, world.commission.id)]
    assert open_letters(line) == [(AskKind.ASSIGNMENT, 0, world.district.id)]
    assert open_asks_of(task) == []  # it lies on no desk above


@pytest.mark.parametrize(
    ("verb", "words"), [(Verb.START, None), (Verb.NOTE, "Đã họp."), (Verb.HAND_IN, "Xong.")]
)
def test_the_leads_first_act_is_its_receipt(world, verb, words):
    task = a_draft(world)
    move(world, task, Verb.SEND, world.binh)
    if verb is Verb.NOTE:
        requests.note(task, words, by=doer(world.chi), at=AT)
    else:
        move(world, task, verb, world.an, words=words)
    (ask,) = db.session.scalars(select(Ask).where(Ask.kind == AskKind.ASSIGNMENT))
    assert open_letters(task) == []
    assert (ask.granted, ask.answered_at) == (True, AT)
    assert Kind.ACKNOWLEDGED not in kinds(task)  # the act itself is told


def test_a_group_of_units_and_who_gives_to_itself_are_asked_for_no_receipt(world):
    group = a_collective("Các huyện ủy", [world.district, world.town])
    for task in (a_draft(world, lead=group), a_draft(world, lead=world.province)):
        move(world, task, Verb.SEND, world.binh, words="Gửi ngay")
        assert open_letters(task) == []


def test_a_sending_taken_back_takes_its_letters_off_the_desks_and_sends_them_again(world):
    task = a_draft(world, coordinators=[world.town])
    move(world, task, Verb.SEND, world.binh)
    requests.undo(task, by=doer(world.binh), at=AT + timedelta(minutes=1))
    assert [*open_letters(task), *open_letters(lines_of(task)[0])] == []
    move(world, task, Verb.SEND, world.binh, at=AT + timedelta(minutes=2))
    assert len(open_letters(task)) == 1


def test_one_press_acknowledges_a_letter_and_those_before_it(world):
    task = a_draft(world, due=LATE)
    move(world, task, Verb.SEND, world.binh, at=AT - timedelta(days=30))
    ask = urge(world, task)
    event = actions.acknowledge(ask, task, by=doer(world.chi), at=AT)
    assert open_letters(task) == []
    assert (event.kind, event.by_id, len(event.data["asks"])) == (
        Kind.ACKNOWLEDGED,
        world.chi.id,
        2,
    )


def test_a_second_answer_is_refused_and_changes_nothing(world):
    task = a_task(world, due=LATE)
    ask = urge(world, task)
    actions.acknowledge(ask, task, by=doer(world.chi), at=AT)
    with pytest.raises(AnsweredAlready):
        actions.acknowledge(ask, task, by=doer(world.an), at=AT)
    assert ask.answered_by_id == world.chi.id


# --- urging and explanations -----------------------------------------------------------------------------


def test_an_urging_lies_on_the_desk_of_the_lead_and_is_told_with_its_words(world):
    task = a_task(world, due=LATE)
    ask = urge(world, task)
    event = last_event(task)
    assert open_letters(task) == [(AskKind.URGING, FIRST, world.commission.id)]
    assert (ask.from_unit_id, ask.answer_by_on, ask.words) == (
        world.province.id,
        UNTIL,
        "Đôn đốc lần 1",
    )
    assert event is not None
    assert (event.kind, event.data["rung"], event.lead_id) == (Kind.URGED, 1, world.commission.id)
    assert open_asks_of(task) == []


def test_the_first_letter_is_followed_by_the_second_and_then_by_none(world):
    task = a_task(world, due=LATE)
    urge(world, task)
    with pytest.raises(Refused) as refused:
        urge(world, task)  # the same again: a double click
    assert refused.value.why is Refusal.SENT_ALREADY
    urge(world, task, SECOND)
    with pytest.raises(Refused) as refused:
        urge(world, task, SECOND)
    assert refused.value.why is Refusal.URGED_TWICE
    assert ask_explanation(world, task).kind is AskKind.EXPLANATION


def test_only_what_is_overdue_is_urged_and_never_ones_own_unit(world):
    for task, person in (
        (a_task(world, due=TODAY), world.binh),
        (a_task(world), world.binh),
        (a_task(world, due=LATE, state=State.DONE), world.binh),
        (a_task(world, due=LATE, lead=world.commission, assigner=world.commission), world.an),
        (a_task(world, due=LATE, lead=world.standing), world.dung),
        (a_task(world, due=LATE, lead=world.province, assigner=world.province), world.dung),
    ):
        with pytest.raises(Refused):
            urge(world, task, person=person)
        assert kinds(task) == []


def test_a_later_deadline_begins_the_letters_anew(world):
    task = a_task(world, due=LATE)
    urge(world, task, at=AT - timedelta(days=5))
    task.due_on = TODAY - timedelta(days=2)
    db.session.commit()
    assert urge(world, task).rung == FIRST


def test_a_hand_in_answers_an_urging_but_explains_nothing(world):
    task = a_task(world, due=LATE)
    urge(world, task)
    ask_explanation(world, task)
    move(world, task, Verb.HAND_IN, words="Xong.")
    assert [kind for kind, _rung, _unit in open_letters(task)] == [AskKind.EXPLANATION]


def test_an_explanation_answers_the_request_and_keeps_its_words(world):
    task = a_task(world, due=LATE)
    urge(world, task)
    ask = ask_explanation(world, task)
    with pytest.raises(Refused):
        ask_explanation(world, task)
    actions.explain(ask, task, "Chờ số liệu của huyện.", by=doer(world.an), at=AT)
    assert open_letters(task) == []
    assert (ask.granted, ask.answer) == (True, "Chờ số liệu của huyện.")
    assert kinds(task)[-1] is Kind.EXPLAINED
    assert ask_explanation(world, task).id != ask.id  # given once, it may be asked for again


@pytest.mark.parametrize("verb", [Verb.CLOSE, Verb.CANCEL])
def test_letters_lapse_where_the_task_leaves_the_desk_and_come_back_when_that_is_taken_back(
    world, verb
):
    task = a_task(world, due=LATE)
    ask = urge(world, task)
    day = {"day": TODAY} if verb is Verb.CLOSE else {}
    move(world, task, verb, world.binh, words="Không còn cần", **day)
    assert open_letters(task) == []
    assert ask.granted is False
    requests.undo(task, by=doer(world.binh), at=AT + timedelta(minutes=1))
    assert open_letters(task) == [(AskKind.URGING, FIRST, world.commission.id)]


def test_a_receipt_that_was_given_does_not_come_back_with_an_undo(world):
    task = a_draft(world)
    move(world, task, Verb.SEND, world.binh)
    move(world, task, Verb.START)
    requests.undo(task, by=doer(world.an), at=AT + timedelta(minutes=1))
    assert open_letters(task) == []


def test_restoring_sends_the_assignment_again(world):
    task = a_task(world)
    move(world, task, Verb.CANCEL, world.binh, words="Chủ trương thay đổi")
    move(world, task, Verb.RESTORE, world.binh, words="Khôi phục")
    assert open_letters(task) == [(AskKind.ASSIGNMENT, 0, world.commission.id)]


# --- another lead ------------------------------------------------------------------------------------------


def reassign(world, task, lead, person=None):
    event = actions.reassign(task, lead, "Đúng chức năng hơn", by=doer(person or world.binh), at=AT)
    db.session.commit()
    return event


def test_a_new_lead_takes_over_lines_and_letters_and_is_asked_for_its_receipt(world):
    task = a_task(world, due=LATE, coordinators=[world.town], prov={"lead": "stated"})
    task.holder_seat_id = a_seat(world.commission, Role.MEMBER).id
    urge(world, task)
    event = reassign(world, task, world.district)
    (line,) = lines_of(task)
    assert (task.lead_id, task.verdict_unit_id) == (world.district.id, world.province.id)
    assert db.session.scalar(select(Task.holder_seat_id).where(Task.id == task.id)) is None
    assert task.prov == {}
    assert (line.assigner_id, line.verdict_unit_id) == (world.district.id, world.district.id)
    assert open_letters(task) == [(AskKind.ASSIGNMENT, 0, world.district.id)]
    assert (event.kind, event.lead_id, event.data) == (
        Kind.REASSIGNED,
        world.district.id,
        {"from": world.commission.id, "to": world.district.id},
    )
    assert urge(world, task).rung == FIRST  # the new lead has had no letter


def test_a_co_ordinator_who_becomes_the_lead_has_no_part_of_its_own_any_more(world):
    task = a_task(world, coordinators=[world.district, world.town])
    reassign(world, task, world.district)
    assert {line.lead_id: line.state for line in lines_of(task)} == {
        world.district.id: State.CANCELLED,
        world.town.id: State.ASSIGNED,
    }


def test_children_follow_the_new_lead_of_their_parent(world):
    parent = a_task(world)
    child, own = a_child(world, parent, world.town), a_child(world, parent, world.district)
    reassign(world, parent, world.district)
    assert (child.assigner_id, child.verdict_unit_id) == (world.district.id, world.district.id)
    assert (own.assigner_id, own.verdict_unit_id) == (world.district.id, world.province.id)


def test_the_verdict_follows_the_rule_or_stays_with_who_was_named(world):
    ruled = a_task(world, lead=world.commission, assigner=world.commission)
    named = a_task(world, verdict_unit_id=world.standing.id)
    reassign(world, ruled, world.district, world.an)
    reassign(world, named, world.district)
    assert ruled.verdict_unit_id == world.commission.id
    assert named.verdict_unit_id == world.standing.id


def test_who_leads_already_co_ordinates_or_is_a_group_is_refused(world):
    group = a_collective("Các huyện ủy", [world.district])
    task = a_task(world, coordinators=[world.district, world.town])
    line = next(line for line in lines_of(task) if line.lead_id == world.district.id)
    for row, lead, why in (
        (task, world.commission, Refusal.LEADS_ALREADY),
        (task, group, Refusal.COLLECTIVE),
        (line, world.town, Refusal.CO_ORDINATES),
        (line, world.commission, Refusal.CO_ORDINATES),
    ):
        with pytest.raises(Refused) as refused:
            reassign(world, row, lead)
        assert refused.value.why is why
    done = a_task(world, state=State.DONE)
    with pytest.raises(Refused):
        reassign(world, done, world.town)


# --- what is read ---------------------------------------------------------------------------------------------


def test_letters_wait_for_the_unit_they_went_to_the_gravest_first(world):
    late = a_task(world, due=LATE)
    draft = a_draft(world)
    move(world, draft, Verb.SEND, world.binh)
    urge(world, late)
    urge(world, late, SECOND)
    ask_explanation(world, late)
    found = [(letter.kind, letter.rung) for letter in queries.waiting(me(world.chi))]
    assert found == [
        (AskKind.EXPLANATION, 0),
        (AskKind.URGING, SECOND),
        (AskKind.URGING, FIRST),
        (AskKind.ASSIGNMENT, 0),
    ]
    assert queries.waiting(me(world.binh)) == queries.waiting(me(world.mai)) == []


@pytest.mark.parametrize(
    ("days_ago", "is_missed"), [(4, False), (5, True), (6, True)]
)  # today is a Tuesday: sent on Friday, Thursday, Wednesday
def test_an_assignment_without_a_receipt_is_missed_after_two_working_days(
    world, days_ago, is_missed
):
    task = a_draft(world)
    move(world, task, Verb.SEND, world.binh, at=AT - timedelta(days=days_ago))
    missed = [letter.task_id for letter in queries.missed(me(world.binh), TODAY)]
    assert missed == [task.id] * is_missed
    assert queries.missed(me(world.an), TODAY) == []  # one's own unit's are on My work
    assert queries.missed(me(world.ha), TODAY) == []


def test_a_missed_receipt_that_is_given_is_listed_no_more(world):
    task = a_draft(world)
    move(world, task, Verb.SEND, world.binh, at=AT - timedelta(days=9))
    move(world, task, Verb.START)
    assert queries.missed(me(world.binh), TODAY) == []


def test_the_line_of_a_late_co_ordinator_is_urged_by_the_lead(world):
    task = a_task(world, due=TODAY)
    line = a_line(world, task, world.district, due=LATE)
    line = db.session.get_one(Task, line.id)
    ask = urge(world, line, person=world.an)
    assert (ask.from_unit_id, ask.to_unit_id) == (world.commission.id, world.district.id)


def test_letters_go_their_way_on_every_database(any_app):
    with any_app.app_context():
        world = a_world()
        task = a_draft(world, due=LATE, coordinators=[world.town])
        move(world, task, Verb.SEND, world.binh, at=AT - timedelta(days=9))
        assert len(queries.missed(me(world.binh), TODAY)) == 2
        actions.acknowledge(urge(world, task), task, by=doer(world.chi), at=AT)
        ask = ask_explanation(world, task)
        assert [letter.id for letter in queries.waiting(me(world.an))] == [ask.id]
        actions.explain(ask, task, "Chờ số liệu.", by=doer(world.an), at=AT)
        reassign(world, task, world.district)
        move(world, task, Verb.CANCEL, world.binh, words="Chủ trương thay đổi")
        requests.undo(task, by=doer(world.binh), at=AT + timedelta(minutes=1))
        assert open_letters(task) == [(AskKind.ASSIGNMENT, 0, world.district.id)]
        assert [letter.granted for letter in queries.of_task(task.id)] == [None, True, True, True]
