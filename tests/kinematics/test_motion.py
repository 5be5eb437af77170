import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from kinematics import Follower, Status, load_robot, reference
from kinematics.arm import Arm
from tests.kinematics.motions import commands, follow, judge, pose_at, stop, ticks
from tests.kinematics.poses import working_range

PSM = load_robot("psm")
TIP = PSM.description.tip
MIDDLE = (0.1, 0.2, 0.15, 0.3, 0.2, -0.1)

KINDS = st.sampled_from(["steps", "walk", "sinusoids", "beyond", "edge"])
REACHES = st.sampled_from([0.003, 0.01, 0.1, 1.0])
TICKS = st.sampled_from(["1 ms", "5 ms", "0.2 ms", "varying"])
SEEDS = st.integers(0, 2**32 - 1)
# Leaps across the whole workspace run fast into joint limits, where all joints may have to stop in proportion. That
# bends a fast wrist's path: joint limits come before the tip's angular acceleration.
LAST_RESORT = {0.003: 1.05, 0.01: 1.05, 0.1: 1.2, 1.0: 1.5}


def assert_limits_kept(motion, angular_acceleration=1.05):
    assert motion.joint_speed <= 1.0 + 1e-9
    assert motion.joint_acceleration <= 1.0 + 1e-6  # 1e-16 of rounding in a position, twice divided by a tick
    assert motion.beyond_joint_limits <= 1e-12
    # The Jacobian is taken where the tick is expected to end: off by the acceleration's share, 1 % at a tick of 5 ms.
    assert motion.tip_speed <= 1.02
    assert motion.tip_angular_speed <= 1.02
    assert motion.tip_acceleration <= 1.03
    assert motion.tip_angular_acceleration <= angular_acceleration


@settings(max_examples=60, deadline=None)
@given(KINDS, REACHES, TICKS, SEEDS)
def test_every_limit_is_kept_on_every_tick_and_the_end_is_exact_rest(kind, reach, tick, seed):
    rng = np.random.default_rng(seed)
    dts = ticks(tick, 900, rng)
    start, poses = commands(PSM, kind, reach, dts, rng)
    follower = Follower(PSM, start)
    assert_limits_kept(judge(PSM, follow(follower, poses, dts), dts), LAST_RESORT[reach])
    follow(follower, [poses[-1]] * 2000, np.full(2000, 5e-3))
    if follower.status is Status.OK and reach <= 0.003:  # a straight path over 10 mm or 10 deg may end at a joint limit
        assert follower.lag_m < 1e-6
        assert follower.lag_rad < 1e-5
        assert follower.at_rest
        assert set(follower.setpoint_jv) == {0.0}


@settings(max_examples=40, deadline=None)
@given(KINDS, REACHES, TICKS, SEEDS, st.integers(1, 600))
def test_a_stop_keeps_every_limit_and_ends_within_the_bound(kind, reach, tick, seed, moment):
    rng = np.random.default_rng(seed)
    dts = ticks(tick, 600, rng)
    start, poses = commands(PSM, kind, reach, dts, rng)
    follower = Follower(PSM, start)
    before = follow(follower, poses[:moment], dts[:moment])
    speed, lag, bound = follower.tip_speed_m_s, follower.lag_m, follower.stopping_distance_m
    reachable = follower.status is Status.OK
    rest = np.full(300, dts[-1])
    after = stop(follower, rest)
    assert follower.at_rest
    motion = judge(PSM, np.vstack([before, after[1:]]), np.concatenate([dts[:moment], rest]))
    assert_limits_kept(motion, LAST_RESORT[reach])
    tips = PSM.forward_batch(after)[:, :3, 3]
    gone = np.linalg.norm(np.diff(tips, axis=0), axis=1).sum()
    assert gone <= bound + 1e-9
    if reachable:
        assert gone <= lag + speed**2 / (2.0 * TIP.stop_deceleration_m_s2) + 0.5e-3


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["walk", "sinusoids", "steps"]), REACHES, TICKS, SEEDS, st.integers(1, 400))
def test_after_the_last_command_the_tip_goes_no_farther_than_allowed_beyond_it(kind, reach, tick, seed, moment):
    rng = np.random.default_rng(seed)
    dts = ticks(tick, 600, rng)
    start, poses = commands(PSM, kind, reach, dts, rng)
    follower = Follower(PSM, start)
    follow(follower, poses[:moment], dts[:moment])
    if follower.status is not Status.OK:
        return
    last = poses[moment - 1]
    speed, lag = follower.tip_speed_m_s, follower.lag_m
    after = follow(follower, [last] * 1000, np.full(1000, dts[-1]))
    tips = PSM.forward_batch(after)[:, :3, 3]
    allowed = speed**2 / (2.0 * TIP.stop_deceleration_m_s2) + 0.5e-3
    assert np.linalg.norm(tips - last[0], axis=1).max() <= lag + allowed  # never farther off than it was, plus the stop
    direction = (np.array(last[0]) - tips[0]) / max(lag, 1e-12)
    assert ((tips - last[0]) @ direction).max() <= allowed


