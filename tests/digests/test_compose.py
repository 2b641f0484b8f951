"""What a digest says is worked out from rows, a day, what was told last and wishes: nothing else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.deadlines.calendar import ONE_DAY, VIETNAM
from tracker.digests.compose import compose
from tracker.digests.values import (
    MOST_OF_BRANCH,
    RUNGS,
    Late,
    Letter,
    News,
    Reason,
    Row,
    Scope,
    Section,
    Why,
    Wishes,
    rung,
)
from tracker.tasks.lifecycle import OPEN, State

TODAY = date(2018, 4, 10)
LATE = date(2018, 3, 31)
LEAD, CO = Reason(Why.LEAD, 1), Reason(Why.CO_ORDINATE, 2)
ALL = Wishes()


def row(task_id=1, due=LATE, state=State.IN_PROGRESS, *, of=None, why=LEAD, **more):
    return Row(task_id, of or task_id, state, due, (why,), **more)


def letter(ask_id=1, kind="urging"):
    return Letter(ask_id, kind, 1, 9, TODAY - ONE_DAY, "Đề nghị hoàn thành", None)


def sections(digest):
    return [(item.row.task_id, item.section) for item in digest.items]


def digest_of(*rows, today=TODAY, told=None, wishes=ALL, **more):
    digest = compose(rows, today, told, wishes, **more)
    assert digest
    return digest


# --- where a task stands ---


def test_each_kind_of_row_has_its_section():
    found = digest_of(
        row(1),
        row(2, TODAY + timedelta(days=3)),
        row(3, date(2018, 6, 1), State.RETURNED),
        row(
            4,
            TODAY,
            State.SUBMITTED,
            why=Reason(Why.VERDICT, 1),
            waits_since=TODAY,
        ),
        row(5, None, letters=(letter(),)),
    )
    assert sections(found) == [
        (5, Section.URGED),
        (4, Section.WAITING),
        (3, Section.RETURNED),
        (1, Section.LATE),
        (2, Section.DUE_SOON),
    ]


@pytest.mark.parametrize(
    "quiet",
    [
        row(due=None),
        row(due=date(2018, 6, 1)),
        row(state=State.SUBMITTED, handed_in_on=LATE),
        row(state=State.DONE),
        row(state=State.CANCELLED, letters=(letter(),)),
    ],
)
def test_what_presses_nobody_is_not_told(quiet):
    assert compose([quiet], TODAY, None, ALL) is None


def test_a_task_stands_in_the_first_section_that_fits_and_is_wanted():
    pressing = row(state=State.RETURNED, letters=(letter(),))
    for off, expected in (
        ([], Section.URGED),
        ([Section.URGED], Section.RETURNED),
        ([Section.URGED, Section.RETURNED], Section.LATE),
    ):
        found = digest_of(pressing, wishes=Wishes(off=frozenset(off)))
        assert sections(found) == [(1, expected)]
    every = frozenset({Section.URGED, Section.RETURNED, Section.LATE})
    assert compose([pressing], TODAY, None, Wishes(off=every)) is None


def test_the_longest_overdue_come_first():
    found = digest_of(row(1, date(2018, 4, 5)), row(2, date(2018, 2, 1)), row(3, LATE))
    assert [item.row.task_id for item in found.items] == [2, 3, 1]
    assert [item.days_late for item in found.items] == [68, 10, 5]


def test_a_shared_task_is_told_once_with_every_reason():
    """A member of three committees: one leads the task, two co-ordinate."""
    third = Reason(Why.CO_ORDINATE, 3)
    rows = (row(7), row(8, of=7, why=CO), row(9, of=7, why=third))
    found = digest_of(*rows)
    assert sections(found) == [(7, Section.LATE)]
    assert found.items[0].reasons == (CO, third, LEAD)


def test_nothing_is_sent_on_a_quiet_day_or_where_it_is_off():
    assert compose([row()], TODAY, None, Wishes(is_off=True)) is None
    tuesday = Wishes(quiet_days=frozenset({2}))
    assert compose([row()], TODAY, None, tuesday) is None
    assert compose([row()], TODAY + ONE_DAY, None, tuesday)


# --- what is news ---


def test_what_was_told_and_has_not_changed_is_not_told_again():
    told = digest_of(row(touched=5)).told()
    assert compose([row(touched=5)], TODAY, told, ALL) is None
    assert compose([row(touched=5)], TODAY + ONE_DAY, told, ALL) is None


@pytest.mark.parametrize(
    ("later", "news"),
    [
        (row(touched=6), News.CHANGED),
        (row(touched=5, letters=(letter(),)), News.CHANGED),
        (row(touched=5, state=State.RETURNED), News.CHANGED),
        (row(due=date(2018, 3, 1), touched=5), News.RUNG),
    ],
)
def test_what_has_changed_is_news(later, news):
    told = digest_of(row(touched=5)).told()
    assert digest_of(later, told=told).items[0].news is news


def test_a_second_letter_is_news():
    told = digest_of(row(letters=(letter(3),))).told()
    assert compose([row(letters=(letter(3),))], TODAY, told, ALL) is None
    assert digest_of(row(letters=(letter(3), letter(4))), told=told)


def test_that_something_presses_less_is_no_news():
    told = digest_of(row(letters=(letter(),))).told()
    assert compose([row()], TODAY, told, ALL) is None


def test_one_new_task_brings_the_others_along():
    told = digest_of(row(1)).told()
    found = digest_of(row(1), row(2), told=told)
    assert [(item.row.task_id, item.news) for item in found.items] == [(1, None), (2, News.ENTERED)]


def days_told(rows_of, first, last, told=None):
    """Return the working days on which one is told something, as digest follows digest."""
    found, day = [], first
    while day <= last:
        if VIETNAM.is_working(day) and (digest := compose(rows_of(day), day, told, ALL)):
            told = digest.told()
            found.append(day)
        day += ONE_DAY
    return found


def test_over_tet_2018_a_task_is_told_when_due_soon_and_at_each_rung():
    """Due on the last working day before Tết, 13-2-2018; offices are closed from the 14th to the 20th."""
    due = date(2018, 2, 13)
    found = days_told(lambda _day: [row(due=due)], date(2018, 1, 15), date(2018, 4, 30))
    assert found[0] == date(2018, 2, 8)  # three working days before it
    assert found[1:] == [VIETNAM.add_working(due, step) for step in RUNGS]
    assert found[1:] == [date(2018, 2, 21), date(2018, 2, 23), date(2018, 3, 1), date(2018, 3, 13)]


def test_a_task_not_late_long_enough_waits_for_its_next_rung():
    found = days_told(lambda _day: [row()], date(2018, 4, 2), date(2018, 6, 29))
    assert found == [date(2018, 4, d) for d in (2, 4, 10, 20)]


def test_an_extension_is_told_and_its_ladder_begins_anew():
    moved = date(2018, 4, 11)

    def rows_of(day):
        return [row()] if day < moved else [row(due=date(2018, 4, 20), touched=9)]

    found = days_told(rows_of, date(2018, 4, 2), date(2018, 5, 31))
    assert found[:3] == [date(2018, 4, d) for d in (2, 4, 10)]
    assert found[3:5] == [date(2018, 4, 17), date(2018, 4, 23)]


# --- the branch ---


def late(task_id, due=LATE, lead=1, on=TODAY):
    return Late(task_id, lead, due, on)


def scope(*tasks, fell_due=50):
    return Scope(tuple(tasks), fell_due)


def test_the_worst_of_a_branch_are_named_and_the_rest_counted_by_unit():
    tasks = [late(n, TODAY - timedelta(days=n), lead=n % 3) for n in range(1, 31)]
    branch = digest_of(scope=scope(*tasks)).branch
    assert branch
    assert [one.task_id for one in branch.named] == list(range(30, 30 - MOST_OF_BRANCH, -1))
    assert sum(number for _unit, number in branch.more) == 10
    assert branch.more == ((1, 4), (0, 3), (2, 3))
    assert (branch.overdue, branch.fell_due) == (30, 50)


def test_what_stands_on_ones_own_desk_is_not_named_again():
    found = digest_of(row(1), scope=scope(late(1), late(2)))
    assert found.branch
    assert [one.task_id for one in found.branch.named] == [2]
    assert found.branch.overdue == 2
    assert found.named() == [1, 2]


def test_a_branch_is_news_when_a_task_enters_or_passes_a_rung():
    told = digest_of(scope=scope(late(1))).told()
    assert compose([], TODAY, told, ALL, scope=scope(late(1))) is None
    entered = digest_of(told=told, scope=scope(late(1), late(2)))
    assert entered.branch
    assert entered.branch.news == {2: News.ENTERED}
    next_rung = TODAY + timedelta(days=10)
    passed = digest_of(today=next_rung, told=told, scope=scope(late(1, on=next_rung)))
    assert passed.branch
    assert passed.branch.news == {1: News.RUNG}


def test_a_task_too_far_down_to_be_named_is_news_all_the_same():
    many = [late(n, date(2018, 1, 2)) for n in range(1, 40)]
    told = digest_of(scope=scope(*many)).told()
    tomorrow = TODAY + ONE_DAY
    same = [one._replace(on=tomorrow) for one in many]
    assert compose([], tomorrow, told, ALL, scope=scope(*same)) is None
    fresh = late(99, TODAY, on=tomorrow)
    assert digest_of(today=tomorrow, told=told, scope=scope(*same, fresh))


def test_who_wants_no_branch_gets_none():
    off = Wishes(off=frozenset({Section.BRANCH}))
    assert compose([], TODAY, None, off, scope=scope(late(1))) is None


# --- whatever the rows ---

days = st.dates(date(2018, 1, 1), date(2018, 6, 30))
states = st.sampled_from(sorted(OPEN))
reasons = st.sampled_from([LEAD, CO, Reason(Why.LEADER, 1), Reason(Why.VERDICT, 4)])
letters = st.lists(st.builds(letter, st.integers(1, 50)), max_size=2, unique=True).map(tuple)
any_row = st.builds(
    lambda task_id, of, due, state, why, touched, down, since: Row(
        task_id, of, state, due, (why,), since if state is State.SUBMITTED else None, touched,
        down, since if why.why is Why.VERDICT and state is State.SUBMITTED else None,
    ),
    st.integers(1, 30),
    st.integers(1, 12),
    st.none() | days,
    states,
    reasons,
    st.integers(0, 9),
    letters,
    days,
)  # fmt: skip
any_rows = st.lists(any_row, max_size=12, unique_by=lambda one: one.task_id)
wanted = st.builds(
    Wishes,
    is_off=st.just(False),
    off=st.frozensets(st.sampled_from(list(Section))),
    quiet_days=st.frozensets(st.integers(1, 5), max_size=2),
)


@given(any_rows, days, wanted)
def test_every_task_stands_in_it_once_and_none_is_invented(rows, today, wishes):
    digest = compose(rows, today, None, wishes)
    if digest is None:
        return
    roots = [item.row.root_id for item in digest.items]
    assert len(roots) == len(set(roots))
    told = [one.task_id for item in digest.items for one in item.rows]
    assert len(told) == len(set(told))
    assert set(told) <= {one.task_id for one in rows}
    assert not {item.section for item in digest.items} & wishes.off
    for item in digest.items:
        known = {why for one in rows if one.root_id == item.row.root_id for why in one.reasons}
        assert set(item.reasons) == known


@given(any_rows, days, wanted, st.randoms())
def test_the_same_input_gives_the_same_digest(rows, today, wishes, chance):
    mixed = list(rows)
    chance.shuffle(mixed)
    assert compose(rows, today, None, wishes) == compose(mixed, today, None, wishes)


@given(any_rows, days)
def test_what_was_told_today_is_not_told_twice(rows, today):
    digest = compose(rows, today, None, ALL)
    if digest is not None:
        assert compose(rows, today, digest.told(), ALL) is None


@given(any_rows, days, st.integers(1, 30))
def test_nothing_that_enters_later_is_ever_missed(rows, today, task_id):
    """Told or not before: a task nobody has heard of is news on the day it first presses."""
    first = compose([one for one in rows if one.root_id != 99], today, None, ALL)
    told = first.told() if first else None
    fresh = replace(row(task_id + 100, today - ONE_DAY), root_id=99)
    assert digest_of(*rows, fresh, today=today, told=told)


@given(days, days)
def test_a_rung_is_what_counting_the_days_says(due, today):
    passed = VIETNAM.working_days_between(due, today)
    assert rung(due, today, VIETNAM) == max((step for step in RUNGS if step <= passed), default=0)
