"""A deliverer killed anywhere loses no mail, and doubles one only between the final dot and the commit."""

import random
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

from tests.mail.deliverer import KILLED, last_points
from tests.mail.letters import an_outbox, mails_by_id, many_people, put, states
from tracker.db import db
from tracker.mail.models import MailState

BEFORE = ["leased", "composed", "frozen", "connected", "data"]
# Who dies here cannot know whether the server has taken the mail; after "text" the dot may be on its way.
WINDOW = ["text", "dot", "accepted", "answered"]
AFTER = ["settled"]
LEASE = 11  # minutes, longer than one lasts


def test_killed_at_each_named_point_nothing_is_lost(place, order, sink):
    """A mail for each point; each deliverer dies at its point, the next one finds out when the lease has run out."""
    spot = place(**sink.variables)
    points = [*BEFORE, *WINDOW, *AFTER]
    with spot.app.app_context():
        people = many_people(len(points))
    died = {}
    for turn, (person_id, point) in enumerate(zip(people, points, strict=True)):
        with spot.app.app_context():
            put(person_id)
            db.session.commit()
        # Earlier ones are still leased: the clock does not move, so this deliverer sees its own mail alone.
        (child,) = order(spot, do="deliver", end_at=point)
        assert child["status"] == KILLED, f"{point}: {child}"
        assert child["notes"][-1].split()[-1] == point
        died[turn] = point
    assert invariant(spot.app, len(points))
    order(spot, do="deliver", ahead=LEASE)
    times = times_taken(sink)
    assert states(spot.app) == {"sent": len(points)}
    found = {
        point: times[mail.message_id]
        for point, mail in zip(points, in_order(spot.app), strict=True)
    }
    expected = dict.fromkeys([*BEFORE, "text", *AFTER], 1) | dict.fromkeys(WINDOW[1:], 2)
    assert found == expected
    assert_same_bytes(sink)


def test_killed_while_writing_a_file_it_is_there_once_and_whole(place, order):
    spot = place()
    points = ["frozen", "text", "accepted", "answered"]
    with spot.app.app_context():
        an_outbox(many_people(len(points)))
    for turn, point in enumerate(points):
        order(spot, do="deliver", end_at=point, ahead=LEASE * turn)
    order(spot, do="deliver", ahead=LEASE * len(points))
    folder = spot.app.extensions["settings"].instance_path / "mail"
    files = [file for file in folder.iterdir() if not file.name.startswith(".")]
    assert states(spot.app) == {"sent": len(points)}
    assert len(files) == len(points)
    assert all(file.read_bytes().endswith(b"--\r\n") for file in files)


@pytest.mark.long
def test_killed_a_hundred_times_at_random_nothing_is_lost(place, order, sink, told):
    killed_at_random(order, place(**sink.variables), sink, kills=100, mails=250, seed=18, told=told)


def killed_at_random(order, spot, sink, *, kills: int, mails: int, seed: int, told) -> None:
    """Half of the deliverers die at a point chosen by chance, half at a moment chosen by chance."""
    with spot.app.app_context():
        an_outbox(many_people(mails))
    chance, turn, clock = random.Random(seed), 0, 0
    died: list[dict[str, Any]] = []
    while len(died) < kills and clock < kills * 3:
        clock += 1
        if clock % 2:
            how: dict[str, Any] = {"end_after": chance.randint(1, 25)}
        else:
            how = {"kill_after": chance.uniform(0.01, 0.15)}
        ended = order(spot, do="deliver", ahead=LEASE * clock, children=2, **how)
        died += [child for child in ended if child["status"] == KILLED]
        assert invariant(spot.app, mails * (1 + turn))
        if not set(states(spot.app)) - {"sent", "ambiguous"} and len(died) < kills:
            turn += 1
            with spot.app.app_context():
                an_outbox(in_order_ids(spot.app, mails), period=f"2019-{turn:06d}")
    order(spot, do="deliver", ahead=LEASE * (clock + 1))
    order(spot, do="deliver", ahead=LEASE * (clock + 2))
    report(spot, sink, died, mails * (1 + turn), told)


def report(spot, sink, died, made: int, told) -> None:
    times, rows = times_taken(sink), mails_by_id(spot.app)
    in_window = {mail for mail, point in last_points(died) if point in WINDOW}
    doubled = {mail for mail, count in times.items() if count > 1}
    lost = [m for m in rows.values() if m.state is MailState.SENT and not times[m.message_id]]
    open_still = [m for m in rows.values() if m.state not in {MailState.SENT, MailState.AMBIGUOUS}]
    held = [m for m in rows.values() if m.state is MailState.AMBIGUOUS]
    told(
        f"{spot.app.config['SQLALCHEMY_DATABASE_URI'].partition(':')[0]}: {made} mails, "
        f"{len(died)} kills: lost {len(lost) + len(open_still)}, doubled {len(doubled)}, "
        f"of them outside the window {len(doubled - in_window)}, left to a person {len(held)}"
    )
    assert not lost
    assert not open_still
    assert not doubled - in_window
    assert all(mail.reason == "doubted" and mail.doubts == 2 for mail in held)
    assert_same_bytes(sink)


# --- what must hold -----------------------------------------------------------------------------------


def invariant(app, made: int) -> bool:
    """Tell whether due = sent + skipped + open + ambiguous + dead."""
    return sum(states(app).values()) == made


def times_taken(sink) -> Counter[str]:
    return Counter(taken.message_id for taken in sink.taken())


def assert_same_bytes(sink) -> None:
    """A second copy is the first one, byte by byte."""
    assert len({t.message_id for t in sink.taken()}) == len({t.data for t in sink.taken()})


def in_order(app) -> Iterable[Any]:
    return [mail for _, mail in sorted(mails_by_id(app).items())]


def in_order_ids(app, count: int) -> list[int]:
    return [mail.person_id for mail in in_order(app)][:count]
