"""Power, brakes and the hard-wired line in words: what may sag without power is named."""

import pytest

from protocol.figures import StopLine
from protocol.messages import Mode
from protocol.widgets.theme import Level
from slave.panel.picture import picture_of
from slave.panel.power_view import power_view
from tests.slave.panel.scene import CLOSED, DRIVES, ROBOT, late, replace, seen

OPEN = (False,) * len(CLOSED[1])
ONE_OPEN = tuple(closed and number != 2 for number, closed in enumerate(CLOSED[1]))


def view(mode=Mode.LOCAL, **changes):
    return power_view(picture_of(seen(mode, drives=replace(DRIVES, following=False, **changes))))


@pytest.mark.parametrize(
    ("changes", "says", "level"),
    [
        ({}, "holding", Level.OK),
        ({"following": True}, "may move", Level.OK),
        ({"brakes": CLOSED}, "parked: brakes closed", Level.OK),
        ({"brakes": (CLOSED[0], OPEN)}, "holding", Level.OK),
        ({"brakes": (CLOSED[0], ONE_OPEN)}, "holding", Level.OK),
        ({"powered": False, "brakes": CLOSED}, "power off, brakes closed", Level.UNKNOWN),
        ({"powered": False, "brakes": (CLOSED[0], ONE_OPEN)}, "power off, BRAKES OPEN: right: insertion", Level.FREEZE),
        ({"powered": False, "brakes": (CLOSED[0],)}, "power off, brakes unknown", Level.FREEZE),
        ({"stopped": True}, "coming to rest", Level.FREEZE),
        ({"stopped": True, "powered": False, "brakes": CLOSED}, "STOPPED: power off, brakes closed", Level.FREEZE),
        ({"stopped": True, "powered": False}, "BRAKES OPEN: left, right: outer yaw, outer pitch", Level.FREEZE),
        ({"tripped": True}, "watchdog", Level.FREEZE),
    ],
)
def test_power_is_told(changes, says, level):
    told = power_view(picture_of(seen(Mode.LOCAL, drives=replace(DRIVES, **{"following": False, **changes}))))
    assert says in told.power.english
    assert told.level is level


def test_a_robot_without_brakes_is_neither_braked_nor_parked():
    loose = tuple(replace(joint, drive=replace(joint.drive, brake=False)) for joint in ROBOT.joints)
    robot = replace(ROBOT, joints=loose)
    said = [power_view(picture_of(seen(mode, robot=robot))).power.english for mode in (Mode.SAFE, Mode.LOCAL)]
    assert said == ["power off, this robot has no brakes", "power on, holding"]


def test_without_power_the_axes_that_no_brake_holds_are_named():
    told = view(powered=False, brakes=CLOSED)
    assert told.note.english == "without brakes, may sag: outer roll, outer wrist pitch, outer wrist yaw, jaw"
    assert told.warns
    assert not view().warns


@pytest.mark.parametrize(
    ("line", "says", "level"),
    [
        (StopLine.NONE, "none", Level.UNKNOWN),
        (StopLine.CLOSED, "ready", Level.OK),
        (StopLine.OPEN, "PRESSED", Level.FREEZE),
    ],
)
def test_the_hard_wired_line_is_told(line, says, level):
    told = view(line=line)
    assert says in told.line.english
    assert told.line_level is level


def test_silent_drives_tell_neither_power_nor_line():
    told = power_view(picture_of(seen(drives=late(DRIVES))))
    assert "unknown" in told.power.english
    assert "unknown" in told.line.english


def test_the_host_says_that_it_is_for_development_with_lease_and_watchdog():
    assert view().note.english == "development host: permit 20 ms, watchdog 50 ms"
    assert "limits unknown" in power_view(picture_of(seen(Mode.LOCAL, limits=None))).note.english
