"""Readings along time: what stood when, and what parts add up to as each of their days ends."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Point(NamedTuple):
    """A figure counted on a day. `is_struck`: it was put right since."""

    on: date
    value: Decimal
    is_struck: bool = False


class Sum(NamedTuple):
    """What the parts add up to at the end of a day, and how many of them have a figure by then."""

    on: date
    value: Decimal
    known: int


def rolled_up(parts: Sequence[Iterable[Point]]) -> list[Sum]:
    """Return the sum of the parts for each day on which one of them was counted, the earliest first.

    A part counts with its newest figure; before its first it is not known, and adds nothing.
    """
    told = sorted((p.on, n, p.value) for n, part in enumerate(parts) for p in _valid(part))
    standing: dict[int, Decimal] = {}
    found: dict[date, Sum] = {}
    for on, number, value in told:
        standing[number] = value
        found[on] = Sum(on, sum(standing.values(), Decimal()), len(standing))
    return list(found.values())


def _valid(part: Iterable[Point]) -> Collection[Point]:
    """Return what still holds of a part, of each day only the last word."""
    return {point.on: point for point in part if not point.is_struck}.values()
