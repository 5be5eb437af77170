"""The gate's questions about tips and room: speeds, accelerations, walls, depth, the other arm, lag."""

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinematics import Follower, load_robot
from kinematics.description import Mount, Wall, load_description
from protocol.messages import FreezeClass
from protocol.records import ArmSetpoint
from safety.gate import CAP_FALLS_M_S2, CAP_SLACK_M_S, LAG_SLACK, Gate, GatedSetpoint, Refusal
from safety.geometry import ArmGeometry
from safety.limits import load_limits
from tests.kinematics.motions import commands, ticks

ARM = load_robot("psm")
ROBOT = load_description("psm")
LIMITS = load_limits("laparoscopic")
UPRIGHT = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
ONE = msgspec.structs.replace(ROBOT, mounts=(Mount("only", (0.0, 0.0, 0.0), UPRIGHT),))
ROOMY = msgspec.structs.replace(ONE, walls=())
HOME = (*(joint.home for joint in ROBOT.joints), 0.5)
DT = 0.001
CAP = ROBOT.tip.speed_max_m_s


def wish(position, velocity=(0.0,) * 7):
    return ArmSetpoint(tuple(position), tuple(velocity))


def at(axis, position):
    return wish((*HOME[:axis], position, *HOME[axis + 1 :]))


def ramp(gate, axis, acceleration, cap_m_s=CAP, ticks=400, start=HOME):
    """Ramp one joint up until the gate refuses; its refusal and the joint's speed then, or None."""
    position, speed = start[axis], 0.0
    for _ in range(ticks):
        position, speed = position + (speed + 0.5 * acceleration * DT) * DT, speed + acceleration * DT
        q, v = list(start), [0.0] * 7
        q[axis], v[axis] = position, speed
        verdict = gate.check((wish(q, v),), DT, cap_m_s, ())
        if isinstance(verdict, Refusal):
            return verdict, speed
    return None


def primed(robot, start=HOME, cap_m_s=CAP):
    gate = Gate(robot, LIMITS)
    for _ in range(100):
        assert isinstance(gate.check((wish(start),) * len(robot.mounts), DT, cap_m_s, ()), GatedSetpoint)
    return gate


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["steps", "walk", "sinusoids", "beyond", "edge"]),
    st.sampled_from([0.003, 0.01, 0.1, 1.0]),
    st.integers(0, 2**32 - 1),
    st.booleans(),
)
def test_whatever_the_follower_plans_passes(kind, reach, seed, caps_change):
    rng = np.random.default_rng(seed)
    start, poses = commands(ARM, kind, reach, ticks("1 ms", 500, rng), rng)
    follower, gate, cap_m_s = Follower(ARM, start), Gate(ROOMY, LIMITS), CAP
    for tick, pose in enumerate(poses):
        if caps_change and tick % 70 == 0:
            cap_m_s = float(rng.uniform(0.0, CAP))
        follower.servo_cp(*pose, DT, cap_m_s)
        passes(gate, follower, cap_m_s)
    for _ in range(100):
        follower.stop(DT)
        passes(gate, follower, cap_m_s)
    assert follower.at_rest


def passes(gate, follower, cap_m_s):
    wanted = wish((*follower.setpoint_jp, 0.0), (*follower.setpoint_jv, 0.0))
    verdict = gate.check((wanted,), DT, cap_m_s, ())
    assert isinstance(verdict, GatedSetpoint), verdict


def test_a_tip_that_ignores_its_cap_is_refused():
    refusal, speed = ramp(primed(ROOMY, cap_m_s=0.05), 2, 4.0, cap_m_s=0.05)
    assert "tip speed" in refusal.culprit
    assert refusal.limit == pytest.approx(0.05 + CAP_SLACK_M_S)
    assert refusal.limit < refusal.value < refusal.limit + 0.005
    assert abs(speed - refusal.value) < 0.005


def test_a_tip_is_refused_above_the_speed_of_its_robot_whatever_the_cap():
    refusal, _ = ramp(primed(ROOMY), 2, 4.0, cap_m_s=10.0)
    assert "tip speed" in refusal.culprit
    assert refusal.limit == pytest.approx(1.02 * CAP)


def test_a_cap_that_falls_comes_into_force_at_a_deceleration_that_arms_can_keep():
    gate, position, speed = primed(ROOMY), HOME[2], 0.0
    for tick in range(200):
        before, speed = speed, min(speed + 0.004, 0.15)
        position += 0.5 * (before + speed) * DT
        q, v = [*HOME[:2], position, *HOME[3:]], [0.0, 0.0, speed, 0.0, 0.0, 0.0, 0.0]
        verdict = gate.check((wish(q, v),), DT, CAP if tick < 100 else 0.01, ())
        if isinstance(verdict, Refusal):
            break
    fell_s = (CAP + CAP_SLACK_M_S - 0.15) / CAP_FALLS_M_S2
    assert "tip speed" in verdict.culprit
    assert abs((tick - 99) * DT - fell_s) < 0.002


def test_a_tip_that_turns_too_fast_is_refused():
    refusal, speed = ramp(primed(ROOMY), 3, 50.0)
    assert "turning" in refusal.culprit
    assert 3.0 < speed < 3.2


@pytest.mark.parametrize(("axis", "culprit", "limit"), [(2, "tip acceleration", 11.0), (3, "angular", 78.0)])
def test_a_tip_that_leaps_within_its_joints_limits_is_refused(axis, culprit, limit):
    assert limit * 1.05 < ROBOT.joints[axis].acceleration_max
    assert ramp(primed(ROOMY), axis, limit * 0.95, ticks=15) is None
    refusal, _ = ramp(primed(ROOMY), axis, limit * 1.05)
    assert culprit in refusal.culprit
    assert refusal.limit == pytest.approx(limit)


