"""What holds of every phrase, not of single examples."""

import re
import time as clock
import unicodedata
from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cases import for_each
from tests.deadlines.examples import ALL, READABLE, outcome
from tracker.deadlines.calendar import month_end
from tracker.deadlines.phrases import Kind, Reading, Refused, read, write
from tracker.text import fold

DAYS = st.dates(date(1991, 1, 1), date(2099, 12, 30))
HOURS = st.none() | st.builds(time, st.integers(0, 23), st.integers(0, 59))
LANGS = st.sampled_from(["vi", "en"])
PERIODS = (
    [(m, m) for m in range(1, 13)] + [(1, n) for n in range(2, 12)] + [(4, 6), (7, 9), (7, 12)]
)
WORDS = [
    "hết",
    "trước",
    "đến",
    "từ",
    "quý",
    "tháng",
    "ngày",
    "năm",
    "tuần",
    "sau",
    "này",
    "đầu",
    "giữa",
    "cuối",
    "hằng",
    "mỗi",
    "trong",
    "kể",
    "khi",
    "tính",
    "I",
    "VI",
    "l",
    "31",
    "3",
    "18",
    "2018",
    "-",
    "/",
    ".",
    ",",
    ":",
    "thứ",
    "sáu",
    "tư",
    "Tết",
    "khóa",
    "by",
    "before",
    "end",
    "of",
    "March",
    "every",
    "Q1",
    "giờ",
    "h",
    "T",
    "thang",
    "sau",
    "nam",
    "tu",
    "quy",
    "truoc",
    "định",
    "kỳ",
    "một",
    "lần",
    "báo",
    "cáo",
    "làm",
    "việc",
]


def same(one: Reading, other: Reading) -> bool:
    fields = ("kind", "start", "due", "time")
    return all(getattr(one, name) == getattr(other, name) for name in fields)


@st.composite
def canonical(draw) -> Reading:
    kind = draw(st.sampled_from(["date", "by", "before", "asof", "range", "period", "year"]))
    day, hour = draw(DAYS), draw(HOURS)
    if kind in {"period", "year"}:
        first, last = draw(st.sampled_from(PERIODS)) if kind == "period" else (1, 12)
        return Reading("", Kind(kind), date(day.year, first, 1), month_end(day.year, last))
    start = {"date": day, "range": day - timedelta(days=draw(st.integers(0, 300)))}.get(kind)
    return Reading("", Kind(kind), start, day, None if kind == "asof" else hour)


@given(canonical(), LANGS)
@settings(max_examples=120, deadline=None)
def test_what_is_written_reads_as_what_was_meant(reading, lang):
    assert same(read(write(reading, lang)), reading)


@given(DAYS, LANGS)
@settings(max_examples=50, deadline=None)
def test_a_week_is_written_as_its_number(day, lang):
    monday = day - timedelta(days=day.weekday())
    week = Reading("", Kind.PERIOD, monday, monday + timedelta(days=6))
    if 1990 <= monday.isocalendar().year <= 2100:
        assert same(read(write(week, lang)), week)


@pytest.mark.parametrize("lang", ["vi", "en"])
@for_each(READABLE, lambda e: e.phrase)
def test_every_example_survives_being_written(example, lang):
    reading = example.read()
    assert same(example.read(write(reading, lang)), reading)


def dashes(phrase: str, dash: str) -> str:
    return phrase.replace("–", "-").replace("－", "-").replace("-", dash)


def holds_however_typed(typed: Callable[[str], str]) -> None:
    """Read anew what is typed otherwise by it; what stays as it was is read elsewhere."""
    others = [e for e in ALL if typed(e.phrase) != e.phrase]
    assert others
    assert [outcome(e, typed(e.phrase)) for e in others] == [e.answer for e in others]


@pytest.mark.parametrize("dash", list("-‐‑‒–—―−－"))
def test_every_dash_is_the_same(dash):
    holds_however_typed(lambda phrase: dashes(phrase, dash))


