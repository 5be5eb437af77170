"""What the gate's answers hold: the very setpoint that was asked for, or culprit, value and limit."""

import math

import msgspec
import pytest

from kinematics.description import Wall
from protocol.messages import FreezeClass
from protocol.records import ArmSetpoint
from safety.gate import LAG_SLACK, TOLERANCE, Gate, GatedSetpoint, Refusal
from tests.safety.test_gate import AXES, CAP, DT, FREE, HOME, LIMITS, NAMES, ONE_ARMED, REST, passed, wish


def refused(gate, *wishes, lags=()):
    refusal = gate.check(tuple(wishes), DT, CAP, lags)
    assert isinstance(refusal, Refusal)
    return refusal


def told(refusal):
    return refusal.culprit, refusal.value, refusal.limit


def test_what_passes_is_what_was_asked_for_at_rest_and_in_motion():
    gate = Gate(FREE, LIMITS)
    moving = wish(2, HOME[2] + 0.5e-6, 1e-3)
    for asked in ((REST, REST), (REST, REST), (REST, REST), (moving, REST)):
        answer = gate.check(asked, DT, CAP, ())
        assert isinstance(answer, GatedSetpoint)
        assert answer.arms is asked
    held = gate.hold()
    assert held is not None
    assert [arm.position for arm in held.arms] == [moving.position, HOME]
    assert not any(any(arm.velocity) for arm in held.arms)


def test_arms_that_rest_may_not_leap_with_no_speed_neither_one_nor_all():
    leaped = wish(0, HOME[0] + 0.1)
    for wishes in ((leaped, REST), (REST, leaped), (leaped, leaped)):
        assert "step" in refused(passed(), *wishes).culprit


def test_arms_that_rest_may_not_begin_at_speed_where_they_stand():
    fast = ArmSetpoint(HOME, (1.0, *(0.0,) * 6))
    for wishes in ((fast, REST), (REST, fast), (fast, fast)):
        assert "yaw" in refused(passed(), *wishes).culprit


def test_arms_at_rest_are_still_asked_for_their_lag():
    gate = passed((REST, REST), (REST, REST))
    lag_m = LAG_SLACK * LIMITS.people.lag_m
    assert isinstance(gate.check((REST, REST), DT, CAP, ((lag_m, 0.0), (0.0, 0.0))), GatedSetpoint)
    assert refused(gate, REST, REST, lags=((0.0, 0.0), (1.001 * lag_m, 0.0))).freeze_class is FreezeClass.MASTER


def test_wrong_shapes_are_told_with_both_numbers():
    short = ArmSetpoint(HOME[:6], (0.0,) * 6)
    half = ArmSetpoint(HOME, (0.0,) * 6)
    assert told(refused(passed(), REST)) == ("number of arms", 1, 2)
    assert told(refused(passed(), REST, short)) == ("arm 1: number of joints", 6, 7)
    assert told(refused(passed(), half, REST)) == ("arm 0: number of joints", 6, 7)


def test_what_is_not_finite_is_told_so():
    culprit, value, limit = told(refused(passed(), REST, wish(3, math.nan)))
    assert culprit == "arm 1: a number that is not finite"
    assert math.isnan(value)
    assert limit == 0.0


@pytest.mark.parametrize("axis", range(7))
def test_a_position_on_the_edge_of_the_tolerance_passes_and_one_beyond_is_told(axis):
    joint = AXES[axis]
    for edge, limit, sign in (
        (joint.position_min - TOLERANCE, joint.position_min, -1.0),
        (joint.position_max + TOLERANCE, joint.position_max, 1.0),
    ):
        assert isinstance(Gate(ONE_ARMED, LIMITS).check((wish(axis, edge),), DT, CAP, ()), GatedSetpoint)
        beyond = edge + sign * 1e-9
        culprit, value, bound = told(refused(Gate(ONE_ARMED, LIMITS), wish(axis, beyond)))
        assert culprit == f"arm 0: {NAMES[axis]} position"
        assert value == beyond
        assert bound == pytest.approx(limit, abs=1e-12)


def test_accelerations_of_the_tip_are_told():
    """One arm whose tip may gain little: a joint that begins to move is refused for what its tip does."""
    for field, what in (
        ("stop_deceleration_m_s2", "tip acceleration in m/s2"),
        ("stop_angular_deceleration_rad_s2", "tip angular acceleration in rad/s2"),
    ):
        tip = msgspec.structs.replace(ONE_ARMED.tip, **{field: 1e-3})
        gate = Gate(msgspec.structs.replace(ONE_ARMED, tip=tip), LIMITS)
        assert isinstance(gate.check((REST,), DT, CAP, ()), GatedSetpoint)
        gained = 0.5 * AXES[0].acceleration_max
        culprit, value, limit = told(refused(gate, wish(0, HOME[0] + 0.5 * gained * DT * DT, gained * DT)))
        assert culprit == f"arm 0: {what}"
        assert value > limit > 1e-3


def test_room_that_lacks_is_told():
    deep = msgspec.structs.replace(ONE_ARMED, tip=msgspec.structs.replace(ONE_ARMED.tip, wrist_depth_min_m=0.5))
    culprit, value, limit = told(refused(Gate(deep, LIMITS), REST))
    assert culprit == "arm 0: wrist depth in m"
    assert 0.0 < value < limit == 0.5 - TOLERANCE
    walled = msgspec.structs.replace(ONE_ARMED, walls=(Wall("floor", (0.0, 0.0, 1.0), (0.0, 0.0, 1.0)),))
    culprit, value, limit = told(refused(Gate(walled, LIMITS), REST))
    assert "floor" in culprit
    assert value < 0.0 == limit


def test_lags_on_the_limit_pass_and_beyond_are_told():
    limits = (LAG_SLACK * LIMITS.people.lag_m, LAG_SLACK * LIMITS.people.lag_rad)
    gate = passed()
    assert isinstance(gate.check((REST, REST), DT, CAP, (limits, limits)), GatedSetpoint)
    for kind, unit in ((0, "m"), (1, "rad")):
        lag = [0.0, 0.0]
        lag[kind] = limits[kind] * (1.0 + 1e-9)
        refusal = refused(gate, REST, REST, lags=((0.0, 0.0), tuple(lag)))
        assert told(refusal) == (f"LAG: arm 1: lag in {unit}", lag[kind], limits[kind])
        assert refusal.freeze_class is FreezeClass.MASTER


def test_after_a_hold_the_arms_rest_and_go_on_from_there():
    gate = passed((wish(2, HOME[2] + 0.5e-6, 1e-3), REST))
    held = gate.hold()
    assert held is not None
    still = wish(2, HOME[2] + 0.5e-6)
    answer = gate.check((still, REST), DT, CAP, ())
    assert isinstance(answer, GatedSetpoint), answer
    assert "step" in refused(gate, wish(2, HOME[2] + 0.1), REST).culprit


def test_before_the_first_check_nothing_is_known_of_the_room():
    gate = Gate(FREE, LIMITS)
    assert gate.spare_m == math.inf
    assert gate.hold() is None
