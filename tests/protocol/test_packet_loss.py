from hypothesis import given
from hypothesis import strategies as st

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.packet_loss import FEWEST_SEGMENTS, WINDOW_NS, PacketLoss


def test_segments_sent_again_are_the_loss_of_all_connections_together():
    loss = PacketLoss()
    loss.step(NS_PER_S, {1: (100, 0), 2: (100, 0)})
    loss.step(NS_PER_S + 100 * NS_PER_MS, {1: (300, 30), 2: (200, 0)})
    assert loss.share() == 30 / 500
    assert (loss.segments, loss.again) == (500, 30)


def test_of_too_few_segments_nothing_is_said():
    loss = PacketLoss()
    assert loss.share() is None
    loss.step(NS_PER_S, {1: (FEWEST_SEGMENTS - 1, 5)})
    assert loss.share() is None
    loss.step(NS_PER_S + 1, {1: (FEWEST_SEGMENTS, 5)})
    assert loss.share() == 5 / FEWEST_SEGMENTS


def test_what_is_older_than_two_seconds_counts_no_more():
    loss = PacketLoss()
    loss.step(10 * NS_PER_S, {1: (1000, 500)})
    loss.step(10 * NS_PER_S + WINDOW_NS - 1, {1: (2000, 500)})
    assert loss.share() == 0.25
    loss.step(10 * NS_PER_S + WINDOW_NS, {1: (3000, 500)})
    assert loss.share() == 0.0


def test_connections_come_and_go_and_a_new_one_under_an_old_number_starts_anew():
    loss = PacketLoss()
    loss.step(NS_PER_S, {1: (200, 20)})
    loss.step(NS_PER_S + 1, {2: (100, 0)})
    assert (loss.segments, loss.again) == (300, 20)
    loss.step(NS_PER_S + 2, {1: (50, 5), 2: (100, 0)})
    assert (loss.segments, loss.again) == (350, 25)


@given(st.lists(st.dictionaries(st.integers(0, 3), st.tuples(st.integers(0, 2**40), st.integers(0, 2**40)))))
def test_the_share_is_one_whatever_the_counters_say(readings):
    loss = PacketLoss()
    for number, counters in enumerate(readings):
        loss.step(NS_PER_S + number * 150 * NS_PER_MS, counters)
        share = loss.share()
        assert share is None or 0.0 <= share <= 1.0
