"""How the simulated drives stop, and that nothing but a setpoint starts them."""

import msgspec
import numpy as np
import pytest

from kinematics import reference
from slave.plants.mujoco_drives import MujocoDrives
from tests.slave.drives_rig import CONFIGURATIONS, MS, WATCHDOG_S, Bench, robot_at, straight_path

PLACES = [(name, q) for name, configurations in CONFIGURATIONS.items() for q in configurations]
places = pytest.mark.parametrize(("name", "q_start"), PLACES)
WATCHDOG_MS = round(WATCHDOG_S * 1e3)


def stopping_distance_m(bench: Bench) -> float:
    """What safety.md 2 allows beyond the last setpoint at 0.2 m/s, or what the joints' limits make of it, plus 0.5 mm.

    Near the remote centre 60 rad/s2 of yaw and pitch are less than 10 m/s2 of the tip.
    """
    axes = (*bench.description.joints, bench.description.jaw)
    rates = np.abs(bench.drives.measured_js(0)[1])
    braking_s = max(rate / axis.acceleration_max for rate, axis in zip(rates, axes, strict=True))
    return 0.5 * 0.2 * max(braking_s, 0.2 / 10.0) + 0.5e-3


def moving(name: str = "psm", index: int = 2, length: float = 0.04) -> Bench:
    """An arm in the middle of a path at 0.2 m/s."""
    bench = Bench(robot_at(name, CONFIGURATIONS[name][index])).powered()
    for q, rates, _ in straight_path(bench.description, bench.position[:6], (0.0, 1.0, 0.0), 0.2, length):
        bench.pass_ms()
        bench.servo(q, rates)
    return bench


def tip_path(bench: Bench, count_ms: int) -> np.ndarray:
    places = [bench.tip_m]
    for _ in range(count_ms):
        bench.pass_ms()
        places.append(bench.tip_m)
    return np.array(places)


def assert_rests(bench: Bench) -> None:
    assert np.abs(bench.drives.measured_js(0)[1]).max() < 1e-3
    start = bench.tip_m
    bench.pass_ms(200)
    assert np.linalg.norm(bench.tip_m - start) < 0.02e-3


@places
def test_drives_begin_at_home_without_power_and_brakes_hold(name, q_start):
    description = robot_at(name, q_start)
    bench = Bench(description)
    state = bench.drives.state
    assert not state.powered
    assert state.brakes == ((*(joint.drive.brake for joint in description.joints), False),) * 2
    wrist = np.array(reference.frames(description, bench.position[:6])[3].p)
    bench.pass_ms(5000)
    moved = np.array(reference.frames(description, bench.position[:6])[3].p) - wrist
    assert np.linalg.norm(moved) < 0.02e-3
    assert bench.drives.measured_js(0)[2] == (0.0,) * 7


def test_joints_without_brake_sag_slowly_without_power():
    bench = Bench(robot_at("psm", CONFIGURATIONS["psm"][1]))
    bench.pass_ms(1000)
    rates = np.abs(bench.drives.measured_js(0)[1])
    assert 1e-4 < rates.max() < 0.1  # rad/s: damped, yet not braked


@places
def test_power_on_moves_nothing(name, q_start):
    bench = Bench(robot_at(name, q_start))
    bench.pass_ms(300)
    start = bench.tip_m
    bench.drives.power_on()
    assert bench.drives.state.powered
    assert not any(map(any, bench.drives.state.brakes))
    assert np.abs(tip_path(bench, 300) - start).max() < 0.02e-3


def test_setpoints_without_power_do_nothing():
    bench = Bench(robot_at("psm", CONFIGURATIONS["psm"][0]))
    start = bench.tip_m
    for _ in range(50):
        bench.servo(np.array(bench.position[:6]) + 0.01)
        bench.pass_ms()
    assert np.linalg.norm(bench.tip_m - start) < 0.02e-3
    bench.drives.power_on()
    bench.pass_ms(50)
    assert np.linalg.norm(bench.tip_m - start) < 0.02e-3  # nor is one kept for later


