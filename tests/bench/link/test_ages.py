import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.link.ages import Span, ages_ns, longest_gap_ms, recoveries_s, summarise

MS = 1_000_000
TICKS = np.arange(1000, dtype=np.int64) * MS + 10**12
BEGIN = int(TICKS[0])
WHOLE = Span(BEGIN, BEGIN + 1000 * MS)


def test_ages_are_of_every_tick_whether_something_came_or_not():
    sent = TICKS - 50 * MS
    sent[100:200] = sent[99]
    ages = ages_ns(TICKS, sent, WHOLE) / MS
    assert len(ages) == 1000
    assert ages[99] == 50.0
    assert ages[199] == 150.0, "a stall makes the ticks in it old"


def test_ticks_before_the_first_command_outside_the_span_and_in_cuts_do_not_count():
    sent = TICKS - 50 * MS
    sent[:10] = 0
    span = Span(BEGIN, BEGIN + 900 * MS)
    cut = Span(BEGIN + 100 * MS, BEGIN + 300 * MS)
    assert len(ages_ns(TICKS, sent, span, [cut])) == 900 - 10 - 200


@given(st.lists(st.integers(1, 10**10), min_size=1, max_size=300))
def test_percentiles_are_those_of_all_values_and_the_greatest_is_kept(ages):
    found = summarise(np.array(ages, dtype=np.int64), 10)
    assert found.n == len(ages)
    assert found.max == max(ages) / 1e6
    ranked = sorted(ages)
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        exact = ranked[max(0, int(np.ceil(share * len(ages))) - 1)] / 1e6
        assert getattr(found, name) == pytest.approx(exact, rel=1e-3, abs=2e-3)


def test_bounds_hold_the_percentile_and_are_wider_where_seconds_differ():
    rng = np.random.default_rng(1)
    alike = (50 + rng.exponential(3.0, 20_000)) * MS
    by_second = alike + np.repeat(rng.exponential(10.0, 20), 1000) * MS
    narrow, wide = (summarise(ages.astype(np.int64), 1000) for ages in (alike, by_second))
    for found in (narrow, wide):
        assert found.low["p99"] <= found.p99 <= found.high["p99"] * 1.001
    assert wide.high["p99"] - wide.low["p99"] > 3 * (narrow.high["p99"] - narrow.low["p99"])


def test_of_nothing_nothing_is_said():
    found = summarise(np.array([], dtype=np.int64), 1000)
    assert (found.n, found.p50, found.max) == (0, None, None)


def test_a_stale_command_that_comes_after_a_cut_is_no_recovery():
    sent = TICKS - 50 * MS
    cut = Span(BEGIN + 200 * MS, BEGIN + 400 * MS)
    sent[250:500] = cut.end_ns - MS
    assert recoveries_s(TICKS, sent, [cut], WHOLE.end_ns) == [0.1]


def test_a_link_that_never_came_back_before_the_next_cut_is_told_as_that():
    sent = TICKS - 50 * MS
    first, second = Span(BEGIN + 100 * MS, BEGIN + 200 * MS), Span(BEGIN + 300 * MS, BEGIN + 400 * MS)
    sent[100:420] = sent[99]
    assert recoveries_s(TICKS, sent, [first, second], WHOLE.end_ns) == [None, pytest.approx(0.05)]


def test_the_longest_gap_counts_what_had_not_ended_by_the_end():
    sent = TICKS - 50 * MS
    assert longest_gap_ms(TICKS, sent, WHOLE) == 1.0
    sent[700:] = sent[699]
    assert longest_gap_ms(TICKS, sent, WHOLE) == 300.0
