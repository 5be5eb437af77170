import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinematics.description import load_description
from protocol.records import ArmSetpoint
from safety.gate import Gate, GatedSetpoint, Refusal

ROBOT = load_description("psm")
AXES = (*ROBOT.joints, ROBOT.jaw)
NAMES = (*(joint.name for joint in ROBOT.joints), "jaw")
HOME = (*(joint.home for joint in ROBOT.joints), 0.5)
REST = ArmSetpoint(HOME, (0.0,) * 7)
DT = 0.001


def wish(axis, position=None, velocity=0.0):
    positions, velocities = list(HOME), [0.0] * 7
    positions[axis] = HOME[axis] if position is None else position
    velocities[axis] = velocity
    return ArmSetpoint(tuple(positions), tuple(velocities))


def passed(*wishes):
    """A gate that has let these through."""
    gate = Gate(ROBOT, 2)
    for each in ((REST, REST), *wishes):
        assert isinstance(gate.check(each, DT), GatedSetpoint)
    return gate


def test_only_the_gate_makes_a_setpoint():
    with pytest.raises(TypeError, match="alone: nothing ungated"):
        GatedSetpoint((REST, REST), object())


@pytest.mark.parametrize("arm", [0, 1])
@pytest.mark.parametrize("axis", range(7))
def test_every_limit_of_every_joint_holds_from_just_below_to_just_above(arm, axis):
    """Dense around each limit: within a part in 10^5 it passes, beyond that it does not, in either direction."""
    joint = AXES[axis]
    for sign in (-1.0, 1.0):
        gained, speed = joint.acceleration_max * DT * sign, joint.velocity_max * sign
        for share, good in ((0.99, True), (1.0 - 1e-5, True), (1.0, True), (1.0 + 1e-5, False), (2.0, False)):
            fast, at = at_speed(axis, sign, arm)
            stepping, _ = at_speed(axis, sign, arm)
            cases = (
                ("acceleration", wish(axis, HOME[axis] + 0.5 * gained * share * DT, gained * share), passed()),
                ("step", wish(axis, at + speed * share * DT, speed), stepping),
                ("speed", wish(axis, at + 0.5 * speed * (1.0 + share) * DT, speed * share), fast),
            )
            for what, wished, gate in cases:
                verdict = gate.check(pair(arm, wished), DT)
                assert isinstance(verdict, GatedSetpoint) == good, (what, share, verdict)
                if not good:
                    assert verdict.culprit == f"arm {arm}: {NAMES[axis]} {what}"
                    assert abs(verdict.value) > verdict.limit > 0.0


def pair(arm, one):
    return (one, REST) if arm == 0 else (REST, one)


def at_speed(axis, sign, arm):
    """A gate whose last setpoint moved at the joint's full speed, and where that was."""
    gate = Gate(ROBOT, 2)
    full = AXES[axis].velocity_max * sign
    gain = AXES[axis].acceleration_max * DT * sign
    position, velocity = HOME[axis], 0.0
    while velocity != full:
        faster = full if abs(full - velocity) <= abs(gain) else velocity + gain
        position, velocity = position + 0.5 * (velocity + faster) * DT, faster
        verdict = gate.check(pair(arm, wish(axis, position, velocity)), DT)
        assert isinstance(verdict, GatedSetpoint), verdict
    return gate, position


@pytest.mark.parametrize("axis", range(7))
def test_positions_beyond_the_joint_are_refused(axis):
    joint = AXES[axis]
    for limit, sign in ((joint.position_min, -1.0), (joint.position_max, 1.0)):
        assert isinstance(Gate(ROBOT, 1).check((wish(axis, limit),), DT), GatedSetpoint)
        refusal = Gate(ROBOT, 1).check((wish(axis, limit + sign * 1e-4),), DT)
        assert isinstance(refusal, Refusal)
        assert refusal.limit == limit
        assert NAMES[axis] in str(refusal)


@given(st.integers(0, 1), st.integers(0, 6), st.booleans(), st.sampled_from([math.nan, math.inf, -math.inf]))
def test_one_number_that_is_not_finite_is_refused_wherever_it_is(arm, axis, in_velocity, number):
    gate = passed()
    bad = wish(axis, velocity=number) if in_velocity else wish(axis, number)
    refusal = gate.check(pair(arm, bad), DT)
    assert isinstance(refusal, Refusal)
    assert "not finite" in refusal.culprit


def test_two_infinities_of_opposite_sign_are_refused_too():
    refusal = passed().check((ArmSetpoint((math.inf, -math.inf, *HOME[2:]), (0.0,) * 7), REST), DT)
    assert isinstance(refusal, Refusal)


def test_shapes_are_checked():
    assert isinstance(passed().check((REST,), DT), Refusal)
    short = ArmSetpoint(HOME[:6], (0.0,) * 6)
    assert isinstance(passed().check((REST, short), DT), Refusal)
    assert isinstance(passed().check((REST, ArmSetpoint(HOME, (0.0,) * 6)), DT), Refusal)


def test_what_was_refused_does_not_count_as_told():
    gate = passed()
    assert isinstance(gate.check((wish(0, HOME[0] + 0.5), REST), DT), Refusal)
    assert isinstance(gate.check((REST, REST), DT), GatedSetpoint)


def test_after_a_refusal_the_last_setpoint_holds_at_rest():
    moving = wish(0, HOME[0] + 5e-6, velocity=0.01)
    gate = passed((moving, REST))
    held = gate.hold()
    assert held is not None
    assert held.arms[0].position == moving.position
    assert not any(held.arms[0].velocity)
    assert Gate(ROBOT, 2).hold() is None


def test_a_restarted_gate_takes_the_arms_to_stand_where_they_begin():
    gate = passed()
    elsewhere = wish(0, 0.5)
    assert isinstance(gate.check((elsewhere, REST), DT), Refusal)
    gate.restart()
    assert isinstance(gate.check((elsewhere, REST), DT), GatedSetpoint)
    moving = msgspec.structs.replace(elsewhere, velocity=(1.0, *(0.0,) * 6))
    gate.restart()
    assert isinstance(gate.check((moving, REST), DT), Refusal)


def test_limits_are_per_second_not_per_tick():
    gained = ROBOT.joints[0].acceleration_max * 0.003
    faster = wish(0, HOME[0] + 0.5 * gained * 0.003, velocity=gained)
    assert isinstance(passed().check((faster, REST), 0.001), Refusal)
    assert isinstance(passed().check((faster, REST), 0.003), GatedSetpoint)


@pytest.mark.parametrize("axis", range(7))
def test_positions_must_be_where_the_velocities_lead(axis):
    """A square wave of small positions at rest: no speed, no step beyond the limits, and yet leaps of the arm."""
    stride = 0.9 * AXES[axis].velocity_max * DT
    refusal = passed().check((wish(axis, HOME[axis] + stride), REST), DT)
    assert isinstance(refusal, Refusal)
    assert "off its velocity" in refusal.culprit
