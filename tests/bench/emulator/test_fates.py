from itertools import groupby

import numpy as np
import pytest

from bench.emulator import fates
from bench.emulator.engine import DOUBLED, LOST, LOST_IN_BURST, REORDERED
from bench.emulator.profile import Delay, Direction, Loss, Outages, Reorder, load_profile


def flags(direction, seed=1, name="upstream"):
    return fates.fates(direction, seed, 0, name)


@pytest.mark.parametrize("share", [0.0, 0.00055, 0.008256, 0.1, 0.5, 1.0])
def test_independent_loss_is_the_profiles_in_any_hundred_thousand_packets(share):
    lost = flags(Direction(Delay(1.0), Loss(share))) & LOST > 0
    for begin in range(0, len(lost), 100_000):
        assert lost[begin : begin + 100_000].mean() == pytest.approx(share, rel=0.02, abs=1e-9)


@pytest.mark.parametrize(("share", "burst"), [(0.1, 5.0), (0.3, 5.0), (0.5, 5.0), (0.02, 4.0)])
def test_bursts_have_the_profiles_share_and_mean_length(share, burst):
    lost = flags(Direction(Delay(1.0), Loss(share, burst))) & LOST_IN_BURST > 0
    assert lost.mean() == pytest.approx(share, rel=0.001)
    lengths = [sum(1 for _ in run) for is_lost, run in groupby(lost) if is_lost]
    assert np.mean(lengths) == pytest.approx(burst, rel=0.03)
    assert max(lengths) > 3 * burst


def test_duplicates_and_late_ones_have_their_shares():
    chosen = flags(Direction(Delay(1.0), duplicate_share=0.05, reorder=Reorder(0.02, 5.0)))
    assert (chosen & DOUBLED > 0).mean() == pytest.approx(0.05)
    assert (chosen & REORDERED > 0).mean() == pytest.approx(0.02)


def test_the_seed_makes_the_link_and_each_direction_is_its_own():
    direction = Direction(Delay(1.0), Loss(0.1, 5.0))
    assert np.array_equal(flags(direction), flags(direction))
    assert not np.array_equal(flags(direction), flags(direction, seed=2))
    assert not np.array_equal(flags(direction), flags(direction, name="downstream"))


@pytest.mark.parametrize("name", ["urumqi-shanghai", "beijing-shanghai", "4g", "netfi-delay-210", "loss-10"])
def test_where_each_packet_draws_its_delay_any_hundred_thousand_have_the_mean(name):
    direction = load_profile(name).carriers[0].direction
    delays, step_ns = fates.delays(direction, 1, 0, "upstream")
    assert step_ns == 0
    for begin in range(0, len(delays), 100_000):
        part = delays[begin : begin + 100_000] / 1e6
        assert part.mean() == pytest.approx(direction.delay.mean_ms, rel=0.005)
        assert part.min() >= direction.delay.floor_ms


def test_lasting_delays_have_the_mean_of_each_stretch_and_never_tear_the_order():
    direction = load_profile("urumqi-shanghai-slow").carriers[0].direction
    calm = Direction(Delay(direction.delay.floor_ms, (1.0,), direction.delay.rates_per_ms, 40.0))
    delays, step_ns = fates.delays(calm, 1, 0, "upstream")
    assert step_ns == fates.STEP_NS
    for begin in range(0, len(delays), fates.TIME_BLOCK):
        part = delays[begin : begin + fates.TIME_BLOCK] / 1e6
        assert part.mean() == pytest.approx(calm.delay.mean_ms, rel=0.005)
    falls = np.diff(delays) < -step_ns
    assert falls.mean() < 0.01
    near = np.corrcoef(delays[:-10], delays[10:])[0, 1]
    far = np.corrcoef(delays[:-1000], delays[1000:])[0, 1]
    assert near > 0.8
    assert abs(far) < 0.1


def test_a_stall_holds_everything_and_lets_it_go_at_once():
    delay = Delay(10.0, (1.0,), (1.0,), 40.0, stalls_per_hour=60.0, stall_ms=500.0)
    delays, step_ns = fates.delays(Direction(delay), 3, 0, "upstream")
    top = int(np.argmax(delays))
    assert delays[top] == 500_000_000
    leaves = top * step_ns + delays[top]
    following = np.arange(top, top + 400)
    assert np.allclose(following * step_ns + delays[following], leaves)


def test_outages_are_of_the_link_and_not_of_a_direction():
    plan = Outages(pause_s=8.5, shortest_s=0.0, longest_s=3.0, at_s=((1.0, 2.0),))
    spans = fates.outages(plan, 1, 0)
    assert spans[0].tolist() == [1_000_000_000, 3_000_000_000]
    lengths = (spans[1:, 1] - spans[1:, 0]) / 1e9
    assert 0.0 <= lengths.min() <= lengths.max() <= 3.0
    assert lengths.mean() == pytest.approx(1.5, rel=0.1)
    pauses = (spans[2:, 0] - spans[1:-1, 1]) / 1e9
    assert pauses == pytest.approx(8.5)
    assert np.array_equal(spans, fates.outages(plan, 1, 0))
    assert len(fates.outages(Outages(), 1, 0)) == 0
