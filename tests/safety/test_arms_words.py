"""The watch over the measured arms: whose turn it is, and the words, values and units in which its faults are told."""

import math

import msgspec
import pytest

from kinematics.description import Wall
from protocol.clock import NS_PER_MS
from protocol.records import ArmMeasured
from safety.arms import DEPTH_SLACK_M, SPEED_OVER_NS, ArmWatch
from safety.geometry import ArmGeometry
from tests.protocol import samples
from tests.safety.test_arms import HOME, INSERTION, LIMITS, NOW, ROBOT, STILL, Rig

ROBOT_OF_THREE = msgspec.structs.replace(ROBOT, mounts=(*ROBOT.mounts, ROBOT.mounts[0]))


@pytest.fixture
def rig():
    return Rig()


def told(fault):
    """Culprit, value and limit in words, apart."""
    what, _, limit = fault.culprit.partition(" (limit ")
    return what, limit.rstrip(")")


def test_what_is_not_finite_is_told_of_its_arm(rig):
    rig.at = (math.nan, *HOME[1:])
    assert rig.tick(2).culprit == "arm 0: a measurement that is not finite nan (limit 0)"


@pytest.mark.parametrize(("position", "velocity"), [(math.inf, math.inf), (math.inf, -math.inf)])
def test_infinities_do_not_cancel(position, velocity):
    arm = ArmMeasured((position, *HOME[1:]), (velocity, *STILL[1:]), STILL)
    measured = msgspec.structs.replace(samples.MEASURED, stamp_ns=NOW, arms=(arm, arm))
    assert "not finite" in ArmWatch(ROBOT, LIMITS).step(NOW, measured, None).culprit


def test_every_arm_has_its_turn():
    watch, arms = ArmWatch(ROBOT_OF_THREE, LIMITS), [ArmMeasured(HOME, STILL, STILL)] * 3
    for number in range(3):
        broken = list(arms)
        broken[number] = ArmMeasured((math.nan, *HOME[1:]), STILL, STILL)
        culprits = []
        for tick in range(3):
            stamp_ns = NOW + tick * NS_PER_MS
            measured = msgspec.structs.replace(samples.MEASURED, stamp_ns=stamp_ns, arms=tuple(broken))
            fault = watch.step(stamp_ns, measured, None)
            culprits += [] if fault is None else [fault.culprit]
        assert len(culprits) == 1
        assert culprits[0].startswith(f"arm {number}: ")


def with_limits(**changes):
    rig = Rig()
    rig.watch = ArmWatch(ROBOT, msgspec.structs.replace(LIMITS, arm=msgspec.structs.replace(LIMITS.arm, **changes)))
    return rig


def test_a_speed_is_told_in_mm_per_s():
    rig = with_limits(overspeed_m_s=0.123)
    fault = rig.tick(60, 0.5)
    assert told(fault) == ("arm 0: tip speed 500 mm/s", "123 mm/s")


def test_the_way_of_an_arm_that_should_stand_is_told_in_mm():
    rig = with_limits(standstill_m=0.123, standstill_m_s=9.0, overspeed_m_s=9.0)
    rig.watch.hold(rig.now_ns)
    assert rig.tick(202) is None
    before = rig.at[INSERTION]
    fault = rig.tick(400, 0.5)
    assert told(fault) == (f"standstill: arm 0: moved {(rig.at[INSERTION] - before) * 1e3:.3g} mm", "123 mm")


def test_the_creeping_of_an_arm_that_should_stand_is_told_in_mm_per_s():
    rig = with_limits(standstill_m=9.0, standstill_m_s=0.123, overspeed_m_s=9.0)
    rig.watch.hold(rig.now_ns)
    assert rig.tick(202) is None
    assert told(rig.tick(200, 0.5)) == ("standstill: arm 0: moves at 500 mm/s", "123 mm/s")


def test_an_arm_is_not_creeping_while_it_settles():
    rig = with_limits(standstill_m=1.0)
    rig.watch.hold(rig.now_ns)
    settles_ms = LIMITS.arm.settle_ns // NS_PER_MS
    assert rig.tick(settles_ms, 0.05) is None
    for_ms = LIMITS.arm.standstill_for_ns // NS_PER_MS
    assert rig.tick(for_ms - 2, 0.05) is None, "its time begins when it has settled"
    assert "moves at" in rig.tick(6, 0.05).culprit


