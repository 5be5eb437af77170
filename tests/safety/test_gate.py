import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinematics.description import Wall, load_description
from protocol.records import ArmSetpoint
from safety.gate import Gate, GatedSetpoint, Refusal
from safety.limits import load_limits

ROBOT = load_description("psm")
LIMITS = load_limits("laparoscopic")
CAP = 1e6
# The robot with room for what is asked about single joints: tips as fast as they like, no walls, the arms far apart.
FREE = msgspec.structs.replace(
    ROBOT,
    tip=msgspec.structs.replace(
        ROBOT.tip,
        speed_max_m_s=CAP,
        angular_speed_max_rad_s=CAP,
        stop_deceleration_m_s2=CAP,
        stop_angular_deceleration_rad_s2=CAP,
        wrist_depth_min_m=-1.0,
    ),
    walls=(),
    mounts=tuple(
        msgspec.structs.replace(mount, p_WB_m=(10.0 * number, 0.0, 0.0)) for number, mount in enumerate(ROBOT.mounts)
    ),
)
ONE_ARMED = msgspec.structs.replace(FREE, mounts=FREE.mounts[:1])
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
    gate = Gate(FREE, LIMITS)
    for each in ((REST, REST), *wishes):
        assert isinstance(gate.check(each, DT, CAP, ()), GatedSetpoint)
    return gate


def test_only_the_gate_makes_a_setpoint():
    with pytest.raises(TypeError) as raised:
        GatedSetpoint((REST, REST), object())
    assert str(raised.value) == "a GatedSetpoint is made by Gate.check alone: nothing ungated becomes a setpoint"


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
                verdict = gate.check(pair(arm, wished), DT, CAP, ())
                assert isinstance(verdict, GatedSetpoint) == good, (what, share, verdict)
                if not good:
                    assert verdict.culprit == f"arm {arm}: {NAMES[axis]} {what}"
                    assert abs(verdict.value) > verdict.limit > 0.0


def pair(arm, one):
    return (one, REST) if arm == 0 else (REST, one)


def at_speed(axis, sign, arm):
    """A gate whose last setpoint moved at the joint's full speed, and where that was."""
    gate = Gate(FREE, LIMITS)
    full = AXES[axis].velocity_max * sign
    gain = AXES[axis].acceleration_max * DT * sign
    position, velocity = HOME[axis], 0.0
    while velocity != full:
        faster = full if abs(full - velocity) <= abs(gain) else velocity + gain
        position, velocity = position + 0.5 * (velocity + faster) * DT, faster
        verdict = gate.check(pair(arm, wish(axis, position, velocity)), DT, CAP, ())
        assert isinstance(verdict, GatedSetpoint), verdict
    return gate, position


@pytest.mark.parametrize("axis", range(7))
def test_positions_beyond_the_joint_are_refused(axis):
    joint = AXES[axis]
    for limit, sign in ((joint.position_min, -1.0), (joint.position_max, 1.0)):
        assert isinstance(Gate(ONE_ARMED, LIMITS).check((wish(axis, limit),), DT, CAP, ()), GatedSetpoint)
        refusal = Gate(ONE_ARMED, LIMITS).check((wish(axis, limit + sign * 1e-4),), DT, CAP, ())
        assert isinstance(refusal, Refusal)
        assert refusal.limit == limit
        assert NAMES[axis] in str(refusal)


@given(st.integers(0, 1), st.integers(0, 6), st.booleans(), st.sampled_from([math.nan, math.inf, -math.inf]))
def test_one_number_that_is_not_finite_is_refused_wherever_it_is(arm, axis, in_velocity, number):
    gate = passed()
    bad = wish(axis, velocity=number) if in_velocity else wish(axis, number)
    refusal = gate.check(pair(arm, bad), DT, CAP, ())
    assert isinstance(refusal, Refusal)
    assert "not finite" in refusal.culprit


def test_two_infinities_of_opposite_sign_are_refused_too():
    refusal = passed().check((ArmSetpoint((math.inf, -math.inf, *HOME[2:]), (0.0,) * 7), REST), DT, CAP, ())
    assert isinstance(refusal, Refusal)


def test_shapes_are_checked():
    assert isinstance(passed().check((REST,), DT, CAP, ()), Refusal)
    short = ArmSetpoint(HOME[:6], (0.0,) * 6)
    assert isinstance(passed().check((REST, short), DT, CAP, ()), Refusal)
    assert isinstance(passed().check((REST, ArmSetpoint(HOME, (0.0,) * 6)), DT, CAP, ()), Refusal)


def test_what_was_refused_does_not_count_as_told():
    gate = passed()
    assert isinstance(gate.check((wish(0, HOME[0] + 0.5), REST), DT, CAP, ()), Refusal)
    assert isinstance(gate.check((REST, REST), DT, CAP, ()), GatedSetpoint)


def test_after_a_refusal_the_last_setpoint_holds_at_rest():
    moving = wish(0, HOME[0] + 5e-6, velocity=0.01)
    gate = passed((moving, REST))
    held = gate.hold()
    assert held is not None
    assert held.arms[0].position == moving.position
    assert not any(held.arms[0].velocity)
    assert Gate(FREE, LIMITS).hold() is None


def test_a_restarted_gate_takes_the_arms_to_stand_where_they_begin():
    gate = passed()
    elsewhere = wish(0, 0.5)
    assert isinstance(gate.check((elsewhere, REST), DT, CAP, ()), Refusal)
    gate.restart()
    assert isinstance(gate.check((elsewhere, REST), DT, CAP, ()), GatedSetpoint)
    moving = msgspec.structs.replace(elsewhere, velocity=(1.0, *(0.0,) * 6))
    gate.restart()
    assert isinstance(gate.check((moving, REST), DT, CAP, ()), Refusal)


