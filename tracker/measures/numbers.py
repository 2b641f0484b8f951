"""Numbers and percentages as officials type them: 1.395 is more than a thousand, 1,5 is one and a half."""

import re
from decimal import Decimal
from typing import Any, NamedTuple

from tracker.text import N_, fold

MOST = Decimal(10) ** 12
_PLACES = 3
_VIETNAMESE = re.compile(r"(?P<whole>\d+|\d{1,3}(?:\.\d{3})+)(?:,(?P<part>\d+))?$")
_ENGLISH = re.compile(r"(?P<whole>\d+|\d{1,3}(?:,\d{3})+)(?:\.(?P<part>\d+))?$")
_POINT = re.compile(r"(\d+)\.(\d+)$")
NOT_A_NUMBER = N_("This is no number: {typed}. Write for example 1.395 or 1,5.")
A_POINT = N_(
    "Is {meant} meant? A decimal is written with a comma; a point groups thousands: 1.395."
)
TOO_LARGE = N_("This number is too large.")
TOO_FINE = N_("At most three places after the comma are kept.")
NO_PERCENT = N_("This is no percentage: {typed}. Write for example “trên 124%” or “95,5%”.")


class NotANumber(ValueError):
    """What was typed is no number; `message` says why, with `values` to be filled in."""

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message.format(**values))
        self.message: str = message
        self.values = values


def read_number(typed: str, lang: str = "vi") -> Decimal:
    """Return a number of nought or more. Raises NotANumber.

    In Vietnamese a point groups thousands and a comma stands before decimals; in English it is the other way round.
    """
    bare = re.sub(r"[\s\u00a0\u202f]", "", typed)
    match = (_ENGLISH if lang == "en" else _VIETNAMESE).match(bare)
    if match is None:
        raise _refused(typed.strip(), bare, lang)
    part = match["part"] or ""
    if len(part.rstrip("0")) > _PLACES:
        raise NotANumber(TOO_FINE)
    value = Decimal(f"{re.sub('[.,]', '', match['whole'])}.{part or 0}")
    if value >= MOST:
        raise NotANumber(TOO_LARGE)
    return value


def _refused(typed: str, bare: str, lang: str) -> NotANumber:
    pointed = _POINT.match(bare)
    if pointed and lang != "en":
        return NotANumber(A_POINT, meant=f"{pointed[1]},{pointed[2]}")
    return NotANumber(NOT_A_NUMBER, typed=typed[:40])


# --- percentages ------------------------------------------------------------------------------------


class Percentage(NamedTuple):
    """A percentage in its words, with the bounds they state (exclusive); a plain or a rough one has none."""

    words: str
    over: Decimal | None = None
    under: Decimal | None = None


_OVER = ("tren", "hon", "vuot", "qua", "over", "above", "more than")
_UNDER = (
    "duoi",
    "gan",
    "chua den",
    "chua toi",
    "chua du",
    "under",
    "below",
    "less than",
    "nearly",
    "almost",
)
_PERCENT = re.compile(r"(?P<how>[^\d]*?)\s*(?P<number>\d[\d.,]*)\s?%\s*$")


def read_percentage(typed: str, lang: str = "vi") -> Percentage:
    """Return a percentage with what it states: "trên 124%" is over 124, "gần 90%" under 90, "khoảng 80%" neither.

    Raises NotANumber.
    """
    words = " ".join(typed.split())
    match = _PERCENT.match(words)
    if match is None:
        raise NotANumber(NO_PERCENT, typed=words[:40])
    number = read_number(match["number"], lang)
    how = f" {fold(match['how'])} "
    if any(f" {word} " in how for word in _UNDER):
        return Percentage(words, under=number)
    if any(f" {word} " in how for word in _OVER) and " khong " not in how:
        return Percentage(words, over=number)
    return Percentage(words)
