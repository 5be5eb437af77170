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
STILL = (0.0,) * 7
REST = ArmSetpoint(HOME, STILL)
NOW = 10**12
ARM = ArmMeasured(HOME, STILL, STILL)
MEASURED = Measured(NOW, 1, True, False, False, "", 0, ((), ()), (ARM, ARM))
HALF_A_SECOND = 500 * NS_PER_MS


def fresh(now_ns, measured=MEASURED):
    return msgspec.structs.replace(measured, stamp_ns=now_ns)


def setpoint(tick, now_ns=NOW, arm=REST):
    return Setpoint(now_ns, tick, (arm, REST))


def moved(joint, to, velocity=0.0):
    position, speed = list(HOME), [0.0] * 7
    position[joint], speed[joint] = HOME[joint] + to, velocity
    return ArmSetpoint(tuple(position), tuple(speed))


def measured_at(joint, offset, velocity=0.0):
    position, speed = list(HOME), [0.0] * 7
    position[joint], speed[joint] = HOME[joint] + offset, velocity
    return msgspec.structs.replace(MEASURED, arms=(ArmMeasured(tuple(position), tuple(speed), STILL), ARM))


@pytest.fixture
def guard():
    guard = PlantGuard(ROBOT, DEFAULT, 0.001)
    assert guard.holding
    assert isinstance(guard.decide(NOW, MEASURED, setpoint(1)), GatedSetpoint)
    assert not guard.holding
    return guard


def test_each_setpoint_is_passed_once(guard):
    assert guard.decide(NOW, MEASURED, setpoint(1)) is None
    assert isinstance(guard.decide(NOW, MEASURED, setpoint(2)), GatedSetpoint)


def test_without_setpoints_the_drives_hold_and_the_staff_are_told(guard):
    late = NOW + DEFAULT.setpoint_life_ns
    assert guard.decide(late, fresh(late), setpoint(1)) is None
    assert guard.decide(late + 1, fresh(late), setpoint(1)) is Verb.HOLD
    assert guard.holding
    assert "no setpoint for 50 ms" in guard.fault


def test_a_leap_is_not_passed_and_is_named(guard):
    assert guard.decide(NOW, MEASURED, setpoint(2, arm=moved(0, 0.1))) is Verb.HOLD
    assert "outer_yaw" in guard.fault
    assert guard.holding


def test_a_skipped_setpoint_is_no_leap_but_after_a_stall_the_arms_must_first_stand(guard):
    gained = ROBOT.joints[0].acceleration_max * 0.002
    two_ticks = moved(0, 0.5 * gained * 0.002, velocity=gained)
    assert isinstance(guard.decide(NOW, MEASURED, setpoint(3, arm=two_ticks)), GatedSetpoint)
    assert guard.decide(NOW, MEASURED, setpoint(9, arm=two_ticks)) is Verb.HOLD
    assert guard.holding
    assert guard.fault == "", "a stall is a hold, not a fault"


@pytest.mark.parametrize(
    ("measured", "arm", "joins"),
    [
        (MEASURED, REST, True),
        (MEASURED, moved(0, 0.0, velocity=0.01), False),
        (MEASURED, moved(0, 0.005), False),
        (MEASURED, moved(2, 0.001), False),
        (measured_at(0, 0.0, velocity=0.05), REST, False),
        (measured_at(2, -0.002), REST, False),
        (measured_at(6, 0.3), REST, True),
        (measured_at(0, 0.001, velocity=0.01), REST, True),
    ],
)
def test_after_a_hold_setpoints_are_passed_only_where_still_arms_stand(guard, measured, arm, joins):
    assert guard.decide(NOW, MEASURED, setpoint(20)) is Verb.HOLD
    assert isinstance(guard.decide(NOW, measured, setpoint(21, arm=arm)), GatedSetpoint) == joins
    assert guard.holding is not joins


def test_a_fault_is_told_until_setpoints_have_rested_for_half_a_second(guard):
    guard.decide(NOW, MEASURED, setpoint(2, arm=moved(0, 0.1)))
    now, tick = NOW, 3
    while guard.fault:
        now, tick = now + NS_PER_MS, tick + 1
        assert guard.decide(now, fresh(now), setpoint(tick, now)) is Verb.HOLD or not guard.fault
    assert now - NOW == HALF_A_SECOND


def test_power_comes_once_with_setpoints_that_rest_and_never_again_by_itself(guard):
    off = msgspec.structs.replace(MEASURED, powered=False)
    fresh = PlantGuard(ROBOT, DEFAULT, 0.001)
    assert fresh.decide(NOW, off, None) is None
    assert fresh.decide(NOW, off, setpoint(1, arm=moved(0, 0.0, velocity=0.01))) is None
    assert fresh.decide(NOW, off, setpoint(1)) is Verb.POWER_ON
    assert guard.decide(NOW, off, setpoint(2)) is None
    assert guard.holding


def test_drives_that_do_not_answer_get_no_setpoint(guard):
    now = NOW + 5 * NS_PER_MS
    assert isinstance(guard.decide(now, MEASURED, setpoint(2, now)), GatedSetpoint)
    assert guard.decide(now + 1, MEASURED, setpoint(3, now)) is Verb.HOLD
    assert guard.holding


def test_nothing_is_told_to_drives_with_a_fault(guard):
    assert guard.decide(NOW, msgspec.structs.replace(MEASURED, fault="hot"), setpoint(2)) is None
    assert guard.decide(NOW, None, setpoint(2)) is None
    assert guard.holding


def test_a_trip_is_acknowledged_when_setpoints_have_rested_for_half_a_second(guard):
    tripped = msgspec.structs.replace(MEASURED, tripped=True)
    now, orders = NOW, []
    for tick in range(2, 600):
        now += NS_PER_MS
        arm = moved(0, 0.0, velocity=0.001) if tick == 100 else REST
        orders.append(guard.decide(now, fresh(now, tripped), setpoint(tick, now, arm)))
    assert set(orders[: 99 + 499]) == {None}
    late = now + 10 * NS_PER_MS
    assert guard.decide(late, fresh(late, tripped), setpoint(601, late)) is Verb.REARM
    assert guard.holding


def test_a_stream_that_starved_must_rest_anew(guard):
    guard.decide(NOW, MEASURED, setpoint(2, arm=moved(0, 0.1)))
    guard.decide(NOW + HALF_A_SECOND, fresh(NOW + HALF_A_SECOND), setpoint(3, NOW))
    now = NOW + HALF_A_SECOND + 1
    assert guard.decide(now, fresh(now), setpoint(4, now)) is Verb.HOLD
    assert guard.fault