@pytest.mark.parametrize("step_m", [0.02e-3, 0.5e-3, 5e-3, 50e-3])
@pytest.mark.parametrize("dt", [2e-4, 1e-3, 5e-3])
def test_a_step_is_followed_straight_without_overshoot_to_exact_rest(step_m, dt):
    p, q = pose_at(PSM, MIDDLE)
    direction = np.array([0.6, 0.64, 0.48])
    goal = tuple(np.array(p) + step_m * direction)
    follower = Follower(PSM, MIDDLE)
    Q = follow(follower, [(goal, q)] * 5000, np.full(5000, dt))
    way = PSM.forward_batch(Q)[:, :3, 3] - p
    along = way @ direction
    assert follower.at_rest
    assert follower.lag_m < 1e-6
    assert along.max() <= step_m + 1e-9
    assert np.diff(along).min() > -1e-9  # never back
    assert np.linalg.norm(way - np.outer(along, direction), axis=1).max() < 0.01 * step_m + 1e-6
    assert_limits_kept(judge(PSM, Q, np.full(5000, dt)))


def test_where_the_joints_are_the_bound_the_path_stays_straight_and_any_moment_can_be_the_last():
    shallow = (0.0, 0.0, 0.066, 0.3, 0.2, -0.1)  # 50 mm beyond the remote centre: 0.2 m/s would be 4 rad/s of yaw
    p, q = pose_at(PSM, shallow)
    goal = ((p[0] + 0.035, p[1], p[2]), q)
    follower = Follower(PSM, shallow)
    positions, speeds = [shallow], []
    for _ in range(800):
        follower.servo_cp(*goal, 1e-3, 0.2)
        positions.append(follower.setpoint_jp)
        speeds.append(follower.tip_speed_m_s)
        if len(speeds) % 20 == 0:
            stopping = Follower(PSM, shallow)
            follow(stopping, [goal] * len(speeds), np.full(len(speeds), 1e-3))
            tips = PSM.forward_batch(stop(stopping, np.full(80, 1e-3)))[:, :3, 3]
            gone = np.linalg.norm(np.diff(tips, axis=0), axis=1).sum()
            assert gone <= speeds[-1] ** 2 / (2.0 * TIP.stop_deceleration_m_s2) + 0.5e-3
    Q = np.array(positions)
    way = PSM.forward_batch(Q)[:, :3, 3] - p
    assert 0.05 < max(speeds) < 0.11
    assert np.abs(way[:, 1:]).max() < 0.05e-3
    assert follower.at_rest
    assert_limits_kept(judge(PSM, Q, np.full(800, 1e-3)))


def slow_arm():
    """The same arm with joints a fifth as fast, so that their speed is what bounds the tip."""
    joints = tuple(structs.replace(joint, velocity_max=0.2 * joint.velocity_max) for joint in PSM.description.joints)
    return Arm(structs.replace(PSM.description, joints=joints))


@settings(max_examples=30, deadline=None)
@given(KINDS, st.sampled_from([0.01, 0.1]), TICKS, SEEDS)
def test_slow_joints_are_never_driven_beyond_their_speed(kind, reach, tick, seed):
    arm, rng = slow_arm(), np.random.default_rng(seed)
    dts = ticks(tick, 600, rng)
    start, poses = commands(arm, kind, reach, dts, rng)
    motion = judge(arm, follow(Follower(arm, start), poses, dts), dts)
    assert motion.joint_speed <= 1.0 + 1e-9
    assert motion.joint_acceleration <= 1.0 + 1e-6
    assert motion.beyond_joint_limits <= 1e-12


def test_slow_joints_are_used_in_full_on_a_straight_path():
    arm = slow_arm()
    p, q = pose_at(arm, MIDDLE)
    direction = np.array([0.8, 0.6, 0.0])
    goal = (tuple(np.array(p) + 0.04 * direction), q)
    Q = follow(Follower(arm, MIDDLE), [goal] * 600, np.full(600, 1e-3))
    way = PSM.forward_batch(Q)[:, :3, 3] - p
    assert 0.95 < judge(arm, Q, np.full(600, 1e-3)).joint_speed <= 1.0 + 1e-9
    assert np.linalg.norm(way - np.outer(way @ direction, direction), axis=1).max() < 0.02e-3