@pytest.mark.parametrize(
    "typed",
    [
        lambda p: p.replace(" ", "\u00a0"),
        lambda p: p.replace(" ", "  "),
        lambda p: unicodedata.normalize("NFD", p),
        lambda p: p.upper(),
        lambda p: re.sub(r"[0-9]", lambda d: chr(ord(d[0]) + 0xFEE0), p),
        lambda p: f" {p}. " if p else p,
    ],
    ids=["NBSP", "two spaces", "NFD", "capitals", "full width", "full stop"],
)
def test_the_way_of_typing_changes_nothing(typed):
    holds_however_typed(typed)


def without_marks(phrase: str) -> str:
    return fold(unicodedata.normalize("NFKC", phrase))


def keeps_two_readings(phrase: str) -> bool:
    typed = without_marks(phrase)
    return "thang sau" in typed and "nam" not in typed and "hang" not in typed.split()


@for_each([e for e in READABLE if not keeps_two_readings(e.phrase)], lambda e: e.phrase)
def test_marks_may_be_missing_where_one_reading_remains(example):
    assert outcome(example, without_marks(example.phrase)) == example.answer


def later(text: str) -> str:
    return re.sub(r"(19|20)\d\d", lambda year: str(int(year[0]) + 1), text)


def a_year_later(phrase: str) -> str:
    return later(unicodedata.normalize("NFKC", phrase))


# Weeks, weekdays and February change from year to year; a phrase told from a day names no year.
NEXT_YEAR = [
    e
    for e in READABLE
    if e.due
    and not e.on
    and e.kind not in {"relative", "recurring"}
    and a_year_later(e.phrase) != e.phrase
    and not re.search(r"tuần|thứ|week|Fri|2020|29|tháng 2\b|tư, ngày", e.phrase, re.IGNORECASE)
]


@for_each(NEXT_YEAR, lambda e: e.phrase)
def test_a_year_later_in_the_phrase_is_a_year_later_in_the_days(example):
    typed = a_year_later(example.phrase)
    assert outcome(example, typed) == (example.kind, later(example.start), later(example.due))


@pytest.mark.parametrize(
    ("roman", "first", "last"), [("I", 1, 3), ("II", 4, 6), ("III", 7, 9), ("IV", 10, 12)]
)
def test_another_quarter_gives_its_own_days(roman, first, last):
    start, end = date(2018, first, 1), month_end(2018, last)
    number = last // 3
    for phrase in (f"quý {roman}-2018", f"quý {number} năm 2018", f"Q{number} 2018"):
        assert (read(phrase).start, read(phrase).due) == (start, end)
    assert read(f"hết quý {roman}/2018").due == end
    assert read(f"trước quý {roman}/2018").due == start - timedelta(days=1)


def only_refuses(phrase: str, on: date | None) -> None:
    refused = refusal(phrase, on)
    if refused:
        assert "{" not in str(refused) or "{" in phrase
        assert refused.suggestion is None or read(refused.suggestion, on=on) is not None


def refusal(phrase: str, on: date | None) -> Refused | None:
    try:
        read(phrase, on=on)
    except Refused as refused:
        return refused
    return None


@given(st.text(max_size=300), st.none() | DAYS)
@settings(max_examples=120, deadline=None)
def test_any_text_is_read_or_refused(phrase, on):
    only_refuses(phrase, on)


@given(st.lists(st.sampled_from(WORDS), max_size=14), st.none() | DAYS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_jumble_of_our_own_words_is_read_or_refused(words, on):
    only_refuses(" ".join(words), on)


@pytest.mark.parametrize(
    "piece",
    ["a", "1", "1-", "sau ", "hết ", ", ", " ", "\u0301", "ﷺ", "1/1/18 ", "đ", "{", "\x00", "18 "],
)
def test_ten_thousand_characters_are_answered_at_once(piece):
    phrase = (piece * 10_000)[:10_000]
    started = clock.process_time()
    with pytest.raises(Refused):
        read(phrase)
    assert clock.process_time() - started < 1
