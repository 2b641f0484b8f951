"""Reads a deadline as officials write it, in Vietnamese or English, or says why it cannot."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from tracker.deadlines import repairs
from tracker.deadlines.calendar import VIETNAM, Calendar
from tracker.deadlines.context import EXAMPLE_YEAR, Context, running
from tracker.deadlines.cycles import Cycle, Round
from tracker.deadlines.grammar import GRAMMAR, Match
from tracker.deadlines.readings import Finding, Kind, Note, Reading, notes_on
from tracker.deadlines.recurrences import Every
from tracker.deadlines.refusals import LIFTED_BY_CONTEXT, Refused, Trouble, shortened
from tracker.deadlines.sentences import ROOT
from tracker.deadlines.statements import Hopeless, Statement
from tracker.deadlines.words import Token, mentions, plain, respell, tokenise
from tracker.deadlines.writing import worded, write, write_day, write_period

__all__ = ["Cycle", "Kind", "Note", "Reading", "Refused", "Round", "cycle_of", "read", "write"]

LONGEST_TYPED = 1000
LONGEST = 200
MOST_TOKENS = 90
AROUND = " .,;:!…“”\"'()[]"
STEMS = ("giáp", "ất", "bính", "đinh", "mậu", "kỷ", "canh", "tân", "nhâm", "quý")
BRANCHES = ("tý", "sửu", "dần", "mão", "thìn", "tỵ", "ngọ", "mùi", "thân", "dậu", "tuất", "hợi")
LUNAR_YEARS = {f"{stem} {branch}" for stem in STEMS for branch in BRANCHES}
LUNAR = {"tết", "giêng", "chạp", "âm lịch", "nguyên đán", "rằm", "lunar", *LUNAR_YEARS}
TERMS = {"khóa", "nhiệm kỳ", "nhiệm kì", "term", "congress", "đại hội"}
FISCAL = {"fy", "fiscal", "tài chính", "niên độ", "ngân sách", "tài khóa"}


@dataclass(frozen=True)
class _Phrase:
    """A phrase as typed, as one plain text, and cut into tokens."""

    typed: str
    text: str
    tokens: tuple[Token, ...]


def read(
    phrase: str,
    *,
    on: date | None = None,
    lang: str = "vi",
    calendar: Calendar = VIETNAM,
    before_is_exclusive: bool = True,
) -> Reading:
    """Read a deadline.

    Args:
        phrase: the words as typed, in either language.
        on: the day of the plan or document, from which missing years and "this month" are told.
        lang: the language of suggestions.
        calendar: the days off of the organisation.
        before_is_exclusive: whether "trước ngày X" leaves X out.

    Raises:
        Refused: the only exception, for any text.
    """
    ctx = Context(on, lang, calendar, before_is_exclusive)
    prepared = _prepare(phrase)
    try:
        found = _find(prepared, ctx)
    except Trouble as trouble:
        raise _explained(trouble, prepared, ctx) from None
    notes = notes_on(prepared.typed, found, ctx)
    return Reading(prepared.typed, found.kind, found.start, found.due, found.hour, notes)


def _prepare(phrase: str) -> _Phrase:
    typed = phrase.strip()
    if len(typed) > LONGEST_TYPED:
        raise Refused("other", {"phrase": shortened(typed)})
    typed = unicodedata.normalize("NFC", typed)
    text = plain(typed).strip(AROUND)
    if not text:
        raise Refused("empty", {})
    tokens = tokenise(text)
    if len(tokens) <= MOST_TOKENS and GRAMMAR.says_nothing(tokens):
        raise Refused("empty", {})
    if max(len(typed), len(text)) > LONGEST or len(tokens) > MOST_TOKENS:
        raise Refused("other", {"phrase": shortened(typed)})
    return _Phrase(typed, text, tokens)


def cycle_of(phrase: str, *, before_is_exclusive: bool = True) -> Cycle | None:
    """The cycle of a duty that comes round; None where the phrase is read as anything else, or not at all."""
    ctx = Context(before_is_exclusive=before_is_exclusive)
    try:
        best = _best(_prepare(phrase), ctx)
    except (Trouble, Refused):
        return None
    said = best.statement if isinstance(best.outcome, Finding) else None
    return Cycle(said, ctx) if isinstance(said, Every) and said.step != "day" else None


def _find(phrase: _Phrase, ctx: Context) -> Finding:
    """The one reading; of several spellings of unmarked words only one may make sense."""
    best = _best(phrase, ctx)
    if isinstance(best.outcome, Trouble):
        raise best.outcome
    return best.outcome


def _best(phrase: _Phrase, ctx: Context) -> _Way:
    ways = [_try(spelling, ways, ctx) for spelling, ways in _by_spelling(phrase).items()]
    sound = _distinct(way for way in ways if way.is_sound)
    if len(sound) > 1:
        one, other = (respell(phrase.text, phrase.tokens, dict(way.spelling)) for way in sound[:2])
        raise Trouble("marks", one=one, other=other)
    best = next(iter([*sound, *ways]), None)
    if best is None:
        raise Trouble("other")
    return best


@dataclass(frozen=True)
class _Way:
    """One spelling of a phrase, what it says and what comes of it."""

    spelling: tuple[tuple[int, str], ...]
    statement: Statement
    outcome: Finding | Trouble

    @property
    def is_sound(self) -> bool:
        if isinstance(self.outcome, Finding):
            return True
        return self.outcome.key in LIFTED_BY_CONTEXT and not isinstance(self.statement, Hopeless)


def _by_spelling(phrase: _Phrase) -> Mapping[tuple[tuple[int, str], ...], list[Statement]]:
    found: dict[tuple[tuple[int, str], ...], list[Statement]] = {}
    matches: list[Match] = GRAMMAR.readings(phrase.tokens, ROOT)
    for match in matches:
        if isinstance(match.value, Statement):
            found.setdefault(match.changes, []).append(match.value)
    return found


def _try(spelling: tuple[tuple[int, str], ...], statements: list[Statement], ctx: Context) -> _Way:
    """The first statement that works out, else the first that would with a context, else the first."""
    ways = [_Way(spelling, statement, _outcome(statement, ctx)) for statement in statements]
    worked = [way for way in ways if isinstance(way.outcome, Finding)]
    return next(iter([*worked, *(way for way in ways if way.is_sound), *ways]))


def _outcome(statement: Statement, ctx: Context) -> Finding | Trouble:
    try:
        return statement.find(ctx)
    except Trouble as trouble:
        return trouble
    except (OverflowError, ValueError):
        return Trouble("other")


def _distinct(ways: Iterable[_Way]) -> list[_Way]:
    return list({way.statement: way for way in reversed(list(ways))}.values())[::-1]


# --- why not, and what instead -------------------------------------------------------------------


def _explained(trouble: Trouble, phrase: _Phrase, ctx: Context) -> Refused:
    """The refusal, with a suggestion that reads where there is one."""
    if trouble.key in {"other", "month", "no_day"}:
        known = _known_words(phrase, ctx)
        if known:
            return known
    short = len(phrase.tokens) <= repairs.MOST_TOKENS
    if short and trouble.key in {"other", "month", "no_quarter", "count_from", "as_of"}:
        repaired = _repaired(phrase, ctx)
        if repaired:
            return repaired
    values = {name: worded(value, ctx.lang) for name, value in trouble.values.items()}
    values["phrase"] = shortened(phrase.typed)
    return _finished(trouble.key, values, phrase, ctx)


def _finished(key: str, values: dict[str, Any], phrase: _Phrase, ctx: Context) -> Refused:
    if key == "no_day":
        return _no_day(values, ctx)
    candidates = {
        "quarter": lambda: [
            *repairs.quarters(phrase.text, phrase.tokens),
            _example("quarter", ctx),
        ],
        "no_quarter": lambda: [
            *repairs.numbered_quarters(phrase.text, phrase.tokens, _year(ctx)),
            _example("quarter", ctx),
        ],
        "no_year": lambda: [
            *repairs.with_year(phrase.text, phrase.tokens, _year(ctx)),
            _example("day", ctx),
        ],
        "no_context": lambda: [_example(str(values.pop("unit")), ctx)],
    }.get(key)
    suggestion = _first_readable(candidates(), ctx) if candidates else None
    return Refused(key, values, suggestion=suggestion)


def _no_day(values: dict[str, Any], ctx: Context) -> Refused:
    start, end = values["period"]
    period = write_period(start, end, ctx.lang)
    suggestion = _first_readable([f"{'hết' if ctx.lang == 'vi' else 'end of'} {period}"], ctx)
    return Refused("no_day", {**values, "period": period}, suggestion=suggestion)


def _year(ctx: Context) -> int:
    return ctx.on.year if ctx.on else EXAMPLE_YEAR


def _example(unit: str, ctx: Context) -> str:
    day = date(_year(ctx), 3, 31)
    return (
        write_day(day, ctx.lang) if unit == "day" else write_period(*running(unit, day), ctx.lang)
    )


def _first_readable(candidates: Iterable[str], ctx: Context) -> str | None:
    return next((p for p in islice(candidates, repairs.MOST_TRIED) if _reads(p, ctx)), None)


def _reads(phrase: str, ctx: Context) -> bool:
    """Whether a suggestion would be accepted, and not for words that may be anything."""
    try:
        found = _find(_prepare(phrase), ctx)
    except (Trouble, Refused):
        return False
    return found.kind not in {Kind.EVENT, Kind.ON_DEMAND}


def _known_words(phrase: _Phrase, ctx: Context) -> Refused | None:
    """A refusal that one word decides, whatever surrounds it."""
    if _mentions(phrase, LUNAR):
        return _lunar(phrase, ctx)
    if _mentions(phrase, FISCAL):
        return Refused("fiscal_year", {})
    return Refused("term", {}) if _mentions(phrase, TERMS) else None


def _mentions(phrase: _Phrase, words: Iterable[str]) -> bool:
    return any(mentions(phrase.tokens, word) for word in words)


def _lunar(phrase: _Phrase, ctx: Context) -> Refused:
    written = (int(t.text) for t in phrase.tokens if t.text.isdecimal() and len(t.text) == 4)  # noqa: PLR2004
    year = next((year for year in written if 1990 <= year <= 2100), _year(ctx))  # noqa: PLR2004
    day = ctx.calendar.last_working_before_tet(year)
    return Refused("lunar", {"year": year}, suggestion=write_day(day, ctx.lang))


def _repaired(phrase: _Phrase, ctx: Context) -> Refused | None:
    for key, candidates in _repairs(phrase):
        suggestion = _first_readable(candidates, ctx)
        if suggestion:
            return Refused(key, {"phrase": shortened(phrase.typed)}, suggestion=suggestion)
    return None


def _repairs(phrase: _Phrase) -> Iterator[tuple[str, Iterator[str]]]:
    text, tokens = phrase.text, phrase.tokens
    if repairs.is_lookalike(tokens):
        yield "quarter", repairs.quarters(text, tokens)
    yield "short_year", repairs.full_years(text, tokens)
    yield "order", repairs.swapped(text, tokens)
