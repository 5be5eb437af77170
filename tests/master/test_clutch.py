"""The clutch, with hand and world axes far from each other and from identity."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from master.clutch import BACKLOG_S, Caps, Clutch, Token
from protocol.pose import (
    IDENTITY,
    ZERO,
    add,
    angle_rad,
    conjugate,
    from_rotation_vector,
    multiply,
    norm,
    rotate,
    scaled,
    subtract,
    turned,
)

DT = 0.001
FREE = Caps(speed_m_s=1e6, angular_speed_rad_s=1e6)
CAPS = Caps(speed_m_s=0.2, angular_speed_rad_s=3.0)
TOKEN = Token(1, 2)
Q_WH = from_rotation_vector((1.1, -0.7, 2.0))

small = st.floats(-1.0, 1.0)
points = st.tuples(small, small, small).map(lambda v: scaled(v, 0.05))
turns = st.tuples(small, small, small).map(from_rotation_vector)
poses = st.tuples(points, turns)
paths = st.lists(poses, min_size=2, max_size=20)


def engaged(start, q_WH=Q_WH, scale=1.0):
    clutch = Clutch(q_WH, scale)
    clutch.update(*start, False, TOKEN, FREE, DT)
    clutch.update(*start, True, TOKEN, FREE, DT)
    assert clutch.engaged
    return clutch


def near(a, b, tolerance=1e-9):
    return all(math.isclose(x, y, abs_tol=tolerance) for x, y in zip(a, b, strict=True))


def same_rotation(a, b, tolerance=1e-7):
    return angle_rad(multiply(a, conjugate(b))) < tolerance


@given(paths, st.sampled_from([0.2, 1.0]))
def test_the_displacement_is_the_hands_since_the_pedal_went_down_seen_from_the_world(path, scale):
    clutch = engaged(path[0], scale=scale)
    for p, q in path[1:]:
        clutch.update(p, q, True, TOKEN, FREE, DT)
    (p0, q0), (p1, q1) = path[0], path[-1]
    assert near(clutch.p_W_m, rotate(Q_WH, scaled(subtract(p1, p0), scale)))
    assert same_rotation(clutch.q_W, turned(Q_WH, multiply(q1, conjugate(q0))))


@given(paths, poses)
def test_an_epoch_begins_at_zero_wherever_hand_and_arm_are(path, elsewhere):
    clutch = engaged(path[0])
    for p, q in path[1:]:
        clutch.update(p, q, True, TOKEN, FREE, DT)
    epoch = clutch.epoch
    clutch.update(*elsewhere, False, TOKEN, FREE, DT)
    assert not clutch.engaged
    clutch.update(*path[0], True, TOKEN, FREE, DT)
    assert clutch.engaged
    assert clutch.epoch == epoch + 1
    assert clutch.p_W_m == ZERO
    assert clutch.q_W == IDENTITY


@given(paths, st.integers(1, 18), st.sampled_from([0.2, 0.5, 2.0]))
def test_a_change_of_scale_moves_nothing_and_counts_from_then_on(path, at, scale):
    at = min(at, len(path) - 1)
    clutch = engaged(path[0])
    for p, q in path[1 : at + 1]:
        clutch.update(p, q, True, TOKEN, FREE, DT)
    before = clutch.p_W_m
    clutch.set_scale(scale)
    assert clutch.p_W_m == before
    clutch.update(*path[at], True, TOKEN, FREE, DT)
    assert near(clutch.p_W_m, before)
    for p, q in path[at + 1 :]:
        clutch.update(p, q, True, TOKEN, FREE, DT)
    assert near(clutch.p_W_m, add(before, rotate(Q_WH, scaled(subtract(path[-1][0], path[at][0]), scale))))


@given(paths)
def test_the_caps_hold_at_every_tick_whatever_the_hand_does(path):
    clutch = engaged(path[0])
    for p, q in path[1:]:
        p_before, q_before = clutch.p_W_m, clutch.q_W
        clutch.update(p, q, True, TOKEN, CAPS, DT)
        assert norm(subtract(clutch.p_W_m, p_before)) <= CAPS.speed_m_s * DT * (1 + 1e-9)
        assert angle_rad(multiply(clutch.q_W, conjugate(q_before))) <= CAPS.angular_speed_rad_s * DT * (1 + 1e-6)


def test_a_burst_is_caught_up_with_and_a_leap_is_let_go():
    clutch = engaged((ZERO, IDENTITY), IDENTITY)
    burst = (0.8 * CAPS.speed_m_s * BACKLOG_S, 0.0, 0.0)
    for _ in range(25):
        clutch.update(burst, IDENTITY, True, TOKEN, CAPS, DT)
    assert near(clutch.p_W_m, burst)
    leap = (1.0, 0.0, 0.0)
    for _ in range(200):
        clutch.update(leap, IDENTITY, True, TOKEN, CAPS, DT)
    behind = clutch.p_W_m[0] - burst[0]
    assert math.isclose(behind, CAPS.speed_m_s * (BACKLOG_S + DT), rel_tol=1e-6)
    clutch.update(add(leap, (-1e-4, 0.0, 0.0)), IDENTITY, True, TOKEN, CAPS, DT)
    assert math.isclose(clutch.p_W_m[0] - burst[0], behind - 1e-4, rel_tol=1e-6), "the way back begins at once"


def test_a_pedal_that_is_down_at_the_start_must_come_up_first():
    clutch = Clutch()
    clutch.update(ZERO, IDENTITY, True, TOKEN, FREE, DT)
    assert not clutch.engaged
    clutch.update(ZERO, IDENTITY, False, TOKEN, FREE, DT)
    clutch.update(ZERO, IDENTITY, True, TOKEN, FREE, DT)
    assert clutch.engaged


def test_a_press_without_a_token_engages_nothing_even_when_the_token_comes():
    clutch = Clutch()
    clutch.update(ZERO, IDENTITY, False, None, FREE, DT)
    clutch.update(ZERO, IDENTITY, True, None, FREE, DT)
    clutch.update(ZERO, IDENTITY, True, TOKEN, FREE, DT)
    assert not clutch.engaged


def test_after_a_rest_the_pedal_must_come_up_first():
    clutch = engaged((ZERO, IDENTITY))
    clutch.rest()
    clutch.update((0.01, 0.0, 0.0), IDENTITY, True, TOKEN, FREE, DT)
    assert not clutch.engaged
    assert clutch.p_W_m == ZERO


def test_the_token_is_the_one_of_the_press():
    clutch = engaged((ZERO, IDENTITY))
    clutch.update(ZERO, IDENTITY, True, Token(9, 9), FREE, DT)
    assert clutch.token == TOKEN


@pytest.mark.parametrize("scale", [0.0, -1.0, 2.1, math.nan, math.inf])
def test_impossible_scales_are_refused(scale):
    with pytest.raises(ValueError, match="scale"):
        Clutch(scale=scale)
