"""The four-state grid: tasks counted by timeliness, the rates read from it, and how it folds up the forest of units."""

import enum
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from tracker.tasks.timeliness import Timeliness

ORDER = tuple(Timeliness)  # of the cells in a grid
_HUNDREDTH = Decimal("0.01")


class Part(enum.StrEnum):
    """What a number of a grid counts: one of its six cells, or several together."""

    ON_TIME = "on-time"
    LATE = "late"
    UNDATED = "undated"
    IN_TIME = "in-time"
    OVERDUE = "overdue"
    NO_DEADLINE = "no-deadline"
    DONE = "done"
    OPEN = "open"
    FELL_DUE = "fell-due"
    ALL = "all"


_T = Timeliness
_DONE = frozenset({_T.ON_TIME, _T.LATE, _T.UNDATED})
CELLS: Mapping[Part, frozenset[Timeliness]] = {
    **{Part(cell.value): frozenset({cell}) for cell in Timeliness},
    Part.DONE: _DONE,
    Part.OPEN: frozenset({_T.IN_TIME, _T.OVERDUE}),
    Part.FELL_DUE: _DONE | {_T.OVERDUE},
    Part.ALL: frozenset(Timeliness),
}

# Cells by their place in `ORDER`, as the queries know them: numbers sort faster than words.
PLACES = {part: tuple(n for n, c in enumerate(ORDER) if c in CELLS[part]) for part in Part}
(ON_TIME,), (LATE,), (UNDATED,), (IN_TIME,), (OVERDUE,), (NO_DEADLINE,) = (
    PLACES[Part(cell.value)] for cell in ORDER
)


class Grid(NamedTuple):
    """How many tasks stand in each cell, in the order of `ORDER`."""

    on_time: int = 0
    late: int = 0
    undated: int = 0
    in_time: int = 0
    overdue: int = 0
    no_deadline: int = 0

    @classmethod
    def of(cls, counts: Mapping[int, int]) -> "Grid":
        """Return the grid of these counts by place; what is not named is 0."""
        return cls(*(counts.get(place, 0) for place in range(len(ORDER))))

    def part(self, part: Part) -> int:
        """Return one number of the grid."""
        return sum(self[place] for place in PLACES[part])

    @property
    def total(self) -> int:
        """Return how many tasks there are in all."""
        return sum(self)


def added(grids: Iterable[Grid]) -> Grid:
    """Return the grid of all of them together."""
    return Grid(*(sum(cells) for cells in zip(Grid(), *grids, strict=True)))


# --- rates --------------------------------------------------------------------------------------------


class RateKind(enum.StrEnum):
    """What a rate says. Reports divide by different numbers, so each rate says by which."""

    OVERDUE = "overdue"
    DONE = "done"
    ON_TIME = "on-time"


RATES: Mapping[RateKind, tuple[Part, Part]] = {
    RateKind.OVERDUE: (Part.OVERDUE, Part.FELL_DUE),
    RateKind.DONE: (Part.DONE, Part.FELL_DUE),
    RateKind.ON_TIME: (Part.ON_TIME, Part.FELL_DUE),
}


class Rate(NamedTuple):
    """A part of what has fallen due: done (whenever), or overdue. Both its numbers stay with it."""

    kind: RateKind
    numerator: int
    denominator: int

    @property
    def percent(self) -> Decimal | None:
        """Return the rate in per cent with two places; nothing where nothing has fallen due."""
        if not self.denominator:
            return None
        share = Decimal(self.numerator * 100) / self.denominator
        return share.quantize(_HUNDREDTH, ROUND_HALF_UP)


def rate(grid: Grid, kind: RateKind) -> Rate:
    """Return a rate with its numerator and denominator."""
    over, under = RATES[kind]
    return Rate(kind, grid.part(over), grid.part(under))


# --- extensions ---------------------------------------------------------------------------------------


class Often(enum.StrEnum):
    """How often a deadline was moved to a later day."""

    ONCE = "1"
    TWICE = "2"
    MORE = "3-"


def often_of(slips: int) -> Often:
    """Return the row of the table in which so many extensions of one task are counted."""
    return {1: Often.ONCE, 2: Often.TWICE}.get(slips, Often.MORE)


class Slips(NamedTuple):
    """How many tasks were extended, and how often in all."""

    tasks: int = 0
    times: int = 0


def slipped(found: Iterable[Slips]) -> Slips:
    """Return the extensions of all of them together."""
    return Slips(*(sum(numbers) for numbers in zip(Slips(), *found, strict=True)))


