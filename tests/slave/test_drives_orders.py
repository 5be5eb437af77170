"""Which orders the simulated drives heed when they wake, and which frames are a stop."""

import pytest

from kinematics.description import load_description
from protocol.codec import encode
from protocol.messages import Action, StaffAction, StaffStop
from protocol.records import ArmSetpoint, DriveOrder, Verb
from slave.plants.drives_process import is_news, is_stop, obey
from slave.plants.mujoco_drives import MujocoDrives

NOW = 10**12
WATCHDOG_NS = 50_000_000


def test_a_setpoint_that_waited_longer_than_the_watchdog_moves_nothing():
    assert is_news(DriveOrder(1, Verb.SERVO, NOW - WATCHDOG_NS, False, ()), NOW, WATCHDOG_NS)
    assert not is_news(DriveOrder(1, Verb.SERVO, NOW - WATCHDOG_NS - 1, False, ()), NOW, WATCHDOG_NS)


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb is not Verb.SERVO])
def test_every_other_order_is_heeded_however_late(verb):
    assert is_news(DriveOrder(1, verb, 1, False, ()), NOW, WATCHDOG_NS)


def test_a_stop_is_a_stop_and_nothing_else_is():
    assert is_stop(encode(StaffStop(1, 7, stand_in=False)))
    assert not is_stop(encode(StaffAction(1, 7, 1, Action.FREEZE, stand_in=False)))
    assert not is_stop(b"")
    assert not is_stop(b"\xff" * 5000)


@pytest.fixture
def drives():
    drives = MujocoDrives(load_description("psm"), WATCHDOG_NS / 1e9, NOW)
    drives.power_on()
    return drives


def follow(drives, now_ns, energy):
    arms = tuple(ArmSetpoint(drives.measured_js(arm)[0], (0.0,) * 7) for arm in range(2))
    obey(drives, DriveOrder(1, Verb.SERVO, now_ns, energy, arms))


def test_a_stop_cuts_the_power_and_stays_until_it_is_acknowledged(drives):
    drives.stop()
    for tick in range(1, 100):
        drives.step(NOW + tick * 1_000_000)
    assert drives.state.stopped
    assert not drives.state.powered
    assert drives.state.brakes[0][:3] == (True, True, True)
    drives.power_on()
    assert not drives.state.powered, "a stop is not undone by an order"
    drives.rearm()
    assert not drives.state.powered, "an acknowledgement switches nothing on"
    drives.power_on()
    assert drives.state.powered


def ends_by(what):
    return {
        "hold": lambda drives: drives.hold(),
        "stop": lambda drives: drives.stop(),
        "watchdog": lambda drives: drives.step(NOW + 60_000_000),
        "power": lambda drives: drives.power_off(),
        "asked": lambda drives: follow(drives, NOW, energy=False),
    }[what]


@pytest.mark.parametrize("what", ["hold", "stop", "watchdog", "power", "asked"])
def test_energy_ends_with_whatever_ends_the_motion(drives, what):
    drives.run_energy(True)
    assert not drives.state.energy, "nothing follows"
    follow(drives, NOW, energy=True)
    assert (drives.state.following, drives.state.energy) == (True, True)
    ends_by(what)(drives)
    assert not drives.state.energy


def order(verb):
    return DriveOrder(9, verb, NOW, False, ())


def test_parked_arms_are_braked_under_power_stay_and_take_no_setpoint(drives):
    for tick in range(1, 300):
        drives.step(NOW + tick * 1_000_000)
    stood = [drives.measured_js(arm)[0] for arm in range(2)]
    obey(drives, order(Verb.PARK))
    assert drives.state.powered
    assert drives.state.brakes[0] == (True, True, True, False, False, False, False)
    refused = drives.state.refused
    follow(drives, NOW + 299 * 1_000_000, energy=True)
    assert drives.state.refused == refused + 2
    assert not drives.state.following
    for tick in range(300, 2000):
        drives.step(NOW + tick * 1_000_000)
    for arm, before in enumerate(stood):
        assert drives.measured_js(arm)[0] == pytest.approx(before, abs=1e-5)
    obey(drives, order(Verb.HOLD))
    assert not any(map(any, drives.state.brakes))
    follow(drives, NOW + 1999 * 1_000_000, energy=False)
    assert drives.state.following
    for tick in range(2000, 2040):
        drives.step(NOW + tick * 1_000_000)
    for arm, before in enumerate(stood):
        assert drives.measured_js(arm)[0] == pytest.approx(before, abs=1e-4)


def test_arms_that_move_or_have_no_power_are_not_parked(drives):
    follow(drives, NOW, energy=False)
    obey(drives, order(Verb.PARK))
    assert not any(map(any, drives.state.brakes)), "one that follows is not braked"
    drives.hold()
    drives.power_off()
    obey(drives, order(Verb.PARK))
    assert not any(map(any, drives.state.brakes)), "the way to no power goes on undisturbed"
    for tick in range(1, 100):
        drives.step(NOW + tick * 1_000_000)
    assert not drives.state.powered
    drives.power_on()
    assert not any(map(any, drives.state.brakes)), "power on is not parked"


def parked(drives, strays_rad=0.0):
    """Parked arms; the first joint's servo may have strayed against its brake."""
    drives.step(NOW + 300 * 1_000_000)
    for tick in range(301, 400):
        drives.step(NOW + tick * 1_000_000)
    obey(drives, order(Verb.PARK))
    assert drives.state.brakes[0][0]
    for tick in range(400, 450):
        drives.creep(0, 0, strays_rad / 50)
        drives.step(NOW + tick * 1_000_000)
    return drives.measured_js(0)[0]


def farthest(drives, stood, begin, end):
    """The farthest that any joint of the first arm goes from where it stood."""
    far = 0.0
    for tick in range(begin, end):
        drives.step(NOW + tick * 1_000_000)
        far = max(far, *(abs(a - b) for a, b in zip(drives.measured_js(0)[0], stood, strict=True)))
    return far


def test_brakes_open_without_a_leap_even_where_the_servo_has_strayed(drives):
    stood = parked(drives, strays_rad=0.05)
    obey(drives, order(Verb.HOLD))
    assert not drives.state.brakes[0][0]
    assert farthest(drives, stood, 450, 700) < 2e-3


def test_a_stop_of_parked_arms_keeps_the_brakes_closed_whatever_is_ordered(drives):
    stood = parked(drives, strays_rad=0.05)
    drives.stop()
    for tick in range(450, 550):
        obey(drives, order(Verb.HOLD))
        assert drives.state.brakes[0][0]
        drives.step(NOW + tick * 1_000_000)
    assert not drives.state.powered
    assert farthest(drives, stood, 550, 560) < 2e-3


def test_orders_that_fit_no_arm_are_refused_and_harm_nobody(drives):
    arm = ArmSetpoint(drives.measured_js(0)[0], (0.0,) * 7)
    short = ArmSetpoint((0.0,) * 6, (0.0,) * 6)
    obey(drives, DriveOrder(1, Verb.SERVO, NOW, False, (short, short, arm)))
    assert drives.state.refused == 3
    assert not drives.state.following
