"""Many deliverers at once: each mail is taken by one of them."""

import time
from collections import Counter

import pytest

from tests.mail.letters import an_outbox, many_people, states

CLAIMERS = 8


def test_eight_deliverers_send_each_mail_once(place, order, sink):
    spot = place(**sink.variables)
    with spot.app.app_context():
        an_outbox(many_people(60))
    ended = order(spot, do="deliver", children=CLAIMERS)
    assert [child["status"] for child in ended] == [0] * CLAIMERS
    assert states(spot.app) == {"sent": 60}
    assert set(Counter(taken.address for taken in sink.taken()).values()) == {1}


def test_no_mail_is_claimed_twice(place, order):
    claimed_once(order, place(), 400, most=5)


@pytest.mark.long
def test_no_mail_of_ten_thousand_is_claimed_twice(place, order):
    claimed_once(order, place(), 10_000, most=10)


def claimed_once(order, spot, count: int, most: int) -> None:
    with spot.app.app_context():
        an_outbox(many_people(count))
    ended = order(spot, do="claim", children=CLAIMERS, most=most)
    claimed = Counter(note.split()[0] for child in ended for note in child["notes"])
    assert [child["status"] for child in ended] == [0] * CLAIMERS
    assert (len(claimed), set(claimed.values())) == (count, {1})


@pytest.mark.long
def test_a_thousand_mails_leave_quickly(place, order, sink, told):
    """Times are asserted nowhere but in bin/bench; here they are told."""
    spot = place(**sink.variables)
    with spot.app.app_context():
        an_outbox(many_people(1000))
    began = time.monotonic()
    order(spot, do="deliver", children=2)
    took = time.monotonic() - began
    told(f"1,000 mails by 2 deliverers: {took:.1f} s")
    assert states(spot.app) == {"sent": 1000}
    assert len({taken.message_id for taken in sink.taken()}) == len(sink.taken()) == 1000
