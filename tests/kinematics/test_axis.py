import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinematics import AxisFollower

SPEED, ACCELERATION, LOW, HIGH = 12.0, 400.0, 0.0, 1.0


def jaw(position=0.2):
    return AxisFollower(LOW, HIGH, SPEED, ACCELERATION, position)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-0.5, 1.5), st.integers(1, 80)), min_size=1, max_size=8),
    st.sampled_from([5e-4, 1e-3, 5e-3]),
    st.floats(0.5, SPEED),
)
def test_limits_are_kept_nothing_overshoots_and_the_end_is_exact_rest(steps, dt, cap):
    axis = jaw()
    speed = 0.0
    for position, count in [*steps, (steps[-1][0], round(4.0 / dt))]:
        for _ in range(count):
            before = axis.setpoint_jp
            axis.servo_jp(position, dt, cap)
            after = 2.0 * (axis.setpoint_jp - before) / dt - speed  # acceleration is constant over a tick
            assert abs(after) <= cap * (1.0 + 1e-6) + 1e-9
            assert abs(after - speed) <= ACCELERATION * dt * (1.0 + 1e-6)
            assert LOW - 1e-9 <= axis.setpoint_jp <= HIGH + 1e-9
            speed = axis.setpoint_jv
    assert axis.at_rest
    assert axis.setpoint_jp == pytest.approx(min(max(steps[-1][0], LOW), HIGH), abs=1e-6)


@pytest.mark.parametrize("dt", [2e-4, 1e-3, 5e-3])
def test_a_step_is_taken_without_overshoot(dt):
    axis = jaw(0.1)
    places = []
    for _ in range(3000):
        axis.servo_jp(0.9, dt, SPEED)
        places.append(axis.setpoint_jp)
    assert max(places) <= 0.9 + 1e-9
    assert np.diff(places).min() >= 0.0


def test_stop_brakes_as_hard_as_allowed_to_exact_rest():
    axis = jaw()
    for _ in range(25):
        axis.servo_jp(1.0, 1e-3, SPEED)
    speed, place = axis.setpoint_jv, axis.setpoint_jp
    for _ in range(math.ceil(speed / ACCELERATION / 1e-3)):
        axis.stop(1e-3)
    assert axis.at_rest
    assert axis.setpoint_jp - place <= speed**2 / (2 * ACCELERATION) + ACCELERATION * 1e-6


def test_from_beyond_the_limits_it_comes_back():
    axis = jaw(1.2)
    for _ in range(1000):
        axis.servo_jp(1.1, 1e-3, SPEED)
    assert axis.setpoint_jp == pytest.approx(HIGH, abs=1e-6)


@pytest.mark.parametrize(
    "limits", [(1.0, 0.0, 1.0, 1.0), (0.0, 1.0, 0.0, 1.0), (0.0, 1.0, 1.0, math.nan), (math.nan, 1.0, 1.0, 1.0)]
)
def test_limits_that_contradict_are_refused(limits):
    with pytest.raises(ValueError, match=r"position_min|above 0"):
        AxisFollower(*limits, 0.0)


@pytest.mark.parametrize(("position", "dt", "cap"), [(math.nan, 1e-3, 1.0), (0.5, 0.0, 1.0), (0.5, 1e-3, math.nan)])
def test_what_is_no_command_is_refused(position, dt, cap):
    axis = jaw()
    with pytest.raises(ValueError, match="must be"):
        axis.servo_jp(position, dt, cap)
    assert axis.setpoint_jp == 0.2
