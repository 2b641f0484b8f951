"""What an attempt makes of a mail: when it is tried again, when nobody tries any more."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.mail.models import MailState
from tracker.mail.outcomes import GIVES_UP_AFTER, Past, Result, after, next_try

AT = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


def past(attempts=1, doubts=0, ago=timedelta(), key="<k>") -> Past:
    return Past(AT - ago, attempts, doubts, key)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 60), (20, 60)]
)
def test_pauses_grow_to_an_hour(attempts, minutes):
    when = next_try(past(attempts), AT)
    assert when
    pause = when - AT
    assert timedelta(minutes=minutes) <= pause <= timedelta(minutes=minutes * 1.25)


def test_not_all_come_back_in_the_same_second():
    assert len({next_try(past(key=f"<{n}>"), AT) for n in range(100)}) > 90


@given(st.integers(0, 3), st.text())
def test_a_mail_always_refused_is_tried_for_a_day_and_then_is_dead(late, key):
    """Played through: each attempt takes `late` minutes."""
    at, attempts, began = AT, 0, AT
    while True:
        attempts += 1
        at += timedelta(minutes=late)
        fate = after(Result.DEFERRED, Past(began, attempts, 0, key), at)
        if fate.state is MailState.DEAD:
            break
        assert (fate.state, fate.reason) == (MailState.RETRY, None)
        assert at < fate.next_at <= began + GIVES_UP_AFTER
        at = fate.next_at
    assert fate.reason == "given_up"
    assert 20 <= attempts <= 28
    assert at >= began + GIVES_UP_AFTER - timedelta(hours=1, minutes=15)


@given(
    st.sampled_from(Result),
    st.integers(1, 40),
    st.integers(0, 2),
    st.timedeltas(timedelta(), timedelta(hours=30)),
)
def test_every_end_of_an_attempt_has_a_place(result, attempts, doubts, ago):
    fate = after(result, past(attempts, doubts, ago), AT)
    match result:
        case Result.ACCEPTED:
            assert (fate.state, fate.reason) == (MailState.SENT, None)
        case Result.REFUSED:
            assert (fate.state, fate.reason) == (MailState.DEAD, "refused")
        case Result.DEFERRED | Result.UNKNOWN:
            assert fate.doubts == doubts + (result is Result.UNKNOWN)
            # What may have arrived is never composed anew, and never called undelivered.
            assert fate.state is (MailState.AMBIGUOUS if fate.doubts else fate.state)
            assert fate.reason or fate.next_at > AT


def test_in_doubt_once_it_is_sent_once_more_twice_a_person_decides():
    once, twice = (after(Result.UNKNOWN, past(doubts=doubts), AT) for doubts in (0, 1))
    assert (once.state, once.reason) == (MailState.AMBIGUOUS, None)
    assert (twice.state, twice.reason) == (MailState.AMBIGUOUS, "doubted")