def test_efforts_are_told_of_the_arm_that_makes_them():
    effort = ROBOT.joints[3].drive.effort_max
    strained = ArmMeasured(HOME, STILL, (0.0, 0.0, 0.0, effort, 0.0, 0.0, 0.0))
    watch, fault = ArmWatch(ROBOT, LIMITS), None
    for tick in range(400):
        stamp_ns = NOW + tick * NS_PER_MS
        arms = (ArmMeasured(HOME, STILL, STILL), strained)
        fault = fault or watch.step(
            stamp_ns, msgspec.structs.replace(samples.MEASURED, stamp_ns=stamp_ns, arms=arms), None
        )
    limit = LIMITS.arm.saturation_share * effort
    assert fault.culprit == f"arm 1: force: a motor's effort {effort:.3g} (limit {limit:.3g})"


@pytest.mark.parametrize(("joint", "what"), [(2, "mm"), (3, "deg")])
def test_a_tracking_error_is_told_in_its_unit(joint, what):
    rig = with_limits(tracking_m=0.123, tracking_rad=math.radians(12.3))
    off = 0.2 if joint == 2 else math.radians(45.6)
    rig.planned = (*HOME[:joint], HOME[joint] + off, *HOME[joint + 1 :])
    fault = rig.tick(100)
    assert told(fault) == (
        f"arm 0: tracking error {200 if joint == 2 else 45.6} {what}",
        f"{123 if joint == 2 else 12.3} {what}",
    )


def test_what_is_outside_the_room_is_told_in_mm():
    rig = Rig()
    p = ArmGeometry(ROBOT, ROBOT.mounts[0]).reach(HOME).posture.p
    wall = Wall("lid", (p[0], p[1], p[2] + 0.2), (0.0, 0.0, 1.0))
    rig.watch = ArmWatch(msgspec.structs.replace(ROBOT, walls=(wall,)), LIMITS)
    slack_mm = LIMITS.arm.wall_slack_m * 1e3
    assert told(rig.tick()) == ("arm 0: beyond the wall 'lid' 200 mm", f"{slack_mm:.3g} mm")
    rig = Rig()
    rig.at = (*HOME[:2], 0.02, *HOME[3:])
    rig.watch = ArmWatch(msgspec.structs.replace(ROBOT, walls=()), LIMITS)
    depth_m = ArmGeometry(ROBOT, ROBOT.mounts[0]).reach(rig.at).depth_m
    limit_mm = (ROBOT.tip.wrist_depth_min_m - DEPTH_SLACK_M) * 1e3
    assert told(rig.tick()) == (f"arm 0: wrist depth {depth_m * 1e3:.3g} mm", f"{limit_mm:.3g} mm")


class OneArm:
    """A watch over one arm alone, looked at when a test says, at any time and place."""

    def __init__(self):
        self.watch = ArmWatch(msgspec.structs.replace(ROBOT, mounts=ROBOT.mounts[:1], walls=()), LIMITS)

    def look(self, at_ns, slid_m=0.0):
        arm = ArmMeasured((*HOME[:INSERTION], HOME[INSERTION] + slid_m, *HOME[INSERTION + 1 :]), STILL, STILL)
        return self.watch.step(at_ns, msgspec.structs.replace(samples.MEASURED, stamp_ns=at_ns, arms=(arm,)), None)


def test_an_arm_must_stand_where_it_is_when_its_time_to_settle_is_over():
    arm, standstill_m = OneArm(), LIMITS.arm.standstill_m
    arm.watch.hold(NOW)
    over_ns = NOW + LIMITS.arm.settle_ns
    assert arm.look(over_ns) is None
    assert arm.look(over_ns + NS_PER_MS, 0.8 * standstill_m) is None
    assert "moved" in arm.look(over_ns + 2 * NS_PER_MS, 1.1 * standstill_m).culprit


def test_a_speed_is_taken_over_four_ms_of_the_drives_own_time():
    """An account that is seen twice neither begins a speed anew nor ends it."""
    arm = OneArm()
    for tick in range(200):
        at_ns = NOW + tick * SPEED_OVER_NS
        slid_m = (LIMITS.arm.overspeed_m_s * 1.1) * tick * SPEED_OVER_NS * 1e-9
        fault = arm.look(at_ns, slid_m) or arm.look(at_ns, slid_m)
        if fault is not None:
            break
    assert "tip speed" in fault.culprit
    # The first speed is known at the second look, and lasts from then.
    assert tick * SPEED_OVER_NS <= LIMITS.arm.overspeed_for_ns + 2 * SPEED_OVER_NS
