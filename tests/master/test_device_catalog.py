import builtins
import glob
import math

import pytest

from master.devices.catalog import SPECS, open_device
from master.devices.device import DeviceError
from master.devices.settings import DeviceSettings


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("", "unknown device ''; known are: synthetic, recording:FILE"),
        ("joystick", ", ".join(SPECS)),
        ("recording", "not of the form recording:FILE"),
        ("recording:", "not of the form recording:FILE"),
        ("recording:/no/such/file", "No such file or directory"),
        ("synthetic:3", "not of the form synthetic"),
        ("synthetic:", "not of the form synthetic"),
        ("itp:0", "'0' is no UDP port"),
        ("itp:65536", "'65536' is no UDP port"),
        ("itp:" + "9" * 5000, "is no UDP port"),
        ("itp:-1", "'-1' is no UDP port"),
        ("evdev:/no/such/device", "/no/such/device: not an input device"),
        ("evdev:/dev/null", "/dev/null: not an input device"),
    ],
)
def test_bad_specs_are_one_line_that_says_what(spec, says):
    with pytest.raises(DeviceError) as caught:
        open_device(spec)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_mouse_is_said_with_what_to_do(monkeypatch):
    monkeypatch.setattr(glob, "glob", lambda pattern: [])
    with pytest.raises(DeviceError, match=r"no mouse among /dev/input/event.*plug one in"):
        open_device("mouse")


def test_mice_that_may_not_be_read_are_said_so(monkeypatch):
    monkeypatch.setattr(glob, "glob", lambda pattern: ["/no/such/event0", "/no/such/event1"])
    with pytest.raises(DeviceError, match="2 input devices could not be opened: join the group input"):
        open_device("mouse")


def test_no_puck_is_said_with_what_to_do(monkeypatch):
    hid = pytest.importorskip("hid")
    monkeypatch.setattr(hid, "enumerate", list)
    with pytest.raises(DeviceError, match="no 3Dconnexion device"):
        open_device("spacemouse")


@pytest.mark.parametrize(("spec", "package"), [("mouse", "evdev"), ("evdev:/dev/null", "evdev"), ("spacemouse", "hid")])
def test_missing_packages_are_named_with_the_remedy(monkeypatch, spec, package):
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name == package:
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(DeviceError, match="pip install"):
        open_device(spec)


def test_seed_and_settings_reach_the_device():
    wide = DeviceSettings(jaw_max_rad=0.2)
    one, other = open_device("synthetic", seed=1, settings=wide), open_device("synthetic", seed=2, settings=wide)
    one.start(0)
    other.start(0)
    hands = [device.sample(3 * 10**9).hands for device in (one, other)]
    assert hands[0] != hands[1]
    assert all(hand.jaw_rad <= 0.2 for pair in hands for hand in pair)


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
@pytest.mark.parametrize(
    "field",
    [
        "position_m_per_count",
        "rotation_rad_per_count",
        "step_max_m",
        "turn_max_rad",
        "speed_max_m_s",
        "turn_rate_max_rad_s",
        "jaw_rate_rad_s",
        "mouse_m_per_count",
        "wheel_m_per_detent",
    ],
)
def test_scales_are_finite_and_positive(field, value):
    with pytest.raises(DeviceError, match=f"{field} is {value}"):
        DeviceSettings(**{field: value})


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"grasp_open": 5.0, "grasp_closed": 5.0}, "must differ"),
        ({"grasp_closed": math.nan}, "grasp_closed is nan"),
        ({"jaw_min_rad": 1.0, "jaw_max_rad": 1.0}, "must be below jaw_max_rad"),
        ({"dead_zone": 1.0}, "dead_zone is 1.0"),
        ({"dead_zone": math.nan}, "dead_zone is nan"),
        ({"position_axes": ((1, 0, 0), (1, 0, 0), (0, 0, 1))}, "position_axes"),
        ({"rotation_axes": ((1, 0, 0), (0, 2, 0), (0, 0, 1))}, "rotation_axes"),
        ({"rotation_axes": ((1, 0, 0), (0, 1, 0))}, "rotation_axes"),
    ],
)
def test_settings_that_contradict_themselves_are_refused(fields, says):
    with pytest.raises(DeviceError, match=says):
        DeviceSettings(**fields)


def test_a_grip_may_count_downward():
    assert DeviceSettings(grasp_open=2600.0, grasp_closed=0.0).grasp_open == 2600.0
