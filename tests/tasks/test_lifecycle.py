"""The table of moves: from where, to where, by whom, with what reason."""

import pytest

from tracker.policy import TABLE, Standing, Verb
from tracker.tasks.lifecycle import MOVES, Facts, Reason, State, fits, possible


def test_the_table_of_moves_is_the_reviewed_one(snapshot):
    rows = [
        f"{verb:9} {'+'.join(sorted(move.sources)):45} -> {move.target:12}"
        f" {'+'.join(sorted(TABLE[verb])):16} {move.reason}{' day' if move.needs_day else ''}"
        for verb, move in MOVES.items()
    ]
    assert "\n".join(rows) == snapshot


def facts(state, **changes):
    plain = {"is_line": False, "leads_itself": False, "has_children": False}
    return Facts(state=state, **(plain | changes))


@pytest.mark.parametrize("state", list(State))
def test_a_move_fits_only_the_states_it_starts_from(state):
    whole = facts(state, leads_itself=True)
    for verb, move in MOVES.items():
        assert fits(verb, whole) == (state in move.sources)


def test_a_line_is_finished_never_handed_in():
    line = facts(State.IN_PROGRESS, is_line=True)
    assert fits(Verb.FINISH, line)
    assert not fits(Verb.HAND_IN, line)


def test_only_who_assigns_to_itself_finishes_without_a_judge():
    assert not fits(Verb.FINISH, facts(State.IN_PROGRESS))
    assert fits(Verb.FINISH, facts(State.IN_PROGRESS, leads_itself=True))


def test_a_parent_that_was_fanned_out_is_closed_after_its_children_not_worked_on():
    parent = facts(State.ASSIGNED, has_children=True, leads_itself=True)
    assert not {Verb.START, Verb.HAND_IN, Verb.FINISH} & set(possible(parent))
    assert fits(Verb.CLOSE, parent)


def test_reasons_are_asked_for_where_the_table_says():
    asked = {verb for verb, move in MOVES.items() if move.reason is Reason.REQUIRED}
    assert asked == {
        Verb.CLOSE, Verb.HOLD, Verb.RETURN, Verb.REOPEN, Verb.RESTORE, Verb.CANCEL,
    }  # fmt: skip


def test_observers_and_administrators_move_nothing():
    for verb in MOVES:
        assert not TABLE[verb] & {Standing.OBSERVER, Standing.ADMIN, Standing.BRANCH, Standing.KIN}