# --- by unit ------------------------------------------------------------------------------------------


class Account(NamedTuple):
    """What a unit answers for: the tasks it leads, apart from them its parts of others' tasks, its extensions."""

    tasks: Grid = Grid()
    parts: Grid = Grid()
    slips: Slips = Slips()


class Branch(NamedTuple):
    """A row of the table by unit: a unit with all below it, or (`alone`) without.

    `folded`: what stands below it has no rows of its own.
    """

    unit_id: int
    depth: int
    account: Account
    alone: bool = False
    folded: bool = False


@dataclass(frozen=True)
class _Tree:
    """The units that have something to count: each one's own account, its branch's, and the units right below it."""

    own: Mapping[int, Account]
    whole: Mapping[int, Account]
    below: Mapping[int | None, Sequence[int]]

    def expanded(self, unit_id: int, depth: int) -> list[Branch]:
        """Return what a unit is made of: itself alone, if it leads anything, and the units right below it."""
        own = [self.own[unit_id]] if unit_id in self.own else []
        alone = [Branch(unit_id, depth, account, alone=True) for account in own]
        return alone + [self.branch(child, depth) for child in self.below[unit_id]]

    def branch(self, unit_id: int, depth: int) -> Branch:
        """Return the row of a unit; where it only stands above one other, that one's."""
        while unit_id not in self.own and len(self.below[unit_id]) == 1:
            (unit_id,) = self.below[unit_id]
        return Branch(unit_id, depth, self.whole[unit_id], folded=bool(self.below.get(unit_id)))


def fold(
    own: Mapping[int, Account], forest: Iterable[tuple[int, str]], most: int = 60
) -> list[Branch]:
    """Return the rows of a table by unit: each with its whole branch, level by level as long as `most` rows do.

    `forest` holds id and path of every unit, siblings in their order. The rows of each level add up.
    """
    tree = _tree(own, forest)
    rows = [tree.branch(unit_id, 0) for unit_id in tree.below[None]]
    while len(rows) == 1 and rows[0].folded:
        rows = tree.expanded(rows[0].unit_id, 0)
    while (deeper := _deeper(tree, rows)) != rows and len(deeper) <= most:
        rows = deeper
    return rows


def _deeper(tree: _Tree, rows: Sequence[Branch]) -> list[Branch]:
    found: list[Branch] = []
    for row in rows:
        found.append(row._replace(folded=False))
        if row.folded:
            found += tree.expanded(row.unit_id, row.depth + 1)
    return found


def _tree(own: Mapping[int, Account], forest: Iterable[tuple[int, str]]) -> _Tree:
    paths = {unit_id: [int(part) for part in path.split("/") if part] for unit_id, path in forest}
    sums: dict[int, list[Account]] = defaultdict(list)
    for unit_id, account in own.items():
        for above in paths[unit_id]:
            sums[above].append(account)
    below: dict[int | None, list[int]] = defaultdict(list)
    for unit_id in paths:
        if unit_id in sums:
            below[paths[unit_id][-2] if len(paths[unit_id]) > 1 else None].append(unit_id)
    return _Tree(own, {unit_id: _together(accounts) for unit_id, accounts in sums.items()}, below)


def _together(accounts: Iterable[Account]) -> Account:
    tasks, parts, slips = zip(*accounts, strict=True)
    return Account(added(tasks), added(parts), slipped(slips))


# --- how long ------------------------------------------------------------------------------------------


class Age(enum.StrEnum):
    """For how many working days something has been overdue, or waits."""

    NONE = "0"
    FEW = "1-3"
    WEEK = "4-7"
    WEEKS = "8-15"
    MORE = "16-"


_UP_TO = ((0, Age.NONE), (3, Age.FEW), (7, Age.WEEK), (15, Age.WEEKS))


def age_of(working_days: int) -> Age:
    """Return the row of the table in which so many working days are counted."""
    return next((age for most, age in _UP_TO if working_days <= most), Age.MORE)


def aged(days: Iterable[tuple[int, int]]) -> tuple[tuple[Age, int], ...]:
    """Return how many there are of each age, given working days and numbers; the first row only where it has any."""
    counts: dict[Age, int] = defaultdict(int)
    for working_days, number in days:
        counts[age_of(working_days)] += number
    return tuple((age, counts[age]) for age in Age if counts[age] or age is not Age.NONE)
