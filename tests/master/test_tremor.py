import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from master.tremor import TremorFilter
from protocol.pose import IDENTITY, ZERO, angle_rad, conjugate, from_rotation_vector, multiply

TICK_HZ = 1000.0
components = st.floats(-0.2, 0.2)
vectors = st.tuples(components, components, components)


@pytest.mark.parametrize("hz", [8.0, 8.5, 9.0, 10.0, 11.0, 12.0])
def test_tremor_is_attenuated_by_8_db(hz):
    notch = TremorFilter(TICK_HZ)
    notch.reset(ZERO, IDENTITY)
    ins, outs, turns = [], [], []
    for k in range(4000):
        x = 1e-4 * math.sin(math.tau * hz * k / TICK_HZ)
        p, q = notch.filter((x, 0.0, 0.0), from_rotation_vector((0.0, x, 0.0)))
        ins.append(x)
        outs.append(p[0])
        turns.append(angle_rad(q))
    rms = [math.sqrt(sum(v * v for v in values[2000:])) for values in (ins, outs, turns)]
    assert 20.0 * math.log10(rms[0] / rms[1]) >= 8.0
    assert 20.0 * math.log10(rms[0] / rms[2]) >= 8.0


@pytest.mark.parametrize("tick_hz", [250.0, 1000.0, 2000.0])
@pytest.mark.parametrize("q_factor", [0.5, 0.7, 1.5])
def test_a_slow_ramp_comes_out_late_by_the_stated_delay(tick_hz, q_factor):
    notch = TremorFilter(tick_hz, q_factor=q_factor)
    speed, rate = 0.01, 0.05
    for k in range(round(2.0 * tick_hz)):
        t = k / tick_hz
        p, q = notch.filter((speed * t, 0.0, 0.0), from_rotation_vector((rate * t, 0.0, 0.0)))
    assert t - p[0] / speed == pytest.approx(notch.delay_s, rel=1e-6)
    assert t - angle_rad(q) / rate == pytest.approx(notch.delay_s, rel=1e-3)


def test_the_delay_as_built():
    assert TremorFilter(TICK_HZ).delay_s == pytest.approx(1.0 / (0.7 * math.tau * 10.0), rel=1e-3)
    assert TremorFilter(TICK_HZ).delay_s < 0.025


@settings(max_examples=20, deadline=None)
@given(vectors, vectors, vectors)
def test_at_rest_the_pose_comes_out_as_it_went_in(before, p, turn):
    notch = TremorFilter(TICK_HZ)
    notch.reset(before, IDENTITY)
    q = from_rotation_vector(turn)
    for _ in range(3000):
        out_p, out_q = notch.filter(p, q)
    assert out_p == pytest.approx(p, abs=1e-12)
    assert out_q == pytest.approx(q, abs=1e-12)


def test_nothing_drifts_after_long_tremor():
    notch = TremorFilter(TICK_HZ)
    for k in range(100_000):
        notch.filter((0.3 + 1e-3 * math.sin(0.06 * k), 0.0, 0.0), IDENTITY)
    for _ in range(3000):
        p, _ = notch.filter((0.3, 0.0, 0.0), IDENTITY)
    assert p[0] == pytest.approx(0.3, abs=1e-13)


@given(vectors, vectors)
def test_after_reset_the_first_pose_is_that_pose(p, turn):
    notch = TremorFilter(TICK_HZ)
    q = from_rotation_vector(turn)
    notch.reset(p, q)
    out_p, out_q = notch.filter(p, q)
    assert out_p == pytest.approx(p, abs=1e-15)
    assert out_q == pytest.approx(q, abs=1e-14)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(vectors, st.booleans()), min_size=2, max_size=60))
def test_sign_flips_of_the_input_change_nothing_and_q_stays_unit(turns):
    plain, flipped = TremorFilter(TICK_HZ), TremorFilter(TICK_HZ)
    last = None
    for turn, flip in turns:
        q = from_rotation_vector(turn)
        minus = tuple(-c for c in q)
        _, expected = plain.filter(ZERO, q)
        _, got = flipped.filter(ZERO, minus if flip else q)
        assert got == expected
        assert math.hypot(*got) == pytest.approx(1.0, abs=1e-12)
        if last is not None:
            assert sum(a * b for a, b in zip(got, last, strict=True)) > 0.0
        last = got


def test_a_hand_that_flips_over_is_followed_at_once_and_stays_a_rotation():
    notch = TremorFilter(20.5 * 2, centre_hz=10.0)
    q = IDENTITY
    for k in range(200):
        q = from_rotation_vector((0.0, 0.0, 0.98 * math.pi * (k % 3)))
        _, out = notch.filter(ZERO, q)
        assert math.hypot(*out) == pytest.approx(1.0, abs=1e-12)
    for _ in range(1000):
        _, out = notch.filter(ZERO, q)
    assert angle_rad(multiply(conjugate(q), out)) < 1e-6


@pytest.mark.parametrize(
    "bad", [(0.0,), (-1.0,), (40.0,), (math.nan,), (math.inf,), (1000.0, 0.0), (1000.0, 10.0, 0.0)]
)
def test_senseless_rates_are_refused(bad):
    with pytest.raises(ValueError, match="tremor filter: tick rate"):
        TremorFilter(*bad)
