"""What the gate's answers hold: the very setpoint that was asked for, or culprit, value and limit."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinematics.description import Wall
from kinematics.reference import Chain, Posture
from protocol.messages import FreezeClass
from protocol.pose import from_rotation_vector, multiply, rotate
from protocol.records import ArmSetpoint
from safety.gate import LAG_SLACK, SPEED_SLACK, TOLERANCE, Gate, GatedSetpoint, Refusal, _motion
from safety.geometry import ArmGeometry, Reach
from tests.safety.test_gate import AXES, CAP, DT, FREE, HOME, LIMITS, NAMES, ONE_ARMED, REST, ROBOT, passed, wish


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


def test_of_what_has_the_wrong_length_its_own_is_told():
    assert told(refused(passed(), ArmSetpoint(HOME[:5], (0.0,) * 7), REST)) == ("arm 0: number of joints", 5, 7)


def test_arms_that_stand_may_not_say_that_they_move():
    """Once, for a tick may begin with any speed that a joint can gain; but then it must go somewhere."""
    gained = 0.9 * AXES[0].acceleration_max * DT
    moves = wish(0, HOME[0], gained)
    for both in ((moves, REST), (moves, moves)):
        assert "yaw position off its velocity" in refused(passed(both), *both).culprit


def test_a_tip_that_stops_where_it_was_told_last_brakes_no_harder_than_it_may():
    """Its last wish again, without a speed; but the last tick was a long one, and this one is short."""
    moved_m, long_s, short_s = 1e-6, 0.01, 0.001
    gained_m_s2 = moved_m / long_s / long_s
    tip = msgspec.structs.replace(ONE_ARMED.tip, stop_deceleration_m_s2=1.2 * gained_m_s2)
    gate = Gate(msgspec.structs.replace(ONE_ARMED, tip=tip), LIMITS)
    there = wish(2, HOME[2] + moved_m)
    for each in (REST, REST, there):
        assert isinstance(gate.check((each,), long_s, CAP, ()), GatedSetpoint)
    refusal = gate.check((there,), short_s, CAP, ())
    assert isinstance(refusal, Refusal)
    assert refusal.culprit == "arm 0: tip acceleration in m/s2"
    assert refusal.value == pytest.approx(moved_m / long_s / (0.5 * (long_s + short_s)), rel=1e-3)


def test_a_gate_judges_by_the_kinematics_that_it_is_given():
    class Sunk(Chain):
        def posture(self, q):
            posture = super().posture(q)
            return posture._replace(p=(posture.p[0], posture.p[1], -1.0))

    walled = msgspec.structs.replace(ONE_ARMED, walls=ROBOT.walls)
    assert isinstance(Gate(walled, LIMITS).check((REST,), DT, CAP, ()), GatedSetpoint)
    assert "inside the wall" in refused(Gate(walled, LIMITS, Sunk), REST).culprit


WIDE = msgspec.structs.replace(
    ONE_ARMED, jaw=msgspec.structs.replace(ONE_ARMED.jaw, position_min=-9.0, position_max=9.0)
)
"""A jaw moves no tip, and this one is asked for positions around zero: nothing there is rounded."""
LONG_S, SHORT_S = 2.0**-4, 2.0**-10
SPEED = AXES[6].velocity_max * (1.0 + TOLERANCE)
ACCELERATION = AXES[6].acceleration_max * (1.0 + TOLERANCE)
GAIN = ACCELERATION * SHORT_S


def beyond(x):
    return math.nextafter(x, math.copysign(math.inf, x))


def answer_to(dt_s, *steps):
    """What the gate says to the last of these positions and velocities of the jaw, the others of which pass."""
    gate = Gate(WIDE, LIMITS)
    for step in steps[:-1]:
        assert isinstance(gate.check((wish(6, *step),), dt_s, CAP, ()), GatedSetpoint)
    return gate.check((wish(6, *steps[-1]),), dt_s, CAP, ())


@pytest.mark.parametrize("fast", [SPEED, -SPEED])
def test_a_speed_on_the_limit_passes_and_one_beyond_is_told(fast):
    half = 0.5 * fast * LONG_S
    assert isinstance(answer_to(LONG_S, (0.0, 0.0), (half, fast)), GatedSetpoint)
    over = answer_to(LONG_S, (0.0, 0.0), (half, beyond(fast)))
    assert told(over) == ("arm 0: jaw speed", beyond(fast), SPEED)


@pytest.mark.parametrize("fast", [SPEED, -SPEED])
def test_a_step_on_the_limit_passes_and_one_beyond_is_told(fast):
    begun = (-0.5 * fast * LONG_S, 0.0), (0.0, fast)
    assert isinstance(answer_to(LONG_S, *begun, (fast * LONG_S, fast)), GatedSetpoint)
    over = answer_to(LONG_S, *begun, (beyond(fast * LONG_S), fast))
    assert told(over) == ("arm 0: jaw step", beyond(fast), SPEED)


@pytest.mark.parametrize("off", [GAIN, -GAIN])
def test_a_position_that_strays_to_the_limit_passes_and_one_beyond_is_told(off):
    assert isinstance(answer_to(SHORT_S, (0.0, 0.0), (0.5 * off * SHORT_S, 0.0)), GatedSetpoint)
    over = answer_to(SHORT_S, (0.0, 0.0), (0.5 * beyond(off) * SHORT_S, 0.0))
    assert told(over) == ("arm 0: jaw position off its velocity", 0.5 * beyond(off), 0.5 * GAIN)


@pytest.mark.parametrize("gain", [GAIN, -GAIN])
def test_an_acceleration_on_the_limit_passes_and_one_beyond_is_told(gain):
    half = 0.5 * gain * SHORT_S
    assert isinstance(answer_to(SHORT_S, (0.0, 0.0), (half, gain)), GatedSetpoint)
    assert told(answer_to(SHORT_S, (0.0, 0.0), (half, beyond(gain))))[0] == "arm 0: jaw acceleration"
    culprit, value, limit = told(answer_to(SHORT_S, (0.0, 0.0), (half, gain), (4.0 * half, 2.1 * gain)))
    assert (culprit, limit) == ("arm 0: jaw acceleration", ACCELERATION)
    assert value == pytest.approx(1.1 * gain / SHORT_S)


def test_a_tip_that_may_hardly_turn_may_stand_still():
    slow = msgspec.structs.replace(ONE_ARMED, tip=msgspec.structs.replace(ONE_ARMED.tip, angular_speed_max_rad_s=0.01))
    gate = Gate(slow, LIMITS)
    for _ in range(3):
        assert isinstance(gate.check((REST,), DT, CAP, ()), GatedSetpoint)
    gained = 0.5 * AXES[3].acceleration_max
    culprit, value, limit = told(refused(gate, wish(3, HOME[3] + 0.5 * gained * DT * DT, gained * DT)))
    assert culprit == "arm 0: tip turning in rad/s"
    assert value == pytest.approx(0.5 * gained * DT, rel=1e-6)
    assert limit == 0.01 * (1.0 + SPEED_SLACK)


@given(st.tuples(*[st.floats(-0.02, 0.02)] * 3), st.tuples(*[st.floats(-1e-3, 1e-3)] * 3), st.floats(1e-4, 0.1))
def test_the_motion_of_a_tip_is_its_way_and_its_turn_over_the_time(turn, way, dt_s):
    q = from_rotation_vector(turn)
    axes = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    begin = from_rotation_vector((0.4, -0.7, 0.2))
    was, now = ([rotate(q_W, axis) for axis in axes] for q_W in (begin, multiply(q, begin)))
    still = (0.0, 0.0, 0.0)
    before, after = (
        Reach(Posture(p, *frame, still, still), 0.0, (still, still)) for p, frame in ((still, was), (way, now))
    )
    motion = _motion(before, after, dt_s)
    assert motion.v_m_s == pytest.approx([x / dt_s for x in way], rel=1e-9, abs=1e-12)
    # The sine of the angle for the angle: less by a sixth of its cube.
    assert motion.w_rad_s == pytest.approx([x / dt_s for x in turn], rel=1e-3, abs=1e-9)


def test_a_tip_within_rounding_of_a_wall_is_inside_it():
    p = ArmGeometry(ONE_ARMED, ONE_ARMED.mounts[0]).reach(HOME).posture.p
    for inside_m, good in ((0.5 * TOLERANCE, True), (-0.5 * TOLERANCE, True), (-1.5 * TOLERANCE, False)):
        floor = Wall("floor", (p[0], p[1], p[2] - inside_m), (0.0, 0.0, 1.0))
        verdict = Gate(msgspec.structs.replace(ONE_ARMED, walls=(floor,)), LIMITS).check((REST,), DT, CAP, ())
        assert isinstance(verdict, GatedSetpoint) == good


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
