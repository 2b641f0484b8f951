"""What a preview says is what is otherwise afterwards, counted over again by other means."""

import random
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.worlds import AT, TODAY, World, a_task, a_world, me
from tracker.clock import ZONE
from tracker.db import db
from tracker.deadlines.phrases import Refused
from tracker.digests.slots import day_due
from tracker.digests.values import RUNGS
from tracker.history.actions import Doer
from tracker.rules import actions
from tracker.rules.preview import Digests, Moved, moved
from tracker.rules.queries import in_force, stored
from tracker.rules.values import OwnDay, Period, Rules
from tracker.tasks import board
from tracker.tasks.filters import Filters
from tracker.tasks.lifecycle import OPEN, RestRule, State
from tracker.tasks.models import Task
from tracker.tasks.periods import pattern_of, periods
from tracker.tasks.reckoned import reckoned

AHEAD = 90  # days
WORDS = (
    "trước ngày 15-5-2018",
    "từ 1-4-2018 đến trước 20-4-2018",
    "trong 5 ngày làm việc kể từ ngày 10-4-2018",
    "10 ngày kể từ ngày 12-4-2018",
    "hết quý II-2018",
    "khi có hướng dẫn",
)
DUTIES = ("trước ngày 15 hằng tháng", "hằng tuần", "ngày 30 hằng tháng", "cuối quý")


def crowd(world: World, seed: int) -> None:
    """Make tasks of every sort, due around today."""
    chance = random.Random(seed)
    for _ in range(40):
        due = TODAY + timedelta(days=chance.randint(-30, 12))
        state = chance.choice([*OPEN, State.DRAFT, State.DONE, State.CANCELLED])
        handed_in = TODAY - timedelta(days=chance.randint(0, 9))
        more = {"handed_in_on": handed_in} if state is State.SUBMITTED else {}
        task = a_task(world, state=state, due=due)
        for name, value in more.items():
            setattr(task, name, value)
    for words in WORDS:
        task = a_task(world, state=State.DRAFT)
        task.due_words = words
    for words, rest in zip(DUTIES, [*RestRule, RestRule.AFTER], strict=True):
        task = a_task(world, due=None)
        task.due_on, task.due_words, task.due_kind = None, words, "recurring"
        task.rest_rule, task.repeats_until_on = rest, date(2019, 12, 31)
    db.session.commit()


# --- the same, counted by what readers get --------------------------------------------------------------


def soon_on_the_board(world: World) -> set[int]:
    """What stands as due soon on the board of somebody who sees it all."""
    columns = board.read(me(world.binh), Filters(all=True), TODAY)
    return {
        glance.task.id
        for column in columns
        if column.state in OPEN
        for glance in column.cards[board.Band.SOON]
    }


def rungs_passed() -> dict[int, int]:
    """How many rungs each overdue task has passed: its working days counted one by one."""
    calendar, found = in_force().calendar, {}
    for task in _all():
        until = task.handed_in_on if task.state is State.SUBMITTED else TODAY
        if task.state in OPEN and task.due_on and until and task.due_on < until:
            late = [task.due_on + timedelta(days=n + 1) for n in range((until - task.due_on).days)]
            worked = sum(map(calendar.is_working, late))
            found[task.id] = sum(rung <= worked for rung in RUNGS)
    return found


def days_with_digests() -> set[date]:
    """On which of the coming days a digest is made, by the worker's own question."""
    noons = (datetime.combine(TODAY + timedelta(days=n), AT.time(), ZONE) for n in range(AHEAD))
    return {day for noon in noons if (day := day_due(noon, in_force().calendar))}


def days_of_drafts() -> dict[int, date | None]:
    """Which day each draft would get if it were saved today."""
    drafts = [task for task in _all() if task.state is State.DRAFT and task.due_words]
    return {task.id: _read(task.due_words or "") for task in drafts}


def _read(words: str) -> date | None:
    try:
        return in_force().read(words, on=TODAY).due
    except Refused:
        return None


def days_of_duties() -> dict[int, date | None]:
    """The day of each duty's first period that begins after today."""
    found = {}
    for task in _all():
        if pattern := pattern_of(task):
            coming = [one for one in periods(pattern, TODAY, in_force()) if one.first > TODAY]
            found[task.id] = coming[0].due_on if coming else None
    return found


def agreed_days() -> dict[int, date | None]:
    return {task.id: task.due_on for task in _all()}


def _all() -> list[Task]:
    return list(db.session.scalars(select(Task)))


def standing(world: World) -> tuple:
    return (
        soon_on_the_board(world),
        rungs_passed(),
        days_with_digests(),
        days_of_drafts(),
        days_of_duties(),
        agreed_days(),
    )


