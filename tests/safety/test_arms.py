"""The watch over the measured arms: each rule alone, from just below its limit to just above."""

import math

import msgspec
import pytest

from kinematics.description import load_description
from protocol.clock import NS_PER_MS
from protocol.records import ArmMeasured, ArmSetpoint, Setpoint
from safety.arms import DEPTH_SLACK_M, ArmWatch, _Timer
from safety.geometry import ArmGeometry
from safety.limits import load_limits
from tests.protocol import samples

ROBOT = load_description("psm")
LIMITS = load_limits("laparoscopic")
HOME = (*(joint.home for joint in ROBOT.joints), 0.0)
STILL = (0.0,) * 7
NOW = 10**12
INSERTION = 2


class Rig:
    """Two arms at home; the left one's insertion is what a test says."""

    def __init__(self):
        self.watch = ArmWatch(ROBOT, LIMITS)
        self.now_ns = NOW
        self.at = HOME
        self.planned = None
        self.effort = STILL
        self.holding = False

    def tick(self, ticks=1, speed=0.0):
        """The first fault of so many ticks, in which the arm slides at `speed` (m/s)."""
        for _ in range(ticks):
            self.now_ns += NS_PER_MS
            self.at = (*self.at[:INSERTION], self.at[INSERTION] + speed * 1e-3, *self.at[INSERTION + 1 :])
            arms = (ArmMeasured(self.at, STILL, self.effort), ArmMeasured(HOME, STILL, STILL))
            measured = msgspec.structs.replace(samples.MEASURED, stamp_ns=self.now_ns, arms=arms, holding=self.holding)
            planned = self.at if self.planned is None else self.planned
            setpoint = Setpoint(self.now_ns, 1, 1, (ArmSetpoint(planned, STILL), ArmSetpoint(HOME, STILL)))
            fault = self.watch.step(self.now_ns, measured, setpoint)
            if fault is not None:
                return fault
        return None


@pytest.fixture
def rig():
    rig = Rig()
    assert rig.tick(20) is None
    return rig


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_measurement_that_is_not_finite_is_a_fault_at_once(rig, value):
    rig.at = (value, *HOME[1:])
    assert "not finite" in rig.tick(2).culprit


@pytest.mark.parametrize(("speed", "trips"), [(0.245, False), (0.26, True), (-0.26, True)])
def test_a_tip_too_fast_for_its_time_trips(rig, speed, trips):
    fault = rig.tick(60, speed)
    assert (fault is not None) == trips
    if trips:
        assert "arm 0: tip speed" in fault.culprit
        assert not fault.standstill


def test_a_short_burst_of_speed_does_not_trip(rig):
    assert rig.tick(6, 0.3) is None
    assert rig.tick(100) is None


@pytest.mark.parametrize(
    ("joint", "off", "trips"),
    [(2, 0.0019, False), (2, 0.0021, True), (3, math.radians(1.9), False), (3, math.radians(2.1), True)],
)
def test_an_arm_that_is_not_where_it_should_be_trips_after_its_time(rig, joint, off, trips):
    rig.planned = (*HOME[:joint], HOME[joint] + off, *HOME[joint + 1 :])
    assert rig.tick(50) is None
    fault = rig.tick(10)
    assert (fault is not None) == trips
    if trips:
        assert "tracking error" in fault.culprit


def test_while_the_plant_holds_the_setpoints_lead_nobody(rig):
    rig.planned = (*HOME[:2], 0.14, *HOME[3:])
    rig.holding = True
    assert rig.tick(200) is None


@pytest.mark.parametrize(("share", "trips"), [(0.94, False), (0.96, True), (-0.96, True)])
@pytest.mark.parametrize("joint", range(6))
def test_a_motor_that_gives_all_it_has_presses_on_something(rig, joint, share, trips):
    effort = [0.0] * 7
    effort[joint] = share * ROBOT.joints[joint].drive.effort_max
    rig.effort = tuple(effort)
    assert rig.tick(200) is None
    fault = rig.tick(5)
    assert (fault is not None) == trips
    assert fault is None or "force" in fault.culprit