def test_slow_joints_turn_round_as_soon_as_the_hand_does():
    arm = slow_arm()
    p, q = pose_at(arm, MIDDLE)
    follower = Follower(arm, MIDDLE)
    lags = []
    for k in range(3000):
        hand = (p[0] + 0.02 * math.sin(4e-3 * k), p[1] + 0.02 * math.sin(3e-3 * k), p[2])
        follower.servo_cp(hand, q, 1e-3, 0.2)
        lags.append(follower.lag_m)
    assert max(lags) < 0.013  # a plan that knew nothing of the joints' speed would come to 23 mm


@pytest.mark.parametrize("angle", [1e-3, 0.3, 2.0])
def test_a_turn_is_followed_without_overshoot_and_leaves_the_tip_in_place(angle):
    p, q = pose_at(PSM, MIDDLE)
    turn = reference.rotation_of((math.cos(angle / 2), 0.0, 0.0, math.sin(angle / 2)))
    goal = reference.quaternion_of(reference.product(turn, reference.rotation_of(q)))
    follower = Follower(PSM, MIDDLE)
    lags = []
    for _ in range(3000):
        assert follower.servo_cp(p, goal, 1e-3, 0.2) is Status.OK
        lags.append(follower.lag_rad)
        assert follower.lag_m < 0.02e-3
    assert follower.at_rest
    assert lags[-1] < 1e-5
    assert np.diff(lags).max() < 1e-9


@pytest.mark.parametrize(("speed", "lag_max_m"), [(0.05, 0.7e-3), (0.1, 1.6e-3), (0.15, 3.0e-3)])
def test_a_hand_that_moves_steadily_is_followed_closely_and_smoothly(speed, lag_max_m):
    p, q = pose_at(PSM, MIDDLE)
    follower = Follower(PSM, MIDDLE)
    poses = [((p[0] + speed * 1e-3 * k, p[1], p[2]), q) for k in range(400)]
    Q = follow(follower, poses, np.full(400, 1e-3))
    assert follower.lag_m < lag_max_m
    late = np.diff(PSM.forward_batch(Q)[200:, :3, 3], axis=0) / 1e-3
    assert np.abs(np.linalg.norm(late, axis=1) - speed).max() < 0.01 * speed  # settled: no chatter


def test_a_staircase_from_a_bursty_link_is_followed_within_a_fifth_of_a_millimetre():
    rng = np.random.default_rng(4)
    time = np.arange(4000) * 1e-3
    hand = 0.02 * np.sin(2 * math.pi * 0.7 * time)[:, None] * [1.0, 0.5, 0.3]  # up to 0.1 m/s
    newest = np.maximum.accumulate(np.where(rng.random(4000) < 0.3, np.arange(4000), 0))  # steps of up to some ms
    p, q = pose_at(PSM, MIDDLE)
    follower = Follower(PSM, MIDDLE)
    Q = follow(follower, [(tuple(np.array(p) + hand[k]), q) for k in newest], np.full(4000, 1e-3))
    tips = PSM.forward_batch(Q)[1:, :3, 3] - p
    rms = min(
        math.sqrt(np.mean(np.sum((tips[500 + lag :] - hand[500 : len(hand) - lag]) ** 2, axis=1))) for lag in range(30)
    )
    assert rms < 0.2e-3


@given(st.floats(0.0, 0.2))
@settings(max_examples=15, deadline=None)
def test_the_speed_cap_is_kept_and_a_lower_one_is_braked_to(cap):
    p, q = pose_at(PSM, MIDDLE)
    goal = ((p[0] + 0.06, p[1], p[2]), q)
    follower = Follower(PSM, MIDDLE)
    follow(follower, [goal] * 100, np.full(100, 1e-3), speed_cap=cap)
    assert follower.tip_speed_m_s <= cap * 1.001 + 1e-9
    follow(follower, [goal] * 60, np.full(60, 1e-3), speed_cap=cap / 4)
    assert follower.tip_speed_m_s <= cap / 4 * 1.01 + 1e-6


