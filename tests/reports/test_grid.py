"""The grid as arithmetic: cells, rates with both numbers, folding up the forest, ages, the days of a trend."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tracker.reports.chart import Point, Step, chart, ends_before
from tracker.reports.grid import (
    Account,
    Age,
    Branch,
    Grid,
    Part,
    RateKind,
    Slips,
    added,
    age_of,
    aged,
    fold,
    rate,
)

REPORT_1270 = Grid(on_time=14_068, late=1_983, in_time=5_640, overdue=223)
grids = st.builds(Grid, *[st.integers(0, 50)] * 6)
extensions = st.builds(Slips, st.integers(0, 9), st.integers(0, 20))
# A forest as the units hold it: each unit below an earlier one, or a root; id -> path.
forests = st.lists(st.none() | st.integers(0, 30), min_size=1, max_size=30).map(
    lambda parents: planted([p % n if n and p is not None else None for n, p in enumerate(parents)])
)


def planted(parents: list[int | None]) -> list[tuple[int, str]]:
    paths: list[str] = []
    for number, parent in enumerate(parents, 1):
        paths.append(f"{'/' if parent is None else paths[parent]}{number}/")
    return list(enumerate(paths, 1))


def test_the_government_s_report_is_counted_as_it_was_printed():
    assert REPORT_1270.total == 21_914
    assert REPORT_1270.part(Part.DONE) == 16_051
    assert REPORT_1270.part(Part.OPEN) == 5_863
    printed = {kind: rate(REPORT_1270, kind) for kind in RateKind}
    assert printed[RateKind.OVERDUE] == (RateKind.OVERDUE, 223, 16_274)
    assert printed[RateKind.DONE] == (RateKind.DONE, 16_051, 16_274)
    assert printed[RateKind.ON_TIME] == (RateKind.ON_TIME, 14_068, 16_274)
    percents = {kind.value: str(found.percent) for kind, found in printed.items()}
    assert percents == {"overdue": "1.37", "done": "98.63", "on-time": "86.44"}


@given(grids)
def test_the_cells_add_up_and_what_is_undated_is_done_but_never_on_time(grid: Grid):
    done, open_ = grid.part(Part.DONE), grid.part(Part.OPEN)
    assert grid.part(Part.ALL) == done + open_ + grid.no_deadline == sum(grid)
    assert grid.part(Part.FELL_DUE) == done + grid.overdue
    assert rate(grid, RateKind.ON_TIME).numerator == done - grid.late - grid.undated


def test_nothing_is_divided_where_nothing_has_fallen_due():
    assert rate(Grid(in_time=3, no_deadline=2), RateKind.DONE).percent is None
    assert rate(Grid(on_time=1), RateKind.ON_TIME).percent == Decimal("100.00")


@given(forests, st.data(), st.integers(1, 60))
def test_the_rows_of_each_level_of_the_forest_add_up_to_the_level_above(forest, data, most):
    ids = [unit_id for unit_id, _path in forest]
    some = st.builds(Account, grids.filter(lambda grid: grid.total > 0), grids, extensions)
    own = data.draw(st.dictionaries(st.sampled_from(ids), some, min_size=1))
    rows = fold(own, forest, most)
    first = [row.account for row in rows if row.depth == 0]
    assert sums(first) == sums(own.values())
    assert all(row.account.tasks.total for row in rows)
    for place, row in enumerate(rows):
        below = directly_below(rows[place + 1 :], row.depth)
        if below:
            assert sums(r.account for r in below) == row.account
    shown = [(row.unit_id, row.alone) for row in rows]
    assert len(shown) == len(set(shown))


def sums(accounts) -> Account:
    tasks, parts, slips = zip(*accounts, strict=True)
    return Account(added(tasks), added(parts), Slips(*map(sum, zip(*slips, strict=True))))


def directly_below(rows: list[Branch], depth: int) -> list[Branch]:
    found = []
    for row in rows:
        if row.depth <= depth:
            break
        found += [row] if row.depth == depth + 1 else []
    return found


def test_a_unit_that_only_stands_above_another_has_no_row_and_a_deep_forest_is_folded():
    forest = [
        (1, "/1/"),
        (2, "/1/2/"),
        (3, "/1/2/3/"),
        (4, "/1/2/4/"),
        (5, "/1/2/4/5/"),
        (6, "/1/2/4/6/"),
    ]
    one = Account(Grid(in_time=1), Grid(overdue=2))
    rows = fold({3: one, 5: one, 6: one}, forest, most=3)
    assert [(r.unit_id, r.depth, r.account.parts.overdue, r.folded) for r in rows] == [
        (3, 0, 2, False),
        (4, 0, 4, True),
    ]
    own = fold({4: one, 5: one}, forest)
    assert [(r.unit_id, r.alone) for r in own] == [(4, True), (5, False)]


def test_working_days_are_gathered_into_four_ages_and_one_for_rest_days_alone():
    assert [age_of(n) for n in (0, 1, 3, 4, 7, 8, 15, 16, 400)] == [
        Age.NONE, Age.FEW, Age.FEW, Age.WEEK, Age.WEEK, Age.WEEKS, Age.WEEKS, Age.MORE, Age.MORE,
    ]  # fmt: skip
    found = aged([(2, 5), (3, 1), (20, 2)])
    assert found == ((Age.FEW, 6), (Age.WEEK, 0), (Age.WEEKS, 0), (Age.MORE, 2))
    assert aged([(0, 1)])[0] == (Age.NONE, 1)


def test_a_trend_looks_back_to_the_ends_of_months_and_quarters():
    day = date(2018, 4, 10)
    assert [d.isoformat() for d in ends_before(day, Step.MONTH)] == [
        "2017-11-30", "2017-12-31", "2018-01-31", "2018-02-28", "2018-03-31",
    ]  # fmt: skip
    assert [d.isoformat() for d in ends_before(day, Step.QUARTER)] == [
        "2017-06-30", "2017-09-30", "2017-12-31", "2018-03-31",
    ]  # fmt: skip
    assert ends_before(date(2018, 3, 31), Step.MONTH)[-1] == date(2018, 2, 28)


@given(st.lists(st.tuples(st.dates(), grids), min_size=1, max_size=6))
def test_the_bars_of_a_chart_stay_inside_the_picture_and_keep_their_order(stood):
    drawn = chart([Point(day, grid) for day, grid in stood])
    for bar in drawn.bars:
        assert all(piece.y >= 20 and piece.y + piece.height <= 202 for piece in bar.pieces)
        assert [p.kind for p in bar.pieces] == [
            kind
            for kind, part in (("done", Part.DONE), ("open", Part.IN_TIME), ("late", Part.OVERDUE))
            if bar.point.grid.part(part)
        ]
    assert len(drawn.lines) <= 6