def test_an_acceleration_is_judged_over_the_time_between_ticks_that_were_skipped():
    """The plant sees every third setpoint of a motion that passes tick by tick."""
    gate = primed(ROOMY)
    position, speed = HOME[2], 0.0
    for tick in range(1, 41):
        position, speed = position + (speed + 0.5 * 4.9 * DT) * DT, speed + 4.9 * DT
        if tick % 3 == 0:
            q, v = [*HOME[:2], position, *HOME[3:]], [0.0, 0.0, speed, 0.0, 0.0, 0.0, 0.0]
            assert isinstance(gate.check((wish(q, v),), 3 * DT, CAP, ()), GatedSetpoint)


def test_a_gate_that_held_takes_the_arms_to_have_stopped():
    gate = primed(ROOMY)
    assert ramp(gate, 2, 4.0, ticks=30) is None
    held = gate.hold()
    assert isinstance(gate.check(held.arms, DT, CAP, ()), GatedSetpoint)


@pytest.mark.parametrize("part", ["p", "wrist"])
def test_tip_and_wrist_must_be_inside_the_walls(part):
    bent = (*HOME[:4], 0.6, 0.4, 0.5)
    posture = ArmGeometry(ONE, ONE.mounts[0]).reach(bent).posture
    other = posture.wrist if part == "p" else posture.p
    here = getattr(posture, part)
    length = math.dist(here, other)
    normal = tuple((b - a) / length for a, b in zip(here, other, strict=True))
    for inside_m, good in ((1e-4, True), (-1e-4, False)):
        point = tuple(x - inside_m * n for x, n in zip(here, normal, strict=True))
        walled = msgspec.structs.replace(ONE, walls=(*ROBOT.walls, Wall("glass", point, normal)))
        verdict = Gate(walled, LIMITS).check((wish(bent),), DT, CAP, ())
        assert isinstance(verdict, GatedSetpoint) == good
        if not good:
            assert verdict.culprit == "arm 0: inside the wall 'glass' by m"
            assert verdict.value == pytest.approx(-1e-4, abs=1e-9)
            assert verdict.freeze_class is FreezeClass.ARM


def test_the_wrist_must_be_as_deep_as_the_trocar_asks():
    shallowest = ROBOT.tip.wrist_depth_min_m + 0.4318 - 0.4162
    assert isinstance(Gate(ONE, LIMITS).check((at(2, shallowest),), DT, CAP, ()), GatedSetpoint)
    refusal = Gate(ONE, LIMITS).check((at(2, shallowest - 1e-4),), DT, CAP, ())
    assert refusal.culprit == "arm 0: wrist depth in m"
    assert refusal.value == pytest.approx(0.0449)


def two_arms(apart_m, lean_rad):
    """Two arms that lean towards each other, their remote centres so far apart."""
    c, s = math.cos(lean_rad), math.sin(lean_rad)
    left, right = (((c, 0.0, side * s), (0.0, 1.0, 0.0), (-side * s, 0.0, c)) for side in (-1.0, 1.0))
    mounts = (Mount("left", (-0.5 * apart_m, 0.0, 0.0), left), Mount("right", (0.5 * apart_m, 0.0, 0.0), right))
    return msgspec.structs.replace(ROBOT, mounts=mounts, walls=())


def test_the_shafts_of_two_arms_stay_5_mm_apart():
    pair = (wish(HOME), wish(HOME))
    closest_m = 0.008 + 0.005
    gate = Gate(two_arms(closest_m + 1e-4, 0.0), LIMITS)
    assert isinstance(gate.check(pair, DT, CAP, ()), GatedSetpoint)
    assert gate.spare_m == pytest.approx(1e-4)
    refusal = Gate(two_arms(closest_m - 1e-4, 0.0), LIMITS).check(pair, DT, CAP, ())
    assert refusal.culprit == "arms 0 and 1: shafts' axes apart by m"
    assert (refusal.value, refusal.limit) == (pytest.approx(closest_m - 1e-4), pytest.approx(closest_m))


def test_instruments_meet_at_their_tips():
    lean_rad, tip_depth_m = math.radians(25.0), 0.1135
    apart_m = 2.0 * (tip_depth_m * math.sin(lean_rad) + 0.001)
    robot = two_arms(apart_m, lean_rad)
    tips = [ArmGeometry(robot, mount).reach(HOME).posture.p for mount in robot.mounts]
    assert math.dist(*tips) == pytest.approx(0.002, abs=1e-4)
    assert isinstance(Gate(robot, LIMITS).check((wish(HOME),) * 2, DT, CAP, ()), GatedSetpoint)


@pytest.mark.parametrize("kind", [0, 1])
def test_a_hand_that_left_its_arm_behind_is_the_masters_doing(kind):
    limit = LAG_SLACK * (LIMITS.people.lag_m, LIMITS.people.lag_rad)[kind]
    for share, good in ((0.999, True), (1.001, False), (math.nan, False)):
        lag = tuple(share * limit if part == kind else 0.0 for part in range(2))
        verdict = Gate(ROBOT, LIMITS).check((wish(HOME),) * 2, DT, CAP, ((0.0, 0.0), lag))
        assert isinstance(verdict, GatedSetpoint) == good
        if not good:
            assert verdict.culprit.startswith("LAG: arm 1")
            assert verdict.freeze_class is FreezeClass.MASTER


def test_a_cap_that_is_no_number_lets_nothing_pass():
    assert isinstance(Gate(ROBOT, LIMITS).check((wish(HOME),) * 2, DT, math.nan, ()), Refusal)
