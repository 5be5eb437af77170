import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kinematics
from kinematics import Solution, Status, load_robot, reference, robot_names
from tests.kinematics.poses import random_joints, rotation_about, rotation_errors, working_range

PSM = load_robot("psm")
ROBOTS = robot_names()
TURN = 2.0 * math.pi


@pytest.mark.parametrize("name", ROBOTS)
def test_forward_and_jacobian_agree_with_the_reference(name):
    arm = load_robot(name)
    Q = random_joints(arm, 100_000, seed=1)
    T = arm.forward_batch(Q)
    poses = [reference.forward(arm.description, q) for q in Q.tolist()]
    assert np.abs(T[:, :3, :3] - np.array([pose.R for pose in poses])).max() < 1e-12
    assert np.abs(T[:, :3, 3] - np.array([pose.p for pose in poses])).max() < 1e-12
    assert (T[:, 3] == (0.0, 0.0, 0.0, 1.0)).all()
    for q, expected in zip(Q[:2000], T, strict=False):
        assert np.abs(arm.forward(q) - expected).max() < 1e-15
        assert np.abs(arm.jacobian(q) - reference.jacobian(arm.description, q.tolist())).max() < 1e-12


@pytest.mark.parametrize("name", ROBOTS)
def test_inverse_undoes_forward_from_wherever_it_looks(name):
    arm = load_robot(name)
    Q = random_joints(arm, 1_000_000, seed=2)
    T = arm.forward_batch(Q)
    found, status = arm.inverse_batch(T, random_joints(arm, len(Q), seed=3))
    again = arm.forward_batch(found)
    assert (status == Status.OK).all()
    assert np.linalg.norm(again[:, :3, 3] - T[:, :3, 3], axis=1).max() < 1e-9
    assert rotation_errors(again, T).max() < 1e-9
    assert ((found >= arm.position_min) & (found <= arm.position_max)).all()


@pytest.mark.parametrize("name", ROBOTS)
def test_at_the_very_limits_rounding_is_not_taken_for_excess(name):
    arm = load_robot(name)
    low, high = working_range(arm)
    corners = np.array(np.meshgrid(*zip(low, high, strict=True))).reshape(len(low), -1).T.copy()
    found, status = arm.inverse_batch(arm.forward_batch(corners), corners)
    assert (status == Status.OK).all()
    assert np.abs(found - corners).max() < 1e-9


