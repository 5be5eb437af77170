import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from master.devices.settings import DeviceSettings
from master.devices.synthetic import CYCLE_S, DOWN_S, DRIFT_MAX_M, DRIFT_MAX_RAD, LEAD_IN_S, SyntheticDevice
from protocol.pose import IDENTITY, add, angle_rad, conjugate, multiply, norm, subtract

NS = 1_000_000_000
SETTINGS = DeviceSettings()
seeds = st.integers(0, 10_000)


def at(device, t_s):
    return device.sample(round(t_s * NS))


def started(seed):
    device = SyntheticDevice(seed, SETTINGS)
    device.start(0)
    return device


def track(seed, until_s, step_s=0.001):
    device = started(seed)
    return [at(device, k * step_s) for k in range(round(until_s / step_s))]


@settings(max_examples=25, deadline=None)
@given(seeds, st.lists(st.floats(0.0, 60.0), min_size=1, max_size=20))
def test_same_seed_gives_the_same_hands_whatever_the_sampling_instants(seed, instants):
    device = started(seed)
    for t_s in instants:
        alone = started(seed)
        assert at(device, t_s) == at(alone, t_s)


def test_seeds_and_hands_differ():
    one, other = at(started(1), 3.0), at(started(2), 3.0)
    assert one.hands != other.hands
    assert one.hands[0].p_HT_m != one.hands[1].p_HT_m


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_hands_stay_in_their_workspace_and_below_hand_speed(seed):
    samples = track(seed, LEAD_IN_S + 2 * CYCLE_S, 0.002)
    for before, after in pairwise(samples):
        for a, b in zip(before.hands, after.hands, strict=True):
            assert math.hypot(*b.p_HT_m) <= 0.0402
            assert math.dist(a.p_HT_m, b.p_HT_m) / 0.002 <= 0.131  # 0.12 of the reach and 0.01 of the tremor
            assert angle_rad(multiply(conjugate(a.q_HT), b.q_HT)) / 0.002 <= 2.2


def test_reaches_are_as_long_and_fast_as_hands_make_them():
    samples = track(5, 30.0, 0.002)
    for hand in (0, 1):
        xs = [sample.hands[hand].p_HT_m[0] for sample in samples]
        speeds = [math.dist(a.hands[hand].p_HT_m, b.hands[hand].p_HT_m) / 0.002 for a, b in pairwise(samples)]
        jaws = [sample.hands[hand].jaw_rad for sample in samples]
        turns = [angle_rad(sample.hands[hand].q_HT) for sample in samples]
        assert max(xs) - min(xs) > 0.03
        assert max(speeds) > 0.06
        assert max(jaws) - min(jaws) > 0.5
        assert max(turns) > math.radians(8.0)


def test_the_pedal_is_scripted():
    device = started(0)
    assert at(device, LEAD_IN_S - 0.001).pedal_down == (False, False)
    for cycle in range(3):
        begin_s = LEAD_IN_S + cycle * CYCLE_S
        assert at(device, begin_s + 0.001).pedal_down == (True, True)
        assert at(device, begin_s + DOWN_S - 0.001).pedal_down == (True, True)
        assert at(device, begin_s + DOWN_S + 0.001).pedal_down == (False, False)
        assert at(device, begin_s + CYCLE_S - 0.001).pedal_down == (False, False)


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_hands_are_slow_at_every_pedal_edge_and_moved_in_between(seed):
    device = started(seed)
    for cycle in range(3):
        begin_s = LEAD_IN_S + cycle * CYCLE_S
        for edge_s in (begin_s, begin_s + DOWN_S):
            for k in range(-50, 50):
                a, b = at(device, edge_s + k * 1e-3), at(device, edge_s + (k + 1) * 1e-3)
                for hand in (0, 1):
                    assert math.dist(a.hands[hand].p_HT_m, b.hands[hand].p_HT_m) / 1e-3 < 0.010
        left, back = at(device, begin_s + DOWN_S), at(device, begin_s + CYCLE_S)
        assert any(math.dist(left.hands[h].p_HT_m, back.hands[h].p_HT_m) > 0.003 for h in (0, 1))


def test_tremor_lies_between_8_and_12_hz():
    np = pytest.importorskip("numpy")
    device = started(11)
    x = np.array([at(device, k * 1e-3).hands[0].p_HT_m[0] for k in range(500)])  # at rest but for the tremor
    x -= x.mean()
    power = np.abs(np.fft.rfft(x * np.hanning(len(x)))) ** 2
    hz = np.fft.rfftfreq(len(x), 1e-3)
    assert power[(hz >= 4.0) & (hz <= 16.0)].sum() > 0.95 * power.sum()
    assert 0.5 * 3e-5 < x.std() < 2.0 * 3e-5


def test_time_stands_still_until_start():
    device = SyntheticDevice(4, SETTINGS)
    assert device.sample(7 * NS).hands == device.sample(9 * NS).hands
    assert not device.ended(10**6 * NS)


@given(seeds)
def test_the_tips_are_brought_back_and_do_not_drift_away(seed):
    """What the pedal lets through of cycle after cycle, put together: at scale 1 that is where a tip is."""
    device = started(seed)
    led = [((0.0, 0.0, 0.0), IDENTITY)] * 2
    for cycle in range(60):
        begin_s = LEAD_IN_S + cycle * CYCLE_S
        down, up = at(device, begin_s + 0.001), at(device, begin_s + DOWN_S - 0.001)
        for hand in (0, 1):
            before, after, (p, q) = down.hands[hand], up.hands[hand], led[hand]
            p = add(p, subtract(after.p_HT_m, before.p_HT_m))
            q = multiply(multiply(after.q_HT, conjugate(before.q_HT)), q)
            led[hand] = (p, q)
            assert norm(p) <= DRIFT_MAX_M + 2e-3, "a tremor's ends add up as chance has it"
            assert angle_rad(q) <= DRIFT_MAX_RAD + 0.02
