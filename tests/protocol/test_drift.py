"""The bound on one clock's gain over another: true for any course of the offset, and no wider than it must be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.drift import DRIFT_MAX_PPM, KEEP_EVERY_NS, KEPT, OVER_MIN_NS, PPM, DriftBound

MS = NS_PER_MS
NOW = 10**15

steps = st.lists(
    st.tuples(
        st.integers(0, 100_000),
        st.integers(-DRIFT_MAX_PPM, DRIFT_MAX_PPM),
        st.integers(0, 300 * MS),
        st.integers(0, 300 * MS),
    ),
    min_size=1,
    max_size=100,
)
"""Each: ms until then, the drift meanwhile, how far below and above the true offset it is known."""


def walk(story):
    """(now, true offset, low, high), all in ns and whole."""
    now_ns, true_ns = NOW, 0
    for wait_ms, drift_ppm, below_ns, above_ns in story:
        now_ns += wait_ms * MS
        true_ns += wait_ms * drift_ppm  # 1 ppm of 1 ms is 1 ns
        yield now_ns, true_ns, true_ns - below_ns, true_ns + above_ns


def excess_ppm(drift, now_ns, true):
    """By how much the true average lies outside of what is stated."""
    gained_ns = true[now_ns] - true[now_ns - drift.over_ns]
    return abs(gained_ns * PPM / drift.over_ns - drift.drift_ppm) - drift.error_ppm


@settings(max_examples=300)
@given(steps)
def test_the_true_average_is_always_within_the_bound(story):
    bound, true = DriftBound(), {}
    for now_ns, true_ns, low_ns, high_ns in walk(story):
        true.setdefault(now_ns, true_ns)
        before = bound.drift
        assert bound.step(now_ns, low_ns, high_ns)
        if bound.drift is not before:
            assert excess_ppm(bound.drift, now_ns, true) <= 1e-9
            assert abs(bound.drift.drift_ppm) <= DRIFT_MAX_PPM


@pytest.mark.parametrize(("below_ns", "above_ns"), [(0, 8 * MS), (8 * MS, 0)])
def test_it_is_no_wider_than_it_must_be(below_ns, above_ns):
    """The true offset at one end of what is known then and at the other end now: the average is at the bound itself."""
    bound = DriftBound()
    bound.step(NOW, -below_ns, above_ns)
    bound.step(NOW + 200 * NS_PER_S, -above_ns, below_ns)
    true = {NOW: 0, NOW + 200 * NS_PER_S: 0}
    assert excess_ppm(bound.drift, NOW + 200 * NS_PER_S, true) == pytest.approx(0.0)
    assert bound.drift.error_ppm == pytest.approx(40.0)


def test_it_takes_ten_seconds_and_starts_anew_when_told():
    bound = DriftBound()
    bound.step(NOW, -MS, MS)
    assert bound.step(NOW + OVER_MIN_NS - 1, -MS, MS)
    assert bound.drift is None
    bound.step(NOW + OVER_MIN_NS, -MS, MS)
    assert bound.drift.over_ns == OVER_MIN_NS
    bound.forget()
    assert bound.drift is None
    bound.step(NOW + 2 * OVER_MIN_NS, -MS, MS)
    assert bound.drift is None


def test_of_all_that_is_kept_the_tightest_counts():
    bound = DriftBound()
    bound.step(NOW, -400 * MS, 400 * MS)
    for minute in range(1, 6):
        bound.step(NOW + minute * KEEP_EVERY_NS, -MS, MS)
    assert bound.drift.over_ns == 4 * KEEP_EVERY_NS
    assert bound.drift.error_ppm == pytest.approx(2 * MS * PPM / bound.drift.over_ns)


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_gain_that_no_allowed_drift_explains_is_told(sign):
    bound, gained_ns = DriftBound(), 100 * NS_PER_S * DRIFT_MAX_PPM // PPM
    bound.step(NOW, 0, 0)
    assert bound.step(NOW + 100 * NS_PER_S, sign * gained_ns, sign * gained_ns)
    assert bound.drift.drift_ppm == sign * DRIFT_MAX_PPM
    assert not bound.step(NOW + 100 * NS_PER_S, sign * (gained_ns + 1), sign * (gained_ns + 1))


def test_what_is_kept_is_bounded():
    bound = DriftBound()
    for minute in range(3 * KEPT):
        bound.step(NOW + minute * KEEP_EVERY_NS, -MS, MS)
    assert bound.drift.over_ns == KEPT * KEEP_EVERY_NS
