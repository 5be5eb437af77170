import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.pose import angle_rad, conjugate, multiply
from slave.offset import (
    CLOSING_ANGULAR_SPEED_RAD_S,
    CLOSING_SPEED_M_S,
    NO_OFFSET,
    apply_offset,
    close_offset,
    offset_between,
)

VECTORS = st.tuples(*[st.floats(-0.1, 0.1)] * 3)
UNITS = (
    st.tuples(*[st.floats(-1.0, 1.0)] * 4)
    .filter(lambda v: math.hypot(*v) > 0.1)
    .map(lambda v: tuple(x / math.hypot(*v) for x in v))
)


def turned(q_a, q_b):
    return angle_rad(multiply(q_a, conjugate(q_b)))


@given(VECTORS, UNITS, VECTORS, UNITS)
def test_with_its_offset_the_command_is_the_setpoint(p_set, q_set, p_command, q_command):
    offset = offset_between(p_set, q_set, p_command, q_command)
    p, q = apply_offset(offset, p_command, q_command)
    assert p == pytest.approx(p_set, abs=1e-12)
    assert turned(q, q_set) < 1e-9


@given(VECTORS, UNITS, VECTORS, UNITS, st.floats(1e-4, 5e-3))
def test_an_offset_closes_no_faster_than_it_may_and_then_is_none(p_set, q_set, p_command, q_command, dt):
    offset = offset_between(p_set, q_set, p_command, q_command)
    time = 0.0
    p, q = apply_offset(offset, p_command, q_command)
    for _ in range(20):
        offset = close_offset(offset, dt)
        p_next, q_next = apply_offset(offset, p_command, q_command)
        assert math.dist(p, p_next) <= CLOSING_SPEED_M_S * dt + 1e-12
        assert turned(q, q_next) <= CLOSING_ANGULAR_SPEED_RAD_S * dt + 1e-9
        p, q = p_next, q_next
        time += dt
    left = max(0.0, math.dist(p_set, p_command) - CLOSING_SPEED_M_S * time)
    assert math.dist(p, p_command) == pytest.approx(left, abs=1e-9)
    assert close_offset(offset, 100.0) is NO_OFFSET


def test_no_offset_leaves_the_command_as_it_is():
    command = ((0.1, 0.2, 0.3), (1.0, 0.0, 0.0, 0.0))
    assert apply_offset(NO_OFFSET, *command) == command
    assert close_offset(NO_OFFSET, 1e-3) is NO_OFFSET