@pytest.mark.parametrize(
    ("joint", "beyond"),
    [(0, 1.7), (2, 0.25), (2, 0.055), (4, 1.5), (5, -1.6)],
    ids=["yaw", "deep", "shallow", "bend", "turn"],
)
def test_a_pose_out_of_reach_is_told_stops_the_arm_and_is_no_lag(joint, beyond):
    q = list(MIDDLE)
    q[joint] = beyond
    follower = Follower(PSM, MIDDLE)
    near = list(MIDDLE)
    near[0] += 0.05
    follow(follower, [pose_at(PSM, near)] * 60, np.full(60, 1e-3))
    assert not follower.at_rest
    assert follower.servo_cp(*pose_at(PSM, q), 1e-3, 0.2) is Status.LIMITED
    assert (follower.lag_m, follower.lag_rad, follower.status) == (0.0, 0.0, Status.LIMITED)
    follow(follower, [pose_at(PSM, q)] * 100, np.full(100, 1e-3))
    assert follower.at_rest


def test_a_turn_of_the_roll_past_its_limit_is_out_of_reach_rather_than_a_whole_turn_back():
    start = list(MIDDLE)
    start[3] = math.radians(259.0)
    beyond = list(start)
    beyond[3] = math.radians(262.0)
    assert PSM.inverse(PSM.forward(np.array(beyond)), np.array(start)).status is Status.OK  # a turn back
    follower = Follower(PSM, start)
    assert follower.servo_cp(*pose_at(PSM, beyond), 1e-3, 0.2) is Status.LIMITED
    assert follower.at_rest


def test_a_long_gap_between_ticks_makes_the_arm_late_not_far():
    p, q = pose_at(PSM, MIDDLE)
    goal = ((p[0] + 0.05, p[1], p[2]), q)
    late, short = Follower(PSM, MIDDLE), Follower(PSM, MIDDLE)
    late.servo_cp(*goal, 3.0, 0.2)
    short.servo_cp(*goal, 5e-3, 0.2)
    assert late.setpoint_jp == short.setpoint_jp


def test_from_beyond_a_limit_the_way_leads_only_back():
    low, _ = working_range(PSM)
    start = list(MIDDLE)
    start[2] = low[2] - 0.002  # the wrist too near to the remote centre
    follower = Follower(PSM, start)
    deeper = list(MIDDLE)
    deeper[2] = low[2] + 0.02
    Q = follow(follower, [pose_at(PSM, deeper)] * 1000, np.full(1000, 1e-3))
    assert Q[:, 2].min() >= start[2] - 1e-12
    assert follower.at_rest
    assert follower.lag_m < 1e-6


def test_rest_at_forgets_all_motion():
    follower = Follower(PSM, MIDDLE)
    p, q = pose_at(PSM, MIDDLE)
    follow(follower, [((p[0] + 0.05, p[1], p[2]), q)] * 50, np.full(50, 1e-3))
    there = tuple(x + 0.001 for x in MIDDLE)
    follower.rest_at(there)
    assert follower.setpoint_jp == there
    assert follower.at_rest
    assert (follower.lag_m, follower.tip_speed_m_s, follower.stopping_distance_m) == (0.0, 0.0, 0.0)
    assert follower.setpoint_cp[0] == pytest.approx(pose_at(PSM, there)[0], abs=1e-12)


POSE = pose_at(PSM, MIDDLE)


@pytest.mark.parametrize(
    ("p", "q", "dt", "cap", "message"),
    [
        ((math.nan, 0.0, 0.0), POSE[1], 1e-3, 0.2, "not finite"),
        (POSE[0], (0.0, 0.0, 0.0, 0.0), 1e-3, 0.2, "its quaternion not unit"),
        (POSE[0], (math.inf, 0.0, 0.0, 0.0), 1e-3, 0.2, "not finite"),
        (*POSE, 0.0, 0.2, "dt_s = 0.0 must be above 0"),
        (*POSE, math.nan, 0.2, "dt_s = nan must be above 0"),
        (*POSE, 1e-3, -0.1, "speed_cap_m_s = -0.1 must be 0 or more"),
        (*POSE, 1e-3, math.nan, "speed_cap_m_s = nan must be 0 or more"),
    ],
)
def test_what_is_no_command_is_refused_and_moves_nothing(p, q, dt, cap, message):
    follower = Follower(PSM, MIDDLE)
    with pytest.raises(ValueError, match=re.escape(message)):
        follower.servo_cp(p, q, dt, cap)
    assert follower.setpoint_jp == MIDDLE


@pytest.mark.parametrize("q0", [(0.0,) * 5, (0.0, 0.0, math.nan, 0.0, 0.0, 0.0)])
def test_a_start_that_is_none_is_refused(q0):
    with pytest.raises(ValueError, match="wants 6 finite joint positions"):
        Follower(PSM, q0)