def test_inverse_is_continuous_along_a_path_and_keeps_the_turn_of_the_roll():
    low, high = working_range(PSM)
    phase = np.linspace(0.0, TURN, 20_000)[:, None]
    path = (low + high) / 2 + (high - low) / 2 * np.sin(phase * [1, 2, 3, 1, 5, 4] + [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    solution = Solution(PSM)
    near = path[0].copy()
    for q, T in zip(path, PSM.forward_batch(path), strict=True):
        PSM.inverse(T, near, out=solution)
        assert solution.status is Status.OK
        assert np.abs(solution.q - q).max() < 1e-9
        near[:] = solution.q


@pytest.mark.parametrize(
    ("near_deg", "found_deg"),
    [(250.0, 250.0), (71.0, 250.0), (69.0, -110.0), (0.0, -110.0), (-260.0, -110.0), (1e5, 250.0), (-1e5, -110.0)],
)
def test_roll_is_the_turn_nearest_to_what_was_near(near_deg, found_deg):
    q = PSM.home.copy()
    q[3] = math.radians(250.0)
    near = PSM.home.copy()
    near[3] = math.radians(near_deg)
    solution = PSM.inverse(PSM.forward(q), near)
    assert solution.status is Status.OK
    assert math.degrees(solution.q[3]) == pytest.approx(found_deg, abs=1e-9)


def test_a_roll_beyond_its_limit_is_reached_a_turn_back():
    q = PSM.home.copy()
    q[3] = math.radians(261.0)
    near = PSM.home.copy()
    near[3] = math.radians(259.9)
    assert math.degrees(PSM.inverse(PSM.forward(q), near).q[3]) == pytest.approx(261.0 - 360.0)


@pytest.mark.parametrize(
    ("joint", "beyond"), [(0, 1.7), (0, -1.7), (1, 1.0), (1, -1.0), (2, 0.25), (4, 1.5), (4, -1.5), (5, 2.0), (5, -2.0)]
)
def test_joints_that_would_pass_a_limit_are_clamped_to_it_and_said_to_be(joint, beyond):
    q = np.array([0.1, 0.1, 0.2, 0.3, 0.2, 0.1])
    q[joint] = beyond
    solution = PSM.inverse(PSM.forward(q), PSM.home)
    assert solution.status is Status.LIMITED
    expected = np.clip(q, PSM.position_min, PSM.position_max)
    assert np.abs(solution.q - expected).max() < 1e-9


def test_a_tip_axis_through_the_remote_centre_is_singular_and_leaves_free_joints_where_they_were():
    q = np.array([0.1, 0.2, 0.15, 0.3, 0.0, 0.4])
    depth = q[2] - 0.4318 + 0.4162
    q[4] = math.acos(-0.0091 / depth)  # the wrist's offset just cancels what the wrist bends
    solution = PSM.inverse(PSM.forward(q), q)
    assert solution.status is Status.SINGULAR
    assert solution.q[5] == pytest.approx(q[5])


def test_a_wrist_in_the_remote_centre_is_singular():
    q = np.array([0.1, 0.2, 0.4318 - 0.4162, 0.3, 0.2, 0.4])
    assert PSM.inverse(PSM.forward(q), q).status is Status.SINGULAR


def test_a_shaft_along_the_yaw_axis_is_singular():
    q = np.array([0.1, math.pi / 2, 0.15, 0.3, 0.2, 0.4])
    assert PSM.inverse(PSM.forward(q), q).status is Status.SINGULAR


@given(
    st.tuples(*[st.floats(-3.0, 3.0)] * 3),
    st.tuples(*[st.floats(-1.0, 1.0)] * 4).filter(lambda v: math.hypot(*v) > 1e-3),
    st.tuples(*[st.floats(-1e6, 1e6)] * 6),
)
def test_geometry_never_raises_and_joints_stay_inside_their_limits(p, v, near):
    length = math.hypot(*v)
    T = np.eye(4)
    T[:3, :3] = reference.rotation_of(tuple(x / length for x in v))
    T[:3, 3] = p
    solution = PSM.inverse(T, np.array(near))
    assert ((solution.q >= PSM.position_min) & (solution.q <= PSM.position_max)).all()
    if solution.status is Status.OK:
        again = PSM.forward(solution.q)
        assert np.abs(again - T).max() < 1e-8


def test_out_is_written_and_returned_even_where_it_overlaps():
    q = random_joints(PSM, 1, seed=5)[0]
    T, J, store = np.empty((4, 4)), np.empty((6, 6)), np.empty((6, 6))
    assert PSM.forward(q, out=T) is T
    assert PSM.jacobian(q, out=J) is J
    store[0] = q
    PSM.jacobian(store[0], out=store)
    assert (store == J).all()
    solution = PSM.inverse(T, PSM.home)
    expected = solution.q.copy()
    assert PSM.inverse(T, solution.q, out=solution) is solution
    assert np.abs(solution.q - expected).max() < 1e-12


def test_what_an_arm_shows_is_typed_named_and_read_only():
    assert PSM.joint_names == tuple(joint.name for joint in PSM.description.joints)
    for name in ("position_min", "position_max", "velocity_max", "acceleration_max", "home"):
        array = getattr(PSM, name)
        assert (array.shape, array.dtype, array.flags.writeable) == ((6,), np.float64, False)
        assert array.tolist() == [getattr(joint, name) for joint in PSM.description.joints]
    assert not PSM.inverse(PSM.forward(PSM.home), PSM.home).q.flags.writeable
    assert PSM.forward_batch(np.empty((0, 6))).shape == (0, 4, 4)


def bad_pose(change):
    T = PSM.forward(PSM.home)
    change(T)
    return T


def scaled(T):
    T[:3, :3] *= 1.001


def mirrored(T):
    T[:3, 2] *= -1.0


def sheared(T):
    T[0, :3] = T[1, :3]


def projective(T):
    T[3, 0] = 1e-3


def lost(T):
    T[1, 3] = math.nan


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (scaled, "not orthonormal"),
        (mirrored, "not orthonormal and right-handed"),
        (sheared, "not orthonormal"),
        (projective, "last row of T must be 0, 0, 0, 1"),
        (lost, r"T\[1, 3\] = nan is not finite"),
    ],
)
def test_a_matrix_that_is_no_pose_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        PSM.inverse(bad_pose(change), PSM.home)
    with pytest.raises(ValueError, match=message):
        PSM.inverse_batch(bad_pose(change)[None], PSM.home[None])