@pytest.mark.parametrize("name", CONFIGURATIONS)
@pytest.mark.parametrize("index", range(4))
def test_hold_while_moving_comes_to_rest_on_the_path(name, index):
    bench = moving(name, index)
    allowed_m = stopping_distance_m(bench)
    bench.drives.hold()
    path = tip_path(bench, 100)
    beyond = path - path[0]
    assert np.linalg.norm(beyond, axis=1).max() < allowed_m
    assert np.abs(beyond[:, [0, 2]]).max() < 0.2e-3
    assert beyond[:, 1].min() > -0.02e-3  # never back
    assert_rests(bench)
    assert not bench.drives.state.tripped  # a hold that was asked for needs no stream


def test_a_held_arm_follows_the_next_setpoint():
    bench = moving()
    bench.drives.hold()
    bench.pass_ms(100)
    q = np.array(bench.position[:6]) + 0.002
    for _ in range(30):
        bench.servo(q)
        bench.pass_ms()
    np.testing.assert_allclose(bench.position[:6], q, atol=1e-5)


def test_power_off_while_moving_ramps_before_the_brakes_close():
    bench = moving()
    start, before = bench.tip_m, bench.drives.measured_js(0)[2]
    bench.drives.power_off()
    bench.pass_ms()
    assert bench.drives.state.powered
    assert bench.drives.measured_js(0)[2] != before
    for _ in range(100):
        bench.servo(np.array(bench.position[:6]) + 0.01)  # too late: it is ignored
        bench.pass_ms()
    assert not bench.drives.state.powered
    assert bench.drives.state.brakes[0][:3] == (True, True, True)
    assert np.linalg.norm(bench.tip_m - start) < 0.2**2 / (2 * 10.0) + 0.5e-3
    assert np.abs(bench.drives.measured_js(0)[1][:3]).max() < 1e-3


def test_silence_trips_the_watchdog_and_the_arm_rests():
    bench = moving()
    start = bench.tip_m
    bench.pass_ms(WATCHDOG_MS)
    assert not bench.drives.state.tripped
    bench.pass_ms(1)
    assert bench.drives.state.tripped
    assert bench.drives.state.powered
    bench.pass_ms(30)
    # By then it had come to rest already: it coasts for 2 ms only.
    assert np.linalg.norm(bench.tip_m - start) < 0.2**2 / (2 * 10.0) + 0.5e-3
    assert_rests(bench)


