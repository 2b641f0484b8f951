"""Cuts a phrase into words, numbers and signs, and tells which spelling a typed word may stand for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
STROKED_D = str.maketrans({"đ": "d", "ð": "d"})
ETH = str.maketrans({"ð": "đ", "Ð": "Đ"})
OTHER_DASHES = frozenset("\u2212\u2043\u02d7\u00ad")
SLASHES = frozenset("\u2044\u2215")
# "sau" is a whole word of its own: in a phrase typed with marks it never stands for "sáu".
COMPLETE_WITHOUT_MARKS = frozenset({"sau"})


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters, a run of digits or one sign, with its place in the text."""

    text: str
    key: str
    bare: str
    start: int
    end: int

    @property
    def marked(self) -> bool:
        return self.text != self.bare


@lru_cache(maxsize=4096)
def bare(word: str) -> str:
    """A word without its marks, đ as d."""
    decomposed = unicodedata.normalize("NFD", word.translate(STROKED_D))
    return "".join(ch for ch in decomposed if not unicodedata.combining(ch))


@lru_cache(maxsize=4096)
def toneless_key(word: str) -> str:
    """A word with its tone moved to the end, so that hoà and hòa are the same word."""
    decomposed = unicodedata.normalize("NFD", word.translate(ETH))
    tones = sorted(ch for ch in decomposed if ch in TONES)
    return "".join(ch for ch in decomposed if ch not in TONES) + "".join(tones)


def plain(phrase: str) -> str:
    """The phrase in NFKC, with one kind of dash, slash and space and nothing invisible."""
    return "".join(_plain_char(ch) for ch in unicodedata.normalize("NFKC", phrase)).strip()


def _plain_char(ch: str) -> str:
    if ch in OTHER_DASHES or unicodedata.category(ch) == "Pd":
        return "-"
    if ch in SLASHES:
        return "/"
    if ch.isspace():
        return " "
    return "" if unicodedata.category(ch) in {"Cf", "Cc"} else ch


def tokenise(text: str) -> tuple[Token, ...]:
    """The tokens of a plain text; only ASCII digits are digits."""
    return tuple(_token(text, start, end) for start, end in _runs(text))


def _runs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for at in range(1, len(text) + 1):
        kind = _kind(text[start])
        if at < len(text) and kind in {"letter", "digit"} and _kind(text[at]) == kind:
            continue
        if kind != "space":
            yield start, at
        start = at


def _kind(ch: str) -> str:
    if ch in "0123456789":
        return "digit"
    if ch.isalpha() or unicodedata.combining(ch):
        return "letter"
    return "space" if ch == " " else "sign"


def _token(text: str, start: int, end: int) -> Token:
    word = text[start:end].lower().translate(ETH)
    return Token(word, toneless_key(word), bare(word), start, end)


def may_stand_for(token: Token, word: str, *, marked_phrase: bool) -> bool:
    """Whether a typed word may mean that spelling; marks that are written decide."""
    if token.key == toneless_key(word):
        return True
    if token.marked or (marked_phrase and token.text in COMPLETE_WITHOUT_MARKS):
        return False
    return token.bare == bare(word)


def respell(text: str, tokens: Iterable[Token], changes: Mapping[int, str]) -> str:
    """The text with some tokens, given by their index, written otherwise."""
    out, done = [], 0
    for index, token in enumerate(tokens):
        if index in changes:
            out += [text[done : token.start], changes[index]]
            done = token.end
    return "".join(out) + text[done:]


def mentions(tokens: tuple[Token, ...], phrase: str) -> bool:
    """Whether a word, or words in a row, stand anywhere among the tokens."""
    words = phrase.split()
    starts = range(len(tokens) - len(words) + 1)
    return any(
        all(
            may_stand_for(tokens[at + n], word, marked_phrase=False) for n, word in enumerate(words)
        )
        for at in starts
    )
