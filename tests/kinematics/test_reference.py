import math
import subprocess
import sys

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinematics import reference
from kinematics.arm import load_robot
from kinematics.description import load_description, robot_names
from kinematics.posture import FastChain
from tests.kinematics.poses import random_joints, rotation_about

PSM = load_description("psm")
UNITS = st.tuples(*[st.floats(-1.0, 1.0)] * 4).filter(lambda v: math.hypot(*v) > 1e-3)


def unit(v):
    length = math.hypot(*v)
    return tuple(x / length for x in v)


def translation(x, z):
    T = np.eye(4)
    T[0, 3], T[2, 3] = x, z
    return T


@pytest.mark.parametrize("name", robot_names())
def test_forward_is_the_product_of_the_elementary_motions_of_each_dh_row(name):
    arm = load_robot(name)
    for q in random_joints(arm, 200, seed=1):
        T = np.eye(4)
        for joint, position in zip(arm.description.joints, q, strict=True):
            turn, slide = (0.0, position) if joint.prismatic else (position, 0.0)
            T = T @ rotation_about("x", joint.alpha_rad) @ translation(joint.a_m, 0.0)
            T = T @ rotation_about("z", joint.theta_rad + turn) @ translation(0.0, joint.d_m + slide)
        pose = reference.forward(arm.description, q.tolist())
        assert np.abs(pose.p - T[:3, 3]).max() < 1e-14
        assert np.abs(np.array(pose.R) - T[:3, :3] @ np.array(arm.description.R_6T)).max() < 1e-14


def test_at_home_the_instrument_hangs_straight_down_through_the_remote_centre():
    pose = reference.forward(PSM, [0.0, 0.0, 0.12, 0.0, 0.0, 0.0])
    assert pose.p == pytest.approx((0.0, 0.0, -(0.12 - 0.4318 + 0.4162 + 0.0091)), abs=1e-15)
    assert reference.column(pose.R, 2) == pytest.approx((0.0, 0.0, -1.0), abs=1e-15)


def test_jacobian_is_the_derivative_of_forward():
    h = 1e-6
    for q in random_joints(load_robot("psm"), 50, seed=2).tolist():
        J = np.array(reference.jacobian(PSM, q))
        for k in range(6):
            after, before = (reference.forward(PSM, [*q[:k], q[k] + step, *q[k + 1 :]]) for step in (h, -h))
            R_dot = (np.array(after.R) - np.array(before.R)) / (2 * h)
            omega = R_dot @ np.array(reference.forward(PSM, q).R).T
            assert np.allclose(J[:3, k], (np.array(after.p) - np.array(before.p)) / (2 * h), atol=1e-8)
            assert np.allclose(J[3:, k], (omega[2, 1], omega[0, 2], omega[1, 0]), atol=1e-8)


def test_the_shaft_passes_through_the_remote_centre_and_the_wrist_is_as_deep_as_inserted():
    for q in random_joints(load_robot("psm"), 100, seed=3).tolist():
        wrist = reference.frames(PSM, q)[3]
        shaft = reference.column(wrist.R, 2)
        assert math.hypot(*reference.cross(wrist.p, shaft)) < 1e-15
        assert reference.wrist_depth_m(PSM, q) == pytest.approx(q[2] - 0.4318 + 0.4162, abs=1e-15)


@given(UNITS)
def test_quaternion_and_matrix_say_the_same(v):
    q = unit(v)
    back = reference.quaternion_of(reference.rotation_of(q))
    sign = 1.0 if q[0] * back[0] + q[1] * back[1] + q[2] * back[2] + q[3] * back[3] > 0.0 else -1.0
    assert back[0] >= 0.0
    assert back == pytest.approx([sign * x for x in q], abs=1e-14)


@given(UNITS, UNITS, st.floats(0.0, math.pi))
def test_angle_between_finds_the_angle_that_was_turned(v, axis, angle):
    length = math.hypot(*axis[1:]) or 1.0
    half = math.sin(angle / 2) / length
    turn = unit((math.cos(angle / 2), *(x * half for x in axis[1:])))
    R = reference.rotation_of(unit(v))
    turned = 2.0 * math.atan2(math.hypot(*turn[1:]), turn[0])
    assert reference.angle_between(R, reference.product(R, reference.rotation_of(turn))) == pytest.approx(
        turned, abs=1e-7
    )


