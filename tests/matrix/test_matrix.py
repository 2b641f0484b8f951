"""The matrix: every route, asked by everybody, of everything; one reviewed table for each route.

A number is the status, `door` the way to the sign-in page. Where a table changes, a right has changed:
look at it before `pytest tests/matrix --snapshot-update`.
"""

import re

import pytest
from flask import Flask

from tests.matrix.doors import DOORS, MOVE_RULE, Door, Knock
from tests.matrix.grounds import ACCOUNTS
from tests.matrix.realm import Realm, outcome
from tracker.policy import Verb
from tracker.tasks.lifecycle import MOVES

Cells = dict[str, dict[str, str]]


def cells(realm: Realm, door: Door) -> Cells:
    """Return the outcome of every thing and account, each from the same beginning."""
    return {
        thing: {account: knock_on(realm, door, knock, account) for account in ACCOUNTS}
        for thing, knock in door.things.items()
    }


def knock_on(realm: Realm, door: Door, knock: Knock, account: str) -> str:
    """Send one request; what is refused or only read must have written nothing."""
    path, data = realm.for_account(account, knock.path, knock.data)
    response = realm.ask(account, door.method, path, data)
    if realm.has_written():
        refused = response.status_code >= 400
        limited = door.rule in PASSWORD_RULES  # a try at a password is counted, right or wrong
        assert door.method == "POST", f"{account}: {door.name} writes"
        assert limited or not refused, f"{account}: {door.name} is refused and writes"
        realm.begin_again()
    return outcome(response)


PASSWORD_RULES = {"/sign-in", "/setup", "/people/me/password", "/invitations/<token>"}


def table(found: Cells) -> str:
    """Return the cells as lines: a thing a row, an account a column."""
    first = max(map(len, found))
    lines = [" " * first + "".join(f" {account:>9}" for account in ACCOUNTS)]
    for thing, row in found.items():
        lines.append(f"{thing:<{first}}" + "".join(f" {row[account]:>9}" for account in ACCOUNTS))
    return "\n".join(lines)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_who_may_do_what(whole: Realm, door: Door, snapshot):
    assert table(cells(whole, door)) == snapshot


def test_every_route_stands_in_the_matrix(app: Flask):
    """Fix: add the route to tests/matrix/doors.py and review the new table of the snapshot."""
    known = {(door.rule, door.method) for door in DOORS}
    routes = {
        (_rule(str(rule)), method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes - known == set(), "not in the matrix yet: add them to tests/matrix/doors.py"
    assert known - routes == set(), "gone from the site: take them out of tests/matrix/doors.py"


def _rule(rule: str) -> str:
    return MOVE_RULE if ":move>" in rule else re.sub(r"<any\(.*\):", "<any(...):", rule)


def test_every_move_and_every_verb_of_a_task_stands_in_the_matrix():
    verbs = {door.verb for door in DOORS if door.method == "POST"}
    assert set(MOVES) | {Verb.NOTE, Verb.UNDO, Verb.EDIT_TASK} <= verbs
