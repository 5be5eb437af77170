from itertools import pairwise

import pytest

from bench.link.turns import CHANGE_EVERY_NS, Turns
from protocol.clock import NS_PER_MS, NS_PER_S, ManualClock
from protocol.ticker import Ticker


def ticks(place, seconds, rate_hz=1000):
    """Times of waking, and how late each was, on a clock that is never late by itself."""
    clock = ManualClock(10**12 + 123_456)
    turns, end_ns = Turns(clock, rate_hz, place), clock.now_ns() + seconds * NS_PER_S
    found = []
    while clock.now_ns() < end_ns:
        found.append((turns.wait(), turns.lateness_ns))
        clock.advance(20_000)
    return found


@pytest.mark.parametrize("rate_hz", [100, 1000])
def test_two_tick_far_from_each_other_but_once_at_each_change(rate_hz):
    first, second = ({at for at, _ in ticks(place, 4, rate_hz)} for place in (0, 1))
    period_ns = NS_PER_S // rate_hz
    both = sorted([(at, 0) for at in first] + [(at, 1) for at in second])
    close = [a for (a, one), (b, other) in pairwise(both) if one != other and b - a < period_ns // 4]
    assert len(close) <= 4 * NS_PER_S // CHANGE_EVERY_NS


def test_each_stands_in_either_place_for_half_of_every_second():
    for place in (0, 1):
        phases = [(at // CHANGE_EVERY_NS % 2, at % NS_PER_MS) for at, _ in ticks(place, 6)][2:]
        here = {half: {phase for k, phase in phases if k == half} for half in (0, 1)}
        later = NS_PER_MS // 2
        assert sum(phase == 0 for _, phase in phases) == pytest.approx(len(phases) / 2, rel=0.01)
        assert here[place] - {later} == {0}
        assert later in here[1 - place]


def test_no_tick_is_late_and_none_is_left_out():
    found = ticks(0, 4)
    assert max(late for _, late in found) == 0
    gaps = [b - a for (a, _), (b, _) in pairwise(found)]
    assert set(gaps) <= {NS_PER_MS // 2, NS_PER_MS, NS_PER_MS * 3 // 2}
    assert len(found) == pytest.approx(4000, abs=10)


def test_a_turns_counts_its_own_ticks_as_a_ticker_does():
    clock = ManualClock(10**12)
    turns, ticker = Turns(clock, 1000, 0), Ticker(ManualClock(10**12), 1000)
    for _ in range(100):
        turns.wait()
        ticker.wait()
    assert turns.ticks == ticker.ticks == 100