@pytest.mark.parametrize(
    ("q", "error", "message"),
    [
        ([0.0] * 6, TypeError, "q must be a numpy array, got list: use numpy.asarray"),
        (np.zeros(6, dtype=np.float32), TypeError, "q must be of float64, got float32"),
        (np.zeros(6, dtype=int), TypeError, "q must be of float64, got int64"),
        (np.zeros(5), ValueError, r"q must have the shape (6,), got (5,)"),
        (np.zeros((6, 1)), ValueError, r"q must have the shape (6,), got (6, 1)"),
        (np.zeros(12)[::2], ValueError, "C-contiguous"),
        (np.zeros(6, dtype=">f8"), ValueError, "native byte order"),
        (np.array([0, 0, 0, math.inf, 0, 0]), ValueError, "q[3] = inf is not finite"),
        (np.array([0, math.nan, 0, 0, 0, 0]), ValueError, "q[1] = nan is not finite"),
    ],
)
def test_joints_that_are_no_joints_are_refused_by_every_call(q, error, message):
    T = PSM.forward(PSM.home)
    for call in (PSM.forward, PSM.jacobian):
        with pytest.raises(error, match=re.escape(message)):
            call(q)
    with pytest.raises(error, match=re.escape(message.replace("q", "q_near", 1))):
        PSM.inverse(T, q)


def test_out_of_the_wrong_kind_is_refused():
    read_only = np.zeros((4, 4))
    read_only.flags.writeable = False
    with pytest.raises(ValueError, match="out must be writeable"):
        PSM.forward(PSM.home, out=read_only)
    with pytest.raises(ValueError, match=r"out must have the shape \(6, 6\)"):
        PSM.jacobian(PSM.home, out=np.empty((4, 4)))
    with pytest.raises(TypeError, match="out must be a Solution of 6 joints"):
        PSM.inverse(PSM.forward(PSM.home), PSM.home, out=np.empty(6))
    with pytest.raises(ValueError, match=r"Q\[1, 2\] = nan"):
        PSM.forward_batch(np.array([[0.0] * 6, [0, 0, math.nan, 0, 0, 0]]))
    with pytest.raises(ValueError, match=r"Q must have the shape \(2, 6\)"):
        PSM.forward_batch(np.zeros((2, 5)))


def test_an_unknown_robot_is_named_beside_the_known():
    with pytest.raises(ValueError, match=r"unknown robot 'pms'; known are: .*psm, psm_si"):
        load_robot("pms")
    with pytest.raises(AttributeError, match="no attribute 'forwards'"):
        getattr(kinematics, "forwards")  # noqa: B009


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 24, 25])
@pytest.mark.parametrize("spread", [1e-9, 1.0, 100.0, 1e6])
def test_a_batch_of_any_length_and_any_turn_is_the_single_call_repeated(count, spread):
    Q = np.random.default_rng(count).uniform(-spread, spread, (count, 6))
    Q[:, 2] = 0.15
    Q[::5, 3] = math.pi / 2 * np.arange(-10, 10)[: len(Q[::5])]  # where the quarter turns meet
    singly = [PSM.forward(q) for q in Q]
    assert PSM.forward_batch(Q).shape == (count, 4, 4)
    assert np.abs(PSM.forward_batch(Q) - np.reshape(singly, (count, 4, 4))).max(initial=0.0) < 1e-14


def test_the_batch_of_inverses_is_the_single_call_repeated():
    T = PSM.forward_batch(random_joints(PSM, 50, seed=7))
    T[::3] = T[::3] @ rotation_about("x", 1.0)  # bends the wrist beyond its limits in some
    near = random_joints(PSM, 50, seed=8)
    Q, statuses = PSM.inverse_batch(T, near)
    assert set(statuses) == {Status.OK, Status.LIMITED}
    for pose, start, q, status in zip(T, near, Q, statuses, strict=True):
        solution = PSM.inverse(pose, start)
        assert (solution.q == q).all()
        assert solution.status == status