# --- changes --------------------------------------------------------------------------------------------


def a_change(chance: random.Random) -> Rules:
    """Return other rules than those in force, all at once or one of them."""
    now = stored()
    calendar, known = now.rules.calendar, {day.on for day in now.days}
    ahead = [TODAY + timedelta(days=n) for n in range(AHEAD - 20)]
    free = [day for day in ahead if day not in known]
    off = [day for day in chance.sample(free, 9) if calendar.is_working(day)]
    worked = [day for day in chance.sample(free, 9) if not calendar.is_working(day)]
    rules = now.rules
    if chance.random() < 0.7:
        rules = rules.with_days(off, is_working=False)
    if chance.random() < 0.7:
        rules = rules.with_days(worked, is_working=True)
    rules = rules.without_days(chance.sample(sorted(known), len(known) // 2))
    closing = {period: chance.randint(1, 30) for period in Period if chance.random() < 0.3}
    return Rules(
        rules.calendar,
        soon=chance.choice([0, 2, 3, 5, 12]),
        before_is_exclusive=chance.random() < 0.5,
        closing=closing,
    )


def write(rules: Rules) -> None:
    """Write other rules down as the page does."""
    now, by = stored(), Doer()
    old, new = now.rules.calendar, rules.calendar
    gone = [d for d in now.days if d.on not in new.days_off | new.working_days]
    for is_working in (False, True):
        if alike := [day for day in gone if day.is_working is is_working]:
            actions.remove_days(alike, by=by, at=AT)
    for is_working, days in (
        (False, new.days_off - old.days_off),
        (True, new.working_days - old.working_days),
    ):
        if days:
            actions.add_days([OwnDay(d, is_working) for d in sorted(days)], by=by, at=AT)
    actions.settle(rules, by=by, at=AT)
    db.session.commit()


@pytest.mark.parametrize("seed", range(2))
def test_a_preview_says_what_is_otherwise_afterwards(app, seed):
    chance = random.Random(seed)
    with app.app_context():
        world = a_world()
        crowd(world, seed)
        for _ in range(4):
            before, rules = standing(world), a_change(chance)
            told = moved(
                stored().rules, rules, reckoned(TODAY), TODAY, Digests(RUNGS, is_past=False)
            )
            write(rules)
            assert in_force() == rules
            _compare(told, before, standing(world))


def _compare(told: Moved, before: tuple, after: tuple) -> None:
    soon, rungs, digests, drafts, duties, agreed = zip(before, after, strict=True)
    assert (told.soon, told.not_soon) == (len(soon[1] - soon[0]), len(soon[0] - soon[1]))
    assert told.further == sum(rungs[1][i] > rungs[0][i] for i in rungs[0])
    assert told.less_far == sum(rungs[1][i] < rungs[0][i] for i in rungs[0])
    assert set(told.digests_more) == digests[1] - digests[0]
    assert set(told.digests_less) == digests[0] - digests[1]
    assert told.drafts == sum(drafts[0][i] != drafts[1][i] for i in drafts[0])
    assert told.series == sum(duties[0][i] != duties[1][i] for i in duties[0])
    assert agreed[0] == agreed[1]


def test_the_day_of_a_next_rung_moves_with_days_to_come(app):
    with app.app_context():
        world = a_world()
        a_task(world, due=TODAY - timedelta(days=1))  # a working day late; three on Thursday
        facts, now = reckoned(TODAY), stored().rules
        off = now.with_days([TODAY + timedelta(days=1)], is_working=False)
        told = moved(now, off, facts, TODAY, Digests(RUNGS, is_past=True))
        assert (told.rung_sooner, told.rung_later, told.less_far) == (0, 1, 0)
        assert told.digests_less == (TODAY + timedelta(days=1),)


def test_nothing_moves_where_nothing_changes(app):
    with app.app_context():
        crowd(a_world(), 1)
        now = stored().rules
        told = moved(now, now, reckoned(TODAY), TODAY, Digests(RUNGS, is_past=True))
        assert told.is_nothing


def test_the_facts_are_counted_alike_on_every_database(any_app):
    with any_app.app_context():
        crowd(a_world(), 2)
        assert sum(late.number for late in reckoned(TODAY).late) == len(rungs_passed())
        actions.add_days([OwnDay(TODAY, is_working=False)], by=Doer(), at=AT)
        actions.settle(Rules(soon=5, closing={Period.YEAR: 14}), by=Doer(), at=AT)
        db.session.commit()
        assert in_force() == stored().rules
        assert (in_force().soon, in_force().closing) == (5, {Period.YEAR: 14})
