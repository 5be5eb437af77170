"""The bound on a peer's clock, in worlds whose true offset is known: any delays, any drift that is allowed.

Each world is also shown to copies of ours with one mistake in them: what no world refutes would not have been tested.
"""

import pytest
from hypothesis import Phase, assume, find, given, settings
from hypothesis import strategies as st

from protocol import offset
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.drift import DRIFT_MAX_PPM, PPM
from protocol.offset import BUCKETS, RESOLUTION_NS, ClockBound, OffsetBound

MS = NS_PER_MS
NOW = 10**15
OFFSET = -4 * 10**14
NAN, INF = float("nan"), float("inf")


class Peer:
    """A clock that runs `drifts` ppm fast, in turns of so many ns; all in 1e-6 ns, so that nothing is rounded."""

    def __init__(self, offset_ns=OFFSET, drifts=()):
        self.offset_ns = offset_ns
        self.drifts = drifts

    def offset_scaled(self, at_ns):
        """The true offset at `at_ns` on our clock, in 1e-6 ns."""
        scaled, begins_ns = self.offset_ns * PPM, NOW
        for turn_ns, drift_ppm in self.drifts:
            scaled += max(0, min(at_ns - begins_ns, turn_ns)) * drift_ppm
            begins_ns += turn_ns
        return scaled

    def reads(self, at_ns):
        return at_ns + self.offset_scaled(at_ns) // PPM


def excess_scaled(bound, peer, at_ns):
    """By how much the true offset lies outside of what is stated; at most 0 when the bound holds."""
    return abs(peer.offset_scaled(at_ns) - bound.offset_ns * PPM) - bound.error_ns * PPM


def exchanges(peer, events):
    """(sent, stamp, received) of each, in the order in which they are heard, and how long until somebody asks."""
    heard, now_ns = [], NOW
    for wait_ns, out_ns, back_ns, copies, ask_ns in events:
        now_ns += wait_ns
        stamped_ns = now_ns + out_ns
        exchange = (now_ns, peer.reads(stamped_ns), stamped_ns + back_ns)
        heard += [(*exchange, ask_ns)] * copies
    return sorted(heard, key=lambda exchange: exchange[2])


def refutes(clock, peer, events):
    """Whether this world shows the clock to be wrong: a bound that does not hold, or a restart without a reason."""
    for sent_ns, stamp_ns, received_ns, ask_ns in exchanges(peer, events):
        clock.exchange(sent_ns, stamp_ns, received_ns)
        for at_ns in (received_ns, received_ns + ask_ns, received_ns - ask_ns):
            if excess_scaled(clock.bound(at_ns), peer, at_ns) > 0:
                return True
    return clock.restarts > 0 or clock.refused > 0