def test_limits_are_per_second_not_per_tick():
    gained = ROBOT.joints[0].acceleration_max * 0.003
    faster = wish(0, HOME[0] + 0.5 * gained * 0.003, velocity=gained)
    assert isinstance(passed().check((faster, REST), 0.001, CAP, ()), Refusal)
    assert isinstance(passed().check((faster, REST), 0.003, CAP, ()), GatedSetpoint)


@pytest.mark.parametrize("axis", range(7))
def test_positions_must_be_where_the_velocities_lead(axis):
    """A square wave of small positions at rest: no speed, no step beyond the limits, and yet leaps of the arm."""
    stride = 0.9 * AXES[axis].velocity_max * DT
    refusal = passed().check((wish(axis, HOME[axis] + stride), REST), DT, CAP, ())
    assert isinstance(refusal, Refusal)
    assert "off its velocity" in refusal.culprit


def slid(distance, velocity=0.0):
    """The left arm with its insertion changed, the right one at home."""
    position, speed = list(HOME), [0.0] * 7
    position[2], speed[2] = HOME[2] + distance, velocity
    return (ArmSetpoint(tuple(position), tuple(speed)), REST)


def with_tip(**limits):
    return msgspec.structs.replace(FREE, tip=msgspec.structs.replace(FREE.tip, **limits))


def first(robot, wishes=(REST, REST), cap=CAP, lags=()):
    return Gate(robot, LIMITS).check(wishes, DT, cap, lags)


@pytest.mark.parametrize(("share", "good"), [(0.99, True), (1.03, False)])
def test_the_tip_goes_no_faster_than_it_may(share, good):
    gate = Gate(with_tip(speed_max_m_s=0.2), LIMITS)
    speed = 0.0
    distance = 0.0
    while speed < 0.2 * share - 1e-9:
        gained = min(0.01, 0.2 * share - speed)
        distance += (speed + 0.5 * gained) * DT
        speed += gained
        verdict = gate.check(slid(distance, speed), DT, CAP, ())
    verdict = gate.check(slid(distance + speed * DT, speed), DT, CAP, ())
    assert isinstance(verdict, GatedSetpoint) == good
    if not good:
        assert "tip speed" in verdict.culprit


def test_a_cap_that_falls_comes_into_force_as_fast_as_an_arm_can_follow():
    gate = Gate(with_tip(speed_max_m_s=0.2), LIMITS)
    speed = distance = 0.0
    for _ in range(10):
        distance += (speed + 0.005) * DT
        speed += 0.01
        assert isinstance(gate.check(slid(distance, speed), DT, 0.2, ()), GatedSetpoint)
    passed_ticks = 0
    while isinstance(verdict := gate.check(slid(distance := distance + speed * DT, speed), DT, 0.0, ()), GatedSetpoint):
        passed_ticks += 1
    assert "tip speed" in verdict.culprit
    assert passed_ticks == pytest.approx((0.2 - 0.1 + 0.015) / 2.5 / DT, abs=2)


def test_the_tip_turns_no_faster_than_it_may():
    assert isinstance(first(with_tip(angular_speed_max_rad_s=3.0)), GatedSetpoint)
    gate = Gate(with_tip(angular_speed_max_rad_s=0.1), LIMITS)
    speed = distance = 0.0
    verdict = None
    while not isinstance(verdict, Refusal):
        distance += (speed + 0.05) * DT
        speed += 0.1
        verdict = gate.check((wish(3, HOME[3] + distance, speed), REST), DT, CAP, ())
    assert "tip turning" in verdict.culprit


def test_the_wrist_stays_deep_enough():
    depth_m = 0.1044
    assert isinstance(first(with_tip(wrist_depth_min_m=depth_m - 1e-4)), GatedSetpoint)
    assert "wrist depth" in first(with_tip(wrist_depth_min_m=depth_m + 1e-4)).culprit


def test_tip_and_wrist_stay_inside_the_walls():
    tip_z = -0.10286593
    for offset, good in ((1e-4, True), (-1e-4, False)):
        wall = Wall("test", (0.0, 0.0, tip_z - offset), (0.0, 0.0, 1.0))
        verdict = first(msgspec.structs.replace(FREE, walls=(wall,)))
        assert isinstance(verdict, GatedSetpoint) == good
        assert good or "inside the wall 'test'" in verdict.culprit


@pytest.mark.parametrize(("apart_m", "good"), [(0.0131, True), (0.0129, False)])
def test_the_shafts_stay_apart(apart_m, good):
    beside = tuple(msgspec.structs.replace(FREE.mounts[0], p_WB_m=(0.0, apart_m * number, 0.0)) for number in range(2))
    gate = Gate(msgspec.structs.replace(FREE, mounts=beside), LIMITS)
    verdict = gate.check((REST, REST), DT, CAP, ())
    assert isinstance(verdict, GatedSetpoint) == good
    assert good or "shafts" in verdict.culprit
    assert (gate.spare_m == pytest.approx(1e-4)) == good


@pytest.mark.parametrize(
    ("lag", "good"),
    [
        ((0.0149, 0.0), True),
        ((0.0151, 0.0), False),
        ((0.0, 0.261), True),
        ((0.0, 0.262), False),
        ((math.nan, 0.0), False),
    ],
)
def test_an_arm_far_behind_its_hand_goes_no_farther(lag, good):
    verdict = first(FREE, lags=((0.0, 0.0), lag))
    assert isinstance(verdict, GatedSetpoint) == good
    assert good or "arm 1: lag" in verdict.culprit
