"""In which order what was found stands, and which of its letters were looked for."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from tracker.text import fold

T = TypeVar("T")


class Bit(NamedTuple):
    """A stretch of a text; `is_hit`: it was looked for."""

    text: str
    is_hit: bool


def rank(title: str, words: str) -> tuple[int, int, int]:
    """Return how well a title fits, the best the least: accents kept before left out, a beginning before inside."""
    plain, wanted = title.casefold(), words.casefold()
    exact = plain.find(wanted)
    if exact >= 0:
        return 0, _place(plain, exact), len(title)
    folded, bare = fold(title), fold(words)
    at = folded.find(bare)
    return (1, _place(folded, at), len(title)) if at >= 0 else (2, 0, len(title))


def _place(text: str, at: int) -> int:
    if at == 0:
        return 0
    return 1 if not text[at - 1].isalnum() else 2


def best(found: Iterable[tuple[str, T]], words: str, most: int) -> list[T]:
    """Return the things whose titles fit best."""
    ordered = sorted(found, key=lambda pair: rank(pair[0], words))
    return [thing for _title, thing in ordered[:most]]


def bits(title: str, words: Sequence[str]) -> list[Bit]:
    """Cut a title into what was looked for and what was not; letters fold one by one, so that places agree."""
    folded = "".join(_letter(char) for char in title)
    wanted = [re.escape(word) for word in sorted(words, key=len, reverse=True) if word]
    if not wanted or len(folded) != len(title):
        return [Bit(title, is_hit=False)]
    found: list[Bit] = []
    end = 0
    for match in re.finditer("|".join(wanted), folded):
        found.append(Bit(title[end : match.start()], is_hit=False))
        found.append(Bit(title[match.start() : match.end()], is_hit=True))
        end = match.end()
    found.append(Bit(title[end:], is_hit=False))
    return [bit for bit in found if bit.text]


def _letter(char: str) -> str:
    """Return a letter without its marks; what is no single letter then stays as it is."""
    bare = fold(char)
    return bare if len(bare) == 1 else char
