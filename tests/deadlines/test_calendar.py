"""Working days and counted periods of the Vietnamese calendar."""

from datetime import date

from tracker.deadlines.calendar import VIETNAM, Calendar, add_months, vietnam_holidays


def test_tet_2018_closes_offices_from_14_to_20_february():
    closed = [date(2018, 2, n) for n in range(14, 21)]
    assert set(closed) <= vietnam_holidays(2018)
    assert not any(VIETNAM.is_working(day) for day in closed)
    assert VIETNAM.is_working(date(2018, 2, 13))
    assert VIETNAM.is_working(date(2018, 2, 21))


def test_the_last_working_day_before_tet_is_found():
    assert VIETNAM.last_working_before_tet(2018) == date(2018, 2, 13)
    assert VIETNAM.last_working_before_tet(2019) == date(2019, 2, 1)


def test_from_31_march_to_10_april_2018_are_seven_working_days():
    assert VIETNAM.working_days_between(date(2018, 3, 31), date(2018, 4, 10)) == 7
    assert VIETNAM.add_working(date(2018, 3, 31), 7) == date(2018, 4, 10)


def test_three_working_days_before_31_march_begin_on_27_march():
    assert VIETNAM.working_days_between(date(2018, 3, 27), date(2018, 3, 31)) == 3


def test_an_end_that_is_not_later_has_no_working_days():
    assert VIETNAM.working_days_between(date(2018, 4, 10), date(2018, 3, 31)) == 0


def test_a_period_that_ends_on_a_rest_day_runs_to_the_next_working_day():
    assert VIETNAM.next_working(date(2018, 3, 31)) == date(2018, 4, 2)
    assert VIETNAM.next_working(date(2018, 4, 28)) == date(2018, 5, 2)
    assert VIETNAM.next_working(date(2018, 3, 30)) == date(2018, 3, 30)


def test_the_last_working_day_is_that_day_or_the_one_before():
    assert VIETNAM.previous_working(date(2018, 3, 31)) == date(2018, 3, 30)
    assert VIETNAM.previous_working(date(2018, 5, 1)) == date(2018, 4, 27)


def test_a_holiday_on_a_weekend_is_made_up_for():
    assert not VIETNAM.is_working(date(2018, 9, 3))


def test_an_organisation_has_days_off_and_working_saturdays_of_its_own():
    saturday, monday = date(2018, 3, 31), date(2018, 4, 2)
    own = Calendar(days_off=frozenset({monday}), working_days=frozenset({saturday}))
    assert own.is_working(saturday)
    assert own.next_working(monday) == date(2018, 4, 3)


def test_working_days_are_counted_backwards_too():
    assert VIETNAM.add_working(date(2018, 4, 10), -7) == date(2018, 3, 30)


def test_a_month_without_that_day_gives_its_last():
    assert add_months(date(2018, 1, 31), 1) == date(2018, 2, 28)
    assert add_months(date(2018, 12, 15), 1) == date(2019, 1, 15)
