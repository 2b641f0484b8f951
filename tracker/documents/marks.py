"""The marks that Vietnamese papers put before their clauses: which they are, what they number, how they rank."""

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache


class Rank(enum.IntEnum):
    """How marks stand one below the other, the outermost first."""

    PART = 1
    CHAPTER = 2
    SECTION = 3
    SUBSECTION = 4
    ARTICLE = 5
    CAPITAL = 6
    ROMAN = 7
    NUMBER = 8
    SECOND = 9  # 1.1
    THIRD = 10  # 1.1.1 and what is longer
    LETTER = 11
    LESSER = 12  # a.1)
    SMALL_ROMAN = 13
    DASH = 14
    PLUS = 15


@dataclass(frozen=True)
class Found:
    """A mark that opens a clause, what it numbers, and the words after it."""

    rank: Rank
    mark: str
    value: str
    words: str = ""


_NAMED = {
    "phần": Rank.PART,
    "chương": Rank.CHAPTER,
    "mục": Rank.SECTION,
    "tiểu mục": Rank.SUBSECTION,
    "điều": Rank.ARTICLE,
}
_ORDINALS = r"thứ (?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)"
# A name with its number, then a stop, nothing at all, or a title in capitals: not "Điều 4 của Luật này".
_NAME = re.compile(
    rf"(?P<name>phần|chương|tiểu mục|mục|điều) (?P<value>[ivxl]+|\d{{1,3}}[a-zđ]?|{_ORDINALS})"
    r"(?P<stop>\s*[.:\-–]|(?=\s|$))\s*(?P<words>.*)",
    re.IGNORECASE,
)
_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
_DASHES = "-–—•*●▪"
_PATTERNS: tuple[tuple[Rank, re.Pattern[str]], ...] = (
    (Rank.ROMAN, re.compile(r"(?P<value>[IVX]{1,6})\s?[.\-–/)]\s*(?P<words>\S.*)?$")),
    (Rank.CAPITAL, re.compile(r"(?P<value>[A-HĐ])\s?[.\-–/)]\s+(?P<words>\S.*)?$")),
    (Rank.THIRD, re.compile(r"(?P<value>\d{1,2}(?:\.\d{1,2}){2,4})[.\-–)]?\s+(?P<words>\S.*)")),
    (Rank.SECOND, re.compile(r"(?P<value>\d{1,2}\.\d{1,2})[.\-–)]?\s+(?P<words>\S.*)")),
    (Rank.NUMBER, re.compile(r"\(?(?P<value>\d{1,3})\s?[.\-–/)]\s*(?P<words>(?!\d)\S.*)?$")),
    (Rank.LESSER, re.compile(rf"\(?(?P<value>[{_LETTERS}]\.?\d{{1,2}})[.)]\s*(?P<words>\S.*)?$")),
    (Rank.SMALL_ROMAN, re.compile(r"\(?(?P<value>i{1,3}|iv|vi{0,3}|ix|x)\)\s*(?P<words>\S.*)?$")),
    (Rank.LETTER, re.compile(rf"\(?(?P<value>[{_LETTERS}])\s?[.)/]\s*(?P<words>\S.*)?$")),
    (Rank.DASH, re.compile(rf"(?P<value>[{re.escape(_DASHES)}])\s*(?P<words>[^\W\d_].*|[“\"(].*)")),
    (Rank.PLUS, re.compile(r"(?P<value>\+)\s*(?P<words>\S.*)")),
)
_COUNTED = frozenset({Rank.NUMBER, Rank.SECOND, Rank.THIRD})
_MOST_MISSING = 3  # numbers that may be left out between two


def mark_of(line: str, open_: Sequence[Found], *, goes_on: bool) -> Found | None:
    """Return the mark with which a line opens a clause, nothing where it opens none.

    `open_` are the clauses that are open, the outermost first; `goes_on`: the sentence before has not ended, so that a
    number may belong to it.
    """
    named = _by_name(line)
    if named:
        return named
    found = [*_read(line)]
    fitting = (one for one in found if _fits(one, open_, goes_on=goes_on))
    return next(fitting, None)


def read_mark(mark: str | None) -> Found | None:
    """Return what a mark by itself numbers, as somebody has typed it."""
    return _read_mark(" ".join(mark.split())) if mark else None


@lru_cache(maxsize=4096)
def _read_mark(mark: str) -> Found | None:
    bare = mark if mark[-1] in f".):/{_DASHES}+" else f"{mark}."
    return _by_name(mark) or next((one for one in _read(f"{bare} x")), None)


def _by_name(line: str) -> Found | None:
    match = _NAME.match(line)
    if match is None or not line[0].isupper():
        return None
    words = match["words"]
    if not match["stop"].strip() and words and not _is_title(words):
        return None
    rank = _NAMED[match["name"].lower()]
    mark = line[: match.start("words")].strip() if words else line.strip()
    return Found(rank, mark, match["value"], words)


def _is_title(words: str) -> bool:
    """Tell whether words stand in capitals, as titles do."""
    return words.isupper() and len(words) > 1


def _read(line: str) -> list[Found]:
    found = []
    for rank, pattern in _PATTERNS:
        match = pattern.match(line)
        if match:
            words = match["words"] or ""
            mark = line[: match.start("words")].strip() if words else line.strip()
            found.append(Found(rank, mark, match["value"], words))
    return found


def _fits(found: Found, open_: Sequence[Found], *, goes_on: bool) -> bool:
    """Tell whether a mark is the next of its kind here, or the first."""
    before = next((one for one in reversed(open_) if one.rank is found.rank), None)
    if found.rank is Rank.SMALL_ROMAN:
        return before is not None or (found.value == "i" and not _is_letter(found, open_))
    if found.rank is Rank.CAPITAL:
        return before is not None or found.value == "A"
    if found.rank in {Rank.SECOND, Rank.THIRD}:
        return _is_below(found, open_) or not (goes_on or before)
    if found.rank is Rank.NUMBER:
        return _counts_on(int(found.value), before, goes_on=goes_on)
    return not (found.rank is Rank.ROMAN and goes_on and before is None and found.value != "I")


def _counts_on(value: int, before: Found | None, *, goes_on: bool) -> bool:
    if value == 1:
        return True
    if before is None:
        return not goes_on
    return 0 < value - int(before.value) <= _MOST_MISSING


def _is_below(found: Found, open_: Sequence[Found]) -> bool:
    """Tell whether 2.1 stands below an open 2, or after an open 1.4."""
    above, _dot, last = found.value.rpartition(".")
    for one in reversed(open_):
        if one.rank in _COUNTED and one.value == above:
            return True
        if one.rank is found.rank:
            left, _point, number = one.value.rpartition(".")
            return (left == above and 0 < int(last) - int(number) <= _MOST_MISSING) or int(
                last
            ) == 1
    return False


def _is_letter(found: Found, open_: Sequence[Found]) -> bool:
    """Tell whether i) is the letter after h)."""
    before = next((one for one in reversed(open_) if one.rank is Rank.LETTER), None)
    return before is not None and before.value in "gh" and found.value == "i"
