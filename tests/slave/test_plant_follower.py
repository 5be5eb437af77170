"""The reference goes on for a moment and then rests, smoothly and within its limits, whatever the setpoint was."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slave.plants.follower import COAST_NS, Follower

ACCELERATION_MAX = np.array([60.0, 12.0, 200.0])
STEP_NS = 100_000
velocities = st.tuples(st.floats(-2.0, 2.0), st.floats(-0.4, 0.4), st.floats(-10.0, 10.0))


class Reference:
    """A follower and the arrays that it writes."""

    def __init__(self) -> None:
        self.position, self.velocity = np.zeros(3), np.zeros(3)
        made = Follower(self.position, self.velocity, ACCELERATION_MAX)
        self.track, self.advance, self.stop, self.rest_at = made.track, made.advance, made.stop, made.rest_at
        self.may_go_to, self.slide = made.may_go_to, made.slide


def follower() -> Reference:
    return Reference()


def course(one: Reference, from_ns: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    positions, rates = [], []
    for k in range(count):
        one.advance(from_ns + k * STEP_NS)
        positions.append(one.position.copy())
        rates.append(one.velocity.copy())
    return np.array(positions), np.array(rates)


@given(velocity=velocities)
def test_a_setpoint_coasts_then_rests_within_the_limits_of_acceleration(velocity):
    one = follower()
    one.track((0.1, 0.2, 0.3), velocity, 0)
    positions, rates = course(one, 0, 1200)
    coasting = COAST_NS // STEP_NS
    np.testing.assert_allclose(rates[:coasting], np.tile(velocity, (coasting, 1)))
    assert np.all(np.abs(np.diff(rates, axis=0)) <= ACCELERATION_MAX * STEP_NS * 1e-9 * 1.001 + 1e-9)
    # Position is the integral of velocity (trapezium rule, exact but where the braking begins and ends).
    np.testing.assert_allclose(np.diff(positions, axis=0), 0.5 * (rates[1:] + rates[:-1]) * STEP_NS * 1e-9, atol=1e-6)
    assert np.all(rates[-1] == 0.0)


@given(velocity=velocities)
def test_braking_keeps_to_a_straight_line_and_one_joint_to_its_limit(velocity):
    one = follower()
    one.track((0.0, 0.0, 0.0), velocity, 0)
    one.advance(0)
    rest_ns = one.stop(0)
    braking_s = max(np.abs(velocity) / ACCELERATION_MAX)
    assert abs(rest_ns * 1e-9 - braking_s) < 1e-8
    one.advance(rest_ns)
    np.testing.assert_allclose(one.position, np.array(velocity) * braking_s / 2.0, atol=1e-7)


def test_a_setpoint_of_the_future_waits_at_its_position():
    one = follower()
    one.track((0.1, 0.2, 0.3), (1.0, 0.1, 5.0), 10 * STEP_NS)
    one.advance(0)
    np.testing.assert_array_equal(one.position, (0.1, 0.2, 0.3))


def test_stop_at_rest_is_rest():
    one = follower()
    one.rest_at(np.array([0.1, 0.2, 0.3]))
    assert one.stop(77) == 77
    one.advance(10**12)
    np.testing.assert_array_equal(one.position, (0.1, 0.2, 0.3))
    np.testing.assert_array_equal(one.velocity, 0.0)


def test_how_far_a_setpoint_may_be_is_asked_of_each_axis():
    one = follower()
    one.rest_at(np.array([0.1, 0.2, 0.3]))
    jumps = (0.01, 0.02, 0.03)
    assert one.may_go_to((0.109, 0.181, 0.329), jumps)
    for axis in range(3):
        for far in (1.1 * jumps[axis], -1.1 * jumps[axis], float("nan"), float("inf")):
            position = [0.1, 0.2, 0.3]
            position[axis] += far
            assert not one.may_go_to(tuple(position), jumps)
    for short in ((0.1, 0.2), (0.1, 0.2, 0.3, 0.4)):
        with pytest.raises(ValueError, match="wants 3"):
            one.may_go_to(short, jumps)
        with pytest.raises(ValueError, match="wants 3"):
            one.may_go_to((0.1, 0.2, 0.3), short)


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="one length"):
        Follower(np.zeros(3), np.zeros(2), ACCELERATION_MAX)
    with pytest.raises(ValueError, match="one length"):
        Follower(np.zeros(17), np.zeros(17), np.ones(17))
    one = follower()
    with pytest.raises(ValueError, match="wants 3"):
        one.track((0.0, 0.0), (0.0, 0.0, 0.0), 0)
    with pytest.raises(ValueError, match="wants 3"):
        one.rest_at(np.zeros(2))
    with pytest.raises(ValueError, match="axis is 3"):
        one.slide(3, 0.1)