def test_a_jaw_may_grip_with_all_it_has(rig):
    rig.effort = (*STILL[:6], 100.0)
    assert rig.tick(500) is None


@pytest.mark.parametrize(
    ("joints", "what"),
    [
        ({0: -1.0, 2: 0.2}, "beyond the wall"),
        ({2: 0.05}, "wrist depth"),
        ({5: math.radians(83.0)}, "outer_wrist_yaw position"),
        ({5: math.radians(-83.0)}, "outer_wrist_yaw position"),
    ],
)
def test_an_arm_outside_its_room_trips(rig, joints, what):
    rig.at = tuple(joints.get(k, q) for k, q in enumerate(HOME))
    rig.watch = ArmWatch(ROBOT, LIMITS)
    fault = rig.tick(2)
    assert what in fault.culprit
    assert "limit" in fault.culprit


@pytest.mark.parametrize(("shallower_m", "trips"), [(0.9 * DEPTH_SLACK_M, False), (1.1 * DEPTH_SLACK_M, True)])
def test_a_wrist_may_be_a_little_shallower_than_setpoints_lead_it(rig, shallower_m, trips):
    depth_m = ArmGeometry(ROBOT, ROBOT.mounts[0]).reach(HOME).depth_m
    higher_m = depth_m - ROBOT.tip.wrist_depth_min_m + shallower_m
    rig.at = (*HOME[:INSERTION], HOME[INSERTION] - higher_m, *HOME[INSERTION + 1 :])
    rig.watch = ArmWatch(ROBOT, LIMITS)
    fault = rig.tick(2)
    assert (fault is not None) == trips
    assert fault is None or "wrist depth" in fault.culprit


def test_what_is_so_from_the_first_lasts_from_then():
    timer = _Timer()
    assert not timer.lasts(NOW, 5, is_so=True)
    assert timer.lasts(NOW + 5, 5, is_so=True)


def test_an_arm_that_holds_may_settle_and_must_then_stand(rig):
    rig.watch.hold(rig.now_ns)
    assert rig.tick(190, 0.05) is None
    assert rig.tick(400, 0.002) is None
    fault = rig.tick(1000, 0.002)
    assert fault.standstill
    assert "standstill: arm 0: moved" in fault.culprit


@pytest.mark.parametrize(("speed", "ticks", "trips"), [(0.0049, 100, False), (0.0055, 100, True), (0.02, 20, False)])
def test_an_arm_that_holds_and_creeps_is_found_by_its_speed(rig, speed, ticks, trips):
    rig.watch.hold(rig.now_ns)
    assert rig.tick(220) is None
    fault = rig.tick(ticks, speed)
    assert (fault is not None) == trips
    assert fault is None or "moves at" in fault.culprit


def test_released_arms_may_move_and_held_anew_settle_anew(rig):
    rig.watch.hold(rig.now_ns)
    rig.tick(300)
    rig.watch.release()
    assert rig.tick(200, 0.05) is None
    rig.watch.hold(rig.now_ns)
    assert rig.tick(150, 0.05) is None
    assert rig.tick(400) is None


def test_a_clock_of_the_drives_that_goes_back_is_no_speed(rig):
    rig.now_ns -= 100 * NS_PER_MS
    assert rig.tick(30) is None


def test_culprits_have_their_numbers_and_units_where_there_are_units(rig):
    joint = ROBOT.joints[3]
    beyond = joint.position_max + 0.04
    rig.at = rig.planned = (*HOME[:3], beyond, *HOME[4:])
    fault = rig.tick(2)
    assert fault.standstill is False
    assert fault.culprit == f"arm 0: {joint.name} position {beyond:.3g} (limit {joint.position_max:.3g})"


def test_a_standstill_fault_has_its_unit(rig):
    rig.watch.hold(rig.now_ns)
    assert rig.tick(210) is None
    fault = rig.tick(100, 0.02)
    assert fault.standstill is True
    assert fault.culprit.startswith("standstill: arm 0: move")
    assert " mm" in fault.culprit.partition("(limit")[2]
