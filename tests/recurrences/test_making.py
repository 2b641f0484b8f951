"""Making the tasks of a duty: at sending, as periods begin, after holds and downtime, up to the end; each once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.recurrences.duties import a_duty, at, daily, days, move, occurrences, tick
from tests.worlds import TODAY, a_task, doer
from tracker.db import db
from tracker.history.models import Event, Kind
from tracker.policy import Verb
from tracker.recurrences.actions import edit
from tracker.recurrences.queries import due_today
from tracker.requests import actions as requests
from tracker.tasks.actions import Draft, Due
from tracker.tasks.lifecycle import RestRule, State, Tie
from tracker.tasks.models import Ask, AskKind, Task
from tracker.tasks.moves import OutOfTurn
from tracker.tasks.queries import counted


def test_sending_makes_the_task_of_the_running_period_with_lines_and_letters(world):
    duty = a_duty(
        world,
        "hằng quý",
        on=TODAY,
        title_en="Report",
        coordinators=[world.district],
        product_vi="Báo cáo",
    )
    (one,) = occurrences(duty)
    assert (one.title_vi, one.title_en) == ("Báo cáo định kỳ – quý II-2018", "Report – Q2 2018")
    assert (one.state, one.tie, str(one.period_on)) == (
        State.ASSIGNED,
        Tie.OCCURRENCE,
        "2018-04-01",
    )
    assert (str(one.due_on), one.due_words, one.due_kind) == ("2018-06-30", "hằng quý", "date")
    assert (one.first_due_on, one.plan_id, one.product_vi) == (one.due_on, duty.plan_id, "Báo cáo")
    line = db.session.scalars(select(Task).where(Task.parent_id == one.id)).one()
    assert (line.tie, line.lead_id, line.state) == (Tie.LINE, world.district.id, State.ASSIGNED)
    assert (line.assigner_id, line.due_on) == (one.lead_id, one.due_on)
    letters = select(Ask.task_id).where(Ask.kind == AskKind.ASSIGNMENT).order_by(Ask.task_id)
    assert list(db.session.scalars(letters)) == [duty.id, one.id, line.id]


def test_it_is_told_on_both_and_only_the_periods_are_counted(world):
    duty = a_duty(world, on=TODAY)
    (one,) = occurrences(duty)
    told = select(Event).where(Event.kind == Kind.RECURRED).order_by(Event.id)
    of_one, of_duty = db.session.scalars(told)
    assert (of_one.task_id, of_one.data) == (one.id, {"series": duty.id, "period": "2018-04-01"})
    assert (of_duty.task_id, of_duty.data) == (
        duty.id, {"occurrence": one.id, "period": "2018-04-01"},
    )  # fmt: skip
    assert (of_one.counted, of_duty.counted) == (True, False)
    assert list(db.session.scalars(select(Task.id).where(counted()))) == [one.id]


def test_a_duty_itself_is_never_started_handed_in_or_finished(world):
    duty = a_duty(world, "hết quý I hằng năm", until=date(2020, 12, 31), on=TODAY)
    assert days(duty) == []
    for verb in (Verb.START, Verb.HAND_IN, Verb.FINISH):
        with pytest.raises(OutOfTurn):
            requests.move(duty, verb, by=doer(world.an), at=at(TODAY))


def test_a_period_whose_day_has_passed_is_not_made_at_sending(world):
    duty = a_duty(world, "ngày 5 hằng tháng", on=TODAY)
    assert days(duty) == []
    daily(TODAY, date(2018, 5, 2))
    assert days(duty) == ["2018-05-05"]


def test_every_period_comes_once_up_to_the_end_and_none_after_it(world):
    duty = a_duty(world, "trước ngày 15 hằng tháng", until=date(2018, 7, 20), on=TODAY)
    daily(TODAY, date(2018, 9, 10))
    assert days(duty) == ["2018-04-14", "2018-05-14", "2018-06-14", "2018-07-14"]
    assert due_today(date(2018, 9, 10)) == []


def test_after_forty_days_without_a_worker_each_missed_period_comes_once(any_world):
    weekly = a_duty(any_world, "thứ Sáu hằng tuần", on=TODAY)
    monthly = a_duty(any_world, on=TODAY)
    back = TODAY + timedelta(days=40)
    assert tick(back) == 6
    assert tick(back) == 0
    assert days(monthly) == ["2018-04-30", "2018-05-31"]
    assert days(weekly) == [str(date(2018, 4, 13) + timedelta(weeks=n)) for n in range(6)]


def test_over_the_end_of_the_year_no_week_is_lost(world):
    duty = a_duty(world, "hằng tuần", until=date(2019, 1, 31), on=date(2018, 12, 27))
    daily(date(2018, 12, 28), date(2019, 1, 15))
    assert days(duty) == ["2018-12-28", "2019-01-04", "2019-01-11", "2019-01-18"]


def test_a_clock_set_back_or_far_ahead_makes_nothing_twice(world):
    duty = a_duty(world, on=TODAY)
    assert tick(date(2018, 7, 2)) == 3
    assert tick(TODAY) == 0
    daily(date(2018, 6, 25), date(2018, 8, 3))
    assert len(set(days(duty))) == len(days(duty)) == 5


def test_a_draft_and_what_is_cancelled_or_closed_make_nothing(world):
    draft = a_duty(world)
    cancelled, closed = a_duty(world, on=TODAY), a_duty(world, on=TODAY)
    move(world, cancelled, Verb.CANCEL)
    move(world, closed, Verb.CLOSE)
    assert tick(date(2018, 8, 1)) == 0
    assert [len(occurrences(duty)) for duty in (draft, cancelled, closed)] == [0, 1, 1]


def test_cancelling_takes_open_periods_along_and_restoring_brings_them_back(world):
    duty = a_duty(world, on=TODAY, coordinators=[world.district])
    move(world, duty, Verb.CANCEL)
    (one,) = occurrences(duty)
    assert one.state is State.CANCELLED
    move(world, duty, Verb.RESTORE)
    (one,) = occurrences(duty)
    assert one.state is State.ASSIGNED


def test_closing_leaves_open_periods_to_their_units(world):
    duty = a_duty(world, on=TODAY)
    move(world, duty, Verb.CLOSE)
    assert [one.state for one in occurrences(duty)] == [State.ASSIGNED]


def test_on_hold_nothing_is_made_and_going_on_makes_only_the_running_period(world):
    duty = a_duty(world, on=TODAY)
    move(world, duty, Verb.HOLD, date(2018, 4, 20))
    daily(date(2018, 4, 21), date(2018, 7, 20))
    move(world, duty, Verb.RESUME, date(2018, 7, 20))
    assert days(duty) == ["2018-04-30", "2018-07-31"]
    daily(date(2018, 7, 20), date(2018, 8, 2))
    assert days(duty) == ["2018-04-30", "2018-07-31", "2018-08-31"]


def test_what_was_missed_before_a_hold_is_made_before_it(world):
    duty = a_duty(world, on=TODAY)
    move(world, duty, Verb.HOLD, date(2018, 6, 5))
    assert days(duty) == ["2018-04-30", "2018-05-31", "2018-06-30"]


def test_a_hold_taken_back_over_midnight_loses_nothing(world):
    duty = a_duty(world, on=TODAY)
    held = at(date(2018, 5, 1)) - timedelta(hours=8, minutes=3)
    binh = doer(world.binh)
    requests.move(duty, Verb.HOLD, by=binh, at=held, words="Chờ ý kiến.")
    db.session.commit()
    requests.undo(duty, by=binh, at=held + timedelta(minutes=5))
    db.session.commit()
    assert days(duty) == ["2018-04-30", "2018-05-31"]


def said(duty: Task, **changes) -> Draft:
    names = ("title_vi", "lead_id", "assigner_id", "plan_id", "repeats_until_on", "rest_rule")
    return Draft(**{name: getattr(duty, name) for name in names} | changes, due=Due.of(duty))


def test_another_end_and_another_rule_count_from_now_on_and_the_words_stay(world):
    duty = a_duty(world, until=date(2018, 5, 31), on=TODAY)
    daily(TODAY, date(2018, 8, 10))
    by = doer(world.binh)
    wished = said(duty, repeats_until_on=date(2018, 9, 30), rest_rule=RestRule.BEFORE)
    edit(duty, wished, by=by, at=at(date(2018, 8, 10)))
    db.session.commit()
    daily(date(2018, 8, 10), date(2018, 12, 1))
    assert days(duty) == ["2018-04-30", "2018-05-31", "2018-08-31", "2018-09-28"]
    edited = db.session.scalars(select(Event).where(Event.kind == Kind.EDITED)).one()
    assert edited.data["changed"] == ["repeats_until_on", "rest_rule"]
    assert edited.data["old"] == {"repeats_until_on": "2018-05-31", "rest_rule": None}
    assert duty.due_words == "hằng tháng"


def test_no_period_falls_due_after_the_task_of_which_the_duty_is_a_part(world):
    whole = a_task(world, due=date(2018, 6, 30))
    duty = a_duty(world, rest_rule=RestRule.AFTER, parent_id=whole.id, tie=Tie.PART, on=TODAY)
    daily(TODAY, date(2018, 9, 1))
    assert days(duty) == ["2018-05-02", "2018-05-31", "2018-06-30"]


def test_a_later_period_is_given_to_whoever_leads_by_then(world):
    duty = a_duty(world, on=TODAY)
    duty.lead_id = world.division.id
    db.session.commit()
    tick(date(2018, 5, 1))
    assert [one.lead_id for one in occurrences(duty)] == [world.commission.id, world.division.id]