def test_silence_of_one_arm_stops_all():
    bench = moving()
    other = np.array(bench.drives.measured_js(1)[0])
    rates = np.array((0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    for k in range(WATCHDOG_MS + 10):
        bench.pass_ms()
        bench.drives.servo_jp(1, tuple(other + rates * k * 1e-3), tuple(rates), bench.now_ns)
    assert bench.drives.state.tripped
    bench.pass_ms(60)
    assert np.abs(bench.drives.measured_js(1)[1]).max() < 1e-3
    assert bench.drives.measured_js(1)[0][0] - other[0] < 0.5 * (WATCHDOG_S + 0.01)


def test_a_trip_latches_until_rearm_which_moves_nothing():
    bench = moving()
    bench.pass_ms(WATCHDOG_MS + 100)
    start, q = bench.tip_m, np.array(bench.position[:6]) + 0.005
    for _ in range(50):
        bench.servo(q)
        bench.pass_ms()
    assert np.linalg.norm(bench.tip_m - start) < 0.02e-3
    bench.drives.rearm()
    assert not bench.drives.state.tripped
    assert np.abs(tip_path(bench, 100) - start).max() < 0.02e-3
    for _ in range(50):
        bench.servo(q)
        bench.pass_ms()
    np.testing.assert_allclose(bench.position[:6], q, atol=1e-5)


def test_the_same_stale_setpoint_again_and_again_does_not_feed_the_watchdog():
    bench = moving()
    stamp_ns, position = bench.now_ns, bench.position
    for _ in range(WATCHDOG_MS + 5):
        bench.pass_ms()
        bench.drives.servo_jp(0, position, (0.0,) * 7, stamp_ns)
    assert bench.drives.state.tripped


def test_a_process_that_was_stopped_trips_and_does_not_jump_when_it_continues():
    bench = moving()
    start = bench.tip_m
    bench.now_ns += 60_000 * MS
    bench.servo(np.array(bench.position[:6]) + 0.01)
    bench.drives.step(bench.now_ns)
    bench.servo(np.array(bench.position[:6]) + 0.01)
    assert bench.drives.state.tripped
    assert np.linalg.norm(bench.tip_m - start) < 0.2**2 / (2 * 10.0) + 0.5e-3
    assert_rests(bench)


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("joint", "offset", "rate"),
    [
        (0, NAN, 0.0),
        (2, INF, 0.0),
        (6, -INF, 0.0),
        (1, 0.0, NAN),
        (3, 0.0, -INF),
        (0, 1.6, 0.0),  # beyond its limit
        (6, -0.01, 0.0),  # the jaw, below closed
        (0, 0.2, 0.0),  # within its limits, but no arm gets there in the watchdog's time
        (4, 0.0, 12.5),  # faster than a motor turns
    ],
)
def test_impossible_setpoints_are_refused_counted_and_do_not_feed_the_watchdog(joint, offset, rate):
    bench = moving()
    position, rates = np.array(bench.position), np.zeros(7)
    position[joint] += offset
    rates[joint] = rate
    for k in range(WATCHDOG_MS + 1):
        bench.pass_ms()
        bench.drives.servo_jp(0, tuple(position), tuple(rates), bench.now_ns)
        assert bench.drives.state.refused == min(k + 1, WATCHDOG_MS)
    assert bench.drives.state.tripped
    assert_rests(bench)


@pytest.mark.parametrize("off_ns", [60_000 * MS, 3 * MS, -(WATCHDOG_MS + 1) * MS, -60_000 * MS])
def test_a_setpoint_that_is_not_of_now_is_refused(off_ns):
    bench = moving()
    start = bench.tip_m
    bench.drives.servo_jp(0, tuple(np.add(bench.position, 0.01)), (0.0,) * 7, bench.now_ns + off_ns)
    assert bench.drives.state.refused == 1
    bench.pass_ms(WATCHDOG_MS + 1)
    assert bench.drives.state.tripped
    assert np.linalg.norm(bench.tip_m - start) < stopping_distance_m(bench)


def test_a_setpoint_on_the_limit_is_followed():
    description = robot_at("psm", (0.0, 0.0, 0.24, 0.0, 0.0, 0.0))
    bench = Bench(description).powered()
    for _ in range(50):
        bench.servo((*bench.position[:2], description.joints[2].position_max, *bench.position[3:6]))
        bench.pass_ms()
    assert bench.drives.state.refused == 0
    assert bench.position[2] == pytest.approx(0.24, abs=1e-5)


def test_a_wrong_number_of_joints_is_refused_and_counted():
    bench = moving()
    refused = bench.drives.state.refused
    bench.drives.servo_jp(0, (0.0,) * 6, (0.0,) * 7, bench.now_ns)
    assert bench.drives.state.refused == refused + 1


def test_a_simulation_that_diverges_is_a_fault_and_off_with_a_finite_state():
    description = robot_at("psm", CONFIGURATIONS["psm"][1])
    servo = msgspec.structs.replace(description.servo, natural_frequency_rad_s=2e4)
    joints = tuple(
        msgspec.structs.replace(joint, drive=msgspec.structs.replace(joint.drive, effort_max=1e6))
        for joint in description.joints
    )
    bench = Bench(msgspec.structs.replace(description, servo=servo, joints=joints)).powered()
    for _ in range(20):
        bench.servo(np.array(bench.position[:6]) + 1e-4)
        bench.pass_ms()
    state = bench.drives.state
    assert "diverged" in state.fault
    assert not state.powered
    assert np.isfinite(bench.drives.measured_js(0)).all()
    bench.drives.power_on()
    assert not bench.drives.state.powered  # not before somebody has acknowledged it
    bench.drives.rearm()
    assert not bench.drives.state.powered
    bench.drives.power_on()
    assert bench.drives.state.powered


def test_a_watchdog_shorter_than_five_periods_is_refused():
    with pytest.raises(ValueError, match=r"0\.005"):
        MujocoDrives(robot_at("psm", CONFIGURATIONS["psm"][0]), 0.004, 0)
