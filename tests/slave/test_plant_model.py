"""The simulated arm is the described arm."""

import mujoco
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinematics import reference
from kinematics.description import RobotDescription, load_description
from slave.plants.model import build_model, open_jaws

ROBOTS = ("psm", "psm_si")


@pytest.fixture(scope="module", params=ROBOTS)
def robot(request: pytest.FixtureRequest) -> tuple[RobotDescription, mujoco.MjModel]:
    description = load_description(request.param)
    return description, build_model(description, timestep_s=5e-4)


@settings(deadline=None)
@given(shares=st.lists(st.floats(0.0, 1.0), min_size=12, max_size=12))
def test_tip_stands_where_the_reference_says(robot, shares):
    description, model = robot
    data = mujoco.MjData(model)
    count = len(description.joints)
    for arm, mount in enumerate(description.mounts):
        part = shares[arm * count : (arm + 1) * count]
        q = [
            j.position_min + s * (j.position_max - j.position_min)
            for j, s in zip(description.joints, part, strict=True)
        ]
        for joint, x in zip(description.joints, q, strict=True):
            data.joint(f"{mount.name}/{joint.name}").qpos[0] = x
        mujoco.mj_kinematics(model, data)
        pose, R_WB = reference.forward(description, q), np.array(mount.R_WB)
        site = data.site(f"{mount.name}/tip")
        np.testing.assert_allclose(site.xpos, mount.p_WB_m + R_WB @ pose.p, atol=1e-9)
        np.testing.assert_allclose(site.xmat.reshape(3, 3), R_WB @ np.array(pose.R), atol=1e-9)


def test_joints_are_those_of_the_description_jaw_last(robot):
    description, model = robot
    axes = [(joint.name, joint) for joint in description.joints] + [("jaw", description.jaw)]
    expected = [(f"{mount.name}/{name}", axis) for mount in description.mounts for name, axis in axes]
    assert [model.joint(k).name for k in range(model.njnt)] == [name for name, _ in expected]
    for name, axis in expected:
        joint, body = model.joint(name), model.body(name)
        np.testing.assert_allclose(joint.range, (axis.position_min, axis.position_max), rtol=1e-15)
        assert joint.limited[0]
        assert joint.armature[0] == axis.drive.armature
        assert joint.damping[0] == axis.drive.damping
        assert body.mass[0] == axis.drive.mass_kg
        np.testing.assert_array_equal(body.ipos, axis.drive.com_m)
        np.testing.assert_allclose(np.sort(body.inertia), np.sort(axis.drive.inertia_kg_m2), rtol=1e-12)


def test_what_is_drawn_weighs_nothing_and_touches_nothing(robot):
    description, model = robot
    drives = [joint.drive for joint in description.joints] + [description.jaw.drive]
    assert sum(model.body_mass) == pytest.approx(len(description.mounts) * sum(drive.mass_kg for drive in drives))
    assert not model.geom_contype.any()
    assert not model.geom_conaffinity.any()


def test_at_home_both_instruments_point_into_one_field(robot):
    description, model = robot
    data = mujoco.MjData(model)
    for mount in description.mounts:
        for joint in description.joints:
            data.joint(f"{mount.name}/{joint.name}").qpos[0] = joint.home
    mujoco.mj_kinematics(model, data)
    tips = [data.site(f"{mount.name}/tip") for mount in description.mounts]
    points = [site.xmat.reshape(3, 3)[:, 2] for site in tips]
    assert 0.02 < np.linalg.norm(tips[0].xpos - tips[1].xpos) < 0.1
    assert all(z[2] < -0.8 for z in points)  # downwards
    assert points[0][0] > 0.3 > -0.3 > points[1][0]  # and towards each other


def test_opened_jaws_stand_symmetrically_about_the_tip(robot):
    description, model = robot
    data = mujoco.MjData(model)
    data.joint("left/jaw").qpos[0] = opening = 0.8
    open_jaws(model, data, description)
    mujoco.mj_kinematics(model, data)
    z_tip = data.site("left/tip").xmat.reshape(3, 3)[:, 2]
    z_still, z_moving = (data.body(name).xmat.reshape(3, 3)[:, 2] for name in ("left/fingers", "left/jaw"))
    for z in (z_still, z_moving):
        assert np.arccos(z @ z_tip) == pytest.approx(0.5 * opening)
    assert np.arccos(z_still @ z_moving) == pytest.approx(opening)
