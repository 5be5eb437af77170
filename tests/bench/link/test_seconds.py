import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.link import host as host_module
from bench.link.ages import Span
from bench.link.host import HostWatch
from bench.link.seconds import HostSecond, bounded, by_second, of_cuts, outside, quiet_seconds, whole_seconds
from bench.yardstick import VALID_LATE_NS
from protocol.clock import NS_PER_MS, NS_PER_S

BEGIN = 10**12


def second(number):
    return Span(BEGIN + number * NS_PER_S, BEGIN + (number + 1) * NS_PER_S)


def host(*late_ns):
    """From a second before the begin on."""
    return [HostSecond(BEGIN + (k - 1) * NS_PER_S, late) for k, late in enumerate(late_ns)]


def run(seconds):
    return Span(BEGIN, BEGIN + seconds * NS_PER_S)


def test_a_second_counts_where_no_loop_was_late_in_it_or_in_the_one_before():
    watched = host(0, 0, VALID_LATE_NS, VALID_LATE_NS + 1, 0, 0, 0)
    assert quiet_seconds(watched, run(6)) == [second(0), second(1), second(4), second(5)]


def test_a_second_that_was_not_watched_counts_for_nothing_nor_does_the_one_after_it():
    assert quiet_seconds(host(0, 0, None, 0, 0), run(4)) == [second(0), second(3)]
    assert quiet_seconds(host(0, 0, 0)[1:], run(2)) == [second(1)], "nobody watched the one before the first"


def test_seconds_of_which_the_run_has_only_a_part_are_none_of_it():
    span = Span(BEGIN, BEGIN + 3 * NS_PER_S - 1)
    assert whole_seconds(host(0, 9 * NS_PER_MS, 0, 0, 0), span) == [second(0), second(1)]
    assert quiet_seconds(host(0, 0, 0, 0, 0), span) == [second(0), second(1)]


def test_a_cut_has_the_seconds_it_touches_and_the_second_after_its_end():
    seconds = [second(k) for k in range(8)]
    cut = Span(BEGIN + 2_500 * NS_PER_MS, BEGIN + 4_000 * NS_PER_MS)
    assert of_cuts(seconds, [cut]) == [second(2), second(3), second(4)]
    assert of_cuts(seconds, [Span(cut.begin_ns, cut.end_ns + 1)])[-1] == second(5)
    assert outside(seconds, [cut]) == [second(0), second(1), second(5), second(6), second(7)]


@given(st.integers(0, 10**10), st.integers(1, 10**10))
def test_every_second_is_of_a_cut_or_outside_it(begin_ns, length_ns):
    seconds = [second(k) for k in range(10)]
    cut = Span(BEGIN + begin_ns, BEGIN + begin_ns + length_ns)
    assert sorted(of_cuts(seconds, [cut]) + outside(seconds, [cut])) == seconds


def test_ages_are_those_of_the_seconds_asked_for_and_of_known_commands():
    now = BEGIN + np.arange(4000, dtype=np.int64) * NS_PER_MS
    sent = now - 50 * NS_PER_MS
    sent[3500:] = 0
    first, last = by_second((now, sent), [second(0), second(3)])
    assert (len(first), len(last)) == (1000, 500)
    assert by_second((now, sent), []) == []


def test_bounds_are_of_whole_seconds_and_of_what_belongs_together():
    level = np.random.default_rng(3).normal(100.0, 20.0, 40)

    def kept_together(picked):
        return np.array([(level[picked] + 7.0).mean() - level[picked].mean()])

    def drawn_apart(first, second):
        return np.array([(level[first] + 7.0).mean() - level[second].mean()])

    (paired,), (apart,) = bounded(kept_together, 40), bounded(drawn_apart, 40, 40)
    assert [paired.value, paired.low, paired.high] == pytest.approx([7.0, 7.0, 7.0])
    assert apart.value == pytest.approx(7.0)
    assert apart.low < 0.0 < 14.0 < apart.high


def test_each_figure_has_bounds_of_its_own_and_of_one_second_none():
    level = np.arange(10.0)
    still, moving = bounded(lambda picked: np.array([3.0, level[picked].mean()]), 10)
    assert (still.value, still.low, still.high) == (3.0, 3.0, 3.0)
    assert moving.low < moving.value == 4.5 < moving.high
    alone = bounded(lambda picked: np.array([len(picked)]), 1)[0]
    assert (alone.value, alone.low, alone.high) == (1.0, None, None)


class FakeYardstick:
    def __init__(self, cores):
        self.stopped = False
        late_ns = 3 * NS_PER_MS if cores.name == "CONTROL" else 2 * NS_PER_MS
        self.told = {BEGIN + k * NS_PER_S: late_ns + k for k in range(-1, 3)}
        if cores.name == "CONTROL":
            del self.told[BEGIN + NS_PER_S]

    def worst_ns(self, begin_ns, end_ns):
        assert end_ns - begin_ns == NS_PER_S
        return self.told.get(begin_ns)

    def stop(self):
        self.stopped = True


def test_each_second_is_asked_for_once_from_the_one_before_the_run_on_and_the_worse_loop_counts(monkeypatch):
    monkeypatch.setattr(host_module, "Yardstick", FakeYardstick)
    watch = HostWatch()
    watch.look(BEGIN)
    assert watch.seconds == [], "the run has not begun"
    watch.begin(BEGIN)
    for ms in range(0, 2_400, 50):
        watch.look(BEGIN + ms * NS_PER_MS)
    worst_ns = 3 * NS_PER_MS
    assert watch.seconds == host(worst_ns - 1, worst_ns, None)
    watch.look(BEGIN + 3_400 * NS_PER_MS)
    assert [each.late_ns for each in watch.seconds[3:]] == [worst_ns + 2]
