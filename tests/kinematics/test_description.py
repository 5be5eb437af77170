import math
from importlib import resources

import pytest

from kinematics.description import DescriptionError, load_description, parse_description, robot_names

TEXT = resources.files("kinematics").joinpath("robots", "psm.toml").read_text(encoding="utf-8")


def test_both_instruments_ship_and_differ_in_their_length():
    assert set(robot_names()) >= {"psm", "psm_si"}
    classic, si = load_description("psm"), load_description("psm_si")
    assert (classic.joints[3].d_m, si.joints[3].d_m) == (0.4162, 0.4670)
    assert [joint.prismatic for joint in classic.joints] == [False, False, True, False, False, False]


@pytest.mark.parametrize("name", robot_names())
def test_what_leaves_the_loader_is_si_and_consistent(name):
    robot = load_description(name)
    yaw, _, insertion = robot.joints[:3]
    assert (yaw.position_min, yaw.position_max) == (math.radians(-91), math.radians(91))
    assert (insertion.position_min, insertion.position_max) == (0.0, 0.24)
    for joint in robot.joints:
        assert joint.position_min <= joint.home <= joint.position_max
    assert robot.jaw.position_max == math.radians(60)
    assert robot.tip.stop_deceleration_m_s2 >= robot.tip.acceleration_max_m_s2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("alpha_deg = 90", "alfa_deg = 90", "alfa_deg"),
        ("position_min = -91", "position_min = 92", "position_min <= home <= position_max"),
        ("velocity_max = 2.0", "velocity_max = 0.0", "velocity_max"),
        ("velocity_max = 2.0", "velocity_max = nan", "velocity_max"),
        ("speed_max_m_s = 0.2", "speed_max_m_s = -0.2", "speed_max_m_s"),
        ("stop_deceleration_m_s2 = 10.0", "stop_deceleration_m_s2 = 4.0", "a stop must brake at least as hard"),
        ("position_max_deg = 60", "position_max_deg = 0", "jaw.position_min_deg = 0"),
        ("[[0, -1, 0], [0, 0, 1], [-1, 0, 0]]", "[[0, 1, 0], [0, 0, 1], [-1, 0, 0]]", "a reflection"),
        ("[[0, -1, 0], [0, 0, 1], [-1, 0, 0]]", "[[0, -1, 0], [0, 0, 2], [-1, 0, 0]]", "not orthonormal"),
        ('name = "outer_pitch"', 'name = "outer_yaw"', "joint names must differ"),
        ('kernel = "psm"', 'kernel = "ur"', "kernel"),
        ("normal_W = [0, 0, 1]", "normal_W = [0, 0, 2]", "wall 'table': normal_W has the length 2.0; make it 1"),
        ("point_W_m = [0.0, 0.0, -0.26]", "point_W_m = [0.0, 0.0, nan]", "point_W_m"),
        ("diameter_m = 0.008", "diameter_m = 0.0", "diameter_m"),
        ("exempt_m = 0.0109", "exempt_m = -0.1", "exempt_m"),
        ("[tip]", "[tip", "my.toml"),
        ("[tip]", f"[tip]\na = {'9' * 5000}", "my.toml"),
        ("[tip]", f"[tip]\na = {'[' * 5000}", "my.toml"),
    ],
)
def test_an_error_names_the_file_and_the_field(old, new, message):
    assert old in TEXT
    with pytest.raises(DescriptionError) as caught:
        parse_description(TEXT.replace(old, new, 1), where="my.toml")
    assert str(caught.value).startswith("my.toml")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_robot_without_walls_is_refused():
    before, walls = TEXT.split("[[wall]]", 1)
    mounts = walls[walls.index("[[mount]]") :]
    for nothing in ("wall = []\n", ""):
        with pytest.raises(DescriptionError, match="wall"):
            parse_description(f"{nothing}{before}{mounts}", where="my.toml")


@pytest.mark.parametrize("name", ["", "PSM", "psm.toml", "../psm"])
def test_an_unknown_name_lists_the_known(name):
    with pytest.raises(DescriptionError, match=r"known are: .*psm"):
        load_description(name)
