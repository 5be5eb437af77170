"""What the plant passes on to the drives, and what it does not."""

import msgspec
import pytest

from kinematics.description import load_description
from protocol.clock import NS_PER_MS
from protocol.records import ArmMeasured, ArmSetpoint, Measured, Setpoint, Verb
from safety.gate import GatedSetpoint
from safety.limits import DEFAULT
from slave.plants.guard import PlantGuard

ROBOT = load_description("psm")
HOME = (*(joint.home for joint in ROBOT.joints), 0.5)
REST = ArmSetpoint(HOME, (0.0,) * 7)
NOW = 10**12
ARM = ArmMeasured(HOME, (0.0,) * 7, (0.0,) * 7)
MEASURED = Measured(NOW, 1, True, False, "", 0, ((), ()), (ARM, ARM))


def setpoint(tick, now_ns=NOW, arm=REST):
    return Setpoint(now_ns, tick, (arm, REST))


def moved(joint, to, velocity=0.0):
    position, speed = list(HOME), [0.0] * 7
    position[joint], speed[joint] = HOME[joint] + to, velocity
    return ArmSetpoint(tuple(position), tuple(speed))


@pytest.fixture
def guard():
    guard = PlantGuard(ROBOT, DEFAULT, 0.001)
    assert isinstance(guard.decide(NOW, MEASURED, setpoint(1)), GatedSetpoint)
    return guard


def test_each_setpoint_is_passed_once(guard):
    assert guard.decide(NOW, MEASURED, setpoint(1)) is None
    assert isinstance(guard.decide(NOW, MEASURED, setpoint(2)), GatedSetpoint)


def test_without_setpoints_the_drives_hold(guard):
    late = NOW + DEFAULT.setpoint_life_ns
    assert guard.decide(late, MEASURED, setpoint(1)) is None
    assert guard.decide(late + 1, MEASURED, setpoint(1)) is Verb.HOLD
    assert guard.decide(NOW, MEASURED, None) is Verb.HOLD


def test_a_leap_is_not_passed_and_is_named(guard):
    assert guard.decide(NOW, MEASURED, setpoint(2, arm=moved(0, 0.1))) is Verb.HOLD
    assert "outer_yaw" in guard.fault


def test_a_skipped_setpoint_is_no_leap_but_a_stall_is_no_excuse(guard):
    two_ticks = moved(0, 1.5 * ROBOT.joints[0].velocity_max * 0.001)
    assert isinstance(guard.decide(NOW, MEASURED, setpoint(3, arm=two_ticks)), GatedSetpoint)
    far = moved(0, 20 * ROBOT.joints[0].velocity_max * 0.001)
    assert guard.decide(NOW, MEASURED, setpoint(100, arm=far)) is Verb.HOLD


def test_power_comes_only_with_setpoints_that_rest():
    guard = PlantGuard(ROBOT, DEFAULT, 0.001)
    off = msgspec.structs.replace(MEASURED, powered=False)
    assert guard.decide(NOW, off, None) is None
    assert guard.decide(NOW, off, setpoint(1, arm=moved(0, 0.0, velocity=0.01))) is None
    assert guard.decide(NOW, off, setpoint(1)) is Verb.POWER_ON


def test_nothing_is_told_to_drives_with_a_fault(guard):
    assert guard.decide(NOW, msgspec.structs.replace(MEASURED, fault="hot"), setpoint(2)) is None
    assert guard.decide(NOW, None, setpoint(2)) is None


def test_a_trip_is_acknowledged_when_setpoints_have_rested_for_half_a_second(guard):
    tripped = msgspec.structs.replace(MEASURED, tripped=True)
    now, orders = NOW, []
    for tick in range(2, 600):
        now += NS_PER_MS
        arm = moved(0, 0.0, velocity=0.001) if tick == 100 else REST
        orders.append(guard.decide(now, tripped, setpoint(tick, now, arm)))
    assert Verb.REARM not in orders[: 99 + 500]
    assert set(orders[: 99 + 499]) == {None}
    assert guard.decide(now + 10 * NS_PER_MS, tripped, setpoint(601, now + 10 * NS_PER_MS)) is Verb.REARM
