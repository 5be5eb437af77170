"""How well the simulated drives follow, in simulated time: the figures that safety.md 7 asks of the assumed numbers."""

from itertools import product

import msgspec
import numpy as np
import pytest

from kinematics import reference
from slave.plants.mujoco_drives import MujocoDrives
from tests.slave.drives_rig import CONFIGURATIONS, MS, WATCHDOG_S, Bench, joints_of, robot_at, straight_path, tip

DIRECTIONS = (*np.eye(3), *-np.eye(3), np.ones(3) / np.sqrt(3.0))
PLACES = [(name, q) for name, configurations in CONFIGURATIONS.items() for q in configurations]
places = pytest.mark.parametrize(("name", "q_start"), PLACES)


@places
def test_a_step_of_one_millimetre_settles_within_20_ms(name, q_start):
    description = robot_at(name, q_start)
    for direction in DIRECTIONS:
        bench = Bench(description).powered()
        start = tip(description, q_start)
        target = np.array(start.p) + 1e-3 * direction
        q = joints_of(description, reference.Pose(tuple(target), start.R), q_start)
        errors = []
        for _ in range(60):
            bench.servo(q)
            bench.pass_ms()
            errors.append(np.linalg.norm(bench.tip_m - target))
        assert max(errors[19:]) < 0.05e-3, f"{direction}: {np.round(np.array(errors) * 1e3, 3)} mm"


@places
def test_a_tip_at_200_mm_s_is_tracked_within_half_a_millimetre(name, q_start):
    description = robot_at(name, q_start)
    for direction in np.eye(3):
        bench = Bench(description).powered()
        for q, rates, place in straight_path(description, q_start, direction, speed=0.2, length=0.03):
            bench.pass_ms()
            assert np.linalg.norm(bench.tip_m - place) < 0.5e-3
            bench.servo(q, rates)
        assert bench.drives.state.refused == 0


@pytest.mark.parametrize("late_ms", [1, 2])
@pytest.mark.parametrize("restamped", [False, True])
def test_a_late_setpoint_and_two_at_once_are_hardly_felt(late_ms, restamped):
    description = robot_at("psm", CONFIGURATIONS["psm"][2])
    bench = Bench(description).powered()
    queue: list[tuple[int, np.ndarray, np.ndarray]] = []
    start = np.array(tip(description, bench.position).p)
    along, errors = [0.0], []
    for k, (q, rates, place) in enumerate(straight_path(description, bench.position[:6], (0.0, 1.0, 0.0), 0.2, 0.05)):
        bench.pass_ms()
        errors.append(np.linalg.norm(bench.tip_m - place))
        along.append(float(bench.tip_m[1] - start[1]))
        queue.append((bench.now_ns, q, rates))
        if k % 7 < late_ms:  # the setpoint is under way, and comes together with the next
            continue
        for stamp_ns, q_queued, rates_queued in queue:
            at_ns = bench.now_ns if restamped else stamp_ns
            bench.drives.servo_jp(0, (*q_queued, bench.jaw), (*rates_queued, 0.0), at_ns)
        queue.clear()
    speeds = np.diff(along) * 1e3
    assert max(errors) < (0.5e-3 if restamped else 0.1e-3)
    assert speeds[60:].min() > 0.17
    assert speeds.max() < 0.23
    assert bench.drives.state.refused == 0


def test_a_stream_that_is_late_throughout_lags_by_its_lateness_alone():
    description = robot_at("psm", CONFIGURATIONS["psm"][0])
    bench = Bench(description).powered()
    waiting: list[tuple[np.ndarray, np.ndarray]] = []
    for q, rates, place in straight_path(description, bench.position[:6], (1.0, 0.0, 0.0), 0.2, 0.03):
        bench.pass_ms()
        assert np.linalg.norm(bench.tip_m - place) < 0.5e-3
        waiting.append((q, rates))
        if len(waiting) > 2:
            bench.servo(*waiting.pop(0))


@places
def test_gravity_does_not_move_a_held_tip(name, q_start):
    bench = Bench(robot_at(name, q_start)).powered()
    start = bench.tip_m
    bench.pass_ms(500)
    assert np.linalg.norm(bench.tip_m - start) < 0.02e-3
    assert max(np.abs(bench.drives.measured_js(0)[2])) > 1.0  # for the load is there


def test_jaw_follows_a_step_of_five_degrees():
    bench = Bench(robot_at("psm", CONFIGURATIONS["psm"][1])).powered()
    q, wanted = bench.position[:6], np.radians(5.0)
    for _ in range(20):
        bench.drives.servo_jp(0, (*q, wanted), (0.0,) * 7, bench.now_ns)
        bench.pass_ms()
    assert bench.position[6] == pytest.approx(wanted, rel=0.05)


def test_arms_do_not_feel_each_other():
    bench = Bench(robot_at("psm", CONFIGURATIONS["psm"][1])).powered()
    other = bench.drives.measured_js(1)[0]
    q = np.array(bench.position[:6]) + 0.002
    for _ in range(50):
        bench.servo(q)
        bench.pass_ms()
    np.testing.assert_allclose(bench.position[:6], q, atol=1e-4)
    np.testing.assert_allclose(bench.drives.measured_js(1)[0], other, atol=1e-12)


def test_effort_stays_within_the_motors():
    description = robot_at("psm", CONFIGURATIONS["psm"][1])
    limits = [joint.drive.effort_max for joint in description.joints] + [description.jaw.drive.effort_max]
    bench = Bench(description).powered()
    q = np.add(bench.position[:6], (0.05, -0.05, 0.01, 0.3, 0.3, -0.3))
    most = np.zeros(7)
    for _ in range(300):
        bench.servo(q)
        bench.pass_ms()
        most = np.maximum(most, np.abs(bench.drives.measured_js(0)[2]))
    assert np.all(most <= limits)
    assert np.any(most == limits)  # the step was large enough to ask for all there is
    np.testing.assert_allclose(bench.position[:6], q, atol=1e-3)


@pytest.mark.parametrize("period_ns", [300_000, 700_001, 1_300_000, 2 * MS])
def test_time_does_not_drift_with_the_period(period_ns):
    description = robot_at("psm", CONFIGURATIONS["psm"][1])
    drives = MujocoDrives(description, WATCHDOG_S, now_ns=17)
    now_ns = 17
    for _ in range(500):
        now_ns += period_ns
        drives.step(now_ns)
        assert 0 <= now_ns - drives.time_ns < 500_000
    once = MujocoDrives(description, WATCHDOG_S, now_ns=17)
    for k in range(1, (now_ns - 17) // MS + 1):
        once.step(17 + k * MS)
    once.step(now_ns)
    assert once.time_ns == drives.time_ns
    assert [once.measured_js(k) for k in (0, 1)] == [drives.measured_js(k) for k in (0, 1)]


def test_figures_hold_for_any_number_of_arms():
    description = robot_at("psm", CONFIGURATIONS["psm"][0])
    for count in (1, 3):
        mounts = tuple(
            msgspec.structs.replace(description.mounts[0], name=f"arm{k}", p_WB_m=(0.2 * k, 0.0, 0.0))
            for k in range(count)
        )
        bench = Bench(msgspec.structs.replace(description, mounts=mounts)).powered()
        bench.pass_ms(10)
        assert len(bench.drives.state.brakes) == count
        for a, b in product(range(count), repeat=2):
            assert bench.drives.measured_js(a)[0] == pytest.approx(bench.drives.measured_js(b)[0])