delays = st.sampled_from((0, 1, 45 * MS)) | st.integers(0, 3 * NS_PER_S)
waits = st.sampled_from((0, MS, NS_PER_S)) | st.integers(0, 100 * NS_PER_S)
event = st.tuples(waits, delays, delays, st.integers(1, 2), waits)
stories = st.lists(event, min_size=1, max_size=25)
drifts = st.integers(-DRIFT_MAX_PPM, DRIFT_MAX_PPM) | st.sampled_from((-DRIFT_MAX_PPM, DRIFT_MAX_PPM))
peers = st.builds(
    Peer,
    st.integers(-NOW // 2, 10**17),
    st.lists(st.tuples(st.integers(1, 200 * NS_PER_S), drifts), max_size=6),
)


@settings(max_examples=400)
@given(peers, stories)
def test_the_true_offset_is_always_within_the_bound(peer, story):
    assert not refutes(ClockBound(), peer, story)


@given(peers, stories, st.randoms(use_true_random=False))
def test_so_it_is_when_they_are_fed_in_any_order(peer, story, random):
    clock, heard = ClockBound(), exchanges(peer, story)
    random.shuffle(heard)
    latest_ns = 0
    for sent_ns, stamp_ns, received_ns, ask_ns in heard:
        clock.exchange(sent_ns, stamp_ns, received_ns)
        latest_ns = max(latest_ns, received_ns)
        at_ns = latest_ns + ask_ns
        assert excess_scaled(clock.bound(at_ns), peer, at_ns) <= 0
    assert clock.restarts == 0


class Halved(ClockBound):
    def bound(self, now_ns):
        whole = super().bound(now_ns)
        return OffsetBound(whole.offset_ns, whole.error_ns // 2, whole.drift)


class SlightlyLess(ClockBound):
    def bound(self, now_ns):
        whole = super().bound(now_ns)
        return OffsetBound(whole.offset_ns, whole.error_ns - 2 * RESOLUTION_NS - 1, whole.drift)


class NeverWidened(ClockBound):
    def bound(self, now_ns):
        return super().bound(min(now_ns, self._latest_ns))


class Swapped(ClockBound):
    """Takes the path back for the path there."""

    def exchange(self, sent_ns, stamp_ns, received_ns):
        super().exchange(sent_ns, 2 * OFFSET + sent_ns + received_ns - stamp_ns, received_ns)


class HalfTheRoundTrip(ClockBound):
    """Believes that both ways take equally long."""

    def exchange(self, sent_ns, stamp_ns, received_ns):
        middle_ns = (sent_ns + received_ns) // 2
        super().exchange(middle_ns, stamp_ns, middle_ns)


@pytest.mark.parametrize("mistaken", [Halved, SlightlyLess, NeverWidened, Swapped, HalfTheRoundTrip])
def test_a_mistaken_bound_is_refuted(mistaken):
    find(
        st.tuples(st.builds(Peer, st.just(OFFSET), st.lists(st.tuples(waits, drifts), max_size=2)), stories),
        lambda world: refutes(mistaken(), *world),
        settings=settings(max_examples=2000, database=None, phases=(Phase.generate,)),
    )


def test_a_bound_that_allows_for_less_drift_is_refuted(monkeypatch):
    monkeypatch.setattr(offset, "DRIFT_MAX_PPM", DRIFT_MAX_PPM * 9 // 10)
    fast = Peer(drifts=[(60 * NS_PER_S, DRIFT_MAX_PPM)])
    assert refutes(ClockBound(), fast, [(0, 0, MS, 1, 50 * NS_PER_S)])


def test_the_bound_is_half_the_round_trip_and_grows_by_the_drift():
    clock = ClockBound()
    assert clock.bound(NOW) is None
    clock.exchange(NOW, NOW + OFFSET + 30 * MS, NOW + 90 * MS)
    least_ns = 45 * MS + RESOLUTION_NS
    for after_s in (0, 10, 1000):
        bound = clock.bound(NOW + 90 * MS + after_s * NS_PER_S)
        widened_ns = after_s * NS_PER_S * DRIFT_MAX_PPM // PPM
        assert least_ns + widened_ns <= bound.error_ns <= least_ns + widened_ns + 90 * MS * DRIFT_MAX_PPM // PPM + 1
        assert bound.offset_ns == pytest.approx(OFFSET - 15 * MS, abs=10_000)


def test_both_ends_are_those_of_their_own_moment():
    """The lower bound was seen when we heard of it, the upper one when we sent: only the latter has aged by then."""
    clock = ClockBound()
    clock.exchange(NOW, NOW + OFFSET + 30 * MS, NOW + 90 * MS)
    bound = clock.bound(NOW + 90 * MS)
    low_ns = OFFSET - 60 * MS - RESOLUTION_NS
    high_ns = OFFSET + 30 * MS + RESOLUTION_NS + 90 * MS * DRIFT_MAX_PPM // PPM
    assert bound.offset_ns + bound.error_ns == high_ns
    assert bound.offset_ns - bound.error_ns in (low_ns - 1, low_ns)


def test_what_reading_a_clock_cuts_off_is_allowed_for():
    """The peer may have stamped, and we have heard, up to a ns later than was read."""
    clock = ClockBound()
    clock.exchange(NOW, NOW + OFFSET, NOW + 2)
    bound = clock.bound(NOW + 2)
    assert bound.offset_ns - bound.error_ns <= OFFSET - 3
    assert bound.offset_ns + bound.error_ns >= OFFSET + 1


def test_the_best_of_both_ways_is_taken_from_different_exchanges():
    peer, clock = Peer(), ClockBound()
    for out_ns, back_ns in ((2 * MS, 300 * MS), (400 * MS, 3 * MS)):
        clock.exchange(NOW, peer.reads(NOW + out_ns), NOW + out_ns + back_ns)
    bound = clock.bound(NOW + 403 * MS)
    assert bound.error_ns == pytest.approx(2.5 * MS, abs=50_000)
    assert bound.offset_ns == pytest.approx(OFFSET - 0.5 * MS, abs=50_000)


def test_an_exchange_counts_for_so_many_seconds():
    peer, clock = Peer(), ClockBound()
    clock.exchange(NOW, peer.reads(NOW), NOW)
    for second in range(1, BUCKETS + 1):
        at_ns = NOW + second * NS_PER_S
        clock.exchange(at_ns, peer.reads(at_ns + 45 * MS), at_ns + 90 * MS)
        small = clock.bound(at_ns + 90 * MS).error_ns < 10 * MS
        assert small == (second < BUCKETS)


def test_after_a_long_silence_only_what_is_new_counts():
    peer, clock = Peer(), ClockBound()
    for second in (*range(BUCKETS + 1), 200):
        at_ns = NOW + second * NS_PER_S
        out_ns = 45 * MS * (second == 200)
        clock.exchange(at_ns, peer.reads(at_ns + out_ns), at_ns + 2 * out_ns)
    assert clock.bound(at_ns).error_ns >= 45 * MS


def test_what_starts_anew_remembers_the_exchange_that_made_it_and_no_drift():
    clock = ClockBound()
    for second in range(20):
        at_ns = NOW + second * NS_PER_S
        clock.exchange(at_ns, Peer().reads(at_ns), at_ns)
    assert clock.bound(at_ns).drift is not None
    peer = Peer(OFFSET + NS_PER_S)
    clock.exchange(at_ns, peer.reads(at_ns), at_ns)
    assert clock.bound(at_ns).drift is None
    clock.exchange(at_ns, peer.reads(at_ns), at_ns + 900 * MS)
    assert clock.bound(at_ns + 900 * MS).error_ns < MS
    assert clock.restarts == 1


@pytest.mark.parametrize("drift_ppm", [-DRIFT_MAX_PPM, DRIFT_MAX_PPM])
def test_a_frame_older_than_all_that_is_known_was_stamped_by_a_clock_that_has_drifted_since(drift_ppm):
    peer, clock, delay_ns = Peer(drifts=[(10 * NS_PER_S, drift_ppm)]), ClockBound(), 3 * NS_PER_S
    at_ns = NOW + delay_ns
    clock.exchange(at_ns, peer.reads(at_ns), at_ns)
    told_ns, error_ns = clock.one_way_ns(peer.reads(NOW), at_ns)
    assert error_ns - 10_000 < abs(told_ns - delay_ns) <= error_ns


@pytest.mark.parametrize("step_ns", [-NS_PER_S, -91 * MS, 91 * MS, 3600 * NS_PER_S])
def test_a_clock_that_is_set_starts_anew_and_is_counted(step_ns):
    clock = ClockBound()
    for number in range(20):
        peer = Peer(OFFSET + step_ns * (number >= 10))
        at_ns = NOW + number * MS
        clock.exchange(at_ns, peer.reads(at_ns + 45 * MS), at_ns + 90 * MS)
        assert clock.restarts == (number >= 10)
        assert excess_scaled(clock.bound(at_ns + 90 * MS), peer, at_ns + 90 * MS) <= 0
    clock.exchange(0, 0, 0)
    clock.forget()
    assert (clock.bound(NOW), clock.restarts, clock.refused) == (None, 0, 0)


def test_a_slow_step_that_no_window_shows_is_found_by_the_drift():
    """30 ms in each minute, beside a bound of 45: within 64 s they never cross, over minutes they do."""
    clock, peer = ClockBound(), Peer(drifts=[(10_000 * NS_PER_S, 5 * DRIFT_MAX_PPM)])
    for second in range(900):
        at_ns = NOW + second * NS_PER_S
        clock.exchange(at_ns, peer.reads(at_ns + 45 * MS), at_ns + 90 * MS)
        assert second > BUCKETS or clock.restarts == 0
    assert clock.restarts > 0


def test_a_drift_beyond_what_is_allowed_is_found_out():
    clock, peer = ClockBound(), Peer(drifts=[(10_000 * NS_PER_S, 5 * DRIFT_MAX_PPM)])
    for second in range(3 * BUCKETS):
        at_ns = NOW + second * NS_PER_S
        clock.exchange(at_ns, peer.reads(at_ns + 5 * MS), at_ns + 10 * MS)
    assert clock.restarts >= 4


@pytest.mark.parametrize(
    ("sent_ns", "stamp_ns", "received_ns"),
    [
        *((0, 5, 9), (-1, 5, 9), (10, 5, 9), (1, -1, 9), (1, 5, 2**63), (1, 2**63, 9)),
        *((NAN, 5, 9), (1, NAN, 9), (1, 5, NAN), (INF, 5, 9), (1, INF, 9), (1, 5, INF)),
    ],
)
def test_what_no_exchange_can_be_is_refused(sent_ns, stamp_ns, received_ns):
    clock = ClockBound()
    clock.exchange(sent_ns, stamp_ns, received_ns)
    assert (clock.refused, clock.bound(NOW)) == (1, None)


@given(peers, stories, delays)
def test_the_true_delay_of_a_frame_is_within_its_error(peer, story, delay_ns):
    clock = ClockBound()
    assert clock.one_way_ns(0, NOW) is None
    for sent_ns, stamp_ns, received_ns, _ in exchanges(peer, story):
        clock.exchange(sent_ns, stamp_ns, received_ns)
        at_ns = received_ns + delay_ns
        told_ns, error_ns = clock.one_way_ns(peer.reads(received_ns), at_ns)
        assert abs(told_ns - delay_ns) <= error_ns


@settings(max_examples=30)
@given(drifts, st.integers(0, 45 * MS), st.integers(0, 45 * MS), st.integers(60, 600))
def test_a_steady_drift_is_within_its_bound(drift_ppm, out_ns, back_ns, seconds):
    clock, peer = ClockBound(), Peer(drifts=[(1000 * NS_PER_S, drift_ppm)])
    for second in range(seconds):
        at_ns = NOW + second * NS_PER_S
        clock.exchange(at_ns, peer.reads(at_ns + out_ns), at_ns + out_ns + back_ns)
        told = clock.bound(at_ns + out_ns + back_ns).drift
        if told is not None:
            assert abs(told.drift_ppm - drift_ppm) <= told.error_ppm + 1e-9
    assert told is not None
    assert abs(told.drift_ppm) <= DRIFT_MAX_PPM
    assume(out_ns + back_ns < MS)
    assert told.error_ppm < 25.0
