"""The policy table as it was reviewed, and that every cell of it counts."""

from functools import cache, partial

import pytest

from tests.matrix.decisions import address, cases, flipped, noticing
from tests.matrix.realm import Realm, outcome
from tracker import policy
from tracker.policy import TABLE, Standing, Verb
from tracker.tasks import rights

CELLS = [(verb, standing) for verb in Verb for standing in Standing]


@pytest.fixture(scope="module")
def found(small_realm: Realm):
    """Everybody before everything, once: `begin_again` changes nothing of it."""
    return cases(small_realm)


def test_the_table_is_the_one_that_was_reviewed(found, snapshot):
    """A changed cell is a changed right: review it, then `--snapshot-update`.

    x allowed, - refused; in brackets where nobody can notice, because no such standing exists towards
    a thing of this kind or because a wider one that comes with it is allowed already.
    """
    assert drawn(found) == snapshot


def drawn(found) -> str:
    """Return the table as text."""
    widths = [max(len(standing), 3) for standing in Standing]
    lines = [" " * 13 + " ".join(s.center(w) for s, w in zip(Standing, widths, strict=True))]
    for verb in Verb:
        marks = [mark(found, verb, standing) for standing in Standing]
        row = " ".join(m.center(w) for m, w in zip(marks, widths, strict=True))
        lines.append(f"{verb:<13}{row}".rstrip())
    return "\n".join(lines)


def mark(found, verb: Verb, standing: Standing) -> str:
    """Return one cell of the table as text."""
    sign = "x" if standing in TABLE[verb] else "-"
    return sign if is_noticed(found, verb, standing) else f"({sign})" if sign == "x" else ""


def is_noticed(found, verb: Verb, standing: Standing) -> bool:
    """Tell whether turning the cell over changes what somebody may do to something."""
    return any(noticing(verb, flipped(TABLE[verb], standing), found[verb]))


def test_no_cell_can_be_turned_over_unnoticed(found):
    """Fix: a world in which nobody stands so, or only with a wider standing, proves nothing: extend the realm."""
    for verb, standing in CELLS:
        allowed = TABLE[verb]
        reachable = {s for case in found[verb] for s in case.held}
        idle = standing not in reachable or covered(found, verb, standing)
        assert is_noticed(found, verb, standing) is not idle, (verb, standing, allowed)


def covered(found, verb: Verb, standing: Standing) -> bool:
    """Tell whether everybody who stands so is allowed it by another standing anyhow."""
    others = TABLE[verb] - {standing}
    return all(not others.isdisjoint(case.held) for case in found[verb] if standing in case.held)


WIDER = {
    Standing.PERSON: {Standing.ANYONE},
    Standing.ADMIN: {Standing.PERSON, Standing.ANYONE},
    Standing.SETTER: {Standing.PERSON, Standing.ANYONE},
    Standing.OFFICE: {Standing.SETTER, Standing.PERSON, Standing.ANYONE},
    Standing.OWNER: {Standing.SETTER, Standing.PERSON, Standing.ANYONE},
    Standing.GIVER: {Standing.BRANCH},  # of the lead or of the assigner
    Standing.SCRIBE: {Standing.BRANCH},
    # Who heads the lead sits in it, gives on in its name, or keeps an office above it.
    Standing.HEAD: {Standing.BRANCH, Standing.GIVER, Standing.SCRIBE},
    Standing.ABOVE: {Standing.BRANCH},
    Standing.ASSIGNER: {Standing.BRANCH},
    Standing.VERDICT: {Standing.BRANCH},
    Standing.DECIDER: {Standing.BRANCH, Standing.VERDICT},  # the assigner or the judge decides
}


def test_a_cell_is_idle_only_where_a_wider_standing_comes_with_it(found):
    """Fix: let somebody in the realm stand so towards a thing, and in no other way that is allowed it."""
    idle = [
        (verb, standing)
        for verb, standing in CELLS
        if standing in {s for case in found[verb] for s in case.held}
        and covered(found, verb, standing)
        and WIDER.get(standing, set()).isdisjoint(TABLE[verb])
    ]
    assert idle == []


def test_every_turned_cell_is_noticed_by_a_request(realm: Realm, found, monkeypatch):
    """The views ask the table: turn one cell over, and somebody gets another answer."""
    now = cache(partial(answer, realm))
    for verb, standing in CELLS:
        row = flipped(TABLE[verb], standing)
        case = next(noticing(verb, row, found[verb]), None)
        if case is None:
            continue
        asking = case.account, *address(verb, case)
        with monkeypatch.context() as patch:
            patch.setitem(policy.TABLE, verb, row)
            rights.rights_of.cache_clear()
            then = answer(realm, *asking)
        rights.rights_of.cache_clear()
        assert now(*asking) != then, f"nobody asks whether {standing} may {verb}: {asking}"


def answer(realm: Realm, account: str, method: str, path: str) -> str:
    """Return the outcome; a page that was never meant for somebody may well fail them."""
    try:
        return outcome(realm.ask(account, method, path))
    except AttributeError:
        return "500"
    finally:
        if realm.has_written():
            realm.begin_again()
