"""The reader against the specification by example."""

import re
import string
from datetime import date, time

import pytest

from tests.cases import for_each
from tests.deadlines.examples import ALL, READABLE, REFUSED, Example, outcome, refusal
from tracker.deadlines.calendar import Calendar
from tracker.deadlines.phrases import Kind, Refused, read


def named(example: Example) -> str:
    return example.phrase or "nothing"


@for_each(ALL, named)
def test_an_example_is_read_as_specified(example):
    assert outcome(example) == example.answer


@for_each([e for e in READABLE if e.time], named)
def test_an_hour_is_kept_beside_the_day(example):
    assert example.read().time == example.time


def test_the_hour_of_the_csv_notes_is_found():
    hours = {e.phrase: e.time for e in READABLE if e.time}
    assert hours["15h ngày 12-3-2018"] == time(15)
    assert hours["chậm nhất 17 giờ ngày 30/3/2018"] == time(17)


@for_each([e for e in REFUSED if e.key], named)
def test_a_refusal_gives_its_reason(example):
    assert refusal(example).key == example.key


@for_each([e for e in REFUSED if e.suggestion and "Tết of" not in e.note], named)
def test_the_suggestion_of_an_example_is_given(example):
    suggestion = refusal(example).suggestion or ""
    if example.suggestion == "IV":
        assert "IV" in suggestion
    else:
        assert suggestion == example.suggestion


def test_before_tet_suggests_the_last_working_day():
    with pytest.raises(Refused) as refused:
        read("trước Tết", on=date(2018, 1, 15))
    assert read(refused.value.suggestion or "").due == date(2018, 2, 13)


@for_each(REFUSED, named)
def test_a_suggestion_is_itself_readable(example):
    suggestion = refusal(example).suggestion
    assert suggestion is None or example.read(suggestion)


@for_each(REFUSED, named)
def test_a_refusal_has_a_value_for_each_placeholder(example):
    refused = refusal(example)
    wanted = {name for _, name, _, _ in string.Formatter().parse(refused.message) if name}
    assert wanted <= set(refused.values)
    assert "{" not in str(refused)


@for_each(READABLE, named)
def test_a_note_has_a_value_for_each_placeholder(example):
    for note in example.read().notes:
        assert set(re.findall(r"{(\w+)}", note.message)) <= set(note.values)


def hints(phrase: str, **given) -> list[str]:
    return [re.sub(r"{\w+}", "", note.message)[:12] for note in read(phrase, **given).notes]


def test_a_named_rest_day_stays_and_shows_the_last_working_day():
    reading = read("chậm nhất ngày 31-3-2018")
    assert reading.due == date(2018, 3, 31)
    assert reading.notes[0].values == {"day": date(2018, 3, 31), "work": date(2018, 3, 30)}


def test_a_working_day_needs_no_hint():
    assert read("30-3-2018").notes == ()


def test_dau_asks_to_be_confirmed_before_it_speaks_of_the_rest_day():
    first, rest = read("đầu tháng 7/2018").notes
    assert first.values == {"phrase": "đầu tháng 7/2018", "day": date(2018, 7, 1)}
    assert rest.values["day"] == date(2018, 7, 1)


def test_before_says_which_day_it_leaves_out():
    values = read("trước ngày 31-3-2018").notes[0].values
    assert values == {"day": date(2018, 3, 31), "last": date(2018, 3, 30)}


def test_an_organisation_may_make_before_inclusive():
    reading = read("trước ngày 30-3-2018", before_is_exclusive=False)
    assert (reading.kind, reading.due, reading.notes) == (Kind.BEFORE, date(2018, 3, 30), ())


def test_before_a_period_ends_before_it_begins_even_where_before_is_inclusive():
    assert read("trước quý II/2018", before_is_exclusive=False).due == date(2018, 3, 31)


def test_before_may_be_inclusive_in_duties_that_come_round():
    reading = read("trước ngày 15 hằng tháng", on=date(2018, 1, 15), before_is_exclusive=False)
    assert reading.due == date(2018, 1, 15)


def test_days_off_of_the_organisation_are_skipped_when_counting():
    calendar = Calendar(days_off=frozenset({date(2018, 3, 14)}))
    phrase = "trong 10 ngày làm việc kể từ ngày 12-3-2018"
    assert read(phrase, calendar=calendar).due == date(2018, 3, 27)


def test_two_readings_without_marks_are_both_named():
    with pytest.raises(Refused) as refused:
        read("thang sau", on=date(2018, 1, 15))
    assert (refused.value.values["one"], refused.value.values["other"]) == (
        "tháng sáu",
        "tháng sau",
    )


def test_a_weekday_is_named_in_the_language_asked_for():
    with pytest.raises(Refused) as refused:
        read("thứ Hai, ngày 30/3/2018", lang="vi")
    assert refused.value.values["right"] == "thứ Sáu"
    with pytest.raises(Refused) as refused:
        read("thứ Hai, ngày 30/3/2018", lang="en")
    assert refused.value.values["right"] == "Friday"


def test_the_phrase_is_kept_as_typed():
    assert read("  hết Quý I-2018 ").phrase == "hết Quý I-2018"
