import numpy as np
import pytest

from bench.link.ages import Span
from bench.link.curve_cost import cpu_us_per_command, curve_cost
from bench.link.rivals import RivalLog
from protocol.clock import NS_PER_MS, NS_PER_S

BEGIN = 10**12
SECONDS = 8
EVERY = [Span(BEGIN + k * NS_PER_S, BEGIN + (k + 1) * NS_PER_S) for k in range(SECONDS)]


def cpu(us_per_command, rate_hz=1000, reading_ms=100, from_ms=-500, to_ms=SECONDS * 1000 + 500):
    """Readings of a process that used so much for each command: one figure, or one for each second."""
    at_ms = np.arange(from_ms, to_ms + 1, reading_ms)
    each_us = np.broadcast_to(np.asarray(us_per_command, dtype=float), SECONDS)
    by_ms = np.array([each_us[min(max(ms // 1000, 0), SECONDS - 1)] for ms in range(from_ms, to_ms)]) * rate_hz
    used_ns = np.concatenate(([0.0], np.cumsum(by_ms)))[at_ms - from_ms]
    columns = BEGIN + at_ms * NS_PER_MS, 5 * NS_PER_MS + used_ns, 300 + (at_ms - from_ms) * rate_hz / 1000
    return np.column_stack([each.astype(np.int64) for each in columns])


def rival(sender_us, receiver_us, age_ms=50.0, rate_hz=1000, **changes):
    now = BEGIN + np.arange(-500, SECONDS * 1000 + 500, dtype=np.int64) * NS_PER_MS
    made = RivalLog(now, now - round(age_ms * NS_PER_MS), cpu(sender_us, rate_hz), cpu(receiver_us, rate_hz))
    return made._replace(**changes)


def cost(keyed, plain, quiet=EVERY):
    return curve_cost({"lanes-keyed": keyed, "lanes-plain": plain}, EVERY, quiet)


@pytest.mark.parametrize("rate_hz", [500, 1000])
def test_the_cost_is_of_both_sides_and_of_one_command(rate_hz):
    found = cost(rival(80.0, 67.0, rate_hz=rate_hz), rival(75.0, 60.0, rate_hz=rate_hz))
    assert found.cpu_us.keyed.value == pytest.approx(147.0)
    assert found.cpu_us.plain.value == pytest.approx(135.0)
    assert found.cpu_us.added.value == pytest.approx(12.0)
    assert found.cpu_added_max_us == 15.0
    assert (found.seconds, found.seconds_set_aside) == (SECONDS, 0)


def test_what_makes_both_dearer_in_the_same_second_does_not_widen_the_bounds_of_what_is_added():
    slow = np.random.default_rng(5).uniform(0.0, 100.0, SECONDS)
    found = cost(rival(80.0 + slow, 60.0), rival(70.0 + slow, 60.0))
    assert found.cpu_us.keyed.high - found.cpu_us.keyed.low > 20.0
    assert [found.cpu_us.added.low, found.cpu_us.added.high] == pytest.approx([10.0, 10.0])


def test_a_difference_that_changes_from_second_to_second_widens_them():
    found = cost(rival(80.0 + 20.0 * (np.arange(SECONDS) % 2), 60.0), rival(70.0, 60.0))
    assert found.cpu_us.added.value == pytest.approx(20.0)
    assert found.cpu_us.added.low < 15.0 < 25.0 < found.cpu_us.added.high


def test_seconds_in_which_the_host_stood_still_count_for_nothing_and_are_told():
    stalled = np.where(np.arange(SECONDS) == 3, 1000.0, 80.0)
    ages = rival(stalled, 60.0)
    held = ages.sent_ns.copy()
    held[3600:3700] = held[3600]
    keyed = ages._replace(sent_ns=held)
    assert cost(keyed, rival(70.0, 60.0)).cpu_us.added.value > 100.0
    found = cost(keyed, rival(70.0, 60.0), [each for k, each in enumerate(EVERY) if k != 3])
    assert found.cpu_us.added.value == pytest.approx(10.0)
    assert found.command_age_ms["p999"].keyed.high == pytest.approx(50.0)
    assert (found.seconds, found.seconds_set_aside) == (SECONDS - 1, 1)


def test_the_ages_of_both_stand_beside_each_other_and_so_does_what_keys_add():
    found = cost(rival(80.0, 60.0, age_ms=50.5), rival(70.0, 60.0, age_ms=48.25))
    for each in found.command_age_ms.values():
        assert (each.keyed.value, each.plain.value, each.added.value) == (50.5, 48.25, pytest.approx(2.25))
    assert set(found.command_age_ms) == {"p50", "p90", "p99", "p999"}


def test_a_second_of_which_a_rival_saw_only_a_part_is_none():
    late = rival(80.0, 60.0, sender_cpu=cpu(80.0, from_ms=1500))
    assert cost(late, rival(70.0, 60.0)).seconds == SECONDS - 2
    assert cost(rival(70.0, 60.0), late).seconds == SECONDS - 2
    mute = rival(80.0, 60.0)
    assert cost(mute._replace(sent_ns=np.where(mute.now_ns < BEGIN + 1, 0, mute.sent_ns)), late).seconds == SECONDS - 2


def test_readings_between_the_edges_of_a_second_are_shared_out():
    coarse = rival(80.0, 60.0, sender_cpu=cpu(80.0, reading_ms=300, from_ms=-450, to_ms=8250))
    assert cost(coarse, rival(70.0, 60.0)).cpu_us.added.value == pytest.approx(10.0, abs=1e-3)


def test_without_both_rivals_there_is_no_cost_and_without_a_quiet_second_no_figure():
    one = rival(80.0, 60.0)
    assert curve_cost({"lanes-keyed": one}, EVERY, EVERY) is None
    assert curve_cost({"lanes-plain": one, "udp": one}, EVERY, EVERY) is None
    found = cost(one, one, quiet=[])
    assert (found.cpu_us.added.value, found.seconds, found.seconds_set_aside) == (None, 0, SECONDS)
    nothing = np.zeros((0, 3), dtype=np.int64)
    assert cost(one, one._replace(receiver_cpu=nothing)).seconds == 0
    assert cpu_us_per_command(one._replace(sender_cpu=nothing), EVERY) is None


def test_of_any_rival_the_cost_of_a_command_is_told():
    assert cpu_us_per_command(rival(20.0, 15.0), EVERY) == pytest.approx(35.0)
