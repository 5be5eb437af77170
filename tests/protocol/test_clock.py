import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.clock import NS_PER_MS, ManualClock, MonotonicClock
from protocol.posix import Timer, thread_cpu_ns
from protocol.ticker import Ticker


class StallingClock(ManualClock):
    """Wakes late by the next number of a script."""

    def __init__(self, lateness_ns):
        super().__init__(now_ns=123_456_789)
        self._lateness_ns = list(lateness_ns)

    def sleep_until_ns(self, deadline_ns):
        super().sleep_until_ns(deadline_ns)
        self.advance(self._lateness_ns.pop(0))


@given(st.lists(st.integers(0, 5 * NS_PER_MS), min_size=1, max_size=50), st.integers(0, NS_PER_MS - 1))
def test_deadlines_stay_on_their_grid_and_every_period_is_a_tick_or_a_miss(lateness_ns, phase_ns):
    clock = StallingClock(lateness_ns)
    ticker = Ticker(clock, 1000, phase_ns)
    begin_ns = clock.now_ns()
    for late_ns in lateness_ns:
        now_ns = ticker.wait()
        assert (now_ns - ticker.lateness_ns - phase_ns) % NS_PER_MS == 0
        assert ticker.lateness_ns >= late_ns
        assert ticker.lateness_ns < late_ns + NS_PER_MS
    due = (now_ns - ticker.lateness_ns - phase_ns) // NS_PER_MS - (begin_ns - phase_ns) // NS_PER_MS
    assert ticker.ticks + ticker.missed == due


def test_a_stall_is_counted_and_not_made_up_for():
    clock = StallingClock([0, 10 * NS_PER_MS, 0, 0])
    ticker = Ticker(clock, 1000)
    times = [ticker.wait() for _ in range(4)]
    assert ticker.missed == 9
    assert times[3] - times[2] == NS_PER_MS


@pytest.mark.parametrize("rate_hz", [0, -1, 100_001])
def test_impossible_rates_are_refused(rate_hz):
    with pytest.raises(ValueError, match=str(rate_hz)):
        Ticker(ManualClock(), rate_hz)


def test_a_manual_clock_never_goes_back():
    clock = ManualClock(100)
    clock.sleep_until_ns(50)
    assert clock.now_ns() == 100
    with pytest.raises(ValueError, match="-1"):
        clock.advance(-1)


def test_the_monotonic_clock_sleeps_to_its_deadline_and_not_for_one_that_passed():
    clock = MonotonicClock()
    deadline_ns = clock.now_ns() + 2 * NS_PER_MS
    clock.sleep_until_ns(deadline_ns)
    assert clock.now_ns() >= deadline_ns
    clock.sleep_until_ns(-1)
    used_ns = thread_cpu_ns()
    assert thread_cpu_ns() >= used_ns > 0


def test_a_timer_expires_once_a_period():
    timer = Timer(NS_PER_MS)
    begin_ns = time.monotonic_ns()
    count = 0
    while count < 5:
        count += timer.expirations()
    elapsed_ns = time.monotonic_ns() - begin_ns
    assert count <= elapsed_ns // NS_PER_MS + 1
    with pytest.raises(ValueError, match="period"):
        Timer(0)