@pytest.mark.parametrize("angle", [0.0, 1e-12, 1e-9, 1e-6])
def test_angle_between_is_exact_for_small_angles(angle):
    R = reference.rotation_of((math.cos(angle / 2), math.sin(angle / 2), 0.0, 0.0))
    assert reference.angle_between(reference.IDENTITY.R, R) == pytest.approx(angle, rel=1e-9)


def test_the_wrong_number_of_joints_is_refused():
    with pytest.raises(ValueError, match="psm has 6 joints, q has 5 numbers"):
        reference.forward(PSM, [0.0] * 5)


def test_the_reference_needs_neither_compiled_code_nor_numpy():
    code = """
import sys
import kinematics.reference, kinematics.status
from kinematics.description import load_description
kinematics.reference.forward(load_description("psm"), [0.0] * 6)
ours = [module for name, module in sys.modules.items() if name.startswith("kinematics")]
print("numpy" if "numpy" in sys.modules else "", *(module.__file__ for module in ours if ".so" in module.__file__))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@given(st.data())
def test_the_quick_chain_is_the_readable_one(data):
    description = load_description(data.draw(st.sampled_from(robot_names())))
    q, other = (
        [data.draw(st.floats(joint.position_min, joint.position_max)) for joint in description.joints] for _ in range(2)
    )
    links, posture = reference.frames(description, q), reference.Chain(description).posture(q)
    for axis, columns in enumerate((posture.x, posture.y, posture.z)):
        assert columns == pytest.approx(reference.column(links[-1].R, axis), abs=1e-12)
    assert posture.p == pytest.approx(links[-1].p, abs=1e-12)
    depth_m = reference.dot(posture.wrist, posture.shaft)
    assert depth_m == pytest.approx(reference.wrist_depth_m(description, q), abs=1e-12)
    turned = reference.turned_rad(posture, reference.Chain(description).posture(other))
    R_a, R_b = links[-1].R, reference.frames(description, other)[-1].R
    assert turned == pytest.approx(reference.angle_between(R_a, R_b), abs=1e-7)


@given(st.data())
def test_the_compiled_chain_is_the_reference(data):
    description = load_description(data.draw(st.sampled_from(robot_names())))
    mount = data.draw(st.sampled_from(description.mounts))
    base = reference.Pose(mount.p_WB_m, mount.R_WB)
    q = tuple(data.draw(st.floats(joint.position_min, joint.position_max)) for joint in description.joints)
    fast, slow = FastChain(description, base).posture((*q, 0.5)), reference.Chain(description, base).posture(q)
    for ours, its in zip(fast, slow, strict=True):
        assert ours == pytest.approx(its, abs=1e-12)


def test_the_compiled_chain_refuses_what_it_cannot_read():
    psm = load_description("psm")
    with pytest.raises(ValueError, match="wants 6 joints, got 5"):
        FastChain(psm).posture((0.0,) * 5)
    lost = FastChain(psm).posture((math.nan, *(joint.home for joint in psm.joints[1:])))
    assert all(math.isnan(x) for x in lost.p)
    with pytest.raises(ValueError, match="compiled for 8"):
        FastChain(msgspec.structs.replace(psm, joints=psm.joints * 2))


def test_a_chain_begins_where_it_is_told():
    description = load_description("psm")
    mount = description.mounts[0]
    q = [joint.home for joint in description.joints]
    base = reference.Pose(mount.p_WB_m, mount.R_WB)
    in_B, in_W = reference.Chain(description).posture(q), reference.Chain(description, base).posture(q)
    moved = reference.add(mount.p_WB_m, reference.rotate(mount.R_WB, in_B.p))
    assert in_W.p == pytest.approx(moved, abs=1e-12)
    assert in_W.x == pytest.approx(reference.rotate(mount.R_WB, in_B.x), abs=1e-12)
