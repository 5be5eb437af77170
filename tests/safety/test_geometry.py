import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinematics import reference
from kinematics.description import Wall, load_description, robot_names
from safety.geometry import ArmGeometry, Walls, distance_m

PSM = load_description("psm")
POINTS = st.tuples(*[st.floats(-0.2, 0.2)] * 3)
SEGMENTS = st.one_of(st.tuples(POINTS, POINTS), POINTS.map(lambda p: (p, p)))
STEPS = np.linspace(0.0, 1.0, 101)


def sampled(segment):
    start, end = map(np.array, segment)
    return start + STEPS[:, None] * (end - start)


def joints(robot):
    return st.tuples(*(st.floats(joint.position_min, joint.position_max) for joint in robot.joints))


@given(SEGMENTS, SEGMENTS)
def test_the_distance_of_two_segments_is_that_of_their_nearest_points(first, second):
    a, b = sampled(first), sampled(second)
    nearest = np.linalg.norm(a[:, None] - b[None, :], axis=2).min()
    coarse = 0.5 * (np.linalg.norm(a[1] - a[0]) + np.linalg.norm(b[1] - b[0]))
    distance = distance_m(first, second)
    assert nearest - coarse - 1e-6 <= distance <= nearest + 1e-6
    assert distance_m(second, first) == pytest.approx(distance, abs=1e-9)


@pytest.mark.parametrize(
    ("second", "apart"),
    [
        (((0.0, 0.03, 0.0), (1.0, 0.03, 0.0)), 0.03),  # parallel
        (((-2.0, 0.03, 0.0), (-1.0, 0.03, 0.0)), math.hypot(1.0, 0.03)),  # parallel, one beside the end of the other
        (((0.5, 0.03, -1.0), (0.5, 0.03, 1.0)), 0.03),  # crossing
        (((0.5, 0.0, 0.0), (0.5, 0.0, 1.0)), 0.0),  # touching
        (((1.5, 0.0, 0.0), (2.0, 0.0, 0.0)), 0.5),  # in one line
        (((0.5, 1e-6, -1e-5), (0.5, 1e-6, 1e-5)), 1e-6),  # crossing, and short
    ],
)
def test_known_distances(second, apart):
    assert distance_m(((0.0, 0.0, 0.0), (1.0, 0.0, 0.0)), second) == pytest.approx(apart, abs=1e-15)


def test_depth_is_counted_from_the_remote_centre_wherever_it_is():
    q = tuple(joint.home for joint in PSM.joints)
    away = msgspec.structs.replace(PSM.mounts[0], p_WB_m=(0.1, -0.2, 0.3))
    here = msgspec.structs.replace(PSM.mounts[0], p_WB_m=(0.0, 0.0, 0.0))
    depths = [ArmGeometry(PSM, mount).reach(q).depth_m for mount in (away, here)]
    assert depths[0] == pytest.approx(depths[1], abs=1e-12)
    assert depths[1] == pytest.approx(reference.wrist_depth_m(PSM, q), abs=1e-12)


def test_the_end_of_one_segment_over_the_middle_of_a_long_one():
    assert distance_m(((0.0, 0.0, 0.0), (2.0, 0.0, 0.0)), ((1.0, 3.0, 0.0), (1.0, 1.0, 0.0))) == pytest.approx(1.0)
    assert distance_m(((0.0, 0.0, 0.0), (0.5, 0.0, 0.0)), ((0.2, 3.0, 0.0), (0.2, 1.0, 0.0))) == pytest.approx(1.0)


def test_without_walls_all_is_inside_by_any_length_and_of_equal_ones_the_first_is_told():
    posture = ArmGeometry(PSM, PSM.mounts[0]).reach(tuple(joint.home for joint in PSM.joints)).posture
    assert Walls(()).inside_by_m(posture) == (math.inf, "")
    twins = [Wall(name, (0.0, 0.0, -1.0), (0.0, 0.0, 1.0)) for name in ("first", "second")]
    assert Walls(twins).inside_by_m(posture)[1] == "first"


@pytest.mark.parametrize("name", robot_names())
@given(data=st.data())
def test_a_reach_is_the_reference_seen_from_the_mount(name, data):
    robot = load_description(name)
    mount = data.draw(st.sampled_from(robot.mounts))
    q = data.draw(joints(robot))
    reach = ArmGeometry(robot, mount).reach((*q, 0.5))
    links = reference.frames(robot, q)

    def in_world(p_B):
        return pytest.approx(reference.add(mount.p_WB_m, reference.rotate(mount.R_WB, p_B)), abs=1e-12)

    assert reach.posture.p == in_world(links[-1].p)
    assert reach.posture.wrist == in_world(links[3].p)
    assert reach.depth_m == pytest.approx(reference.wrist_depth_m(robot, q), abs=1e-12)
    length = max(0.0, reach.depth_m - robot.shaft.exempt_m)
    shaft = reference.column(links[3].R, 2)
    assert reach.shaft_W_m[0] == mount.p_WB_m
    assert reach.shaft_W_m[1] == in_world(tuple(length * x for x in shaft))


def test_the_last_20_mm_before_the_tip_are_exempt_with_the_wrist_straight():
    tip_m = PSM.joints[-1].a_m
    assert PSM.shaft.exempt_m + tip_m == pytest.approx(0.020)


@given(POINTS, st.floats(-0.1, 0.1))
def test_tip_and_wrist_keep_the_nearest_wall(normal, inside_m):
    length = math.hypot(*normal)
    if length < 1e-3:
        return
    normal = tuple(x / length for x in normal)
    posture = ArmGeometry(PSM, PSM.mounts[0]).reach((0.1, 0.2, 0.15, 0.3, 0.4, -0.3)).posture
    for of, other in ((posture.p, posture.wrist), (posture.wrist, posture.p)):
        point = reference.subtract(of, tuple(inside_m * x for x in normal))
        wall = Wall("here", point, normal)
        far = Wall("far", reference.subtract(point, normal), normal)
        least = min(inside_m, inside_m + reference.dot(reference.subtract(other, of), normal))
        found_m, name = Walls((far, wall)).inside_by_m(posture)
        assert (found_m, name) == (pytest.approx(least, abs=1e-12), "here")
        assert Walls((far, wall)).tip_inside_by_m(of) == pytest.approx(inside_m, abs=1e-12)


@pytest.mark.parametrize("name", robot_names())
def test_the_synthetic_hand_moves_well_inside_the_walls_from_home(name):
    """40 mm to every side of home, and a margin of 20 mm."""
    robot = load_description(name)
    for mount in robot.mounts:
        posture = ArmGeometry(robot, mount).reach([joint.home for joint in robot.joints]).posture
        assert Walls(robot.walls).inside_by_m(posture)[0] > 0.060


def test_without_walls_all_is_inside():
    posture = ArmGeometry(PSM, PSM.mounts[0]).reach([joint.home for joint in PSM.joints]).posture
    assert Walls(()).inside_by_m(posture)[0] == Walls(()).tip_inside_by_m(posture.p) == math.inf


def test_robots_differ_in_their_geometry_alone():
    """What is assumed of the room holds of both instruments."""
    si = load_description("psm_si")
    assert (si.walls, si.shaft, si.mounts) == (PSM.walls, PSM.shaft, PSM.mounts)
    assert msgspec.structs.asdict(si.tip) == msgspec.structs.asdict(PSM.tip)
