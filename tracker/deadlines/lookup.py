"""Finds the words of the lexicon in a phrase, with the marks a typist may have left out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from tracker.deadlines.calendar import FIRST_YEAR, LAST_YEAR
from tracker.deadlines.lexicon import KEYWORDS, NOISE, VALUES
from tracker.deadlines.words import Token, bare, may_stand_for


@dataclass(frozen=True, slots=True)
class Entry:
    """One spelling of a symbol, word by word."""

    symbol: str
    words: tuple[str, ...]
    value: object = None


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found at a token: where it ends, and the words spelled otherwise than typed."""

    symbol: str
    end: int
    value: object
    respelled: tuple[tuple[int, str], ...] = ()


def _entries() -> list[Entry]:
    found = [Entry("NOISE", tuple(words.split())) for words in NOISE.split("|")]
    for symbol, listed in KEYWORDS.items():
        found += [Entry(symbol, tuple(words.split())) for words in listed.split("|")]
    for symbol, meanings in VALUES.items():
        for listed, value in meanings.items():
            found += [Entry(symbol, tuple(words.split()), value) for words in listed.split("|")]
    return found


def _by_first_word() -> dict[str, list[Entry]]:
    index: dict[str, list[Entry]] = defaultdict(list)
    for entry in _entries():
        index[bare(entry.words[0])].append(entry)
    return dict(index)


INDEX = _by_first_word()


def hits_at(tokens: tuple[Token, ...], at: int, *, marked_phrase: bool) -> list[Hit]:
    """Everything the lexicon knows to begin at one token."""
    token = tokens[at]
    found = _number_hits(token, at) if token.text.isdecimal() else []
    for entry in INDEX.get(token.bare, ()):
        hit = _hit(entry, tokens, at, marked_phrase=marked_phrase)
        if hit:
            found.append(hit)
    return found


def _hit(entry: Entry, tokens: tuple[Token, ...], at: int, *, marked_phrase: bool) -> Hit | None:
    typed = tokens[at : at + len(entry.words)]
    if len(typed) < len(entry.words):
        return None
    pairs = list(zip(typed, entry.words, strict=True))
    if not all(may_stand_for(t, w, marked_phrase=marked_phrase) for t, w in pairs):
        return None
    changed = tuple((at + n, w) for n, (t, w) in enumerate(pairs) if not t.marked and w != t.text)
    return Hit(entry.symbol, at + len(pairs), entry.value, changed)


def _number_hits(token: Token, at: int) -> list[Hit]:
    value = int(token.text)
    if len(token.text) <= 3:  # noqa: PLR2004 - four digits are a year, never a count
        return [Hit("digits", at + 1, value)]
    is_year = len(token.text) == 4 and FIRST_YEAR <= value <= LAST_YEAR  # noqa: PLR2004
    return [Hit("year4", at + 1, value)] if is_year else []
